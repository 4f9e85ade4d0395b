"""The suggester `rules`: it proposes the sentences that match a rule of annotations/rules/ for the rule's point."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache

from annotations.suggesters.terms import compile_term, find_nearest_pair, find_term, list_beginnings
from annotations.text.normalize import Span, WordIndex, fold_words, index_words
from annotations.text.sentences import find_sentences
from db.records.annotation import Suggestion
from db.records.guidance import Rule

NAME = "rules"
VERSION = "3"  # of the matching; the version of a suggestion adds a hash of its rule's wording


def make_rule_version(rule: Rule) -> str:
    """Return the version of a rule's suggestions: it changes with the rule's wording, but not with its id or note.

    It hashes the rule's repr, so that the names of Rule, Near and their fields are part of every version.
    """
    wording = repr(rule._replace(id="", note=""))
    return f"{VERSION}.{hashlib.sha256(wording.encode()).hexdigest()[:8]}"


def suggest_by_rules(text: str, rules: Sequence[Rule], context: str = "") -> Iterator[Suggestion]:
    """Yield the sentences of a text that match rules, by point and place, each with its rule of highest score.

    `context` is where the terms of `about` may stand, beside the text.
    """
    words = f" {fold_words(text)}"
    surroundings = f"{fold_words(context)}{words}"
    candidates = [rule for rule in rules if _may_match(rule, words) and _is_about(rule, surroundings)]
    if not candidates:
        return
    all_words, sentences = index_words(text), [(span, index_words(text, *span)) for span in find_sentences(text)]
    best: dict[tuple[str, Span], Suggestion] = {}
    for rule in sorted(candidates, key=lambda rule: (-rule.score, rule.id)):
        for span, sentence in sentences:
            if (rule.point_id, span) not in best and (places := _find_places(rule, sentence, all_words)):
                best[rule.point_id, span] = _make_suggestion(rule, span, text, places)
    yield from (best[key] for key in sorted(best))


def find_best_rules(sentence: str, rules: Sequence[Rule], context: str = "") -> dict[str, Suggestion]:
    """Return the suggestion of highest score for each point, in a text that is taken as one sentence."""
    best: dict[str, Suggestion] = {}
    for suggestion in suggest_by_rules(sentence, rules, context):
        if suggestion.point_id not in best or suggestion.score > best[suggestion.point_id].score:
            best[suggestion.point_id] = suggestion
    return best


def _may_match(rule: Rule, words: str) -> bool:
    """Return True if folded words hold all terms that a rule needs: a cheap test that rules out most texts."""
    return all(any(beginning in words for beginning in beginnings) for beginnings in _list_needed_beginnings(rule))


@cache
def _list_needed_beginnings(rule: Rule) -> list[list[str]]:
    """List what a text must hold to match a rule: of each list one beginning at least."""
    needed = (*rule.all, *(term for near in rule.near for term in near.terms))
    choices = [*((term,) for term in needed), *([rule.any] if rule.any else [])]
    return [[beginning for term in terms for beginning in list_beginnings(term)] for terms in choices]


def _is_about(rule: Rule, words: str) -> bool:
    return all(compile_term(term).search(words) for term in rule.about)


def _find_places(rule: Rule, sentence: WordIndex, all_words: WordIndex) -> list[Span]:
    """Return the places of the words by which a sentence matches a rule; an empty list where it does not match."""
    if rule.within == "sentence":
        return _match_words(rule, sentence)
    first = next(find_term(_find_leading_term(rule), sentence), None)
    others = _match_words(rule, all_words) if first else []
    return [_find_text_span(sentence, first), *others] if first and others else []


def _find_leading_term(rule: Rule) -> str:
    """Return the term whose sentence is proposed where the other terms may be anywhere in the speech."""
    return [*rule.all, *(near.terms[0] for near in rule.near), *rule.any][0]


def _match_words(rule: Rule, words: WordIndex) -> list[Span]:
    found: list[Span] = []
    if any(compile_term(term).search(words.text) for term in rule.none):
        return []
    for near in rule.near:
        if not (pair := find_nearest_pair(*near.terms, words, near.words)):
            return []
        found += pair
    for term in rule.all:
        if not (place := next(find_term(term, words), None)):
            return []
        found.append(place)
    either = [place for term in rule.any for place in find_term(term, words)]
    if rule.any and not either:
        return []
    return [_find_text_span(words, each) for each in (*found, *either)]


def _find_text_span(words: WordIndex, numbers: Span) -> Span:
    return words.places[numbers[0]][0], words.places[numbers[1]][1]


def _make_suggestion(rule: Rule, span: Span, text: str, places: Sequence[Span]) -> Suggestion:
    triggers = tuple(dict.fromkeys(text[start:end] for start, end in sorted(places)))
    evidence = f"rule {rule.id}: {', '.join(f'“{words}”' for words in triggers)}"
    return Suggestion(
        point_id=rule.point_id,
        start=span[0],
        end=span[1],
        triggers=triggers,
        rule=rule.id,
        version=make_rule_version(rule),
        score=rule.score,
        evidence=evidence,
    )
