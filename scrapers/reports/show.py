"""Records of a reference or a file, as plain dictionaries to print."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.archive.responses import format_now
from db.records.source import ParseError, Response
from db.references import find_references
from db.sqlite import Row, read_rows
from scrapers.scope.kinds import find_document_name
from scrapers.sources import theyworkforyou


def read_file_records(path: Path) -> Iterator[Row]:
    """Yield the records of one XML file: the document, its items in order, its redirects. Raises ParseError."""
    name = find_document_name(path.name)
    if name is None:
        raise ParseError(str(path), "the name is not that of a file of scrapedxml, such as debates2008-06-18d.xml")
    source = theyworkforyou.SOURCE
    document = theyworkforyou.parse(
        Response(
            source=source,
            name=name,
            url=str(path),
            fetched_at=format_now(),
            status=200,
            headers={},
            body=path.read_bytes(),
        )
    )
    fields = document._asdict()
    items, redirects = fields.pop("items"), fields.pop("redirects")
    yield {"document": fields}
    for record in (*items, *redirects):
        yield {type(record).__name__.lower(): {key: _make_plain(value) for key, value in record._asdict().items()}}


def _make_plain(value: Any) -> Any:
    return [vote._asdict() for vote in value] if isinstance(value, tuple) else value


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
