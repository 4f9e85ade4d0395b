"""Readers of headings, speeches and divisions from their elements in TheyWorkForYou's XML."""

import re
from collections.abc import Callable

from db import gid as gids
from db.records.hansard import Division, Heading, Item, Speech, SpeechKind, Vote
from scrapers.parsing.markup import Element, find_one, read_as_line, read_text_and_markup

LEVELS = {"oral-heading": 1, "major-heading": 2, "minor-heading": 3}
TIME = re.compile(r"0?(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
NUMBER = re.compile(r"\d{1,20}", re.ASCII)


def _read_heading(element: Element) -> Heading:
    get = element.get
    return Heading(
        gid=element.attrib["id"],
        level=LEVELS[str(element.tag)],
        text=read_as_line(element),
        column=get("colnum") or None,
        time=_read_time(element),
        hansard_url=get("url") or None,
        oldstyle_gid=get("oldstyleid"),
    )


def _read_speech(element: Element) -> Speech:
    get = element.get
    text, markup = read_text_and_markup(element)
    return Speech(
        gid=element.attrib["id"],
        kind=_find_speech_kind(element),
        speaker=get("speakername") or None,
        office=get("speakeroffice") or None,
        member_id=_read_id(get("speakerid")),
        person_id=_read_id(get("person_id")),
        question_number=_read_question_number(element),
        time=_read_time(element),
        column=get("colnum") or None,
        text=text,
        markup=markup,
        hansard_url=get("url") or None,
        oldstyle_gid=get("oldstyleid"),
    )


def _find_speech_kind(element: Element) -> SpeechKind:
    if element.tag == "ques":
        return "question"
    if element.tag == "reply":
        return "answer"
    if not element.get("speakername"):
        return "procedural"
    turn = element.get("type", "").rpartition(" ")[2]
    if element.get("oral-qnum") or turn in ("Question", "SupplementaryQuestion"):
        return "question"
    return "answer" if turn == "Answer" else "speech"


def _read_question_number(element: Element) -> str | None:
    if element.tag == "reply" or (
        element.tag == "speech" and not element.get("oral-qnum") and "Question" not in element.get("type", "")
    ):
        return None
    numbers = [number for p in element.iterchildren("p") if (number := p.get("qnum")) and number != "0"]
    return " ".join(numbers) or None


def _read_id(id: str | None) -> str | None:
    """Return the id of a member or person without its namespace ("member/1919"), or None for nobody and "unknown"."""
    return None if not id or id == "unknown" else id.removeprefix(gids.GID_PREFIX)


def _read_time(element: Element) -> str | None:
    """Return the last clock time (local, HH:MM:SS) before an element, or None if it has none. Raises ValueError."""
    value = element.get("time", "")
    if value in ("", "unknown"):
        return None
    match = TIME.fullmatch(value)
    if not match:
        raise ValueError(f"line {element.sourceline}: <{element.tag!s}> has the unknown time {value!r}")
    return f"{int(match[1]):02}:{match[2]}:{match[3] or '00'}"


def _read_division(element: Element) -> Division:
    """Read a division; in committees the element of the count is itself the item and holds the lists of votes."""
    count = element if element.tag == "divisioncount" else find_one(element, "divisioncount")
    get = count.get
    return Division(
        gid=element.attrib["id"],
        number=element.attrib["divnumber"],
        ayes=_read_number(get("ayes") or count.attrib["content"]),
        noes=_read_number(get("noes") or count.attrib["not-content"]),
        votes=tuple(map(_read_vote, element.iter("mpname", "lord"))),
        time=_read_time(element),
        column=element.get("colnum") or None,
        hansard_url=element.get("url") or None,
    )


def _read_number(digits: str) -> int:
    if not NUMBER.fullmatch(digits):
        raise ValueError(f"the total {digits[:40]!r} is no number")
    return int(digits)


def _read_vote(element: Element) -> Vote:
    get = element.get
    member, person, proxy = get("id") or get("memberid"), get("person_id"), get("proxy")
    return Vote(
        name=read_as_line(element),
        vote=element.attrib["vote"],
        teller=get("teller") == "yes",
        member_id=member and _read_id(member),
        person_id=person and _read_id(person),
        proxy=proxy and _read_id(proxy),
    )


READERS: dict[str, Callable[[Element], Item]] = {
    "oral-heading": _read_heading,
    "major-heading": _read_heading,
    "minor-heading": _read_heading,
    "speech": _read_speech,
    "ques": _read_speech,
    "reply": _read_speech,
    "division": _read_division,
    "divisioncount": _read_division,
}
