"""The verbs of the journal: `journal log`, `add`, `verify`, `backup` and `restore`."""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from annotations.cli.options import add_actor_option, add_as_of_option, add_folder_options, read_archive_paths
from annotations.cli.verb_steps import enter_and_report
from annotations.commands.archive_paths import read_curated
from annotations.state.reducer import reduce_entries
from db.cli import db_dir_option, existing_db_dir_option
from db.exit_codes import EXIT_FAILED
from db.journal.backup import back_up_journal, restore_journal
from db.journal.damage import find_damage
from db.journal.entries import EntryDraft, JournalError, find_faults, open_journal, read_journal
from db.journal.entry_index import EntryIndex
from db.journal.payload_schemas import PAYLOADS
from db.records.annotation import HistoryEntry
from db.sqlite import DATABASE_ERRORS, begin_write
from db.statements.journal_head import ADVICE, JournalHead, read_kept_head, store_journal_head
from db.statements.store import open_store

UNREADABLE: tuple[type[Exception], ...] = (*DATABASE_ERRORS, UnicodeDecodeError)


@click.group("journal")
def journal() -> None:
    """Read, extend, check and copy the journal, the history of everything people entered."""


@journal.command("log")
@add_folder_options
@add_as_of_option
@click.option("--actor", help="Only entries by this person.")
@click.option("--kind", type=click.Choice(list(PAYLOADS)), help="Only entries of this kind.")
@click.option("--annotation", help="Only entries about the note with this id.")
@click.option("--problems", is_flag=True, help="Only entries without effect, with the reason.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object per entry, with its payload, for programs."
)
def log(
    as_of: str | None,
    actor: str | None,
    kind: str | None,
    annotation: str | None,
    problems: bool,
    as_json: bool,
    **given: Path,
) -> None:
    """List the entries, oldest first."""
    paths = read_archive_paths(given)
    entries = read_journal(paths.journal, as_of)
    wanted = {"actor": actor, "kind": kind, "annotation_id": annotation}
    for entry, event in zip(entries, reduce_entries(entries, read_curated(paths)).history, strict=True):
        if (problems and not event.problem) or any(v and getattr(event, k) != v for k, v in wanted.items()):
            continue
        fields = {**entry._asdict(), "undone": event.undone, "problem": event.problem}
        click.echo(json.dumps(fields, ensure_ascii=False) if as_json else _describe_event(event))


def _describe_event(event: HistoryEntry) -> str:
    about = f" {event.annotation_id}" if event.annotation_id else ""
    more = " (undone)" if event.undone else f" (no effect: {event.problem})" if event.problem else ""
    return f"{event.id} {event.time} {event.actor}: {event.kind}{about}: {' '.join(event.summary.split())}{more}"


@journal.command("add")
@click.argument("kind", type=click.Choice(list(PAYLOADS)))
@add_actor_option
@add_folder_options
def add(kind: str, actor: str, **given: Path) -> None:
    """Add an entry, given as JSON on standard input.

    KIND is the kind of the entry. Standard input holds its payload, one JSON object; docs/journal.md lists the fields
    of each kind.
    """
    try:
        payload: Any = json.loads(sys.stdin.read())
    except ValueError as error:
        raise JournalError(f"standard input is not JSON: {error}") from error
    enter_and_report(EntryDraft(actor, kind, payload), read_archive_paths(given))


@journal.command("verify", short_help="Verify the file, and that no entry was changed.")
@existing_db_dir_option
@click.option("--head", help="A hash noted earlier, which the journal must still have.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object (entries, head, fault, end_checked), for programs."
)
def verify(db_dir: Path, head: str | None, as_json: bool) -> None:
    """Verify that no entry was changed, moved or removed.

    The file must be whole, too, every entry must fit the schema of its kind, and the entry that statements.db showed
    last must be there. The exit code is 1 where anything fails.
    """
    path, (kept, readable) = db_dir / "journal.db", _find_kept_head(db_dir)
    if not path.exists() and not kept and not head and readable and not as_json:
        click.echo(f"{path} does not exist yet: nothing has been entered")
        return
    fault, hashes = _find_fault(path) if path.exists() else ("", [])
    if not path.exists() and (kept or head):
        fault = f"it is missing. {ADVICE}"
    elif not path.exists() and not readable:
        fault = "it is not there, and statements.db, which keeps its head if it had entries, cannot be read"
    for wanted, advice in ((head, ""), (kept and kept.hash, f". {ADVICE}")):
        if not fault and wanted and wanted not in hashes:
            fault = f"the entry with the hash {wanted} is gone, with everything after it{advice}"
    if as_json:
        last = hashes[-1] if hashes else None
        found = {"entries": len(hashes), "head": last, "fault": fault or None, "end_checked": bool(head or kept)}
        click.echo(json.dumps(found, ensure_ascii=False))
        sys.exit(EXIT_FAILED if fault else 0)
    if fault:
        click.echo(f"{path}: {fault}")
        sys.exit(EXIT_FAILED)
    _check_index(path, db_dir / "journal_index.db")
    if not head and not kept:
        why = "has no head of this journal" if readable else "cannot be read"
        click.echo(f"statements.db {why}: so the end of the journal was not checked", err=True)
    entries = f"{len(hashes)} {'entry' if len(hashes) == 1 else 'entries'}"
    click.echo(f"{entries}, all unchanged; head {hashes[-1] if hashes else '(none)'}")


def _find_kept_head(db_dir: Path) -> tuple[JournalHead | None, bool]:
    """Return the head that statements.db keeps, if any, and False if that file cannot be read."""
    try:
        return read_kept_head(db_dir / "statements.db"), True
    except DATABASE_ERRORS:
        return None, False


def _find_fault(path: Path) -> tuple[str, list[str]]:
    """Return the first fault of a journal, or "", and the hashes of its entries."""
    try:
        with closing(open_journal(path)) as conn:
            fault = next((f"entry {id}: {what}" for id, what in find_faults(conn)), "") or find_damage(conn)
            return fault, [digest for (digest,) in conn.execute("SELECT hash FROM entries ORDER BY id")]
    except UNREADABLE as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise
        return f"it cannot be read: {error}. Restore a copy: dispatch-box journal restore COPY --replace", []


def _check_index(path: Path, index_path: Path) -> None:
    """Compare the index of the journal with it, entry by entry; make a wrong one again, and say so."""
    if not path.exists() or not index_path.exists():
        return
    with closing(open_journal(path)) as conn, closing(EntryIndex(conn, index_path)) as index:
        if index.has_whole_file():
            return
        index.renew_file()
        if index.has_whole_file():
            click.echo(f"{index_path} was wrong, and was made again; nothing is lost, as it is derived", err=True)
        else:
            click.echo(f"{index_path} cannot be read, or not be made again: delete it, as it is derived", err=True)


@journal.command("accept", short_help="Accept the journal as it is, with entries gone.")
@existing_db_dir_option
def accept(db_dir: Path) -> None:
    """Accept a journal that lost its end.

    Use it where entries that were shown before are gone for good. From now on `journal verify` and `load` expect its
    last entry.
    """
    entries = read_journal(db_dir / "journal.db")
    head = JournalHead(entries[-1].id, entries[-1].hash) if entries else None
    with closing(open_store(db_dir / "statements.db")) as conn, begin_write(conn):
        store_journal_head(conn, head)
    click.echo(f"{len(entries)} entries; head {head.hash if head else '(none)'}")


@journal.command("clock", short_help="Note in the journal that the clock is right.")
@click.option("--reason", default="", help="The reason, which is recorded.")
@add_actor_option
@add_folder_options
def clock(reason: str, actor: str, **given: Path) -> None:
    """Note in the journal that the clock is right.

    Use it where the clock is far from the time of the last entry, after it was set right. Entries that were made while
    it was wrong keep their times.
    """
    enter_and_report(EntryDraft(actor, "clock", {"reason": reason}), read_archive_paths(given))


@journal.command("backup")
@click.argument("copy", type=click.Path(path_type=Path, dir_okay=False))
@existing_db_dir_option
def backup_command(copy: Path, db_dir: Path) -> None:
    """Copy the journal to a file, even while it is in use.

    COPY is the file to write.
    """
    click.echo(f"{copy}: {back_up_journal(db_dir / 'journal.db', copy)} entries")


@journal.command("restore")
@click.argument("copy", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--replace", is_flag=True, help="Set the present journal aside, even where it has entries that COPY lacks."
)
@db_dir_option
def restore_command(copy: Path, replace: bool, db_dir: Path) -> None:
    """Restore the journal from a copy.

    COPY is a file that `journal backup` wrote. The entries that the journal lacks are brought back.
    """
    restored = restore_journal(copy, db_dir / "journal.db", replace)
    aside = f"; the previous file is kept as {restored.aside}" if restored.aside else ""
    click.echo(f"{restored.entries} entries restored{aside}; next: dispatch-box load")
    kept, _ = _find_kept_head(db_dir)
    if kept and all(kept.hash != entry.hash for entry in read_journal(db_dir / "journal.db")):
        click.echo(
            f"error: the copy is older than what statements.db has shown: it lacks entry {kept.id}. {ADVICE}", err=True
        )
        sys.exit(EXIT_FAILED)
