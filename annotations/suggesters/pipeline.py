"""The pipeline from the evidence of suggesters to rows for review: judge each sentence, and keep what is likely.

Rules and likeness give evidence, and the judge makes one probability of it. A suggestion is named after what caused it:
the best rule that fired, or likeness alone (`similarity`).
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from annotations.anchoring.locate import cut_context, locate_quote
from annotations.suggesters import likeness, rules
from annotations.suggesters.judge import MAX_POINTS, MIN_PROBABILITY, Judge, judge_sentence
from annotations.suggesters.likeness import FindLikeness, Likeness
from annotations.suggesters.precision import find_silent_rules
from annotations.text.normalize import Span, fold_words
from annotations.text.sentences import find_sentences
from db.records.annotation import PROVEN, Decision, Selector, SuggesterInput, Suggestion
from db.records.guidance import Point, Rule
from db.statements.suggestions import (
    PlacedSuggestion,
    list_suggesters,
    read_decisions,
    read_noted_places,
    read_saved_suggestions,
    read_speech_texts,
    replace_suggestions,
    search_candidates,
)

MAX_SPEECHES_PER_POINT = 40  # speeches that are compared with one point
MIN_WORD_LENGTH = 4  # letters of a word that is searched for
MIN_WORDS = 5  # of a sentence that is compared
MAX_SENTENCES = 4_000  # compared in one run
BUILT_IN = (rules.NAME, likeness.NAME)


class FiredRules(NamedTuple):
    """A speech, and the suggestions that rules make in it."""

    speech: SuggesterInput
    suggestions: tuple[Suggestion, ...]


class Judging(NamedTuple):
    """The means of judging a sentence: the points, the judge, and the likeness where it is known."""

    points: Sequence[Point]
    judge: Judge
    find_likeness: FindLikeness


def make_suggestion_key(suggester: str, point_id: str, words: str) -> str:
    """Hash suggester, point and folded words (sha256, hex): not the version, not the place, not the typography.

    Decisions in the journal name suggestions by this key, so that nobody decides twice; it must never change.
    """
    return hashlib.sha256("\0".join((suggester, point_id, fold_words(words))).encode()).hexdigest()


def complete_suggestion(speech: SuggesterInput, suggester: str, suggestion: Suggestion) -> PlacedSuggestion:
    """Complete a suggestion about a speech with its key, its words and those around them."""
    start, end = suggestion.start, suggestion.end
    words = speech.text[start:end]
    key = make_suggestion_key(suggester, suggestion.point_id, words)
    prefix, suffix = cut_context(speech.text, start, end)
    return PlacedSuggestion(
        suggestion=suggestion,
        speech_id=speech.speech_id,
        suggester=suggester,
        key=key,
        exact=words,
        prefix=prefix,
        suffix=suffix,
    )


def fire_rules(speeches: Iterable[SuggesterInput], rule_list: Sequence[Rule]) -> list[FiredRules]:
    """Return the suggestions that rules make in speeches; speeches without one are there too."""
    return [
        FiredRules(speech, tuple(rules.suggest_by_rules(speech.text, rule_list, speech.context))) for speech in speeches
    ]


def judge_speeches(
    fired: Iterable[FiredRules],
    judging: Judging,
    decisions: Iterable[Decision],
    sentences: Mapping[str, Collection[Span]],
) -> Iterator[PlacedSuggestion]:
    """Yield the likely points of every sentence for which a rule fired, and of `sentences` (spans, by speech id).

    A rule whose suggestions people mostly rejected is silent: it counts for nothing.
    """
    silent = find_silent_rules(decisions)
    for speech, suggestions in fired:
        by_span: dict[Span, dict[str, Suggestion]] = {span: {} for span in sentences.get(speech.speech_id, ())}
        for one in suggestions:
            if (one.rule, one.version) not in silent:
                by_span.setdefault((one.start, one.end), {})[one.point_id] = one
        for span in sorted(by_span):
            for suggester, made in _judge_span(speech, span, by_span[span], judging):
                yield complete_suggestion(speech, suggester, made)


def _judge_span(
    speech: SuggesterInput, span: Span, fired: Mapping[str, Suggestion], judging: Judging
) -> Iterator[tuple[str, Suggestion]]:
    """Yield the suggester and the suggestion of each likely point of a sentence, the likeliest first."""
    alike = judging.find_likeness(speech.text[slice(*span)])
    points = {point.id: point for point in judging.points}
    scores = {point: one.score for point, one in fired.items() if point in points}
    chances = judge_sentence(judging.judge, points, scores, alike)
    likeliest = sorted(chances, key=lambda point: (-chances[point], point))[:MAX_POINTS]
    for id in likeliest:
        if chances[id] < MIN_PROBABILITY:
            return
        words = _describe_likeness(points[id], alike)
        if id in fired:
            found, name = fired[id], rules.NAME
            made = found._replace(evidence="; ".join(filter(None, (found.evidence, words))))
        else:
            name = likeness.NAME
            made = Suggestion(
                point_id=id,
                start=span[0],
                end=span[1],
                triggers=(),
                rule="likeness",
                version=likeness.FULL_VERSION,
                score=0.0,
                evidence=words,
            )
        yield name, made._replace(score=round(chances[id], 3), version=f"{made.version}+{judging.judge.version}")


def _describe_likeness(point: Point, alike: Likeness | None) -> str:
    """Say which text of a point a sentence is most like; "" where no likeness is known."""
    if alike is None:
        return ""
    found = alike[point.id]
    text = likeness.list_texts(point)[int(found.nearest)]
    score = found.example_tokens if found.nearest else found.paraphrase_tokens
    return f"{score:.2f} alike (of 1) to the {'example' if found.nearest else 'paraphrase'} “{text}”"


def choose_sentences(
    conn: sqlite3.Connection, speeches: Sequence[SuggesterInput], points: Sequence[Point], debate: str | None
) -> tuple[dict[str, list[Span]], int]:
    """Choose the sentences that are compared with every point: spans by speech id; and count those left out."""
    chosen: dict[str, list[Span]] = {}
    count = left_out = 0
    for speech in search_speeches_for_points(conn, speeches, points, debate):
        spans = [span for span in find_sentences(speech.text) if len(speech.text[slice(*span)].split()) >= MIN_WORDS]
        room = MAX_SENTENCES - count
        chosen[speech.speech_id] = spans[:room]
        count += len(spans[:room])
        left_out += len(spans[room:])
    return chosen, left_out


def list_sentence_texts(fired: Iterable[FiredRules], sentences: Mapping[str, Collection[Span]]) -> list[str]:
    """List the texts of the sentences that are judged: those of `sentences`, and those for which a rule fired."""
    spans = (
        (speech, span)
        for speech, suggestions in fired
        for span in sorted({*sentences.get(speech.speech_id, ()), *((one.start, one.end) for one in suggestions)})
    )
    return [speech.text[slice(*span)] for speech, span in spans]


def search_speeches_for_points(
    conn: sqlite3.Connection, speeches: Sequence[SuggesterInput], points: Sequence[Point], debate: str | None
) -> list[SuggesterInput]:
    """Search for the words of each point; return the speeches found, the likeliest first.

    At most MAX_SPEECHES_PER_POINT come from one point; `debate` limits the search to the debate of an id.
    """
    best: dict[str, int] = {}
    for point in points:
        words = sorted(
            {w for w in fold_words(f"{point.title} {point.paraphrase}").split() if len(w) >= MIN_WORD_LENGTH}
        )
        for rank, id in enumerate(search_candidates(conn, words, MAX_SPEECHES_PER_POINT, debate)):
            best[id] = min(rank, best.get(id, rank))
    return sorted((each for each in speeches if each.speech_id in best), key=lambda each: best[each.speech_id])


def leave_out_settled(
    suggestions: Iterable[PlacedSuggestion],
    decisions: Iterable[Decision],
    noted: Mapping[tuple[str, str], Sequence[Span]],
) -> Iterator[PlacedSuggestion]:
    """Leave out what people have settled otherwise, and yield the others.

    Settled are words that were decided for the same point as another suggester's, and words that overlap a quote that a
    person has given to that point already. A suggestion that was itself decided stays.
    """
    decided = list(decisions)
    keys = {one.suggestion for one in decided}
    words = {(one.point_id, fold_words(one.exact)) for one in decided}
    for each in suggestions:
        made = each.suggestion
        quotes = noted.get((each.speech_id, made.point_id), ())
        is_noted = any(start < made.end and made.start < end for start, end in quotes)
        if each.key in keys or not (is_noted or (made.point_id, fold_words(each.exact)) in words):
            yield each


def relocate_suggestion(placed: PlacedSuggestion, speech: SuggesterInput | None) -> PlacedSuggestion | None:
    """Locate a stored suggestion in today's text of its speech; None where the text no longer has its words."""
    if not speech:
        return None
    start, end = placed.suggestion.start, placed.suggestion.end
    selector = Selector(exact=placed.exact, prefix=placed.prefix, suffix=placed.suffix, start=start, end=end)
    anchor = locate_quote(speech.text, selector)
    if anchor.state not in PROVEN or anchor.start is None or anchor.end is None:
        return None
    return complete_suggestion(speech, placed.suggester, placed.suggestion._replace(start=anchor.start, end=anchor.end))


def keep_surest_suggestions(suggestions: Iterable[PlacedSuggestion]) -> list[PlacedSuggestion]:
    """Keep the suggestion with the highest score for each point and place, in the order given."""
    best: dict[tuple[str, str, int], PlacedSuggestion] = {}
    for each in suggestions:
        place = (each.speech_id, each.suggestion.point_id, each.suggestion.start)
        if place not in best or each.suggestion.score > best[place].suggestion.score:
            best[place] = each
    return list(best.values())


def refresh_suggestions(conn: sqlite3.Connection, fired: Iterable[FiredRules], judging: Judging) -> None:
    """Judge the rules' suggestions anew, and relocate those of other suggesters; drop those whose words are gone.

    It runs after a load, in its transaction.
    """
    speeches = {speech.speech_id: speech for speech in read_speech_texts(conn)}
    point_ids = {point.id for point in judging.points}
    decisions, noted = read_decisions(conn), read_noted_places(conn)
    made = {rules.NAME: keep_surest_suggestions(judge_speeches(fired, judging, decisions, {}))}
    by_rules = {(each.speech_id, each.suggestion.point_id, each.suggestion.start) for each in made[rules.NAME]}
    for name in list_suggesters(conn):
        if name == rules.NAME:
            continue
        relocated = (
            relocate_suggestion(each, speeches.get(each.speech_id)) for each in read_saved_suggestions(conn, name)
        )
        made[name] = keep_surest_suggestions(
            each
            for each in relocated
            if each
            and each.suggestion.point_id in point_ids
            and not (
                name == likeness.NAME and (each.speech_id, each.suggestion.point_id, each.suggestion.start) in by_rules
            )
        )
    for name, suggestions in made.items():
        replace_suggestions(conn, name, leave_out_settled(suggestions, decisions, noted))
