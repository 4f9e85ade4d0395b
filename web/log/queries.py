"""Queries of the log: journal entries, newest first, and counts by actor, kind and period."""

import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from db.sqlite import Row, read_rows

PAGE_SIZE = 50
PERIOD = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
CONDITIONS = {
    "actor": "actor = :actor",
    "kind": "kind = :kind",
    "period": "substr(time, 1, length(:period)) = :period",
    "moderation": "moderates",
    "annotation": "annotation_id = :annotation",
    "entry": "id = :entry",
    "before": "id < :before",
}
UNCOUNTED = ("annotation", "entry")  # filters whose values are not counted
LIST = f"""
WITH h AS (SELECT * FROM annotation_history WHERE {{where}} ORDER BY id DESC LIMIT {PAGE_SIZE + 1} OFFSET :skip)
SELECT h.id, h.time, h.actor, h.kind, h.annotation_id, substr(h.summary, 1, 300) AS summary, h.undone, h.problem,
       h.reply_id, h.moment_id, h.moderates, h.reason, h.hash, m.speech_id
  FROM h LEFT JOIN moments m ON m.id = h.moment_id ORDER BY h.id DESC
"""
COUNTS = """
SELECT actor, kind, substr(time, 1, 7), moderates, count(*) FROM annotation_history
 WHERE {where} GROUP BY 1, 2, 3, 4
"""
NEWEST_ENTRY = "SELECT id, hash FROM annotation_history ORDER BY id DESC LIMIT 1"


class LogPage(NamedTuple):
    """A page of the log: its entries, the total, `more` if another page follows, and the journal's newest entry.

    `counts` has, for each filter, the number of entries by value that match the other filters.
    """

    entries: list[Row]
    counts: dict[str, dict[str, int]]
    total: int
    more: bool
    head: Row | None


def read_log(conn: sqlite3.Connection, filters: Mapping[str, str], page: int) -> LogPage:
    """Read a page (from 1) of the log by `actor`, `kind`, `period` (2026, 2026-11) and `moderation`; "" for all.

    `annotation` and `entry` are ids; `before` is the id of an entry: only earlier ones are read.
    """
    found = read_rows(
        conn, LIST.format(where=_make_where(filters, *CONDITIONS)), {**filters, "skip": PAGE_SIZE * (page - 1)}
    )
    counts, total = _count_entries(conn, filters)
    head = next(iter(read_rows(conn, NEWEST_ENTRY)), None)
    return LogPage(entries=found[:PAGE_SIZE], counts=counts, total=total, more=len(found) > PAGE_SIZE, head=head)


def _make_where(filters: Mapping[str, str], *keys: str) -> str:
    """Make the WHERE clause of the filters that are set; others are left out, so that SQLite can use an index."""
    return " AND ".join(["1", *(CONDITIONS[key] for key in keys if filters.get(key))])


def _count_entries(conn: sqlite3.Connection, filters: Mapping[str, str]) -> tuple[dict[str, dict[str, int]], int]:
    """Count the entries by value of each filter that match the others, and the total; a day counts as its month."""
    counts: dict[str, Counter[str]] = {key: Counter() for key in ("actor", "kind", "period", "moderation")}
    period, total, counted = filters["period"][:7], 0, COUNTS.format(where=_make_where(filters, *UNCOUNTED))
    for actor, kind, month, moderates, number in conn.execute(counted, filters):
        fits = {
            "actor": filters["actor"] in ("", actor),
            "kind": filters["kind"] in ("", kind),
            "period": month.startswith(period),
            "moderation": not filters["moderation"] or bool(moderates),
        }
        values = {"actor": actor, "kind": kind, "period": month if month.startswith(period[:4] or "-") else month[:4]}
        values |= {"moderation": "1"} if moderates else {}
        for key, value in values.items():
            counts[key][value] += number * all(fit for other, fit in fits.items() if other != key)
        total += number * all(fits.values())
    by_time = dict(sorted(counts.pop("period").items(), reverse=True))
    by_size = {key: dict(count.most_common(40)) for key, count in counts.items()}
    shown = {key: {value: n for value, n in count.items() if n} for key, count in by_size.items()}
    return {**shown, "period": {value: n for value, n in by_time.items() if n}}, total
