"""Where the ends of one wording come to stand in another: by the runs of characters that both share."""

import re
from collections.abc import Callable, Sequence

from rapidfuzz.distance import Indel, Levenshtein, MatchingBlock

SHARED = 3  # characters in a row that two wordings must share to say where one stands in the other
TOUCHING = 2  # characters at the edge of a quote that may differ without putting that edge in doubt
REACH = 60  # characters on each side of an edge in doubt within which words may begin or end
EDGES = 4  # of these, how many are tried
BEGINNING, ENDING = re.compile(r"(?<!\S)\S|\b\w"), re.compile(r"\S(?!\S)|\w\b")


def likeness(words: str, quote: str) -> float:
    """How alike two folded wordings are, from 0 to 1; 1 only for the same words, however they are spaced."""
    if words == quote or words.replace(" ", "") == quote.replace(" ", ""):
        return 1.0
    return min(0.999, Levenshtein.normalized_similarity(words.lower(), quote.lower()))


def align(needle: str, window: str, first: int, last: int) -> tuple[int, int] | None:
    """The place in a window (both in small letters) that answers to needle[first:last]; None where nothing does."""
    blocks = _shared(needle, window)
    if not blocks:
        return None
    (start, sure), (end, certain) = _begins(blocks, first), _ends(blocks, last)
    quote, start, end = needle[first:last], max(0, start), min(len(window), end)
    if not sure:
        places = [place for place in _near(BEGINNING, window, start, re.Match.start) if place < end]
        start = max(places, key=lambda place: likeness(window[place:end], quote), default=start)
    if not certain:
        places = [place for place in _near(ENDING, window, end, re.Match.end) if place > start]
        end = max(places, key=lambda place: likeness(window[start:place], quote), default=end)
    return (start, end) if start < end else None


def _shared(needle: str, window: str) -> Sequence[MatchingBlock]:
    """The runs that both share, less those at the ends of the window that lie too far off to mean anything."""
    blocks = [block for block in Indel.editops(needle, window).as_matching_blocks() if block.size >= SHARED]
    best, low, high, total, first = 0.0, 0, 0, 0.0, 0
    for n, block in enumerate(blocks):
        total -= (block.b - blocks[n - 1].b - blocks[n - 1].size) / 2.5 if n else 0
        if total <= 0:
            total, first = 0.0, n
        total += block.size
        if total > best:
            best, low, high = total, first, n + 1
    return blocks[low:high]


def _begins(blocks: Sequence[MatchingBlock], n: int) -> tuple[int, bool]:
    """Where in the window the character n of the needle stands, by the nearest run, and whether that is certain."""
    right = next((block for block in blocks if block.a + block.size > n), None)
    left = next((block for block in reversed(blocks) if block.a + block.size <= n), None)
    over = n - left.a - left.size if left else n
    if right and (not left or right.a - n <= max(over, TOUCHING)):
        return right.b + n - right.a, right.a <= n and right.a + right.size - n >= SHARED
    return (left.b + n - left.a, over <= 1 and left.size > SHARED) if left else (n, False)


def _ends(blocks: Sequence[MatchingBlock], n: int) -> tuple[int, bool]:
    """Where in the window that ends which ends in the needle before its character n, and whether that is certain."""
    left = next((block for block in reversed(blocks) if block.a < n), None)
    right = next((block for block in blocks if block.a >= n), None)
    gap = right.a - n if right else n
    if left and (not right or n - left.a - left.size <= max(gap, TOUCHING)):
        return left.b + n - left.a, n <= left.a + left.size and n - left.a >= SHARED
    return (right.b - gap, gap <= 1 and right.size > SHARED) if right else (n, False)


def _near(edge: re.Pattern[str], text: str, place: int, side: Callable[[re.Match[str]], int]) -> list[int]:
    """The edges of words that lie nearest to a place."""
    low = max(0, place - REACH)
    edges = (low + side(match) for match in edge.finditer(text[low : place + REACH]))
    return sorted(edges, key=lambda other: abs(other - place))[:EDGES]
