"""The verbs of the journal: `journal log`, `add`, `verify`, `backup` and `restore`."""

import json
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
from db.journal.entries import EntryDraft, JournalError, find_faults, open_journal, read_journal
from db.journal.payload_schemas import PAYLOADS
from db.records.annotation import HistoryEntry


@click.group("journal")
def journal() -> None:
    """Read, extend, check and copy the journal of what people did."""


@journal.command("log")
@add_folder_options
@add_as_of_option
@click.option("--actor", help="Only entries by this person.")
@click.option("--kind", type=click.Choice(list(PAYLOADS)), help="Only entries of this kind.")
@click.option("--annotation", help="Only entries about the annotation of this id.")
@click.option("--problems", is_flag=True, help="Only entries that count for nothing, with the reason.")
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
    more = " (undone)" if event.undone else f" (counts for nothing: {event.problem})" if event.problem else ""
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
        raise JournalError(f"what came on standard input is no JSON: {error}") from error
    enter_and_report(EntryDraft(actor, kind, payload), read_archive_paths(given))


@journal.command("verify")
@existing_db_dir_option
@click.option("--head", help="A hash noted earlier, which the journal must still have.")
def verify(db_dir: Path, head: str | None) -> None:
    """Verify that no entry was changed, moved or removed.

    Every entry must also fit the schema of its kind. The exit code is 1 where one fails.
    """
    path = db_dir / "journal.db"
    if not path.exists():
        raise JournalError(f"{path} is not there: nobody has entered anything yet")
    with closing(open_journal(path)) as conn:
        fault = next(find_faults(conn), None)
        hashes = [digest for (digest,) in conn.execute("SELECT hash FROM entries ORDER BY id")]
    if not fault and head and head not in hashes:
        fault = ("(at its end)", f"the entry with the hash {head} is gone, and all after it")
    if fault:
        click.echo(f"{path}: entry {fault[0]}: {fault[1]}")
        sys.exit(EXIT_FAILED)
    click.echo(f"{len(hashes)} entries, each as it was entered; head {hashes[-1] if hashes else '(none)'}")


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
    aside = f"; the one before is kept as {restored.aside}" if restored.aside else ""
    click.echo(f"{restored.entries} entries brought back{aside}; next: python -m annotations load")
