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
    """Describe an entry in a few words for a list of events; `what` names the thing that it changes."""
    templates = {
        "annotate": "noted it as {reading} on {point}",
        "edit": "changed {keys}",
        "reply": "{stance}: {text}",
        "confirm": "accepted a suggestion of {suggester} on {point}",
        "reject": "rejected a suggestion of {suggester} on {point}",
        "skip": "skipped a suggestion of {suggester} on {point}",
        "repair": "moved it to the words: {exact}",
        "withdraw": "withdrew {what}",
        "restore": "restored {what}",
        "undo": "undid {entry}",
        "moment": "linked it to {start} seconds into the video {source}",
        "begin": "began annotating {debate} blind",
        "done": "finished annotating {debate} blind",
        "clock": "confirmed that the clock is right and earlier times are wrong",
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


def find_subject(
    entry: JournalEntry, earlier: Mapping[str, EntrySubject], annotation_ids: Mapping[str, str]
) -> EntrySubject:
    """Find the subject of an entry, given the subjects of earlier entries and the annotation of each reply, by id."""
    if entry.kind == "undo":
        return earlier.get(entry.payload["entry"], EntrySubject())
    created = {entry.kind: entry.payload["id"]} if entry.kind in CREATING else {}
    named = {**entry.payload, **created}
    reply = named.get("reply")
    annotation = named.get("annotate") or named.get("annotation") or annotation_ids.get(reply or "")
    return EntrySubject(annotation=annotation, reply=reply, moment=named.get("moment"))


def find_last_entry(entries: Iterable[JournalEntry], id: str) -> str:
    """Return the id of the last entry that changed an annotation, a reply or a moment; "" where none did."""
    subjects: dict[str, EntrySubject] = {}
    last = ""
    for entry in entries:
        subjects[entry.id] = find_subject(entry, subjects, {})
        last = entry.id if subjects[entry.id].id == id else last
    return last


def find_undone_entries(entries: Sequence[JournalEntry]) -> tuple[set[str], dict[str, str]]:
    """Return the ids of the entries that are undone, and an error for each undo that is wrong, by its id.

    An undo that is itself undone does not count, so that the entry that it names counts again.
    """
    earlier: dict[str, JournalEntry] = {}
    undos: list[tuple[str, str]] = []
    errors: dict[str, str] = {}
    for entry in entries:
        if entry.kind == "undo":
            named = earlier.get(entry.payload["entry"])
            if named and named.actor == entry.actor:
                undos.append((entry.id, named.id))
            else:
                errors[entry.id] = (
                    "only one's own entries can be undone" if named else "there is no such entry before it"
                )
        earlier[entry.id] = entry
    undone: set[str] = set()
    for id, named_id in reversed(undos):
        if id not in undone:
            undone.add(named_id)
    return undone, errors


def find_pass_entry(
    entries: Sequence[JournalEntry], kind: str, person: str, is_meant: Callable[[str], bool]
) -> JournalEntry | None:
    """Find the last entry of a kind, `begin` or `done`, for a person's own pass over a debate, and not undone.

    `is_meant` returns True for the debate of the pass, by the name that an entry gives it.
    """
    undone, _ = find_undone_entries(entries)
    own = [entry for entry in entries if entry.kind == kind and entry.actor == person and entry.id not in undone]
    fitting = [entry for entry in own if entry.payload.get("creator", person) == person]
    return next((entry for entry in reversed(fitting) if is_meant(entry.payload["debate"])), None)
