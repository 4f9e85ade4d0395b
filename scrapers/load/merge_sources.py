"""Merging of sources into a day: each speech once, in its best edition, with all its other editions.

Corrected XML ranks before daily XML, and that before pages and APIs; a later source fills gaps and adds editions.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from db.citation import format_citation
from db.gid import make_short_id
from db.records.hansard import Day, Debate, Division, Doubt, Edition, Item, Redirect, Speech, Turn, WithdrawnSpeech
from db.records.source import Provenance
from scrapers.load.day_files import DayFiles
from scrapers.load.division_votes import join_divisions
from scrapers.load.earlier_speeches import read_earlier_record
from scrapers.load.match_speeches import SURE_SCORE, TurnPair, find_counterpart
from scrapers.load.other_sources import ParsedVersion, SourceDebate
from scrapers.load.past_speeches import PastRecord, read_past_speeches
from scrapers.load.same_turn import SHORT_TEXT, FindPerson, compare_speakers, fold_words

Key = tuple[str, str, str, str]  # speech, source, text; the address, if another speaker is named


class Match(NamedTuple):
    """The certainty, from 0 to 1, that a text is an edition of a speech, with its evidence.

    `other_speaker` is True if the text surely names somebody else as the speaker.
    """

    score: float
    evidence: str
    other_speaker: bool


class _MergedDay:
    """The day under construction: debates in their order, with editions, doubts and redirects."""

    def __init__(self, day: Day, provenance: Callable[[str], Provenance]) -> None:
        self.debates = list(day.debates)
        self.used = {gid for d in day.debates for gid in (d.gid, *(item.gid for _, item in d.speeches))}
        self.provenance = {debate.gid: provenance(debate.name) for debate in day.debates}
        self.editions: dict[Key, Edition] = {}
        self.doubts: list[Doubt] = []
        self.withdrawn: list[WithdrawnSpeech] = []
        self.past = PastRecord([], {})
        self.redirects = {redirect.old_gid: redirect for redirect in day.redirects}

    def take_gid(self, gid: str, source: str) -> str:
        """Return the gid of a new debate or turn: its own, or, if another has that, one with the source's name."""
        while gid in self.used:
            gid = f"{gid}.{source}"
        self.used.add(gid)
        return gid


def merge_sources(
    day: Day, versions: Sequence[ParsedVersion], others: Iterable[SourceDebate], find_person: FindPerson
) -> Day:
    """Merge the debates of other sources, the best source first, into a day of TheyWorkForYou's.

    `versions` are the day's files in every version: older wordings become editions.
    """
    newest = {version.provenance.name: version.provenance for version in versions if version.newest}
    merged = _MergedDay(day, newest.__getitem__)
    _add_earlier_record(merged, day, versions, find_person)
    for other in sorted(others, key=lambda each: not each.newest):
        _merge_debate(merged, other, find_person)
    return day._replace(
        debates=tuple(_renumber(merged.debates)) if tuple(merged.debates) != day.debates else day.debates,
        redirects=tuple(merged.redirects.values()),
        provenance=merged.provenance,
        editions=tuple(merged.editions.values()),
        doubts=tuple(merged.doubts),
        withdrawn=tuple(merged.withdrawn),
        past=tuple(merged.past.past),
        since=merged.past.since,
    )


def _add_earlier_record(
    merged: _MergedDay, day: Day, versions: Sequence[ParsedVersion], find_person: FindPerson
) -> None:
    """Add the wordings and speakers in older letters and older versions of the day's files, and what was withdrawn."""
    if len(versions) <= 1 and not any(version.document.obsolete for version in versions):
        return
    files = DayFiles(day, versions, find_person)
    earlier = read_earlier_record(files)
    merged.past = read_past_speeches(files, earlier)
    for item, provenance, speech, evidence in earlier.editions:
        other_speaker = compare_speakers(item, speech, find_person) == "other"
        if item.text != speech.text or other_speaker:
            _add_edition(merged, speech, item, provenance, Match(1.0, evidence, other_speaker))
    merged.withdrawn = earlier.withdrawn
    merged.redirects |= earlier.redirects
    for each in earlier.withdrawn:
        merged.redirects.pop(each.item.gid, None)


def _add_edition(merged: _MergedDay, speech: Item, item: Speech, provenance: Provenance, match: Match) -> None:
    """Add an edition; if a source has given the same words before, keep the first response.

    One that names another speaker is kept for each of its addresses, since a quote may have been made at any of them.
    """
    key = make_short_id(speech.gid), provenance.source, item.text, item.gid if match.other_speaker else ""
    if (known := merged.editions.get(key)) and known.provenance.response_id <= provenance.response_id:
        return
    merged.editions[key] = Edition(
        speech_id=key[0],
        provenance=provenance,
        source_gid=item.gid,
        speaker=item.speaker,
        office=item.office,
        column=item.column,
        text=item.text,
        score=round(match.score, 3),
        evidence=match.evidence,
        other_speaker=match.other_speaker,
    )


def _merge_debate(merged: _MergedDay, other: SourceDebate, find_person: FindPerson) -> None:
    """Join another source's debate with its counterpart; insert it if it has none and is the newest version."""
    debate = other.debate
    found = find_counterpart(merged.debates, debate, find_person)
    if found:
        place, pairs = found
        merged.debates[place] = _join_debates(merged, merged.debates[place], other, pairs, find_person)
    elif other.newest:
        _insert_debate(merged, other)


def _insert_debate(merged: _MergedDay, other: SourceDebate) -> None:
    """Insert a debate that no other source has; what has the address of another turn gets one of its own."""
    source, debate, speeches = other.provenance.source, other.debate, []
    gid = merged.take_gid(debate.gid, source)
    for position, item in debate.speeches:
        own = gid if item.gid == debate.gid else merged.take_gid(item.gid, source)
        speeches.append((position, item._replace(gid=own)))
        if provenance := other.where.get(item.gid):
            merged.provenance[own] = provenance
    placed = debate._replace(gid=gid, id=make_short_id(gid), speeches=tuple(speeches))
    merged.debates.insert(_find_place(merged.debates, debate), placed)
    merged.provenance[gid] = other.provenance


def _find_place(debates: Sequence[Debate], other: Debate) -> int:
    """Return the place after the last debate that begins in the same column or before; without a column, the end."""
    column = read_column_number(other.column)
    if not column:
        return len(debates)
    return max((n for n, debate in enumerate(debates, 1) if 0 < read_column_number(debate.column) <= column), default=0)


def read_column_number(column: str | None) -> int:
    """Return the number in a column as printed, or 0 if it has none, or one that no volume could have.

    >>> [read_column_number(column) for column in ("929", "WA115", "598W", "²", "9" * 5000, None)]
    [929, 115, 598, 0, 0, 0]
    """
    digits = re.sub(r"[^0-9]", "", column or "")
    return int(digits) if 0 < len(digits) < 10 else 0


def _join_debates(
    merged: _MergedDay, debate: Debate, other: SourceDebate, pairs: Sequence[TurnPair], find_person: FindPerson
) -> Debate:
    """Add to a debate the ids, editions and additional turns of another source's."""
    ours = [item for _, item in debate.speeches]
    theirs = [item for _, item in other.debate.speeches]
    sure = {pair.theirs: pair for pair in pairs if pair.score >= SURE_SCORE}
    doubtful = {pair.theirs: pair for pair in pairs if pair.score < SURE_SCORE}
    added: dict[int, list[Turn]] = {}
    last = -1
    for n, item in enumerate(theirs):
        provenance = other.where.get(item.gid, other.provenance)
        if n in sure:
            last = sure[n].ours
            own = merged.provenance.get(ours[last].gid) or merged.provenance[debate.gid]
            match = _make_match(sure[n], ours[last], item, find_person)
            ours[last] = _join_turns(merged, ours[last], own, item, provenance, match)
        elif other.newest and not _is_contained(item, ours):
            item = item._replace(gid=merged.take_gid(item.gid, provenance.source))
            added.setdefault(last, []).append(item)
            merged.provenance[item.gid] = provenance
            if n in doubtful:
                merged.doubts.append(_make_doubt(ours[doubtful[n].ours], item, other.provenance.source, doubtful[n]))
    items = [*added.get(-1, []), *(each for n, item in enumerate(ours) for each in (item, *added.get(n, [])))]
    volume = debate.volume or other.debate.volume
    return debate._replace(
        speeches=tuple(enumerate(items, debate.position + 1)),
        section_id=debate.section_id or other.debate.section_id,
        volume=volume,
        citation=format_citation(debate.kind, debate.date, debate.column, volume),
    )


def _make_match(pair: TurnPair, ours: Turn, theirs: Turn, find_person: FindPerson) -> Match:
    other_speaker = (
        isinstance(ours, Speech)
        and isinstance(theirs, Speech)
        and compare_speakers(theirs, ours, find_person) == "other"
    )
    return Match(pair.score, pair.evidence, other_speaker)


def _join_turns(
    merged: _MergedDay, ours: Turn, own: Provenance, theirs: Turn, provenance: Provenance, match: Match
) -> Turn:
    if not (isinstance(ours, Speech) and isinstance(theirs, Speech)):
        if ours.gid != theirs.gid:  # an edition has the speech's gid, but a division has no editions
            merged.redirects.setdefault(theirs.gid, Redirect(theirs.gid, ours.gid, "the same division"))
        if isinstance(ours, Division) and isinstance(theirs, Division) and own.source != provenance.source:
            return join_divisions(ours, theirs, provenance.source)
        return ours
    if own.source != provenance.source or ours.text != theirs.text:  # a source may give a debate twice
        _add_edition(merged, ours, theirs, provenance, match)
    paragraph, turn = ours.paragraph_id or theirs.paragraph_id, ours.turn_id or theirs.turn_id
    return ours._replace(paragraph_id=paragraph, turn_id=turn)


def _is_contained(item: Turn, ours: Sequence[Turn]) -> bool:
    """Return True if one of our turns has these words and more; a short text of a person never counts as contained."""
    if not isinstance(item, Speech):
        return False
    words = fold_words(item.text)
    if item.speaker and len(words) < SHORT_TEXT:
        return False
    others = (fold_words(each.text) for each in ours if isinstance(each, Speech))
    return not words or any(words != other and f" {words} " in f" {other} " for other in others)


def _make_doubt(candidate: Turn, item: Turn, source: str, pair: TurnPair) -> Doubt:
    return Doubt(
        speech_id=make_short_id(item.gid),
        candidate_id=make_short_id(candidate.gid),
        source=source,
        score=round(pair.score, 3),
        evidence=pair.evidence,
    )


def _renumber(debates: Iterable[Debate]) -> Iterable[Debate]:
    """Yield debates with positions in the day, one after another."""
    position = 1
    for debate in debates:
        items = [item for _, item in debate.speeches]
        yield debate._replace(position=position, speeches=tuple(enumerate(items, position + 1)))
        position += 1 + len(items)
