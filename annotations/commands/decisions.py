"""Decisions on suggestions, as entries for the journal; each records the version of the suggester."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from annotations.projection.capture import CapturedWords
from annotations.projection.journal_view import JournalView
from annotations.state.history import find_undone_entries
from annotations.state.model import make_selector_fields
from db.archive.responses import format_now
from db.citation import format_date
from db.journal.entries import EntryDraft, JournalEntry, JournalError, make_new_id
from db.records.annotation import PROVEN
from db.records.guidance import Reading
from db.sqlite import Row

OTHER_WORDS = "Other words"


class Acceptance(NamedTuple):
    """The choice of a person who accepts a sentence: reading, note, and points (none: those suggested)."""

    reading: Reading
    note: str = ""
    points: tuple[str, ...] = ()


def make_acceptance(
    suggestions: Sequence[Row], words: CapturedWords, actor: str, choice: Acceptance
) -> list[EntryDraft]:
    """Make the entries that decide the suggestions of one sentence: an annotation for each point that was chosen.

    `suggestions` are rows of suggestions with their gid, that of the place of the words first. Enter all together. A
    suggestion of another point was wrong, and so are all where the chosen words do not overlap those suggested: they
    are rejected, with the annotation that was made instead. Raises JournalError where the speech lacks the words.
    """
    if words.anchor.state not in PROVEN:
        raise JournalError(f"{words.target}: {words.anchor.evidence}; nothing was saved")
    made = {point: make_new_id() for point in choice.points or (each["point_id"] for each in suggestions)}
    common = {"target": words.target, "selector": make_selector_fields(words.selector), "creator": actor}
    common |= {"reading": choice.reading, "note": choice.note, "created": format_now()}
    drafts = [EntryDraft(actor, "annotate", {**common, "id": id, "point": point}) for point, id in made.items()]
    difference = _describe_difference(suggestions[0], words)
    return drafts + [_answer_suggestion(each, actor, made, difference) for each in suggestions]


def _answer_suggestion(suggestion: Row, actor: str, made: Mapping[str, str], difference: str) -> EntryDraft:
    """Make the entry that accepts or rejects a suggestion, given the annotations made of its sentence, by point."""
    point, described = suggestion["point_id"], _describe_suggestion(suggestion)
    instead = next(iter(made))
    if point not in made:
        return EntryDraft(
            actor, "reject", {**described, "annotation": made[instead], "reason": f"Another point: {instead}"}
        )
    kind = "reject" if difference == OTHER_WORDS else "confirm"
    reason = {"reason": difference} if difference else {}
    return EntryDraft(actor, kind, {**described, "annotation": made[point], **reason})


def _describe_difference(suggestion: Row, words: CapturedWords) -> str:
    """Say how the chosen words differ from those suggested; "" where they do not."""
    start, end = words.selector.start or 0, words.selector.end or 0
    if words.target != suggestion["gid"] or start >= suggestion["end"] or end <= suggestion["start"]:
        return OTHER_WORDS
    return "" if (suggestion["start"], suggestion["end"]) == (start, end) else "Words adjusted"


def make_rejection(suggestions: Iterable[Row], actor: str, reason: str) -> list[EntryDraft]:
    """Make the entries that reject suggestions (rows of suggestions with their gid)."""
    return [EntryDraft(actor, "reject", {**_describe_suggestion(each), "reason": reason}) for each in suggestions]


def make_skips(suggestions: Iterable[Row], actor: str) -> list[EntryDraft]:
    """Make the entries that put suggestions (rows of suggestions with their gid) off for their actor."""
    return [EntryDraft(actor, "skip", _describe_suggestion(each)) for each in suggestions]


def make_undecided_check(keys: Collection[str]) -> Callable[[JournalView], None]:
    """Make a check that raises AlreadyDecidedError where somebody has decided one of the suggestions already.

    The check is called with the journal before the decision.
    """

    def check(view: JournalView) -> None:
        entries = view.read_entries(keys)
        undone, _ = find_undone_entries(entries)
        for entry in entries:
            decides = entry.kind in ("confirm", "reject") and entry.payload.get("suggestion") in keys
            if decides and entry.id not in undone:
                verdict = "accepted" if entry.kind == "confirm" else "rejected"
                raise AlreadyDecidedError(f"{entry.actor} {verdict} it on {format_date(entry.time)}; nothing was saved")

    return check


def make_unskipped_check(keys: Collection[str], actor: str) -> Callable[[JournalView], None]:
    """Make a check as make_undecided_check does, which also raises AlreadySkippedError where `actor` skipped them all.

    So a form that is sent twice puts them off once, and one undo takes that back.
    """
    check_undecided = make_undecided_check(keys)

    def check(view: JournalView) -> None:
        check_undecided(view)
        entries = view.read_entries(keys)
        undone, _ = find_undone_entries(entries)
        own = [each for each in entries if (each.kind, each.actor) == ("skip", actor) and each.id not in undone]
        last = {each.payload["suggestion"]: each for each in own if each.payload["suggestion"] in keys}
        if last.keys() >= set(keys):
            raise AlreadySkippedError(list(last.values()))

    return check


class AlreadySkippedError(JournalError):
    """Suggestions were skipped by the same person before, by these entries."""

    def __init__(self, entries: Sequence[JournalEntry]) -> None:
        """Keep the entries that skipped them."""
        super().__init__("you have skipped it already; nothing was saved")
        self.entries = entries


class AlreadyDecidedError(JournalError):
    """A suggestion was decided by somebody else in the meantime."""


def _describe_suggestion(row: Row) -> dict[str, Any]:
    """Return the fields that a decision records of a suggestion: key, point, words, suggester and version."""
    rule = {"rule": row["rule"]} if row["rule"] else {}
    source = {"suggester": row["suggester"], "version": row["version"], **rule, "score": row["score"]}
    return {"suggestion": row["key"], **source, "point": row["point_id"], "target": row["gid"], "exact": row["exact"]}
