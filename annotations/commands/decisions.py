"""Decisions on suggestions, as entries for the journal; each records the version of the suggester."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from annotations.projection.capture import CapturedWords
from annotations.state.history import find_undone_entries
from annotations.state.model import make_selector_fields
from db.archive.responses import format_now
from db.journal.entries import EntryDraft, JournalEntry, JournalError
from db.records.guidance import Reading
from db.sqlite import Row
from db.ulid import make_new_id


class Acceptance(NamedTuple):
    """The choice of a person who accepts a suggestion: reading, note, and point (empty: the suggested one)."""

    reading: Reading
    note: str = ""
    point: str = ""


def make_acceptance(
    one: Row, words: CapturedWords, actor: str, choice: Acceptance, also: Iterable[Row] = ()
) -> list[EntryDraft]:
    """Make the entries that turn a suggestion (a row of suggestions with its gid) into an annotation.

    They are to be entered together. Where the person chose another point, or words that do not overlap the suggested
    ones, the suggestion was wrong: it is rejected, with the annotation that was made instead. `also` are suggestions of
    the same words for the chosen point; they are accepted too. Raises JournalError where the words are not in the
    speech.
    """
    if words.anchor.state not in ("exact", "moved"):
        raise JournalError(f"{words.target}: {words.anchor.evidence}; nothing was entered")
    id, point = make_new_id(), choice.point or one["point_id"]
    annotation = {
        "target": words.target,
        "selector": make_selector_fields(words.selector),
        "point": point,
        "creator": actor,
    }
    annotation |= {"id": id, "reading": choice.reading, "note": choice.note, "created": format_now()}
    decided = {**_describe_suggestion(one, one["gid"]), "annotation": id, **_describe_difference(one, words, point)}
    kind = "reject" if point != one["point_id"] or not _has_overlap(one, words) else "confirm"
    drafts = [EntryDraft(actor, "annotate", annotation), EntryDraft(actor, kind, decided)]
    return [
        *drafts,
        *(EntryDraft(actor, "confirm", {**_describe_suggestion(same, same["gid"]), "annotation": id}) for same in also),
    ]


def _describe_difference(one: Row, words: CapturedWords, point: str) -> dict[str, str]:
    """Return the reason that records how the choice differs from the suggestion; empty where it does not."""
    if point != one["point_id"]:
        return {"reason": f"Another point: {point}"}
    if not _has_overlap(one, words):
        return {"reason": "Other words"}
    same = (one["start"], one["end"]) == (words.selector.start, words.selector.end)
    return {} if same else {"reason": "Words adjusted"}


def _has_overlap(one: Row, words: CapturedWords) -> bool:
    """Return True if the chosen words overlap the suggested ones."""
    start, end = words.selector.start or 0, words.selector.end or 0
    return bool(words.target == one["gid"] and start < one["end"] and end > one["start"])


def make_rejection(one: Row, actor: str, reason: str) -> list[EntryDraft]:
    """Make the entry that rejects a suggestion (a row of suggestions with its gid)."""
    return [EntryDraft(actor, "reject", {**_describe_suggestion(one, one["gid"]), "reason": reason})]


def make_undecided_check(keys: Collection[str]) -> Callable[[Iterable[JournalEntry]], None]:
    """Make a check that raises AlreadyDecidedError where somebody has decided one of the suggestions already.

    The check is called with the entries before the decision.
    """

    def check(entries: Iterable[JournalEntry]) -> None:
        journal = list(entries)
        undone, _ = find_undone_entries(journal)
        for entry in journal:
            if entry.payload.get("suggestion") in keys and entry.id not in undone:
                verdict = "accepted" if entry.kind == "confirm" else "rejected"
                raise AlreadyDecidedError(f"{entry.actor} {verdict} it on {entry.time[:10]}; nothing was entered")

    return check


class AlreadyDecidedError(JournalError):
    """A suggestion was decided by somebody else in the meantime."""


def _describe_suggestion(one: Row, target: str) -> dict[str, Any]:
    """Return what a decision records of a suggestion: its key, point and words, and the suggester with its version."""
    rule = {"rule": one["rule"]} if one["rule"] else {}
    made = {"suggester": one["suggester"], "version": one["version"], **rule, "score": one["score"]}
    return {"suggestion": one["key"], **made, "point": one["point_id"], "target": target, "exact": one["exact"]}
