"""The days to load: those whose documents, parsers, topics or scope have changed since they were loaded.

It imports no parser, so that a load that finds nothing to do is over soon.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import date as Date
from hashlib import sha256
from typing import NamedTuple

from db.archive import responses as archive
from db.records.topic import Topic
from db.statements import corrections, store
from scrapers.audit import VERSION as AUDIT_VERSION
from scrapers.sources.registry import PRIMARY_SOURCE, SOURCES

Files = dict[tuple[str, str], str]  # source and name of each document, with the mark of its versions
Scope = tuple[Sequence[Topic], bool]  # topics, and True to keep debates without a mention too
UNKNOWN_KIND, NO_DAY = "unknown", "0001-01-01"  # of documents whose name has a date that there is not


class PendingDay(NamedTuple):
    """A day to load: its documents, and the fingerprint of everything that its rows are made from."""

    kind: str
    date: str
    files: Files
    fingerprint: str


def find_pending_days(
    received: sqlite3.Connection, derived: sqlite3.Connection, scope: Scope, people: str
) -> list[PendingDay]:
    """Find the days whose documents, parsers, topics or scope have changed since they were loaded, oldest first.

    `people` is the fingerprint of the register of people, which is used to match the turns of two sources.
    """
    days: dict[tuple[str, str], Files] = defaultdict(dict)
    for source in SOURCES.values():
        for name, mark in archive.list_document_marks(received, source.id):
            if unit := source.parse_document_name(name):
                days[unit if _is_date(unit[1]) else (UNKNOWN_KIND, NO_DAY)][source.id, name] = mark
    store.unload_days(derived, store.read_fingerprints(derived).keys() - days.keys())
    for (kind, date), later in corrections.read_amending_days(derived).items():
        for other in later:
            days[kind, date] |= {
                key: mark for key, mark in days.get((kind, other), {}).items() if key[0] == PRIMARY_SOURCE
            }
    topics, everything = scope
    searches = [(t.id, t.start, t.end, t.kinds, t.phrases) for t in topics]
    basis = json.dumps([searches, everything, [(s.id, s.version) for s in SOURCES.values()], AUDIT_VERSION])
    loaded = store.read_fingerprints(derived)
    found = [
        PendingDay(kind, date, files, _make_fingerprint(basis, files, people))
        for (kind, date), files in sorted(days.items(), key=lambda day: store.compute_first_rowid(*day[0]))
    ]
    return [day for day in found if loaded.get((day.kind, day.date)) != day.fingerprint]


def _is_date(date: str) -> bool:
    try:
        Date.fromisoformat(date)
    except ValueError:
        return False
    return True


def _make_fingerprint(basis: str, files: Files, people: str) -> str:
    matched = people if any(source != PRIMARY_SOURCE for source, _ in files) else ""
    return sha256(json.dumps([basis, matched, *files.items()]).encode()).hexdigest()
