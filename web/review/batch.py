"""The page /review/batch: decide several suggestions of one suggester, rule or point at once."""

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any, get_args
from urllib.parse import urlencode

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.decisions import (
    Acceptance,
    AlreadyDecidedError,
    make_acceptance,
    make_rejection,
    make_undecided_check,
)
from annotations.projection.capture import capture_words
from annotations.state.model import read_selector
from db.journal.entries import EntryDraft, JournalError
from db.records.guidance import Reading
from db.sqlite import Row
from web.http.auth import CheckedRequest, accept_writes, answer_done, may_act
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import RequestRefused, parse_page_number, read_arguments, render_page
from web.http.reading import read_today
from web.review import queries
from web.review.filters import describe_filters, join_ends, read_filters, read_text
from web.review.queue import FILTERS, make_parameters, read_queue
from web.urls import url_for

NEEDED_FILTERS = ("suggester", "rule", "point", "document", "debate")  # filters of which a batch needs one
MAX_TRIES = 5  # attempts while others decide the same suggestions


async def show_batch(datasette: Datasette, request: Request) -> Response:
    """Show the list to choose from, or the chosen suggestions to confirm; decide them if the form is posted."""
    if request.method == "POST":
        return await decide_batch(datasette, request)
    narrowed = read_filters(read_arguments(request, FILTERS, 300))
    named = any(narrowed.get(key) for key in NEEDED_FILTERS)
    at, chosen = parse_page_number(request.args.get("page"), 10_000), request.args.getlist("key")[: queries.BATCH_SIZE]
    verdict, reading = _read_verdict(request.args.get("verdict")), _read_reading(request.args.get("reading"))
    unread, actor = verdict == "accept" and not reading, (request.actor or {}).get("id", "")
    verdict = "" if unread else verdict

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        choices = queries.list_filter_choices(conn)
        only = describe_filters(narrowed, choices)
        found: dict[str, Any] = {"choices": choices, "only": only, "list": []}
        if not named:
            return found
        values = make_parameters(conn, narrowed, actor)
        found["queue"] = read_queue(conn, values)
        if verdict:
            return found | {"list": queries.read_chosen(conn, values, chosen) if chosen else []}
        most, skip = queries.BATCH_SIZE + 1, (at - 1) * queries.BATCH_SIZE
        states = ("skipped",) if narrowed.get("skipped") else ("open",)
        return found | {"list": queries.read_pairs(conn, values, states, most, skip)}

    context = await read_today(datasette, read)
    more, context["list"] = len(context["list"]) > queries.BATCH_SIZE, context["list"][: queries.BATCH_SIZE]
    context |= {"narrowed": narrowed, "named": named, "may_decide": may_act(datasette, request.actor, "review")}
    context |= {"page": at, "more": more, "verdict": verdict, "reading": reading}
    context |= {"readings": get_args(Reading), "chosen": chosen, "unread": unread}
    context["all"] = bool(request.args.get("all"))
    return await render_page(datasette, request, "review/batch.html", context)


def _read_verdict(text: object) -> str:
    """Read a verdict, accept or reject; "" for anything else."""
    return text if isinstance(text, str) and text in ("accept", "reject") else ""


def _read_reading(text: object) -> Reading | None:
    """Read a reading; None for anything else."""
    return next((each for each in get_args(Reading) if each == text), None)


@accept_writes("review")
async def decide_batch(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Decide the named suggestions in one transaction; count those that others decided meanwhile as left out."""
    narrowed, verdict = read_filters(posted.fields), _read_verdict(posted.fields.get("verdict"))
    keys = list(dict.fromkeys(str(posted.fields.get("keys") or "").split()))
    if not any(narrowed.get(key) for key in NEEDED_FILTERS):
        raise RequestRefused(
            400, "Choose a suggester, rule, point, document or debate first: nothing is decided over all suggestions."
        )
    if not verdict or not keys or len(keys) > queries.BATCH_SIZE:
        raise RequestRefused(
            400, f"Say whether to accept or to reject, and which: 1 to {queries.BATCH_SIZE} suggestions."
        )
    if verdict == "accept" and not _read_reading(posted.fields.get("reading")):
        raise RequestRefused(400, "Choose a reading to accept them: said, implied or contradicts.")
    places = find_archive_paths(datasette)
    for _ in range(MAX_TRIES):
        found, drafts = await read_today(datasette, lambda conn: _make_drafts(conn, narrowed, keys, verdict, posted))
        if not found:
            raise RequestRefused(409, "All of these have been decided meanwhile, or are not suggested any more.")
        try:
            check = make_undecided_check({one["key"] for one in found})
            entered = await asyncio.to_thread(writer.enter_drafts, places, drafts, check)
            break
        except AlreadyDecidedError as error:  # the next try reads statements.db without it
            refused: JournalError = error
            await asyncio.sleep(0.05)
    else:
        raise refused
    left = len(keys) - len(found)
    result = {"entries": [each.id for each in entered.entries], "left_out": left, "shown": entered.shown}
    onward = {**narrowed, "done": join_ends(entered.entries), **({"left": left} if left else {})}
    return await answer_done(request, result, f"{url_for('review')}?{urlencode(onward)}")


def _make_drafts(
    conn: sqlite3.Connection, narrowed: dict[str, str], keys: Sequence[str], verdict: str, posted: CheckedRequest
) -> tuple[list[Row], list[EntryDraft]]:
    """Read the suggestions that are still undecided, and make the entries that decide them."""
    actor, reading = posted.actor["id"], _read_reading(posted.fields.get("reading"))
    found = queries.read_chosen(conn, make_parameters(conn, narrowed, actor), keys)
    if verdict == "reject" or not reading:
        return found, make_rejection(found, actor, read_text(posted.fields, "reason"))
    drafts: list[EntryDraft] = []
    for one in found:
        words = capture_words(conn, one["gid"], read_selector(one))
        drafts += make_acceptance([one], words, actor, Acceptance(reading, read_text(posted.fields, "note")))
    return found, drafts
