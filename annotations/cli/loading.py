"""The loading of notes: guidance, quotes, the journal and suggestions are worked out, and saved in one transaction."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from annotations.commands.archive_paths import ArchivePaths, read_curated_files
from annotations.projection.resolution import ResolvedState, resolve_entries
from annotations.suggesters.judge import read_judge
from annotations.suggesters.likeness import make_cached_finder
from annotations.suggesters.pipeline import Judging, fire_rules, refresh_suggestions
from db.embeddings import open_existing_embeddings
from db.journal.entries import read_journal
from db.sqlite import begin_write
from db.statements.annotations import save_annotations, save_guidance
from db.statements.journal_head import keep_journal_head
from db.statements.load_mark import LoadReport, store_load_report
from db.statements.store import store_load_stage
from db.statements.suggestions import count_suggestions_by_status, read_speech_texts


def load_notes(
    conn: sqlite3.Connection, paths: ArchivePaths, judge: Path, as_of: str | None, mark: str
) -> tuple[LoadReport, bool]:
    """Load everything; return what to print, and whether the journal still has all entries that were shown before."""
    documents, curated, rules = read_curated_files(paths)
    points = [point for document in documents for point in document.points]
    weights = read_judge(judge)
    with open_existing_embeddings(paths.db_dir / "embeddings.db") as cache:
        fired = fire_rules(read_speech_texts(conn), rules)
        with begin_write(conn):
            save_guidance(conn, documents)
            resolved = resolve_entries(conn, curated, read_journal(paths.journal, as_of))
            save_annotations(conn, resolved.rows)
            refresh_suggestions(conn, fired, Judging(points, weights, make_cached_finder(cache, points)))
            is_whole = as_of is not None or keep_journal_head(conn, resolved.state.history)
            suggestions = count_suggestions_by_status(conn).get("proposed", 0)
            counts = {"documents": len(documents), "points": len(points), **_count_states(resolved)}
            counts["suggestions"] = suggestions
            printed = ", ".join(f"{name} {count}" for name, count in counts.items())
            report = LoadReport(printed, tuple(_list_warnings(resolved)))
            store_load_report(conn, mark, report if is_whole and as_of is None else None)
        store_load_stage(conn, 2)
    return report, is_whole


def _count_states(resolved: ResolvedState) -> dict[str, int]:
    states = [each.anchor.state for each in resolved.rows.placed if each.annotation.status == "active"]
    return {"annotations": len(states), "changed": states.count("changed"), "lost": states.count("lost")}


def _list_warnings(resolved: ResolvedState) -> Iterator[str]:
    if resolved.rows.repairs or resolved.without_point:
        yield "see which are changed or lost, and why: dispatch-box check"
    if problems := resolved.state.problems:
        word = "entry counts" if len(problems) == 1 else "entries count"
        yield f"{len(problems)} {word} for nothing: dispatch-box journal log --problems"
