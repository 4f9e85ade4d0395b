"""Hansard as records: parsed documents, and the debates, speeches and editions assembled from them.

Named tuples instead of dataclasses: a day needs ten thousand, and they cost a third.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from db.records.source import Provenance, RefusedUnit

SpeechKind = Literal["speech", "question", "answer", "procedural", "division"]


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
    """One turn. `text` is plain (scrapers/parsing/markup.py); `markup` is the source's own, if it says more.

    Parliament's page gives a turn two numbers: that of its first paragraph (`paragraph_id`, its API's
    ContributionExtId) and that of the turn (`turn_id`, the fragment of TheyWorkForYou's url). `damage` describes
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
    """Vote of one member in a division: `vote` is aye, no, content, not-content or abstain; `name` as printed."""

    name: str
    vote: str
    teller: bool
    member_id: str | None
    person_id: str | None
    proxy: str | None


class Division(NamedTuple):
    """A vote of the house; `ayes` and `noes` are the printed totals (contents and not-contents in the Lords).

    `damage` says in words what is wrong with it in the source, such as names that do not agree with the totals.
    """

    gid: str
    number: str
    ayes: int
    noes: int
    votes: tuple[Vote, ...]
    time: str | None
    column: str | None
    hansard_url: str | None
    damage: str = ""


Turn = Speech | Division
Item = Heading | Turn


UNPROVEN_MATCHTYPES = frozenset({"missing", "removed", "multiplecover"})  # of redirects to what may be another speech


class Redirect(NamedTuple):
    """An address that a source has replaced by another; `matchtype` is the source's word for the reason."""

    old_gid: str
    gid: str
    matchtype: str


class Document(NamedTuple):
    """A parsed document: its items in order, without those that it redirects elsewhere, and its redirects.

    `obsolete` are items that it redirects elsewhere but whose older words it still holds. `continued` is True if its
    first item goes on from the last of the page before, and `begins_paragraph` if it does so with a new paragraph;
    `last_column` is the column in which it ends, if one is marked. A document that `is_vote_list` holds no debate, but
    the votes of a division that a debate names. `volume` is that of the official report, if known.
    `refused` are the parts that were not understood: they are in no record, and go into quarantine one by one.
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
    refused: tuple[RefusedUnit, ...] = ()
    begins_paragraph: bool = False
    last_column: str | None = None
    is_vote_list: bool = False


class Debate(NamedTuple):
    """The section that a reader cites, with the headings above it and everything said in it."""

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


class Edition(NamedTuple):
    """An edition of a speech other than the one shown; `evidence` explains in words why it is of this speech."""

    speech_id: str
    provenance: Provenance
    source_gid: str
    speaker: str | None
    office: str | None
    column: str | None
    text: str
    score: float
    evidence: str
    other_speaker: bool = False  # it names somebody else as the speaker, surely


class WithdrawnSpeech(NamedTuple):
    """A speech that its source dropped: its last words, and where they came from.

    `debate_id` is the debate of today in which it stood, if that is left; `withdrawn` is when the first document
    without it came (UTC); `evidence` says in words how it was dropped.
    """

    item: Speech
    provenance: Provenance
    debate_id: str | None
    withdrawn: str
    evidence: str


class PastSpeech(NamedTuple):
    """A speech as it was held from one day until another, where that is not as it is held today.

    `gid` is its address today, or the last that it had. `item` is None where it was not held then. `after` is the gid
    of the turn or heading of today that it followed, if it is not there today, and `order` its place after that.
    """

    gid: str
    from_day: str
    to_day: str
    item: Speech | None
    provenance: Provenance | None
    after: str | None
    order: int


class Doubt(NamedTuple):
    """A turn of one source that may be another source's speech (`candidate_id`) but was not matched with it."""

    speech_id: str
    candidate_id: str
    source: str
    score: float
    evidence: str


class Day(NamedTuple):
    """All debates of one kind on one date, merged from all sources and revisions.

    `provenance` is by gid: of each debate, and of each speech that came from another source than its debate. `since`
    has, by gid, the document that brought a speech's words by its speaker first, if it is not the newest.
    """

    kind: str
    date: str
    debates: tuple[Debate, ...]
    redirects: tuple[Redirect, ...]
    provenance: Mapping[str, Provenance] = {}
    editions: tuple[Edition, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    withdrawn: tuple[WithdrawnSpeech, ...] = ()
    past: tuple[PastSpeech, ...] = ()
    since: Mapping[str, Provenance] = {}
