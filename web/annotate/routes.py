"""The page /annotate: show the form, and enter an annotation; its data at /points.json and /sentences/<debate>.json."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils.asgi import Response

from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.forms_sent_twice import enter_once
from annotations.text.sentences import find_sentences
from db.archive.responses import format_now
from db.journal.entries import NEW_ID_PATTERN, EntryDraft, JournalError, make_new_id
from web.annotate.fields import FormFields, read_form_fields
from web.annotate.form import (
    FORM_FIELDS,
    LONGEST_ADDRESS,
    FormData,
    find_form_mistakes,
    has_words,
    make_payload,
    read_form,
    show_form,
    show_form_again,
)
from web.annotate.queries import build_note_address, read_words
from web.guidance.queries import read_points
from web.http.auth import (
    CheckedRequest,
    accept_writes,
    answer_done,
    answer_refusal,
    may_act,
    read_fields,
    redirect_to_sign_in,
    wants_json,
    write_sentence,
)
from web.http.pages import CACHED, RequestRefused, render_missing
from web.http.reading import read_today

HOW_TO_BEGIN = "Follow Annotate beside a speech, on the page of its debate."


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """Give templates `may(what, of)`, `new_id()`, and `may_annotate`, which is False on pages of a past date."""
    actor = request.actor if request else None

    def may(what: str, of: str | None = None) -> bool:
        return bool(actor) and may_act(datasette, actor, what, of)

    may_annotate = bool(actor) and not request.args.get("as_of") and may_act(datasette, actor, "annotate")
    return {"may": may, "new_id": make_new_id, "may_annotate": may_annotate}


async def list_points(datasette: Any, request: Any) -> Any:
    """Answer with every point of guidance as JSON."""
    return Response.json(list((await read_today(datasette, read_points)).values()), headers=CACHED)


async def list_sentences(datasette: Any, request: Any) -> Any:
    """Answer with the text of a debate's speeches, or of ?speech=, and their sentences (start, end in code points)."""
    debate, speech = request.url_vars["debate"], request.args.get("speech") or ""
    speeches = await read_today(datasette, lambda conn: read_words(conn, debate, speech))
    if not speeches:
        sentence = f"There are no words of a debate {debate} in this archive."
        return Response.json({"ok": False, "error": sentence}, status=404)
    return Response.json([{**one, "sentences": list(find_sentences(one["text"]))} for one in speeches], headers=CACHED)


async def annotate_words(datasette: Any, request: Any) -> Any:
    """Show the form; enter the annotation where the form is posted."""
    if request.method == "POST" and (request.actor or wants_json(request)):
        return await enter_annotation(datasette, request)
    if not request.actor:
        return await _sign_in_first(request)
    if not may_act(datasette, request.actor, "annotate"):
        why = f"{request.actor['id']} may read, not annotate: ask whoever runs this site for the role."
        return await answer_refusal(datasette, request, RequestRefused(403, why))
    asked = read_form_fields({key: request.args.get(key) for key in (*FORM_FIELDS, "place")})
    read = await read_form(datasette, asked)
    if not read.speech:
        return await render_missing(datasette, request, f"speech {asked.texts['speech']}".strip(), HOW_TO_BEGIN)
    wrong_words = has_words(asked) and not read.words.captured
    mistakes = asked.malformed | ({"exact": read.words.sentence} if wrong_words else {})
    return await show_form(datasette, request, asked, read, mistakes)


async def _sign_in_first(request: Any) -> Any:
    """Redirect to the sign-in page, and from there back with the fields that an address can hold."""
    posted: Mapping[str, Any] = {}
    if request.method == "POST":
        try:
            posted = await read_fields(request)
        except RequestRefused:
            posted = {}
    filled = {key: posted[key] for key in FORM_FIELDS if posted.get(key)}
    back = f"{request.path}?{urlencode(filled)}" if filled else request.full_path
    if len(back) >= LONGEST_ADDRESS // 2:
        back = f"/annotate?{urlencode({'speech': str(filled.get('speech', ''))[:300]})}"
    return redirect_to_sign_in(back)


@accept_writes("annotate")
async def enter_annotation(datasette: Any, request: Any, posted: CheckedRequest) -> Any:
    """Enter an annotation; the same form sent twice makes one annotation."""
    asked = read_form_fields(posted.fields)
    read = await read_form(datasette, asked)
    if not read.speech:
        raise RequestRefused(
            404,
            f"There is no speech {asked.texts['speech']}. {HOW_TO_BEGIN}" if asked.texts["speech"] else HOW_TO_BEGIN,
        )
    if posted.fields.get("look") or posted.fields.get("take"):
        return await show_form_again(datasette, request, asked, read)
    if mistakes := find_form_mistakes(asked, read):
        return await _refuse(datasette, request, asked, read, mistakes)
    id = asked.texts["id"] if NEW_ID_PATTERN.fullmatch(asked.texts["id"]) else make_new_id()
    creation = {"creator": posted.actor["id"], "created": format_now()}
    draft = EntryDraft(posted.actor["id"], "annotate", {"id": id, **make_payload(asked, read.words), **creation})
    try:
        entry, shown = await asyncio.to_thread(enter_once, find_archive_paths(datasette), draft)
    except JournalError as error:
        renewed = asked._replace(texts={**asked.texts, "id": make_new_id()})
        return await _refuse(datasette, request, renewed, read, {"exact": write_sentence(error)})
    result = {"id": id, "entry": entry, "address": build_note_address(id), "shown": shown}
    return await answer_done(request, result, build_note_address(id, [entry]), 201)


async def _refuse(datasette: Any, request: Any, asked: FormFields, read: FormData, mistakes: Mapping[str, str]) -> Any:
    """Show the form again, or raise RequestRefused to a program: 409 where only the words given are wrong, else 400."""
    status = 409 if set(mistakes) == {"exact"} and has_words(asked) else 400
    if wants_json(request):
        raise RequestRefused(status, " ".join(mistakes.values()))
    return await show_form(datasette, request, asked, read, mistakes, status)
