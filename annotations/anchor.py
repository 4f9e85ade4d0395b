"""The one gate: where a quote stands in a text, provably, or that it does not."""

import re
from collections.abc import Iterator
from functools import cache

from db.records import Anchor, AnchorState, Selector

CONTEXT = 32  # characters kept before and after a quote, so that repeats are told apart
ALIKE = ("'‘’‚‛′`´", '"“”„‟″«»', "-\u00ad\u2010‑‒–—―−")  # typographers' choices, not the speaker's
CLASSES = {character: f"[{re.escape(alike)}]" for alike in ALIKE for character in alike}
DASH = CLASSES["-"]


def locate(text: str, selector: Selector, old_text: str | None = None) -> Anchor:
    """Where a selector's quote stands in a text; offsets are code points, end exclusive.

    `exact`: where the selector says, or, where it names no place, in the one place that there is. `moved`: the same
    words elsewhere, but for white space, quote marks and dashes; prefix and suffix decide between several. Else `lost`.
    """
    start, end = selector.start, selector.end
    if selector.exact and start is not None and end is not None and text[start:end] == selector.exact:
        return Anchor("exact", start, end, 1.0, "the words stand at the stored place")
    places = list(_spans(text, selector) if selector.head else _matches(text, selector.exact))
    if not places:
        return Anchor("lost", None, None, 0.0, "the words do not stand in the text")
    agreeing = [place for place in places if _in_context(text, place, selector)] if len(places) > 1 else places
    if len(agreeing) != 1:
        what = f"the words stand in {len(places)} places, and those around them decide for {len(agreeing) or 'none'}"
        return Anchor("lost", None, None, 0.0, what)
    state: AnchorState = "exact" if start is None else "moved"
    why = f"one of {len(places)}, by the words around it" if len(places) > 1 else "the only place"
    return Anchor(state, *agreeing[0], 1.0, f"the words stand in {why}")


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """Up to CONTEXT characters before and after a span."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def _matches(text: str, quote: str) -> Iterator[tuple[int, int]]:
    if quote.strip():
        for match in pattern(quote).finditer(text):
            yield match.span()


def _spans(text: str, selector: Selector) -> Iterator[tuple[int, int]]:
    """Each place where the first words of a quote are followed by its last words; the nearest last words end it."""
    for start, after in _matches(text, selector.head):
        if tail := next(_matches(text[after:], selector.tail), None):
            yield start, after + tail[1]


def _in_context(text: str, place: tuple[int, int], selector: Selector) -> bool:
    start, end = place
    before = not selector.prefix or re.search(_loose(selector.prefix) + r"\s*\Z", text[:start])
    return bool(before and (not selector.suffix or re.match(r"\s*" + _loose(selector.suffix), text[end:])))


@cache
def pattern(words: str) -> re.Pattern[str]:
    """What finds words in a text whatever its white space, quote marks and dashes, and never a part of a word."""
    return re.compile(rf"(?<!\w){_loose(words)}(?!\w)")


def _loose(words: str) -> str:
    parts = re.split(rf"(\s*{DASH}+\s*|\s+)", words.strip())
    return "".join(_between(part) if number % 2 else _characters(part) for number, part in enumerate(parts))


def _between(part: str) -> str:
    return r"\s+" if part.isspace() else rf"\s*{DASH}+\s*"


def _characters(part: str) -> str:
    return "".join(CLASSES.get(character, re.escape(character)) for character in part)
