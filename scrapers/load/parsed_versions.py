"""Parsed versions of a day's documents, and the rows of quarantine of those that cannot be read."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from db.archive import responses as archive
from db.gid import is_gid, make_short_id
from db.record_check import check_document
from db.records.hansard import Day, Document, Heading, Item
from db.records.refusal import UnreadItem, separate_refused
from db.records.source import ParseError, Provenance, RefusedUnit, Response
from db.statements.row_builders import QuarantinedDocument
from scrapers.load.isolation import FORESEEN, Failure, ReportFault, catch_failure, describe_failure
from scrapers.load.other_sources import ParsedVersion
from scrapers.sources.registry import PRIMARY_SOURCE, SOURCES

AuditDocument = Callable[[Response, Document], Document]  # refuses what differs from an independent reading
DocumentKey = tuple[str, str]  # source and name
ParsedVersions = dict[str, list[ParsedVersion]]  # by source, the newest version of each document first
MAX_REASON = 1000  # characters


def read_versions(
    received: sqlite3.Connection, documents: Iterable[DocumentKey], audit: AuditDocument, report_fault: ReportFault
) -> tuple[ParsedVersions, list[QuarantinedDocument]]:
    """Parse every version of each document; return the readable ones, and the newest ones that are not.

    No exception of a parser gets further; `report_fault` is told of those that nobody foresaw. `audit` is called with
    the newest readable version of each document.
    """
    versions: ParsedVersions = defaultdict(list)
    bad: list[QuarantinedDocument] = []
    for source, name in documents:
        newest = True
        found = read_archived_versions(received, source, name)
        if isinstance(found, QuarantinedDocument):
            bad.append(found)
            continue
        for number, version in enumerate(found):
            response = version.response
            provenance = Provenance(
                source=source,
                name=name,
                edition=SOURCES[source].edition,
                response_id=version.id,
                sha256=version.sha256,
                received=response.fetched_at,
            )
            if newest:
                document = _parse_document(response, audit, report_fault if number == 0 else _ignore)
            else:
                document = _parse_document(response, lambda _, older: older, _ignore)
            if isinstance(document, Document):
                if source == PRIMARY_SOURCE:
                    provenance = provenance._replace(edition=document.letter)
                versions[source].append(ParsedVersion(document, provenance, newest))
                newest = False
            elif number == 0:
                bad.append(quarantine_document(document, provenance))
    return versions, bad


def read_archived_versions(
    received: sqlite3.Connection, source: str, name: str
) -> list[archive.DocumentVersion] | QuarantinedDocument:
    """Read every version of a document, newest first; return the row of quarantine if its bytes are damaged."""
    found = catch_failure(lambda: list(archive.read_versions(received, source, name)))
    if not isinstance(found, Failure):
        return found
    reason = f"its bytes in archive.db are damaged ({type(found.error).__name__}: {found.error})"
    return QuarantinedDocument(source=source, name=name, sha256="", received="", reason=make_storable(reason))


def _ignore(name: str, error: Exception) -> None:
    """Report nothing: an older version that cannot be read is missed by nobody."""


def _parse_document(response: Response, audit: AuditDocument, report_fault: ReportFault) -> Document | str:
    """Parse, check and audit a document; return the reason if that fails."""
    found = catch_failure(lambda: audit(response, check_document(SOURCES[response.source].parse(response))))
    if not isinstance(found, Failure):
        return found
    if isinstance(found.error, ParseError):
        return found.error.what
    if not isinstance(found.error, FORESEEN):
        report_fault(response.name, found.error)
    return describe_failure(found.error)


def refuse_strays(versions: ParsedVersions, date: str) -> ParsedVersions:
    """Refuse the items of a day whose address is of another day: which of the two dates is right is not known.

    Saved here, they would be cited with a wrong date, or keep the other day's own items out.
    """
    return {
        source: [each._replace(document=_refuse_document_strays(each.document, date)) for each in found]
        for source, found in versions.items()
    }


def _refuse_document_strays(document: Document, date: str) -> Document:
    if all(date in item.gid for item in document.items):
        return document
    items, refused = separate_refused(
        item if date in item.gid else _mark_stray(number, item) for number, item in enumerate(document.items, 1)
    )
    return document._replace(items=items, refused=(*document.refused, *refused)) if refused else document


def _mark_stray(number: int, item: Item) -> UnreadItem:
    level = item.level if isinstance(item, Heading) else None
    return UnreadItem(f"item {number}", f"its address {item.gid} is of another day", item.gid, level)


def find_newest(versions: ParsedVersions, name: str) -> Provenance:
    """Return the provenance of the newest readable version of a document."""
    return next(version.provenance for each in versions.values() for version in each if version.provenance.name == name)


def list_documents(versions: ParsedVersions) -> list[DocumentKey]:
    """List the documents that have a readable version."""
    return [(source, each.provenance.name) for source, found in versions.items() for each in found if each.newest]


def select_versions(versions: ParsedVersions, documents: Iterable[DocumentKey]) -> ParsedVersions:
    """Return the versions of some documents only."""
    wanted = set(documents)
    return {
        source: [each for each in found if (source, each.provenance.name) in wanted]
        for source, found in versions.items()
    }


def quarantine_document(reason: str, provenance: Provenance) -> QuarantinedDocument:
    """Return the row of a document in quarantine."""
    return QuarantinedDocument(
        source=provenance.source,
        name=provenance.name,
        sha256=provenance.sha256,
        received=provenance.received,
        reason=make_storable(reason),
    )


def quarantine_units(versions: ParsedVersions, day: Day) -> list[QuarantinedDocument]:
    """Return the rows of everything that was refused in the newest versions of a day's documents."""
    current = {redirect.old_gid: redirect.gid for redirect in day.redirects}
    debates = {debate.gid: debate.id for debate in day.debates}
    in_document: dict[str, set[str]] = defaultdict(set)
    for debate in day.debates:
        in_document[debate.name].add(debate.id)
    return [
        quarantine_unit(unit, version.provenance)._replace(
            debate_id=_find_debate_id(unit, debates, current, in_document.get(version.provenance.name, set()))
        )
        for each in versions.values()
        for version in each
        if version.newest
        for unit in version.document.refused
    ]


def _find_debate_id(
    unit: RefusedUnit, debates: Mapping[str, str], current: Mapping[str, str], in_document: set[str]
) -> str | None:
    """Find the id of the debate in which a refused unit stands; None if it is not held."""
    if unit.debate_gid is None:
        return next(iter(in_document)) if len(in_document) == 1 else None
    return debates.get(current.get(unit.debate_gid, unit.debate_gid))


def quarantine_unit(unit: RefusedUnit, provenance: Provenance) -> QuarantinedDocument:
    """Return the row of a refused part of a document."""
    gids = (gid for gid in dict.fromkeys((unit.gid, *unit.within)) if gid and is_gid(gid))
    return quarantine_document(unit.reason, provenance)._replace(
        unit=unit.unit, place=make_storable(unit.place), speech_ids=" ".join(map(make_short_id, gids))
    )


def make_storable(text: str) -> str:
    """Return a reason in a form that the store can hold, cut after MAX_REASON characters."""
    text = text if len(text) <= MAX_REASON else f"{text[:MAX_REASON]}..."
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\0")
