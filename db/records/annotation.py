"""Annotations, replies, moments, suggestions and decisions, and the history of them in the journal."""

from typing import Literal, NamedTuple

from db.records.guidance import Reading

Stance = Literal["agrees", "disputes"]
Status = Literal["active", "withdrawn"]
Verdict = Literal["accepted", "rejected"]
AnchorState = Literal["exact", "moved", "changed", "lost"]


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
