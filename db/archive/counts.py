"""Counts in archive.db: how much each load made, so that the next one can tell what has fallen."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from db.sqlite import get_database

COUNTS_SOURCE = "(counts)"  # in place of a source, in the gap of a count that fell


class CountFall(NamedTuple):
    """A subject with less than the most that was ever counted; `fell_now` is True if the last load counted more."""

    subject: str
    most: int
    now: int
    fell_now: bool


def compare_counts(conn: sqlite3.Connection, scope: str, counts: Mapping[str, int]) -> list[CountFall]:
    """Store what a load counted, and return what is less than the most so far, by subject.

    `scope` is a hash of what was to be loaded: counts of different scopes are not compared. A subject that is left out
    counts 0. Call it in the transaction that enters what fell.
    """
    query = "SELECT subject, most, last FROM counts WHERE scope = ?"
    before = {subject: (most, last) for subject, most, last in conn.execute(query, (scope,))}
    now = {**dict.fromkeys(before, 0), **counts}
    changed = (
        {"scope": scope, "subject": subject, "most": max(count, before.get(subject, (0, 0))[0]), "last": count}
        for subject, count in now.items()
        if before.get(subject) != (count, count)
    )
    get_database(conn).table("counts").upsert_all(changed, pk=("scope", "subject"))
    return [
        CountFall(subject, most, now[subject], now[subject] < last)
        for subject, (most, last) in sorted(before.items())
        if now[subject] < most
    ]
