"""The page /speech/<id>/moment: tag the seconds of a video in which a speech is given; /moment/<id>.jsonld (W3C)."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import unquote, urlencode

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import find_archive_paths
from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle_queries import list_attribution
from db.journal.entries import EntryDraft, make_new_id
from db.references import find_references
from db.sqlite import Row
from db.statements import moments
from db.video_urls import (
    VideoError,
    format_time,
    is_playable,
    is_secure,
    parse_seconds,
    parse_video_address,
    read_origin,
    read_site,
)
from db.video_urls import build_watch_address as address_at
from web.http.auth import CheckedRequest, accept_writes, answer_done, may_act
from web.http.datasette_types import Datasette, Request, Response
from web.http.error_forms import wants_json
from web.http.pages import CACHE_MINUTE, RequestRefused, redirect_permanently, render_missing, render_page
from web.http.reading import read_today
from web.http.security_policy import write_security_policy
from web.http.site_url import find_base_url, find_own_origin
from web.http.until_loaded import wait_until_loaded
from web.urls import url_for

JSONLD = f'application/ld+json; profile="{w3c.CONTEXT}"'
FIELDS = ("source", "start", "end", "annotation", "note")
MAX_NOTE_LENGTH = 2000


async def tag_moment(datasette: Datasette, request: Request) -> Response:
    """Show the page to tag a moment; enter the moment if the form is posted."""
    if request.method == "POST":
        return await enter_moment(datasette, request)
    asked = {key: (request.args.get(key) or "")[:1000] for key in FIELDS}
    return await _show_page(datasette, request, asked, "")


@accept_writes("annotate")
async def enter_moment(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Enter a moment; show a mistake on the form, with everything that was typed."""
    speech = unquote(request.url_vars["id"])
    held = await read_today(datasette, lambda conn: moments.read_tagging_page(conn, speech))
    if not held:
        raise RequestRefused(404, "There is no such speech here.")
    typed = {key: str(posted.fields.get(key) or "").replace("\r\n", "\n") for key in FIELDS}
    made = make_new_id()
    try:
        draft = _make_draft(made, held, typed, str(posted.actor["id"]))
    except VideoError as error:
        if wants_json(request):
            raise RequestRefused(400, f"{error}.") from None
        return await _show_page(datasette, request, typed, f"{error}.", 400)
    entered = await asyncio.to_thread(writer.enter_drafts, find_archive_paths(datasette), [draft])
    onward, last = url_for("speech", id=speech), draft.payload.get("end") or draft.payload["start"]
    if posted.fields.get("next") and held["next"]:
        asked = urlencode({"source": draft.payload["source"], "start": format_time(last)})
        onward = f"{url_for('tag_moment', id=held['next'])}?{asked}"
    elif not entered.shown:
        onward = f"{url_for('tag_moment', id=speech)}?late=1"
    result = {"id": made, "entry": entered.entries[0].id, "address": onward, "shown": entered.shown}
    return await answer_done(request, result, onward, 201)


def _make_draft(id: str, held: Row, typed: Mapping[str, str], actor: str) -> EntryDraft:
    """Make the journal entry of a form. Raises VideoError, whose message describes the mistake."""
    found = parse_video_address(typed["source"])
    start = parse_seconds(typed["start"]) if typed["start"].strip() else found.start
    end = parse_seconds(typed["end"]) if typed["end"].strip() else None
    if start is None:
        raise VideoError("The start is missing. Write it as 1:02:03, 62.5 or 1h2m3s")
    if end is not None and end <= start:
        raise VideoError("The end must be after the start")
    if typed["annotation"] and typed["annotation"] not in {each["id"] for each in held["quotes"]}:
        raise VideoError("The quote that you chose is no longer among the notes on this speech")
    if len(typed["note"]) > MAX_NOTE_LENGTH:
        raise VideoError(f"The note is longer than {MAX_NOTE_LENGTH:,} characters")
    payload: dict[str, object] = {"id": id, "target": held["speech"]["gid"], "source": found.source, "start": start}
    payload |= {"creator": actor, "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    payload |= {key: value for key, value in (("end", end),) if value is not None}
    return EntryDraft(
        actor, "moment", payload | {key: typed[key] for key in ("annotation", "note") if typed[key].strip()}
    )


@wait_until_loaded
async def show_jsonld(datasette: Datasette, request: Request) -> Response:
    """Answer with a moment as a W3C annotation, whose target is a media fragment."""
    id, base = unquote(request.url_vars["id"]), find_base_url(request)
    row, names = await read_today(datasette, lambda conn: (moments.read_moment(conn, id), list_attribution(conn)))
    if not row or row["status"] == "withdrawn":
        return await render_missing(datasette, request, f"moment {id}")
    node = w3c.make_moment_node(moments.make_moment(row), row["speech_id"], base, names)
    return Response(json.dumps(node), headers=CACHE_MINUTE, content_type=JSONLD)


async def _show_page(datasette: Datasette, request: Request, typed: Row, problem: str, status: int = 200) -> Response:
    """Render the page with the chosen video, or the last one used in the debate."""
    reference = unquote(request.url_vars["id"])
    held = await read_today(datasette, lambda conn: moments.read_tagging_page(conn, reference))
    if not held:
        found = {
            each.speech_id for each in await read_today(datasette, lambda conn: find_references(conn, reference))
        } - {None}
        if len(found) == 1:
            return redirect_permanently(url_for("tag_moment", id=found.pop()))
        return await render_missing(datasette, request, reference, "Only a speech in this archive can have a video.")
    video: Row = {}
    try:
        video = _describe_video(typed["source"] or next(iter(held["used"]), ""), typed, find_own_origin(request))
    except VideoError as error:
        problem = problem or f"{error}."
    actor = request.actor
    rights = {"annotate": may_act(datasette, actor, "annotate"), "moderate": may_act(datasette, actor, "moderate")}
    context = {**held, "typed": typed, "video": video, "problem": problem, "rights": rights}
    context |= {"who": (actor or {}).get("id"), "late": request.args.get("late")}
    response = await render_page(
        datasette, request, "moments/moment.html", context, 400 if problem and status == 200 else status
    )
    if video.get("played"):
        response.headers = {
            **response.headers,
            "Content-Security-Policy": write_security_policy({"media-src": (video["origin"],)}),
        }
    return response


def _describe_video(address: str, typed: Mapping[str, str], here: str) -> Row:
    """Describe a video for the page: its address, whether browsers play it, and its times. Raises VideoError."""
    if not address:
        return {}
    found = parse_video_address(address)
    start = typed["start"] or ("" if found.start is None else format_time(found.start))
    end = typed["end"] or ("" if found.end is None else format_time(found.end))
    try:
        at = address_at(found.source, parse_seconds(start) if start else 0)
    except VideoError:
        at = found.source
    about = {"source": found.source, "site": read_site(found.source), "origin": read_origin(found.source)}
    local = about["origin"] == here
    played = is_playable(found.source) and (local or is_secure(found.source))
    return {**about, "played": played, "local": local, "start": start, "end": end, "watch": at}
