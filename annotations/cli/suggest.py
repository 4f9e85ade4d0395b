"""The verb `suggest`: let suggesters propose sentences for points of guidance."""

import json
import re
import shlex
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click

from annotations.cli.options import add_judge_option
from annotations.cli.verb_steps import SIMILARITY_MISSING, load_model_if_installed, read_loaded_points
from annotations.suggesters import external_program as external
from annotations.suggesters import likeness, rules
from annotations.suggesters.judge import THRESHOLD, read_judge
from annotations.suggesters.likeness import cache_likeness, find_nothing, make_cached_finder
from annotations.suggesters.pipeline import (
    BUILT_IN,
    Judging,
    choose_sentences,
    complete_suggestion,
    fire_rules,
    judge_speeches,
    keep_surest_suggestions,
    leave_out_settled,
    list_sentence_texts,
)
from annotations.suggesters.precision import SilentRule, compute_trust, find_silent_rules
from annotations.suggesters.rule_files import RULES_FOLDER, read_rules
from annotations.text.normalize import Span
from db.cli import FOLDER_TYPE, existing_db_dir_option
from db.embeddings import open_embeddings
from db.exit_codes import EXIT_FAILED
from db.records.annotation import Decision
from db.records.guidance import Point, Rule
from db.sqlite import Row, begin_write
from db.statements.store import open_store
from db.statements.suggestions import (
    PlacedSuggestion,
    count_suggestions_by_status,
    read_decisions,
    read_noted_places,
    read_speech_texts,
    replace_suggestions,
    take_unprinted_suggestions,
)

RULES_ALONE = f"{SIMILARITY_MISSING}; the rules alone were judged"
LEFT_OUT = "{} sentences were compared with the points, and {} left out, of speeches less likely"


class SuggesterFiles(NamedTuple):
    """The folder of rules, the judge's weights, and the folder of databases."""

    rules: Path
    judge: Path
    db_dir: Path


class SuggesterOutcome(NamedTuple):
    """The outcome of a run: suggestions by suggester, without those that could not run, and messages."""

    suggestions: dict[str, list[PlacedSuggestion]]
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
@add_judge_option
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
    judge: Path,
    db_dir: Path,
) -> None:
    """Find sentences that may be about points of guidance.

    Rules and likeness give evidence, and the judge makes one probability of it. Suggestions from 0.1 up are saved, and
    the new ones that are more likely right than wrong are printed.
    """
    with closing(open_store(db_dir / "statements.db")) as conn:
        points = read_loaded_points(conn)
        if debate and not read_speech_texts(conn, debate):
            raise click.BadParameter(f"{debate} is not a debate that mentions a topic", param_hint="--debate")
        if program is not None:
            name = _check_name(name)
            outcome = _run_program(conn, points, _parse_command(program), (name, program_version), seconds, debate)
        else:
            files = SuggesterFiles(rules=rules_folder, judge=judge, db_dir=db_dir)
            outcome = _run_built_in(conn, points, files, BUILT_IN if suggester is None else (suggester,), debate)
        new = _save_suggestions(conn, outcome, debate)
        _print_suggestions(new, count_suggestions_by_status(conn), outcome.messages, as_json)
    sys.exit(EXIT_FAILED if outcome.failed else 0)


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


def _save_suggestions(conn: sqlite3.Connection, outcome: SuggesterOutcome, debate: str | None) -> list[Row]:
    """Save suggestions in one transaction; return those that were not printed before."""
    new: list[Row] = []
    with begin_write(conn):
        decisions, noted = read_decisions(conn), read_noted_places(conn)
        for name, suggestions in outcome.suggestions.items():
            kept = keep_surest_suggestions(leave_out_settled(suggestions, decisions, noted))
            replace_suggestions(conn, name, kept, debate)
            new += take_unprinted_suggestions(conn, name, debate)
    return sorted(new, key=lambda row: -row["score"])


def _run_built_in(
    conn: sqlite3.Connection,
    points: Sequence[Point],
    files: SuggesterFiles,
    names: Sequence[str],
    debate: str | None,
) -> SuggesterOutcome:
    """Let rules and likeness, or one of them, give evidence, and judge it."""
    speeches = read_speech_texts(conn, debate)
    rule_list = read_rules(files.rules, {point.id for point in points}) if rules.NAME in names else []
    fired, decisions = fire_rules(speeches, rule_list), read_decisions(conn)
    messages: list[str] = []
    sentences: dict[str, list[Span]] = {}
    with closing(open_embeddings(files.db_dir / "embeddings.db")) as cache:
        if likeness.NAME in names:
            sentences, left_out = choose_sentences(conn, speeches, points, debate)
            texts = list_sentence_texts(fired, sentences)
            if embed := load_model_if_installed():
                cache_likeness(cache, points, texts, embed, _show_progress)
                messages += [LEFT_OUT.format(len(texts), left_out)] if left_out else []
            else:
                messages.append(SIMILARITY_MISSING if names == (likeness.NAME,) else RULES_ALONE)
                sentences = {}
        find = make_cached_finder(cache, points) if likeness.NAME in names else find_nothing
        judging = Judging(points, read_judge(files.judge), find)
        made = list(judge_speeches(fired, judging, decisions, sentences))
    messages += [f"rule {each.rule} is {each.why}" for each in _list_silent(decisions, rule_list)]
    ran = [name for name in names if name != likeness.NAME or sentences]
    return SuggesterOutcome({name: [one for one in made if one.suggester == name] for name in ran}, tuple(messages))


def _list_silent(decisions: Sequence[Decision], rule_list: Sequence[Rule]) -> list[SilentRule]:
    """Return the rules of today that are silent, without those that were reworded since."""
    silent, versions = find_silent_rules(decisions), [(rule.id, rules.make_rule_version(rule)) for rule in rule_list]
    return [silent[version] for version in versions if version in silent]


def _show_progress(texts: Sequence[str]) -> Iterable[str]:
    """Iterate over texts, with a progress bar on a terminal."""
    if not sys.stderr.isatty() or not texts:
        yield from texts
        return
    with click.progressbar(texts, label="comparing sentences", file=sys.stderr) as bar:
        yield from bar


def _run_program(
    conn: sqlite3.Connection,
    points: Sequence[Point],
    command: Sequence[str],
    known_as: tuple[str, str],
    seconds: float,
    debate: str | None,
) -> SuggesterOutcome:
    name, version = known_as
    speeches = {speech.speech_id: speech for speech in read_speech_texts(conn, debate)}
    try:
        output = external.run_program(command, speeches.values(), points, seconds)
    except external.ProgramError as error:
        return SuggesterOutcome({}, (f"{name}: {error}; its answer was not used",), failed=True)
    answer = external.read_suggestions(output, speeches, {point.id for point in points}, version)
    messages = [f"{name}: {wrong}" for wrong in answer.faults]
    if answer.refused:
        messages.append(f"{name}: {answer.refused} refused, because their words are not in the speech")
    trust = compute_trust(read_decisions(conn), name)
    made = [
        complete_suggestion(speech, name, one._replace(score=round(one.score * trust, 3)))
        for speech, one in answer.suggestions
    ]
    return SuggesterOutcome({name: made}, tuple(messages), bool(answer.faults))


def _print_suggestions(new: Sequence[Row], counts: dict[str, int], messages: Sequence[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"new": new, "counts": counts, "told": messages}, ensure_ascii=False, indent=2))
        return
    shown = [one for one in new if one["score"] >= THRESHOLD]
    for one in shown:
        click.echo(f"{one['key'][:12]}  {one['point_id']}  {one['citation']}, {one['speaker'] or 'no speaker'}")
        click.echo(f"    {' '.join(one['exact'].split())}")
        click.echo(f"    {one['suggester']} {one['version']}, {one['score']:.2f}: {one['evidence']}")
    left = counts.get("accepted", 0) + counts.get("rejected", 0)
    if less_likely := len(new) - len(shown):
        click.echo(f"{less_likely} more are likelier wrong than right; the review page shows them on demand")
    click.echo(f"{len(shown)} new, {counts.get('proposed', 0)} open; {left} already decided, so left out")
    for line in messages:
        click.echo(line, err=True)
