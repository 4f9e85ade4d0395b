"""/annotate: the form that says which words of a speech bear on which point, and what is entered with it."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl

from annotations.commands import idempotency as sent
from annotations.commands import writer as desk
from db.archive.responses import now
from db.journal.entries import Draft, JournalError
from db.ulid import NEW, new_id
from web.annotate import fields as drafts
from web.annotate import form
from web.annotate.fields import Asked
from web.annotate.form import KEPT, LONGEST, Read
from web.annotate.queries import onward
from web.http import auth as guard
from web.http.auth import Posted
from web.http.pages import Refused, missing

WHICH = "Follow Annotate beside a speech, on the page of its debate."


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /annotate."""
    return [(r"^/annotate$", annotate)]


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """Let every template ask whether this visitor may do a thing."""
    actor = request.actor if request else None
    return {"may": lambda what, of=None: bool(actor) and guard.may(datasette, actor, what, of), "new_id": new_id}


async def annotate(datasette: Any, request: Any) -> Any:
    """The form; and what was sent with it is entered."""
    if request.method == "POST" and (request.actor or guard.wants_json(request)):
        return await enter(datasette, request)
    if not request.actor:
        return await sign_in_first(request)
    if not guard.may(datasette, request.actor, "annotate"):
        why = f"{request.actor['id']} may read, not annotate: ask whoever runs this site for the role."
        return await guard.refuse(datasette, request, Refused(403, why))
    asked = drafts.asked({key: request.args.get(key) for key in (*KEPT, "place")})
    read = await form.look(datasette, asked)
    if not read.speech:
        return await missing(datasette, request, f"speech {asked.texts['speech']}".strip(), WHICH)
    mistakes = asked.malformed | ({"exact": read.words.sentence} if given_wrongly(asked, read) else {})
    return await form.shown(datasette, request, asked, read, mistakes)


def given_wrongly(asked: Asked, read: Read) -> bool:
    """Whether words are given that do not stand in the speech, or in several places."""
    return form.given(asked) and not read.words.captured


async def sign_in_first(request: Any) -> Any:
    """Lead to the sign-in page, and from there back, with what was filled in where an address can hold it."""
    fields: Mapping[str, Any] = {}
    if request.method == "POST":
        try:
            fields = await guard.sent(request)
        except Refused:
            fields = {}
    kept = {key: fields[key] for key in KEPT if fields.get(key)}
    back = f"{request.path}?{urlencode(kept)}" if kept else request.full_path
    back = back if len(back) < LONGEST // 2 else f"/annotate?{urlencode({'speech': str(kept.get('speech', ''))[:300]})}"
    return guard.sign_in_first(back)


@guard.writes("annotate")
async def enter(datasette: Any, request: Any, posted: Posted) -> Any:
    """Enter an annotation; the same form twice makes one."""
    asked = drafts.asked(posted.fields)
    read = await form.look(datasette, asked)
    if not read.speech:
        raise Refused(404, f"There is no speech {asked.texts['speech']}. {WHICH}" if asked.texts["speech"] else WHICH)
    if posted.fields.get("look") or posted.fields.get("take"):
        return await form.again(datasette, request, asked, read)
    mistakes = form.wrong(asked, read)
    id = asked.texts["id"] if NEW.fullmatch(asked.texts["id"]) else new_id()
    if mistakes:
        return await refused(datasette, request, asked, read, mistakes)
    made = {"creator": posted.actor["id"], "created": now()}
    draft = Draft(posted.actor["id"], "annotate", {"id": id, **form.said(asked, read.words), **made})
    try:
        entry, shown = await asyncio.to_thread(sent.once, desk.places(datasette), draft)
    except JournalError as error:
        fresh = asked._replace(texts={**asked.texts, "id": new_id()})
        return await refused(datasette, request, fresh, read, {"exact": guard.sentence(error)})
    result = {"id": id, "entry": entry, "address": onward(id), "shown": shown}
    return await guard.done(request, result, onward(id, [entry]), 201)


async def refused(datasette: Any, request: Any, asked: Asked, read: Read, mistakes: Mapping[str, str]) -> Any:
    """The form again, or every sentence for a program: 409 where the words are not as the speech has them, else 400."""
    status = 409 if set(mistakes) == {"exact"} and form.given(asked) else 400
    if guard.wants_json(request):
        raise Refused(status, " ".join(mistakes.values()))
    return await form.shown(datasette, request, asked, read, mistakes, status)
