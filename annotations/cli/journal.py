"""The verbs of the journal itself: `journal log`, `add`, `verify`, `backup` and `restore`."""

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from annotations.cli.options import actor, as_of, folders, places_of
from annotations.cli.write import enter
from annotations.commands.places import read_curated
from annotations.state.reducer import reduce
from db.cli import FAILED, db_dir_option
from db.journal.backup import backup, restore
from db.journal.entries import Draft, JournalError, faults, open_journal, read_journal
from db.journal.payload_schemas import PAYLOADS
from db.records.annotation import Event


@click.group("journal")
def journal() -> None:
    """What people did: read it, enter it, check it, copy it."""


@journal.command("log")
@folders
@as_of
@click.option("--actor", help="What one person did.")
@click.option("--kind", type=click.Choice(list(PAYLOADS)), help="One kind of entry.")
@click.option("--annotation", help="What was done to one annotation, by its id.")
@click.option("--problems", is_flag=True, help="Only what counts for nothing, and why.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, payload and all, for programs.")
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
    places = places_of(given)
    entries = read_journal(places.journal, as_of)
    wanted = {"actor": actor, "kind": kind, "annotation_id": annotation}
    for entry, event in zip(entries, reduce(entries, read_curated(places)).history, strict=True):
        if (problems and not event.problem) or any(v and getattr(event, k) != v for k, v in wanted.items()):
            continue
        told = {**entry._asdict(), "undone": event.undone, "problem": event.problem}
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else _line(event))


def _line(event: Event) -> str:
    about = f" {event.annotation_id}" if event.annotation_id else ""
    more = " (undone)" if event.undone else f" (counts for nothing: {event.problem})" if event.problem else ""
    return f"{event.id} {event.time} {event.actor}: {event.kind}{about}: {' '.join(event.summary.split())}{more}"


@journal.command("add")
@click.argument("kind", type=click.Choice(list(PAYLOADS)))
@actor
@folders
def add(kind: str, actor: str, **given: Path) -> None:
    """Enter a payload of KIND, one JSON object on standard input; docs/journal.md tells what each kind holds."""
    try:
        payload: Any = json.loads(sys.stdin.read())
    except ValueError as error:
        raise JournalError(f"what came on standard input is no JSON: {error}") from error
    enter(Draft(actor, kind, payload), places_of(given))


@journal.command("verify")
@db_dir_option
@click.option("--head", help="A hash noted earlier: the journal must still hold it.")
def verify(db_dir: Path, head: str | None) -> None:
    """Check that every entry is as it was entered, in its place, and of its kind's schema; exit 1 where one is not."""
    path = db_dir / "journal.db"
    if not path.exists():
        raise JournalError(f"{path} is not there: nobody has entered anything yet")
    with closing(open_journal(path)) as conn:
        fault = next(faults(conn), None)
        hashes = [digest for (digest,) in conn.execute("SELECT hash FROM entries ORDER BY id")]
    if not fault and head and head not in hashes:
        fault = ("(at its end)", f"the entry with the hash {head} is gone, and all after it")
    if fault:
        click.echo(f"{path}: entry {fault[0]}: {fault[1]}")
        sys.exit(FAILED)
    click.echo(f"{len(hashes)} entries, each as it was entered; head {hashes[-1] if hashes else '(none)'}")


@journal.command("backup")
@click.argument("copy", type=click.Path(path_type=Path, dir_okay=False))
@db_dir_option
def backup_command(copy: Path, db_dir: Path) -> None:
    """Copy the journal to the file COPY, while others may go on entering."""
    click.echo(f"{copy}: {backup(db_dir / 'journal.db', copy)} entries")


@journal.command("restore")
@click.argument("copy", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put the present journal aside, even where it holds what COPY lacks.")
@db_dir_option
def restore_command(copy: Path, replace: bool, db_dir: Path) -> None:
    """Bring back from the file COPY what the journal lacks."""
    restored = restore(copy, db_dir / "journal.db", replace)
    aside = f"; the one before is kept as {restored.aside}" if restored.aside else ""
    click.echo(f"{restored.entries} entries brought back{aside}; next: python -m annotations load")
