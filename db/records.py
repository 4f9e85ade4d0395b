"""Every noun of the program, as records that cannot change; GLOSSARY.md says the same in words.

Named tuples rather than dataclasses: a day makes ten thousand, at a third of the cost.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

SpeechKind = Literal["speech", "question", "answer", "procedural", "division"]
Reading = Literal["said", "implied", "contradicts"]
Stance = Literal["agrees", "disputes"]
AnchorState = Literal["exact", "moved", "lost"]

LICENCE = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0."
LICENCE_URL = "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/"


class ParseError(ValueError):
    """A document holds something that the parser does not know; nothing of it was guessed.

    >>> str(ParseError("debates2008-06-22a.xml", "line 12: unknown element <aside>"))
    'debates2008-06-22a.xml: line 12: unknown element <aside>'
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name
        self.what = what


class Unavailable(Exception):
    """A source cannot be asked now. The message says what to do; `exit_code` is 2 (set-up) or 75 (try later)."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


# --- received -----------------------------------------------------------------


class Listed(NamedTuple):
    """One file that a location says it has: its name there, size in bytes, and last change in the location's unit."""

    name: str
    size: int
    modified: int


class Response(NamedTuple):
    """One document as a source gave it; `name` is the source's own name for it, whichever way it came."""

    source: str
    name: str
    url: str
    fetched_at: str
    status: int
    headers: dict[str, str]
    body: bytes


class Location(NamedTuple):
    """A place that holds a source's files: `list` answers path patterns, `read` brings the files named, in batches."""

    url: str
    list: Callable[[Sequence[str]], Iterable[Listed]]
    read: Callable[[Sequence[Listed]], Iterator[Response]]


# --- parsed -------------------------------------------------------------------


class Heading(NamedTuple):
    """A heading as printed; `level` is 1 (oral), 2 (major) or 3 (minor)."""

    gid: str
    level: int
    text: str
    column: str | None
    time: str | None
    hansard_url: str | None
    oldstyle_gid: str | None


class Speech(NamedTuple):
    """One turn. `text` is plain (scrapers/markup.py); `markup` is the source's own, where it says more than `text`."""

    gid: str
    kind: SpeechKind
    speaker: str | None
    office: str | None
    member_id: str | None
    person_id: str | None
    question_number: str | None
    time: str | None
    column: str | None
    text: str
    markup: str | None
    hansard_url: str | None
    oldstyle_gid: str | None


class Vote(NamedTuple):
    """How one member voted in a division: `vote` is aye, no, content, not-content or abstain; `name` as printed."""

    name: str
    vote: str
    teller: bool
    member_id: str | None
    person_id: str | None
    proxy: str | None


class Division(NamedTuple):
    """A vote of the house; `ayes` and `noes` are the printed totals (contents and not-contents in the Lords)."""

    gid: str
    number: str
    ayes: int
    noes: int
    votes: tuple[Vote, ...]
    time: str | None
    column: str | None
    hansard_url: str | None


class Redirect(NamedTuple):
    """An address that a source has given up for another, and why (`matchtype` is the source's word)."""

    old_gid: str
    gid: str
    matchtype: str


class Document(NamedTuple):
    """One file, parsed: its items in the file's order without what it redirects away, and its redirects."""

    name: str
    series: str
    letter: str
    latest: bool
    bill: tuple[str, str] | None
    items: tuple[Heading | Speech | Division, ...]
    redirects: tuple[Redirect, ...]


# --- assembled ----------------------------------------------------------------


class Debate(NamedTuple):
    """The section a reader cites, with the headings above it and everything said in it."""

    id: str
    gid: str
    house: str
    kind: str
    date: str
    position: int
    title: str
    heading: str
    section: str
    column: str | None
    time: str | None
    url: str | None
    hansard_url: str | None
    citation: str
    name: str
    speeches: tuple[tuple[int, Speech | Division], ...]


class Day(NamedTuple):
    """What one kind of one date's files say, all letters together."""

    kind: str
    date: str
    debates: tuple[Debate, ...]
    redirects: tuple[Redirect, ...]


class Phrases(NamedTuple):
    """One named set of a topic's phrases."""

    name: str
    phrases: tuple[str, ...]


class Topic(NamedTuple):
    """What is looked for: phrases in every spelling, between two dates (inclusive), in some kinds."""

    id: str
    title: str
    note: str
    start: str
    end: str
    kinds: tuple[str, ...]
    phrases: tuple[Phrases, ...]


class Mention(NamedTuple):
    """Where a topic is named: offsets are code points, end exclusive, in a speech's text or a debate's title."""

    speech_id: str | None
    debate_id: str | None
    topic: str
    phrases: str
    start: int
    end: int
    exact: str


# --- annotated ----------------------------------------------------------------


class Selector(NamedTuple):
    """Which words of a text are meant (W3C TextQuoteSelector and TextPositionSelector in one).

    Either `exact`, or `head` and `tail`: the first and the last words of the quote. Offsets are code points.
    """

    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    head: str = ""
    tail: str = ""


class Anchor(NamedTuple):
    """Where a quote stands in a text, or that it does not; `evidence` says in words how that was decided."""

    state: AnchorState
    start: int | None
    end: int | None
    evidence: str


class Point(NamedTuple):
    """One point of a guidance document, in our own words; `reads` are points of others that it reads, and how."""

    id: str
    document_id: str
    parent_id: str | None
    number: str | None
    title: str
    paraphrase: str
    url: str | None
    cues: tuple[str, ...]
    reads: tuple[tuple[str, Reading], ...]


class Guidance(NamedTuple):
    """A guidance document and its points, in its order."""

    id: str
    title: str
    author: str
    published: str
    url: str | None
    note: str
    points: tuple[Point, ...]


class Reply(NamedTuple):
    """What somebody answers to an annotation."""

    id: str
    stance: Stance
    text: str
    creator: str
    created: str
    via: str | None


class Curated(NamedTuple):
    """An annotation kept in git: whose words, on which point, by whose reading."""

    id: str
    target: str
    selector: Selector
    point_id: str
    reading: Reading
    note: str
    creator: str
    created: str
    via: str | None
    file: str
    replies: tuple[Reply, ...]


class Suggestion(NamedTuple):
    """A sentence that a machine proposes for a point: offsets in the speech's text, and the words that made it."""

    point_id: str
    start: int
    end: int
    triggers: tuple[str, ...]
