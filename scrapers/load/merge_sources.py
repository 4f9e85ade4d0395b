"""A day that several documents tell: one row a speech, in the best wording, and every other wording as its edition.

Corrected XML comes before daily XML, that before pages and API: what comes later fills gaps and adds editions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from db.citation import cite
from db.gid import id_of
from db.records.hansard import Day, Debate, Document, Doubt, Edition, Item, Redirect, Speech, Turn
from db.records.source import Told
from scrapers.load.match_speeches import SHORT, SURE, Pair, Person, counterpart, fold

Key = tuple[str, str, str]  # speech, source, text


class Read(NamedTuple):
    """One version of one document, parsed; `newest` of those that can be read."""

    document: Document
    told: Told
    newest: bool


class Telling(NamedTuple):
    """One debate as one document of another source tells it; `where` has the items that came in others of its pages."""

    debate: Debate
    told: Told
    newest: bool
    where: Mapping[str, Told] = {}


class _Merged:
    """What has been put together so far."""

    def __init__(self, day: Day, told: Callable[[str], Told]) -> None:
        self.debates = list(day.debates)
        self.told = {debate.gid: told(debate.name) for debate in day.debates}
        self.editions: dict[Key, Edition] = {}
        self.doubts: list[Doubt] = []
        self.redirects = {redirect.old_gid: redirect for redirect in day.redirects}


def merge(day: Day, reads: Sequence[Read], tellings: Iterable[Telling], person: Person) -> Day:
    """A day of TheyWorkForYou's, `reads` its files in every version, with what other sources tell, the best first."""
    newest = {read.told.name: read.told for read in reads if read.newest}
    merged = _Merged(day, newest.__getitem__)
    _keep_earlier(merged, day, reads)
    for telling in sorted(tellings, key=lambda each: not each.newest):
        _tell(merged, telling, person)
    return day._replace(
        debates=tuple(_numbered(merged.debates)) if tuple(merged.debates) != day.debates else day.debates,
        redirects=tuple(merged.redirects.values()),
        told=merged.told,
        editions=tuple(merged.editions.values()),
        doubts=tuple(merged.doubts),
    )


def _keep_earlier(merged: _Merged, day: Day, reads: Sequence[Read]) -> None:
    """Wordings that older letters and older versions of the day's files hold, found by address."""
    if all(read.newest and not read.document.obsolete for read in reads) and len(reads) <= 1:
        return
    today = {item.gid: item for d in day.debates for _, item in d.speeches if isinstance(item, Speech)}
    leads = {redirect.old_gid: redirect for redirect in day.redirects}
    for read in sorted(reads, key=lambda each: (each.told.received, each.told.response_id)):
        for item in (*read.document.obsolete, *read.document.items):
            led = leads.get(item.gid)
            speech = today.get(led.gid if led else item.gid)
            if isinstance(item, Speech) and speech and item.text and item.text != speech.text:
                why = f"its address leads here ({led.matchtype})" if led else "the same address"
                _keep(merged, speech, item, read.told, 1.0, why)


def _keep(merged: _Merged, speech: Item, item: Speech, told: Told, score: float, evidence: str) -> None:
    """Add a wording; of the same from the same source, that which came first is kept."""
    key = id_of(speech.gid), told.source, item.text
    if (known := merged.editions.get(key)) and known.told.response_id <= told.response_id:
        return
    said = (item.gid, item.speaker, item.office, item.column, item.text)
    merged.editions[key] = Edition(key[0], told, *said, round(score, 3), evidence)


def _tell(merged: _Merged, telling: Telling, person: Person) -> None:
    other = telling.debate
    found = counterpart(merged.debates, other, person)
    if found:
        place, pairs = found
        merged.debates[place] = _joined(merged, merged.debates[place], telling, pairs)
    elif telling.newest:
        merged.debates.insert(_place(merged.debates, other), other)
        merged.told |= {item.gid: told for _, item in other.speeches if (told := telling.where.get(item.gid))}
        merged.told[other.gid] = telling.told


def _place(debates: Sequence[Debate], other: Debate) -> int:
    """Behind the last debate that begins in the same column or before; at the end where it has no column."""
    column = _number(other.column)
    if not column:
        return len(debates)
    return max((n for n, debate in enumerate(debates, 1) if 0 < _number(debate.column) <= column), default=0)


def _number(column: str | None) -> int:
    digits = "".join(filter(str.isdigit, column or ""))
    return int(digits) if digits else 0


def _joined(merged: _Merged, debate: Debate, telling: Telling, pairs: Sequence[Pair]) -> Debate:
    """A debate with what another source adds: its ids, wordings, and the turns that it alone has."""
    ours = [item for _, item in debate.speeches]
    theirs = [item for _, item in telling.debate.speeches]
    sure = {pair.theirs: pair for pair in pairs if pair.score >= SURE}
    doubtful = {pair.theirs: pair for pair in pairs if pair.score < SURE}
    added: dict[int, list[Turn]] = {}
    last = -1
    for n, item in enumerate(theirs):
        told = telling.where.get(item.gid, telling.told)
        if n in sure:
            last = sure[n].ours
            own = merged.told.get(ours[last].gid) or merged.told[debate.gid]
            ours[last] = _same(merged, ours[last], own, item, told, sure[n])
        elif telling.newest and not _within(item, ours):
            added.setdefault(last, []).append(item)
            merged.told[item.gid] = told
            if n in doubtful:
                merged.doubts.append(_doubt(ours[doubtful[n].ours], item, telling.told.source, doubtful[n]))
    items = [*added.get(-1, []), *(each for n, item in enumerate(ours) for each in (item, *added.get(n, [])))]
    volume = debate.volume or telling.debate.volume
    return debate._replace(
        speeches=tuple(enumerate(items, debate.position + 1)),
        section_id=debate.section_id or telling.debate.section_id,
        volume=volume,
        citation=cite(debate.kind, debate.date, debate.column, volume),
    )


def _same(merged: _Merged, ours: Turn, own: Told, theirs: Turn, told: Told, pair: Pair) -> Turn:
    if not (isinstance(ours, Speech) and isinstance(theirs, Speech)):
        if ours.gid != theirs.gid:  # a speech's address is kept with its wording, but a division has none
            merged.redirects.setdefault(theirs.gid, Redirect(theirs.gid, ours.gid, "the same division"))
        return ours
    if own.source != told.source or ours.text != theirs.text:  # a debate may come twice from a source, in two answers
        _keep(merged, ours, theirs, told, pair.score, pair.evidence)
    paragraph, turn = ours.paragraph_id or theirs.paragraph_id, ours.turn_id or theirs.turn_id
    return ours._replace(paragraph_id=paragraph, turn_id=turn)


def _within(item: Turn, ours: Sequence[Turn]) -> bool:
    """Does one of our turns hold these words already, and more? Few words of a person's are never taken for that."""
    if not isinstance(item, Speech):
        return False
    words = fold(item.text)
    if item.speaker and len(words) < SHORT:
        return False
    others = (fold(each.text) for each in ours if isinstance(each, Speech))
    return not words or any(words != other and f" {words} " in f" {other} " for other in others)


def _doubt(candidate: Turn, item: Turn, source: str, pair: Pair) -> Doubt:
    return Doubt(id_of(item.gid), id_of(candidate.gid), source, round(pair.score, 3), pair.evidence)


def _numbered(debates: Iterable[Debate]) -> Iterable[Debate]:
    """Debates with places in the day, one after another."""
    position = 1
    for debate in debates:
        items = [item for _, item in debate.speeches]
        yield debate._replace(position=position, speeches=tuple(enumerate(items, position + 1)))
        position += 1 + len(items)
