"""The page /annotate: show the form, and enter an annotation; its data at /points.json and /sentences/<debate>.json."""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

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
    write_sentence,
)
from web.http.datasette_types import Datasette, Request, Response
from web.http.error_forms import wants_json
from web.http.pages import CACHE_MINUTE, RequestRefused, render_missing
from web.http.reading import read_today
from web.urls import add_prefix, url_for

HOW_TO_BEGIN = "Open a debate and choose Annotate under a speech."


def make_annotator_variables(datasette: Datasette, request: Request) -> dict[str, object]:
    """Give templates `may(action, owner)`, `new_id()`, and `annotator`, who is None on pages with ?as_of.

    `annotator` has what the buttons of a note need: `id`, `may` and `csrf`.
    """
    actor = request.actor if request else None

    def may(action: str, owner: str | None = None) -> bool:
        return bool(actor) and may_act(datasette, actor, action, owner)

    annotator = None
    if request and actor and not request.args.get("as_of") and may_act(datasette, actor, "annotate"):
        annotator = {"id": actor["id"], "may": may, "csrf": request.scope["csrftoken"]}
    return {"may": may, "new_id": make_new_id, "annotator": annotator}


async def list_points(datasette: Datasette, request: Request) -> Response:
    """Answer with every point of guidance as JSON."""
    return Response.json(list((await read_today(datasette, read_points)).values()), headers=CACHE_MINUTE)


async def list_sentences(datasette: Datasette, request: Request) -> Response:
    """Answer with the text of a debate's speeches, or of ?speech=, and their sentences (start, end in code points)."""
    debate, speech = request.url_vars["debate"], request.args.get("speech") or ""
    speeches = await read_today(datasette, lambda conn: read_words(conn, debate, speech))
    if not speeches:
        sentence = f"There is no debate {debate} in this archive."
        return Response.json({"ok": False, "error": sentence}, status=404)
    return Response.json([{**one, "sentences": split_sentences(one["text"])} for one in speeches], headers=CACHE_MINUTE)


@lru_cache(maxsize=2_000)
def split_sentences(text: str) -> list[tuple[int, int]]:
    """Split a text into sentences; the result is kept, as the debate is asked for by everyone who annotates it."""
    return list(find_sentences(text))


async def annotate_words(datasette: Datasette, request: Request) -> Response:
    """Show the form; enter the annotation if the form is posted."""
    if request.method == "POST" and (request.actor or wants_json(request)):
        return await enter_annotation(datasette, request)
    if not request.actor:
        return await _sign_in_first(request)
    if not may_act(datasette, request.actor, "annotate"):
        why = f"{request.actor['id']} may read but not annotate. Ask whoever runs this site for the role of annotator."
        return await answer_refusal(datasette, request, RequestRefused(403, why))
    filled = read_form_fields({key: request.args.get(key) for key in (*FORM_FIELDS, "place")})
    data = await read_form(datasette, filled)
    if not data.speech:
        return await render_missing(datasette, request, f"speech {filled.texts['speech']}".strip(), HOW_TO_BEGIN)
    wrong_words = has_words(filled) and not data.words.captured
    mistakes = filled.malformed | ({"exact": data.words.sentence} if wrong_words else {})
    return await show_form(datasette, request, filled, data, mistakes)


async def _sign_in_first(request: Request) -> Response:
    """Redirect to the sign-in page, which leads back with the fields that fit into an address."""
    posted: Mapping[str, object] = {}
    if request.method == "POST":
        try:
            posted = await read_fields(request)
        except RequestRefused:
            posted = {}
    given = {key: posted[key] for key in FORM_FIELDS if posted.get(key)}
    back = add_prefix(f"{request.path}?{urlencode(given)}" if given else request.full_path)
    if len(back) >= LONGEST_ADDRESS // 2:
        back = f"{url_for('annotate')}?{urlencode({'speech': str(given.get('speech', ''))[:300]})}"
    return redirect_to_sign_in(back)


@accept_writes("annotate")
async def enter_annotation(datasette: Datasette, request: Request, posted: CheckedRequest) -> Response:
    """Enter an annotation; sending the same form twice makes one annotation."""
    filled = read_form_fields(posted.fields)
    data = await read_form(datasette, filled)
    if not data.speech:
        raise RequestRefused(
            404,
            f"There is no speech {filled.texts['speech']}. {HOW_TO_BEGIN}" if filled.texts["speech"] else HOW_TO_BEGIN,
        )
    if posted.fields.get("look") or posted.fields.get("take"):
        return await show_form_again(datasette, request, filled, data)
    if mistakes := find_form_mistakes(filled, data):
        return await _refuse(datasette, request, filled, data, mistakes)
    id = filled.texts["id"] if NEW_ID_PATTERN.fullmatch(filled.texts["id"]) else make_new_id()
    creation = {"creator": posted.actor["id"], "created": format_now()}
    draft = EntryDraft(posted.actor["id"], "annotate", {"id": id, **make_payload(filled, data.words), **creation})
    try:
        entry, shown = await asyncio.to_thread(enter_once, find_archive_paths(datasette), draft)
    except JournalError as error:
        renewed = filled._replace(texts={**filled.texts, "id": make_new_id()})
        return await _refuse(datasette, request, renewed, data, {"exact": write_sentence(error)})
    result = {"id": id, "entry": entry, "address": build_note_address(id), "shown": shown}
    return await answer_done(request, result, build_note_address(id, [entry]), 201)


async def _refuse(
    datasette: Datasette, request: Request, filled: FormFields, data: FormData, mistakes: Mapping[str, str]
) -> Response:
    """Show the form again, or raise RequestRefused for a program: 409 if only the words are wrong, else 400."""
    status = 409 if set(mistakes) == {"exact"} and has_words(filled) else 400
    if wants_json(request):
        raise RequestRefused(status, " ".join(mistakes.values()))
    return await show_form(datasette, request, filled, data, mistakes, status)
