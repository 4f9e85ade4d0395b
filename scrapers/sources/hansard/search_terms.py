"""What to ask Hansard's search for: a topic's phrases as words, in few spellings, and its dates a year at a time."""

import re
from collections.abc import Iterator
from itertools import pairwise

from db.records.topic import Topic

DASH = re.compile(r"[-\u2010-\u2015\u2212]+")
QUOTES = str.maketrans("", "", "\"\u201c\u201d\u2018\u2019'")


def terms(topic: Topic) -> list[str]:
    """What to search for: every phrase as words, with the hyphens and joined words that any of them is spelt with.

    A term whose words all stand in another's finds all that the longer one would, so the longer one is left out.
    """
    phrases = [" ".join(phrase.translate(QUOTES).lower().split()) for each in topic.phrases for phrase in each.phrases]
    spaced = [" ".join(DASH.sub(" ", phrase).split()) for phrase in phrases]
    written = {word for phrase in phrases for word in DASH.sub("-", phrase).split()}
    found = dict.fromkeys(spaced)
    for phrase in spaced:
        words = phrase.split()
        for at, pair in enumerate(pairwise(words)):
            if "".join(pair) in written or "-".join(pair) in written:
                for mark in ("-", ""):
                    found.setdefault(" ".join([*words[:at], mark.join(pair), *words[at + 2 :]]))
    return [term for term in found if not any(set(other.split()) < set(term.split()) for other in found)]


def years(start: str, end: str) -> Iterator[tuple[str, str]]:
    """The years between two dates, the first and the last cut to them."""
    for year in range(int(start[:4]), int(end[:4]) + 1):
        yield max(start, f"{year:04}-01-01"), min(end, f"{year:04}-12-31")
