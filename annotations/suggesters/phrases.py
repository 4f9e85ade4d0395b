"""Cue phrases: a sentence is proposed for a point where it holds one of the cues that the point's TOML lists."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from annotations.sentences import sentences
from db.records import Point, Suggestion

VERSION = "1"


def suggest(text: str, points: Sequence[Point]) -> Iterator[Suggestion]:
    """Yield a suggestion for every sentence and point with a cue in it: whole words, in any case and white space."""
    lower = text.lower()
    found = {point.id: [m for cue in point.cues for m in _find(cue, text, lower)] for point in points if point.cues}
    bounds = list(sentences(text)) if any(found.values()) else []
    for point_id, matches in found.items():
        triggers = defaultdict(set)
        for match in matches:
            for start, end in bounds:
                if start <= match.start() < end:
                    triggers[start, end].add(match[0])
        for (start, end), words in sorted(triggers.items()):
            yield Suggestion(point_id, start, end, tuple(sorted(words)))


def _find(cue: str, text: str, lower: str) -> Iterator[re.Match[str]]:
    words, pattern = _prepared(cue)
    for word in words:
        if word not in lower:  # a cheap look that spares nearly every search
            return iter(())
    return pattern.finditer(text)


@cache
def _prepared(cue: str) -> tuple[list[str], re.Pattern[str]]:
    words = re.split(r"[\s-]+", cue.strip().lower())
    pattern = re.compile(r"(?<!\w)" + r"[\s-]+".join(map(re.escape, words)) + r"(?!\w)", re.IGNORECASE)
    return sorted(words, key=len, reverse=True), pattern
