"""The history of the journal: the subject of each entry, a summary in words, and the entries that are undone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from db.journal.entries import JournalEntry

CREATING = ("annotate", "reply", "moment")  # kinds of entries that create what their `id` names


class EntrySubject(NamedTuple):
    """The ids of the annotation, reply or moment that an entry is about; a reply or moment has its annotation's too."""

    annotation: str | None = None
    reply: str | None = None
    moment: str | None = None

    @property
    def id(self) -> str | None:
        """The id of the annotation, reply or moment that the entry changes."""
        return self.reply or self.moment or self.annotation


def summarise_entry(entry: JournalEntry, what: str = "it") -> str:
    """Describe an entry in a few words for a list of events; `what` names the thing that it withdraws or restores."""
    templates = {
        "annotate": "read it as {reading} on {point}",
        "edit": "changed {keys}",
        "reply": "{stance}: {text}",
        "confirm": "accepted a suggestion of {suggester} on {point}",
        "reject": "rejected a suggestion of {suggester} on {point}",
        "repair": "put it on the words: {exact}",
        "withdraw": "withdrew {what}",
        "restore": "brought {what} back",
        "undo": "undid {entry}",
        "moment": "tagged it at {start} seconds of the video {source}",
        "begin": "began a blind pass over {debate}",
        "done": "finished a pass over {debate}",
    }
    payload = entry.payload
    if entry.kind == "confirm" and "selector" in payload:
        return f"confirmed as the speaker’s: {payload['selector']['exact']}"
    keys = ", ".join(key for key in payload if key not in ("annotation", "reply"))
    named = {"keys": f"{keys} of {what}" if "reply" in payload else keys, "what": what}
    words = templates.get(entry.kind, entry.kind).format_map(
        {"exact": "", **payload, **payload.get("selector", {}), **named}
    )
    return f"{words} ({payload['reason']})" if payload.get("reason") else words


def find_subject(entry: JournalEntry, seen: Mapping[str, EntrySubject], answers: Mapping[str, str]) -> EntrySubject:
    """Find the subject of an entry, given the subjects of those before it, and the annotation of each reply, by id."""
    if entry.kind == "undo":
        return seen.get(entry.payload["entry"], EntrySubject())
    created = {entry.kind: entry.payload["id"]} if entry.kind in CREATING else {}
    named = {**entry.payload, **created}
    reply = named.get("reply")
    annotation = named.get("annotate") or named.get("annotation") or answers.get(reply or "")
    return EntrySubject(annotation=annotation, reply=reply, moment=named.get("moment"))


def find_last_entry(entries: Iterable[JournalEntry], id: str) -> str:
    """Return the id of the last entry that changed an annotation, a reply or a moment; empty where none did."""
    seen: dict[str, EntrySubject] = {}
    last = ""
    for entry in entries:
        seen[entry.id] = find_subject(entry, seen, {})
        last = entry.id if seen[entry.id].id == id else last
    return last


def find_undone_entries(entries: Sequence[JournalEntry]) -> tuple[set[str], dict[str, str]]:
    """Return the ids of the entries that are undone, and an error for each undo that is wrong, by its id.

    An undo that is itself undone does not count, so that the entry that it names counts again.
    """
    seen: dict[str, JournalEntry] = {}
    undos: list[tuple[str, str]] = []
    wrong: dict[str, str] = {}
    for entry in entries:
        if entry.kind == "undo":
            named = seen.get(entry.payload["entry"])
            if named and named.actor == entry.actor:
                undos.append((entry.id, named.id))
            else:
                wrong[entry.id] = (
                    "only one's own entries can be undone" if named else "there is no such entry before it"
                )
        seen[entry.id] = entry
    undone: set[str] = set()
    for id, named_id in reversed(undos):
        if id not in undone:
            undone.add(named_id)
    return undone, wrong


def find_pass_entry(
    entries: Sequence[JournalEntry], kind: str, person: str, means: Callable[[str], bool]
) -> JournalEntry | None:
    """Find the last entry that begins (`begin`) or ends (`done`) a person's own pass over a debate, and still counts.

    `means` decides whether the debate that an entry names is the one that is meant.
    """
    undone, _ = find_undone_entries(entries)
    own = [entry for entry in entries if entry.kind == kind and entry.actor == person and entry.id not in undone]
    fitting = [entry for entry in own if entry.payload.get("creator", person) == person]
    return next((entry for entry in reversed(fitting) if means(entry.payload["debate"])), None)
