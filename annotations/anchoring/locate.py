"""The location of a quote in a text: every annotation, suggestion and import passes through locate()."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from annotations.anchoring.anchor_state import check_stored_place, decide_anchor, make_lost_anchor
from annotations.anchoring.candidates import (
    EDGE,
    Candidate,
    FoldedQuote,
    find_by_ends,
    find_candidates,
    find_exact,
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

    `exact`: where the selector says, or, where it names no place, in the one place that there is. `moved`: the same
    words elsewhere, but for what fold() leaves out. `changed`: another wording that takes its place, which must not be
    shown as the speaker's before a person confirms it. Else `lost`: not there, or not decidable. `old_text` is the
    edition that the selector was made on. With a speaker, only what that speaker says in `segments` counts.
    """
    if anchor := check_stored_place(text, selector):
        return anchor
    notes = bool(NOTES.search(selector.exact))
    folded = fold_typography(text, notes)
    known, old = _with_old_place(selector, old_text)
    wanted = _folded_quote(known, notes)
    if selector.head:
        found = find_by_ends(
            folded.text, wanted, *(fold_typography(end).text.strip() for end in (selector.head, selector.tail))
        )
    else:
        found = find_candidates(folded.text, wanted, divide_quotation(selector.exact, notes))
    own_words = [each for each in found if _is_said(folded, each, speaker, segments)] if speaker and segments else found
    good = _convincing(folded.text, own_words, known, wanted, (old, notes) if old else None)
    if good:
        return decide_anchor(text, folded, good, wanted, placeless=selector.start is None)
    others = own_words != found and _convincing(folded.text, found, known, wanted, None)
    return make_lost_anchor(
        f"only another than {speaker} says the words" if others else "the words do not stand in the text"
    )


def cut_context(text: str, start: int, end: int) -> tuple[str, str]:
    """Return up to CONTEXT characters before and after a span."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def _with_old_place(selector: Selector, old_text: str | None) -> tuple[Selector, str | None]:
    """Return a selector with the place and surroundings of its quote in the old text, and that text.

    Where the old text does not hold the quote, return the selector as it is, and None.
    """
    anchor = locate_quote(old_text, selector) if old_text and not selector.head else None
    if not old_text or not anchor or anchor.start is None or anchor.end is None:
        return selector, None
    prefix, suffix = cut_context(old_text, anchor.start, anchor.end)
    if selector.start == anchor.start and (selector.prefix or selector.suffix):
        prefix, suffix = selector.prefix, selector.suffix
    return selector._replace(start=anchor.start, end=anchor.end, prefix=prefix, suffix=suffix), old_text


def _folded_quote(selector: Selector, notes: bool) -> FoldedQuote:
    """Fold a quote and its surroundings; EDGE marks a quote that stood at an end of its text."""
    quote = fold_typography(selector.exact or selector.head + selector.tail, notes).text.strip()
    before, after = fold_typography(selector.prefix).text, fold_typography(selector.suffix).text
    if selector.start is not None:
        return FoldedQuote(quote, before or (EDGE if selector.start == 0 else ""), after or EDGE)
    before = f"{before} " if before[-1:].isalnum() else before  # written by hand
    return FoldedQuote(quote, before, f" {after}" if after[:1].isalnum() else after)


def _is_said(folded: FoldedText, place: Candidate, speaker: str, segments: Iterable[SpeakerSegment]) -> bool:
    """Return True if a candidate stands within a speaker's own words."""
    start, end = folded.find_text_start(place.start), folded.find_text_end(place.end)
    return any(
        segment.start <= start and end <= segment.end and (segment.speaker or "").casefold() == speaker.casefold()
        for segment in segments
    )


def _convincing(
    text: str, found: Sequence[Candidate], selector: Selector, wanted: FoldedQuote, old: tuple[str, bool] | None
) -> list[Candidate]:
    """Return the candidates with enough evidence; given an old text (and whether its notes stay), where it leads."""
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
    """Return True if a candidate has the words of the span in the old text, and not of another place there."""
    before, after = text[max(0, place.start - CONTEXT) : place.start], text[place.end : place.end + CONTEXT]
    wanted = FoldedQuote(text[place.start : place.end], before or EDGE, after or EDGE)
    origin = score_candidate(old, wanted, *span)
    others = (
        other
        for other in chain(find_exact(old, wanted), find_similar(old, wanted))
        if other.alike >= MIN_SIMILARITY and not other.is_overlapping(origin)
    )
    return not any(weigh_candidate(other, wanted) + MIN_MARGIN >= weigh_candidate(origin, wanted) for other in others)
