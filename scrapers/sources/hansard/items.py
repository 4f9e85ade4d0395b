"""The items of a debate of Hansard's API as speeches and divisions, in reading order.

Columns and times are marked here and there, and carried forward from each mark.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from db.citation import build_hansard_address
from db.gid import HANSARD_GID_PATTERN, make_hansard_gid
from db.records.hansard import Division, Speech, SpeechKind
from db.records.source import RefusedUnit
from scrapers.parsing.clock_times import parse_printed_time
from scrapers.scope.kinds import WRITTEN_ANSWERS
from scrapers.sources.hansard.item_html import ItemText, read_value
from scrapers.sources.hansard.json_fields import NULL, JsonObject, require_object, require_text
from scrapers.sources.hansard.json_fields import require_field as read

TIME = re.compile(r"(?:\d{4}-\d\d-\d\dT)?([0-2]?\d)[:.]([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?", re.ASCII)
COUNTS = re.compile(r"\b(?:Ayes|Contents)\W+(\d{1,4})\b\W+(?:Noes|Not[-\s]Contents)\W+(\d{1,4})\b", re.ASCII)
DIVISION_NUMBER = re.compile(r"\bDivision (?:No\.?\s*)?(\d+)", re.ASCII)
CONTINUES = "The source gives this as an item of its own, without a speaker: it goes on with the question before it."
NO_QUESTIONER = "The source does not say who asks."
TRAILING_WORDS = "Words that are not part of the question are in the same item, perhaps its answer: {}"
NAME_IN_WORDS = "A name stands inside the words, perhaps that of who speaks: {}."
DUPLICATE_ID = "The source gives it the same number as another turn or a heading."
INVALID_CHARACTERS = "The source has characters here that no text can hold; each is shown as \ufffd."
NO_COUNTS = "The source does not say here how many voted."
UNKNOWN_TIMECODE = "The source gives a time here that is no time: {!r}."
FLAG = re.compile(r"\s*\[([A-Z]{1,3})\]")  # [V]: spoke by video; [R]: declared an interest
PARTY = re.compile(r"(?:Con|Lab|LD|SNP|PC|DUP|UUP|SDLP|SF|Ind|Green|GP|CB|Non-Afl|Alliance|Reform|UKIP|Lab/Co-op)\b.*")
# An office before a bracket, which then holds the name.
OFFICE = re.compile(
    r"\b(?:Minister|Secretary|Speaker|Chair|Chairman|Chairwoman|Solicitor|Attorney|Advocate|Comptroller|Treasurer"
    r"|Chancellor|Commissioner|Leader|Paymaster|President|Whip|Spokesman|Spokesperson|Member representing)\b"
    r"|^The (?!(?:Lord )?(?:Arch)?[Bb]ishop|Earl|Countess|Duke|Duchess|Marquess|Marchioness|Viscount|Baroness|Lord of"
    r"|Master of|Reverend)"
)


NAME = re.compile(r"[^\W\d_a-z].* \S")  # two words, the first with a capital letter


class DebateSection(NamedTuple):
    """The debate with the items; `ext` is Parliament's own id as printed."""

    kind: str
    house: str
    date: str
    ext: str
    title: str


@dataclass
class ReadingPosition:
    """Position of the reader: the latest column and time, and the gids of the turns and headings read so far.

    `refused` is what was not understood so far.
    """

    column: str | None = None
    time: str | None = None
    turn_gids: set[str] = field(default_factory=set)
    heading_gids: set[str] = field(default_factory=set)
    refused: list[RefusedUnit] = field(default_factory=list)


class ItemHeader(NamedTuple):
    """The fields common to all types of item; `damage` says in words what is wrong with it in the source."""

    gid: str
    id: str | None
    url: str
    time: str | None
    damage: tuple[str, ...]


def read_items(section: DebateSection, rows: Sequence[object], place: ReadingPosition) -> Iterator[Speech | Division]:
    """Yield the turns of a debate; an item that is not understood is refused, by its number counted from 0."""
    ordered: list[tuple[int, str, JsonObject]] = []
    for n, row in enumerate(rows):
        where = f"Items[{n}] of {section.ext}"
        try:
            order = read(require_object(row, where), "OrderInSection", where, int)
            ordered.append((order, where, require_object(row, where)))
        except ValueError as error:
            place.refused.append(_refuse_item(section, row, where, error))
    for _, where, row in sorted(ordered, key=itemgetter(0)):
        try:
            yield from list(_read_item(section, row, place, where))
        except ValueError as error:
            place.refused.append(_refuse_item(section, row, where, error))


def _refuse_item(section: DebateSection, row: object, where: str, error: ValueError) -> RefusedUnit:
    id = row.get("ExternalId") if isinstance(row, dict) else None
    gid = make_hansard_gid(section.date, id) if isinstance(id, str) else ""
    return RefusedUnit(
        unit="item",
        place=where,
        reason=str(error).removeprefix(f"{where}: "),
        gid=gid if HANSARD_GID_PATTERN.fullmatch(gid) else None,
        debate_gid=make_hansard_gid(section.date, section.ext),
    )


def _read_item(
    section: DebateSection, row: JsonObject, place: ReadingPosition, where: str
) -> Iterator[Speech | Division]:
    type, value = read(row, "ItemType", where, str), read(row, "Value", where, str, NULL) or ""
    if type == "Timestamp":
        place.time = None  # an unknown clock costs the time of what follows, not the turns
        place.time = read_time(read_value(value).text)
    elif type == "Contribution":
        yield from _read_contribution(section, row, read_value(value, _is_question(row, where)), place, where)
    elif type == "Division":
        yield _read_division(_read_turn(section, row, place, where), read_value(value), place)
    else:
        raise ValueError(f"unknown ItemType {type!r:.60}")


def read_time(stamp: str) -> str:
    """Return a time of day ("19:00:00", "7 pm", "12 noon", "2026-01-14T19:00:00") as HH:MM:SS. Raises ValueError.

    Midnight is 00:00:00, since the service counts the hours of the clock.
    """
    if match := TIME.fullmatch(stamp.strip()):
        return f"{int(match[1]):02}:{match[2]}:{match[3] or '00'}"
    time = parse_printed_time(stamp)
    if not time:
        raise ValueError(f"unknown time {stamp!r:.60}")
    return time if time < "24" else "00:00:00"


def _is_question(row: JsonObject, where: str) -> bool:
    return "question" in require_text(row, "HRSTag", where).lower()


def _read_turn(section: DebateSection, row: JsonObject, place: ReadingPosition, where: str) -> ItemHeader:
    id, code = require_text(row, "ExternalId", where), require_text(row, "Timecode", where)
    gid = make_hansard_gid(section.date, id)
    fallback = make_hansard_gid(section.date, f"{section.ext}.{row['OrderInSection']}")
    duplicate = gid in place.turn_gids | place.heading_gids | {make_hansard_gid(section.date, section.ext)}
    gid = fallback if duplicate or not HANSARD_GID_PATTERN.fullmatch(gid) else gid
    if gid in place.turn_gids:
        raise ValueError(f"OrderInSection {row['OrderInSection']} occurs twice")
    place.turn_gids.add(gid)
    damage = [DUPLICATE_ID] if duplicate else []
    time = place.time
    if not time and code:
        try:
            time = read_time(code)
        except ValueError:
            damage.append(UNKNOWN_TIMECODE.format(code[:60]))
    url = build_hansard_address(section.house, section.date, section.ext, section.title, id or None)
    return ItemHeader(gid=gid, id=id.lower() or None, url=url, time=time, damage=tuple(damage))


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
    speaker = read_speaker(attribution) if attribution else PrintedSpeaker(name=None)
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
    """The parts of an attribution: name, the office printed before it, seat, party, and flags such as V and R."""

    name: str | None
    office: str | None = None
    seat: str | None = None
    party: str | None = None
    flags: tuple[str, ...] = ()


def read_speaker(attribution: str) -> PrintedSpeaker:
    """Split an attribution into its parts; where its brackets make no sense all of it is the name.

    >>> read_speaker("The Minister for Public Pamphlets (Dorothea Quillfeather)")[:2]
    ('Dorothea Quillfeather', 'The Minister for Public Pamphlets')
    >>> read_speaker("Ann Bee (Richmond (Yorks)) (Con) [V]")
    PrintedSpeaker(name='Ann Bee', office=None, seat='Richmond (Yorks)', party='Con', flags=('V',))
    """
    flags = tuple(FLAG.findall(attribution))
    printed = FLAG.sub("", attribution).strip().rstrip(":").rstrip()
    head, brackets = _split_brackets(printed)
    if not brackets:
        return PrintedSpeaker(name=printed or None, flags=flags)
    if OFFICE.search(head) and (name := next((each for each in brackets if NAME.match(each)), brackets[0])):
        after = brackets[brackets.index(name) + 1 :]
        office = printed[: printed.index(f"({name})")].rstrip()
        return PrintedSpeaker(name=name, office=office, party=next(filter(PARTY.fullmatch, after), None), flags=flags)
    *seats, last = brackets
    party = last if seats or PARTY.fullmatch(last) else None
    seat = next(iter(seats if party else brackets), None)
    return PrintedSpeaker(name=head, seat=seat, party=party, flags=flags)


def _split_brackets(printed: str) -> tuple[str, list[str]]:
    """Split words into what stands before the brackets and what is in each; none where they make no sense."""
    found: list[str] = []
    depth, start = 0, -1
    head = printed.partition("(")[0].strip()
    for n in range(len(head), len(printed)):
        if printed[n] == "(":
            start, depth = (n if depth == 0 else start), depth + 1
        elif printed[n] == ")":
            depth -= 1
            found += [printed[start + 1 : n].strip()] if depth == 0 else []
        elif depth == 0 and not printed[n].isspace():
            return printed, []
        if depth < 0:
            return printed, []
    return (head, found) if depth == 0 and head else (printed, [])
