"""/q/<id>: the permanent page of a quote; /q/<id>.bib, .ris, .json, .txt, .csv and .jsonld: the same for programs."""

import asyncio
from urllib.parse import unquote

from datasette.utils.sqlite import sqlite3

from annotations.exchange import csv_format
from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle import Bundle
from annotations.exchange.bundle_queries import list_attribution, read_annotations
from annotations.verification.verdict import make_text_fragment
from db.records.annotation import PROVEN
from db.sqlite import Row
from web.annotate.queries import read_history
from web.http.as_of_date import render_if_too_early, serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.error_forms import answer_error_as_data
from web.http.file_answers import send_text, write_json
from web.http.negotiation import choose_form
from web.http.pages import CACHE_MINUTE, redirect_permanently, render_missing, render_page
from web.http.reading import read_page, read_today
from web.http.site_url import find_base_url
from web.http.until_loaded import wait_until_loaded
from web.http.visibility import has_hidden_notes
from web.quotes.queries import QuotePage, find_creation_time, find_other_page, read_quote
from web.rendering.citation_formats import (
    FILE_FORMATS,
    Citation,
    find_official_page,
)
from web.rendering.speech_blocks import mark_in_sentence, write_paragraphs
from web.urls import path_for, url_for

JSONLD = f'application/ld+json; profile="{w3c.CONTEXT}"'
WITHDRAWN = "This quote was withdrawn: its page has its history."
HIDDEN = "If it is another person's note on a debate that you annotate blind, it is hidden until you finish."
ADVICE = "Quotes are linked from the guidance that they are about, and from the notes in their debates."


@wait_until_loaded
@serve_as_of
async def show_quote(datasette: Datasette, request: Request) -> Response:
    """Show a quote as a page, or send it in the form that the address or the header Accept asks for."""
    id, base = unquote(request.url_vars["id"]), find_base_url(request)
    found, form, onward, bundle, events = await read_page(datasette, lambda conn: _read_answer(conn, id))
    if onward:
        return redirect_permanently(onward)
    gone = bool(found and found.note["status"] == "withdrawn") or bool(not found and events)
    if gone and (plain := answer_error_as_data(request, 410, WITHDRAWN, CACHE_MINUTE)):
        return plain
    if not found and events:
        return await render_page(datasette, request, "quotes/undone.html", {"looked_for": id, "history": events}, 410)
    if not found:
        known = await read_today(
            datasette, lambda conn: find_creation_time(conn, id) or find_creation_time(conn, id.rpartition(".")[0])
        )
        early = known and await render_if_too_early(datasette, request, f"quote {id}", known, "made")
        advice = HIDDEN if await read_page(datasette, has_hidden_notes) else ADVICE
        return early or await render_missing(datasette, request, f"quote {id}", advice)
    if not form and choose_form(request.headers.get("accept", ""), ("text/html", "application/ld+json")) != "text/html":
        form = "jsonld"
    if form == "png" and not gone:
        return await _send_card(datasette, found)
    if form and not gone:
        return _answer_file(form, found, bundle, base)
    contact = (datasette.plugin_config("dispatch-box") or {}).get("contact")
    context = {**_build_context(found, base), "contact": contact}
    response = await render_page(datasette, request, "quotes/quote.html", context, 410 if gone else 200)
    response.headers = {**response.headers, "Vary": "Accept"}
    return response


def _read_answer(conn: sqlite3.Connection, id: str) -> tuple[QuotePage | None, str, str | None, Bundle, list[Row]]:
    """Read the quote, the format in its address, a page to redirect to, what files have of it, and its history.

    The history is that of a missing quote alone.
    """
    found, form = read_quote(conn, id), ""
    if not found:
        stem, _, ending = id.rpartition(".")
        found, form = (
            (read_quote(conn, stem), ending) if ending in (*FILE_FORMATS, "csv", "jsonld", "png") else (None, "")
        )
    if not found:
        events = read_history(conn, id)
        undone = any(event["kind"] == "annotate" and event["undone"] for event in events)
        return None, "", find_other_page(conn, id), _make_bundle(conn, []), events if undone else []
    return found, form, None, _make_bundle(conn, [found.note["id"]]), []


def _make_bundle(conn: sqlite3.Connection, ids: list[str]) -> Bundle:
    standing = tuple(read_annotations(conn, ids).values())
    return Bundle(annotations=standing, guidance=(), attribution=list_attribution(conn), exported="")


async def _send_card(datasette: Datasette, read: QuotePage) -> Response:
    """Send the card of a quote as a picture. Raises ServerBusy."""
    from web.quotes import card  # not needed to start the site, and Pillow takes a while to import

    notice = str(datasette.jinja_env.globals.get("notice") or "")
    said = read.note, read.speech or {}, read.debate or {}
    drawn = await asyncio.to_thread(lambda: card.PRESS.draw(card.make_card_text(*said, notice)))
    return Response(drawn, headers=CACHE_MINUTE, content_type="image/png")


def _answer_file(form: str, read: QuotePage, bundle: Bundle, base: str) -> Response:
    here = f"{url_for('quote', id=read.note['id'])}.{form}"
    headers = {**CACHE_MINUTE, "Vary": "Accept", "Content-Location": here}
    if form == "jsonld":
        nodes = [w3c.make_annotation_node(each, base, bundle.attribution) for each in bundle.annotations]
        return Response(write_json(nodes[0] if nodes else {}), headers=headers, content_type=JSONLD)
    if form == "csv":
        text, media = csv_format.write_bundle(bundle, base).decode(), "text/csv; charset=utf-8"
    else:
        write, media = FILE_FORMATS[form]
        text = write(cite_quote(read, base))
    answer = send_text(text, media, f"{read.note['id']}.{form}")
    answer.headers = {**answer.headers, **headers}
    return answer


def cite_quote(read: QuotePage, base: str) -> Citation:
    """Make a citation of whoever spoke the words quoted; it has the words only if they stand (exact or moved)."""
    note, speech, debate = read.note, read.speech or {}, read.debate or {}
    quoted = read.quoted or {**speech, "title": debate.get("title"), "withdrawal": ""}
    withdrawal = f", {quoted['withdrawal']}" if quoted["withdrawal"] else ""
    return Citation(
        id=note["id"],
        kind="quote",
        author=quoted.get("speaker") or "Parliament",
        title=quoted["title"] or note["target"],
        date=quoted.get("date") or note["created"][:10],
        reference=f"{quoted.get('citation') or note['target']}{withdrawal}",
        volume=debate.get("volume") or "",
        column=speech.get("column") or "",
        words=note["exact"] if note["anchor"] in PROVEN else "",
        url=base + path_for("quote", id=note["id"]),
        official=find_official_page(speech),
    )


def _build_context(read: QuotePage, base: str) -> Row:
    note, speech = read.note, read.speech
    context: Row = {**read._asdict(), "one": cite_quote(read, base)}
    if not speech or note["anchor"] not in PROVEN or note["status"] == "withdrawn":
        return context
    addresses = ("url", "hansard_address", "hansard_url")
    shown = {key: make_text_fragment(speech[key], note["exact"]) for key in addresses if speech[key]}
    at = (note["start"], note["end"], note["reading"])
    sentence = mark_in_sentence(speech["text"], *at)
    paragraphs = write_paragraphs(speech["text"], speech["markup"], *at)
    is_longer = len(paragraphs.striptags()) > len(sentence.striptags().strip("… "))
    return {**context, "shown": shown, "sentence": sentence, "paragraphs": paragraphs if is_longer else ""}
