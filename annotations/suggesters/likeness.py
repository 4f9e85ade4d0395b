"""The likeness of a sentence to every point of guidance, by an embedding model; needs the extra [similarity].

A sentence is compared with two kinds of text of a point: its title with its paraphrase, and its examples. Each
comparison is made in two ways: whole (the cosine of two vectors), and by late interaction: each content token of the
point's text finds the token of the sentence that is most like it, and rare tokens count more.
"""

import hashlib
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from math import log
from typing import TYPE_CHECKING, NamedTuple

from db.embeddings import find_scores, store_scores
from db.records.guidance import Point

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "similarity"  # the suggester that proposes by likeness alone
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"  # of the embedding model's file
VERSION = "2"  # of the comparison; it is part of every key of the cache
FULL_VERSION = f"{VERSION}.{MODEL_SHA256[:8]}"
SCORES = 5  # numbers for each point
BATCH_SIZE = 100  # sentences between two commits to the cache, so that an interrupted run loses little
THREADS = 2  # that compare sentences at the same time, each sentence by itself, so that the numbers stay the same
FIRST_WORD = 1_000  # the least id of a token that is a word; ids below it are signs, letters and the like
COMMON_WORDS = """a an the of to and or in on at for with by from as is are was were be been being it its this that
these those which who whom whose what when where how why not no nor but if then than so such may might must should
will would can could do does did has have had having i we you he she they them him her his our your their my me
us one there any all some each other own same more most only also very just into out up down over under about against
between through during before after again further here both few too"""
STOP_WORDS = frozenset(COMMON_WORDS.split())


class Embedding(NamedTuple):
    """A text as the model reads it: its vector, and its tokens with a vector of each; every vector has length 1."""

    vector: "NDArray[np.float32]"
    tokens: "NDArray[np.float32]"
    ids: list[int]
    words: list[str]


class PointLikeness(NamedTuple):
    """The likeness of a sentence to a point, from 0 to 1: to its paraphrase and its best example, whole and by tokens.

    `nearest` is the number of the text of the point (list_texts) that is most alike by tokens.
    """

    paraphrase: float
    example: float
    paraphrase_tokens: float
    example_tokens: float
    nearest: float


Likeness = dict[str, PointLikeness]
FindLikeness = Callable[[str], Likeness | None]


def hash_points(points: Iterable[Point]) -> str:
    """Hash what the likeness depends on beside the sentence: model, way of comparison, and texts of the points."""
    texts = "\0".join("\1".join((point.id, *list_texts(point))) for point in points)
    return hashlib.sha256(f"{FULL_VERSION}\0{texts}".encode()).hexdigest()


def list_texts(point: Point) -> list[str]:
    """Return the texts of a point with which sentences are compared: title and paraphrase, then each example."""
    return [f"{point.title}. {point.paraphrase}", *point.examples]


def find_nothing(sentence: str) -> Likeness | None:
    """Find no likeness, whatever the sentence: for rules alone."""
    return None


def make_cached_finder(conn: sqlite3.Connection | None, points: Sequence[Point]) -> FindLikeness:
    """Return a function from a sentence to its likeness to every point, as the cache has it; None where it has not.

    Without a cache (`conn` is None) nothing is known.
    """
    if conn is None:
        return find_nothing
    key = hash_points(points)
    ids = [point.id for point in points]

    def find(sentence: str) -> Likeness | None:
        [body] = find_scores(conn, key, [sentence])
        return unpack_likeness(ids, body) if body else None

    return find


def unpack_likeness(ids: Sequence[str], body: bytes) -> Likeness:
    """Return the likeness to each point from the numbers of a comparison."""
    numbers = array("f")
    numbers.frombytes(body)
    return {id: PointLikeness._make(numbers[n * SCORES : (n + 1) * SCORES]) for n, id in enumerate(ids)}


def cache_likeness(
    conn: sqlite3.Connection,
    points: Sequence[Point],
    sentences: Sequence[str],
    embed: Callable[[str], Embedding],
    progress: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> None:
    """Compare the sentences that the cache lacks with all points, and store the numbers.

    `progress` iterates over the sentences that are compared now, and may show progress.
    """
    key = hash_points(points)
    unique = list(dict.fromkeys(sentences))
    missing = [text for text, body in zip(unique, find_scores(conn, key, unique), strict=True) if body is None]
    if not missing:
        return
    compare = make_comparison(points, embed)
    shown = iter(progress(missing))
    with ThreadPoolExecutor(THREADS) as threads:
        while batch := list(islice(shown, BATCH_SIZE)):
            store_scores(conn, key, list(zip(batch, threads.map(compare, batch), strict=True)))


def make_comparison(points: Sequence[Point], embed: Callable[[str], Embedding]) -> Callable[[str], bytes]:
    """Return a function that compares a sentence with all points: SCORES 32-bit numbers for each, in their order."""
    import numpy as np

    texts = [(n, number, text) for n, point in enumerate(points) for number, text in enumerate(list_texts(point))]
    embeddings = [embed(text) for _, _, text in texts]
    vectors = np.stack([each.vector for each in embeddings])
    kept = [_select_content(each) for each in embeddings]
    tokens = np.concatenate([each.tokens[rows] for each, rows in zip(embeddings, kept, strict=True)])
    weights = np.concatenate([_weigh(each, rows) for each, rows in zip(embeddings, kept, strict=True)])
    starts = np.cumsum([0, *map(len, kept)])[:-1]
    totals = np.add.reduceat(weights, starts)
    columns = np.array([point * SCORES + (number > 0) for point, number, _ in texts])

    def compare(sentence: str) -> bytes:
        it = embed(sentence)
        scores = np.full(len(points) * SCORES, 0.0, dtype=np.float32)
        np.maximum.at(scores, columns, vectors @ it.vector)
        best = (tokens @ it.tokens[_select_content(it)].T).max(axis=1)
        by_tokens = (np.add.reduceat(best * weights, starts) / totals).astype(np.float32)
        np.maximum.at(scores, columns + 2, by_tokens)
        for (point, number, _), score in zip(texts, by_tokens, strict=True):
            if score >= scores[point * SCORES + 2 : point * SCORES + 4].max():
                scores[point * SCORES + 4] = number
        return scores.tobytes()

    return compare


def _select_content(embedding: Embedding) -> list[int]:
    """Return the places of the tokens that carry meaning; all tokens where there are none."""
    places = [
        n
        for n, word in enumerate(embedding.words)
        if word not in STOP_WORDS and not word.startswith("[") and any(map(str.isalnum, word))
    ]
    return places or list(range(len(embedding.words)))


def _weigh(embedding: Embedding, rows: Sequence[int]) -> list[float]:
    """Weigh tokens by their rarity: the vocabulary of the model is roughly in order of frequency."""
    return [log(max(embedding.ids[row], FIRST_WORD) / (0.9 * FIRST_WORD)) for row in rows]  # more than 0 for all
