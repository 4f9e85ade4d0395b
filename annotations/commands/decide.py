"""Decisions on suggestions, as entries for the journal; each records the version of the suggester."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from annotations.projection.capture import Captured
from annotations.state.history import undone_of
from annotations.state.model import fields_of
from db.archive.responses import now
from db.journal.entries import Draft, Entry, JournalError
from db.records.guidance import Reading
from db.sqlite import Row
from db.ulid import new_id


class Acceptance(NamedTuple):
    """The choice of a person who accepts a suggestion: reading, note, and point (empty: the suggested one)."""

    reading: Reading
    note: str = ""
    point: str = ""


def accepted(one: Row, words: Captured, actor: str, choice: Acceptance, also: Iterable[Row] = ()) -> list[Draft]:
    """Make the entries that turn a suggestion (a row of suggestions with its gid) into an annotation.

    They are to be entered together. Where the person chose another point, or words that do not overlap the suggested
    ones, the suggestion was wrong: it is rejected, with the annotation that was made instead. `also` are suggestions of
    the same words for the chosen point; they are accepted too. Raises JournalError where the words are not in the
    speech.
    """
    if words.anchor.state not in ("exact", "moved"):
        raise JournalError(f"{words.target}: {words.anchor.evidence}; nothing was entered")
    id, point = new_id(), choice.point or one["point_id"]
    annotation = {"target": words.target, "selector": fields_of(words.selector), "point": point, "creator": actor}
    annotation |= {"id": id, "reading": choice.reading, "note": choice.note, "created": now()}
    decided = {**_describe_suggestion(one, one["gid"]), "annotation": id, **_describe_difference(one, words, point)}
    kind = "reject" if point != one["point_id"] or not _has_overlap(one, words) else "confirm"
    drafts = [Draft(actor, "annotate", annotation), Draft(actor, kind, decided)]
    return [
        *drafts,
        *(Draft(actor, "confirm", {**_describe_suggestion(same, same["gid"]), "annotation": id}) for same in also),
    ]


def _describe_difference(one: Row, words: Captured, point: str) -> dict[str, str]:
    """Return the reason that records how the choice differs from the suggestion; empty where it does not."""
    if point != one["point_id"]:
        return {"reason": f"Another point: {point}"}
    if not _has_overlap(one, words):
        return {"reason": "Other words"}
    same = (one["start"], one["end"]) == (words.selector.start, words.selector.end)
    return {} if same else {"reason": "Words adjusted"}


def _has_overlap(one: Row, words: Captured) -> bool:
    """Return True if the chosen words overlap the suggested ones."""
    start, end = words.selector.start or 0, words.selector.end or 0
    return bool(words.target == one["gid"] and start < one["end"] and end > one["start"])


def rejected(one: Row, actor: str, reason: str) -> list[Draft]:
    """Make the entry that rejects a suggestion (a row of suggestions with its gid)."""
    return [Draft(actor, "reject", {**_describe_suggestion(one, one["gid"]), "reason": reason})]


def undecided(keys: Collection[str]) -> Callable[[Iterable[Entry]], None]:
    """Make a check that raises Decided where somebody has decided one of the suggestions already.

    The check is called with the entries before the decision.
    """

    def check(entries: Iterable[Entry]) -> None:
        journal = list(entries)
        undone, _ = undone_of(journal)
        for entry in journal:
            if entry.payload.get("suggestion") in keys and entry.id not in undone:
                verdict = "accepted" if entry.kind == "confirm" else "rejected"
                raise Decided(f"{entry.actor} {verdict} it on {entry.time[:10]}; nothing was entered")

    return check


class Decided(JournalError):
    """A suggestion was decided by somebody else in the meantime."""


def _describe_suggestion(one: Row, target: str) -> dict[str, Any]:
    """Return what a decision records of a suggestion: its key, point and words, and the suggester with its version."""
    rule = {"rule": one["rule"]} if one["rule"] else {}
    made = {"suggester": one["suggester"], "version": one["version"], **rule, "score": one["score"]}
    return {"suggestion": one["key"], **made, "point": one["point_id"], "target": target, "exact": one["exact"]}
