"""The verb `audit`: files, or all documents of the archive, against an independent reading of their bytes."""

import sqlite3
from collections.abc import Iterable, Iterator

from db.archive import responses as archive
from db.record_check import check_document
from db.records.source import ParseError, RefusedUnit, Response
from db.sqlite import Row
from scrapers.audit.audit_documents import Auditor
from scrapers.audit.pieces import RULES
from scrapers.sources.registry import SOURCES


def list_newest_responses(received: sqlite3.Connection) -> Iterator[Response]:
    """Yield the newest version of every document with speeches in the archive."""
    for source in SOURCES.values():
        for name, _ in archive.list_document_marks(received, source.id):
            if source.parse_document_name(name):
                yield next(archive.read_versions(received, source.id, name)).response


def select_speeches(responses: Iterable[Response]) -> Iterator[Response]:
    """Yield the responses of sources with speeches; the register of people has none."""
    return (response for response in responses if response.source in SOURCES)


def audit_responses(responses: Iterable[Response], auditor: Auditor) -> Iterator[Row]:
    """Yield a row for each part that its parser or the audit refuses, after parsing every document again."""
    for response in responses:
        try:
            refused = auditor(response, check_document(SOURCES[response.source].parse(response))).refused
        except ParseError as error:
            refused = (RefusedUnit(unit="document", place="", reason=error.what),)
        for unit in refused:
            found = {"source": response.source, "name": response.name}
            yield {"event": "refused", **found, "unit": unit.unit, "place": unit.place, "reason": unit.reason}


def make_summary(auditor: Auditor, refused: int) -> Iterator[Row]:
    """Yield a row for each rule that has left words out, and one with the totals."""
    for rule, reason in RULES.items():
        if count := auditor.left_out[rule]:
            yield {"event": "left out", "rule": rule, "words": count, "reason": reason}
    seconds = round(auditor.seconds, 3)
    yield {
        "event": "end",
        "documents": auditor.documents,
        "words": auditor.words,
        "refused": refused,
        "seconds": seconds,
    }


def format_row(row: Row) -> str:
    """Describe a row of the audit in words."""
    if row["event"] == "refused":
        place = f" ({row['unit']}, {row['place']})" if row["place"] else ""
        return f"refused: {row['name']}{place}: {row['reason']}"
    if row["event"] == "left out":
        return f"left out: {row['words']:,} words by the rule “{row['rule']}”: {row['reason']}"
    counts = f"audited {row['documents']:,} documents of {row['words']:,} words"
    return f"{counts}, refused {row['refused']:,}, in {row['seconds']} s"
