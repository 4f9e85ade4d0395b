"""The page /review/batch: decide several suggestions of one suggester, rule or point at once."""

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any, get_args
from urllib.parse import urlencode

from annotations.commands import writer
from annotations.commands.decide import Acceptance, Decided, accepted, rejected, undecided
from annotations.commands.places import find_places
from annotations.projection.capture import capture
from annotations.state.model import selector_of
from db.journal.entries import Draft, JournalError
from db.records.guidance import Reading
from db.sqlite import Row
from web.guidance import queries as guidance
from web.http import auth
from web.http.auth import Posted
from web.http.pages import Refused, number, page
from web.http.reading import reading
from web.review import decision_queries, queries
from web.review.filters import ends_of, narrowed_by, text_of, values_of

NAMING = ("suggester", "rule", "point")  # filters of which a batch needs one
TRIES = 5  # attempts while others decide the same suggestions


async def show_batch(datasette: Any, request: Any) -> Any:
    """Show the list to choose from, or the chosen suggestions to confirm; decide them where the form is posted."""
    if request.method == "POST":
        return await decide(datasette, request)
    narrowed = narrowed_by(request.args)
    named = any(narrowed.get(key) for key in NAMING)
    at, chosen = number(request.args.get("page"), 10_000), request.args.getlist("key")[: queries.MOST]
    verdict = _read_verdict(request.args.get("verdict"))

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        found: dict[str, Any] = {
            "suggesters": decision_queries.suggesters(conn),
            "points": list(guidance.points(conn).values()),
            "list": [],
        }
        if not named:
            return found
        values = values_of(narrowed)
        found["queue"] = queries.queue(conn, values, 0, "")
        if verdict:
            return found | {"list": queries.named(conn, values, chosen) if chosen else []}
        return found | {"list": queries.listed(conn, values, (at - 1) * queries.MOST)}

    context = await reading(datasette, read)
    more, context["list"] = len(context["list"]) > queries.MOST, context["list"][: queries.MOST]
    context |= {"narrowed": narrowed, "named": named, "may_decide": auth.may(datasette, request.actor, "review")}
    context |= {"page": at, "more": more, "verdict": verdict, "reading": _read_reading(request.args.get("reading"))}
    context |= {"readings": get_args(Reading), "chosen": len(chosen)}
    return await page(datasette, request, "review/batch.html", context)


def _read_verdict(text: object) -> str:
    """Read a verdict, accept or reject; "" for anything else."""
    return text if isinstance(text, str) and text in ("accept", "reject") else ""


def _read_reading(text: object) -> Reading:
    """Read a reading; "said" for anything else."""
    return next((each for each in get_args(Reading) if each == text), "said")


@auth.writes("review")
async def decide(datasette: Any, request: Any, posted: Posted) -> Any:
    """Decide the named suggestions in one transaction; count those that others decided meanwhile as left out."""
    narrowed, verdict = narrowed_by(posted.fields), _read_verdict(posted.fields.get("verdict"))
    keys = list(dict.fromkeys(str(posted.fields.get("keys") or "").split()))
    if not any(narrowed.get(key) for key in NAMING):
        raise Refused(400, "Choose a suggester, a rule or a point first: nothing is decided over all suggestions.")
    if not verdict or not keys or len(keys) > queries.MOST:
        raise Refused(400, f"Say whether to accept or to reject, and which: 1 to {queries.MOST} suggestions.")
    places = find_places(datasette)
    for _ in range(TRIES):
        found, drafts = await reading(datasette, lambda conn: _make_drafts(conn, narrowed, keys, verdict, posted))
        if not found:
            raise Refused(409, "All of these have been decided meanwhile, or are not suggested any more.")
        try:
            check = undecided({one["key"] for one in found})
            entered = await asyncio.to_thread(writer.enter, places, drafts, check)
            break
        except Decided as error:  # statements.db, read again, leaves it out
            refused: JournalError = error
            await asyncio.sleep(0.05)
    else:
        raise refused
    left = len(keys) - len(found)
    result = {"entries": [each.id for each in entered.entries], "left_out": left, "shown": entered.shown}
    onward = {**narrowed, "done": ends_of(entered.entries), **({"left": left} if left else {})}
    return await auth.done(request, result, f"/review?{urlencode(onward)}")


def _make_drafts(
    conn: sqlite3.Connection, narrowed: dict[str, str], keys: Sequence[str], verdict: str, posted: Posted
) -> tuple[list[Row], list[Draft]]:
    """Read the suggestions that are still undecided, and make the entries that decide them."""
    found, drafts = queries.named(conn, values_of(narrowed), list(keys)), []
    for one in found:
        if verdict == "reject":
            drafts += rejected(one, posted.actor["id"], text_of(posted.fields, "reason"))
            continue
        words = capture(conn, one["gid"], selector_of(one))
        choice = Acceptance(_read_reading(posted.fields.get("reading")), text_of(posted.fields, "note"))
        drafts += accepted(one, words, posted.actor["id"], choice)
    return found, drafts
