"""Every noun of the program, as records that cannot change; GLOSSARY.md says the same in words.

Named tuples rather than dataclasses: a day makes ten thousand, at a third of the cost.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

SpeechKind = Literal["speech", "question", "answer", "procedural", "division"]
Reading = Literal["said", "implied", "contradicts"]
Stance = Literal["agrees", "disputes"]
Within = Literal["sentence", "speech"]
Status = Literal["active", "withdrawn"]
Verdict = Literal["accepted", "rejected"]
AnchorState = Literal["exact", "moved", "changed", "lost"]

LICENCE = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0."
LICENCE_URL = "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/"


SET_UP, LATER = 2, 75  # exit codes: mend something first; try again later


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


class Missed(Exception):
    """One document could not be had, though its source can be asked for others; `status` is HTTP's, where one came."""

    def __init__(self, name: str, reason: str, status: int | None = None) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
        self.status = status


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


class Request(NamedTuple):
    """One document to ask a web service for. `name` is the source's own stable name for it, and never holds a key.

    `path` is below the service's address; `secret` are parameters that no log, archive or exception may show. `date` is
    the sitting's (the last, of several): what was said long ago is asked for again more seldom.
    """

    name: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    secret: tuple[tuple[str, str], ...] = ()
    media: Literal["json", "html"] = "json"
    date: str = ""


class Site(NamedTuple):
    """A web service of a source: `get` answers one request, from the archive where it need not be asked again.

    `get` raises Missed for a document that cannot be had, and Unavailable where nothing more can be asked in this run.
    """

    url: str
    get: Callable[[Request], Response]


class Asked(NamedTuple):
    """When a document was last asked a web service for (UTC), and how that went; the validators are the newest had.

    gone: there is none any more, though there was; missing: there is none, and never was; failed: it could not be had.
    """

    name: str
    at: str
    status: int | None
    outcome: Literal["had", "unchanged", "gone", "missing", "failed"]
    etag: str = ""
    modified: str = ""


class Memory(NamedTuple):
    """What the archive knows of a source's documents: the newest response and the last asking, by name.

    `told` enters an asking that brought no document; one that did is entered with its response.
    """

    known: Callable[[str], Response | None]
    asked: Callable[[str], Asked | None]
    told: Callable[[Asked], None]


class Gap(NamedTuple):
    """What could not be had, so that it never looks like nothing: `what` for a reader, with first and last date."""

    source: str
    name: str
    what: str
    start: str
    end: str
    reason: str


class Leads(NamedTuple):
    """What earlier sources found out about a topic: dates on which it is named, and pages of its debates."""

    dates: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


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
    section_id: str | None = None  # Parliament's own id of the section, in small letters


class Speech(NamedTuple):
    """One turn. `text` is plain (scrapers/markup.py); `markup` is the source's own, where it says more than `text`.

    Parliament's page gives a turn two numbers: that of its first paragraph (`paragraph_id`, its API's
    ContributionExtId) and that of the turn (`turn_id`, the fragment of TheyWorkForYou's url). `damage` says in words
    what is wrong with it in the source.
    """

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
    paragraph_id: str | None = None
    turn_id: str | None = None
    attribution: str | None = None  # name, seat, party and office as printed together
    damage: str = ""


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


Turn = Speech | Division
Item = Heading | Turn


class Redirect(NamedTuple):
    """An address that a source has given up for another, and why (`matchtype` is the source's word)."""

    old_gid: str
    gid: str
    matchtype: str


class Document(NamedTuple):
    """One document, parsed: its items in its order without what it redirects away, and its redirects.

    `obsolete` are items that it redirects away but whose older words it still holds. `continued` says that its first
    item goes on with the last of the page before. `volume` is that of the official report, where the source gives it.
    """

    name: str
    series: str
    letter: str
    latest: bool
    bill: tuple[str, str] | None
    items: tuple[Item, ...]
    redirects: tuple[Redirect, ...]
    obsolete: tuple[Item, ...] = ()
    continued: bool = False
    volume: str | None = None


# --- people -------------------------------------------------------------------


class PersonName(NamedTuple):
    """One name of a person, put together for a reader; `start` and `end` may be parts of dates, empty where open."""

    note: str
    name: str
    start: str
    end: str


class Person(NamedTuple):
    """A person as the register has them: "person/11309", with identifiers elsewhere as (scheme, identifier)."""

    id: str
    names: tuple[PersonName, ...]
    identifiers: tuple[tuple[str, str], ...]


class Membership(NamedTuple):
    """One spell of a person in a house: "member/1919" or "lord/100633"; a new one for each parliament and party.

    `house` is commons or lords, or the register's own word for another body.
    """

    id: str
    person_id: str
    house: str
    party: str | None
    constituency: str | None
    start: str
    end: str


class Office(NamedTuple):
    """An office that a person held, with a department or committee; whoever held it is named by one of two ids."""

    id: str
    person_id: str | None
    membership_id: str | None
    role: str | None
    department: str | None
    start: str
    end: str


class Register(NamedTuple):
    """What one document of the register of people says; `moved` are ids given up for others."""

    name: str
    persons: tuple[Person, ...] = ()
    memberships: tuple[Membership, ...] = ()
    offices: tuple[Office, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()


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
    speeches: tuple[tuple[int, Turn], ...]
    section_id: str | None = None  # Parliament's own
    volume: str | None = None


class Told(NamedTuple):
    """Which document told something: its source and name, its edition there, and the response that brought it."""

    source: str
    name: str
    edition: str
    response_id: int
    sha256: str
    received: str


class Edition(NamedTuple):
    """Another wording of a speech than the best, or the same from another source; `evidence` says why it is that."""

    speech_id: str
    told: Told
    source_gid: str
    speaker: str | None
    office: str | None
    column: str | None
    text: str
    score: float
    evidence: str


class Doubt(NamedTuple):
    """A turn that a source tells and that may be a speech (`candidate_id`) but was kept apart from it."""

    speech_id: str
    candidate_id: str
    source: str
    score: float
    evidence: str


class Day(NamedTuple):
    """What one kind of one date's documents say, all sources and versions together.

    `told` says for the gid of a debate, or of a speech that another source than its debate's told, which document did.
    """

    kind: str
    date: str
    debates: tuple[Debate, ...]
    redirects: tuple[Redirect, ...]
    told: Mapping[str, Told] = {}
    editions: tuple[Edition, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Phrases(NamedTuple):
    """One named set of a topic's phrases."""

    name: str
    phrases: tuple[str, ...]


class Topic(NamedTuple):
    """What is looked for: phrases in every spelling, between two dates (inclusive), in some kinds.

    `expect` is how many mentions there are at least: fewer mean that something is broken. 0 expects none.
    """

    id: str
    title: str
    note: str
    start: str
    end: str
    kinds: tuple[str, ...]
    phrases: tuple[Phrases, ...]
    expect: int = 0


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
    """Where a quote stands in a text, or that it does not; `evidence` says in words how that was decided.

    `score` runs from 0 to 1: how alike the words there are to the quote.
    """

    state: AnchorState
    start: int | None
    end: int | None
    score: float
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
    """What somebody answers to an annotation; `actor` entered it in the journal (nobody, where it is a file's)."""

    id: str
    stance: Stance
    text: str
    creator: str
    created: str
    via: str | None
    actor: str = ""
    status: Status = "active"


class Annotation(NamedTuple):
    """Whose words, on which point, by whose reading; `origin` is the file it is kept in, or "journal".

    What people did since, by the journal: `actor` entered it (nobody, where it is a file's), `modified` is when it was
    last touched (UTC), `quote` the words as annotated where the selector has since been put in another's place, and
    `confirmed_by` whoever confirmed at `confirmed` that the selector's words are the speaker's.
    """

    id: str
    target: str
    selector: Selector
    point_id: str
    reading: Reading
    note: str
    creator: str
    created: str
    via: str | None
    origin: str
    replies: tuple[Reply, ...]
    actor: str = ""
    modified: str | None = None
    status: Status = "active"
    quote: str = ""
    confirmed_by: str | None = None
    confirmed: str | None = None


class Near(NamedTuple):
    """Two terms of a rule, in either order, with at most `words` words between."""

    terms: tuple[str, str]
    words: int


class Rule(NamedTuple):
    """Which words make a sentence worth proposing for a point: all of, any of, none of, near.

    A term is words; alternatives are parted by |, and * ends a word that may go on. `within` is where all of it must
    stand; `score` is how sure the rule's author is, above 0 and at most 1.
    """

    id: str
    point_id: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    within: Within = "sentence"
    score: float = 0.5
    note: str = ""


class Spoken(NamedTuple):
    """A speech as suggesters see it."""

    speech_id: str
    gid: str
    text: str


class Suggestion(NamedTuple):
    """A sentence that a machine proposes for a point: offsets in the speech's text, the words of it that made it do so.

    `rule` is what within the suggester proposed it, in that `version`; `score` runs from 0 to 1; `evidence` is for a
    reader.
    """

    point_id: str
    start: int
    end: int
    triggers: tuple[str, ...]
    rule: str
    version: str
    score: float
    evidence: str


class Decision(NamedTuple):
    """What a person decided about a suggestion, by its key, in which entry of the journal.

    `annotation_id` is what was made of an accepted one, and instead of a rejected one.
    """

    suggestion: str
    status: Verdict
    suggester: str
    version: str
    rule: str
    point_id: str
    target: str | None
    exact: str
    annotation_id: str | None
    reason: str
    actor: str
    time: str
    entry: str = ""


class Moment(NamedTuple):
    """Where in a video a speech is given, or an annotation's words: seconds from `start` to `end`.

    `actor` is who entered it in the journal.
    """

    id: str
    target: str
    source: str
    start: float
    end: float | None
    annotation_id: str | None
    note: str
    creator: str
    created: str
    actor: str
    status: Status = "active"


class Event(NamedTuple):
    """One entry of the journal as history: what it was about, and why it counts for nothing (`problem`).

    `undone` says that a later entry undid it; `moderates`, that it withdraws or restores what somebody else entered,
    or undoes that. `reason` is the one given, or empty. Its time is UTC, and its id and hash are those of the entry.
    """

    id: str
    time: str
    actor: str
    kind: str
    annotation_id: str | None
    summary: str
    undone: bool
    problem: str
    reply_id: str | None
    moment_id: str | None
    moderates: bool
    reason: str
    hash: str
