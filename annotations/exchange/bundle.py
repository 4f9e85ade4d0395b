"""The records of every exchange format: the bundle that is written, and the items that are read."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from db.records.annotation import Anchor, Annotation, Moment, Reply
from db.records.guidance import Guidance
from db.records.source import LICENCE, UserMistake
from db.sqlite import Row
from db.statements.debates import DebateRecord

SERVICE_CREDIT = "Data service provided by TheyWorkForYou."
ATTRIBUTION = (LICENCE, SERVICE_CREDIT)


class ExchangeError(UserMistake):
    """A file that cannot be read as its format; the message names the entry or line, and the fault."""


class SpeechText(NamedTuple):
    """A speech with annotations, and its citation and addresses; `received` is a time in UTC."""

    id: str
    gid: str
    debate_id: str
    title: str
    speaker: str | None
    office: str | None
    date: str
    citation: str
    text: str
    url: str | None
    hansard_url: str | None
    received: str


class ExportedAnnotation(NamedTuple):
    """An annotation for export, with today's words and offsets, or the words as annotated and no offsets.

    `text` is None where the archive has no such speech. `quoted` has the speech as it was when it was quoted, where
    that is not today's (db/statements/quoted_speeches.py).
    """

    annotation: Annotation
    anchor: Anchor
    text: SpeechText | None
    quoted: Row | None = None

    def make_page_address(self, base_url: str) -> str:
        """Make the address of the speech's page on this site: of its last words, if it was withdrawn."""
        if self.quoted and not self.text:
            return f"{base_url}{self.quoted['address']}"
        return f"{base_url}/speech/{quote(self.text.id if self.text else self.annotation.target)}"

    def cite_quoted_speech(self) -> str:
        """Cite the speech as it was when it was quoted, with its speaker; "" where that is today's."""
        if not self.quoted:
            return ""
        parts = (self.quoted["speaker"] or "", self.quoted["citation"], self.quoted["withdrawal"])
        return ", ".join(filter(None, parts))


class Bundle(NamedTuple):
    """Everything that is exported: annotations, guidance, moments, the attribution lines, and the time of export.

    `exported` is that time (UTC), or "" for a file that does not name it. `debate` is the one debate that was chosen,
    with its speeches, for formats of texts. `moments` are moments of videos, each with the id of its speech (None where
    the archive has none).
    """

    annotations: tuple[ExportedAnnotation, ...]
    guidance: tuple[Guidance, ...]
    attribution: tuple[str, ...]
    exported: str
    debate: DebateRecord | None = None
    moments: tuple[tuple[Moment, str | None], ...] = ()


class ImportedAnnotation(NamedTuple):
    """An annotation read from a file, without its replies; `where` names the entry or line."""

    where: str
    annotation: Annotation


class ImportedReply(NamedTuple):
    """A reply read from a file, with the id of the annotation that it answers."""

    where: str
    annotation_id: str
    reply: Reply


class ImportedMoment(NamedTuple):
    """A moment of a video read from a file."""

    where: str
    moment: Moment


class LeftOutItem(NamedTuple):
    """An item of a file that must not be imported, with the reason; nothing of its content is kept."""

    where: str
    reason: str


class RefusedItem(NamedTuple):
    """An item of a file that cannot be read, with its fault; the others are read."""

    where: str
    fault: str


ImportedItem = ImportedAnnotation | ImportedReply | ImportedMoment
FileItem = ImportedItem | LeftOutItem | RefusedItem


def read_or_refuse(where: str, read: Callable[[], FileItem]) -> FileItem:
    """Return the item that `read` makes, or the refusal of an item that cannot be read."""
    try:
        return read()
    except ExchangeError as error:
        return refuse_item(where, error)


def refuse_item(where: str, error: ExchangeError) -> RefusedItem:
    """Return the refusal of an item that cannot be read."""
    return RefusedItem(where, str(error).removeprefix(f"{where}: "))


def join_replies(items: Iterable[FileItem]) -> list[Annotation]:
    """Join the annotations among items with the replies among them, in order."""
    items = list(items)
    replies: Mapping[str, list[Reply]] = {
        item.annotation.id: [] for item in items if isinstance(item, ImportedAnnotation)
    }
    for item in items:
        if isinstance(item, ImportedReply) and item.annotation_id in replies:
            replies[item.annotation_id].append(item.reply)
    annotations = (item.annotation for item in items if isinstance(item, ImportedAnnotation))
    return [annotation._replace(replies=tuple(replies[annotation.id])) for annotation in annotations]
