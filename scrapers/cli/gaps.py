"""The verb `gaps`: list what could not be fetched or is less than it was, and take a gap out of the exit codes."""

import getpass
import json
from contextlib import closing
from pathlib import Path

import click

from db.archive.gaps import GapDecision, decide_gap, read_gaps
from db.archive.responses import open_archive
from db.cli import DATABASE_FOLDER_TYPE, existing_db_dir_option, read_argument
from db.statements import store
from scrapers.cli.options import json_option
from scrapers.database_folder import DatabaseFolder, folder_lock

actor_option = click.option("--actor", envvar="ACTOR", default=getpass.getuser, help="Who decides (or ACTOR).")
own_db_dir_option = click.option("--db-dir", type=DATABASE_FOLDER_TYPE, help="Folder of the databases (or DB_DIR).")
id_argument = click.argument("id", type=int)


@click.group("gaps", short_help="List what is missing; acknowledge a gap.", invoke_without_command=True)
@click.option("--all", "which", flag_value="all", help="List gaps that are closed, too.")
@json_option
@existing_db_dir_option
@click.pass_context
def gaps_group(context: click.Context, which: str | None, as_json: bool, db_dir: Path) -> None:
    """List what could not be fetched from a source, was refused in part or whole, or has shrunk.

    Each open gap makes the exit code of a run 1, until it is filled or acknowledged.
    """
    context.obj = DatabaseFolder(db_dir)
    if context.invoked_subcommand:
        return
    found = []
    if context.obj.archive.exists():
        with closing(open_archive(context.obj.archive)) as received:
            found = read_gaps(received, "all" if which else "open")
    for gap in found:
        click.echo(json.dumps(gap, ensure_ascii=False) if as_json else format_gap(gap))
    if not found:
        click.echo(f"no {'gaps' if which else 'open gaps'} in {context.obj.archive}", err=True)


@gaps_group.command("acknowledge")
@id_argument
@click.option("--reason", required=True, help="Why this may stay missing.")
@actor_option
@own_db_dir_option
@click.pass_obj
def acknowledge_command(folder: DatabaseFolder, id: int, reason: str, actor: str, db_dir: Path | None) -> None:
    """Leave the gap ID out of the exit codes, and record the reason in archive.db."""
    _decide(DatabaseFolder(db_dir) if db_dir else folder, id, "acknowledge", actor, reason)


@gaps_group.command("undo")
@id_argument
@click.option("--reason", default="taken back", show_default=True, help="Why it counts again.")
@actor_option
@own_db_dir_option
@click.pass_obj
def undo_command(folder: DatabaseFolder, id: int, reason: str, actor: str, db_dir: Path | None) -> None:
    """Count the acknowledged gap ID again."""
    _decide(DatabaseFolder(db_dir) if db_dir else folder, id, "undo", actor, reason)


def _decide(folder: DatabaseFolder, id: int, decision: GapDecision, actor: str, reason: str) -> None:
    with folder_lock(folder), closing(open_archive(folder.archive)) as received:
        decide_gap(received, id, decision, read_argument(actor), read_argument(reason))
        if folder.statements.exists():
            with closing(store.open_store(folder.statements)) as derived:
                store.copy_runs(derived, folder.archive)
    click.echo(f"gap {id} is acknowledged" if decision == "acknowledge" else f"gap {id} counts again")


def format_gap(gap: dict[str, object]) -> str:
    """Write a gap as a line of text."""
    state = f"closed {gap['closed']}" if gap["closed"] else "open"
    state = f"acknowledged {gap['acknowledged']}" if gap["acknowledged"] else state
    dates = " to ".join(dict.fromkeys(filter(None, (str(gap["start"]), str(gap["end"])))))
    return f"{gap['id']}  {gap['source']}, {gap['what']}{f', {dates}' if dates else ''}: {gap['reason']} ({state})"
