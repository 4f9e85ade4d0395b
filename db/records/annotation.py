"""Annotations, replies, moments, suggestions and decisions, and the history of them in the journal."""

from typing import Literal, NamedTuple

from db.records.guidance import Reading

Stance = Literal["agrees", "disputes"]
NoteStatus = Literal["active", "withdrawn"]
DecisionStatus = Literal["accepted", "rejected"]
AnchorState = Literal["exact", "moved", "changed", "lost"]
PROVEN: tuple[AnchorState, ...] = ("exact", "moved")  # anchors of words that are surely the record's
OTHER_SPEAKER_EVIDENCE = "is named as the speaker now"  # how the evidence ends where the speaker was corrected


class Selector(NamedTuple):
    """The words meant in a text (W3C TextQuoteSelector and TextPositionSelector in one).

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
    """The place of a quote in a text, or none if it is lost; `evidence` explains in words how that was decided.

    `score` is the likeness of the words there to the quote, from 0 to 1.
    """

    state: AnchorState
    start: int | None
    end: int | None
    score: float
    evidence: str


class Reply(NamedTuple):
    """An answer to an annotation; `actor` entered it in the journal (empty if it comes from a file)."""

    id: str
    stance: Stance
    text: str
    creator: str
    created: str
    via: str | None
    actor: str = ""
    status: NoteStatus = "active"


class Annotation(NamedTuple):
    """A quote, read as bearing on a point of guidance; `origin` is the file that it comes from, or "journal".

    From the journal: `actor` entered it (empty if it comes from a file), `modified` is the time of the last change
    (UTC), `quote` the words as annotated if the selector has since been replaced, and `confirmed_by` the person who
    confirmed at `confirmed` that the selector's words are the speaker's.
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
    replies: tuple[Reply, ...] = ()
    actor: str = ""
    modified: str | None = None
    status: NoteStatus = "active"
    quote: str = ""
    confirmed_by: str | None = None
    confirmed: str | None = None


class SuggesterInput(NamedTuple):
    """A speech as suggesters see it; `context` is the heading of its debate and the speech before it."""

    speech_id: str
    gid: str
    text: str
    context: str = ""


class Suggestion(NamedTuple):
    """A sentence that a suggester proposes for a point: offsets in the speech's text, and the words that caused it.

    `rule` is the part of the suggester that proposed it, in that `version`; `score` runs from 0 to 1; `evidence` is for
    readers.
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
    """A person's decision about a suggestion, by its key, in an entry of the journal.

    `annotation_id` was made from an accepted one, or instead of a rejected one.
    """

    suggestion: str
    status: DecisionStatus
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
    score: float = 1.0  # how likely it was when it was decided; 1 where the entry does not say


class Skip(NamedTuple):
    """A suggestion that a person put off, by its key, in an entry of the journal."""

    suggestion: str
    actor: str
    point_id: str
    target: str | None
    exact: str
    time: str
    entry: str


class Moment(NamedTuple):
    """The time in a video at which a speech or an annotation's words are heard: seconds from `start` to `end`.

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
    status: NoteStatus = "active"


class HistoryEntry(NamedTuple):
    """One entry of the journal as history: its subject, and the reason if it has no effect (`problem`).

    `undone` is True if a later entry undid it; `moderates`, if it withdraws or restores what another person entered,
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
