"""What every format of exchange writes and reads: annotations with their places and texts, whatever the format."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from db.records.annotation import Anchor, Annotation, Moment, Reply
from db.records.guidance import Guidance
from db.records.source import LICENCE
from db.statements.debates import Whole

SERVICE = "Data service provided by TheyWorkForYou."
ATTRIBUTION = (LICENCE, SERVICE)


class ExchangeError(ValueError):
    """A file that cannot be read as its format; the message names the entry or line, and what is wrong there."""


class Text(NamedTuple):
    """A speech whose text offsets count in, with what a reader needs to find it; `received` is UTC."""

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


class Standing(NamedTuple):
    """An annotation as it goes out: its selector holds the words and place of today, or no place where there is none.

    `text` is None where the archive has no such speech.
    """

    annotation: Annotation
    anchor: Anchor
    text: Text | None


class Bundle(NamedTuple):
    """What is written: standings, the guidance that they are about, whom to name for the words, and when (UTC).

    `debate` is the one debate that is asked for whole, for formats of texts; `moments` are those of videos, each with
    the id of its speech (None where the archive has none), for formats that know videos.
    """

    standings: tuple[Standing, ...]
    guidance: tuple[Guidance, ...]
    attribution: tuple[str, ...]
    made: str
    debate: Whole | None = None
    moments: tuple[tuple[Moment, str | None], ...] = ()


class Noted(NamedTuple):
    """An annotation as a file has it, without its replies; `where` names the entry or line."""

    where: str
    annotation: Annotation


class Answered(NamedTuple):
    """A reply as a file has it, and the id of the annotation that it answers."""

    where: str
    annotation_id: str
    reply: Reply


class Filmed(NamedTuple):
    """A moment of a video as a file has it."""

    where: str
    moment: Moment


Item = Noted | Answered | Filmed


def joined(items: Iterable[Item]) -> list[Annotation]:
    """The annotations among items, each with those replies among them that answer it, in order."""
    items = list(items)
    replies: Mapping[str, list[Reply]] = {item.annotation.id: [] for item in items if isinstance(item, Noted)}
    for item in items:
        if isinstance(item, Answered) and item.annotation_id in replies:
            replies[item.annotation_id].append(item.reply)
    noted = (item.annotation for item in items if isinstance(item, Noted))
    return [annotation._replace(replies=tuple(replies[annotation.id])) for annotation in noted]
