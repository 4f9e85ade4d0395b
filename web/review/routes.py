"""The pages /review (decide suggestions one by one), /review/queues (open ones) and /review/done (decisions)."""

import asyncio
import sqlite3
from collections.abc import Mapping
from typing import Any, cast, get_args
from urllib.parse import urlencode

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.decisions import Acceptance, make_acceptance, make_rejection, make_undecided_check
from annotations.projection.capture import CapturedWords, capture_words, make_selector
from annotations.state.model import read_selector
from annotations.suggesters.judge import THRESHOLD
from annotations.suggesters.precision import count_decisions
from db.records.annotation import Selector
from db.records.guidance import Reading
from db.sqlite import Row
from db.statements.suggestions import read_decisions
from web.guidance import queries as guidance
from web.http.auth import CheckedRequest, accept_writes, answer_done, may_act
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import RequestRefused, parse_page_number, read_arguments, render_page
from web.http.reading import read_today
from web.review import queries
from web.review.filters import join_ends, make_parameters, read_filters, read_text, split_ends
from web.review.view import describe_last, describe_precision, prepare_suggestion
from web.urls import url_for


async def show_suggestion(datasette: Datasette, request: Request) -> Response:
    """Show one suggestion of the queue: the first undecided one, or the one that ?at= names."""
    if request.args.get("kind") == "changed":
        return Response.redirect(url_for("review_changed"))
    narrowed, actor = read_filters(request.args), (request.actor or {}).get("id", "")
    ends = split_ends(request.args.get("done"))
    moved = _read_offsets(request.args)
    at = (request.args.get("at") or "")[:64]
    context = await read_today(datasette, lambda conn: _read_context(conn, narrowed, at, actor, ends, moved))
    may = may_act(datasette, request.actor, "review")
    context["left_out"] = (
        parse_page_number(request.args.get("left"), queries.BATCH_SIZE) if request.args.get("left") else 0
    )
    context |= {"narrowed": narrowed, "may_decide": may, "readings": get_args(Reading), "kind": "suggestions"}
    return await render_page(datasette, request, "review/one.html", context)


def _read_offsets(fields: Any) -> tuple[int, int] | None:
    """Read a start and an end in code points; None unless both are whole numbers."""
    start, end = (fields.get(key) or "" for key in ("from", "to"))
    whole = all(text.isascii() and text.isdigit() and len(text) < 9 for text in (start, end))
    return (int(start), int(end)) if whole else None


def _read_context(
    conn: sqlite3.Connection,
    narrowed: dict[str, str],
    at: str,
    actor: str,
    ends: list[str],
    moved: tuple[int, int] | None,
) -> dict[str, object]:
    """Read the context of the page: the queue, the suggestion with its details, and what `actor` did last."""
    values = make_parameters(narrowed)
    one = queries.read_by_key(conn, at) if at else None
    standing = queries.read_queue(conn, values, one["row"] if one else 0, actor)
    if not at and standing.first:
        one, after = (
            queries.read_by_row(conn, standing.first),
            queries.find_next_undecided(conn, values, standing.first),
        )
        standing = standing._replace(next=after, previous=None, place=1)
    context: dict[str, object] = {"queue": standing, "one": None, "missing": at if at and not one else ""}
    context |= {"any": bool(conn.execute("SELECT 1 FROM suggestions LIMIT 1").fetchone()), "ends": ".".join(ends)}
    context |= {"choices": queries.list_filter_choices(conn), "points": list(guidance.read_points(conn).values())}
    context["less_likely"] = 0 if "score" in narrowed else queries.count_less_likely(conn, THRESHOLD)
    if ends and actor:
        did = queries.read_entries_between(conn, ends, actor)
        own = [each["id"] for each in did if not each["undone"]]
        context |= {"told": describe_last(did), "undo": " ".join(own) if len(own) == len(did) else ""}
        decided = [each["suggestion"] for each in did if each["suggestion"]]
        context["undone_at"] = decided[0] if len(set(decided)) == 1 else ""
    if not one:
        return context
    about = queries.read_details(conn, one)
    mine = about["decision"] and about["decision"]["actor"] == actor
    context |= {"taking_back": queries.list_own_entries(conn, about["decision"], actor) if mine else []}
    context |= {"following": queries.find_key(conn, standing.next or standing.first)}
    context |= {"before": queries.find_key(conn, standing.previous)}
    return {
        **context,
        **about,
        "one": prepare_suggestion(one, moved),
        "precision": describe_precision(one, about["so_far"]),
    }


@accept_writes("review")
async def decide_suggestion(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Accept or reject one suggestion, and go on to the next."""
    fields, actor = posted.fields, posted.actor["id"]
    verdict, key = fields.get("verdict"), str(fields.get("key", ""))[:64]
    narrowed = read_filters(fields)
    if verdict not in ("accept", "reject"):
        raise RequestRefused(400, "Say whether to accept or to reject it.")
    one = await read_today(datasette, lambda conn: queries.read_by_key(conn, key))
    if not one:
        raise RequestRefused(404, "This suggestion is no longer made. Continue with the next one.")
    if verdict == "reject":
        drafts, keys = make_rejection(one, actor, read_text(fields, "reason")), {one["key"]}
    else:
        drafts, keys = await read_today(datasette, lambda conn: _make_acceptance(conn, one, fields, actor))
    places = find_archive_paths(datasette)
    entered = await asyncio.to_thread(writer.enter_drafts, places, drafts, make_undecided_check(keys))
    made = next((each.payload["id"] for each in entered.entries if each.kind == "annotate"), None)
    result = {"entries": [each.id for each in entered.entries], "annotation": made, "shown": entered.shown}
    values = make_parameters(narrowed)
    standing = await read_today(datasette, lambda conn: queries.read_queue(conn, values, one["row"], ""))
    at = await read_today(datasette, lambda conn: queries.find_key(conn, standing.next))
    query = urlencode({**narrowed, "at": at, "done": join_ends(entered.entries)})
    return await answer_done(request, result, f"{url_for('review')}?{query}")


def _make_acceptance(
    conn: sqlite3.Connection, one: Row, fields: Mapping[str, object], actor: str
) -> tuple[list[Any], set[str]]:
    """Make the entries that accept a suggestion, and the set of keys they decide.

    Raises RequestRefused and JournalError.
    """
    wish, point = (
        fields.get("reading", "said"),
        read_text(fields, "other") or read_text(fields, "choice") or one["point_id"],
    )
    if wish not in get_args(Reading):
        raise RequestRefused(400, "A reading is said, implied or contradicts.")
    if point not in guidance.read_points(conn):
        raise RequestRefused(400, f"There is no point {point[:100]}.")
    words = _capture_words(conn, one, fields)
    also = queries.read_same_words(conn, one, point) if point != one["point_id"] else []
    drafts = make_acceptance(one, words, actor, Acceptance(cast(Reading, wish), read_text(fields, "note"), point), also)
    return drafts, {one["key"], *(each["key"] for each in also)}


def _capture_words(conn: sqlite3.Connection, one: Row, fields: Mapping[str, object]) -> CapturedWords:
    """Capture the words that the visitor accepts: those proposed, those from a start to an end, or others.

    Raises JournalError if they are not in the speech.
    """
    exact, at = read_text(fields, "exact"), _read_offsets(fields)
    if at and at[0] < at[1] <= len(one["text"]):
        there = make_selector(one["text"], *at)
        if not exact or exact.split() == there.exact.split():
            return capture_words(conn, one["gid"], there)
    if not exact or exact.split() == one["exact"].split():
        return capture_words(conn, one["gid"], read_selector(one))
    return capture_words(conn, one["gid"], Selector(exact=exact))


async def show_queues(datasette: Datasette, request: Request) -> Response:
    """Show counts of undecided suggestions by suggester, version, rule and point, with the precision so far."""

    def read(conn: sqlite3.Connection) -> list[Any]:
        open_ = [made for made, count in queries.count_undecided(conn) for _ in range(count)]
        return sorted(count_decisions(read_decisions(conn), open_), key=lambda line: (-line.undecided, line))

    context = {"lines": await read_today(datasette, read)}
    return await render_page(datasette, request, "review/queues.html", context)


async def show_done(datasette: Datasette, request: Request) -> Response:
    """Show the decisions of review, newest first, and counts by person."""
    person, suggester = read_arguments(request, ("person", "suggester"), 200).values()
    at = parse_page_number(request.args.get("page"), 10_000)
    skip = (at - 1) * queries.PAGE_SIZE

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        found = {"people": queries.count_by_person(conn), "suggesters": queries.list_suggesters(conn)}
        return {**found, "last": queries.read_last_decisions(conn, person, suggester, skip)}

    context = {**await read_today(datasette, read), "asked": {"person": person, "suggester": suggester}, "page": at}
    context |= {"more": len(context["last"]) > queries.PAGE_SIZE, "last": context["last"][: queries.PAGE_SIZE]}
    return await render_page(datasette, request, "review/done.html", context)
