"""The items of one debate of Hansard's API as turns, in reading order, with the column and the time carried forward."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from db.citation import address
from db.gid import HANSARD_GID, hansard_gid
from db.records.hansard import Division, Speech, SpeechKind
from scrapers.sources.hansard.item_html import Words, read_value
from scrapers.sources.hansard.json_fields import NOTHING, Table, table, text
from scrapers.sources.hansard.json_fields import field as read

WRITTEN = frozenset({"wrans", "lordswrans"})
TIME = re.compile(
    r"(?:\d{4}-\d\d-\d\dT)?(\d{1,2})[:.]([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?\s*(?:([ap])\.?m\.?)?", re.ASCII
)
COUNTS = re.compile(r"\b(?:Ayes|Contents)\W+(\d+)\W+(?:Noes|Not[-\s]Contents)\W+(\d+)", re.ASCII)
NUMBER = re.compile(r"\bDivision (?:No\.?\s*)?(\d+)", re.ASCII)
CONTINUED = "The source gives this as an item of its own, without a speaker: it goes on with the question before it."
NOBODY = "The source names nobody who asks."
GLUED = "Words that are no part of the question stand in the same item, perhaps its answer: {}"
NAMED = "A name stands inside the words, perhaps that of who speaks: {}."
TWIN = "The source gives it the same number as another turn or a heading."
UNSAFE = "The source has characters here that no text can hold; each is shown as \ufffd."
UNCOUNTED = "The source does not say here how many voted."
PRINTED = re.compile(r"([^()]+?)\s*((?:\([^()]*\)\s*)*)", re.ASCII)
GROUP = re.compile(r"\(([^()]*)\)")
# What stands before a bracket and is an office: the bracket behind it holds the name.
OFFICE = re.compile(
    r"\b(?:Minister|Secretary|Speaker|Chair|Chairman|Chairwoman|Solicitor|Attorney|Advocate|Comptroller|Treasurer"
    r"|Chancellor|Commissioner|Leader|Paymaster|President|Whip|Spokesman|Spokesperson|Member representing)\b"
    r"|^The (?!(?:Lord )?(?:Arch)?[Bb]ishop|Earl|Countess|Duke|Duchess|Marquess|Marchioness|Viscount|Baroness|Lord of"
    r"|Master of|Reverend)"
)


class Section(NamedTuple):
    """The debate whose items are read; `ext` is Parliament's own id as printed."""

    kind: str
    house: str
    date: str
    ext: str
    title: str


@dataclass
class Place:
    """Where reading has got to: the column and the time marked last, and the gids of turns and headings met so far."""

    column: str | None = None
    time: str | None = None
    taken: set[str] = field(default_factory=set)
    headings: set[str] = field(default_factory=set)


class Turn(NamedTuple):
    """What every item has, whichever type: its gid, its number, when it was said, and what is wrong with it."""

    gid: str
    id: str | None
    url: str
    time: str | None
    damage: tuple[str, ...]


def read_items(section: Section, rows: Sequence[object], place: Place) -> Iterator[Speech | Division]:
    """The turns of a debate. Raises ValueError naming the item, counted from 0."""
    where = f"Items of {section.ext}"
    numbered = [(f"Items[{n}] of {section.ext}", table(row, where)) for n, row in enumerate(rows)]
    for where, row in sorted(numbered, key=lambda each: int(read(each[1], "OrderInSection", each[0], int))):
        try:
            type, value = read(row, "ItemType", where, str), read(row, "Value", where, str, NOTHING) or ""
            if type == "Timestamp":
                place.time = read_time(read_value(value).text)
            elif type == "Contribution":
                yield from _contribution(section, row, read_value(value, _asks(row, where)), place, where)
            elif type == "Division":
                yield _division(_turn(section, row, place, where), read_value(value), place)
            else:
                raise ValueError(f"unknown ItemType {type!r}")
        except ValueError as error:
            raise ValueError(str(error) if where in str(error) else f"{where}: {error}") from error


def read_time(stamp: str) -> str:
    """A time of day ("19:00:00", "7.45 pm", 2026-01-14T19:00:00) as HH:MM:SS. Raises ValueError."""
    match = TIME.fullmatch(stamp.strip())
    if not match:
        raise ValueError(f"unknown time {stamp!r}")
    hour = int(match[1]) % 12 + (12 if match[4] == "p" else 0) if match[4] else int(match[1])
    return f"{hour:02}:{match[2]}:{match[3] or '00'}"


def _asks(row: Table, where: str) -> bool:
    return "question" in text(row, "HRSTag", where).lower()


def _turn(section: Section, row: Table, place: Place, where: str) -> Turn:
    id, code = text(row, "ExternalId", where), text(row, "Timecode", where)
    gid = hansard_gid(section.date, id)
    fallback = hansard_gid(section.date, f"{section.ext}.{row['OrderInSection']}")
    twin = gid in place.taken | place.headings | {hansard_gid(section.date, section.ext)}
    gid = fallback if twin or not HANSARD_GID.fullmatch(gid) else gid
    if gid in place.taken:
        raise ValueError(f"OrderInSection {row['OrderInSection']} stands twice")
    place.taken.add(gid)
    time = place.time or (read_time(code) if code else None)
    url = address(section.house, section.date, section.ext, section.title, id or None)
    return Turn(gid, id.lower() or None, url, time, (TWIN,) if twin else ())


def _contribution(section: Section, row: Table, words: Words, place: Place, where: str) -> Iterator[Speech]:
    column = place.column = words.begins or place.column
    place.column = words.ends or place.column
    attribution, member = text(row, "AttributedTo", where), read(row, "MemberId", where, int, NOTHING)
    if not words.text and not attribution and not member:
        return  # a column mark, which is no turn
    turn = _turn(section, row, place, where)
    named = bool(attribution or member)
    kind = _kind(section.kind, words, text(row, "HRSTag", where).lower(), named)
    speaker = read_speaker(attribution) if attribution else Speaker(None, None)
    yield Speech(
        gid=turn.gid,
        kind=kind,
        speaker=speaker.name,
        office=speaker.office,
        member_id=f"mnis/{member}" if member else None,
        person_id=None,
        question_number=_number(words, text(row, "UIN", where)) if kind == "question" else None,
        time=turn.time,
        column=column,
        text=words.text,
        markup=words.markup,
        hansard_url=turn.url,
        oldstyle_gid=None,
        paragraph_id=turn.id,
        attribution=attribution or None,
        damage=" ".join([*turn.damage, *_damage(section.kind, words, text(row, "HRSTag", where), named)]),
    )


def _kind(kind: str, words: Words, tag: str, named: bool) -> SpeechKind:
    if words.question:
        return "question"
    if not named:
        return "procedural"
    if kind in WRITTEN:
        return "question" if words.text.startswith("To ask ") else "answer"
    return "answer" if "answer" in tag else "speech"


def _number(words: Words, uin: str) -> str | None:
    """The question's own numbers, and where it has none the one it has among the oral questions of the day."""
    numbers = dict.fromkeys([*([uin] if uin else []), *words.numbers])
    return " ".join(numbers) or words.oral


def _damage(kind: str, words: Words, tag: str, named: bool) -> Iterator[str]:
    if words.question and not named:
        yield CONTINUED if "ERR_" in tag else NOBODY
    if words.names and (words.question or kind in WRITTEN or not named):
        yield NAMED.format(", ".join(words.names))
    if words.glued:
        yield GLUED.format(words.glued if len(words.glued) <= 60 else f"{words.glued[:60]}…")
    if "\ufffd" in words.text:
        yield UNSAFE


def _division(turn: Turn, words: Words, place: Place) -> Speech | Division:
    """A division with its totals where they stand in the item; its votes are in another document of the service."""
    column = place.column = words.begins or place.column
    place.column = words.ends or place.column
    counts, number = COUNTS.search(words.text), NUMBER.search(words.text)
    if counts:
        printed = number[1] if number else ""
        ayes, noes = int(counts[1]), int(counts[2])
        return Division(turn.gid, printed, ayes, noes, (), turn.time, column, turn.url)
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
        damage=" ".join([*turn.damage, UNCOUNTED]),
    )


class Speaker(NamedTuple):
    """The name in an attribution, and the office printed before it, where one is."""

    name: str | None
    office: str | None


def read_speaker(attribution: str) -> Speaker:
    """The name and the office in an attribution; all of it is the name where it has no bracket.

    >>> read_speaker("The Minister for Public Pamphlets (Dorothea Quillfeather)")
    Speaker(name='Dorothea Quillfeather', office='The Minister for Public Pamphlets')
    >>> read_speaker("Peter Dowd (Bootle) (Lab)"), read_speaker("The Earl of Penmarrow (CB)").name
    (Speaker(name='Peter Dowd', office=None), 'The Earl of Penmarrow')
    """
    printed = attribution.strip().rstrip(":").rstrip()
    match = PRINTED.fullmatch(printed)
    if not match:
        return Speaker(printed or None, None)
    first = next((group.strip() for group in GROUP.findall(match[2])), "")
    if first and OFFICE.search(match[1]):
        return Speaker(first, match[1])
    return Speaker(match[1], None)
