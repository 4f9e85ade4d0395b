"""The verb `load`: work out annotations and suggestions, and save them in statements.db."""

import sys
from contextlib import closing
from pathlib import Path

import click

from annotations.cli.options import add_as_of_option, add_folder_options, add_judge_option, read_archive_paths
from annotations.commands.archive_paths import read_curated_files
from annotations.projection.resolution import ResolvedState, resolve_entries
from annotations.suggesters.judge import read_judge
from annotations.suggesters.likeness import make_cached_finder
from annotations.suggesters.pipeline import Judging, fire_rules, refresh_suggestions
from db.embeddings import open_existing_embeddings
from db.exit_codes import EXIT_FAILED
from db.journal.entries import read_journal
from db.sqlite import begin_write
from db.statements.annotations import save_annotations, save_guidance
from db.statements.journal_head import ADVICE, keep_journal_head
from db.statements.store import open_store, store_load_stage
from db.statements.suggestions import count_suggestions_by_status, read_speech_texts


@click.command("load")
@add_folder_options
@add_as_of_option
@add_judge_option
def load(as_of: str | None, judge: Path, **given: Path) -> None:
    """Load guidance, notes and suggestions into statements.db.

    Every quote is looked up in the current record, and the rules suggest sentences. The exit code is 1 if entries that
    were shown before are missing from the journal.
    """
    paths = read_archive_paths(given)
    documents, curated, rules = read_curated_files(paths)
    points = [point for document in documents for point in document.points]
    weights = read_judge(judge)
    with (
        closing(open_store(paths.statements)) as conn,
        open_existing_embeddings(paths.db_dir / "embeddings.db") as cache,
    ):
        fired = fire_rules(read_speech_texts(conn), rules)
        with begin_write(conn):
            save_guidance(conn, documents)
            resolved = resolve_entries(conn, curated, read_journal(paths.journal, as_of))
            save_annotations(conn, resolved.rows)
            refresh_suggestions(conn, fired, Judging(points, weights, make_cached_finder(cache, points)))
            is_whole = as_of is not None or keep_journal_head(conn, resolved.state.history)
            suggestions = count_suggestions_by_status(conn).get("proposed", 0)
        store_load_stage(conn, 2)
    counts = {"documents": len(documents), "points": len(points), **_count_states(resolved), "suggestions": suggestions}
    click.echo(", ".join(f"{name} {count}" for name, count in counts.items()))
    _print_warnings(resolved)
    if not is_whole:
        click.echo(f"error: entries that statements.db has shown are missing from journal.db. {ADVICE}", err=True)
        sys.exit(EXIT_FAILED)


def _count_states(resolved: ResolvedState) -> dict[str, int]:
    states = [each.anchor.state for each in resolved.rows.placed if each.annotation.status == "active"]
    return {"annotations": len(states), "changed": states.count("changed"), "lost": states.count("lost")}


def _print_warnings(resolved: ResolvedState) -> None:
    if resolved.rows.repairs or resolved.without_point:
        click.echo("see which are changed or lost, and why: dispatch-box check", err=True)
    if problems := resolved.state.problems:
        word = "entry counts" if len(problems) == 1 else "entries count"
        click.echo(f"{len(problems)} {word} for nothing: dispatch-box journal log --problems", err=True)
