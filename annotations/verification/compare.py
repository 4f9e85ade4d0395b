"""The comparison of a quotation with one text: where its parts stand, how similar they are, and every difference."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotations.anchoring.candidates import Candidate, FoldedQuote, find_exact, find_similar
from annotations.text.normalize import LOOKALIKES, NOTES, FoldedText, fold_typography
from annotations.text.quotation import PUT_IN, QuotedPart, divide_quotation
from annotations.text.quote_diff import STAND_IN, Difference, classify_differences, count_changed_letters
from annotations.text.sentences import find_sentences

CLOSING = " '.,;:!?"  # marks at the end of a quotation that its writer may have set
OUTER = f" \n'{LOOKALIKES[chr(39)]}"  # white space and every quotation mark
CHANGED_LETTER = re.compile(r"\W*\[\w\]")  # [T]he: the writer marks that the record has another letter
LIKELY = 0.02  # by how much a place that comes in order may be less similar than the best
QUOTES, DASHES = (f"[{re.escape(plain + LOOKALIKES[plain])}]" for plain in "'-")
TYPE = (
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

    `kept` is the share, 0 to 1, of the quotation that is the record's words, however much else these leave out.
    """

    places: tuple[PartPlace, ...]
    alike: float
    verbatim_share: float
    differences: tuple[Difference, ...]
    typography: tuple[str, ...]


def read_quoted_parts(quotation: str) -> list[QuotedPart]:
    """Read the parts of a quotation, with a stand-in for what its writer put in; a mere note is a part by itself."""
    words = fold_typography(quotation, notes=True).text.strip(" '")
    return divide_quotation(quotation, stand_in=STAND_IN) or (
        [QuotedPart(words=words)] if re.search(r"\w", words) else []
    )


def compare_quotation(text: str, quotation: str, pieces: Sequence[QuotedPart]) -> Comparison | None:
    """Compare a quotation with the most similar places of a text; None where a part of it stands nowhere."""
    notes = bool(NOTES.search(quotation))
    folded = fold_typography(text, notes)
    words = fold_typography(quotation, notes).text.strip(" '")
    whole = QuotedPart(words=words, more_before=pieces[0].more_before, more_after=pieces[-1].more_after)
    if any(find_exact(folded.text, FoldedQuote(whole.words.strip(CLOSING)))):
        pieces = [whole._replace(words=whole.words.lstrip(CLOSING))]
    chosen: list[Candidate] = []
    for part in pieces:
        found = _candidates(folded.text, part)
        if not found:
            return None
        chosen.append(_choose(found, chosen[-1].end if chosen else 0))
    places = tuple(_part_place(text, folded, *pair) for pair in zip(chosen, pieces, strict=True))
    sizes = [len(part.words) for part in pieces]
    alike = sum(each.alike * size for each, size in zip(chosen, sizes, strict=True)) / sum(sizes)
    found_there = [text[place.start : place.end] for place in places]
    differing = tuple(_differences(text, quotation, pieces, places))
    kept = 1 - min(1.0, count_changed_letters(differing) / sum(sizes))
    return Comparison(
        places=places,
        alike=alike,
        verbatim_share=kept,
        differences=differing,
        typography=tuple(_typography(quotation, found_there)),
    )


def _candidates(text: str, part: QuotedPart) -> list[Candidate]:
    core = part.words.rstrip(CLOSING) or part.words
    wanted = FoldedQuote(core, "x" if part.cut_before else "", "x" if part.cut_after else "")
    return list(find_exact(text, wanted)) or list(find_similar(text, wanted))


def _choose(found: Sequence[Candidate], after: int) -> Candidate:
    """Choose, of the most similar places, the first that comes after the part before it."""
    best = max(each.alike for each in found)
    return min(
        (each for each in found if each.alike >= best - LIKELY), key=lambda each: (each.start < after, each.start)
    )


def _part_place(text: str, folded: FoldedText, each: Candidate, part: QuotedPart) -> PartPlace:
    """Return a place in the text itself, with those marks at its end that the quotation has there too."""
    closing = part.words[len(part.words.rstrip(CLOSING)) :]
    same = next(n for n in range(len(closing), -1, -1) if folded.text.startswith(closing[:n], each.end))
    start, end = folded.find_text_start(each.start), folded.find_text_end(each.end + same)
    words = text[start:end]
    return PartPlace(end - len(words.lstrip()), start + len(words.rstrip()), each.alike)


def _differences(
    text: str, quotation: str, pieces: Sequence[QuotedPart], places: Sequence[PartPlace]
) -> Iterator[Difference]:
    for n, (part, place) in enumerate(zip(pieces, places, strict=True)):
        said = fold_typography(text[place.start : place.end], bool(NOTES.search(quotation))).text
        found = classify_differences(part.words.rstrip(CLOSING), said.rstrip(CLOSING))
        if n == 0:
            found = _opening(text, quotation, part, place, found)
        yield from found
        if n and place.start < places[n - 1].end:
            yield Difference("order", part.words, text[place.start : place.end])
    yield from _ending(text, pieces[-1], places[-1])


def _opening(
    text: str, quotation: str, part: QuotedPart, place: PartPlace, found: list[Difference]
) -> list[Difference]:
    """Return the differences of the first part; a capital that the record lacks is not one of case, but hides a cut."""
    first = found[0] if found else None
    if not first or first.kind != "case" or not part.words.startswith(first.quoted) or not first.quoted[0].isupper():
        return found
    if CHANGED_LETTER.match(quotation):
        return found[1:]
    before = next((text[start : place.start] for start, end in find_sentences(text) if start < place.start < end), "")
    if part.more_before or first.quoted[0].lower() + first.quoted[1:] != first.said or not before.strip():
        return found
    return [Difference("cut", first.quoted, f"{before}{first.said}"), *found[1:]]


def _ending(text: str, part: QuotedPart, place: PartPlace) -> Iterator[Difference]:
    """Yield the cut that a full stop hides where the record goes on with its sentence."""
    mark = part.words[-1]
    if part.more_after or mark not in ".!?" or text[place.end - 1] == mark:  # "hon." ends no sentence
        return
    rest = next((text[place.end : end] for start, end in find_sentences(text) if start <= place.end < end), "")
    if re.search(r"\w", rest):
        last = part.words.rstrip(CLOSING).rpartition(" ")[2]
        yield Difference("cut", last, f"{last}{rest}")


def _typography(quotation: str, said: Sequence[str]) -> Iterator[str]:
    """Yield the kinds of printers' marks whose sequences differ."""
    record = "\n".join(said)
    if len(NOTES.findall(quotation)) != len(NOTES.findall(record)):
        yield "what the record puts in between"
    mine, its = (PUT_IN.sub("", words).strip(OUTER + CLOSING) for words in (quotation, record))
    for name, marks in TYPE:
        if marks.findall(mine) != marks.findall(its):
            yield name
