"""Loading of the register of people from archive.db to statements.db."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

from db.archive import responses as archive
from db.records.people import Register
from db.records.source import ParseError, Provenance
from db.statements import people, store
from db.statements.row_builders import QuarantinedDocument
from scrapers.load.isolation import (
    FORESEEN,
    Failure,
    ReportFault,
    catch_failure,
    describe_failure,
    isolate_faults,
)
from scrapers.load.parsed_versions import (
    make_storable,
    quarantine_document,
    quarantine_unit,
    read_archived_versions,
)
from scrapers.sources import people as source


def load_people(
    received: sqlite3.Connection,
    derived: sqlite3.Connection,
    report_bad: Callable[[QuarantinedDocument], None] = lambda _: None,
    report_fault: ReportFault = lambda *_: None,
) -> bool:
    """Save the register if a document or the parser is new; return True if every speaker must be resolved again.

    A document that cannot be read goes into quarantine and to `report_bad`; its previous version takes its place. So do
    single entries, without which the rest is saved.
    """
    newest = _find_newest_documents(received)
    wanted = [(name, digest, source.VERSION) for name, digest in sorted(newest.values())]
    if people.read_documents(derived) == wanted:
        return False
    registers, quarantined = [], []
    for name, _, _ in wanted:
        register, failed = _read_newest(received, name, report_fault)
        registers += [register] if register else []
        quarantined += failed
    quarantined += _save_registers(derived, registers, wanted, quarantined, report_fault)
    for each in quarantined:
        report_bad(each)
    return True


def _save_registers(
    derived: sqlite3.Connection,
    registers: Sequence[Register],
    wanted: Sequence[people.Document],
    quarantined: Sequence[QuarantinedDocument],
    report_fault: ReportFault,
) -> list[QuarantinedDocument]:
    """Save the documents of the register, but for those that cannot be saved; return the rows of these."""

    def rehearse(some: Sequence[Register]) -> None:
        with store.open_savepoint(derived, [], keep=False):
            people.save_register(derived, some, wanted, quarantined)

    failure = catch_failure(lambda: people.save_register(derived, registers, wanted, quarantined))
    if not failure:
        return []
    sound, failed = isolate_faults(registers, rehearse)
    rows = []
    for register, error in failed:
        if not isinstance(error, FORESEEN):
            report_fault(register.name, error)
        digest = next(digest for name, digest, _ in wanted if name == register.name)
        reason = make_storable(describe_failure(error))
        rows.append(
            QuarantinedDocument(source=source.SOURCE, name=register.name, sha256=digest, received="", reason=reason)
        )
    people.save_register(derived, sound, wanted, [*quarantined, *rows])
    return rows


def _find_newest_documents(received: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Return name and sha256 of each document; if two folders have it, of the copy received last."""
    found: dict[str, tuple[str, str, str]] = {}
    for name, _ in archive.list_document_marks(received, source.SOURCE):
        if document := source.parse_document_name(name):
            versions = read_archived_versions(received, source.SOURCE, name)
            _, digest, response = versions[0] if isinstance(versions, list) else (0, "", None)
            received_at = response.fetched_at if response else ""
            found[document] = max(found.get(document, ("", "", "")), (received_at, name, digest))
    return {document: (name, digest) for document, (_, name, digest) in found.items()}


def _read_newest(
    received: sqlite3.Connection, name: str, report_fault: ReportFault
) -> tuple[Register | None, list[QuarantinedDocument]]:
    """Return the newest readable version of a document, and what of it, or of the newest of all, cannot be read."""
    failed: list[QuarantinedDocument] = []
    versions = read_archived_versions(received, source.SOURCE, name)
    if isinstance(versions, QuarantinedDocument):
        return None, [versions]
    for number, (id, digest, response) in enumerate(versions):
        provenance = Provenance(
            source=source.SOURCE,
            name=name,
            edition="",
            response_id=id,
            sha256=digest,
            received=response.fetched_at,
        )
        found = catch_failure(partial(source.parse, response))
        if not isinstance(found, Failure):
            return found, failed + [quarantine_unit(unit, provenance) for unit in found.refused]
        error = found.error
        if number == 0 and not isinstance(error, (ParseError, *FORESEEN)):
            report_fault(name, error)
        reason = error.what if isinstance(error, ParseError) else describe_failure(error)
        failed = failed or [quarantine_document(reason, provenance)]
    return None, failed
