"""The page /annotate: show the form, and enter an annotation; its data at /points.json and /sentences/<debate>.json."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils.asgi import Response

from annotations.commands.conflicts import once
from annotations.commands.places import find_places
from annotations.text.sentences import sentences
from db.archive.responses import now
from db.journal.entries import Draft, JournalError
from db.ulid import NEW, new_id
from web.annotate import fields, form
from web.annotate.fields import Asked
from web.annotate.form import KEPT, LONGEST, Read
from web.annotate.queries import onward, words
from web.guidance.queries import points
from web.http import auth
from web.http.auth import Posted
from web.http.pages import CACHED, Refused, missing
from web.http.reading import reading

WHICH = "Follow Annotate beside a speech, on the page of its debate."


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """Give templates `may(what, of)`, `new_id()`, and `may_annotate`, which is False on pages of a past date."""
    actor = request.actor if request else None

    def may(what: str, of: str | None = None) -> bool:
        return bool(actor) and auth.may(datasette, actor, what, of)

    may_annotate = bool(actor) and not request.args.get("as_of") and auth.may(datasette, actor, "annotate")
    return {"may": may, "new_id": new_id, "may_annotate": may_annotate}


async def list_points(datasette: Any, request: Any) -> Any:
    """Answer with every point of guidance as JSON."""
    return Response.json(list((await reading(datasette, points)).values()), headers=CACHED)


async def list_sentences(datasette: Any, request: Any) -> Any:
    """Answer with the text of a debate's speeches, or of ?speech=, and their sentences (start, end in code points)."""
    debate, speech = request.url_vars["debate"], request.args.get("speech") or ""
    speeches = await reading(datasette, lambda conn: words(conn, debate, speech))
    if not speeches:
        sentence = f"There are no words of a debate {debate} in this archive."
        return Response.json({"ok": False, "error": sentence}, status=404)
    return Response.json([{**one, "sentences": list(sentences(one["text"]))} for one in speeches], headers=CACHED)


async def annotate(datasette: Any, request: Any) -> Any:
    """Show the form; enter the annotation where the form is posted."""
    if request.method == "POST" and (request.actor or auth.wants_json(request)):
        return await enter(datasette, request)
    if not request.actor:
        return await _sign_in_first(request)
    if not auth.may(datasette, request.actor, "annotate"):
        why = f"{request.actor['id']} may read, not annotate: ask whoever runs this site for the role."
        return await auth.refuse(datasette, request, Refused(403, why))
    asked = fields.asked({key: request.args.get(key) for key in (*KEPT, "place")})
    read = await form.look(datasette, asked)
    if not read.speech:
        return await missing(datasette, request, f"speech {asked.texts['speech']}".strip(), WHICH)
    wrong_words = form.given(asked) and not read.words.captured
    mistakes = asked.malformed | ({"exact": read.words.sentence} if wrong_words else {})
    return await form.shown(datasette, request, asked, read, mistakes)


async def _sign_in_first(request: Any) -> Any:
    """Redirect to the sign-in page, and from there back with the fields that an address can hold."""
    posted: Mapping[str, Any] = {}
    if request.method == "POST":
        try:
            posted = await auth.sent(request)
        except Refused:
            posted = {}
    filled = {key: posted[key] for key in KEPT if posted.get(key)}
    back = f"{request.path}?{urlencode(filled)}" if filled else request.full_path
    if len(back) >= LONGEST // 2:
        back = f"/annotate?{urlencode({'speech': str(filled.get('speech', ''))[:300]})}"
    return auth.sign_in_first(back)


@auth.writes("annotate")
async def enter(datasette: Any, request: Any, posted: Posted) -> Any:
    """Enter an annotation; the same form sent twice makes one annotation."""
    asked = fields.asked(posted.fields)
    read = await form.look(datasette, asked)
    if not read.speech:
        raise Refused(404, f"There is no speech {asked.texts['speech']}. {WHICH}" if asked.texts["speech"] else WHICH)
    if posted.fields.get("look") or posted.fields.get("take"):
        return await form.again(datasette, request, asked, read)
    if mistakes := form.wrong(asked, read):
        return await _refuse(datasette, request, asked, read, mistakes)
    id = asked.texts["id"] if NEW.fullmatch(asked.texts["id"]) else new_id()
    creation = {"creator": posted.actor["id"], "created": now()}
    draft = Draft(posted.actor["id"], "annotate", {"id": id, **form.said(asked, read.words), **creation})
    try:
        entry, shown = await asyncio.to_thread(once, find_places(datasette), draft)
    except JournalError as error:
        renewed = asked._replace(texts={**asked.texts, "id": new_id()})
        return await _refuse(datasette, request, renewed, read, {"exact": auth.sentence(error)})
    result = {"id": id, "entry": entry, "address": onward(id), "shown": shown}
    return await auth.done(request, result, onward(id, [entry]), 201)


async def _refuse(datasette: Any, request: Any, asked: Asked, read: Read, mistakes: Mapping[str, str]) -> Any:
    """Show the form again, or raise Refused to a program: 409 where only the words given are wrong, else 400."""
    status = 409 if set(mistakes) == {"exact"} and form.given(asked) else 400
    if auth.wants_json(request):
        raise Refused(status, " ".join(mistakes.values()))
    return await form.shown(datasette, request, asked, read, mistakes, status)
