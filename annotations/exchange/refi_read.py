"""The reader of REFI-QDA projects: selections that are coded with guidance points and readings of them.

A code is a reading of a point, or a point, or a reading. QualCoder writes one selection for each coding: those of one
place, user and description that say only a part are joined.

A project that we wrote has our own records in a note. A selection that still agrees with its record is read from the
record, with its replies; one that was changed or added in another program is read as it is. A record whose selection
was removed there is not read.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from lxml import etree

from annotations.exchange import w3c_read
from annotations.exchange.bundle import (
    ExchangeError,
    FileItem,
    ImportedAnnotation,
    ImportedMoment,
    ImportedReply,
    RefusedItem,
    refuse_item,
)
from annotations.exchange.field_readers import check_count, decode_text, parse_offset, read_choice, read_text
from annotations.exchange.refi_write import PROJECT, RECORDS_NOTE, clean_xml_text, make_guid
from annotations.exchange.safe_zip import ZipFiles, find_source_file, read_xml
from annotations.text.word_edges import widen_to_words
from db.records.annotation import Annotation, Selector
from db.records.guidance import Reading

NAMESPACE = f"{{{PROJECT}}}"
READING_OF_POINT = re.compile(rf"({'|'.join(get_args(Reading))}): .*\(([^()\s]+)\)\s*\Z", re.DOTALL)
ID_IN_BRACKETS = re.compile(r"\(([^()\s]+)\)\s*\Z")
MAX_SELECTED = 16 << 20  # characters of all selections of a file together
CONTEXT = 32  # characters before and after a quote
Element = etree._Element
SelectionContent = tuple[str, int | None, int | None, str, str, str, str]
PointReading = tuple[str, str]
MUST_BE_CODED = "it must be coded with guidance points and with said, implied or contradicts for each of them"


class RefiProject(NamedTuple):
    """The parts of a project that selections refer to: files, names by GUID, and our own records.

    `records` has them by the GUID of their selection, `alike` by the content of their selection.
    """

    origin: str
    files: ZipFiles
    users: Mapping[str, str]
    codes: Mapping[str, str]
    variables: Mapping[str, str]
    records: Mapping[str, ImportedAnnotation]
    alike: Mapping[SelectionContent, ImportedAnnotation]


def read_items(body: bytes) -> list[FileItem]:
    """Read the annotations and replies of a project (.qdpx). Raises ExchangeError.

    A selection that cannot be read is refused, and the others are read.
    """
    files = ZipFiles(body)
    project_file = files.read("project.qde")
    if project_file is None:
        raise ExchangeError("the zip has no project.qde: it is no REFI-QDA project")
    root = read_xml("project.qde", project_file)
    if root.tag != f"{NAMESPACE}Project":
        raise ExchangeError(f"project.qde: it begins with {str(root.tag)[:100]!r}, not with a Project of REFI-QDA")
    recorded = _read_records(root, files)
    notes = [item for item in recorded if isinstance(item, ImportedAnnotation)]
    records = {make_guid("selection", item.annotation.id): item for item in notes}
    project = RefiProject(
        origin=root.get("origin", ""),
        files=files,
        users=_read_names(root, "User"),
        codes=_read_names(root, "Code"),
        variables=_read_names(root, "Variable"),
        records=records,
        alike={_describe_selection(item.annotation): item for item in notes},
    )
    check_count("selections", sum(1 for _ in root.iter(f"{NAMESPACE}PlainTextSelection")))
    selections = list(_read_selections(root, project))
    found = {item.annotation.id: item for item in selections if isinstance(item, ImportedAnnotation)}
    refused = [item for item in selections if isinstance(item, RefusedItem)]
    lost = {item.annotation.id: item for item in notes if item.annotation.selector.start is None}
    return [*_order_items(recorded, {**lost, **found}), *refused]


def _order_items(recorded: list[FileItem], found: dict[str, ImportedAnnotation]) -> Iterator[FileItem]:
    """Order items: our own records that are still there, with their replies and moments; then the new ones."""
    ids = {None, *found}
    for item in recorded:
        if isinstance(item, ImportedAnnotation):
            if item.annotation.id in found:
                yield found.pop(item.annotation.id)
        elif isinstance(item, ImportedReply | ImportedMoment):
            if (item.annotation_id if isinstance(item, ImportedReply) else item.moment.annotation_id) in ids:
                yield item
        else:
            yield item
    yield from found.values()


def _read_records(root: Element, files: ZipFiles) -> list[FileItem]:
    for note in root.iterfind(f"{NAMESPACE}Notes/{NAMESPACE}Note"):
        if note.get("name") == RECORDS_NOTE and note.get("plainTextPath"):
            return w3c_read.read_items(find_source_file(files, _read_path(note.get("plainTextPath", ""))))
    return []


def _read_names(root: Element, kind: str) -> dict[str, str]:
    """Return names by GUID. Raises ExchangeError where one GUID has two names."""
    names: dict[str, str] = {}
    for each in root.iter(f"{NAMESPACE}{kind}"):
        guid, name = each.get("guid", "").lower(), each.get("name", "")
        if names.setdefault(guid, name) != name:
            raise ExchangeError(f"project.qde line {each.sourceline}: another {kind} has the GUID {guid[:50]!r}")
    return names


class CodedSelection(NamedTuple):
    """A selection: its place, its words, who coded it, and its codes: readings of points, points and readings."""

    where: str
    element: Element
    start: int
    end: int
    note: str
    creator: str
    pairs: tuple[PointReading, ...]
    points: tuple[str, ...]
    readings: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether the selection says by itself which reading each of its points has."""
        return bool(self.pairs) if not (self.points or self.readings) else len(self.points) == len(self.readings) == 1


def _read_selections(root: Element, project: RefiProject) -> Iterator[ImportedAnnotation | RefusedItem]:
    selected = 0
    for source in root.iterfind(f"{NAMESPACE}Sources/{NAMESPACE}TextSource"):
        selections = [
            each
            for each in source.findall(f"{NAMESPACE}PlainTextSelection")
            if each.find(f"{NAMESPACE}Coding") is not None
        ]
        try:
            words = _read_text(source, project.files) if selections else ""
        except ExchangeError as error:
            yield from (RefusedItem(_name_place(each), str(error)) for each in selections)
            continue
        coded: list[CodedSelection] = []
        for each in selections:
            try:
                coded.append(_read_coded(each, words, project))
            except ExchangeError as error:
                yield refuse_item(_name_place(each), error)
        selected += sum(each.end - each.start for each in coded)
        if selected > MAX_SELECTED:
            raise ExchangeError(f"project.qde: its selections hold more than {MAX_SELECTED} characters: split it")
        for group in _group_selections(coded):
            yield from _read_group(group, source, words, project)


def _name_place(selection: Element) -> str:
    return f"project.qde line {selection.sourceline}"


def _read_group(
    group: Sequence[CodedSelection], source: Element, words: str, project: RefiProject
) -> list[ImportedAnnotation | RefusedItem]:
    """Return the annotation of each point of a group, or the refusal of the whole group."""
    try:
        pairs = _pair_codes(group, words, project)
        return [_make_annotation(group, pair, len(pairs) == 1, source, words, project) for pair in pairs]
    except ExchangeError as error:
        return [refuse_item(group[0].where, error)]


def _group_selections(coded: Iterable[CodedSelection]) -> Iterator[list[CodedSelection]]:
    """Group the selections of one place, user and description that are parts; one that is whole is alone."""
    parts: dict[tuple[object, ...], list[CodedSelection]] = defaultdict(list)
    for number, each in enumerate(coded):
        key = (number,) if each.is_whole else (each.start, each.end, each.note, each.creator)
        parts[key].append(each)
    yield from parts.values()


def _pair_codes(group: Sequence[CodedSelection], words: str, project: RefiProject) -> list[PointReading]:
    """Return each guidance point of a group with its reading. Raises ExchangeError where it is not certain."""
    pairs = [pair for each in group for pair in each.pairs]
    points = dict.fromkeys(point for each in group for point in each.points)
    readings = dict.fromkeys(reading for each in group for reading in each.readings)
    crossed = [(point, reading) for point in points for reading in readings]
    if len(readings) > 1:
        crossed = [pair for pair in crossed if _describe_coded(group[0], pair, words) in project.alike]
    if {point for point, _ in crossed} != {*points} or {reading for _, reading in crossed} != {*readings}:
        raise ExchangeError(f"{group[0].where}: {MUST_BE_CODED}")
    return list(dict.fromkeys(pairs + crossed))


def _read_coded(selection: Element, words: str, project: RefiProject) -> CodedSelection:
    where = _name_place(selection)
    start, end = _read_offsets(where, selection, words)
    names = _read_code_names(where, selection, project.codes)
    matches = {name: READING_OF_POINT.fullmatch(name) for name in names}
    readings = tuple(name for name in names if name in get_args(Reading))
    return CodedSelection(
        where=where,
        element=selection,
        start=start,
        end=end,
        note=read_text(where, "Description", selection.findtext(f"{NAMESPACE}Description"), ""),
        creator=project.users.get(selection.get("creatingUser", "").lower(), ""),
        pairs=tuple((match[2], match[1]) for match in matches.values() if match),
        points=tuple(_read_id(name) for name, match in matches.items() if not match and name not in readings),
        readings=readings,
    )


def _make_annotation(
    group: Sequence[CodedSelection],
    pair: PointReading,
    is_only: bool,
    source: Element,
    words: str,
    project: RefiProject,
) -> ImportedAnnotation:
    """Make the annotation of one point of a group; return our own record of it where the two agree."""
    first, (point, reading) = group[0], pair
    where, start, end, selection = first.where, first.start, first.end, first.element
    record = project.records.get(selection.get("guid", "").lower()) if is_only else None
    content = _describe_coded(first, pair, words)
    if content in project.alike and (not record or content == _describe_selection(record.annotation)):
        return record or project.alike[content]  # `alike` where another program changed the GUID
    own = record.annotation if record else None
    guid = read_text(where, "guid", selection.get("guid")).lower().strip("{}")
    if not is_only or len(group) > 1 or project.origin.startswith("QualCoder"):  # whose GUIDs differ in every export
        guid = make_guid("selection", source.get("name", ""), *map(str, content))
    return ImportedAnnotation(
        where,
        Annotation(
            id=own.id if own else guid,
            target=own.target if own else _read_target(source, project.variables),
            selector=_read_selector(where, words, start, end),
            point_id=point,
            reading=read_choice(where, "reading", reading, Reading),
            note=first.note,
            creator=read_text(where, "creatingUser", first.creator),
            created=own.created if own else read_text(where, "creationDateTime", selection.get("creationDateTime")),
            via=own.via if own else None,
            origin="journal",
        ),
    )


def _describe_coded(coded: CodedSelection, pair: PointReading, words: str) -> SelectionContent:
    return (words[coded.start : coded.end], coded.start, coded.end, *pair, coded.note, coded.creator)


def _read_selector(where: str, words: str, start: int, end: int) -> Selector:
    """Return the selector of a selection, widened to whole words: programs count characters in several ways."""
    start, end = widen_to_words(words, start, end)
    return Selector(
        exact=read_text(where, "the selected text", words[start:end]),
        prefix=words[max(0, start - CONTEXT) : start],
        suffix=words[end : end + CONTEXT],
        start=start,
        end=end,
    )


def _describe_selection(made: Annotation) -> SelectionContent:
    at = made.selector
    return (
        at.exact,
        at.start,
        at.end,
        made.point_id,
        made.reading,
        clean_xml_text(made.note),
        clean_xml_text(made.creator),
    )


def _read_code_names(where: str, selection: Element, codes: Mapping[str, str]) -> list[str]:
    refs = [ref.get("targetGUID", "").lower() for ref in selection.iterfind(f"{NAMESPACE}Coding/{NAMESPACE}CodeRef")]
    if unknown := [ref for ref in refs if ref not in codes]:
        raise ExchangeError(f"{where}: it is coded with {unknown[0][:50]}, and there is no such code")
    return [codes[ref] for ref in refs]


def _read_id(name: str) -> str:
    """Return the id in brackets at the end of a name, or else the whole name."""
    return match[1] if (match := ID_IN_BRACKETS.search(name)) else name


def _read_offsets(where: str, selection: Element, words: str) -> tuple[int, int]:
    start, end = (parse_offset(selection.get(key, "").strip()) for key in ("startPosition", "endPosition"))
    if start is None or end is None:
        raise ExchangeError(f"{where}: startPosition and endPosition must be whole numbers from 0")
    if not 0 <= start < end <= len(words):
        raise ExchangeError(f"{where}: {start} to {end} is no place in its text, which has {len(words)} characters")
    return start, end


def _read_target(source: Element, variables: Mapping[str, str]) -> str:
    for value in source.iterfind(f"{NAMESPACE}VariableValue"):
        ref = value.find(f"{NAMESPACE}VariableRef")
        if ref is not None and variables.get(ref.get("targetGUID", "").lower()) == "gid":
            return value.findtext(f"{NAMESPACE}TextValue") or ""
    return _read_id(source.get("name", ""))


def _read_text(source: Element, files: ZipFiles) -> str:
    path = source.get("plainTextPath")
    if path is None:
        return source.findtext(f"{NAMESPACE}PlainTextContent") or ""
    try:
        return decode_text(find_source_file(files, _read_path(path)))
    except ExchangeError as error:
        raise ExchangeError(f"{path[:100]}: {error}") from error


def _read_path(path: str) -> str:
    if not path.startswith("internal://"):
        raise ExchangeError(f"{path[:100]} is outside the file: export the project with its texts in it")
    return path.removeprefix("internal://")
