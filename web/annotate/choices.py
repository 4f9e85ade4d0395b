"""Where words stand in a speech, for somebody who has to choose between the places."""

from typing import NamedTuple

from annotations.anchoring.candidates import Wanted, to_the_letter
from annotations.text.normalize import NOTES, fold

AROUND = 80  # characters shown before and after


class Choice(NamedTuple):
    """A place in a text (code points, end exclusive), the words there, and what stands around them."""

    start: int
    end: int
    before: str
    words: str
    after: str


def choice(text: str, start: int, end: int) -> Choice:
    """A place as somebody sees it who chooses."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    before = f"… {before}" if start > AROUND else before
    return Choice(start, end, before, text[start:end], f"{after} …" if end + AROUND < len(text) else after)


def everywhere(text: str, quote: str) -> list[Choice]:
    """Every place where a quote stands, but for what fold() leaves out; 64 at most."""
    notes = bool(NOTES.search(quote))
    folded = fold(text, notes)
    found = to_the_letter(folded.text, Wanted(fold(quote, notes).text.strip()))
    return [choice(text, folded.begins(place.start), folded.ends(place.end)) for place in found]
