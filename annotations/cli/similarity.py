"""Suggestions by similarity, for the verb `suggest`; a module apart, because it needs extra packages."""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import click

from annotations.suggesters import similarity
from annotations.suggesters.embedding_model import Vector, load_model, read_vectors
from annotations.suggesters.pipeline import complete_suggestion, limit_undecided, search_speeches_for_points
from db.embeddings import open_vectors
from db.statements.suggestions import (
    PlacedSuggestion,
    read_accepted_quotes,
    read_decisions,
    read_points,
    read_speech_texts,
)


def propose_by_similarity(
    conn: sqlite3.Connection, folder: Path, debate: str | None
) -> tuple[list[PlacedSuggestion], str]:
    """Propose suggestions by similarity; return them, and a message on sentences that were left out, or "".

    Raises PackageNotFoundError and Unavailable.
    """
    points, embed = read_points(conn), load_model()
    speeches = search_speeches_for_points(conn, read_speech_texts(conn, debate), points, debate)
    sentences = similarity.list_sentences(speeches)
    compared = list(islice(sentences, similarity.MAX_SENTENCES))
    left_out = sum(1 for _ in sentences)
    with closing(open_vectors(folder / "embeddings.db")) as cache:

        def embedded(texts: Sequence[str]) -> Vector:
            return read_vectors(cache, embed, texts, _show_progress)

        examples = similarity.make_examples(points, read_accepted_quotes(conn))
        found = similarity.suggest_by_similarity(compared, examples, embedded)
        suggestions = [complete_suggestion(sentence.speech, similarity.NAME, one) for sentence, one in found]
    message = f"similarity looked at {len(compared)} sentences and left out {left_out}, of speeches less likely"
    return list(
        limit_undecided(suggestions, {one.suggestion for one in read_decisions(conn)}, similarity.MAX_OPEN_PER_POINT)
    ), message if left_out else ""


def _show_progress(texts: Sequence[str]) -> Iterator[str]:
    """Iterate over texts, with a progress bar on a terminal."""
    if not sys.stderr.isatty() or not texts:
        return iter(texts)
    return _show_bar(texts)


def _show_bar(texts: Sequence[str]) -> Iterator[str]:
    with click.progressbar(texts, label="reading sentences", file=sys.stderr) as bar:
        yield from bar
