"""The page /review/changed: quotes whose words changed or are lost, one after another, to confirm or repair."""

import asyncio
import json
import sqlite3
from typing import Any
from urllib.parse import urlencode

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.journal_reader import read_state_of
from annotations.commands.repairs import make_confirmation, make_repair, make_withdrawal
from annotations.projection.capture import capture_words
from annotations.text.sentences import find_sentences
from db.journal.entries import EntryDraft, JournalError
from db.records.annotation import PROVEN, Annotation, Selector
from db.sqlite import Row, read_first_row
from web.http.auth import CheckedRequest, accept_writes, answer_done, may_act
from web.http.datasette_types import Actor, Datasette, Request, Response
from web.http.pages import RequestRefused, render_page
from web.http.reading import read_today
from web.http.visibility import read_hidden_annotations
from web.review import queries
from web.review.filters import join_ends, read_text, split_ends
from web.review.view import describe_last
from web.urls import url_for

MAX_SENTENCES = 40  # sentences offered
CHANGED_ANNOTATION = """
SELECT a.*, r.old, r.new, r.difference, s.id AS here, s.text, s.speaker, s.person_id, s.party, s.date, s.citation,
       s.debate_id, d.title AS debate_title, p.title AS point_title, p.paraphrase
  FROM repair_list r JOIN annotations a ON a.id = r.annotation_id JOIN guidance_points p ON p.id = a.point_id
  LEFT JOIN speeches s ON s.id = a.speech_id LEFT JOIN debates d ON d.id = s.debate_id WHERE a.id = ?
"""


async def show_changed(datasette: Datasette, request: Request) -> Response:
    """Show one changed or lost quote of the list: the first, or the one that ?at= names."""
    at, actor = (request.args.get("at") or "")[:300], (request.actor or {}).get("id", "")
    ends = split_ends(request.args.get("done"))

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        ids = list_changed(conn)
        here = at if at in ids else (ids[0] if ids and not at else "")
        place = ids.index(here) if here else 0
        context: dict[str, object] = {"ids": ids, "place": place, "one": read_changed(conn, here) if here else None}
        if ids:
            context |= {"following": ids[(place + 1) % len(ids)], "before": ids[place - 1]}
        if ends and actor:
            did = queries.read_entries_between(conn, ends, actor)
            undo = "" if any(each["undone"] for each in did) else " ".join(each["id"] for each in did)
            context |= {"told": describe_last(did), "undo": undo}
        return context

    context = await read_today(datasette, read)
    one = context["one"]
    if one:
        one["difference"] = json.loads(one["difference"])
        context["sentences"] = _list_sentences(one)
        context["may_withdraw"] = _may_withdraw(datasette, request.actor, one["actor"])
    context |= {"missing": at if at and not one else "", "may_decide": may_act(datasette, request.actor, "review")}
    return await render_page(datasette, request, "review/changed.html", {**context, "ends": ".".join(ends)})


def list_changed(conn: sqlite3.Connection) -> list[str]:
    """List the ids of the annotations whose words changed or are lost, in order."""
    return [id for (id,) in conn.execute("SELECT annotation_id FROM repair_list ORDER BY annotation_id")]


def read_changed(conn: sqlite3.Connection, id: str) -> Row | None:
    """Read one annotation of the repair list with its speech and point; None if it is not on the list."""
    return read_first_row(conn, CHANGED_ANNOTATION, (id,))


def _list_sentences(one: Row) -> list[str]:
    """List up to MAX_SENTENCES sentences of the speech around the place of the words."""
    text = one["text"] or ""
    bounds = list(find_sentences(text))
    middle = next((n for n, (_, end) in enumerate(bounds) if end > (one["start"] or 0)), 0)
    first = max(0, middle - MAX_SENTENCES // 2)
    return [text[start:end] for start, end in bounds[first : first + MAX_SENTENCES]]


def _may_withdraw(datasette: Datasette, actor: Actor | None, owner: str) -> bool:
    """Return True if the actor may withdraw an entry of `owner`."""
    return may_act(datasette, actor, "moderate") or may_act(datasette, actor, "withdraw own", owner)


@accept_writes("review")
async def decide_changed(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Confirm, repair or withdraw one annotation, and go on to the next."""
    fields, places = posted.fields, find_archive_paths(datasette)
    id, verb = str(fields.get("annotation", ""))[:300], fields.get("verb")
    one = (await asyncio.to_thread(read_state_of, places, id)).annotations.get(id)
    if not one or id in await read_today(datasette, read_hidden_annotations):
        raise RequestRefused(404, f"There is no annotation {id}.")
    if one.status != "active":
        raise JournalError(f"{id} was withdrawn meanwhile; nothing was saved")
    if verb == "withdraw" and not _may_withdraw(datasette, posted.actor, one.actor):
        raise RequestRefused(403, "Only whoever entered it, or a moderator, can withdraw it.")
    if verb not in ("confirm", "repair", "withdraw"):
        raise RequestRefused(400, "Say whether to confirm, to repair or to withdraw it.")
    draft = await read_today(datasette, lambda conn: _make_draft(conn, one, verb, posted))
    entered = await asyncio.to_thread(writer.enter_drafts, places, [draft])
    ids = await read_today(datasette, list_changed)
    onward = {"at": next((each for each in ids if each > id), ""), "done": join_ends(entered.entries)}
    result = {"entries": [each.id for each in entered.entries], "shown": entered.shown}
    query = urlencode({key: value for key, value in onward.items() if value})
    return await answer_done(request, result, f"{url_for('review_changed')}?{query}")


def _make_draft(conn: sqlite3.Connection, one: Annotation, verb: str, posted: CheckedRequest) -> EntryDraft:
    """Make the entry that confirms, repairs or withdraws an annotation. Raises JournalError."""
    fields, actor = posted.fields, posted.actor["id"]
    reason = read_text(fields, "reason")
    if verb == "withdraw":
        return make_withdrawal(one, actor, reason)
    if verb == "confirm":
        return make_confirmation(conn, one, actor, reason, read_text(fields, "seen"))
    exact = read_text(fields, "exact") or read_text(fields, "sentence")
    if not exact:
        raise JournalError("give the words that the reading is of; nothing was saved")
    target = read_text(fields, "target") or one.target
    words = capture_words(
        conn, target, Selector(exact=exact, prefix=read_text(fields, "prefix"), suffix=read_text(fields, "suffix"))
    )
    if words.anchor.state not in PROVEN:
        raise JournalError(f"{words.target}: {words.anchor.evidence}; nothing was saved")
    return make_repair(one, words, actor, reason)
