"""/review: one suggestion of a machine after another, for a person to decide; /review/done: who decided what."""

import asyncio
import sqlite3
from collections.abc import Mapping
from typing import Any, cast, get_args
from urllib.parse import urlencode

from datasette import Response, hookimpl

from annotations.commands import writer as desk
from annotations.commands.decide import Acceptance, accepted, rejected, undecided
from annotations.commands.places import find_places
from annotations.projection.capture import Captured, capture, selected
from annotations.state.model import selector_of
from annotations.suggesters.precision import lines_of
from db.records.annotation import Selector
from db.records.guidance import Reading
from db.rows import Row
from db.statements.suggestions import decisions
from web.guidance import queries as guidance
from web.http import auth as guard
from web.http.auth import Posted
from web.http.pages import Refused, number, page
from web.http.reading import reading
from web.review import decision_queries as reviewed
from web.review import queries as review
from web.review.filters import ends_of, narrowed_by, text_of, values_of
from web.review.view import precision, shown, told


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /review and beneath."""
    return [
        (r"^/review$", one_by_one),
        (r"^/review/queues$", queues),
        (r"^/review/done$", done),
        (r"^/review/decide$", decide),
    ]


async def one_by_one(datasette: Any, request: Any) -> Any:
    """The queue at one suggestion: the first that nobody has decided, or that which `at` names."""
    if request.args.get("kind") == "changed":
        return Response.redirect("/review/changed")
    narrowed, actor = narrowed_by(request.args), (request.actor or {}).get("id", "")
    ends = [part for part in (request.args.get("done") or "")[:60].split(".") if part]
    moved = _offsets(request.args)
    at = (request.args.get("at") or "")[:64]
    context = await reading(datasette, lambda conn: _read(conn, narrowed, at, actor, ends, moved))
    may = guard.may(datasette, request.actor, "review")
    context["left_out"] = number(request.args.get("left"), review.MOST) if request.args.get("left") else 0
    context |= {"narrowed": narrowed, "may_decide": may, "readings": get_args(Reading), "kind": "suggestions"}
    return await page(datasette, request, "review/one.html", context)


def _offsets(asked: Any) -> tuple[int, int] | None:
    start, end = (asked.get(key) or "" for key in ("from", "to"))
    whole = all(text.isascii() and text.isdigit() and len(text) < 9 for text in (start, end))
    return (int(start), int(end)) if whole else None


def _read(
    conn: sqlite3.Connection,
    narrowed: dict[str, str],
    at: str,
    actor: str,
    ends: list[str],
    moved: tuple[int, int] | None,
) -> dict[str, Any]:
    values = values_of(narrowed)
    one = review.at_key(conn, at) if at else None
    standing = review.queue(conn, values, one["row"] if one else 0, actor)
    if not at and standing.first:
        one, after = review.at_row(conn, standing.first), review.next_open(conn, values, standing.first)
        standing = standing._replace(next=after, previous=None, place=1)
    context: dict[str, Any] = {"queue": standing, "one": None, "missing": at if at and not one else ""}
    context |= {"any": bool(conn.execute("SELECT 1 FROM suggestions LIMIT 1").fetchone()), "ends": ".".join(ends)}
    context |= {"suggesters": reviewed.suggesters(conn), "points": list(guidance.points(conn).values())}
    if ends and actor:
        did = reviewed.between(conn, ends, actor)
        own = [each["id"] for each in did if not each["undone"]]
        context |= {"told": told(did), "undo": " ".join(own) if len(own) == len(did) else ""}
    if not one:
        return context
    about = review.about(conn, one)
    mine = about["decision"] and about["decision"]["actor"] == actor
    context |= {"taking_back": reviewed.together(conn, about["decision"], actor) if mine else []}
    context |= {"following": review.key_of(conn, standing.next or standing.first)}
    context |= {"before": review.key_of(conn, standing.previous)}
    return {**context, **about, "one": shown(one, moved), "precision": precision(one, about["so_far"])}


@guard.writes("review")
async def decide(datasette: Any, request: Any, posted: Posted) -> Any:
    """Accept or reject one suggestion, and go on to the next."""
    fields, actor = posted.fields, posted.actor["id"]
    verdict, key = fields.get("verdict"), str(fields.get("key", ""))[:64]
    narrowed = narrowed_by(fields)
    if verdict not in ("accept", "reject"):
        raise Refused(400, "Say whether to accept or to reject it.")
    one = await reading(datasette, lambda conn: review.at_key(conn, key))
    if not one:
        raise Refused(404, "There is no such suggestion any more: machines were asked anew. Go on with the next one.")
    if verdict == "reject":
        drafts, keys = rejected(one, actor, text_of(fields, "reason")), {one["key"]}
    else:
        drafts, keys = await reading(datasette, lambda conn: _accepted(conn, one, fields, actor))
    places = find_places(datasette)
    entered = await asyncio.to_thread(desk.enter, places, drafts, undecided(keys))
    made = next((each.payload["id"] for each in entered.entries if each.kind == "annotate"), None)
    result = {"entries": [each.id for each in entered.entries], "annotation": made, "shown": entered.shown}
    values = values_of(narrowed)
    standing = await reading(datasette, lambda conn: review.queue(conn, values, one["row"], ""))
    at = await reading(datasette, lambda conn: review.key_of(conn, standing.next))
    return await guard.done(
        request, result, f"/review?{urlencode({**narrowed, 'at': at, 'done': ends_of(entered.entries)})}"
    )


def _accepted(conn: sqlite3.Connection, one: Row, fields: Mapping[str, Any], actor: str) -> tuple[list[Any], set[str]]:
    """The entries, and the keys of what they decide. Raises Refused and JournalError."""
    wish, point = (
        fields.get("reading", "said"),
        text_of(fields, "other") or text_of(fields, "choice") or one["point_id"],
    )
    if wish not in get_args(Reading):
        raise Refused(400, "A reading is said, implied or contradicts.")
    if point not in guidance.points(conn):
        raise Refused(400, f"There is no point {point[:100]}.")
    words = words_of(conn, one, fields)
    also = review.also(conn, one, point) if point != one["point_id"] else []
    drafts = accepted(one, words, actor, Acceptance(cast(Reading, wish), text_of(fields, "note"), point), also)
    return drafts, {one["key"], *(each["key"] for each in also)}


def words_of(conn: sqlite3.Connection, one: Row, fields: Mapping[str, Any]) -> Captured:
    """The words that somebody accepts: those proposed, those at a start and an end, or others of the speech.

    Raises JournalError where they do not stand there.
    """
    exact, at = text_of(fields, "exact"), _offsets(fields)
    if at and at[0] < at[1] <= len(one["text"]):
        there = selected(one["text"], *at)
        if not exact or exact.split() == there.exact.split():
            return capture(conn, one["gid"], there)
    if not exact or exact.split() == one["exact"].split():
        return capture(conn, one["gid"], selector_of(one))
    return capture(conn, one["gid"], Selector(exact))


async def queues(datasette: Any, request: Any) -> Any:
    """What there is to review: by suggester, version, rule and point, with the precision so far."""

    def read(conn: sqlite3.Connection) -> list[Any]:
        open_ = [made for made, count in review.undecided(conn) for _ in range(count)]
        return sorted(lines_of(decisions(conn), open_), key=lambda line: (-line.undecided, line))

    context = {"lines": await reading(datasette, read)}
    return await page(datasette, request, "review/queues.html", context)


async def done(datasette: Any, request: Any) -> Any:
    """Who did what in review, the last first."""
    person, suggester = ((request.args.get(key) or "").replace("\0", "")[:200] for key in ("person", "suggester"))
    at = number(request.args.get("page"), 10_000)
    skip = (at - 1) * reviewed.SHOWN

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        found = {"people": reviewed.people(conn), "suggesters": reviewed.suggesters(conn)}
        return {**found, "last": reviewed.last(conn, person, suggester, skip)}

    context = {**await reading(datasette, read), "asked": {"person": person, "suggester": suggester}, "page": at}
    context |= {"more": len(context["last"]) > reviewed.SHOWN, "last": context["last"][: reviewed.SHOWN]}
    return await page(datasette, request, "review/done.html", context)
