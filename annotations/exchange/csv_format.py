"""The writer and reader of CSV: a row per annotation and per reply; the `parent` of a reply is its annotation's id.

An apostrophe guards a cell that a spreadsheet would treat as a formula; reading removes it.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from annotations.exchange.bundle import (
    Bundle,
    ExchangeError,
    ExportedAnnotation,
    FileItem,
    ImportedAnnotation,
    ImportedItem,
    ImportedReply,
    RefusedItem,
    read_or_refuse,
)
from annotations.exchange.field_readers import (
    check_count,
    decode_text,
    find_repeated,
    parse_offset,
    read_choice,
    read_optional_text,
    read_selector,
    read_text,
)
from db.csv_cells import GuardedWriter, unguard_cell
from db.records.annotation import Annotation, Reply, Stance
from db.records.guidance import Reading
from db.records.source import LICENCE_URL

if TYPE_CHECKING:
    import _csv
AUTHOR_COLUMNS = ("note", "creator", "created", "via")
SPEECH_COLUMNS = ("title", "speaker", "date", "citation", "url")
COLUMNS = (
    *("id", "parent", "target", "start", "end", "exact", "prefix", "suffix", "point", "reading", "stance"),
    *(*AUTHOR_COLUMNS, "anchor", *SPEECH_COLUMNS, "licence", "licence_url"),
)
SEPARATORS = ",;\t"
MAX_COLUMNS = 100
SEPARATOR_LINE = re.compile(r"\Asep=.\r?\n")  # a spreadsheet's own hint
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
REQUIRED_COLUMNS = ("id", "target", "exact", "point", "reading")


def write_bundle(bundle: Bundle, base_url: str) -> bytes:
    """Write a file with a heading row, in UTF-8 without a byte order mark."""
    file = io.StringIO(newline="")
    out = GuardedWriter(file)
    out.writerow(COLUMNS)
    out.writerows([row.get(column) for column in COLUMNS] for row in _make_rows(bundle, base_url))
    return file.getvalue().encode()


def _make_rows(bundle: Bundle, base_url: str) -> Iterator[dict[str, Any]]:
    for exported in bundle.annotations:
        annotation = exported.annotation
        speech_fields = {
            **_describe_speech(exported, base_url),
            "licence": " ".join(bundle.attribution),
            "licence_url": LICENCE_URL,
        }
        fields = {**annotation._asdict(), "point": annotation.point_id, "anchor": exported.anchor.state}
        selector_fields = {
            key: getattr(annotation.selector, key) for key in ("start", "end", "exact", "prefix", "suffix")
        }
        yield {key: value for key, value in {**speech_fields, **fields, **selector_fields}.items() if key in COLUMNS}
        for reply in annotation.replies:
            fields = {**reply._asdict(), "parent": annotation.id, "note": reply.text}
            yield {key: value for key, value in {**speech_fields, **fields}.items() if key in COLUMNS}


def _describe_speech(exported: ExportedAnnotation, base_url: str) -> dict[str, Any]:
    """Describe the speech from which the words are: today's, or as it was when they were quoted."""
    text = exported.text
    found = {key: getattr(text, key) for key in SPEECH_COLUMNS} if text else {}
    if exported.quoted:
        found |= {key: exported.quoted[key] for key in ("title", "speaker", "date", "citation")}
    return {**found, "url": (text.url if text else None) or exported.make_page_address(base_url)} if found else {}


def read_items(body: bytes) -> list[FileItem]:
    """Read the items of a file whose first row names its columns, in any order. Raises ExchangeError.

    A row that cannot be read is refused, and the others are read.

    Cells are separated as the columns' names are: by commas, semicolons or tabs. Empty rows count for nothing.
    """
    text = decode_text(body)
    text = SEPARATOR_LINE.sub("", text)
    head = re.split(r"[\r\n]", text, maxsplit=1)[0]
    separator = max(SEPARATORS, key=head.count)  # spreadsheets write the one of their country
    if head.count(separator) > MAX_COLUMNS:
        raise ExchangeError(f"line 1: there are {head.count(separator)} columns, and a file may have {MAX_COLUMNS}")
    rows = csv.reader((line[0] for line in LINE.finditer(text)), strict=True, delimiter=separator)
    try:
        names = next(rows, [])
        if missing := [name for name in REQUIRED_COLUMNS if name not in names]:
            raise ExchangeError(f"line 1: there is no column {missing[0]}")
        if twice := find_repeated(names):
            raise ExchangeError(f"line 1: the column {twice[:50]} is there twice")
        items: list[FileItem] = []
        for line, row in _number_rows(rows):
            items.append(_read_row(f"line {line}", names, row))
            check_count("rows", len(items))
    except csv.Error as error:
        raise ExchangeError(f"line {rows.line_num}: this is not CSV: {error}") from error
    return items


def _number_rows(rows: "_csv.Reader") -> Iterator[tuple[int, list[str]]]:
    """Iterate over the rows that are not empty, each with the line that it begins on."""
    line = rows.line_num + 1
    for row in rows:
        if any(row):  # spreadsheets write empty ones below the last
            yield line, row
        line = rows.line_num + 1


def _read_row(where: str, names: Sequence[str], row: Sequence[str]) -> FileItem:
    if len(row) != len(names):
        return RefusedItem(where, "it has more or fewer cells than line 1")
    cells = dict(zip(names, map(unguard_cell, row), strict=True))
    return read_or_refuse(where, lambda: _read_item(where, cells))


def _read_item(where: str, row: Mapping[str, Any]) -> ImportedItem:
    id = read_text(where, "id", row.get("id"))
    via = read_optional_text(where, "via", row.get("via"))
    creator, created = (read_text(where, key, row.get(key)) for key in ("creator", "created"))
    note = read_text(where, "note", row.get("note"), "")
    if parent := read_optional_text(where, "parent", row.get("parent")):
        stance = read_choice(where, "stance", row.get("stance"), Stance)
        reply = Reply(id=id, stance=stance, text=note, creator=creator, created=created, via=via)
        return ImportedReply(where, parent, reply)
    return ImportedAnnotation(
        where,
        Annotation(
            id=id,
            target=read_text(where, "target", row.get("target")),
            point_id=read_text(where, "point", row.get("point")),
            reading=read_choice(where, "reading", row.get("reading"), Reading),
            selector=read_selector(where, row, {key: _parse_offset(row.get(key)) for key in ("start", "end")}),
            note=note,
            creator=creator,
            created=created,
            via=via,
            origin="journal",
        ),
    )


def _parse_offset(cell: str | None) -> int | None:
    if not cell:
        return None
    offset = parse_offset(cell)
    return -1 if offset is None else offset
