"""The page /verify: a quotation checked against the archive, with every difference marked."""

import json

from datasette.utils.sqlite import sqlite3

from annotations.verification.verdict import Verdict, make_text_fragment, make_verdict_data
from annotations.verification.verify import verify_quotation
from db.sqlite import OPERATIONAL_ERRORS, Row, read_rows
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, render_page
from web.http.reading import read_today
from web.http.site_url import find_base_url
from web.urls import path_for, url_for
from web.verify.side_by_side import divide_side_by_side

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
    "explained": "Put in in brackets",
}
UNFOUND = ("not found", "not held", "recast", "cannot tell")  # answers whose passage is only near
DEBATES = """
SELECT s.id, s.debate_id, d.title FROM speeches s JOIN debates d ON d.id = s.debate_id
 WHERE s.id IN (SELECT value FROM json_each(?))
"""
BOOKMARKLET = "javascript:void(location.href='{}?quote='+encodeURIComponent(String(getSelection()).trim().slice(0,{})))"
TOO_LONG = "It took too long and was stopped. Give a shorter quotation, or a day."


async def verify_page(datasette: Datasette, request: Request) -> Response:
    """Show the form and the verdict on the quotation in it; ?format=json for programs."""
    asked = {key: (request.args.get(key) or "").strip() for key in ("quote", "speaker", "date")}
    if not asked["quote"]:
        wrong = "Give the words in quote, as in ?quote=hard-working." if request.args.get("format") == "json" else ""
        return await _answer(datasette, request, asked, {}, wrong, 400 if wrong else 200)
    try:
        found = await read_today(datasette, lambda conn: _read_verdict(conn, **asked), typed=True)
    except ValueError as error:
        return await _answer(datasette, request, asked, {}, _write_sentence(str(error)), 400)
    except OPERATIONAL_ERRORS as error:
        if str(error) != "interrupted":
            raise
        return await _answer(datasette, request, asked, {}, TOO_LONG, 503)
    return await _answer(datasette, request, asked, found)


async def _answer(
    datasette: Datasette, request: Request, asked: dict[str, str], found: Row, wrong: str = "", status: int = 200
) -> Response:
    if request.args.get("format") == "json":
        data = {"error": wrong} if wrong else make_verdict_data(found["verdict"])
        return Response.json(data, status=status, headers=CACHE_MINUTE)
    bookmarklet = BOOKMARKLET.format(find_base_url(request) + path_for("verify"), MAX_QUOTATION)
    context = {
        **asked,
        "wrong": wrong,
        "longest": MAX_QUOTATION,
        "kinds": KINDS,
        "unfound": UNFOUND,
        "bookmarklet": bookmarklet,
        **found,
    }
    return await render_page(datasette, request, "verify/verify.html", context, status)


def _write_sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:200]}."


def _read_verdict(conn: sqlite3.Connection, quote: str, speaker: str, date: str) -> Row:
    """Read the verdict, both texts in pieces, and the debates of the passages found."""
    verdict = verify_quotation(conn, quote, speaker or None, date or None)
    said = " … ".join(passage.words for passage in verdict.passages)
    quoted, record = divide_side_by_side(quote, said, verdict.differences)
    return {"verdict": verdict, "quoted": quoted, "record": record, "where": _locate_passages(conn, verdict)}


def _locate_passages(conn: sqlite3.Connection, verdict: Verdict) -> list[Row]:
    """List the passages found, each with its debate and an address that highlights it."""
    ids = [passage.speech_id for passage in verdict.passages]
    found = {row["id"]: row for row in read_rows(conn, DEBATES, (json.dumps(ids),))}
    return [
        {**row, "passage": each, "address": _build_passage_address(row, each.words)}
        for each in verdict.passages
        if (row := found.get(each.speech_id))
    ]


def _build_passage_address(row: Row, words: str) -> str:
    return make_text_fragment(f"{url_for('debate', id=row['debate_id'])}#{row['id']}", words)
