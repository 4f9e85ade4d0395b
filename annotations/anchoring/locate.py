"""The location of a quote in a text: every annotation, suggestion and import passes through `locate_quote`."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from annotations.anchoring.anchor_state import check_primes, check_stored_place, decide_anchor, make_lost_anchor
from annotations.anchoring.candidates import (
    EDGE,
    Candidate,
    FoldedQuote,
    find_by_ends,
    find_candidates,
    find_exact,
    find_longer_words,
    find_similar,
    score_candidate,
)
from annotations.anchoring.scoring import (
    MIN_MARGIN,
    MIN_SIMILARITY,
    SURE_SIDE,
    find_sentence_rest,
    is_convincing,
    is_possible,
    weigh_candidate,
)
from annotations.text.normalize import NOTES, FoldedText, fold_typography
from annotations.text.quotation import divide_quotation
from annotations.text.word_edges import widen_to_words
from db.records.annotation import Anchor, Selector

CONTEXT = 32  # characters stored before and after a quote, to distinguish repeats


class SpeakerSegment(NamedTuple):
    """A part of a text and its speaker; offsets are code points, end exclusive."""

    start: int
    end: int
    speaker: str | None


def locate_quote(
    text: str,
    selector: Selector,
    old_text: str | None = None,
    speaker: str | None = None,
    segments: Sequence[SpeakerSegment] = (),
) -> Anchor:
    """Locate the quote of a selector in a text; offsets are code points, end exclusive.

    `exact`: at the selector's offsets, or, if it has none, in the only place. `moved`: the same words elsewhere, but
    for what `fold_typography` removes. `changed`: another wording in its place, which must not be shown as the
    speaker's before a person confirms it. `lost`: not there, or in several places. `old_text` is the edition that the
    selector was made on. With a speaker, only the words of that speaker in `segments` count.
    """
    if anchor := check_stored_place(text, selector):
        return anchor
    notes = bool(NOTES.search(selector.exact))
    folded = fold_typography(text, notes)
    known, old = _apply_old_text(selector, old_text)
    wanted = _fold_quote(known, notes)
    if selector.head:
        found = find_by_ends(
            folded.text, wanted, *(fold_typography(end).text.strip() for end in (selector.head, selector.tail))
        )
    else:
        found = find_candidates(folded.text, wanted, divide_quotation(selector.exact, notes))
    said_by_speaker = (
        [each for each in found if _is_said_by(folded, each, speaker, segments)] if speaker and segments else found
    )
    convincing = _keep_convincing(folded.text, said_by_speaker, known, wanted, (old, notes) if old else None)
    if convincing:
        anchor = decide_anchor(text, folded, convincing, wanted, placeless=selector.start is None)
        return check_primes(text, anchor, selector.exact)
    said_by_other = said_by_speaker != found and _keep_convincing(folded.text, found, known, wanted, None)
    if said_by_other:
        return make_lost_anchor(f"someone other than {speaker} says the words")
    longer = next(iter(find_longer_words(folded.text, wanted.quote)), None)
    inside = f", but inside others: {folded.text[slice(*longer)]!r:.100}" if longer else ""
    return make_lost_anchor(f"the words are not in the text{inside}")


def cut_context(text: str, start: int, end: int) -> tuple[str, str]:
    """Return up to CONTEXT characters before and after a span."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def widen_selector(text: str, selector: Selector) -> Selector:
    """Widen a selector that cuts a word or a number of a text at its offsets; return any other as it is."""
    start, end = selector.start, selector.end
    if start is None or end is None or text[start:end] != selector.exact:
        return selector
    first, last = widen_to_words(text, start, end)
    if (first, last) == (start, end):
        return selector
    prefix, suffix = cut_context(text, first, last)
    return Selector(exact=text[first:last], prefix=prefix, suffix=suffix, start=first, end=last)


def _apply_old_text(selector: Selector, old_text: str | None) -> tuple[Selector, str | None]:
    """Return a selector with the place and surroundings of its quote in the old text, and that text.

    Where the old text lacks the quote, return the selector unchanged, and None.
    """
    anchor = locate_quote(old_text, selector) if old_text and not selector.head else None
    if not old_text or not anchor or anchor.start is None or anchor.end is None:
        return selector, None
    prefix, suffix = cut_context(old_text, anchor.start, anchor.end)
    if selector.start == anchor.start and (selector.prefix or selector.suffix):
        prefix, suffix = selector.prefix, selector.suffix
    return selector._replace(start=anchor.start, end=anchor.end, prefix=prefix, suffix=suffix), old_text


def _fold_quote(selector: Selector, notes: bool) -> FoldedQuote:
    """Fold a quote and its surroundings; EDGE stands for the beginning or end of its text."""
    quote = fold_typography(selector.exact or selector.head + selector.tail, notes).text.strip()
    before, after = fold_typography(selector.prefix).text, fold_typography(selector.suffix).text
    if selector.start is not None:
        return FoldedQuote(quote, before or (EDGE if selector.start == 0 else ""), after or EDGE)
    before = f"{before} " if before[-1:].isalnum() else before  # written by hand
    return FoldedQuote(quote, before, f" {after}" if after[:1].isalnum() else after)


def _is_said_by(folded: FoldedText, place: Candidate, speaker: str, segments: Iterable[SpeakerSegment]) -> bool:
    """Return True if a candidate lies within one segment of the speaker."""
    start, end = folded.find_text_start(place.start), folded.find_text_end(place.end)
    return any(
        segment.start <= start and end <= segment.end and (segment.speaker or "").casefold() == speaker.casefold()
        for segment in segments
    )


def _keep_convincing(
    text: str, found: Sequence[Candidate], selector: Selector, wanted: FoldedQuote, old: tuple[str, bool] | None
) -> list[Candidate]:
    """Return the candidates with enough evidence; `old` is the old text, if known, and True to keep its notes."""
    if selector.head and len(found) == 1:
        return list(found)
    around = find_sentence_rest(selector.prefix, selector.exact or selector.tail, selector.suffix)
    if not old or selector.start is None or selector.end is None:
        return [place for place in found if is_convincing(text, place, wanted, around)]
    likely = [place for place in found if is_possible(text, place, around)]
    if sure := [
        place for place in likely if place.alike == 1 and min(place.before or 0, place.after or 0) >= SURE_SIDE
    ]:
        return sure
    folded = fold_typography(*old) if likely else fold_typography("")
    span = folded.find_folded_offset(selector.start), folded.find_folded_offset(selector.end)
    return [place for place in likely if _comes_from(text, place, folded.text, span)]


def _comes_from(text: str, place: Candidate, old: str, span: tuple[int, int]) -> bool:
    """Return True if a candidate matches the span of the old text better than any other place there."""
    before, after = text[max(0, place.start - CONTEXT) : place.start], text[place.end : place.end + CONTEXT]
    wanted = FoldedQuote(text[place.start : place.end], before or EDGE, after or EDGE)
    origin = score_candidate(old, wanted, *span)
    others = (
        other
        for other in chain(find_exact(old, wanted), find_similar(old, wanted))
        if other.alike >= MIN_SIMILARITY and not other.is_overlapping(origin)
    )
    return not any(weigh_candidate(other, wanted) + MIN_MARGIN >= weigh_candidate(origin, wanted) for other in others)
