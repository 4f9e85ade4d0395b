"""The page /agreement, of all debates or one: how far blind annotators agree; .json and .csv for programs."""

import asyncio
import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from annotations.agreement.measure import FEWEST_SENTENCES
from annotations.agreement.report import (
    AgreementData,
    compute_agreement,
    format_agreement_json,
    make_agreement_rows,
    read_agreement_data,
)
from db.csv_cells import write_csv
from db.sqlite import Row, read_first_row, read_rows
from web.guidance import queries as guidance
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, render_missing, render_page
from web.http.reading import read_today
from web.http.visibility import find_open_passes
from web.urls import url_for

MAX_PASSES = 200  # on a page
PASSES = f"""
SELECT p.*, d.title, d.citation FROM passes p JOIN debates d ON d.id = p.debate_id
 WHERE :debate = '' OR p.debate_id = :debate
 ORDER BY p.done IS NOT NULL, p.done DESC, d.rowid, p.person LIMIT {MAX_PASSES}
"""
SPEECHES = """
SELECT s.id, s.speaker, s.person_id, s.party, s.citation, d.title FROM speeches s JOIN debates d ON d.id = s.debate_id
 WHERE s.id IN (SELECT value FROM json_each(?))
"""
TITLES = "SELECT id, title, citation FROM debates WHERE id IN (SELECT debate_id FROM passes)"
DEBATE = "SELECT id, title, house, date, section, citation FROM debates WHERE id = ?"
MAX_SENTENCES = 100  # sentences of each kind on a page, and rows of the text to copy


async def show_agreement(datasette: Datasette, request: Request) -> Response:
    """Show a table of points, the people who took part, and one point or a debate's points in full."""
    debate, hidden = request.url_vars.get("debate", ""), {one.debate_id for one in find_open_passes()}
    data, row, context = await read_today(datasette, lambda conn: _read_report(conn, debate, hidden))
    if debate and not row:
        return await render_missing(datasette, request, f"debate {debate}")
    found = await asyncio.to_thread(compute_agreement, data)
    point = (request.args.get("point") or "")[:300]
    shown = [each for each in found if (each.point_id == point if point else debate)]
    ids = {
        one.speech_id for each in shown for one in (*each.disagreements[:MAX_SENTENCES], *each.agreed[:MAX_SENTENCES])
    }
    context |= {"speeches": await read_today(datasette, lambda conn: read_speeches(conn, ids))}
    context |= {"debate": row, "hidden": debate in hidden, "found": found, "shown": shown, "point": point}
    few = sum(len(each.pairs) for each in found) <= MAX_SENTENCES
    context |= {
        "text": write_csv(make_agreement_rows(found), "excel-tab") if few else "",
        "most": MAX_SENTENCES,
        "enough": FEWEST_SENTENCES,
        "most_passes": MAX_PASSES,
    }
    context |= {"address": url_for("agreement_on", debate=debate) if debate else url_for("agreement")}
    return await render_page(datasette, request, "agreement/agreement.html", context)


def _read_report(
    conn: sqlite3.Connection, debate: str, hidden: set[str]
) -> tuple[AgreementData, Row | None, dict[str, Any]]:
    """Read the data of the report, the debate (None if there is no such debate), and context of the page."""
    data, titles = read_agreement_data(conn, debate, hidden), read_titles(conn)
    debates = [{**titles[read.debate_id], "people": sorted(read.people)} for read in data.debates]
    context = {"passes": read_passes(conn, debate), "points": guidance.read_points(conn), "debates": debates}
    return data, read_first_row(conn, DEBATE, (debate,)), context


async def show_file(datasette: Datasette, request: Request) -> Response:
    """Answer with JSON or CSV; leave out debates that the visitor annotates blind."""
    debate, hidden = request.url_vars.get("debate", ""), {one.debate_id for one in find_open_passes()}
    data, exists = await read_today(
        datasette,
        lambda conn: (
            read_agreement_data(conn, debate, hidden),
            not debate or bool(read_first_row(conn, DEBATE, (debate,))),
        ),
    )
    if not exists:
        return await render_missing(datasette, request, f"debate {debate}")
    found = await asyncio.to_thread(compute_agreement, data)
    if request.url_vars["form"] == "json":
        return Response(
            format_agreement_json(found), headers=CACHE_MINUTE, content_type="application/json; charset=utf-8"
        )
    headers = {**CACHE_MINUTE, "Content-Disposition": 'attachment; filename="agreement.csv"'}
    return Response(write_csv(make_agreement_rows(found)), headers=headers, content_type="text/csv; charset=utf-8")


def read_passes(conn: sqlite3.Connection, debate: str) -> list[Row]:
    """Read the passes over a debate, or over all for "": open ones first, then those finished last."""
    return read_rows(conn, PASSES, {"debate": debate})


def read_titles(conn: sqlite3.Connection) -> dict[str, Row]:
    """Read the title and citation of each debate that has a pass, by id."""
    return {row["id"]: row for row in read_rows(conn, TITLES)}


def read_speeches(conn: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Row]:
    """Read speeches by id: speaker, citation and the title of the debate."""
    return {row["id"]: row for row in read_rows(conn, SPEECHES, (json.dumps(list(ids)),))}
