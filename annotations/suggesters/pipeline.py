"""The pipeline from a suggester to rows for review: locate, add a key, and keep one suggestion for each place."""

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

MAX_SPEECHES_PER_POINT = 40  # speeches that are compared with one point
MIN_WORD_LENGTH = 4  # letters of a word that is searched for


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


def propose_by_rules(speeches: Iterable[SuggesterInput], rule_list: Sequence[Rule]) -> Iterator[PlacedSuggestion]:
    """Yield the suggestions that rules make in speeches."""
    for speech in speeches:
        for suggestion in rules.suggest_by_rules(speech.text, rule_list, speech.context):
            yield complete_suggestion(speech, rules.NAME, suggestion)


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


def limit_undecided(
    suggestions: Iterable[PlacedSuggestion], decided_keys: Collection[str], limit: int
) -> Iterator[PlacedSuggestion]:
    """Yield all decided suggestions, and the first `limit` undecided ones of every point."""
    undecided: Counter[str] = Counter()
    for one in suggestions:
        undecided[one.suggestion.point_id] += one.key not in decided_keys
        if one.key in decided_keys or undecided[one.suggestion.point_id] <= limit:
            yield one


def relocate_suggestion(placed: PlacedSuggestion, speech: SuggesterInput | None) -> PlacedSuggestion | None:
    """Locate a stored suggestion in today's text of its speech; None where the text no longer has its words."""
    if not speech:
        return None
    start, end = placed.suggestion.start, placed.suggestion.end
    selector = Selector(exact=placed.exact, prefix=placed.prefix, suffix=placed.suffix, start=start, end=end)
    anchor = locate_quote(speech.text, selector)
    if anchor.state not in ("exact", "moved") or anchor.start is None or anchor.end is None:
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


def refresh_suggestions(conn: sqlite3.Connection, proposed: Iterable[PlacedSuggestion]) -> None:
    """Save the rules' suggestions, and relocate those of other suggesters; drop those whose words are gone.

    It runs after a load, in its transaction.
    """
    speeches = {speech.speech_id: speech for speech in read_speech_texts(conn)}
    point_ids = {point.id for point in read_points(conn)}
    for name in list_suggesters(conn):
        saved = read_saved_suggestions(conn, name)
        relocated = (relocate_suggestion(each, speeches.get(each.speech_id)) for each in saved)
        still_there = [each for each in relocated if each and each.suggestion.point_id in point_ids]
        replace_suggestions(conn, name, keep_surest_suggestions(still_there))
    replace_suggestions(conn, rules.NAME, proposed)
