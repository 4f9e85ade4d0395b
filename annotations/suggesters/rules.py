"""The suggester `rules`: it proposes a sentence for a point where its words meet a rule of annotations/rules/."""

import hashlib
from collections.abc import Iterator, Sequence

from annotations.suggesters.terms import compile_term, find_nearest_pair, find_term, list_beginnings
from annotations.text.normalize import Span, WordIndex, fold_words, index_words
from annotations.text.sentences import find_sentences
from db.records.annotation import Suggestion
from db.records.guidance import Rule

NAME = "rules"
VERSION = "2"  # of how rules are judged; each suggestion's version adds which wording of its rule made it


def make_rule_version(rule: Rule) -> str:
    """Return the version of a rule's suggestions: it changes with the rule's wording, but not with its id or note.

    It hashes the rule's repr, so that the names of Rule, Near and their fields are part of every version.
    """
    judged = repr(rule._replace(id="", note=""))
    return f"{VERSION}.{hashlib.sha256(judged.encode()).hexdigest()[:8]}"


def suggest_by_rules(text: str, rules: Sequence[Rule]) -> Iterator[Suggestion]:
    """Yield the sentences of a text that meet rules, by point and place; of several rules the surest is named."""
    words = f" {fold_words(text)}"
    if not (candidates := [rule for rule in rules if _may_meet(rule, words)]):
        return
    whole, bounds = index_words(text), [(span, index_words(text, *span)) for span in find_sentences(text)]
    best: dict[tuple[str, Span], Suggestion] = {}
    for rule in sorted(candidates, key=lambda rule: (-rule.score, rule.id)):
        for span, sentence in bounds:
            if (rule.point_id, span) not in best and (places := _places(rule, sentence, whole)):
                best[rule.point_id, span] = _suggestion(rule, span, text, places)
    yield from (best[key] for key in sorted(best))


def _may_meet(rule: Rule, words: str) -> bool:
    """Return True if folded words hold what a rule cannot do without: a cheap test that spares nearly every search."""
    needed = (*rule.all, *(term for near in rule.near for term in near.terms))
    either = (rule.any,) if rule.any else ()
    return all(
        any(beginning in words for term in terms for beginning in list_beginnings(term))
        for terms in (*((term,) for term in needed), *either)
    )


def _places(rule: Rule, sentence: WordIndex, whole: WordIndex) -> list[Span]:
    """Return where the words stand that make a sentence meet a rule; none where it does not."""
    if rule.within == "sentence":
        return _matched_places(rule, sentence)
    first = next(find_term(_leading_term(rule), sentence), None)
    others = _matched_places(rule, whole) if first else []
    return [_text_span(sentence, first), *others] if first and others else []


def _leading_term(rule: Rule) -> str:
    """Return the term whose sentence is proposed where the others may stand anywhere in the speech."""
    return [*rule.all, *(near.terms[0] for near in rule.near), *rule.any][0]


def _matched_places(rule: Rule, words: WordIndex) -> list[Span]:
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
    return [_text_span(words, each) for each in (*found, *either)]


def _text_span(words: WordIndex, numbers: Span) -> Span:
    return words.places[numbers[0]][0], words.places[numbers[1]][1]


def _suggestion(rule: Rule, span: Span, text: str, places: Sequence[Span]) -> Suggestion:
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
