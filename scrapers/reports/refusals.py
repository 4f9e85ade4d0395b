"""Refused documents: each with something in quarantine is a gap, until all of it can be read or it is acknowledged."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256

from db.archive import gaps
from db.archive.gaps import REFUSED_SOURCE
from db.records.source import Gap
from db.sqlite import Row, begin_write, read_rows

QUARANTINED = "SELECT DISTINCT source, name, sha256, reason, unit, place FROM quarantine ORDER BY id"
MAX_REASONS = 300  # characters


def record_refusals(received: sqlite3.Connection, derived: sqlite3.Connection, run: int | None = None) -> None:
    """Open a gap for each document with something in quarantine, and close those of documents that are read whole.

    A gap that was acknowledged is opened anew when the bytes of its document, or what is wrong with them, change.
    """
    refused: dict[str, list[Row]] = defaultdict(list)
    for row in read_rows(derived, QUARANTINED):
        refused[f"{row['source']}/{row['name']}"].append(row)
    with begin_write(received):
        for name, rows in refused.items():
            gaps.open_gap(received, _make_gap(name, rows), run, renew=True)
        for gap in gaps.read_gaps(received):
            if gap["source"] == REFUSED_SOURCE and gap["name"] not in refused:
                gaps.close_gap(received, gap["id"])


def _make_gap(name: str, rows: Sequence[Row]) -> Gap:
    date = re.search(r"\d{4}-\d\d-\d\d", name)
    day = date[0] if date else ""
    reason = _describe_reasons(rows)
    return Gap(source=REFUSED_SOURCE, name=name, what=name, start=day, end=day, reason=reason)


def _describe_reasons(rows: Sequence[Row]) -> str:
    """Describe what was refused and why, with the hash of the bytes; what is cut off is told by a hash of the whole."""
    parts = (f"{row['unit']} {row['place']}".strip() + f": {row['reason']}" for row in rows)
    text = "; ".join(sorted(parts))
    if len(text) > MAX_REASONS:
        text = f"{text[:MAX_REASONS]}… ({len(rows)} in all, {sha256(text.encode()).hexdigest()[:8]})"
    return f"{text} (of the bytes {', '.join(sorted({row['sha256'][:12] for row in rows}))})"
