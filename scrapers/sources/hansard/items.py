"""The items of a debate of Hansard's API as speeches and divisions, in reading order.

Columns and times are marked here and there, and carried forward from each mark.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from db.citation import build_hansard_address
from db.gid import HANSARD_GID_PATTERN, make_hansard_gid
from db.records.hansard import Division, Speech, SpeechKind
from scrapers.scope.kinds import WRITTEN_ANSWERS
from scrapers.sources.hansard.item_html import ItemText, read_value
from scrapers.sources.hansard.json_fields import NULL, JsonObject, require_object, require_text
from scrapers.sources.hansard.json_fields import require_field as read

TIME = re.compile(
    r"(?:\d{4}-\d\d-\d\dT)?(\d{1,2})[:.]([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?\s*(?:([ap])\.?m\.?)?", re.ASCII
)
COUNTS = re.compile(r"\b(?:Ayes|Contents)\W+(\d+)\W+(?:Noes|Not[-\s]Contents)\W+(\d+)", re.ASCII)
DIVISION_NUMBER = re.compile(r"\bDivision (?:No\.?\s*)?(\d+)", re.ASCII)
CONTINUES = "The source gives this as an item of its own, without a speaker: it goes on with the question before it."
NO_QUESTIONER = "The source names nobody who asks."
TRAILING_WORDS = "Words that are no part of the question stand in the same item, perhaps its answer: {}"
NAME_IN_WORDS = "A name stands inside the words, perhaps that of who speaks: {}."
DUPLICATE_ID = "The source gives it the same number as another turn or a heading."
INVALID_CHARACTERS = "The source has characters here that no text can hold; each is shown as \ufffd."
NO_COUNTS = "The source does not say here how many voted."
ATTRIBUTION = re.compile(r"([^()]+?)\s*((?:\([^()]*\)\s*)*)", re.ASCII)
BRACKET = re.compile(r"\(([^()]*)\)")
# An office before a bracket, which then holds the name.
OFFICE = re.compile(
    r"\b(?:Minister|Secretary|Speaker|Chair|Chairman|Chairwoman|Solicitor|Attorney|Advocate|Comptroller|Treasurer"
    r"|Chancellor|Commissioner|Leader|Paymaster|President|Whip|Spokesman|Spokesperson|Member representing)\b"
    r"|^The (?!(?:Lord )?(?:Arch)?[Bb]ishop|Earl|Countess|Duke|Duchess|Marquess|Marchioness|Viscount|Baroness|Lord of"
    r"|Master of|Reverend)"
)


class DebateSection(NamedTuple):
    """The debate with the items; `ext` is Parliament's own id as printed."""

    kind: str
    house: str
    date: str
    ext: str
    title: str


@dataclass
class ReadingPosition:
    """Position of the reader: the latest column and time, and the gids of the turns and headings read so far."""

    column: str | None = None
    time: str | None = None
    turn_gids: set[str] = field(default_factory=set)
    heading_gids: set[str] = field(default_factory=set)


class ItemHeader(NamedTuple):
    """The fields common to all types of item; `damage` says in words what is wrong with it in the source."""

    gid: str
    id: str | None
    url: str
    time: str | None
    damage: tuple[str, ...]


def read_items(section: DebateSection, rows: Sequence[object], place: ReadingPosition) -> Iterator[Speech | Division]:
    """Yield the turns of a debate. Raises ValueError with the number of the item, counted from 0."""
    where = f"Items of {section.ext}"
    numbered = [(f"Items[{n}] of {section.ext}", require_object(row, where)) for n, row in enumerate(rows)]
    for where, row in sorted(numbered, key=lambda each: int(read(each[1], "OrderInSection", each[0], int))):
        try:
            type, value = read(row, "ItemType", where, str), read(row, "Value", where, str, NULL) or ""
            if type == "Timestamp":
                place.time = read_time(read_value(value).text)
            elif type == "Contribution":
                yield from _read_contribution(section, row, read_value(value, _is_question(row, where)), place, where)
            elif type == "Division":
                yield _read_division(_read_turn(section, row, place, where), read_value(value), place)
            else:
                raise ValueError(f"unknown ItemType {type!r}")
        except ValueError as error:
            raise ValueError(str(error) if where in str(error) else f"{where}: {error}") from error


def read_time(stamp: str) -> str:
    """Return a time of day ("19:00:00", "7.45 pm", "2026-01-14T19:00:00") as HH:MM:SS. Raises ValueError."""
    match = TIME.fullmatch(stamp.strip())
    if not match:
        raise ValueError(f"unknown time {stamp!r}")
    hour = int(match[1]) % 12 + (12 if match[4] == "p" else 0) if match[4] else int(match[1])
    return f"{hour:02}:{match[2]}:{match[3] or '00'}"


def _is_question(row: JsonObject, where: str) -> bool:
    return "question" in require_text(row, "HRSTag", where).lower()


def _read_turn(section: DebateSection, row: JsonObject, place: ReadingPosition, where: str) -> ItemHeader:
    id, code = require_text(row, "ExternalId", where), require_text(row, "Timecode", where)
    gid = make_hansard_gid(section.date, id)
    fallback = make_hansard_gid(section.date, f"{section.ext}.{row['OrderInSection']}")
    duplicate = gid in place.turn_gids | place.heading_gids | {make_hansard_gid(section.date, section.ext)}
    gid = fallback if duplicate or not HANSARD_GID_PATTERN.fullmatch(gid) else gid
    if gid in place.turn_gids:
        raise ValueError(f"OrderInSection {row['OrderInSection']} stands twice")
    place.turn_gids.add(gid)
    time = place.time or (read_time(code) if code else None)
    url = build_hansard_address(section.house, section.date, section.ext, section.title, id or None)
    return ItemHeader(gid=gid, id=id.lower() or None, url=url, time=time, damage=(DUPLICATE_ID,) if duplicate else ())


def _read_contribution(
    section: DebateSection, row: JsonObject, words: ItemText, place: ReadingPosition, where: str
) -> Iterator[Speech]:
    column = place.column = words.first_column or place.column
    place.column = words.last_column or place.column
    attribution, member = require_text(row, "AttributedTo", where), read(row, "MemberId", where, int, NULL)
    if not words.text and not attribution and not member:
        return  # a column mark, not a turn
    turn = _read_turn(section, row, place, where)
    named = bool(attribution or member)
    kind = _find_speech_kind(section.kind, words, require_text(row, "HRSTag", where).lower(), named)
    speaker = read_speaker(attribution) if attribution else PrintedSpeaker(None, None)
    yield Speech(
        gid=turn.gid,
        kind=kind,
        speaker=speaker.name,
        office=speaker.office,
        member_id=f"mnis/{member}" if member else None,
        person_id=None,
        question_number=_find_question_number(words, require_text(row, "UIN", where)) if kind == "question" else None,
        time=turn.time,
        column=column,
        text=words.text,
        markup=words.markup,
        hansard_url=turn.url,
        oldstyle_gid=None,
        paragraph_id=turn.id,
        attribution=attribution or None,
        damage=" ".join([*turn.damage, *_list_damage(section.kind, words, require_text(row, "HRSTag", where), named)]),
    )


def _find_speech_kind(kind: str, words: ItemText, tag: str, named: bool) -> SpeechKind:
    if words.is_question:
        return "question"
    if not named:
        return "procedural"
    if kind in WRITTEN_ANSWERS:
        return "question" if words.text.startswith("To ask ") else "answer"
    return "answer" if "answer" in tag else "speech"


def _find_question_number(words: ItemText, uin: str) -> str | None:
    """Return a question's own numbers, or its number among the day's oral questions if it has none of its own."""
    numbers = dict.fromkeys([*([uin] if uin else []), *words.question_numbers])
    return " ".join(numbers) or words.oral_number


def _list_damage(kind: str, words: ItemText, tag: str, named: bool) -> Iterator[str]:
    if words.is_question and not named:
        yield CONTINUES if "ERR_" in tag else NO_QUESTIONER
    if words.bold_names and (words.is_question or kind in WRITTEN_ANSWERS or not named):
        yield NAME_IN_WORDS.format(", ".join(words.bold_names))
    if words.trailing_words:
        yield TRAILING_WORDS.format(
            words.trailing_words if len(words.trailing_words) <= 60 else f"{words.trailing_words[:60]}…"
        )
    if "\ufffd" in words.text:
        yield INVALID_CHARACTERS


def _read_division(turn: ItemHeader, words: ItemText, place: ReadingPosition) -> Speech | Division:
    """Return a division if the item has its totals, or else a speech; the votes are in another document of the API."""
    column = place.column = words.first_column or place.column
    place.column = words.last_column or place.column
    counts, number = COUNTS.search(words.text), DIVISION_NUMBER.search(words.text)
    if counts:
        return Division(
            gid=turn.gid,
            number=number[1] if number else "",
            ayes=int(counts[1]),
            noes=int(counts[2]),
            votes=(),
            time=turn.time,
            column=column,
            hansard_url=turn.url,
        )
    return Speech(
        gid=turn.gid,
        kind="division",
        speaker=None,
        office=None,
        member_id=None,
        person_id=None,
        question_number=None,
        time=turn.time,
        column=column,
        text=words.text,
        markup=words.markup,
        hansard_url=turn.url,
        oldstyle_gid=None,
        paragraph_id=turn.id,
        damage=" ".join([*turn.damage, NO_COUNTS]),
    )


class PrintedSpeaker(NamedTuple):
    """The name in an attribution, and the office printed before it, or None."""

    name: str | None
    office: str | None


def read_speaker(attribution: str) -> PrintedSpeaker:
    """Split an attribution into name and office; without a bracket all of it is the name.

    >>> read_speaker("The Minister for Public Pamphlets (Dorothea Quillfeather)")
    PrintedSpeaker(name='Dorothea Quillfeather', office='The Minister for Public Pamphlets')
    >>> read_speaker("Peter Dowd (Bootle) (Lab)"), read_speaker("The Earl of Penmarrow (CB)").name
    (PrintedSpeaker(name='Peter Dowd', office=None), 'The Earl of Penmarrow')
    """
    printed = attribution.strip().rstrip(":").rstrip()
    match = ATTRIBUTION.fullmatch(printed)
    if not match:
        return PrintedSpeaker(printed or None, None)
    first = next((group.strip() for group in BRACKET.findall(match[2])), "")
    if first and OFFICE.search(match[1]):
        return PrintedSpeaker(first, match[1])
    return PrintedSpeaker(match[1], None)
