"""The pages /review, to decide suggestions one by one, /review/queues and /review/done, who decided what."""

import asyncio
import sqlite3
from collections.abc import Mapping
from typing import Any, cast, get_args
from urllib.parse import urlencode

from datasette import Response

from annotations.commands import writer
from annotations.commands.decide import Acceptance, accepted, rejected, undecided
from annotations.commands.places import find_places
from annotations.projection.capture import Captured, capture, selected
from annotations.state.model import selector_of
from annotations.suggesters.precision import lines_of
from db.records.annotation import Selector
from db.records.guidance import Reading
from db.sqlite import Row
from db.statements.suggestions import decisions
from web.guidance import queries as guidance
from web.http import auth
from web.http.auth import Posted
from web.http.pages import Refused, number, page
from web.http.reading import reading
from web.review import decision_queries, queries
from web.review.filters import ends_of, narrowed_by, text_of, values_of
from web.review.view import precision, shown, told


async def show_suggestion(datasette: Any, request: Any) -> Any:
    """Show one suggestion of the queue: the first undecided one, or the one that ?at= names."""
    if request.args.get("kind") == "changed":
        return Response.redirect("/review/changed")
    narrowed, actor = narrowed_by(request.args), (request.actor or {}).get("id", "")
    ends = [part for part in (request.args.get("done") or "")[:60].split(".") if part]
    moved = _read_offsets(request.args)
    at = (request.args.get("at") or "")[:64]
    context = await reading(datasette, lambda conn: _read_context(conn, narrowed, at, actor, ends, moved))
    may = auth.may(datasette, request.actor, "review")
    context["left_out"] = number(request.args.get("left"), queries.MOST) if request.args.get("left") else 0
    context |= {"narrowed": narrowed, "may_decide": may, "readings": get_args(Reading), "kind": "suggestions"}
    return await page(datasette, request, "review/one.html", context)


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
) -> dict[str, Any]:
    """Read the context of the page: the queue, the suggestion with its details, and what `actor` did last."""
    values = values_of(narrowed)
    one = queries.at_key(conn, at) if at else None
    standing = queries.queue(conn, values, one["row"] if one else 0, actor)
    if not at and standing.first:
        one, after = queries.at_row(conn, standing.first), queries.next_open(conn, values, standing.first)
        standing = standing._replace(next=after, previous=None, place=1)
    context: dict[str, Any] = {"queue": standing, "one": None, "missing": at if at and not one else ""}
    context |= {"any": bool(conn.execute("SELECT 1 FROM suggestions LIMIT 1").fetchone()), "ends": ".".join(ends)}
    context |= {"suggesters": decision_queries.suggesters(conn), "points": list(guidance.points(conn).values())}
    if ends and actor:
        did = decision_queries.between(conn, ends, actor)
        own = [each["id"] for each in did if not each["undone"]]
        context |= {"told": told(did), "undo": " ".join(own) if len(own) == len(did) else ""}
    if not one:
        return context
    about = queries.about(conn, one)
    mine = about["decision"] and about["decision"]["actor"] == actor
    context |= {"taking_back": decision_queries.together(conn, about["decision"], actor) if mine else []}
    context |= {"following": queries.key_of(conn, standing.next or standing.first)}
    context |= {"before": queries.key_of(conn, standing.previous)}
    return {**context, **about, "one": shown(one, moved), "precision": precision(one, about["so_far"])}


@auth.writes("review")
async def decide(datasette: Any, request: Any, posted: Posted) -> Any:
    """Accept or reject one suggestion, and go on to the next."""
    fields, actor = posted.fields, posted.actor["id"]
    verdict, key = fields.get("verdict"), str(fields.get("key", ""))[:64]
    narrowed = narrowed_by(fields)
    if verdict not in ("accept", "reject"):
        raise Refused(400, "Say whether to accept or to reject it.")
    one = await reading(datasette, lambda conn: queries.at_key(conn, key))
    if not one:
        raise Refused(404, "There is no such suggestion any more: machines were asked anew. Go on with the next one.")
    if verdict == "reject":
        drafts, keys = rejected(one, actor, text_of(fields, "reason")), {one["key"]}
    else:
        drafts, keys = await reading(datasette, lambda conn: _make_acceptance(conn, one, fields, actor))
    places = find_places(datasette)
    entered = await asyncio.to_thread(writer.enter, places, drafts, undecided(keys))
    made = next((each.payload["id"] for each in entered.entries if each.kind == "annotate"), None)
    result = {"entries": [each.id for each in entered.entries], "annotation": made, "shown": entered.shown}
    values = values_of(narrowed)
    standing = await reading(datasette, lambda conn: queries.queue(conn, values, one["row"], ""))
    at = await reading(datasette, lambda conn: queries.key_of(conn, standing.next))
    return await auth.done(
        request, result, f"/review?{urlencode({**narrowed, 'at': at, 'done': ends_of(entered.entries)})}"
    )


def _make_acceptance(
    conn: sqlite3.Connection, one: Row, fields: Mapping[str, Any], actor: str
) -> tuple[list[Any], set[str]]:
    """Make the entries that accept a suggestion, and the set of keys they decide. Raises Refused and JournalError."""
    wish, point = (
        fields.get("reading", "said"),
        text_of(fields, "other") or text_of(fields, "choice") or one["point_id"],
    )
    if wish not in get_args(Reading):
        raise Refused(400, "A reading is said, implied or contradicts.")
    if point not in guidance.points(conn):
        raise Refused(400, f"There is no point {point[:100]}.")
    words = _capture_words(conn, one, fields)
    also = queries.also(conn, one, point) if point != one["point_id"] else []
    drafts = accepted(one, words, actor, Acceptance(cast(Reading, wish), text_of(fields, "note"), point), also)
    return drafts, {one["key"], *(each["key"] for each in also)}


def _capture_words(conn: sqlite3.Connection, one: Row, fields: Mapping[str, Any]) -> Captured:
    """Capture the words that the visitor accepts: those proposed, those from a start to an end, or others.

    Raises JournalError where they do not stand there.
    """
    exact, at = text_of(fields, "exact"), _read_offsets(fields)
    if at and at[0] < at[1] <= len(one["text"]):
        there = selected(one["text"], *at)
        if not exact or exact.split() == there.exact.split():
            return capture(conn, one["gid"], there)
    if not exact or exact.split() == one["exact"].split():
        return capture(conn, one["gid"], selector_of(one))
    return capture(conn, one["gid"], Selector(exact=exact))


async def show_queues(datasette: Any, request: Any) -> Any:
    """Show what there is to review by suggester, version, rule and point, with the precision so far."""

    def read(conn: sqlite3.Connection) -> list[Any]:
        open_ = [made for made, count in queries.undecided(conn) for _ in range(count)]
        return sorted(lines_of(decisions(conn), open_), key=lambda line: (-line.undecided, line))

    context = {"lines": await reading(datasette, read)}
    return await page(datasette, request, "review/queues.html", context)


async def show_done(datasette: Any, request: Any) -> Any:
    """Show who did what in review, newest first."""
    person, suggester = ((request.args.get(key) or "").replace("\0", "")[:200] for key in ("person", "suggester"))
    at = number(request.args.get("page"), 10_000)
    skip = (at - 1) * decision_queries.SHOWN

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        found = {"people": decision_queries.people(conn), "suggesters": decision_queries.suggesters(conn)}
        return {**found, "last": decision_queries.last(conn, person, suggester, skip)}

    context = {**await reading(datasette, read), "asked": {"person": person, "suggester": suggester}, "page": at}
    context |= {
        "more": len(context["last"]) > decision_queries.SHOWN,
        "last": context["last"][: decision_queries.SHOWN],
    }
    return await page(datasette, request, "review/done.html", context)
