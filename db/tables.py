"""Rows of statements.db from records: pure, table by table, in the order of their columns."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from db.cite import cite
from db.gid import anchor_of, id_of
from db.records import Day, Debate, Division, Mention, Speech

Row = tuple[Any, ...]


class Received(NamedTuple):
    """Which bytes a day's rows came from: the document's name, its sha256, and when it first came (UTC)."""

    name: str
    sha256: str
    at: str


class Quarantined(NamedTuple):
    """A document that could not be read, and why."""

    received: Received
    reason: str


COLUMNS = {
    "debates": "rowid, id, gid, house, kind, date, position, title, heading, section, column, time, url, hansard_url, "
    "citation, speeches, words, source, file, sha256, received",
    "speeches": "rowid, id, gid, debate_id, position, kind, house, date, person_id, member_id, speaker, office, "
    "question_number, time, column, text, words, markup, url, hansard_url, citation",
    "divisions": "rowid, speech_id, number, ayes, noes",
    "votes": "id, division_id, name, vote, teller, member_id, person_id, proxy",
    "redirects": "rowid, old_gid, gid, matchtype",
    "mentions": "id, speech_id, debate_id, topic, phrases, start, end, exact",
    "quarantine": "id, source, name, sha256, received, reason",
}
INSERT = {
    table: f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * (columns.count(',') + 1))})"
    for table, columns in COLUMNS.items()
}
WORDS = COLUMNS["speeches"].split(", ").index("words")


def rows(
    first: int,
    source: str,
    day: Day,
    mentions: Sequence[Mention],
    received: Mapping[str, Received],
    quarantined: Sequence[Quarantined],
) -> dict[str, list[Row]]:
    """The rows of a day by table; `first` is the day's first rowid, `received` the bytes behind each file name."""
    speeches = [[_speech(first, d, position, item) for position, item in d.speeches] for d in day.debates]
    divisions = [(position, item) for d in day.debates for position, item in d.speeches if isinstance(item, Division)]
    votes = ((id_of(division.gid), *vote) for _, division in divisions for vote in division.votes)
    return {
        "debates": [_debate(first, source, d, received[d.name], s) for d, s in zip(day.debates, speeches, strict=True)],
        "speeches": [row for debate in speeches for row in debate],
        "divisions": [(first + position, id_of(d.gid), d.number, d.ayes, d.noes) for position, d in divisions],
        "votes": [(n, *vote) for n, vote in enumerate(votes, first)],
        "redirects": [(n, *redirect) for n, redirect in enumerate(day.redirects, first)],
        "mentions": [(n, *mention) for n, mention in enumerate(mentions, first)],
        "quarantine": [(n, source, *q.received, q.reason) for n, q in enumerate(quarantined, first)],
    }


def _debate(first: int, source: str, d: Debate, received: Received, speeches: list[Row]) -> Row:
    return (
        *(first + d.position, d.id, d.gid, d.house, d.kind, d.date, d.position, d.title, d.heading, d.section),
        *(d.column, d.time, d.url, d.hansard_url, d.citation, len(speeches), sum(row[WORDS] for row in speeches)),
        *(source, *received),
    )


def _speech(first: int, debate: Debate, position: int, item: Speech | Division) -> Row:
    gid = item.gid
    head = (first + position, id_of(gid), gid, debate.id, position)
    url = f"{debate.url}#{anchor_of(gid)}" if debate.url else None
    tail = (url, item.hansard_url, cite(debate.kind, debate.date, item.column or debate.column))
    if isinstance(item, Division):
        nobody = (None, None, None, None, None)
        return (*head, "division", debate.house, debate.date, *nobody, item.time, item.column, "", 0, None, *tail)
    s = item
    return (
        *(*head, s.kind, debate.house, debate.date, s.person_id, s.member_id, s.speaker, s.office, s.question_number),
        *(s.time, s.column, s.text, words(s.text), s.markup, *tail),
    )


def words(text: str) -> int:
    """How many words a plain text has, parted by white space."""
    blanks = text.count("\n\n")
    if "\t" in text or text.count("\n") != 2 * blanks:  # a table or a list, whose cells may be empty
        return len(text.split())
    return text.count(" ") + blanks + bool(text)
