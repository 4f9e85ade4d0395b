"""A quotation beside one text: where its parts stand there, how alike they are, and every difference, classed."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotations.anchoring.candidates import Candidate, Wanted, nearly, to_the_letter
from annotations.text.normalize import ALIKE, NOTES, Folded, fold
from annotations.text.quotation import PUT_IN, QuotedPart, parts
from annotations.text.quote_diff import STAND_IN, Difference, changed, differences
from annotations.text.sentences import sentences

CLOSING = " '.,;:!?"  # marks at the end of a quotation that its writer may have set
OUTER = f" \n'{ALIKE[chr(39)]}"  # white space and every quote mark
CHANGED_LETTER = re.compile(r"\W*\[\w\]")  # [T]he: the writer says that it was another letter
LIKELY = 0.02  # by how much a place may be less alike than the best and yet be the part's, for its order
QUOTES, DASHES = (f"[{re.escape(plain + ALIKE[plain])}]" for plain in "'-")
TYPE = (
    ("the dashes", re.compile(rf"\s*{DASHES}+\s*")),
    ("the quotation marks", re.compile(QUOTES)),
    ("ligatures and soft hyphens", re.compile("[\u00ad\u200b-\u200d\ufb00-\ufb06]")),
)


class Place(NamedTuple):
    """Where a part of a quotation stands in a text: offsets (code points, end exclusive), and how alike, 0 to 1."""

    start: int
    end: int
    alike: float


class Compared(NamedTuple):
    """A quotation beside a text: the places of its parts, how alike they are together, and what differs.

    `kept` is the share, 0 to 1, of the quotation that is the record's words, however much else these leave out.
    """

    places: tuple[Place, ...]
    alike: float
    kept: float
    differences: tuple[Difference, ...]
    typography: tuple[str, ...]


def read(quotation: str) -> list[QuotedPart]:
    """The parts of a quotation, with a stand-in for what its writer put in; one of nothing but a note is that note."""
    words = fold(quotation, notes=True).text.strip(" '")
    return parts(quotation, stand_in=STAND_IN) or ([QuotedPart(words)] if re.search(r"\w", words) else [])


def compare(text: str, quotation: str, pieces: Sequence[QuotedPart]) -> Compared | None:
    """A quotation where a text has its parts most alike; None where it has one of them nowhere."""
    notes = bool(NOTES.search(quotation))
    folded = fold(text, notes)
    whole = QuotedPart(fold(quotation, notes).text.strip(" '"), pieces[0].more_before, pieces[-1].more_after)
    if any(to_the_letter(folded.text, Wanted(whole.words.strip(CLOSING)))):
        pieces = [whole._replace(words=whole.words.lstrip(CLOSING))]
    chosen: list[Candidate] = []
    for part in pieces:
        found = _candidates(folded.text, part)
        if not found:
            return None
        chosen.append(_choice(found, chosen[-1].end if chosen else 0))
    places = tuple(_place(text, folded, *pair) for pair in zip(chosen, pieces, strict=True))
    sizes = [len(part.words) for part in pieces]
    alike = sum(each.alike * size for each, size in zip(chosen, sizes, strict=True)) / sum(sizes)
    found_there = [text[place.start : place.end] for place in places]
    told = tuple(_differences(text, quotation, pieces, places))
    kept = 1 - min(1.0, changed(told) / sum(sizes))
    return Compared(places, alike, kept, told, tuple(_typography(quotation, found_there)))


def _candidates(text: str, part: QuotedPart) -> list[Candidate]:
    core = part.words.rstrip(CLOSING) or part.words
    wanted = Wanted(core, "x" if part.cut_before else "", "x" if part.cut_after else "")
    return list(to_the_letter(text, wanted)) or list(nearly(text, wanted))


def _choice(found: Sequence[Candidate], after: int) -> Candidate:
    """Of the places most alike, the first that comes after the part before it."""
    best = max(each.alike for each in found)
    return min(
        (each for each in found if each.alike >= best - LIKELY), key=lambda each: (each.start < after, each.start)
    )


def _place(text: str, folded: Folded, each: Candidate, part: QuotedPart) -> Place:
    """A place in the text itself, with those marks at its end that the quotation has there too."""
    closing = part.words[len(part.words.rstrip(CLOSING)) :]
    same = next(n for n in range(len(closing), -1, -1) if folded.text.startswith(closing[:n], each.end))
    start, end = folded.begins(each.start), folded.ends(each.end + same)
    words = text[start:end]
    return Place(end - len(words.lstrip()), start + len(words.rstrip()), each.alike)


def _differences(
    text: str, quotation: str, pieces: Sequence[QuotedPart], places: Sequence[Place]
) -> Iterator[Difference]:
    for n, (part, place) in enumerate(zip(pieces, places, strict=True)):
        said = fold(text[place.start : place.end], bool(NOTES.search(quotation))).text
        found = differences(part.words.rstrip(CLOSING), said.rstrip(CLOSING))
        if n == 0:
            found = _opening(text, quotation, part, place, found)
        yield from found
        if n and place.start < places[n - 1].end:
            yield Difference("order", part.words, text[place.start : place.end])
    yield from _ending(text, pieces[-1], places[-1])


def _opening(text: str, quotation: str, part: QuotedPart, place: Place, found: list[Difference]) -> list[Difference]:
    """The differences of the first part: a capital that the record has not is no other case, but hides a cut."""
    first = found[0] if found else None
    if not first or first.kind != "case" or not part.words.startswith(first.quoted) or not first.quoted[0].isupper():
        return found
    if CHANGED_LETTER.match(quotation):
        return found[1:]
    before = next((text[start : place.start] for start, end in sentences(text) if start < place.start < end), "")
    if part.more_before or first.quoted[0].lower() + first.quoted[1:] != first.said or not before.strip():
        return found
    return [Difference("cut", first.quoted, f"{before}{first.said}"), *found[1:]]


def _ending(text: str, part: QuotedPart, place: Place) -> Iterator[Difference]:
    """A full stop where the record goes on with its sentence hides a cut."""
    mark = part.words[-1]
    if part.more_after or mark not in ".!?" or text[place.end - 1] == mark:  # "hon." ends no sentence
        return
    rest = next((text[place.end : end] for start, end in sentences(text) if start <= place.end < end), "")
    if re.search(r"\w", rest):
        last = part.words.rstrip(CLOSING).rpartition(" ")[2]
        yield Difference("cut", last, f"{last}{rest}")


def _typography(quotation: str, said: Sequence[str]) -> Iterator[str]:
    """What printers made different: the sequences of such marks are not the same."""
    record = "\n".join(said)
    if len(NOTES.findall(quotation)) != len(NOTES.findall(record)):
        yield "what the record puts in between"
    mine, its = (PUT_IN.sub("", words).strip(OUTER + CLOSING) for words in (quotation, record))
    for name, marks in TYPE:
        if marks.findall(mine) != marks.findall(its):
            yield name
