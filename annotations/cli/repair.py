"""The verbs for quotes whose wording changed or is lost: `check`, `confirm` and `repair`."""

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from annotations.cli.options import add_actor_option, add_as_of_option, add_folder_options, read_archive_paths
from annotations.cli.verb_steps import add_word_options, enter_and_report, find_annotation, find_words
from annotations.commands.archive_paths import read_curated_files
from annotations.commands.repairs import make_confirmation, make_repair
from annotations.projection.resolution import ResolvedState, resolve_entries
from db.exit_codes import EXIT_FAILED
from db.journal.entries import read_journal
from db.statements.annotations import RepairItem
from db.statements.store import open_store

DIFFERENCE_MARKS = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}


@click.command("check")
@add_folder_options
@add_as_of_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per quote, for programs.")
def check(as_of: str | None, as_json: bool, **given: Path) -> None:
    """List the quotes whose wording changed or is lost.

    Each comes with the difference and with advice on what to do. The exit code is 1 where there is any. Where a file of
    guidance, quotes or rules has a fault, every fault of all files is listed instead, and the exit code is 2.
    """
    paths = read_archive_paths(given)
    with closing(open_store(paths.statements)) as conn:
        resolved = resolve_entries(conn, read_curated_files(paths).quotes, read_journal(paths.journal, as_of))
    for each in resolved.rows.repairs:
        click.echo(json.dumps(each._asdict(), ensure_ascii=False) if as_json else _describe_repair(each, resolved))
    if not as_json:
        for annotation in resolved.without_point:
            click.echo(
                f"{annotation.origin}: {annotation.id}: its point {annotation.point_id} is no longer in the guidance"
            )
        active = sum(each.annotation.status == "active" for each in resolved.rows.placed)
        states = [each.anchor for each in resolved.rows.repairs]
        click.echo(f"{active} notes, {states.count('changed')} changed, {states.count('lost')} lost")
    sys.exit(EXIT_FAILED if resolved.rows.repairs or resolved.without_point else 0)


def _describe_repair(repair: RepairItem, resolved: ResolvedState) -> str:
    origin = resolved.state.annotations[repair.annotation_id].origin
    lines = [f"{origin}: {repair.annotation_id}: {repair.evidence}. {repair.advice}", f"    quote: {repair.old}"]
    if repair.new is not None:
        words = "".join(DIFFERENCE_MARKS[what].format(words) for what, words in repair.difference)
        lines += [f"    words there now: {repair.new}", f"    difference: {words}"]
    return "\n".join(lines)


@click.command("confirm")
@click.argument("annotation", metavar="NOTE")
@click.option("--reason", default="", help="The reason, which is recorded.")
@add_actor_option
@add_folder_options
def confirm(annotation: str, reason: str, actor: str, **given: Path) -> None:
    """Confirm the changed wording of a quote.

    NOTE is its id. You confirm that the words there now are the speaker's, and that the reading still holds.
    """
    paths = read_archive_paths(given)
    with closing(open_store(paths.statements)) as conn:
        draft = make_confirmation(conn, find_annotation(annotation, paths), actor, reason)
    enter_and_report(draft, paths)


@click.command("repair")
@click.argument("annotation", metavar="NOTE")
@click.option("--target", help="Another speech: its gid, id or address.")
@add_word_options
@click.option("--reason", default="", help="The reason, which is recorded.")
@add_actor_option
@add_folder_options
def repair(annotation: str, target: str | None, reason: str, actor: str, **given: Any) -> None:
    """Move a note to other words.

    NOTE is its id. The words may be of the same speech or of another.
    """
    paths = read_archive_paths(given)
    one = find_annotation(annotation, paths)
    enter_and_report(make_repair(one, find_words(paths, target or one.target, given), actor, reason), paths)
