"""Incremental loading from archive.db to statements.db: find the days that have changed, and load each again.

A day is one kind on one date with all its documents: the unit of loading.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from db.archive import responses as archive
from db.gid import make_short_id
from db.records.hansard import Day, Document, Speech
from db.records.source import ParseError, Provenance, RefusedUnit, Response
from db.records.topic import Mention, Topic
from db.statements import corrections, store
from db.statements.people import resolve_speakers
from db.statements.row_builders import QuarantinedDocument
from scrapers.audit.compare import VERSION as AUDIT_VERSION
from scrapers.load.apply_corrections import apply_corrections
from scrapers.load.assemble_day import assemble_day
from scrapers.load.merge_sources import merge_sources
from scrapers.load.other_sources import ParsedVersion, read_source_debates
from scrapers.load.same_turn import FindPerson
from scrapers.scope.topics import find_mentions, has_mention
from scrapers.sources.registry import PRIMARY_SOURCE, SOURCES
from scrapers.sources.theyworkforyou.schema_check import has_parliament_html

BATCH = 60  # days in one transaction
Files = dict[tuple[str, str], str]  # source and name of each document, with the mark of its versions
Scope = tuple[Sequence[Topic], bool]  # topics, and True to keep debates without a mention too
AuditDocument = Callable[[Response, Document], Document]  # refuses what differs from an independent reading
ParsedVersions = dict[str, list[ParsedVersion]]  # by source, the newest version of each document first


class PendingDay(NamedTuple):
    """A day to load: its documents, and the fingerprint of everything that its rows are made from."""

    kind: str
    date: str
    files: Files
    fingerprint: str


def find_pending_days(
    received: sqlite3.Connection, derived: sqlite3.Connection, scope: Scope, people: str
) -> list[PendingDay]:
    """Find the days whose documents, parsers, topics or scope have changed since they were loaded, oldest first.

    `people` is the fingerprint of the register of people, which is used to match the turns of two sources.
    """
    days: dict[tuple[str, str], Files] = defaultdict(dict)
    for source in SOURCES.values():
        for name, mark in archive.list_document_marks(received, source.id):
            if unit := source.parse_document_name(name):
                days[unit][source.id, name] = mark
    store.unload_days(derived, store.read_fingerprints(derived).keys() - days.keys())
    for (kind, date), later in corrections.read_amending_days(derived).items():
        for other in later:
            days[kind, date] |= {
                key: mark for key, mark in days.get((kind, other), {}).items() if key[0] == PRIMARY_SOURCE
            }
    topics, everything = scope
    searches = [(t.id, t.start, t.end, t.kinds, t.phrases) for t in topics]
    basis = json.dumps([searches, everything, [(s.id, s.version) for s in SOURCES.values()], AUDIT_VERSION])
    loaded = store.read_fingerprints(derived)
    found = [
        PendingDay(kind, date, files, _make_fingerprint(basis, files, people))
        for (kind, date), files in sorted(days.items(), key=lambda day: store.compute_first_rowid(*day[0]))
    ]
    return [day for day in found if loaded.get((day.kind, day.date)) != day.fingerprint]


def _make_fingerprint(basis: str, files: Files, people: str) -> str:
    matched = people if any(source != PRIMARY_SOURCE for source, _ in files) else ""
    return sha256(json.dumps([basis, matched, *files.items()]).encode()).hexdigest()


def load_days(
    received: sqlite3.Connection,
    derived: sqlite3.Connection,
    scope: Scope,
    find_person: FindPerson,
    people: str,
    report_day: Callable[[int, int, str], None],
    audit: AuditDocument,
) -> Iterator[QuarantinedDocument]:
    """Load the pending days, a batch of them in one transaction, and yield the documents that could not be read.

    A loaded day may amend another day, which is then pending too. `report_day` is called after each day with its
    number, the number of days, and its name. `audit` is called with the newest version of each document.
    """
    loaded: set[str] = set()
    while days := [day for day in find_pending_days(received, derived, scope, people) if day.fingerprint not in loaded]:
        loaded |= {day.fingerprint for day in days}
        for start in range(0, len(days), BATCH):
            with store.open_write_transaction(derived) as saved:
                for number, pending in enumerate(days[start : start + BATCH], start + 1):
                    yield from _load_day(received, derived, saved, pending, scope, find_person, audit)
                    report_day(number, len(days), f"{pending.kind} {pending.date}")
                resolve_speakers(derived, [(first, first + store.ROWIDS_PER_DAY - 1) for first in saved])


def _load_day(
    received: sqlite3.Connection,
    derived: sqlite3.Connection,
    saved: list[int],
    pending: PendingDay,
    scope: Scope,
    find_person: FindPerson,
    audit: AuditDocument,
) -> list[QuarantinedDocument]:
    topics, everything = scope
    kind, date = pending.kind, pending.date
    versions, bad = _read_versions(received, pending, audit)
    day, problems = _build_day(pending, versions, find_person)
    bad += [_quarantine(problem.what, _find_newest(versions, problem.name)) for problem in problems]
    if has_parliament_html(kind, date):
        corrected = corrections.find_corrected_days(derived, kind, date, day.debates)
        corrections.enter_amendments(derived, saved, kind, date, corrected)
        day = _remove_debates(day, corrected.again)
    mentions = find_mentions(topics, day)
    day = day if everything else keep_mentioned_debates(day, _list_mentioned_ids(topics, day, mentions))
    fingerprint = "" if bad else pending.fingerprint  # a day with a bad document is loaded again in every run
    try:
        store.save_day(derived, saved, day, mentions, bad, fingerprint)
    except sqlite3.IntegrityError as error:
        reason = f"it holds an address of another day: {error}"
        bad += [
            _quarantine(reason, version.provenance) for each in versions.values() for version in each if version.newest
        ]
        store.save_day(derived, saved, Day(kind=kind, date=date, debates=(), redirects=()), [], bad, "")
    return bad


def _build_day(pending: PendingDay, versions: ParsedVersions, find_person: FindPerson) -> tuple[Day, list[ParseError]]:
    """Build the records of a day from every version of its documents; return them with the problems found."""
    kind, date = pending.kind, pending.date
    files = versions.get(PRIMARY_SOURCE, [])
    documents, later = [version.document for version in files if version.newest], dict[str, str]()
    if has_parliament_html(kind, date):
        documents, later = apply_corrections(date, documents)
    day, problems = assemble_day(kind, date, documents)
    others = [
        debate
        for source, each in versions.items()
        if source != PRIMARY_SOURCE
        for debate in read_source_debates(source, kind, date, each)
    ]
    merged = merge_sources(day, files, others, find_person)
    provenance = {gid: _find_newest(versions, name) for gid, name in later.items()}
    return merged._replace(provenance={**provenance, **merged.provenance}), problems


def _remove_debates(day: Day, ids: frozenset[str]) -> Day:
    """Return a day without some of its debates, and without the redirects to them."""
    gone = {debate.gid for debate in day.debates if debate.id in ids}
    return day._replace(
        debates=tuple(debate for debate in day.debates if debate.gid not in gone),
        redirects=tuple(redirect for redirect in day.redirects if redirect.gid not in gone),
        withdrawn=tuple(each for each in day.withdrawn if each.debate_id not in ids),
    )


def _read_versions(
    received: sqlite3.Connection, pending: PendingDay, audit: AuditDocument
) -> tuple[ParsedVersions, list[QuarantinedDocument]]:
    """Parse every version of each document of a day; return the readable ones, and newest versions that are not."""
    versions: ParsedVersions = defaultdict(list)
    bad: list[QuarantinedDocument] = []
    for id, name in pending.files:
        newest = True
        for number, version in enumerate(archive.read_versions(received, id, name)):
            response = version.response
            provenance = Provenance(
                source=id,
                name=name,
                edition=SOURCES[id].edition,
                response_id=version.id,
                sha256=version.sha256,
                received=response.fetched_at,
            )
            try:
                document = SOURCES[id].parse(response)
                document = audit(response, document) if newest else document
            except ParseError as error:
                bad += [_quarantine(error.what, provenance)] if number == 0 else []
            else:
                if id == PRIMARY_SOURCE:
                    provenance = provenance._replace(edition=document.letter)
                versions[id].append(ParsedVersion(document, provenance, newest))
                bad += [_quarantine_unit(unit, provenance) for unit in document.refused] if newest else []
                newest = False
    return versions, bad


def _find_newest(versions: ParsedVersions, name: str) -> Provenance:
    return next(version.provenance for each in versions.values() for version in each if version.provenance.name == name)


def _quarantine(reason: str, provenance: Provenance) -> QuarantinedDocument:
    return QuarantinedDocument(
        source=provenance.source,
        name=provenance.name,
        sha256=provenance.sha256,
        received=provenance.received,
        reason=reason,
    )


def _quarantine_unit(refused: RefusedUnit, provenance: Provenance) -> QuarantinedDocument:
    return _quarantine(refused.reason, provenance)._replace(unit=refused.unit, place=refused.place)


def _list_mentioned_ids(topics: Sequence[Topic], day: Day, mentions: Sequence[Mention]) -> set[str]:
    """List the ids of speeches and debates that mention a topic, in the best edition or in any other."""
    others = {edition.speech_id for edition in day.editions if has_mention(topics, day.kind, day.date, edition.text)}
    for each in day.withdrawn:
        if has_mention(topics, day.kind, day.date, each.item.text):
            others.add(each.debate_id or make_short_id(each.item.gid))
    return others | {mention.speech_id or mention.debate_id or "" for mention in mentions}


def keep_mentioned_debates(day: Day, mentioned: set[str]) -> Day:
    """Keep the debates of a day whose id, or a speech's id, is in `mentioned`, with everything that belongs to them.

    Redirects to debates that are left out are removed; a redirect to a gid that no file has stays.
    """
    debates = tuple(
        d for d in day.debates if d.id in mentioned or any(make_short_id(s.gid) in mentioned for _, s in d.speeches)
    )
    kept_ids = {d.id for d in debates}
    left_out = {gid for d in day.debates if d.id not in kept_ids for gid in (d.gid, *(s.gid for _, s in d.speeches))}
    speech_ids = {make_short_id(item.gid) for d in debates for _, item in d.speeches if isinstance(item, Speech)}
    return day._replace(
        debates=debates,
        redirects=tuple(r for r in day.redirects if r.gid not in left_out),
        editions=tuple(edition for edition in day.editions if edition.speech_id in speech_ids),
        withdrawn=tuple(
            each for each in day.withdrawn if (each.debate_id or make_short_id(each.item.gid)) in kept_ids | mentioned
        ),
        doubts=tuple(doubt for doubt in day.doubts if doubt.speech_id in speech_ids),
    )
