"""The division of a speech into sentences."""

import re
from collections.abc import Iterator

ABBREVIATIONS = (
    "hon|Hon|Mr|Mrs|Ms|Dr|Sir|St|Rt|Rev|Prof|Gen|Lt|Col|No|Nos|vol|Vol|col|cols|c|cc|p|pp|para|cl|e.g|i.e|etc"
)
END = re.compile(r"(?<![\s(.])(?<!\b[A-Z])[.!?]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9£])|(?=\n\n)|\Z")
SHORTENED = re.compile(rf"(?:^|[\s(\"'“‘])(?:{ABBREVIATIONS})\.$")


def find_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence, in code points, end exclusive.

    The full stop of an abbreviation ("hon. Friend", "Mr. Smith") does not end a sentence; a paragraph does.
    """
    start = _skip_space(text, 0)
    for match in END.finditer(text):
        end = match.end()
        if end > start and not SHORTENED.search(text[start:end]):
            yield start, end
            start = _skip_space(text, end)


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
