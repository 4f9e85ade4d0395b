"""The readers of guidance and curated annotations, which are TOML files in git: every key and value is checked.

All faults of all files are found before anything is refused, each with file, line, entry and field.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TypeVar

from db.records.annotation import Annotation, Reply, Selector, Stance
from db.records.guidance import Guidance, Point, Reading
from db.records.source import UserMistake
from db.toml.entries import TomlEntry, find_note_problem
from db.toml.field_checks import (
    MAX_TITLE,
    find_address_problem,
    find_date_problem,
    find_id_problem,
    find_note_id_problem,
    find_text_problem,
)
from db.toml.files import TomlError, list_toml_files, read_toml

ANNOTATIONS_FOLDER = Path(__file__).parents[1]
GUIDANCE_FOLDER, QUOTES_FOLDER = ANNOTATIONS_FOLDER / "guidance", ANNOTATIONS_FOLDER / "quotes"
DOCUMENT_KEYS = ("id", "title", "author", "published", "url", "note", "point")
POINT_KEYS = ("id", "parent", "number", "title", "paraphrase", "examples", "url", "reads")
AUTHOR_KEYS = ("id", "creator", "created", "via")
WORD_KEYS = ("exact", "prefix", "suffix", "start", "end")
ANNOTATION_KEYS = (*AUTHOR_KEYS, *WORD_KEYS, "target", "point", "reading", "note", "reply")
REPLY_KEYS = (*AUTHOR_KEYS, "stance", "text")
Record = TypeVar("Record")
EntryPlace = tuple[str, TomlEntry]


class CuratedError(UserMistake):
    """Files of guidance, quotes or rules that cannot be used: a line for each fault, with file, line and field."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def read_files(
    folder: Path, read_file: Callable[[str, TomlEntry], Iterable[Record]], faults: list[str]
) -> list[Record]:
    """Read the records of every TOML file of a folder; add the faults of those that cannot be read to `faults`.

    `read_file` is called with the name of the file, and with the file as an entry.
    """
    records: list[Record] = []
    try:
        paths = list_toml_files(folder)
    except TomlError as error:
        faults.append(str(error))
        return records
    for path in paths:
        try:
            file = read_toml(path)
        except TomlError as error:
            faults.append(str(error))
        else:
            records.extend(read_file(file.name, TomlEntry(file, faults)))
    return records


def read_guidance(folder: Path = GUIDANCE_FOLDER) -> list[Guidance]:
    """Read every guidance document of a folder, by date and then title. Raises CuratedError."""
    faults: list[str] = []
    points: list[tuple[Point, TomlEntry]] = []
    documents = read_files(folder, lambda name, file: [_read_document(name, file, points)], faults)
    known = {point.id for point, _ in points}
    for point, entry in points:
        for key, other in (("parent", point.parent_id), *(("reads", id) for id, _ in point.reads)):
            if other and other not in known:
                entry.refuse(f"leads to no point: there is no point {other}", key)
    refuse_repeated_ids([(point.id, entry) for point, entry in points])
    if faults:
        raise CuratedError(faults)
    return sorted(documents, key=lambda document: (document.published, document.title))


def read_quotes(folder: Path, points: Collection[str] | None) -> list[Annotation]:
    """Read every curated annotation of a folder, file by file in the file's order. Raises CuratedError.

    `points` are the ids of the points that there are; None where they are not known.
    """
    faults: list[str] = []
    places: list[EntryPlace] = []
    replies: list[EntryPlace] = []

    def read_file(name: str, file: TomlEntry) -> Iterable[Annotation]:
        file.refuse_other_keys("annotation")
        for entry in file.read_entries("annotation", "annotation", needed=True):
            quote = _read_annotation(name, entry, points, replies)
            places.append((quote.id, entry))
            yield quote

    quotes = read_files(folder, read_file, faults)
    refuse_repeated_ids(places)
    refuse_repeated_ids(replies)
    if faults:
        raise CuratedError(faults)
    return quotes


def refuse_repeated_ids(places: Iterable[EntryPlace]) -> None:
    """Refuse every entry whose id another entry before it has."""
    seen: Counter[str] = Counter()
    for id, entry in places:
        seen[id] += 1
        if id and seen[id] > 1:
            entry.refuse(f"another entry has the id {id} already", "id")


def _read_document(name: str, file: TomlEntry, points: list[tuple[Point, TomlEntry]]) -> Guidance:
    file.refuse_other_keys(*DOCUMENT_KEYS)
    id = file.read_text("id", find_id_problem)
    if id and id != Path(name).stem:
        file.refuse(f"must be the file's name, {Path(name).stem}", "id")
    url = file.read_optional("url", find_address_problem)
    own = [(_read_point(id, url, entry), entry) for entry in file.read_entries("point", "point", needed=True)]
    points.extend(own)
    return Guidance(
        id=id,
        title=file.read_line("title", MAX_TITLE),
        author=file.read_line("author"),
        published=file.read_text("published", lambda text: find_date_problem(text, with_time=False)),
        url=url,
        note=file.read_text("note"),
        points=tuple(point for point, _ in own),
    )


def _read_point(document: str, url: str | None, entry: TomlEntry) -> Point:
    entry.refuse_other_keys(*POINT_KEYS)
    id, parent = entry.read_text("id", find_id_problem), entry.read_optional("parent", find_id_problem)
    return Point(
        id=f"{document}/{id}",
        document_id=document,
        parent_id=f"{document}/{parent}" if parent else None,
        number=entry.read_line("number", 50, "") or None,
        title=entry.read_line("title", MAX_TITLE),
        paraphrase=entry.read_text("paraphrase"),
        url=entry.read_optional("url", find_address_problem) or url,
        reads=tuple(map(_read_reading, entry.read_entries("reads"))),
        examples=entry.read_texts("examples", _find_example_problem),
    )


def _find_example_problem(text: str) -> str:
    return find_text_problem(text, one_line=True)


def _read_reading(entry: TomlEntry) -> tuple[str, Reading]:
    entry.refuse_other_keys("point", "reading")
    return entry.read_line("point"), entry.read_choice("reading", Reading)


def _read_annotation(
    name: str, entry: TomlEntry, points: Collection[str] | None, replies: list[EntryPlace]
) -> Annotation:
    entry.refuse_other_keys(*ANNOTATION_KEYS)
    point = entry.read_line("point")
    if point and points is not None and point not in points:
        entry.refuse(f"leads to no point: there is no point {point}", "point")
    own = [(_read_reply(each), each) for each in entry.read_entries("reply", "reply")]
    replies.extend((reply.id, each) for reply, each in own)
    return Annotation(
        id=entry.read_text("id", find_note_id_problem),
        target=entry.read_line("target", MAX_TITLE),
        selector=_read_selector(entry),
        point_id=point,
        reading=entry.read_choice("reading", Reading),
        note=entry.read_text("note"),
        creator=entry.read_line("creator"),
        created=entry.read_text("created", find_date_problem),
        via=entry.read_line("via", MAX_TITLE, "") or None,
        origin=name,
        replies=tuple(reply for reply, _ in own),
    )


def _read_selector(entry: TomlEntry) -> Selector:
    given = {key for key in WORD_KEYS if key in entry.table}
    if ("exact" in given) == ("start" in given) or ("start" in given) != ("end" in given):
        entry.refuse("give either exact, or start and end")
    return Selector(
        exact=entry.read_text("exact", _find_words_problem, ""),
        prefix=entry.read_text("prefix", find_note_problem, ""),
        suffix=entry.read_text("suffix", find_note_problem, ""),
        head=entry.read_text("start", _find_words_problem, ""),
        tail=entry.read_text("end", _find_words_problem, ""),
    )


def _find_words_problem(text: str) -> str:
    return find_text_problem(text) or ("" if any(map(str.isalnum, text)) else "holds no word")


def _read_reply(entry: TomlEntry) -> Reply:
    entry.refuse_other_keys(*REPLY_KEYS)
    return Reply(
        id=entry.read_text("id", find_note_id_problem),
        stance=entry.read_choice("stance", Stance),
        text=entry.read_text("text"),
        creator=entry.read_line("creator"),
        created=entry.read_text("created", find_date_problem),
        via=entry.read_line("via", MAX_TITLE, "") or None,
    )
