"""The page /verify: a quotation checked against the archive, with every difference marked."""

import json
import sqlite3
from urllib.parse import urlencode

from annotations.verification.verdict import Verdict, make_text_fragment, make_verdict_data
from annotations.verification.verify import verify_quotation
from db.sqlite import OPERATIONAL_ERRORS, Row, read_first_row, read_rows
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, render_page
from web.http.reading import read_today
from web.http.site_url import find_base_url
from web.rendering.citation_formats import cite_speech, write_lines
from web.urls import path_for, url_for
from web.verify.side_by_side import divide_side_by_side, show_cut_words
from web.verify.view import UNFOUND, choose_tone, find_lead, list_examples

MAX_QUOTATION = 2_000  # characters; many servers refuse longer addresses
KINDS = {
    "case": "Capitals",
    "spelling": "Spelling",
    "number": "A number changed",
    "word": "A word changed",
    "order": "The order changed",
    "cut": "Cut",
    "added": "Added",
    "punctuation": "Punctuation",
    "joined": "Joined from another place",
    "omitted": "Left out at the dots",
    "replaced": "Replaced in brackets",
    "explained": "Explained in brackets",
}
SPEECHES = """
SELECT s.id, s.debate_id, s.kind, s.speaker, s.person_id, s.party, s.constituency, s.office, s.question_number,
       s.citation, s.column, s.hansard_address, s.hansard_url, s.url
  FROM speeches s WHERE s.id IN (SELECT value FROM json_each(?))
"""
DEBATE = "SELECT * FROM debates WHERE id = ?"
EXAMPLE = """
SELECT exact FROM passages WHERE length(exact) BETWEEN 40 AND 200 ORDER BY created DESC, id LIMIT 1
"""
BOOKMARKLET = "javascript:void(location.href='{}?quote='+encodeURIComponent(String(getSelection()).trim().slice(0,{})))"
TOO_LONG = "It took too long and was stopped. Give a shorter quotation, or a date."


async def verify_page(datasette: Datasette, request: Request) -> Response:
    """Show the verdict on a quotation, and the form; as JSON at /verify.json, and with ?format=json."""
    asked = {key: (request.args.get(key) or "").strip() for key in ("quote", "speaker", "date")}
    if not asked["quote"]:
        if _wants_file(request):
            return await _answer(
                datasette, request, asked, {}, "Give the words in quote, as in ?quote=hard-working.", 400
            )
        found = await read_today(datasette, lambda conn: read_first_row(conn, EXAMPLE))
        return await _answer(datasette, request, asked, {"examples": list_examples(found["exact"] if found else None)})
    base = find_base_url(request)
    try:
        found = await read_today(datasette, lambda conn: _read_verdict(conn, base, **asked), typed=True)
    except ValueError as error:
        return await _answer(datasette, request, asked, {}, _write_sentence(str(error)), 400)
    except OPERATIONAL_ERRORS as error:
        if str(error) != "interrupted":
            raise
        return await _answer(datasette, request, asked, {}, TOO_LONG, 503)
    return await _answer(datasette, request, asked, found)


def _wants_file(request: Request) -> bool:
    return request.path.endswith(".json") or request.args.get("format") == "json"


async def _answer(
    datasette: Datasette, request: Request, asked: dict[str, str], found: Row, wrong: str = "", status: int = 200
) -> Response:
    if _wants_file(request):
        data = {"error": wrong} if wrong else make_verdict_data(found["verdict"])
        return Response.json(data, status=status, headers=CACHE_MINUTE)
    page = find_base_url(request) + path_for("verify")
    context = {
        **asked,
        "wrong": wrong,
        "longest": MAX_QUOTATION,
        "kinds": KINDS,
        "unfound": UNFOUND,
        "bookmarklet": BOOKMARKLET.format(page, MAX_QUOTATION),
        "share": f"{page}?{urlencode({key: value for key, value in asked.items() if value})}",
        **found,
    }
    return await render_page(datasette, request, "verify/verify.html", context, status)


def _write_sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:200]}."


def _read_verdict(conn: sqlite3.Connection, base: str, quote: str, speaker: str, date: str) -> Row:
    """Read the verdict, both texts in pieces, and where the words are in the record."""
    verdict = verify_quotation(conn, quote, speaker or None, date or None)
    said = show_cut_words(" … ".join(passage.words for passage in verdict.passages), verdict.differences)
    quoted, record = divide_side_by_side(quote, said, verdict.differences)
    where = _locate_passages(conn, verdict, base)
    shown = {"tone": choose_tone(verdict), "lead": find_lead(verdict.sentence), "quoted": quoted, "record": record}
    return {"verdict": verdict, "where": where, **shown}


def _locate_passages(conn: sqlite3.Connection, verdict: Verdict, base: str) -> list[Row]:
    """List the places found, each with its speech, its debate, an address that highlights the words, and citations."""
    ids = [passage.speech_id for passage in verdict.passages]
    speeches = {row["id"]: row for row in read_rows(conn, SPEECHES, (json.dumps(ids),))}
    places = []
    for passage in verdict.passages:
        speech = speeches.get(passage.speech_id)
        debate = speech and read_first_row(conn, DEBATE, (speech["debate_id"],))
        if speech and debate:
            page = f"{url_for('debate', id=debate['id'])}#{speech['id']}"
            lines = write_lines(cite_speech(speech, debate, base))
            address = make_text_fragment(page, passage.words)
            places.append({"passage": passage, "speech": speech, "debate": debate, "address": address, "lines": lines})
    return places
