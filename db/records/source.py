"""Records of sources: responses, listed files, gaps and provenance, their errors, and the licence of the words."""

from typing import NamedTuple

LICENCE = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0."
LICENCE_URL = "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/"


class FileEntry(NamedTuple):
    """A file that a location lists: its name there, size in bytes, and last change in the location's unit."""

    name: str
    size: int
    modified: int


class Response(NamedTuple):
    """A document as received; `name` is the source's own name for it, whatever way it was fetched."""

    source: str
    name: str
    url: str
    fetched_at: str
    status: int
    headers: dict[str, str]
    body: bytes


class Gap(NamedTuple):
    """A document or search that could not be fetched; `what` describes it for readers, with first and last date."""

    source: str
    name: str
    what: str
    start: str
    end: str
    reason: str


WHOLE_SOURCE = "(the whole source)"  # the name of a gap for a source that was unavailable
WORDS_MISSING = " (words)"  # after the name of a document: the name of a gap for what it should have held


def make_words_gap(response: Response, what: str, date: str, reason: str) -> Gap:
    """Make the gap of words that a search found in a document, and that did not come with it."""
    name = f"{response.name}{WORDS_MISSING}"
    return Gap(source=response.source, name=name, what=what, start=date, end=date, reason=reason)


class Provenance(NamedTuple):
    """Provenance of a record: source, name of the document, its edition there, and the archived response."""

    source: str
    name: str
    edition: str
    response_id: int
    sha256: str
    received: str


class UserMistake(ValueError):
    """A mistake in a file, an option or a reference; the message says what to put right."""


class RefusedUnit(NamedTuple):
    """A part of a document that its parser refused, while the rest was read.

    `unit` is "item", "debate" or "person"; `place` says where it stands ("line 12", "lines 3 to 5", "item 3"); `gid` is
    its address, if it has one. It is not withdrawn upstream: the source has it, but it was not understood. `debate_gid`
    is the address of the debate in which it stands, if known; `within` are those of what was refused with it.
    """

    unit: str
    place: str
    reason: str
    gid: str | None = None
    debate_gid: str | None = None
    within: tuple[str, ...] = ()


class ParseError(UserMistake):
    """A document that holds something the parser does not know; nothing of it was guessed.

    >>> str(ParseError("debates2008-06-22a.xml", "line 12: unknown element <aside>"))
    'debates2008-06-22a.xml: line 12: unknown element <aside>'
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name
        self.what = what


class Unavailable(Exception):
    """A source that cannot be asked now. The message says what to do; `exit_code` is 2 (set-up) or 75 (try later)."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class DocumentUnavailable(Exception):
    """Raised when one document cannot be fetched but its source is up; `status` is HTTP's, if an answer came."""

    def __init__(self, name: str, reason: str, status: int | None = None) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
        self.status = status
