"""Incremental loading from archive.db to statements.db: load each day again that has changed.

A day is one kind on one date with all its documents: the unit of loading.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from db.gid import make_short_id
from db.records.hansard import Day, Debate, Speech
from db.records.source import ParseError, RefusedUnit
from db.records.topic import Mention, Topic
from db.sqlite import INTEGRITY_ERRORS
from db.statements import corrections, store
from db.statements.row_builders import QuarantinedDocument
from scrapers.load.apply_corrections import apply_corrections
from scrapers.load.assemble_day import assemble_day
from scrapers.load.isolation import (
    FORESEEN,
    Failure,
    ReportFault,
    catch_failure,
    describe_failure,
    isolate_faults,
)
from scrapers.load.merge_sources import merge_sources
from scrapers.load.other_sources import read_source_debates
from scrapers.load.parsed_versions import (
    AuditDocument,
    DocumentKey,
    ParsedVersions,
    find_newest,
    list_documents,
    quarantine_document,
    quarantine_unit,
    quarantine_units,
    read_versions,
    refuse_strays,
    select_versions,
)
from scrapers.load.pending_days import UNKNOWN_KIND, PendingDay, Scope, find_pending_days
from scrapers.load.same_turn import FindPerson
from scrapers.scope.topics import find_mentions, has_mention
from scrapers.sources.registry import PRIMARY_SOURCE
from scrapers.sources.theyworkforyou.schema_check import has_parliament_html

BATCH = 60  # days in one transaction
NO_DATE = "its name has a date that there is not"
SAVED_BEFORE = "another debate has its address: "


def load_days(
    received: sqlite3.Connection,
    derived: sqlite3.Connection,
    days: list[PendingDay],
    scope: Scope,
    find_person: FindPerson,
    people: str,
    report_day: Callable[[int, int, str], None],
    audit: AuditDocument,
    report_fault: ReportFault,
) -> Iterator[QuarantinedDocument]:
    """Load the pending days, a batch of them in one transaction, and yield what could not be read.

    A loaded day may amend another day, which is then pending too. `report_day` is called after each day with its
    number, the number of days, and its name; `audit` with the newest version of each document; `report_fault` for each
    document at which the program itself failed.
    """
    loading = _Loading(
        received=received,
        derived=derived,
        scope=scope,
        find_person=find_person,
        audit=audit,
        report_fault=report_fault,
    )
    loaded: set[str] = set()
    while days:
        loaded |= {day.fingerprint for day in days}
        for start in range(0, len(days), BATCH):
            with store.open_write_transaction(derived) as saved:
                for number, pending in enumerate(days[start : start + BATCH], start + 1):
                    yield from _load_day(loading, saved, pending)
                    report_day(number, len(days), f"{pending.kind} {pending.date}")
        again = find_pending_days(received, derived, scope, people)
        days = [day for day in again if day.fingerprint not in loaded]


class _Loading(NamedTuple):
    """The databases, the scope and the callbacks of a load, the same for every day."""

    received: sqlite3.Connection
    derived: sqlite3.Connection
    scope: Scope
    find_person: FindPerson
    audit: AuditDocument
    report_fault: ReportFault


def _load_day(loading: _Loading, saved: list[int], pending: PendingDay) -> list[QuarantinedDocument]:
    """Load a day without the documents that make it fail; return what could not be read."""
    versions, bad = read_versions(loading.received, pending.files, loading.audit, loading.report_fault)
    if pending.kind == UNKNOWN_KIND:
        bad += [quarantine_document(NO_DATE, find_newest(versions, name)) for _, name in list_documents(versions)]
        versions = {}
    elif not has_parliament_html(pending.kind, pending.date):
        versions = refuse_strays(versions, pending.date)

    def save(documents: Sequence[DocumentKey], keep: bool = True) -> list[QuarantinedDocument]:
        context = loading if keep else loading._replace(report_fault=lambda *_: None)
        with store.open_savepoint(loading.derived, saved, keep):
            return _save_versions(context, saved, pending, select_versions(versions, documents), bad)

    found = catch_failure(lambda: save(list_documents(versions)))
    if not isinstance(found, Failure):
        return found
    sound, failed = isolate_faults(list_documents(versions), lambda some: save(some, keep=False))
    for (_, name), failure in failed:
        if not isinstance(failure, FORESEEN):
            loading.report_fault(name, failure)
        bad.append(quarantine_document(describe_failure(failure), find_newest(versions, name)))
    return save(sound)


def _save_versions(
    loading: _Loading,
    saved: list[int],
    pending: PendingDay,
    versions: ParsedVersions,
    bad: Sequence[QuarantinedDocument],
) -> list[QuarantinedDocument]:
    """Build a day from its documents and save it; return everything of it that is in quarantine.

    A day with a bad document is loaded again in every run; one with refused units only when something changes.
    """
    topics, everything = loading.scope
    kind, date, derived = pending.kind, pending.date, loading.derived
    day, problems = _build_day(pending, versions, loading.find_person)
    bad = [*bad, *(quarantine_document(problem.what, find_newest(versions, problem.name)) for problem in problems)]
    if has_parliament_html(kind, date):
        corrected = corrections.find_corrected_days(derived, kind, date, day.debates)
        corrections.enter_amendments(derived, saved, kind, date, corrected)
        day = _remove_debates(day, corrected.again)
    mentions = find_mentions(topics, day)
    day = day if everything else keep_mentioned_debates(day, _list_mentioned_ids(topics, day, mentions))
    rows = [*bad, *quarantine_units(versions, day)]
    fingerprint = "" if bad else pending.fingerprint
    failure = catch_failure(lambda: store.save_day(derived, saved, day, mentions, rows, fingerprint))
    if isinstance(failure, Failure) and not day.debates:
        raise failure.error
    return _save_sound_debates(loading, saved, day, mentions, versions, rows) if failure else rows


def _save_sound_debates(
    loading: _Loading,
    saved: list[int],
    day: Day,
    mentions: Sequence[Mention],
    versions: ParsedVersions,
    rows: Sequence[QuarantinedDocument],
) -> list[QuarantinedDocument]:
    """Save a day without the debates that cannot be saved; return everything of it that is in quarantine."""
    day = day._replace(redirects=store.list_free_redirects(loading.derived, day))

    def rehearse(debates: Sequence[Debate]) -> None:
        with store.open_savepoint(loading.derived, saved, keep=False):
            store.save_day(loading.derived, saved, *_keep_debates(day, mentions, debates), (), "")

    sound, failed = isolate_faults(day.debates, rehearse)
    rows = list(rows)
    for debate, error in failed:
        if not isinstance(error, FORESEEN):
            loading.report_fault(debate.name, error)
        within = tuple(item.gid for _, item in debate.speeches)
        reason = SAVED_BEFORE if isinstance(error, INTEGRITY_ERRORS) else ""
        unit = RefusedUnit(
            unit="debate",
            place=debate.gid,
            reason=reason + describe_failure(error),
            gid=debate.gid,
            debate_gid=debate.gid,
            within=within,
        )
        rows.append(quarantine_unit(unit, find_newest(versions, debate.name)))
    store.save_day(loading.derived, saved, *_keep_debates(day, mentions, sound), rows, "")
    return rows


def _keep_debates(day: Day, mentions: Sequence[Mention], debates: Sequence[Debate]) -> tuple[Day, list[Mention]]:
    """Keep some debates of a day and everything that belongs to them."""
    kept = keep_mentioned_debates(day, {debate.id for debate in debates})
    ids = {id for d in kept.debates for id in (d.id, *(make_short_id(item.gid) for _, item in d.speeches))}
    return kept, [mention for mention in mentions if (mention.speech_id or mention.debate_id) in ids]


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
    provenance = {gid: find_newest(versions, name) for gid, name in later.items()}
    return merged._replace(provenance={**provenance, **merged.provenance}), problems


def _remove_debates(day: Day, ids: frozenset[str]) -> Day:
    """Return a day without some of its debates, and without the redirects to them."""
    gone = {debate.gid for debate in day.debates if debate.id in ids}
    return day._replace(
        debates=tuple(debate for debate in day.debates if debate.gid not in gone),
        redirects=tuple(redirect for redirect in day.redirects if redirect.gid not in gone),
        withdrawn=tuple(each for each in day.withdrawn if each.debate_id not in ids),
    )


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
