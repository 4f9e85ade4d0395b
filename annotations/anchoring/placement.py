"""Every place that may be a quotation's, read to the letter, as people write quotations, and nearly."""

from annotations.anchoring.candidates import Candidate, Wanted, judge, nearly, to_the_letter
from annotations.text.alignment import likeness
from annotations.text.quotation import QuotedPart

DOTS = "..."  # folded; a writer puts them where words are left out
APART = 2000  # characters that a writer's dots may stand for
PART = 0.8  # how alike a part of a quotation must be to count as that part


def places(text: str, wanted: Wanted, read: list[QuotedPart]) -> list[Candidate]:
    """The places in a folded text where a quotation may stand, folded as it is written, and read into its parts."""
    found = list(to_the_letter(text, wanted))
    if any((place.before or 0) + (place.after or 0) > 1.2 for place in found):
        return found
    if len(read) > 1:
        return found or _in_parts(text, wanted, read)
    plain = _in_parts(text, wanted, read) if read and read[0].words != wanted.quote else []
    if plain and DOTS in wanted.quote:
        return found + plain
    near = list(nearly(text, wanted))
    if plain:
        found += [each for each in plain if not any(_better(text, wanted, other, each) for other in near)]
    return found + [each for each in near if not any(each.shares(other) for other in found)]


def _better(text: str, wanted: Wanted, place: Candidate, other: Candidate) -> bool:
    """Whether the quotation as it is written fits a place better than without what its writer seems to have put in."""
    return place.shares(other) and place.alike > likeness(text[other.start : other.end], wanted.quote) + 0.01


def _in_parts(text: str, wanted: Wanted, read: list[QuotedPart]) -> list[Candidate]:
    """The places where all parts of a quotation follow each other, nearest to it; alike as the least of them."""
    found: dict[int, Candidate] = {}
    first, *others = [_of_part(text, wanted, read, number) for number in range(len(read))]
    for start in first:
        last, alike = start, start.alike
        for choice in others:
            after = [part for part in choice if 0 <= part.start - last.end <= APART]
            if not after:
                break
            last = min(after, key=lambda part: part.start)
            alike = min(alike, last.alike)
        else:
            found[last.end] = judge(text, wanted, start.start, last.end)._replace(alike=alike)
    return list(found.values())


def _of_part(text: str, wanted: Wanted, read: list[QuotedPart], number: int) -> list[Candidate]:
    """Where one part stands; a letter for its surroundings lets it end within a word, as its writer's dots did."""
    part = read[number]
    before = "x" if part.cut_before else wanted.before if number == 0 else ""
    after = "x" if part.cut_after else wanted.after if number == len(read) - 1 else ""
    part_wanted = Wanted(part.words, before, after)
    found = list(to_the_letter(text, part_wanted))
    return found or [place for place in nearly(text, part_wanted) if place.alike >= PART]


def between(text: str, wanted: Wanted, head: str, tail: str) -> list[Candidate]:
    """Each place where the first words of a quote are followed by its last words; the nearest last words end it."""
    ends = [last.end for last in to_the_letter(text, Wanted(tail))]
    found = []
    for first in to_the_letter(text, Wanted(head)):
        if end := next((end for end in ends if end >= first.end + len(tail)), None):
            found.append(judge(text, wanted, first.start, end)._replace(alike=1.0))
    return found
