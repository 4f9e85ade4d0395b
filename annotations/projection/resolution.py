"""The place of every annotation in today's record: from the state of the journal to the rows of statements.db."""

import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

from annotations.anchoring.anchor_state import mark_other_speaker
from annotations.anchoring.locate import cut_context, locate_quote
from annotations.projection.capture import find_speech_id
from annotations.projection.repair_list import list_repairs
from annotations.state.model import State, find_quote
from annotations.state.reducer import reduce_entries
from db.journal.entries import JournalEntry
from db.records.annotation import Anchor, Annotation, Moment, Selector
from db.references import find_references
from db.sqlite import Row
from db.statements.annotations import AnnotationRows, PassRow, ResolvedAnnotation
from db.statements.withdrawn_speeches import find_withdrawn_speech, has_withdrawn_speeches

HAS_EDITIONS_QUERY = "SELECT 1 FROM sqlite_schema WHERE name = 'editions'"
EDITIONS_QUERY = "SELECT text FROM editions WHERE speech_id = ? AND text <> ? ORDER BY received DESC"
OTHER_SPEAKER_QUERY = """
SELECT w.speaker, s.speaker, s.gid, s.received FROM wordings w JOIN speeches s ON s.id = w.speech_id
 WHERE w.speech_id = ? AND w.source_gid = ? AND w.other_speaker ORDER BY w.received DESC, w.id DESC LIMIT 1
"""


class ResolvedState(NamedTuple):
    """A state with its annotations in place, ready to be saved; `without_point` are annotations on unknown points."""

    state: State
    rows: AnnotationRows
    without_point: list[Annotation]


def resolve_entries(
    conn: sqlite3.Connection, curated: Iterable[Annotation], entries: Iterable[JournalEntry]
) -> ResolvedState:
    """Work out the state after files and journal, with the place of each annotation in statements.db."""
    return resolve_state(conn, reduce_entries(entries, curated))


def resolve_state(conn: sqlite3.Connection, state: State, only: Collection[str] | None = None) -> ResolvedState:
    """Place the annotations of a state, all or those with the ids `only`, and make the rows of the whole state."""
    points = {id for (id,) in conn.execute("SELECT id FROM guidance_points")}
    annotations = sorted(state.annotations.values(), key=lambda each: (each.origin == "journal", each.created, each.id))
    chosen = [each for each in annotations if only is None or each.id in only]
    placed = [place_annotation(conn, annotation) for annotation in chosen if annotation.point_id in points]
    without_point = [annotation for annotation in annotations if annotation.point_id not in points]
    rows = AnnotationRows(
        placed=placed,
        repairs=list(list_repairs(placed)),
        moments=_resolve_moments(conn, state, {annotation.id for annotation in without_point}),
        decisions=[decision for _, decision in sorted(state.decisions.items())],
        skips=[skip for _, skip in sorted(state.skips.items())],
        passes=resolve_passes(conn, state),
        history=state.history,
    )
    return ResolvedState(state, rows, without_point)


def place_annotation(conn: sqlite3.Connection, annotation: Annotation) -> ResolvedAnnotation:
    """Find the speech of an annotation, by any gid that the speech ever had, and the place of its words in it."""
    selector, quote = annotation.selector, find_quote(annotation)
    placed = ResolvedAnnotation(
        annotation=annotation,
        speech_id=None,
        anchor=Anchor(state="lost", start=None, end=None, score=0.0, evidence=""),
        exact=selector.exact or quote,
        prefix=selector.prefix,
        suffix=selector.suffix,
        quote=quote,
    )
    speech_id, problem = find_speech_id(conn, annotation.target)
    if not speech_id:
        return placed._replace(anchor=placed.anchor._replace(evidence=f"{problem}: {annotation.target}"))
    text = conn.execute("SELECT text FROM speeches WHERE id = ?", (speech_id,)).fetchone()[0]
    anchor = _locate_quote(conn, speech_id, text, selector)
    if anchor.state in ("changed", "lost") and (gone := _find_withdrawn_words(conn, annotation)):
        evidence = f"the speech was {gone['withdrawal']}, and its address is another’s now: {annotation.target}"
        return placed._replace(anchor=placed.anchor._replace(evidence=evidence))
    if anchor.state != "lost" and (names := find_corrected_speaker(conn, speech_id, annotation)):
        anchor = mark_other_speaker(anchor, *names)
    placed = placed._replace(speech_id=speech_id, anchor=anchor)
    if anchor.start is None or anchor.end is None:
        return placed
    prefix, suffix = cut_context(text, anchor.start, anchor.end)
    return placed._replace(exact=text[anchor.start : anchor.end], prefix=prefix, suffix=suffix)


def _find_withdrawn_words(conn: sqlite3.Connection, annotation: Annotation) -> Row | None:
    """Find the withdrawn speech that had the address of an annotation, and its very words; None if there is none."""
    if not has_withdrawn_speeches(conn):
        return None
    withdrawn = find_withdrawn_speech(conn, annotation.target)
    return withdrawn if withdrawn and locate_quote(withdrawn["text"], annotation.selector).state == "exact" else None


def _locate_quote(conn: sqlite3.Connection, speech_id: str, text: str, selector: Selector) -> Anchor:
    """Locate a quote in a speech; where it is not at its stored place, with the help of the edition it was made in."""
    anchor = locate_quote(text, selector)
    if anchor.state == "exact" and selector.start is not None:
        return anchor
    old = find_old_text(conn, speech_id, text, selector)
    return anchor if old is None else locate_quote(text, selector, old)


def find_old_text(conn: sqlite3.Connection, speech_id: str, text: str, selector: Selector) -> str | None:
    """Find the newest other edition of a speech that has a selector's exact words; None where the archive has none."""
    if not conn.execute(HAS_EDITIONS_QUERY).fetchone():
        return None
    older = (old for (old,) in conn.execute(EDITIONS_QUERY, (speech_id, text)))
    return next((old for old in older if locate_quote(old, selector).state == "exact"), None)


def find_corrected_speaker(
    conn: sqlite3.Connection, speech_id: str, annotation: Annotation
) -> tuple[str | None, str | None] | None:
    """Return the speaker named at the address that was annotated, and today's, where they surely differ; else None.

    Where the address is today's, and so the file was corrected in place, an annotation that was made, changed or
    confirmed since today's file came is of today's speaker.
    """
    if not conn.execute(HAS_EDITIONS_QUERY).fetchone():
        return None
    row = conn.execute(OTHER_SPEAKER_QUERY, (speech_id, annotation.target)).fetchone()
    if not row:
        return None
    before, now, gid, received = row
    touched = max(annotation.created, annotation.modified or "", annotation.confirmed or "")
    return None if gid == annotation.target and touched >= received else (before, now)


def _resolve_moments(
    conn: sqlite3.Connection, state: State, without_point: Collection[str]
) -> list[tuple[Moment, str | None]]:
    """Pair each moment with the id of its speech; annotations on unknown points are unlinked."""
    moments = [moment for _, moment in sorted(state.moments.items())]
    linked = [each._replace(annotation_id=None) if each.annotation_id in without_point else each for each in moments]
    return [(moment, find_speech_id(conn, moment.target)[0]) for moment in linked]


def find_debate_id(conn: sqlite3.Connection, debate: str) -> str:
    """Find today's id of a debate, or return the one given where the archive has no such debate."""
    return next((at.debate_id for at in find_references(conn, debate)), debate)


def resolve_passes(conn: sqlite3.Connection, state: State) -> list[PassRow]:
    """List every pass, with today's id of the debate, or the id as entered where the archive has no such debate."""
    rows: dict[tuple[str, str], PassRow] = {}
    for person, debate in sorted({*state.begun, *state.passes}):
        debate_id = find_debate_id(conn, debate)
        rows[person, debate_id] = PassRow(
            person=person,
            debate_id=debate_id,
            begun=state.begun.get((person, debate)),
            done=state.passes.get((person, debate)),
            reopened=int((person, debate) in state.reopened),
        )
    return list(rows.values())
