"""What a person decides about a suggestion, as entries for the journal; each keeps which version made it."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from annotations.projection.capture import Captured
from annotations.state.history import undone_of
from annotations.state.model import fields_of
from db.archive.responses import now
from db.journal.entries import Draft, Entry, JournalError
from db.records.guidance import Reading
from db.rows import Row
from db.ulid import new_id


class Acceptance(NamedTuple):
    """How somebody accepts a suggestion: as which reading, with which note, for which point ("": its own)."""

    reading: Reading
    note: str = ""
    point: str = ""


def accepted(one: Row, words: Captured, actor: str, choice: Acceptance, also: Iterable[Row] = ()) -> list[Draft]:
    """The entries that make an annotation of a suggestion (a row of suggestions with its gid), to go in together.

    Where the person chose another point, or words that the suggestion has no part in, it was wrong, and is rejected
    with what was made instead. `also` are suggestions of the same words for the point that was chosen: they were right.
    Raises JournalError where the words do not stand in the speech.
    """
    if words.anchor.state not in ("exact", "moved"):
        raise JournalError(f"{words.target}: {words.anchor.evidence}; nothing was entered")
    id, point = new_id(), choice.point or one["point_id"]
    annotation = {"target": words.target, "selector": fields_of(words.selector), "point": point, "creator": actor}
    annotation |= {"id": id, "reading": choice.reading, "note": choice.note, "created": now()}
    decided = {**_made(one, one["gid"]), "annotation": id, **_why(one, words, point)}
    kind = "reject" if point != one["point_id"] or not _overlap(one, words) else "confirm"
    drafts = [Draft(actor, "annotate", annotation), Draft(actor, kind, decided)]
    return [*drafts, *(Draft(actor, "confirm", {**_made(same, same["gid"]), "annotation": id}) for same in also)]


def _why(one: Row, words: Captured, point: str) -> dict[str, str]:
    """What was otherwise than suggested; nothing where nothing was."""
    if point != one["point_id"]:
        return {"reason": f"Another point: {point}"}
    if not _overlap(one, words):
        return {"reason": "Other words"}
    same = (one["start"], one["end"]) == (words.selector.start, words.selector.end)
    return {} if same else {"reason": "Words adjusted"}


def _overlap(one: Row, words: Captured) -> bool:
    """Whether words are of those that were suggested, or around them."""
    start, end = words.selector.start or 0, words.selector.end or 0
    return bool(words.target == one["gid"] and start < one["end"] and end > one["start"])


def rejected(one: Row, actor: str, reason: str) -> list[Draft]:
    """The entry that rejects a suggestion (a row of suggestions with its gid)."""
    return [Draft(actor, "reject", {**_made(one, one["gid"]), "reason": reason})]


def undecided(keys: Collection[str]) -> Callable[[Iterable[Entry]], None]:
    """What refuses to decide suggestions that somebody has decided already: called with the entries before."""

    def check(entries: Iterable[Entry]) -> None:
        journal = list(entries)
        undone, _ = undone_of(journal)
        for entry in journal:
            if entry.payload.get("suggestion") in keys and entry.id not in undone:
                verdict = "accepted" if entry.kind == "confirm" else "rejected"
                raise Decided(f"{entry.actor} {verdict} it on {entry.time[:10]}; nothing was entered")

    return check


class Decided(JournalError):
    """A suggestion that somebody has decided meanwhile."""


def _made(one: Row, target: str) -> dict[str, Any]:
    """What a decision keeps of a suggestion: its key, and what made it, in which version."""
    rule = {"rule": one["rule"]} if one["rule"] else {}
    made = {"suggester": one["suggester"], "version": one["version"], **rule, "score": one["score"]}
    return {"suggestion": one["key"], **made, "point": one["point_id"], "target": target, "exact": one["exact"]}
