"""The journal as history: what each entry was about, in words, and which entries do not count any more."""

from collections.abc import Sequence

from db.journal import Entry


def summarised(entry: Entry) -> str:
    """An entry in a few words, for a list of what happened."""
    told = {
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
    keys = ", ".join(key for key in payload if key != "annotation")
    named = {"keys": keys, "what": "the moment of a video" if "moment" in payload else "it"}
    words = told.get(entry.kind, entry.kind).format_map(
        {"exact": "", **payload, **payload.get("selector", {}), **named}
    )
    return f"{words} ({payload['reason']})" if payload.get("reason") else words


def about_of(entry: Entry, seen: dict[str, str | None]) -> str | None:
    """The id of the annotation that an entry is about, None where about none; `seen` tells it of those before."""
    if entry.kind == "undo":
        return seen.get(entry.payload["entry"])
    found = entry.payload.get("id" if entry.kind == "annotate" else "annotation")
    return None if found is None else str(found)


def undone_of(entries: Sequence[Entry]) -> tuple[set[str], dict[str, str]]:
    """The ids that do not count, since an undo that counts names them; and what is wrong with which undo.

    An undo that is itself undone does not count, so that what it named counts again.
    """
    seen: dict[str, Entry] = {}
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
