"""The readers of guidance and curated annotations, which are TOML files in git: every key and value is checked."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast, get_args

from db.records.annotation import Annotation, Reply, Selector, Stance
from db.records.guidance import Guidance, Point, Reading

ANNOTATIONS_FOLDER = Path(__file__).parents[1]
GUIDANCE_FOLDER, QUOTES_FOLDER = ANNOTATIONS_FOLDER / "guidance", ANNOTATIONS_FOLDER / "quotes"
ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]*")
CURATED_DATE_PATTERN = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
DOCUMENT_KEYS = {"id", "title", "author", "published", "url", "note", "point"}
POINT_KEYS = {"id", "parent", "number", "title", "paraphrase", "url", "reads"}
ANNOTATION_KEYS = {
    *("id", "target", "exact", "prefix", "suffix", "start", "end", "point", "reading", "note"),
    *("creator", "created", "via", "reply"),
}
REPLY_KEYS = {"id", "stance", "text", "creator", "created", "via"}


class CuratedError(ValueError):
    """A file of guidance or quotes that cannot be used; the message names the file, the entry and the fault."""


def read_toml(path: Path) -> dict[str, Any]:
    """Read the table of a TOML file. Raises CuratedError, with the file's name."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CuratedError(f"{path.name}: {error}") from error


def read_guidance(folder: Path = GUIDANCE_FOLDER) -> list[Guidance]:
    """Read every guidance document of a folder, by date and then title. Raises CuratedError."""
    documents = [_read_document(path.name, read_toml(path)) for path in sorted(folder.glob("*.toml"))]
    points = {point.id for document in documents for point in document.points}
    for document in documents:
        for point in document.points:
            for other in (point.parent_id, *(id for id, _ in point.reads)):
                if other and other not in points:
                    raise CuratedError(f"{document.id}.toml: point {point.id}: there is no point {other}")
    _refuse_duplicate_ids("guidance", [document.id for document in documents])
    return sorted(documents, key=lambda document: (document.published, document.title))


def read_quotes(folder: Path, points: Iterable[str]) -> list[Annotation]:
    """Read every curated annotation of a folder, file by file in the file's order. Raises CuratedError."""
    known = set(points)
    quotes = [
        _read_annotation(path.name, table, known)
        for path in sorted(folder.glob("*.toml"))
        for table in _read_entries(path.name, read_toml(path), "annotation", {"annotation"})
    ]
    _refuse_duplicate_ids("quotes", [quote.id for quote in quotes])
    _refuse_duplicate_ids("replies", [reply.id for quote in quotes for reply in quote.replies])
    return quotes


def _read_document(file: str, table: dict[str, Any]) -> Guidance:
    _check_table(file, table, DOCUMENT_KEYS, ("id", "title", "author", "published", "note"), ("point",))
    if table["id"] != Path(file).stem or not CURATED_DATE_PATTERN.fullmatch(table["published"]):
        raise CuratedError(f"{file}: id must be the file's name, published a date (YYYY, YYYY-MM or YYYY-MM-DD)")
    points = tuple(_read_point(file, table, entry) for entry in _read_entries(file, table, "point", DOCUMENT_KEYS))
    _refuse_duplicate_ids(file, [point.id for point in points])
    return Guidance(
        id=table["id"],
        title=table["title"],
        author=table["author"],
        published=table["published"],
        url=table.get("url"),
        note=table["note"],
        points=points,
    )


def _read_point(file: str, document: dict[str, Any], table: dict[str, Any]) -> Point:
    where = f"{file}: point {table.get('id', '(no id)')}"
    _check_table(where, table, POINT_KEYS, ("id", "title", "paraphrase"), lists=("reads",))
    if not ID_PATTERN.fullmatch(table["id"]):
        raise CuratedError(f"{where}: the id must be small letters, digits and hyphens")
    reads = []
    for entry in table.get("reads", []):
        _check_table(f"{where}: reads", entry, {"point", "reading"}, ("point", "reading"))
        reads.append((entry["point"], _check_choice(where, "reading", entry["reading"], Reading)))
    return Point(
        id=f"{document['id']}/{table['id']}",
        document_id=document["id"],
        parent_id=f"{document['id']}/{table['parent']}" if "parent" in table else None,
        number=table.get("number"),
        title=table["title"],
        paraphrase=table["paraphrase"],
        url=table.get("url") or document.get("url"),
        reads=cast("tuple[tuple[str, Reading], ...]", tuple(reads)),
    )


def _read_annotation(file: str, table: dict[str, Any], points: set[str]) -> Annotation:
    where = f"{file}: annotation {table.get('id', '(no id)')}"
    _check_table(
        where, table, ANNOTATION_KEYS, ("id", "target", "point", "reading", "note", "creator", "created"), ("reply",)
    )
    if ("exact" in table) == ("start" in table) or ("start" in table) != ("end" in table):
        raise CuratedError(f"{where}: give either exact, or start and end")
    if table["point"] not in points:
        raise CuratedError(f"{where}: there is no point {table['point']}")
    get = table.get
    return Annotation(
        id=table["id"],
        target=table["target"],
        selector=Selector(
            exact=get("exact", ""),
            prefix=get("prefix", ""),
            suffix=get("suffix", ""),
            head=get("start", ""),
            tail=get("end", ""),
        ),
        point_id=table["point"],
        reading=cast(Reading, _check_choice(where, "reading", table["reading"], Reading)),
        note=table["note"],
        creator=table["creator"],
        created=table["created"],
        via=get("via"),
        origin=file,
        replies=tuple(_read_reply(where, entry) for entry in table.get("reply", [])),
    )


def _read_reply(where: str, table: dict[str, Any]) -> Reply:
    where = f"{where}: reply {table.get('id', '(no id)')}"
    _check_table(where, table, REPLY_KEYS, ("id", "stance", "text", "creator", "created"))
    stance = cast(Stance, _check_choice(where, "stance", table["stance"], Stance))
    return Reply(
        id=table["id"],
        stance=stance,
        text=table["text"],
        creator=table["creator"],
        created=table["created"],
        via=table.get("via"),
    )


def _read_entries(file: str, table: dict[str, Any], key: str, known: set[str]) -> list[dict[str, Any]]:
    entries = table.get(key, [])
    if unknown := table.keys() - known:
        raise CuratedError(f"{file}: unknown key {sorted(unknown)[0]}")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise CuratedError(f"{file}: there is no [[{key}]]")
    return entries


def _check_table(
    where: str, table: dict[str, Any], known: set[str], needed: Sequence[str], lists: Sequence[str] = ()
) -> None:
    if unknown := table.keys() - known:
        raise CuratedError(f"{where}: unknown key {sorted(unknown)[0]}; the keys are {', '.join(sorted(known))}")
    for key in needed:
        if not table.get(key):
            raise CuratedError(f"{where}: {key} is missing")
    for key, value in table.items():
        if key in lists:
            if not isinstance(value, list):
                raise CuratedError(f"{where}: {key} must be a list")
        elif not isinstance(value, str):
            raise CuratedError(f"{where}: {key} must be text in quotation marks")


def _check_choice(where: str, key: str, value: str, words: Any) -> str:
    if value not in get_args(words):
        raise CuratedError(f"{where}: {key} must be one of {', '.join(get_args(words))}")
    return value


def _refuse_duplicate_ids(where: str, ids: Sequence[str]) -> None:
    for id in ids:
        if ids.count(id) > 1:
            raise CuratedError(f"{where}: two entries have the id {id}")
