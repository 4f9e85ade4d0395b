"""The address /review/decide: accept, reject or skip a sentence, that is all its suggestions, in one transaction."""

import asyncio
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import cast, get_args
from urllib.parse import urlencode

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.decisions import (
    Acceptance,
    AlreadySkippedError,
    make_acceptance,
    make_rejection,
    make_skips,
    make_undecided_check,
    make_unskipped_check,
)
from annotations.curated.toml_files import CuratedError
from annotations.projection.capture import CapturedWords, capture_words, make_selector
from annotations.state.model import read_selector
from db.journal.entries import EntryDraft, JournalError
from db.records.annotation import Selector
from db.records.guidance import Reading
from db.sqlite import Row
from web.guidance import queries as guidance
from web.http.auth import CheckedRequest, accept_writes, answer_done, write_sentence
from web.http.datasette_types import Datasette, Request, Response
from web.http.error_forms import wants_json
from web.http.pages import RequestRefused
from web.http.reading import read_today
from web.review import queries
from web.review.filters import join_ends, read_filters, read_text
from web.review.queue import make_parameters, read_queue
from web.review.sentence import read_offsets, read_request, render_sentence
from web.urls import url_for

MAX_KEYS = 30  # suggestions of one sentence
KEPT_TEXTS = ("note", "reason", "exact", "other")  # fields that a refused form shows again as they were typed


@accept_writes("review")
async def decide_sentence(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Decide a sentence, and go on to the next; show a refused form again, with what was typed and ticked."""
    try:
        return await _decide(datasette, request, posted)
    except (RequestRefused, JournalError, CuratedError) as error:
        status = error.status if isinstance(error, RequestRefused) else 409
        key = str(posted.fields.get("key", ""))[:64]
        if wants_json(request) or not key:
            raise
        typed = {name: str(posted.fields.get(name) or "")[:100_000] for name in KEPT_TEXTS}
        typed |= {"choice": " ".join(_read_choice(posted.fields))}
        asked = read_request(request, {**posted.fields, "at": key})
        return await render_sentence(datasette, request, asked, typed, write_sentence(error), status)


async def _decide(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Enter a decision. Raises RequestRefused and JournalError, and then nothing was saved."""
    fields, actor = posted.fields, posted.actor["id"]
    one, drafts, keys = await read_today(datasette, lambda conn: _make_drafts(conn, fields, actor))
    is_skip = drafts[0].kind == "skip"
    check = make_unskipped_check(keys, actor) if is_skip else make_undecided_check(keys)
    try:
        entered = await asyncio.to_thread(writer.enter_drafts, find_archive_paths(datasette), drafts, check)
    except AlreadySkippedError as error:
        entered = writer.EntryResult([*error.entries], True)
    made = [each.payload["id"] for each in entered.entries if each.kind == "annotate"]
    result = {"entries": [each.id for each in entered.entries], "annotation": next(iter(made), None)}
    result |= {"annotations": made, "shown": entered.shown}
    narrowed = read_filters(fields)

    def find_next(conn: sqlite3.Connection) -> str:
        queue = read_queue(conn, make_parameters(conn, narrowed, actor), one["exact"])
        return queries.find_key(conn, queue.next)

    onward = {**narrowed, "at": await read_today(datasette, find_next), "done": join_ends(entered.entries)}
    return await answer_done(request, result, f"{url_for('review')}?{urlencode(onward)}")


def _make_drafts(
    conn: sqlite3.Connection, fields: Mapping[str, object], actor: str
) -> tuple[Row, list[EntryDraft], set[str]]:
    """Make the entries of a decision; return the suggestion that it is named by, the entries, and the keys decided.

    A form names the keys of all suggestions that it shows; only these are decided. Raises RequestRefused.
    """
    reading, verdict = fields.get("reading"), fields.get("verdict")
    if (verdict or ("accept" if reading else "")) not in ("accept", "reject", "skip"):
        raise RequestRefused(400, "Say whether to accept, to reject or to skip it.")
    one = queries.read_by_key(conn, str(fields.get("key", ""))[:64])
    if not one:
        raise RequestRefused(404, "This suggestion is no longer made. Continue with the next one.")
    keys = {one["key"], *str(fields.get("keys") or "").split()[:MAX_KEYS]}
    suggestions = queries.read_sentence(conn, one, keys)
    if verdict == "reject":
        drafts = make_rejection(suggestions, actor, read_text(fields, "reason"))
    elif verdict == "skip":
        drafts = make_skips(suggestions, actor)
    else:
        drafts = _make_acceptance(conn, suggestions, fields, actor)
    return one, drafts, {each["key"] for each in suggestions}


def _make_acceptance(
    conn: sqlite3.Connection, suggestions: Sequence[Row], fields: Mapping[str, object], actor: str
) -> list[EntryDraft]:
    """Make the entries that accept a sentence. Raises RequestRefused and JournalError."""
    reading, points = fields.get("reading"), _read_choice(fields)
    if reading not in get_args(Reading):
        raise RequestRefused(400, "Choose a reading to accept it: said, implied or contradicts. Nothing was saved.")
    if fields.get("keys") and not points:
        raise RequestRefused(400, "Tick a point that the words are about, or reject or skip them. Nothing was saved.")
    known = guidance.read_points(conn)
    if unknown := [point for point in points if point not in known]:
        raise RequestRefused(400, f"There is no point {unknown[0][:100]}.")
    words = _capture_words(conn, suggestions[0], fields)
    _check_unnoted(conn, suggestions[0], words, points or [each["point_id"] for each in suggestions])
    choice = Acceptance(cast(Reading, reading), read_text(fields, "note"), points)
    return make_acceptance(suggestions, words, actor, choice)


def _check_unnoted(conn: sqlite3.Connection, one: Row, words: CapturedWords, points: Collection[str]) -> None:
    """Raise JournalError where a person has noted these words on one of the points already."""
    place = {"speech_id": one["speech_id"], "start": words.selector.start, "end": words.selector.end}
    for note in queries.read_notes_on_words(conn, place):
        if note["point_id"] in points:
            raise JournalError(
                f"{note['creator']} has already noted these words on “{note['point_title']}”; nothing was saved:"
                " choose other points, or reject or skip them"
            )


def _read_choice(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Read the chosen points: another point instead, or those ticked; none where a program names none."""
    ticked = (
        str(value) for name, value in fields.items() if value and (name == "choice" or name.startswith("choice-"))
    )
    return tuple(dict.fromkeys((str(fields.get("other") or "") or " ".join(ticked)).split()))


def _capture_words(conn: sqlite3.Connection, one: Row, fields: Mapping[str, object]) -> CapturedWords:
    """Capture the words that the visitor accepts: those suggested, those from a start to an end, or others.

    Raises JournalError if they are not in the speech.
    """
    exact, at = read_text(fields, "exact"), read_offsets(fields)
    if at and at[0] < at[1] <= len(one["text"]):
        there = make_selector(one["text"], *at)
        if not exact or exact.split() == there.exact.split():
            return capture_words(conn, one["gid"], there)
    if not exact or exact.split() == one["exact"].split():
        return capture_words(conn, one["gid"], read_selector(one))
    return capture_words(conn, one["gid"], Selector(exact=exact))
