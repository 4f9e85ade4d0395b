"""From archive.db to statements.db: which days have changed, and a day's records from all its documents."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from db.archive import responses as archive
from db.gid import id_of
from db.records.errors import ParseError
from db.records.hansard import Day, Speech
from db.records.source import Told
from db.records.topic import Mention, Topic
from db.statements import corrections as amend
from db.statements import store
from db.statements.people import resolve
from db.statements.row_builders import Quarantined
from scrapers.load.apply_corrections import corrected
from scrapers.load.assemble_day import assemble
from scrapers.load.match_speeches import Person
from scrapers.load.merge_sources import Read, merge
from scrapers.load.other_sources import tellings
from scrapers.scope.topics import mentions, names
from scrapers.sources.registry import SOURCES, XML
from scrapers.sources.theyworkforyou.schema_check import is_written

BATCH = 60  # days in one transaction
Files = dict[tuple[str, str], str]  # source and name to the versions there are of it
Scope = tuple[Sequence[Topic], bool]  # topics, and whether debates are kept that name none


class Unit(NamedTuple):
    """A day of a kind that is to be loaded: its documents, and the mark that says which they were."""

    kind: str
    date: str
    files: Files
    mark: str


def pending(received: sqlite3.Connection, derived: sqlite3.Connection, scope: Scope, people: str) -> list[Unit]:
    """The days whose rows are not what their documents, the parsers, the topics and the scope give, oldest first.

    `people` stands for who is known: it decides with the words which turns of two sources are one.
    """
    days: dict[tuple[str, str], Files] = defaultdict(dict)
    for source in SOURCES.values():
        for name, versions in archive.latest(received, source.id):
            if unit := source.unit(name):
                days[unit][source.id, name] = versions
    store.forget(derived, store.loaded(derived).keys() - days.keys())
    for (kind, date), later in amend.amending(derived).items():
        for other in later:
            days[kind, date] |= {at: has for at, has in days.get((kind, other), {}).items() if at[0] == XML}
    topics, everything = scope
    looked_for = [(t.id, t.start, t.end, t.kinds, t.phrases) for t in topics]
    known, basis = (
        store.loaded(derived),
        json.dumps([looked_for, everything, [(s.id, s.version) for s in SOURCES.values()]]),
    )
    units = [
        Unit(kind, date, files, _mark(basis, files, people))
        for (kind, date), files in sorted(days.items(), key=lambda day: store.base(*day[0]))
    ]
    return [unit for unit in units if known.get((unit.kind, unit.date)) != unit.mark]


def _mark(basis: str, files: Files, people: str) -> str:
    matched = people if any(source != XML for source, _ in files) else ""
    return sha256(json.dumps([basis, matched, *files.items()]).encode()).hexdigest()


def load(
    received: sqlite3.Connection,
    derived: sqlite3.Connection,
    scope: Scope,
    person: Person,
    people: str,
    done: Callable[[int, int, str], None],
) -> Iterator[Quarantined]:
    """Load the days that are pending, a batch of them in one transaction, and yield what could not be read.

    A day may turn out to amend another, which then is pending too. `done` is called after each day with its number, how
    many there are, and its name.
    """
    tried: set[str] = set()
    while units := [unit for unit in pending(received, derived, scope, people) if unit.mark not in tried]:
        tried |= {unit.mark for unit in units}
        for start in range(0, len(units), BATCH):
            with store.writing(derived) as saved:
                for number, unit in enumerate(units[start : start + BATCH], start + 1):
                    yield from _load_day(received, derived, saved, unit, scope, person)
                    done(number, len(units), f"{unit.kind} {unit.date}")
                resolve(derived, [(first, first + store.ROOM - 1) for first in saved])


def _load_day(
    received: sqlite3.Connection,
    derived: sqlite3.Connection,
    saved: list[int],
    unit: Unit,
    scope: Scope,
    person: Person,
) -> list[Quarantined]:
    topics, everything = scope
    reads, bad = _read(received, unit)
    day, problems = _day(unit, reads, person)
    bad += [_quarantined(problem.what, told) for problem in problems for told in [_newest(reads, problem.name)]]
    if is_written(unit.kind, unit.date):
        found = amend.elsewhere(derived, unit.kind, unit.date, day.debates)
        amend.note(derived, saved, unit.kind, unit.date, found)
        day = _without(day, found.again)
    named = mentions(topics, day)
    day = day if everything else about(day, _naming(topics, day, named))
    mark = "" if bad else unit.mark  # a day with a bad document is tried again each time
    try:
        store.save_day(derived, saved, day, named, bad, mark)
    except sqlite3.IntegrityError as error:
        why = f"it holds an address of another day: {error}"
        bad += [_quarantined(why, read.told) for each in reads.values() for read in each if read.newest]
        store.save_day(derived, saved, Day(unit.kind, unit.date, (), ()), [], bad, "")
    return bad


def _day(unit: Unit, reads: dict[str, list[Read]], person: Person) -> tuple[Day, list[ParseError]]:
    """The records of a day from everything that was read of it."""
    files = reads.get(XML, [])
    documents, later = [read.document for read in files if read.newest], dict[str, str]()
    if is_written(unit.kind, unit.date):
        documents, later = corrected(unit.date, documents)
    day, problems = assemble(unit.kind, unit.date, documents)
    others = [
        telling
        for source, each in reads.items()
        if source != XML
        for telling in tellings(source, unit.kind, unit.date, each)
    ]
    merged = merge(day, files, others, person)
    told = {gid: _newest(reads, name) for gid, name in later.items()}
    return merged._replace(told={**told, **merged.told}), problems


def _without(day: Day, ids: frozenset[str]) -> Day:
    """A day without some of its debates, and without what leads to them."""
    gone = {debate.gid for debate in day.debates if debate.id in ids}
    return day._replace(
        debates=tuple(debate for debate in day.debates if debate.gid not in gone),
        redirects=tuple(redirect for redirect in day.redirects if redirect.gid not in gone),
    )


def _read(received: sqlite3.Connection, unit: Unit) -> tuple[dict[str, list[Read]], list[Quarantined]]:
    """Every version that can be read of each document, by source, newest first, and the newest that cannot."""
    reads: dict[str, list[Read]] = defaultdict(list)
    bad: list[Quarantined] = []
    for id, name in unit.files:
        newest = True
        for number, version in enumerate(archive.versions(received, id, name)):
            response = version.response
            told = Told(id, name, SOURCES[id].edition, version.id, version.sha256, response.fetched_at)
            try:
                document = SOURCES[id].parse(response)
            except ParseError as error:
                bad += [_quarantined(error.what, told)] if number == 0 else []
            else:
                told = told._replace(edition=document.letter) if id == XML else told
                reads[id].append(Read(document, told, newest))
                newest = False
    return reads, bad


def _newest(reads: dict[str, list[Read]], name: str) -> Told:
    return next(read.told for each in reads.values() for read in each if read.told.name == name)


def _quarantined(why: str, told: Told) -> Quarantined:
    return Quarantined(told.source, told.name, told.sha256, told.received, why)


def _naming(topics: Sequence[Topic], day: Day, named: Sequence[Mention]) -> set[str]:
    """The ids of speeches and debates that name a topic, in the best wording or in any other."""
    others = {edition.speech_id for edition in day.editions if names(topics, day.kind, day.date, edition.text)}
    return others | {mention.speech_id or mention.debate_id or "" for mention in named}


def about(day: Day, named: set[str]) -> Day:
    """A day's debates that are named or hold what is, whole, and the redirects to them (and to what no file holds)."""
    kept = tuple(d for d in day.debates if d.id in named or any(id_of(s.gid) in named for _, s in d.speeches))
    here = {d.id for d in kept}
    gone = {gid for d in day.debates if d.id not in here for gid in (d.gid, *(s.gid for _, s in d.speeches))}
    said = {id_of(item.gid) for d in kept for _, item in d.speeches if isinstance(item, Speech)}
    return day._replace(
        debates=kept,
        redirects=tuple(r for r in day.redirects if r.gid not in gone),
        editions=tuple(edition for edition in day.editions if edition.speech_id in said),
        doubts=tuple(doubt for doubt in day.doubts if doubt.speech_id in said),
    )
