"""Headings and speeches, read from the rows of TheyWorkForYou's API."""

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree, html

from db.gid import GID_PATTERN, GID_PREFIX
from db.records.hansard import Heading, Item, Redirect, Speech, SpeechKind
from db.records.refusal import UnreadItem
from db.records.source import RefusedUnit
from scrapers.parsing.markup import INVALID_CHARACTERS, Element, collapse_space, read_as_line, read_text_and_markup
from scrapers.scope.kinds import KINDS, WRITTEN_ANSWERS

Row = dict[str, Any]
MAJORS = {"1": "debate", "2": "westminhall", "3": "wrans", "4": "wms", "101": "lords"}
HOUSES = {"1": "member", "2": "lord"}
LEVELS = {"10": 2, "11": 3}
TURNS = {"12": "speech", "13": "procedural", "14": "division"}
TAGS = frozenset(
    {
        *("p", "br", "i", "b", "em", "strong", "sup", "sub", "u", "q", "a", "span", "phrase", "abbr", "div"),
        *("blockquote", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col", "ul"),
        *("ol", "li", "center", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dl", "dt", "dd", "figure", "figcaption"),
        *("font", "small", "big", "tt", "code", "cite", "mark", "acronym", "s", "strike", "del", "ins", "nobr", "hr"),
    }
)
ATTRIBUTES = frozenset({"pid", "qnum", "class", "colspan", "rowspan"})


def read_rows(kind: str, rows: list[object]) -> list[Heading | Speech | UnreadItem]:
    """Read the rows of a page, in order; a row that is not understood is unread."""
    return [_read_row(kind, number, row) for number, row in enumerate(rows, 1)]


def _read_row(kind: str, number: int, row: object) -> Heading | Speech | UnreadItem:
    if not isinstance(row, dict):
        return UnreadItem(f"row {number}", f"it is {str(row)[:100]!r}, not an object")
    try:
        return _read_item(kind, row)
    except KeyError as error:
        reason = f"it lacks {error}"
    except (ValueError, TypeError, etree.LxmlError) as error:
        reason = str(error)
    gid = f"{GID_PREFIX}{KINDS[kind].area}/{row.get('gid')}"
    is_gid = GID_PATTERN.fullmatch(gid) is not None
    return UnreadItem(f"row {number}", reason, gid if is_gid else None, LEVELS.get(str(row.get("htype"))))


def find_redirect(
    area: str, requested_gid: str, items: Sequence[Item], refused: Sequence[RefusedUnit]
) -> tuple[Redirect, ...]:
    """Return a redirect if a requested gid came back under another letter: to the page's own (last) heading.

    There is none if a part of the page was refused, which may be what was asked for.
    """
    old = f"{GID_PREFIX}{area}/{requested_gid}"
    gids = [item.gid for item in items]
    if old in gids or refused or not gids:
        return ()
    headings = [item.gid for item in items if isinstance(item, Heading)]
    return (Redirect(old, (headings or gids)[-1], "changes"),)


def _read_item(kind: str, row: Row) -> Heading | Speech:
    area = KINDS[kind].area
    gid = f"{GID_PREFIX}{area}/{row['gid']}"
    if MAJORS.get(str(row["major"])) != area or not GID_PATTERN.fullmatch(gid):
        raise ValueError(f"the row {row['gid']!r} of major {row['major']!r} is none of {area}")
    type = str(row["htype"])
    if type in LEVELS:
        return _read_heading(gid, LEVELS[type], row)
    if type not in TURNS:
        raise ValueError(f"the unknown htype {type!r}")
    return _read_speech(kind, gid, row)


def _read_heading(gid: str, level: int, row: Row) -> Heading:
    text = read_as_line(_read_body(row))
    level = 1 if text == "Oral Answers to Questions" else level
    return Heading(
        gid=gid,
        level=level,
        text=text,
        column=_read_column(row),
        time=_read_time(row),
        hansard_url=_read_text(row, "source_url"),
        oldstyle_gid=None,
    )


def _read_speech(kind: str, gid: str, row: Row) -> Speech:
    body = _read_body(row)
    speaker = row.get("speaker")
    speaker = speaker if isinstance(speaker, dict) else {}  # nobody is an empty list
    unknown = _take_unknown_speaker(body)
    numbers = [number for p in body.iter("p") if (number := p.get("qnum")) and number != "0"]
    kind_of_speech = _find_speech_kind(kind, row, bool(numbers))
    text, markup = read_text_and_markup(body)
    return Speech(
        gid=gid,
        kind=kind_of_speech,
        speaker=_read_text(speaker, "name") or unknown,
        office=None,  # the API derives its offices; they are not printed in the record
        member_id=_read_member_id(speaker),
        person_id=_read_person_id(row, speaker),
        question_number=(" ".join(numbers) or _read_number_in_gid(row["gid"]))
        if kind_of_speech == "question"
        else None,
        time=_read_time(row),
        column=_read_column(row),
        text=text,
        markup=markup,
        hansard_url=_read_text(row, "source_url"),
        oldstyle_gid=None,
    )


def _find_speech_kind(kind: str, row: Row, numbered: bool) -> SpeechKind:
    if str(row["htype"]) == "14":
        return "division"
    if str(row["htype"]) == "13":
        return "procedural"
    if kind in WRITTEN_ANSWERS:
        return "question" if str(row.get("minor")) == "1" else "answer"
    return "question" if numbered else "speech"


def _read_number_in_gid(gid: str) -> str | None:
    """Return the number of a Commons question that its gid holds (2009-10-21a.292791.q0), or None."""
    match = re.search(r"\.(\w+)\.q0$", gid)
    return match[1] if match else None


def _read_member_id(speaker: Row) -> str | None:
    member, house = _read_number(speaker, "member_id"), HOUSES.get(str(speaker.get("house")))
    return f"{house}/{member}" if house and member else None


def _read_person_id(row: Row, speaker: Row) -> str | None:
    person = _read_number(row, "person_id") or _read_number(speaker, "person_id")
    return f"person/{person}" if person else None


def _read_column(row: Row) -> str | None:
    column = _read_text(row, "colnum", or_number=True)
    return column if column != "0" else None


def _read_time(row: Row) -> str | None:
    time = _read_text(row, "htime")
    if time and not re.fullmatch(r"\d\d:\d\d:\d\d", time, re.ASCII):
        raise ValueError(f"the unknown time {time!r}")
    return time


def _read_number(row: Row, key: str) -> str | None:
    """Return a number as text, None for 0 or nothing. Raises ValueError."""
    number = _read_text(row, key, or_number=True)
    if number and not re.fullmatch(r"\d+", number, re.ASCII):
        raise ValueError(f"its {key} is {number[:100]!r}, which is no number")
    return number if number != "0" else None


def _read_text(row: Row, key: str, or_number: bool = False) -> str | None:
    """Return a text, or a number as text; None if it is missing, null or empty. Raises ValueError."""
    value = row.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str) and not (or_number and type(value) is int):
        raise ValueError(f"its {key} is {ascii(value)[:100]}, which is no text")
    return str(value)


def _read_body(row: Row) -> Element:
    """Return the words of a row as an element that scrapers.parsing.markup can read; its HTML has numeric entities."""
    body = row["body"] if str(row["htype"]) != "14" else row.get("body") or ""  # a division may have no words
    if not isinstance(body, str):
        raise ValueError(f"its body is {ascii(body)[:100]}")
    root: Element = etree.Element("speech")
    if not body.strip():
        return root
    parsed: Element = html.fragment_fromstring(INVALID_CHARACTERS.sub("", body), create_parent="speech")
    for element in parsed.iter(etree.Element):
        if element.tag not in TAGS and element is not parsed:
            raise ValueError(f"unknown element <{element.tag!s}>")
        for name in set(element.attrib) - ATTRIBUTES:
            if not (name == "href" and re.match(r"https?://", element.get("href", ""))):
                del element.attrib[name]
    return parsed


def _take_unknown_speaker(body: Element) -> str | None:
    """Cut the name of a speaker unknown to the site off the beginning of a body, and return it, or None."""
    first = body[0] if len(body) else None
    if first is None or first.get("class") != "unknownspeaker":
        return None
    name = collapse_space(read_as_line(first)).rstrip(":")
    body.text = (body.text or "") + (first.tail or "")
    body.remove(first)
    return name or None
