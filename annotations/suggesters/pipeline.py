"""The pipeline from a suggester to rows that a person can decide: locate, key, and keep one suggestion a place."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from annotations.anchoring.locate import cut_context, locate_quote
from annotations.suggesters import rules
from annotations.text.normalize import fold_words
from db.records.annotation import Selector, SuggesterInput, Suggestion
from db.records.guidance import Point, Rule
from db.statements.suggestions import (
    PlacedSuggestion,
    list_suggesters,
    read_points,
    read_saved_suggestions,
    read_speech_texts,
    replace_suggestions,
    search_candidates,
)

EACH = 40  # speeches that search gives for a point
SHORTEST = 4  # letters of a word that search looks for


def make_suggestion_key(suggester: str, point_id: str, words: str) -> str:
    """Hash suggester, point and folded words (sha256, hex): not the version, not the place, not the typography.

    Decisions in the journal name suggestions by this key, so that nobody is asked twice; it must never change.
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


def propose_by_rules(speeches: Iterable[SuggesterInput], made: Sequence[Rule]) -> Iterator[PlacedSuggestion]:
    """Yield what the rules propose in speeches."""
    for speech in speeches:
        for suggestion in rules.suggest_by_rules(speech.text, made):
            yield complete_suggestion(speech, rules.NAME, suggestion)


def search_speeches_for_points(
    conn: sqlite3.Connection, speeches: Sequence[SuggesterInput], made: Sequence[Point], debate: str | None
) -> list[SuggesterInput]:
    """Search for the words of each point; return the speeches found, at most EACH a point, the likeliest first."""
    best: dict[str, int] = {}
    for point in made:
        words = sorted({w for w in fold_words(f"{point.title} {point.paraphrase}").split() if len(w) >= SHORTEST})
        for rank, id in enumerate(search_candidates(conn, words, EACH, debate)):
            best[id] = min(rank, best.get(id, rank))
    return sorted((each for each in speeches if each.speech_id in best), key=lambda each: best[each.speech_id])


def limit_undecided(made: Iterable[PlacedSuggestion], done: Collection[str], each: int) -> Iterator[PlacedSuggestion]:
    """Yield all decided suggestions, and of those that nobody has decided the first `each` of every point."""
    undecided: Counter[str] = Counter()
    for one in made:
        undecided[one.suggestion.point_id] += one.key not in done
        if one.key in done or undecided[one.suggestion.point_id] <= each:
            yield one


def relocate_suggestion(each: PlacedSuggestion, speech: SuggesterInput | None) -> PlacedSuggestion | None:
    """Place a stored suggestion in today's text of its speech; None where its words no longer stand there."""
    if not speech:
        return None
    start, end = each.suggestion.start, each.suggestion.end
    selector = Selector(exact=each.exact, prefix=each.prefix, suffix=each.suffix, start=start, end=end)
    anchor = locate_quote(speech.text, selector)
    if anchor.state not in ("exact", "moved") or anchor.start is None or anchor.end is None:
        return None
    return complete_suggestion(speech, each.suggester, each.suggestion._replace(start=anchor.start, end=anchor.end))


def keep_surest_suggestions(made: Iterable[PlacedSuggestion]) -> list[PlacedSuggestion]:
    """Keep one suggestion for each point and place, the surest, in the order given."""
    best: dict[tuple[str, str, int], PlacedSuggestion] = {}
    for each in made:
        place = (each.speech_id, each.suggestion.point_id, each.suggestion.start)
        if place not in best or each.suggestion.score > best[place].suggestion.score:
            best[place] = each
    return list(best.values())


def refresh_suggestions(conn: sqlite3.Connection, made: Iterable[PlacedSuggestion]) -> None:
    """Save what the rules propose, and place again what other suggesters proposed; drop what no longer stands.

    It runs after a load, in its transaction.
    """
    speeches = {speech.speech_id: speech for speech in read_speech_texts(conn)}
    known = {point.id for point in read_points(conn)}
    for name in list_suggesters(conn):
        again = [relocate_suggestion(each, speeches.get(each.speech_id)) for each in read_saved_suggestions(conn, name)]
        replace_suggestions(
            conn, name, keep_surest_suggestions(each for each in again if each and each.suggestion.point_id in known)
        )
    replace_suggestions(conn, rules.NAME, made)
