"""The alignment of a quote with a similar text, character by character, by the runs that they share."""

import re
from collections.abc import Callable, Sequence

from rapidfuzz.distance import Indel, Levenshtein, MatchingBlock

MIN_RUN = 3  # characters in a row that two wordings must share to align them
EDGE_TOLERANCE = 2  # characters at the edge of a quote that may differ without making that edge uncertain
EDGE_REACH = 60  # characters on each side of an uncertain edge within which words may begin or end
MAX_EDGES = 4  # of words within EDGE_REACH that are tried
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
PER_CENT = re.compile(r"(?<=\d) ?per ?cent\b\.?|(?<=\d) %")
PRINTED = re.compile(r"\d(?:,\d| ?%| ?per ?cent)")  # what may be printed otherwise
LOOSE_SPACE = re.compile(r"(?<!\d) | (?!\d)")  # not between two figures
BEGINNING, ENDING = re.compile(r"(?<!\S)\S|\b\w"), re.compile(r"\S(?!\S)|\w\b")


def score_similarity(words: str, quote: str) -> float:
    """Score the similarity of two folded wordings, from 0 to 1.

    1 only if they are the same but for spaces and the print of the same number: 34,000 and 34000, 80% and 80 per cent.
    """
    if words == quote:
        return 1.0
    same_letters = words.replace(" ", "") == quote.replace(" ", "")
    if (same_letters or PRINTED.search(words) or PRINTED.search(quote)) and _unify_print(words) == _unify_print(quote):
        return 1.0
    return min(0.999, Levenshtein.normalized_similarity(words.lower(), quote.lower()))


def _unify_print(words: str) -> str:
    return LOOSE_SPACE.sub("", PER_CENT.sub("%", THOUSANDS.sub("", words)))


def align_span(needle: str, window: str, first: int, last: int) -> tuple[int, int] | None:
    """Return the start and end in a window that correspond to needle[first:last]; None where nothing does.

    Both texts are in lower case. Offsets are code points, end exclusive.
    """
    blocks = _find_shared_blocks(needle, window)
    if not blocks:
        return None
    (start, start_certain), (end, end_certain) = _align_start(blocks, first), _align_end(blocks, last)
    quote, start, end = needle[first:last], max(0, start), min(len(window), end)
    if not start_certain:
        places = [place for place in _find_nearest_edges(BEGINNING, window, start, re.Match.start) if place < end]
        start = max(places, key=lambda place: score_similarity(window[place:end], quote), default=start)
    if not end_certain:
        places = [place for place in _find_nearest_edges(ENDING, window, end, re.Match.end) if place > start]
        end = max(places, key=lambda place: score_similarity(window[start:place], quote), default=end)
    return (start, end) if start < end else None


def _find_shared_blocks(needle: str, window: str) -> Sequence[MatchingBlock]:
    """Return the runs that both share, without those at the ends of the window that are too far away to belong."""
    blocks = [block for block in Indel.editops(needle, window).as_matching_blocks() if block.size >= MIN_RUN]
    best, low, high, total, first = 0.0, 0, 0, 0.0, 0
    for n, block in enumerate(blocks):
        total -= (block.b - blocks[n - 1].b - blocks[n - 1].size) / 2.5 if n else 0
        if total <= 0:
            total, first = 0.0, n
        total += block.size
        if total > best:
            best, low, high = total, first, n + 1
    return blocks[low:high]


def _align_start(blocks: Sequence[MatchingBlock], n: int) -> tuple[int, bool]:
    """Return the offset in the window of character n of the needle, and True if it is certain."""
    right = next((block for block in blocks if block.a + block.size > n), None)
    left = next((block for block in reversed(blocks) if block.a + block.size <= n), None)
    over = n - left.a - left.size if left else n
    if right and (not left or right.a - n <= max(over, EDGE_TOLERANCE)):
        return right.b + n - right.a, right.a <= n and right.a + right.size - n >= MIN_RUN
    return (left.b + n - left.a, over <= 1 and left.size > MIN_RUN) if left else (n, False)


def _align_end(blocks: Sequence[MatchingBlock], n: int) -> tuple[int, bool]:
    """Return the offset in the window at which the first n characters of the needle end, and True if it is certain."""
    left = next((block for block in reversed(blocks) if block.a < n), None)
    right = next((block for block in blocks if block.a >= n), None)
    gap = right.a - n if right else n
    if left and (not right or n - left.a - left.size <= max(gap, EDGE_TOLERANCE)):
        return left.b + n - left.a, n <= left.a + left.size and n - left.a >= MIN_RUN
    return (right.b - gap, gap <= 1 and right.size > MIN_RUN) if right else (n, False)


def _find_nearest_edges(
    edge: re.Pattern[str], text: str, place: int, side: Callable[[re.Match[str]], int]
) -> list[int]:
    """Return the edges of words that are nearest to a place."""
    low = max(0, place - EDGE_REACH)
    edges = (low + side(match) for match in edge.finditer(text[low : place + EDGE_REACH]))
    return sorted(edges, key=lambda other: abs(other - place))[:MAX_EDGES]
