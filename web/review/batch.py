"""/review/batch: several suggestions decided at once, over a filter that everybody can see; never over everything."""

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any, get_args
from urllib.parse import urlencode

from datasette import hookimpl

from annotations.commands import writer as desk
from annotations.commands.decide import Acceptance, Decided, accepted, rejected, undecided
from annotations.commands.places import find_places
from annotations.projection.capture import capture
from annotations.state.model import selector_of
from db.journal.entries import Draft, JournalError
from db.records.guidance import Reading
from db.rows import Row
from web.guidance import queries as guidance
from web.http import auth as guard
from web.http.auth import Posted
from web.http.pages import Refused, number, page
from web.http.reading import reading
from web.review import decision_queries as reviewed
from web.review import queries as review
from web.review.filters import ends_of, narrowed_by, text_of, values_of

NAMING = ("suggester", "rule", "point")  # one of which a batch must be narrowed by
TRIES = 5  # to enter it, where others decide meanwhile


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /review/batch."""
    return [(r"^/review/batch$", batch)]


async def batch(datasette: Any, request: Any) -> Any:
    """The list to choose from; what will be done with the chosen; and, sent as a form, the doing."""
    if request.method == "POST":
        return await several(datasette, request)
    narrowed = narrowed_by(request.args)
    named = any(narrowed.get(key) for key in NAMING)
    at, chosen = number(request.args.get("page"), 10_000), request.args.getlist("key")[: review.MOST]
    verdict = verdict_of(request.args.get("verdict"))

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        found: dict[str, Any] = {
            "suggesters": reviewed.suggesters(conn),
            "points": list(guidance.points(conn).values()),
            "list": [],
        }
        if not named:
            return found
        values = values_of(narrowed)
        found["queue"] = review.queue(conn, values, 0, "")
        if verdict:
            return found | {"list": review.named(conn, values, chosen) if chosen else []}
        return found | {"list": review.listed(conn, values, (at - 1) * review.MOST)}

    context = await reading(datasette, read)
    more, context["list"] = len(context["list"]) > review.MOST, context["list"][: review.MOST]
    context |= {"narrowed": narrowed, "named": named, "may_decide": guard.may(datasette, request.actor, "review")}
    context |= {"page": at, "more": more, "verdict": verdict, "reading": reading_of(request.args.get("reading"))}
    context |= {"readings": get_args(Reading), "chosen": len(chosen)}
    return await page(datasette, request, "review/batch.html", context)


def verdict_of(text: object) -> str:
    """accept or reject; "" for anything else."""
    return text if isinstance(text, str) and text in ("accept", "reject") else ""


def reading_of(text: object) -> Reading:
    """A reading; said, where it is none."""
    return next((each for each in get_args(Reading) if each == text), "said")


@guard.writes("review")
async def several(datasette: Any, request: Any, posted: Posted) -> Any:
    """Decide the named suggestions in one transaction; those that somebody decided meanwhile are left out, and told."""
    narrowed, verdict = narrowed_by(posted.fields), verdict_of(posted.fields.get("verdict"))
    keys = list(dict.fromkeys(str(posted.fields.get("keys") or "").split()))
    if not any(narrowed.get(key) for key in NAMING):
        raise Refused(400, "Choose a suggester, a rule or a point first: nothing is decided over all suggestions.")
    if not verdict or not keys or len(keys) > review.MOST:
        raise Refused(400, f"Say whether to accept or to reject, and which: 1 to {review.MOST} suggestions.")
    places = find_places(datasette)
    for _ in range(TRIES):
        found, drafts = await reading(datasette, lambda conn: _drafts(conn, narrowed, keys, verdict, posted))
        if not found:
            raise Refused(409, "All of these have been decided meanwhile, or are not suggested any more.")
        try:
            check = undecided({one["key"] for one in found})
            entered = await asyncio.to_thread(desk.enter, places, drafts, check)
            break
        except Decided as error:  # statements.db, read again, leaves it out
            refused: JournalError = error
            await asyncio.sleep(0.05)
    else:
        raise refused
    left = len(keys) - len(found)
    result = {"entries": [each.id for each in entered.entries], "left_out": left, "shown": entered.shown}
    onward = {**narrowed, "done": ends_of(entered.entries), **({"left": left} if left else {})}
    return await guard.done(request, result, f"/review?{urlencode(onward)}")


def _drafts(
    conn: sqlite3.Connection, narrowed: dict[str, str], keys: Sequence[str], verdict: str, posted: Posted
) -> tuple[list[Row], list[Draft]]:
    """The suggestions that are still open, and the entries that decide them."""
    found, drafts = review.named(conn, values_of(narrowed), list(keys)), []
    for one in found:
        if verdict == "reject":
            drafts += rejected(one, posted.actor["id"], text_of(posted.fields, "reason"))
            continue
        words = capture(conn, one["gid"], selector_of(one))
        choice = Acceptance(reading_of(posted.fields.get("reading")), text_of(posted.fields, "note"))
        drafts += accepted(one, words, posted.actor["id"], choice)
    return found, drafts
