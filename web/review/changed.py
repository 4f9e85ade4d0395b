"""The page /review/changed: quotes whose words changed or are lost, one after another, to confirm or repair."""

import asyncio
import json
import sqlite3
from typing import Any
from urllib.parse import urlencode

from annotations.commands import writer
from annotations.commands.places import find_places, read_state
from annotations.commands.repair import confirmed, repaired, withdrawn
from annotations.projection.capture import capture
from annotations.text.sentences import sentences
from db.journal.entries import Draft, JournalError
from db.records.annotation import Annotation, Selector
from db.sqlite import Row, first
from web.http import auth
from web.http.auth import Posted
from web.http.pages import Refused, page
from web.http.reading import reading
from web.http.visibility import unseen
from web.review import decision_queries
from web.review.filters import ends_of, text_of
from web.review.view import told

NEAREST = 40  # sentences that are offered
CHANGED = """
SELECT a.*, r.old, r.new, r.difference, s.id AS here, s.text, s.speaker, s.date, s.citation, s.debate_id,
       d.title AS debate_title, p.title AS point_title, p.paraphrase
  FROM repair_list r JOIN annotations a ON a.id = r.annotation_id JOIN guidance_points p ON p.id = a.point_id
  LEFT JOIN speeches s ON s.id = a.speech_id LEFT JOIN debates d ON d.id = s.debate_id WHERE a.id = ?
"""


async def show_changed(datasette: Any, request: Any) -> Any:
    """Show one changed or lost quote of the list: the first, or the one that ?at= names."""
    at, actor = (request.args.get("at") or "")[:300], (request.actor or {}).get("id", "")
    ends = [part for part in (request.args.get("done") or "")[:60].split(".") if part]

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        ids = list_changed(conn)
        here = at if at in ids else (ids[0] if ids and not at else "")
        place = ids.index(here) if here else 0
        context: dict[str, Any] = {"ids": ids, "place": place, "one": read_changed(conn, here) if here else None}
        if ids:
            context |= {"following": ids[(place + 1) % len(ids)], "before": ids[place - 1]}
        if ends and actor:
            did = decision_queries.between(conn, ends, actor)
            undo = "" if any(each["undone"] for each in did) else " ".join(each["id"] for each in did)
            context |= {"told": told(did), "undo": undo}
        return context

    context = await reading(datasette, read)
    one = context["one"]
    if one:
        one["difference"] = json.loads(one["difference"])
        context["sentences"] = _sentences(one)
        context["may_withdraw"] = _may_withdraw(datasette, request.actor, one["actor"])
    context |= {"missing": at if at and not one else "", "may_decide": auth.may(datasette, request.actor, "review")}
    return await page(datasette, request, "review/changed.html", {**context, "ends": ".".join(ends)})


def list_changed(conn: sqlite3.Connection) -> list[str]:
    """List the ids of the annotations whose words changed or are lost, in order."""
    return [id for (id,) in conn.execute("SELECT annotation_id FROM repair_list ORDER BY annotation_id")]


def read_changed(conn: sqlite3.Connection, id: str) -> Row | None:
    """Read one of these annotations with its speech and its point."""
    return first(conn, CHANGED, (id,))


def _sentences(one: Row) -> list[str]:
    """List the NEAREST sentences of the speech around the place where the words stand or stood."""
    text = one["text"] or ""
    bounds = list(sentences(text))
    middle = next((n for n, (_, end) in enumerate(bounds) if end > (one["start"] or 0)), 0)
    first = max(0, middle - NEAREST // 2)
    return [text[start:end] for start, end in bounds[first : first + NEAREST]]


def _may_withdraw(datasette: Any, actor: Any, of: str) -> bool:
    """Return True if the visitor may withdraw what `of` entered."""
    return auth.may(datasette, actor, "moderate") or auth.may(datasette, actor, "withdraw own", of)


@auth.writes("review")
async def decide(datasette: Any, request: Any, posted: Posted) -> Any:
    """Confirm, repair or withdraw one annotation, and go on to the next."""
    fields, places = posted.fields, find_places(datasette)
    id, verb = str(fields.get("annotation", ""))[:300], fields.get("verb")
    one = (await asyncio.to_thread(read_state, places)).annotations.get(id)
    if not one or id in await reading(datasette, unseen):
        raise Refused(404, f"There is no annotation {id}.")
    if one.status != "active":
        raise JournalError(f"{id} was withdrawn meanwhile; nothing was entered")
    if verb == "withdraw" and not _may_withdraw(datasette, posted.actor, one.actor):
        raise Refused(403, "Only whoever entered it, or a moderator, can withdraw it.")
    if verb not in ("confirm", "repair", "withdraw"):
        raise Refused(400, "Say whether to confirm, to repair or to withdraw it.")
    draft = await reading(datasette, lambda conn: _make_draft(conn, one, verb, posted))
    entered = await asyncio.to_thread(writer.enter, places, [draft])
    ids = await reading(datasette, list_changed)
    onward = {"at": next((each for each in ids if each > id), ""), "done": ends_of(entered.entries)}
    result = {"entries": [each.id for each in entered.entries], "shown": entered.shown}
    query = urlencode({key: value for key, value in onward.items() if value})
    return await auth.done(request, result, f"/review/changed?{query}")


def _make_draft(conn: sqlite3.Connection, one: Annotation, verb: str, posted: Posted) -> Draft:
    """Make the entry that confirms, repairs or withdraws an annotation. Raises JournalError."""
    fields, actor = posted.fields, posted.actor["id"]
    reason = text_of(fields, "reason")
    if verb == "withdraw":
        return withdrawn(one, actor, reason)
    if verb == "confirm":
        return confirmed(conn, one, actor, reason, text_of(fields, "seen"))
    exact = text_of(fields, "exact") or text_of(fields, "sentence")
    if not exact:
        raise JournalError("give the words that the reading is of; nothing was entered")
    target = text_of(fields, "target") or one.target
    words = capture(
        conn, target, Selector(exact=exact, prefix=text_of(fields, "prefix"), suffix=text_of(fields, "suffix"))
    )
    if words.anchor.state not in ("exact", "moved"):
        raise JournalError(f"{words.target}: {words.anchor.evidence}; nothing was entered")
    return repaired(one, words, actor, reason)
