"""Topics and mentions: phrases to look for, and the places where they occur."""

from typing import NamedTuple


class PhraseSet(NamedTuple):
    """One named set of a topic's phrases."""

    name: str
    phrases: tuple[str, ...]


class Topic(NamedTuple):
    """A topic to search for: phrases in every spelling, between two dates (inclusive), in some kinds of debate.

    `expect` is the least number of mentions; fewer mean that something is broken.
    """

    id: str
    title: str
    note: str
    start: str
    end: str
    kinds: tuple[str, ...]
    phrases: tuple[PhraseSet, ...]
    expect: int = 0


class Mention(NamedTuple):
    """A place that mentions a topic: offsets are code points, end exclusive, in a speech's text or a debate's title."""

    speech_id: str | None
    debate_id: str | None
    topic: str
    phrases: str
    start: int
    end: int
    exact: str
