"""The verbs that decide on suggestions: `accept` and `reject`."""

import sqlite3
from contextlib import closing
from typing import Any, cast, get_args

import click

from annotations.cli.options import VerbFunction, add_actor_option, add_folder_options, read_archive_paths
from annotations.cli.verb_steps import enter_all_and_report
from annotations.commands.decisions import Acceptance, make_acceptance, make_rejection
from annotations.projection.capture import capture_words
from annotations.state.model import read_selector
from db.journal.entries import JournalError
from db.records.annotation import DecisionStatus
from db.records.guidance import Reading
from db.sqlite import Row
from db.statements.store import open_store
from db.statements.suggestions import find_suggestions_by_key


def _add_suggestion_options(verb: VerbFunction) -> VerbFunction:
    """Give a verb the argument and options that name a suggestion and the person who decides."""
    text = "The id of the speech, where several have the same words."
    return click.argument("key")(click.option("--speech", help=text)(add_actor_option(add_folder_options(verb))))


@click.command("accept")
@_add_suggestion_options
@click.option("--reading", type=click.Choice(get_args(Reading)), default="said", show_default=True, help="The reading.")
@click.option("--note", default="", help="The reason for this reading.")
def accept(key: str, speech: str | None, reading: str, note: str, actor: str, **given: Any) -> None:
    """Accept a suggestion: make a note of it.

    KEY is the key of the suggestion, or its first letters. The journal records that the suggestion was right.
    """
    paths = read_archive_paths(given)
    with closing(open_store(paths.statements)) as conn:
        suggestion = _find_suggestion(conn, key, speech, "accepted")
        words = read_selector(suggestion)
        captured = capture_words(conn, suggestion["gid"], words)
    enter_all_and_report(
        make_acceptance([suggestion], captured, actor, Acceptance(cast(Reading, reading), note)), paths
    )


@click.command("reject")
@_add_suggestion_options
@click.option("--why", default="", help="Why it is wrong.")
def reject(key: str, speech: str | None, why: str, actor: str, **given: Any) -> None:
    """Reject a suggestion, so that it is never made again.

    KEY is the key of the suggestion, or its first letters. The journal records that it was wrong.
    """
    paths = read_archive_paths(given)
    with closing(open_store(paths.statements)) as conn:
        suggestion = _find_suggestion(conn, key, speech or "", "rejected")
    enter_all_and_report(make_rejection([suggestion], actor, why), paths)
    if suggestion["status"] == "accepted":
        click.echo("the note that was made of it stays; to remove it: dispatch-box notes withdraw", err=True)


def _find_suggestion(conn: sqlite3.Connection, key: str, speech: str | None, verdict: DecisionStatus) -> Row:
    """Find the suggestion that KEY names, in the speech if given ("": in any of its speeches). Raises JournalError."""
    found = find_suggestions_by_key(conn, key)
    if len({suggestion["key"] for suggestion in found}) != 1:
        what = (
            f"{len(found)} suggestions begin with {key}: give more of the key"
            if found
            else f"there is no suggestion {key}"
        )
        raise JournalError(f"{what}; nothing was saved")
    if found[0]["status"] == verdict:
        raise JournalError(f"{key} has already been {verdict}; nothing was saved")
    chosen = [suggestion for suggestion in found if not speech or suggestion["speech_id"] == speech]
    if not chosen or (len(chosen) > 1 and speech is None):
        where = ", ".join(suggestion["speech_id"] for suggestion in found)
        raise JournalError(f"its words are in {where}: choose one with --speech; nothing was saved")
    return chosen[0]
