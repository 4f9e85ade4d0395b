"""Suggestions by similarity, for the verb `suggest`; imported only where its extra packages may be installed."""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import click

from annotations.suggesters import similarity
from annotations.suggesters.embedding_model import Vector, load, vectors
from annotations.suggesters.pipeline import fewer, likely, proposed
from db.embeddings import open_vectors
from db.statements.suggestions import Proposed, accepted, decisions, points, spoken


def propose(conn: sqlite3.Connection, folder: Path, debate: str | None) -> tuple[list[Proposed], str]:
    """Propose suggestions by similarity; return them, and a sentence on the speeches that were left out (empty: none).

    Raises PackageNotFoundError and Unavailable.
    """
    made, embed = points(conn), load()
    speeches = likely(conn, spoken(conn, debate), made, debate)
    sentences = similarity.candidates(speeches)
    looked_at = list(islice(sentences, similarity.MOST))
    left = sum(1 for _ in sentences)
    with closing(open_vectors(folder / "embeddings.db")) as cache:

        def embedded(texts: Sequence[str]) -> Vector:
            return vectors(cache, embed, texts, _show_progress)

        likened = similarity.examples(made, accepted(conn))
        found = similarity.suggest(looked_at, likened, embedded)
        all_of_them = [proposed(sentence.speech, similarity.NAME, one) for sentence, one in found]
    what = f"similarity looked at {len(looked_at)} sentences and left out {left}, of speeches less likely"
    return list(fewer(all_of_them, {one.suggestion for one in decisions(conn)}, similarity.EACH)), what if left else ""


def _show_progress(texts: Sequence[str]) -> Iterator[str]:
    """Iterate over texts, with a progress bar on a terminal."""
    if not sys.stderr.isatty() or not texts:
        return iter(texts)
    return _show_bar(texts)


def _show_bar(texts: Sequence[str]) -> Iterator[str]:
    with click.progressbar(texts, label="reading sentences", file=sys.stderr) as bar:
        yield from bar
