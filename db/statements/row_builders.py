"""Rows of statements.db built from records, table by table, in the order of COLUMNS; without a database."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from db.citation import build_hansard_address, format_citation
from db.gid import GID_PREFIX, make_fragment, make_short_id, parse_old_page_id
from db.records.hansard import Day, Debate, Division, Edition, PastSpeech, Speech, Turn, Vote, WithdrawnSpeech
from db.records.people import NO_SPEAKER, ResolvedSpeaker, SpeakerKey
from db.records.source import Provenance
from db.records.topic import Mention

Row = tuple[Any, ...]
Speakers = Mapping[SpeakerKey, ResolvedSpeaker]


class QuarantinedDocument(NamedTuple):
    """A document, or a part of one, that could not be read: where it came from, and the reason.

    `received` is UTC. `unit` is "document", or that of a `RefusedUnit`, and `place` is where the part stands.
    `speech_ids` are the ids of what was refused, separated by spaces; `debate_id` is that of the debate around it.
    """

    source: str
    name: str
    sha256: str
    received: str
    reason: str
    unit: str = "document"
    place: str = ""
    speech_ids: str = ""
    debate_id: str | None = None


COLUMNS = {
    "debates": "rowid, id, gid, house, kind, date, position, title, heading, section, column, time, url, hansard_url, "
    "section_id, hansard_address, volume, citation, speeches, words, source, file, response_id, sha256, received",
    "speeches": "rowid, id, gid, debate_id, position, kind, house, date, person_id, member_id, speaker, office, "
    "question_number, time, column, text, words, markup, url, hansard_url, turn_id, paragraph_id, hansard_address, "
    "citation, damage, source, edition, response_id, received, since, since_edition, since_response_id, "
    "source_person_id, membership_id, party, constituency, offices, unresolved",
    "wordings": "id, speech_id, source, edition, response_id, received, source_gid, speaker, office, column, text, "
    "score, evidence, other_speaker, changed",
    "day_counts": "id, debates",
    "withdrawn_speeches": "id, gid, debate_id, kind, date, speaker, office, column, citation, text, source, edition, "
    "response_id, received, withdrawn, evidence",
    "past_speeches": "id, speech_id, held, from_day, to_day, gid, debate_id, position, kind, house, date, person_id, "
    "member_id, speaker, office, question_number, time, column, text, words, url, hansard_url, citation, source, "
    "edition, response_id, received, source_person_id, membership_id, party, constituency, offices, unresolved",
    "doubts": "id, speech_id, candidate_id, source, score, evidence",
    "divisions": "rowid, speech_id, number, ayes, noes",
    "votes": "id, division_id, name, vote, teller, member_id, proxy, person_id, source_person_id",
    "redirects": "rowid, old_gid, gid, matchtype",
    "mentions": "id, speech_id, debate_id, topic, phrases, start, end, exact",
    "quarantine": "id, source, name, sha256, received, reason, unit, place, speech_ids, debate_id",
}
INSERTS = {
    table: f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * (columns.count(',') + 1))})"
    for table, columns in COLUMNS.items()
}
ID_INDEX, TEXT_INDEX, WORDS_INDEX, SINCE_INDEX = map(
    COLUMNS["speeches"].split(", ").index, ("id", "text", "words", "since")
)


def build_rows(
    first: int,
    day: Day,
    mentions: Sequence[Mention],
    quarantined: Sequence[QuarantinedDocument],
    speakers: Speakers,
) -> dict[str, list[Row]]:
    """Build the rows of a day by table; `first` is the day's first rowid, `speakers` have its `list_speaker_keys`."""
    provenance = day.provenance
    speeches = [
        [
            _build_speech_row(
                first, d, position, item, provenance.get(item.gid) or provenance[d.gid], day.since, speakers
            )
            for position, item in d.speeches
        ]
        for d in day.debates
    ]
    divisions = [(position, item) for d in day.debates for position, item in d.speeches if isinstance(item, Division)]
    votes = (
        row
        for d in day.debates
        for _, item in d.speeches
        if isinstance(item, Division)
        for row in _list_vote_rows(d, item, speakers)
    )
    return {
        "debates": [
            _build_debate_row(first, d, provenance[d.gid], s) for d, s in zip(day.debates, speeches, strict=True)
        ],
        "speeches": [row for debate in speeches for row in debate],
        "day_counts": [(first, len(day.debates))] if day.debates else [],
        "divisions": [(first + position, make_short_id(d.gid), d.number, d.ayes, d.noes) for position, d in divisions],
        "votes": [(n, *vote) for n, vote in enumerate(votes, first)],
        "redirects": [(n, *redirect) for n, redirect in enumerate(day.redirects, first)],
        "mentions": [(n, *mention) for n, mention in enumerate(mentions, first)],
        "quarantine": [(n, *each) for n, each in enumerate(quarantined, first)],
        "wordings": _build_wording_rows(first, day.editions, speeches),
        "withdrawn_speeches": [_build_withdrawn_row(n, day, each) for n, each in enumerate(day.withdrawn, first)],
        "past_speeches": [(n, *row) for n, row in enumerate(_list_past_rows(day, speakers), first)],
        "doubts": [(n, *doubt) for n, doubt in enumerate(day.doubts, first)],
    }


def list_speaker_keys(day: Day) -> set[SpeakerKey]:
    """List the keys of everyone who speaks or votes on a day, or did so by an earlier record of it."""
    keys: set[SpeakerKey] = set()
    for debate in day.debates:
        house, date = debate.house, debate.date
        for _, item in debate.speeches:
            if isinstance(item, Division):
                keys.update(_make_speaker_key(vote, house, date) for vote in item.votes)
            elif item.speaker is not None or item.member_id is not None or item.person_id is not None:
                keys.add(_make_speaker_key(item, house, date))
    houses = {debate.house for debate in day.debates}
    keys.update(_make_speaker_key(past.item, house, day.date) for past in day.past if past.item for house in houses)
    return keys


def _make_speaker_key(who: Speech | Vote, house: str, date: str) -> SpeakerKey:
    return who.member_id or "", who.person_id or "", house, date


def _list_vote_rows(debate: Debate, division: Division, speakers: Speakers) -> Iterator[Row]:
    """Yield the rows of votes, without their ids."""
    id = make_short_id(division.gid)
    for vote in division.votes:
        speaker = speakers[_make_speaker_key(vote, debate.house, debate.date)]
        yield (
            *(id, vote.name, vote.vote, vote.teller, vote.member_id, vote.proxy),
            *(speaker.person_id, speaker.source_person_id),
        )


def _build_wording_rows(first: int, editions: Sequence[Edition], speeches: Sequence[Sequence[Row]]) -> list[Row]:
    """Build the rows of editions, with the time when their words or speaker changed (None: they did not)."""
    if not editions:
        return []
    known = {row[ID_INDEX]: (row[TEXT_INDEX], row[SINCE_INDEX]) for debate in speeches for row in debate}
    rows = []
    for n, each in enumerate(editions, first):
        text, since = known.get(each.speech_id, (each.text, ""))
        is_changed = each.text != text or each.other_speaker
        rows.append(build_wording_row(n, each, max(since, each.provenance.received) if is_changed else None))
    return rows


def build_wording_row(id: int, e: Edition, changed: str | None = None) -> Row:
    """Build the row of an edition in the table wordings; `changed` is the time of its change."""
    columns = (e.provenance.source, e.provenance.edition, e.provenance.response_id, e.provenance.received)
    return (
        id,
        e.speech_id,
        *columns,
        e.source_gid,
        e.speaker,
        e.office,
        e.column,
        e.text,
        e.score,
        e.evidence,
        int(e.other_speaker),
        changed,
    )


def _build_withdrawn_row(id: int, day: Day, withdrawn: WithdrawnSpeech) -> Row:
    s, provenance = withdrawn.item, withdrawn.provenance
    citation = format_citation(day.kind, day.date, s.column, None)
    return (
        *(id, s.gid, withdrawn.debate_id, day.kind, day.date, s.speaker, s.office, s.column),
        *(citation, s.text, provenance.source, provenance.edition, provenance.response_id, provenance.received),
        *(withdrawn.withdrawn, withdrawn.evidence),
    )


def _build_debate_row(first: int, d: Debate, provenance: Provenance, speeches: list[Row]) -> Row:
    return (
        *(first + d.position, d.id, d.gid, d.house, d.kind, d.date, d.position, d.title, d.heading, d.section),
        *(d.column, d.time, d.url, d.hansard_url, d.section_id, _build_address(d), d.volume, d.citation),
        *(len(speeches), sum(row[WORDS_INDEX] for row in speeches)),
        *(provenance.source, provenance.name, provenance.response_id, provenance.sha256, provenance.received),
    )


def _build_address(debate: Debate, paragraph_id: str | None = None) -> str | None:
    if not debate.section_id:
        return None
    return build_hansard_address(debate.house, debate.date, debate.section_id, debate.title, paragraph_id)


def _list_past_rows(day: Day, speakers: Speakers) -> Iterator[Row]:
    """Yield the rows of past_speeches, without their ids, of what has a place in one of the debates of today."""
    places: dict[str, tuple[Debate, int]] = {}
    for debate in day.debates:
        places[debate.gid] = debate, debate.position
        places |= {item.gid: (debate, position) for position, item in debate.speeches}
    for each in day.past:
        if place := places.get(each.after or each.gid):
            yield _build_past_row(each, *place, each.gid in places, speakers)


def _build_past_row(past: PastSpeech, debate: Debate, place: int, is_there: bool, speakers: Speakers) -> Row:
    item, provenance = past.item, past.provenance
    position = place + (past.order / 1000 if past.after else 0)
    head = (make_short_id(past.gid), int(bool(item)), past.from_day, past.to_day, past.gid, debate.id, position)
    if not item or not provenance:
        nothing = ("", 0, None, None, "", "", "", 0, "")
        return (*head, "", debate.house, debate.date, *[None] * 7, *nothing, *NO_SPEAKER[1:])
    speaker = _find_speaker(item, debate, speakers)
    url = f"{debate.url}#{make_fragment(past.gid)}" if debate.url and is_there else None
    return (
        *(*head, item.kind, debate.house, debate.date, speaker.person_id, item.member_id, item.speaker, item.office),
        *(item.question_number, item.time, item.column, item.text, count_words(item.text), url, item.hansard_url),
        format_citation(debate.kind, debate.date, item.column or debate.column, debate.volume),
        *(provenance.source, provenance.edition, provenance.response_id, provenance.received, *speaker[1:]),
    )


def _find_speaker(item: Speech, debate: Debate, speakers: Speakers) -> ResolvedSpeaker:
    if item.speaker is None and item.member_id is None and item.person_id is None:
        return NO_SPEAKER
    return speakers[_make_speaker_key(item, debate.house, debate.date)]


def _build_speech_row(
    first: int,
    debate: Debate,
    position: int,
    item: Turn,
    provenance: Provenance,
    since: Mapping[str, Provenance],
    speakers: Speakers,
) -> Row:
    gid = item.gid
    head = (first + position, make_short_id(gid), gid, debate.id, position)
    url = f"{debate.url}#{make_fragment(gid)}" if debate.url and gid.startswith(GID_PREFIX) else None
    citation = format_citation(debate.kind, debate.date, item.column or debate.column, debate.volume)
    first_came = since.get(gid, provenance)
    source = (
        *(provenance.source, provenance.edition, provenance.response_id, provenance.received),
        *(first_came.received, first_came.edition, first_came.response_id),
    )
    if isinstance(item, Division):
        no_speaker = (None, None, None, None, None)
        tail = (url, item.hansard_url, None, None, _build_address(debate), citation, item.damage, *source)
        facts = ("division", debate.house, debate.date, *no_speaker, item.time, item.column)
        return (*head, *facts, "", 0, None, *tail, *NO_SPEAKER[1:])
    s, speaker = item, _find_speaker(item, debate, speakers)
    turn = s.turn_id or parse_old_page_id(s.hansard_url)
    return (
        *(*head, s.kind, debate.house, debate.date, speaker.person_id, s.member_id, s.speaker, s.office),
        s.question_number,
        *(s.time, s.column, s.text, count_words(s.text), s.markup, url, s.hansard_url, turn, s.paragraph_id),
        *(_build_address(debate, s.paragraph_id), citation, s.damage, *source, *speaker[1:]),
    )


def count_words(text: str) -> int:
    """Count the words of a plain text, separated by white space."""
    blanks = text.count("\n\n")
    if "\t" in text or text.count("\n") != 2 * blanks:  # a table or a list, whose cells may be empty
        return len(text.split())
    return text.count(" ") + blanks + bool(text)
