"""The repair list: annotations whose wording changed or is lost, with the difference and what a person may do."""

from collections.abc import Iterable, Iterator

from annotations.projection.capture import UNREAD
from annotations.text.edition_diff import compare_editions
from db.records.annotation import OTHER_SPEAKER_EVIDENCE, Annotation
from db.statements.annotations import RepairItem, ResolvedAnnotation

WITHDRAWN = "the speech was withdrawn"  # how the evidence begins where upstream dropped the speech


def list_repairs(placed: Iterable[ResolvedAnnotation]) -> Iterator[RepairItem]:
    """List each annotation that is changed or lost and not withdrawn, with advice on what to do."""
    for each in placed:
        state, evidence = each.anchor.state, each.anchor.evidence
        if each.annotation.status == "active" and state in ("changed", "lost"):
            old = each.annotation.selector.exact or each.quote
            new = each.exact if state == "changed" else None
            changes = compare_wordings(old, new) if new is not None else ()
            yield RepairItem(
                annotation_id=each.annotation.id,
                anchor=state,
                old=old,
                new=new,
                difference=changes,
                evidence=evidence,
                advice=advise_repair(each),
            )


def advise_repair(placed: ResolvedAnnotation) -> str:
    """Advise a person what to do about an annotation that is changed or lost."""
    id = placed.annotation.id
    if placed.anchor.evidence.startswith(WITHDRAWN):
        return (
            "The record no longer has that speech; its last words are kept at its old address. Move it to other words"
            f"{_name_verbs(placed.annotation)}."
        )
    if placed.anchor.evidence.startswith(UNREAD):
        return (
            "Leave it as it is: the speech is in archive.db, and the table quarantine says why it could not be read."
            " It will be found again once the program can read it, or its source corrects it."
        )
    if placed.anchor.evidence.endswith(OTHER_SPEAKER_EVIDENCE) and placed.anchor.score == 1:
        return (
            "The words are the same. Is the reading still right, now that another speaker is named? dispatch-box notes"
            f" confirm {id}. If not, withdraw it (withdraw {id})."
        )
    if not placed.speech_id:
        return f"Fetch and load that day (dispatch-box scrape), or correct the target{_name_verbs(placed.annotation)}."
    if placed.anchor.state == "changed":
        return (
            f"Read both. Are the new words the speaker's, and is the reading still right? dispatch-box notes confirm"
            f" {id}. If not, move it to other words (repair {id}), or withdraw it (withdraw {id})."
        )
    if "places" in placed.anchor.evidence:
        return f"Give prefix or suffix, the words before or after it{_name_verbs(placed.annotation)}."
    return f"Correct the quote{_name_verbs(placed.annotation)}: dispatch-box show {placed.speech_id} prints the words."


def compare_wordings(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Compare two wordings word by word: pairs of a kind (same, gone, new) and the words with their white space."""
    named = {"same": "same", "removed": "gone", "added": "new"}
    return tuple((named[run.kind], run.text) for run in compare_editions(old, new))


def _name_verbs(annotation: Annotation) -> str:
    """Name the verbs that repair an annotation of the journal; "" for one of a file, which is edited there."""
    if annotation.origin == "journal":
        return f" (dispatch-box notes repair {annotation.id}), or withdraw it (withdraw {annotation.id})"
    return ""
