"""Rules: a sentence is proposed for a point where its words meet a rule of annotations/rules/."""

import hashlib
from collections.abc import Iterator, Sequence

from annotations.suggesters.key import fold
from annotations.suggesters.terms import Folded, Span, beginnings, find, folded, nearest, term_pattern
from annotations.text.sentences import sentences
from db.records.annotation import Suggestion
from db.records.guidance import Rule

NAME = "rules"
VERSION = "2"  # of how rules are judged; each suggestion's version adds which wording of its rule made it


def version(rule: Rule) -> str:
    """The version of a suggestion that a rule makes: another wording of the rule is another version."""
    judged = repr(rule._replace(id="", note=""))
    return f"{VERSION}.{hashlib.sha256(judged.encode()).hexdigest()[:8]}"


def suggest(text: str, rules: Sequence[Rule]) -> Iterator[Suggestion]:
    """Yield the sentences of a text that meet rules, by point and place; of two rules alike the surer one is named."""
    words = f" {fold(text)}"
    if not (hopeful := [rule for rule in rules if _hopeful(rule, words)]):
        return
    whole, bounds = folded(text), [(span, folded(text, *span)) for span in sentences(text)]
    best: dict[tuple[str, Span], Suggestion] = {}
    for rule in sorted(hopeful, key=lambda rule: (-rule.score, rule.id)):
        for span, sentence in bounds:
            if (rule.point_id, span) not in best and (places := _places(rule, sentence, whole)):
                best[rule.point_id, span] = _suggestion(rule, span, text, places)
    yield from (best[key] for key in sorted(best))


def _hopeful(rule: Rule, words: str) -> bool:
    """Whether folded words hold what a rule cannot do without: a cheap look that spares nearly every search."""
    needed = (*rule.all, *(term for near in rule.near for term in near.terms))
    either = (rule.any,) if rule.any else ()
    return all(
        any(beginning in words for term in terms for beginning in beginnings(term))
        for terms in (*((term,) for term in needed), *either)
    )


def _places(rule: Rule, sentence: Folded, whole: Folded) -> list[Span]:
    """Where the words stand that make a sentence meet a rule; none where it does not."""
    if rule.within == "sentence":
        return _met(rule, sentence)
    first = next(find(_first(rule), sentence), None)
    return [_place(sentence, first), *_met(rule, whole)] if first and _met(rule, whole) else []


def _first(rule: Rule) -> str:
    """The term whose sentence is proposed where the others may stand anywhere in the speech."""
    return [*rule.all, *(near.terms[0] for near in rule.near), *rule.any][0]


def _met(rule: Rule, words: Folded) -> list[Span]:
    found: list[Span] = []
    if any(term_pattern(term).search(words.text) for term in rule.none):
        return []
    for near in rule.near:
        if not (pair := nearest(*near.terms, words, near.words)):
            return []
        found += pair
    for term in rule.all:
        if not (place := next(find(term, words), None)):
            return []
        found.append(place)
    either = [place for term in rule.any for place in find(term, words)]
    if rule.any and not either:
        return []
    return [_place(words, each) for each in (*found, *either)]


def _place(words: Folded, numbers: Span) -> Span:
    return words.places[numbers[0]][0], words.places[numbers[1]][1]


def _suggestion(rule: Rule, span: Span, text: str, places: Sequence[Span]) -> Suggestion:
    triggers = tuple(dict.fromkeys(text[start:end] for start, end in sorted(places)))
    evidence = f"rule {rule.id}: {', '.join(f'“{words}”' for words in triggers)}"
    return Suggestion(rule.point_id, *span, triggers, rule.id, version(rule), rule.score, evidence)
