"""The decision on the state of an anchor: exact, moved, changed or lost.

locate.py gathers the candidates and their evidence; only this module decides the state.
"""

from collections.abc import Sequence

from annotations.anchoring.candidates import Candidate, FoldedQuote
from annotations.anchoring.scoring import MIN_MARGIN, MIN_WORSE_SIDE, weigh_candidate
from annotations.text.alignment import score_similarity
from annotations.text.normalize import FoldedText, fold_typography
from annotations.text.quote_words import read_words
from annotations.text.word_edges import widen_to_words
from db.records.annotation import OTHER_SPEAKER_EVIDENCE, PROVEN, Anchor, AnchorState, Selector

PRIMES, PRIMES_DIFFER = frozenset("′″"), "with other marks of feet and inches"
CUT_EVIDENCE = "the quote begins or ends inside a word or a number"


def check_stored_place(text: str, selector: Selector) -> Anchor | None:
    """Return an anchor if the exact quote is at the offsets of the selector, else None.

    It is `exact` if it cuts no word and no number there; else the whole words there are `changed`.
    """
    start, quote = selector.start, selector.exact
    if not quote or start is None or text[start : selector.end] != quote:
        return None
    first, last = widen_to_words(text, start, start + len(quote))
    if (first, last) != (start, start + len(quote)):
        alike = score_similarity(fold_typography(text[first:last]).text, fold_typography(quote).text)
        return Anchor(state="changed", start=first, end=last, score=min(alike, 0.999), evidence=CUT_EVIDENCE)
    evidence = "the words are at the stored place"
    return Anchor(state="exact", start=start, end=start + len(quote), score=1.0, evidence=evidence)


def decide_anchor(
    text: str, folded: FoldedText, convincing: Sequence[Candidate], wanted: FoldedQuote, placeless: bool
) -> Anchor:
    """Decide between candidates that all have enough evidence, and return the anchor of the best.

    Other words are `changed`; the same words are `moved`, or `exact` where the selector is `placeless`. Where another
    candidate rivals the best, the quote is `lost`: nothing decides between them.
    """
    best, *others = sorted(convincing, key=lambda each: weigh_candidate(each, wanted), reverse=True)
    if rivals := [each for each in others if not each.is_overlapping(best) and _is_rival(best, each, wanted)]:
        why = f"the words are in {1 + len(rivals)} places, and the words around them do not tell which is meant"
        return make_lost_anchor(why)
    state: AnchorState = "changed" if best.alike < 1 else "exact" if placeless else "moved"
    what = "a different wording is" if best.alike < 1 else "the words are"
    why = f"one of {len(convincing)} places, by the words around it" if others else "the only place"
    start, end = _find_trimmed_span(text, folded, best)
    return Anchor(state=state, start=start, end=end, score=best.alike, evidence=f"{what} in {why}")


def check_primes(text: str, anchor: Anchor, quote: str) -> Anchor:
    """Return the anchor, `changed` where the marks of feet and inches, folded as quotation marks, are other ones."""
    words = text[anchor.start : anchor.end]
    if anchor.state not in PROVEN or not PRIMES & {*words, *quote}:
        return anchor
    here, there = (
        [word.folded[-1] for word in read_words(each) if word.folded[-1] in PRIMES] for each in (words, quote)
    )
    if here == there or not quote:
        return anchor
    return anchor._replace(
        state="changed", score=min(anchor.score, 0.999), evidence=f"{anchor.evidence}, {PRIMES_DIFFER}"
    )


def make_lost_anchor(why: str) -> Anchor:
    """Return a `lost` anchor with the reason in words."""
    return Anchor(state="lost", start=None, end=None, score=0.0, evidence=why)


def mark_other_speaker(anchor: Anchor, before: str | None, now: str | None) -> Anchor:
    """Return the anchor as `changed`, since who spoke is part of a wording: the record has corrected the speaker."""
    names = f"{before or 'no one'} was named as the speaker then, and {now or 'no one'} {OTHER_SPEAKER_EVIDENCE}"
    return anchor._replace(state="changed", evidence=f"{anchor.evidence}, but {names}")


def _is_rival(best: Candidate, other: Candidate, wanted: FoldedQuote) -> bool:
    """Return True if another candidate has as good a claim as the best: the same words, no worse surroundings."""
    sides = ((best.before or 0, other.before or 0), (best.after or 0, other.after or 0))
    if best.alike == 1 > other.alike and all(mine >= its for mine, its in sides):
        return False
    if other.alike >= best.alike and any(its > mine + MIN_WORSE_SIDE for mine, its in sides):
        return True
    return weigh_candidate(best, wanted) - weigh_candidate(other, wanted) < MIN_MARGIN


def _find_trimmed_span(text: str, folded: FoldedText, place: Candidate) -> tuple[int, int]:
    """Return the offsets in the text of a candidate, without white space at its ends."""
    start, end = folded.find_text_start(place.start), folded.find_text_end(place.end)
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())
