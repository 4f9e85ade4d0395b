"""The pairs of sentence and point that people have judged: what the judge learns from.

They are the suggestions that were accepted or rejected, the points that were chosen instead, and every sentence of a
debate that somebody has annotated blind and finished: unmarked sentences bear on nothing. Whoever decides a sentence
has read it, so that it bears on no other point than those given to it, unless a suggestion of that point is open. To
learn from the decided pairs alone would make everything likely: they are the likely ones. A skip says nothing.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotations.suggesters.judge import LabelledPair, describe_sentence
from annotations.suggesters.likeness import FindLikeness
from annotations.suggesters.rules import find_best_rules
from annotations.text.sentences import find_sentences
from db.records.annotation import SuggesterInput
from db.records.guidance import Point, Rule
from db.statements.suggestions import (
    list_finished_passes,
    read_decided_words,
    read_open_points,
    read_pass_quotes,
    read_speech_texts,
)


class JudgedSentence(NamedTuple):
    """A sentence, its debate and context, and the points that people judged it by: True where it bears on the point.

    It bears on no other point, but for `open_points`, of which nobody has decided yet.
    """

    debate: str
    text: str
    context: str
    points: dict[str, bool]
    open_points: frozenset[str] = frozenset()


def read_judged_sentences(conn: sqlite3.Connection) -> list[JudgedSentence]:
    """Return every sentence that people have judged, those of decisions first."""
    return [*_read_decided(conn), *_read_passes(conn)]


def _read_decided(conn: sqlite3.Connection) -> Iterator[JudgedSentence]:
    """Yield the words that were decided, with what was decided on each point; the last decision on a point counts."""
    sentences: dict[tuple[str, str], JudgedSentence] = {}
    open_points = read_open_points(conn)
    for row in read_decided_words(conn):
        place = (row["debate_id"], row["exact"])
        context = f"{row['context']}\n{row['text']}"
        found = sentences.setdefault(
            place,
            JudgedSentence(
                debate=row["debate_id"],
                text=row["exact"],
                context=context,
                points={},
                open_points=frozenset(open_points.get(row["exact"], ())),
            ),
        )
        found.points[row["point_id"]] = row["status"] == "accepted"
        if row["chosen"]:
            found.points[row["chosen"]] = True
    yield from sentences.values()


def _read_passes(conn: sqlite3.Connection) -> Iterator[JudgedSentence]:
    """Yield every sentence of the debates that somebody has finished, with the points given to it by anyone."""
    for debate in list_finished_passes(conn):
        quotes = read_pass_quotes(conn, debate)
        for speech in read_speech_texts(conn, debate):
            yield from _read_sentences(speech, debate, quotes.get(speech.speech_id, ()))


def _read_sentences(
    speech: SuggesterInput, debate: str, quotes: Sequence[tuple[int, int, str]]
) -> Iterator[JudgedSentence]:
    for start, end in find_sentences(speech.text):
        points = {point: True for from_, to, point in quotes if from_ < end and start < to}
        context = f"{speech.context}\n{speech.text}"
        yield JudgedSentence(debate=debate, text=speech.text[start:end], context=context, points=points)


def count_judgements(sentences: Iterable[JudgedSentence]) -> int:
    """Count what people said yes or no to; an unmarked sentence of a finished debate counts once."""
    return sum(max(1, len(each.points)) for each in sentences)


def make_labelled_pairs(
    sentences: Iterable[JudgedSentence], points: Sequence[Point], rules: Sequence[Rule], find_likeness: FindLikeness
) -> list[LabelledPair]:
    """Make the pairs to learn from, in order; `find_likeness` knows every sentence, or none for rules alone."""
    ids = [point.id for point in points]
    pairs: list[LabelledPair] = []
    for each in sentences:
        fired = find_best_rules(each.text, rules, each.context)
        features = describe_sentence(ids, {point: one.score for point, one in fired.items()}, find_likeness(each.text))
        pairs += [
            LabelledPair(
                point=id, features=features[id], bears=each.points.get(id, False), weight=1.0, debate=each.debate
            )
            for id in ids
            if id in each.points or id not in each.open_points
        ]
    return pairs
