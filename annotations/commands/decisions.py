"""Decisions on suggestions, as entries for the journal; each records the version of the suggester."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from annotations.projection.capture import CapturedWords
from annotations.projection.journal_view import JournalView
from annotations.state.history import find_undone_entries
from annotations.state.model import make_selector_fields
from db.archive.responses import format_now
from db.journal.entries import EntryDraft, JournalError, make_new_id
from db.records.annotation import PROVEN
from db.records.guidance import Reading
from db.sqlite import Row


class Acceptance(NamedTuple):
    """The choice of a person who accepts a suggestion: reading, note, and point ("": the suggested one)."""

    reading: Reading
    note: str = ""
    point: str = ""


def make_acceptance(
    suggestion: Row, words: CapturedWords, actor: str, choice: Acceptance, same_words: Iterable[Row] = ()
) -> list[EntryDraft]:
    """Make the entries that turn a suggestion (a row of suggestions with its gid) into an annotation.

    Enter them together. Where the person chose another point, or words that do not overlap the suggested ones, the
    suggestion was wrong: it is rejected, with the annotation that was made instead. `same_words` are suggestions of the
    same words for the chosen point; they are accepted too. Raises JournalError where the speech lacks the words.
    """
    if words.anchor.state not in PROVEN:
        raise JournalError(f"{words.target}: {words.anchor.evidence}; nothing was saved")
    id, point = make_new_id(), choice.point or suggestion["point_id"]
    annotation = {
        "target": words.target,
        "selector": make_selector_fields(words.selector),
        "point": point,
        "creator": actor,
    }
    annotation |= {"id": id, "reading": choice.reading, "note": choice.note, "created": format_now()}
    decision = {**_describe_suggestion(suggestion), "annotation": id, **_describe_difference(suggestion, words, point)}
    kind = "reject" if point != suggestion["point_id"] or not _has_overlap(suggestion, words) else "confirm"
    drafts = [EntryDraft(actor, "annotate", annotation), EntryDraft(actor, kind, decision)]
    return [
        *drafts,
        *(EntryDraft(actor, "confirm", {**_describe_suggestion(same), "annotation": id}) for same in same_words),
    ]


def _describe_difference(suggestion: Row, words: CapturedWords, point: str) -> dict[str, str]:
    """Return the reason that records how the choice differs from the suggestion; empty where it does not."""
    if point != suggestion["point_id"]:
        return {"reason": f"Another point: {point}"}
    if not _has_overlap(suggestion, words):
        return {"reason": "Other words"}
    is_same = (suggestion["start"], suggestion["end"]) == (words.selector.start, words.selector.end)
    return {} if is_same else {"reason": "Words adjusted"}


def _has_overlap(suggestion: Row, words: CapturedWords) -> bool:
    """Return True if the chosen words overlap the suggested ones."""
    start, end = words.selector.start or 0, words.selector.end or 0
    return bool(words.target == suggestion["gid"] and start < suggestion["end"] and end > suggestion["start"])


def make_rejection(suggestion: Row, actor: str, reason: str) -> list[EntryDraft]:
    """Make the entry that rejects a suggestion (a row of suggestions with its gid)."""
    return [EntryDraft(actor, "reject", {**_describe_suggestion(suggestion), "reason": reason})]


def make_undecided_check(keys: Collection[str]) -> Callable[[JournalView], None]:
    """Make a check that raises AlreadyDecidedError where somebody has decided one of the suggestions already.

    The check is called with the journal before the decision.
    """

    def check(view: JournalView) -> None:
        entries = view.read_entries(keys)
        undone, _ = find_undone_entries(entries)
        for entry in entries:
            if entry.payload.get("suggestion") in keys and entry.id not in undone:
                verdict = "accepted" if entry.kind == "confirm" else "rejected"
                raise AlreadyDecidedError(f"{entry.actor} {verdict} it on {entry.time[:10]}; nothing was saved")

    return check


class AlreadyDecidedError(JournalError):
    """A suggestion was decided by somebody else in the meantime."""


def _describe_suggestion(row: Row) -> dict[str, Any]:
    """Return the fields that a decision records of a suggestion: key, point, words, suggester and version."""
    rule = {"rule": row["rule"]} if row["rule"] else {}
    source = {"suggester": row["suggester"], "version": row["version"], **rule, "score": row["score"]}
    return {"suggestion": row["key"], **source, "point": row["point_id"], "target": row["gid"], "exact": row["exact"]}
