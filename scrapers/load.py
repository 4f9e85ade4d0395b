"""From archive.db to statements.db: which days have changed, and a day's records from its files."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from db import archive, store
from db.gid import id_of
from db.records import Day, Document, Mention, ParseError, Topic
from db.tables import Quarantined, Received
from scrapers import theyworkforyou as source
from scrapers.day import assemble
from scrapers.folders import unit as day_of
from scrapers.topics import mentions

BATCH = 60  # days in one transaction
SOURCES = [
    {
        "id": source.SOURCE,
        "title": "TheyWorkForYou (ParlParse XML)",
        "url": "https://www.theyworkforyou.com/",
        "licence": "Open Parliament Licence v3.0",
    }
]
Files = dict[str, str]  # name to sha256


class Unit(NamedTuple):
    """A day of a kind that is to be loaded: its files, and the mark that says which they were."""

    kind: str
    date: str
    files: Files
    mark: str


def pending(
    received: sqlite3.Connection, derived: sqlite3.Connection, topics: Sequence[Topic], everything: bool
) -> list[Unit]:
    """The days whose rows are not what their files, this parser, these topics and this scope give, oldest first."""
    days: dict[tuple[str, str], Files] = defaultdict(dict)
    for name, digest in archive.latest(received, source.SOURCE):
        if unit := day_of(name):
            days[unit][name] = digest
    known = store.loaded(derived)
    basis = json.dumps([source.VERSION, everything, topics])
    units = [
        Unit(kind, date, files, sha256(json.dumps([basis, *files.items()]).encode()).hexdigest())
        for (kind, date), files in sorted(days.items(), key=lambda day: store.base(*day[0]))
    ]
    store.forget(derived, known.keys() - days.keys())
    return [unit for unit in units if known.get((unit.kind, unit.date)) != unit.mark]


def load(
    received: sqlite3.Connection,
    derived: sqlite3.Connection,
    units: Sequence[Unit],
    topics: Sequence[Topic],
    everything: bool,
    done: Callable[[int, str], None],
) -> Iterator[Quarantined]:
    """Load days, a batch of them in one transaction, and yield what could not be read.

    `done` is called after each day with how many there were, and its name.
    """
    for start in range(0, len(units), BATCH):
        with store.writing(derived) as saved:
            for number, unit in enumerate(units[start : start + BATCH], start + 1):
                yield from _load_day(received, derived, saved, unit, topics, everything)
                done(number, f"{unit.kind} {unit.date}")


def _load_day(
    received: sqlite3.Connection,
    derived: sqlite3.Connection,
    saved: list[int],
    unit: Unit,
    topics: Sequence[Topic],
    everything: bool,
) -> list[Quarantined]:
    documents, origins, bad = _read(received, unit)
    day, problems = assemble(unit.kind, unit.date, documents)
    bad += [Quarantined(origins[problem.name], problem.what) for problem in problems]
    found = mentions(topics, day)
    if not everything:
        day = about(day, found)
    mark = "" if bad else unit.mark  # a day with a bad file is tried again each time
    try:
        store.save_day(derived, saved, source.SOURCE, day, found, origins, bad, mark)
    except sqlite3.IntegrityError as error:
        bad += [Quarantined(origins[d.name], f"it holds an address of another day: {error}") for d in documents]
        empty = Day(unit.kind, unit.date, (), ())
        store.save_day(derived, saved, source.SOURCE, empty, [], origins, bad, "")
    return bad


def _read(received: sqlite3.Connection, unit: Unit) -> tuple[list[Document], dict[str, Received], list[Quarantined]]:
    """The newest version of each file that can be read; what cannot is told, and an older version stands in for it."""
    documents: list[Document] = []
    origins: dict[str, Received] = {}
    bad: list[Quarantined] = []
    for name in unit.files:
        for number, (_, digest, response) in enumerate(archive.versions(received, source.SOURCE, name)):
            origin = Received(name, digest, response.fetched_at)
            origins.setdefault(name, origin)
            try:
                documents.append(source.parse(response))
            except ParseError as error:
                if number == 0:
                    bad.append(Quarantined(origin, error.what))
            else:
                origins[name] = origin
                break
    return documents, origins, bad


def about(day: Day, found: Sequence[Mention]) -> Day:
    """A day's debates that hold a mention, whole, and the redirects to them (and to what no file of the day holds)."""
    named = {mention.speech_id or mention.debate_id for mention in found}
    kept = tuple(d for d in day.debates if d.id in named or any(id_of(s.gid) in named for _, s in d.speeches))
    here = {d.id for d in kept}
    gone = {gid for d in day.debates if d.id not in here for gid in (d.gid, *(s.gid for _, s in d.speeches))}
    return day._replace(debates=kept, redirects=tuple(r for r in day.redirects if r.gid not in gone))
