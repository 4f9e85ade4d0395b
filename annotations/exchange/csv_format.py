"""CSV, written and read: one row per annotation and one per reply, whose `parent` is its annotation.

A cell that a spreadsheet would take for a formula is guarded by an apostrophe, which is taken off again on reading.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from annotations.exchange.bundle import Answered, Bundle, ExchangeError, Item, Noted, Standing
from annotations.exchange.fields import few, one_of, optional, selector, text
from db.csv_cells import GuardedWriter, unguard_cell
from db.records.annotation import Annotation, Reply, Selector, Stance
from db.records.guidance import Reading
from db.records.source import LICENCE_URL

MADE = ("note", "creator", "created", "via")
ABOUT = ("title", "speaker", "date", "citation", "url")
COLUMNS = (
    *("id", "parent", "target", "start", "end", "exact", "prefix", "suffix", "point", "reading", "stance"),
    *(*MADE, "anchor", *ABOUT, "licence", "licence_url"),
)
NEEDED = ("id", "target", "exact", "point", "reading")


def write(bundle: Bundle, base_url: str) -> bytes:
    """Write a file with a heading row, in UTF-8 without a byte order mark."""
    file = io.StringIO(newline="")
    out = GuardedWriter(file)
    out.writerow(COLUMNS)
    out.writerows([row.get(column) for column in COLUMNS] for row in _make_rows(bundle, base_url))
    return file.getvalue().encode()


def _make_rows(bundle: Bundle, base_url: str) -> Iterator[dict[str, Any]]:
    for standing in bundle.standings:
        made = standing.annotation
        about = {
            **_describe_speech(standing, base_url),
            "licence": " ".join(bundle.attribution),
            "licence_url": LICENCE_URL,
        }
        said = {**made._asdict(), "point": made.point_id, "anchor": standing.anchor.state}
        at = {key: getattr(made.selector, key) for key in ("start", "end", "exact", "prefix", "suffix")}
        yield {key: value for key, value in {**about, **said, **at}.items() if key in COLUMNS}
        for answer in made.replies:
            said = {**answer._asdict(), "parent": made.id, "note": answer.text}
            yield {key: value for key, value in {**about, **said}.items() if key in COLUMNS}


def _describe_speech(standing: Standing, base_url: str) -> dict[str, Any]:
    text = standing.text
    return (
        {**{key: getattr(text, key) for key in ABOUT}, "url": text.url or f"{base_url}/speech/{text.id}"}
        if text
        else {}
    )


def read(body: bytes) -> list[Item]:
    """Read the items of a file whose first row names its columns, in any order. Raises ExchangeError."""
    try:
        words = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExchangeError(f"byte {error.start}: this is not UTF-8") from error
    rows = csv.DictReader(io.StringIO(words, newline=""), strict=True)
    try:
        if missing := [name for name in NEEDED if name not in (rows.fieldnames or ())]:
            raise ExchangeError(f"line 1: there is no column {missing[0]}")
        items = [_read_item(f"line {line}", row) for line, row in _number_rows(rows)]
    except csv.Error as error:
        raise ExchangeError(f"line {rows.line_num}: this is not CSV: {error}") from error
    few("rows", len(items))
    return items


def _number_rows(rows: "csv.DictReader[str]") -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Iterate over the rows, each with the line that it begins on. Raises ExchangeError."""
    line = rows.line_num + 1
    for row in rows:
        if None in row or None in row.values():
            raise ExchangeError(f"line {line}: it has more or fewer cells than line 1")
        yield line, {key: unguard_cell(value) for key, value in row.items()}
        line = rows.line_num + 1


def _read_item(where: str, row: Mapping[str, Any]) -> Item:
    id = text(where, "id", row.get("id"))
    via = optional(where, "via", row.get("via"))
    creator, created = (text(where, key, row.get(key)) for key in ("creator", "created"))
    note = text(where, "note", row.get("note"), "")
    if parent := optional(where, "parent", row.get("parent")):
        stance = one_of(where, "stance", row.get("stance"), Stance)
        reply = Reply(id=id, stance=stance, text=note, creator=creator, created=created, via=via)
        return Answered(where, parent, reply)
    return Noted(
        where,
        Annotation(
            id=id,
            target=text(where, "target", row.get("target")),
            point_id=text(where, "point", row.get("point")),
            reading=one_of(where, "reading", row.get("reading"), Reading),
            selector=_read_selector(where, row),
            note=note,
            creator=creator,
            created=created,
            via=via,
            origin="journal",
            replies=(),
        ),
    )


def _read_selector(where: str, row: Mapping[str, Any]) -> Selector:
    return selector(where, row, {key: _parse_offset(row.get(key)) for key in ("start", "end")})


def _parse_offset(cell: str | None) -> int | None:
    if not cell:
        return None
    return int(cell) if re.fullmatch(r"\d{1,12}", cell, re.ASCII) else -1
