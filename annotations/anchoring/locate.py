"""The one gate: where a quote stands in a text, provably, or that it does not."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from annotations.anchoring.candidates import EDGE, Candidate, Wanted, judge, nearly, to_the_letter
from annotations.anchoring.placement import between, places
from annotations.anchoring.scoring import ALIKE, MARGIN, SURE, enough, own, possible, undecided, weight
from annotations.text.normalize import NOTES, Folded, fold
from annotations.text.quotation import parts
from db.records.annotation import Anchor, AnchorState, Selector

CONTEXT = 32  # characters kept before and after a quote, so that repeats are told apart


class Segment(NamedTuple):
    """Who speaks from where to where in a text; offsets are code points, end exclusive."""

    start: int
    end: int
    speaker: str | None


def locate(
    text: str,
    selector: Selector,
    old_text: str | None = None,
    speaker: str | None = None,
    segments: Sequence[Segment] = (),
) -> Anchor:
    """Where a selector's quote stands in a text; offsets are code points, end exclusive.

    `exact`: where the selector says, or, where it names no place, in the one place that there is. `moved`: the same
    words elsewhere, but for what fold() leaves out. `changed`: another wording that takes its place, which nobody may
    show as the speaker's before a person has said so. Else `lost`: not there, or not decidable. `old_text` is the
    edition that the selector was made on. With a speaker, only what that speaker says in `segments` counts.
    """
    start, quote = selector.start, selector.exact
    if quote and start is not None and text[start : selector.end] == quote:
        return Anchor("exact", start, start + len(quote), 1.0, "the words stand at the stored place")
    notes = bool(NOTES.search(quote))
    folded = fold(text, notes)
    known, old = _in_old(selector, old_text)
    wanted = _wanted(known, notes)
    if selector.head:
        found = between(folded.text, wanted, *(fold(end).text.strip() for end in (selector.head, selector.tail)))
    else:
        found = places(folded.text, wanted, parts(quote, notes))
    heard = [place for place in found if _says(folded, place, speaker, segments)] if speaker and segments else found
    good = _good(folded.text, heard, known, wanted, (old, notes) if old else None)
    if not good:
        others = heard != found and _good(folded.text, found, known, wanted, None)
        return _lost(f"only another than {speaker} says the words" if others else "the words do not stand in the text")
    return _decided(text, folded, good, wanted, start is None)


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """Up to CONTEXT characters before and after a span."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def _in_old(selector: Selector, old_text: str | None) -> tuple[Selector, str | None]:
    """A selector with the place and the surroundings of its quote in the old text; None for one that has it not."""
    anchor = locate(old_text, selector) if old_text and not selector.head else None
    if not old_text or not anchor or anchor.start is None or anchor.end is None:
        return selector, None
    prefix, suffix = context(old_text, anchor.start, anchor.end)
    if selector.start == anchor.start and (selector.prefix or selector.suffix):
        prefix, suffix = selector.prefix, selector.suffix
    return selector._replace(start=anchor.start, end=anchor.end, prefix=prefix, suffix=suffix), old_text


def _wanted(selector: Selector, notes: bool) -> Wanted:
    """The quote and its surroundings, folded; a quote that stood at an end of its text is wanted there."""
    quote = fold(selector.exact or selector.head + selector.tail, notes).text.strip()
    before, after = fold(selector.prefix).text, fold(selector.suffix).text
    if selector.start is not None:
        return Wanted(quote, before or (EDGE if selector.start == 0 else ""), after or EDGE)
    before = f"{before} " if before[-1:].isalnum() else before  # written by hand
    return Wanted(quote, before, f" {after}" if after[:1].isalnum() else after)


def _says(folded: Folded, place: Candidate, speaker: str, segments: Iterable[Segment]) -> bool:
    """Whether a speaker's own words hold a place."""
    start, end = folded.begins(place.start), folded.ends(place.end)
    return any(
        segment.start <= start and end <= segment.end and (segment.speaker or "").casefold() == speaker.casefold()
        for segment in segments
    )


def _good(
    text: str, found: Sequence[Candidate], selector: Selector, wanted: Wanted, old: tuple[str, bool] | None
) -> list[Candidate]:
    """The places for which there is enough evidence; with an old text (and whether its notes stay), where it leads."""
    if selector.head and len(found) == 1:
        return list(found)
    around = own(selector.prefix, selector.exact or selector.tail, selector.suffix)
    if not old or selector.start is None or selector.end is None:
        return [place for place in found if enough(text, place, wanted, around)]
    likely = [place for place in found if possible(text, place, around)]
    if sure := [place for place in likely if place.alike == 1 and min(place.before or 0, place.after or 0) >= SURE]:
        return sure
    folded = fold(*old) if likely else fold("")
    span = folded.place(selector.start), folded.place(selector.end)
    return [place for place in likely if _comes_from(text, place, folded.text, span)]


def _comes_from(text: str, place: Candidate, old: str, span: tuple[int, int]) -> bool:
    """Whether what stands at a place now is what stood at the span in the old text, and not another passage of it."""
    before, after = text[max(0, place.start - CONTEXT) : place.start], text[place.end : place.end + CONTEXT]
    wanted = Wanted(text[place.start : place.end], before or EDGE, after or EDGE)
    origin = judge(old, wanted, *span)
    others = (
        other
        for other in chain(to_the_letter(old, wanted), nearly(old, wanted))
        if other.alike >= ALIKE and not other.shares(origin)
    )
    return not any(weight(other, wanted) + MARGIN >= weight(origin, wanted) for other in others)


def _decided(text: str, folded: Folded, good: Sequence[Candidate], wanted: Wanted, placeless: bool) -> Anchor:
    best, *others = sorted(good, key=lambda place: weight(place, wanted), reverse=True)
    if rivals := [place for place in others if not place.shares(best) and undecided(best, place, wanted)]:
        return _lost(f"the words stand in {1 + len(rivals)} places, and those around them do not decide between these")
    state: AnchorState = "changed" if best.alike < 1 else "exact" if placeless else "moved"
    what = "another wording stands" if best.alike < 1 else "the words stand"
    why = f"one of {len(good)} places, by the words around it" if others else "the only place"
    return Anchor(state, *_trimmed(text, folded, best), best.alike, f"{what} in {why}")


def _trimmed(text: str, folded: Folded, place: Candidate) -> tuple[int, int]:
    """The offsets in the text of a place, which never begins or ends with white space."""
    start, end = folded.begins(place.start), folded.ends(place.end)
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())


def _lost(why: str) -> Anchor:
    return Anchor("lost", None, None, 0.0, why)
