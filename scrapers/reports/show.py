"""The verb `show`: the records of a reference, or what a parser makes of one file, as plain dictionaries or as text."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any

from db.archive import responses as archive
from db.record_check import check_document
from db.records.hansard import Division, Document, Heading, Item, Speech
from db.records.people import Register
from db.records.source import RefusedUnit, Response
from db.references import find_references
from db.sqlite import Row, read_rows
from scrapers.audit.audit_documents import Auditor
from scrapers.sources import people
from scrapers.sources.registry import REGISTRY, SOURCES, SpeechSource

FIRST_WORDS = 12


def parse_response(response: Response) -> Document | Register:
    """Parse, check and audit one document as a load does. Raises ParseError if all of it is refused."""
    source = REGISTRY[response.source]
    if isinstance(source, SpeechSource):
        return Auditor()(response, check_document(source.parse(response)))
    return people.parse(response)


def find_archived_response(received: sqlite3.Connection, name: str) -> Response | None:
    """Return the newest version of the document of a name in the archive, of any source, or None."""
    for id in (*SOURCES, people.SOURCE):
        for version in archive.read_versions(received, id, name):
            return version.response
    return None


def make_record_rows(parsed: Document | Register) -> Iterator[Row]:
    """Yield a parsed document's records: itself, its items or entries in order, redirects, and refused parts."""
    fields = {key: value for key, value in parsed._asdict().items() if not _holds_records(value)}
    yield {type(parsed).__name__.lower(): fields}
    values: tuple[Any, ...] = parsed
    for records in values:
        for record in records if _holds_records(records) else ():
            kind = "refused" if isinstance(record, RefusedUnit) else type(record).__name__.lower()
            yield {kind: _make_plain(record)}


def _holds_records(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and hasattr(value[0], "_asdict")


def _make_plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {key: _make_plain(each) for key, each in value._asdict().items()}
    return [_make_plain(each) for each in value] if isinstance(value, tuple) else value


def describe_document(source: str, parsed: Document | Register) -> Iterator[str]:
    """Yield the lines that show a parsed document to people."""
    yield f"{parsed.name} ({source}): {_count_records(parsed)}"
    for item in parsed.items if isinstance(parsed, Document) else ():
        yield _describe_item(item)
    for unit in parsed.refused:
        yield f"REFUSED {unit.unit}, {unit.place}: {unit.reason}" + (f" [{unit.gid}]" if unit.gid else "")


def _count_records(parsed: Document | Register) -> str:
    if isinstance(parsed, Document):
        kinds = Counter(item.kind if isinstance(item, Speech) else type(item).__name__.lower() for item in parsed.items)
        counts = {**kinds, "redirect": len(parsed.redirects), "obsolete item": len(parsed.obsolete)}
    else:
        persons, offices = len(parsed.persons), len(parsed.offices)
        counts = {"person": persons, "membership": len(parsed.memberships), "office": offices}
    counts["refused unit"] = len(parsed.refused)
    return ", ".join(f"{name} {count:,}" for name, count in counts.items() if count) or "nothing"


def _describe_item(item: Item) -> str:
    place = ", ".join(filter(None, [item.column and f"column {item.column}", item.time]))
    after = f" ({place})" if place else ""
    if isinstance(item, Heading):
        return f"\n{'#' * item.level} {item.text}{after}"
    damage = f" [{item.damage}]" if item.damage else ""
    if isinstance(item, Division):
        votes = Counter(vote.vote for vote in item.votes)
        listed = ", ".join(f"{name} {count:,}" for name, count in votes.items()) or "no names"
        return f"  Division {item.number}: {item.ayes:,} to {item.noes:,}{after}; listed: {listed}{damage}"
    speaker = ", ".join(filter(None, [item.speaker, item.office])) or "(nobody)"
    return f"  {speaker}, {item.kind}{after}: {_quote_first_words(item.text)}{damage}"


def _quote_first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:FIRST_WORDS]) + (f" … ({len(words):,} words)" if len(words) > FIRST_WORDS else "")


def read_store_records(conn: sqlite3.Connection, reference: str) -> Iterator[Row]:
    """Yield the rows that a reference means: a debate and its speeches, or one speech; none if it is not there."""
    for found in find_references(conn, reference):
        if found.speech_id:
            yield from read_rows(conn, "SELECT * FROM speeches WHERE id = ?", (found.speech_id,))
        else:
            yield from read_rows(conn, "SELECT * FROM debates WHERE id = ?", (found.debate_id,))
            yield from read_rows(
                conn, "SELECT * FROM speeches WHERE debate_id = ? ORDER BY position", (found.debate_id,)
            )
