"""The comparison of a quotation with one text: the places of its parts, their similarity, and every difference."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotations.anchoring.candidates import Candidate, FoldedQuote, find_exact, find_similar
from annotations.text.normalize import LOOKALIKES, NOTES, FoldedText, fold_typography
from annotations.text.quotation import INSERTION, QuotedPart, divide_quotation
from annotations.text.quote_diff import STAND_IN, Difference, classify_differences, count_changed_letters
from annotations.text.sentences import find_sentences

CLOSING = " '.,;:!?"  # marks at the end of a quotation that its writer may have set
OUTER = f" \n'{LOOKALIKES[chr(39)]}"  # white space and every quotation mark
CHANGED_LETTER = re.compile(r"\W*\[\w\]")  # [T]he: the brackets mark a letter that the writer changed
ORDER_TOLERANCE = 0.02  # a place in order may be this much less similar than the best
QUOTES, DASHES = (f"[{re.escape(plain + LOOKALIKES[plain])}]" for plain in "'-")
TYPOGRAPHY = (
    ("the dashes", re.compile(rf"\s*{DASHES}+\s*")),
    ("the quotation marks", re.compile(QUOTES)),
    ("ligatures and soft hyphens", re.compile("[\u00ad\u200b-\u200d\ufb00-\ufb06]")),
)


class PartPlace(NamedTuple):
    """A part of a quotation in a text: offsets (code points, end exclusive), and similarity, 0 to 1."""

    start: int
    end: int
    alike: float


class Comparison(NamedTuple):
    """A quotation beside a text: the places of its parts, their similarity together (0 to 1), and the differences.

    `verbatim_share` is the share, 0 to 1, of the quotation's letters that are the record's, regardless of cuts.
    `typography` names the kinds of printers' marks that differ.
    """

    places: tuple[PartPlace, ...]
    alike: float
    verbatim_share: float
    differences: tuple[Difference, ...]
    typography: tuple[str, ...]


def read_quoted_parts(quotation: str) -> list[QuotedPart]:
    """Read the parts of a quotation, with a stand-in for words in brackets; a quotation of a note alone is one part."""
    words = fold_typography(quotation, notes=True).text.strip(" '")
    return divide_quotation(quotation, stand_in=STAND_IN) or (
        [QuotedPart(words=words)] if re.search(r"\w", words) else []
    )


def compare_quotation(text: str, quotation: str, parts: Sequence[QuotedPart]) -> Comparison | None:
    """Compare a quotation with the most similar places of a text; None where a part of it is not found."""
    notes = bool(NOTES.search(quotation))
    folded = fold_typography(text, notes)
    words = fold_typography(quotation, notes).text.strip(" '")
    whole = QuotedPart(words=words, more_before=parts[0].more_before, more_after=parts[-1].more_after)
    if any(find_exact(folded.text, FoldedQuote(whole.words.strip(CLOSING)))):
        parts = [whole._replace(words=whole.words.lstrip(CLOSING))]
    chosen: list[Candidate] = []
    for part in parts:
        found = _find_candidates(folded.text, part)
        if not found:
            return None
        chosen.append(_choose_place(found, chosen[-1].end if chosen else 0))
    places = tuple(_locate_part(text, folded, *pair) for pair in zip(chosen, parts, strict=True))
    sizes = [len(part.words) for part in parts]
    alike = sum(each.alike * size for each, size in zip(chosen, sizes, strict=True)) / sum(sizes)
    found_there = [text[place.start : place.end] for place in places]
    differing = tuple(_find_differences(text, quotation, parts, places))
    share = 1 - min(1.0, count_changed_letters(differing) / sum(sizes))
    return Comparison(
        places=places,
        alike=alike,
        verbatim_share=share,
        differences=differing,
        typography=tuple(_compare_typography(quotation, found_there)),
    )


def _find_candidates(text: str, part: QuotedPart) -> list[Candidate]:
    core = part.words.rstrip(CLOSING) or part.words
    wanted = FoldedQuote(core, cuts=(part.cut_before, part.cut_after))
    return list(find_exact(text, wanted)) or list(find_similar(text, wanted))


def _choose_place(found: Sequence[Candidate], after: int) -> Candidate:
    """Choose, of the most similar places, the first after the preceding part, which ends at `after`."""
    best = max(each.alike for each in found)
    return min(
        (each for each in found if each.alike >= best - ORDER_TOLERANCE),
        key=lambda each: (each.start < after, each.start),
    )


def _locate_part(text: str, folded: FoldedText, each: Candidate, part: QuotedPart) -> PartPlace:
    """Return the place of a candidate in the text itself, with the closing marks that the quotation has there too."""
    closing = part.words[len(part.words.rstrip(CLOSING)) :]
    same = next(n for n in range(len(closing), -1, -1) if folded.text.startswith(closing[:n], each.end))
    start, end = folded.find_text_start(each.start), folded.find_text_end(each.end + same)
    words = text[start:end]
    return PartPlace(end - len(words.lstrip()), start + len(words.rstrip()), each.alike)


def _find_differences(
    text: str, quotation: str, parts: Sequence[QuotedPart], places: Sequence[PartPlace]
) -> Iterator[Difference]:
    for n, (part, place) in enumerate(zip(parts, places, strict=True)):
        said = fold_typography(text[place.start : place.end], bool(NOTES.search(quotation))).text
        found = classify_differences(part.words.rstrip(CLOSING), said.rstrip(CLOSING))
        if n == 0:
            found = _check_opening(text, quotation, part, place, found)
        yield from found
        if n and place.start < places[n - 1].end:
            yield Difference("order", part.words, text[place.start : place.end])
    yield from _check_ending(text, parts[-1], places[-1])


def _check_opening(
    text: str, quotation: str, part: QuotedPart, place: PartPlace, found: list[Difference]
) -> list[Difference]:
    """Return the differences of the first part; a capital that the record lacks may hide a cut beginning."""
    first = found[0] if found else None
    if not first or first.kind != "case" or not part.words.startswith(first.quoted) or not first.quoted[0].isupper():
        return found
    if CHANGED_LETTER.match(quotation):
        return found[1:]
    before = next((text[start : place.start] for start, end in find_sentences(text) if start < place.start < end), "")
    if part.more_before or first.quoted[0].lower() + first.quoted[1:] != first.said or not before.strip():
        return found
    return [Difference("cut", first.quoted, f"{before}{first.said}"), *found[1:]]


def _check_ending(text: str, part: QuotedPart, place: PartPlace) -> Iterator[Difference]:
    """Yield the cut that a full stop hides where the sentence goes on in the record."""
    mark = part.words[-1]
    if part.more_after or mark not in ".!?" or text[place.end - 1] == mark:  # "hon." does not end a sentence
        return
    rest = next((text[place.end : end] for start, end in find_sentences(text) if start <= place.end < end), "")
    if re.search(r"\w", rest):
        last = part.words.rstrip(CLOSING).rpartition(" ")[2]
        yield Difference("cut", last, f"{last}{rest}")


def _compare_typography(quotation: str, said: Sequence[str]) -> Iterator[str]:
    """Yield the names of the kinds of printers' marks that differ."""
    record = "\n".join(said)
    if len(NOTES.findall(quotation)) != len(NOTES.findall(record)):
        yield "what the record puts in between"
    mine, its = (INSERTION.sub("", words).strip(OUTER + CLOSING) for words in (quotation, record))
    for name, marks in TYPOGRAPHY:
        if marks.findall(mine) != marks.findall(its):
            yield name
