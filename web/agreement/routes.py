"""The page /agreement, of all debates or one: how far blind annotators agree; .json and .csv for programs."""

import asyncio
import io
import sqlite3
from typing import Any

from datasette.utils.asgi import Response

from annotations.agreement.measure import FEWEST_SENTENCES, PointAgreement
from annotations.agreement.report import (
    AgreementData,
    compute_agreement,
    format_agreement_json,
    make_agreement_rows,
    read_agreement_data,
)
from db.csv_cells import GuardedWriter
from db.sqlite import Row, read_first_row
from web.agreement import queries as passes
from web.guidance import queries as guidance
from web.http.pages import CACHED, render_missing, render_page
from web.http.reading import read_today
from web.http.visibility import find_open_passes

DEBATE = "SELECT id, title, house, date, section, citation FROM debates WHERE id = ?"
MOST = 100  # sentences of a kind on a page, and lines to copy from it


async def show_agreement(datasette: Any, request: Any) -> Any:
    """Show a table of points, the people who took part, and one point in full, or every point of a debate."""
    debate, hidden = request.url_vars["debate"] or "", {one.debate_id for one in find_open_passes()}
    held, about, context = await read_today(datasette, lambda conn: _read(conn, debate, hidden))
    if debate and not about:
        return await render_missing(datasette, request, f"debate {debate}")
    found = await asyncio.to_thread(compute_agreement, held)
    point = (request.args.get("point") or "")[:300]
    shown = [each for each in found if (each.point_id == point if point else debate)]
    ids = {one.speech_id for each in shown for one in (*each.disagreements[:MOST], *each.agreed[:MOST])}
    context |= {"speeches": await read_today(datasette, lambda conn: passes.read_speeches(conn, ids))}
    context |= {"debate": about, "hidden": debate in hidden, "found": found, "shown": shown, "point": point}
    few = sum(len(each.pairs) for each in found) <= MOST
    context |= {
        "text": _write_csv(found, "excel-tab") if few else "",
        "most": MOST,
        "enough": FEWEST_SENTENCES,
        "most_passes": passes.MOST,
    }
    context |= {"address": f"/agreement/{debate}" if debate else "/agreement"}
    return await render_page(datasette, request, "agreement/agreement.html", context)


def _read(conn: sqlite3.Connection, debate: str, hidden: set[str]) -> tuple[AgreementData, Row | None, dict[str, Any]]:
    """Read what the report is made of, the debate (None where there is none), and context of the page."""
    held, titles = read_agreement_data(conn, debate, hidden), passes.read_titles(conn)
    debates = [{**titles[read.debate_id], "people": sorted(read.people)} for read in held.debates]
    context = {"passes": passes.read_passes(conn, debate), "points": guidance.read_points(conn), "debates": debates}
    return held, read_first_row(conn, DEBATE, (debate,)), context


async def show_file(datasette: Any, request: Any) -> Any:
    """Answer with JSON or CSV; leave out debates that the visitor is annotating blind."""
    debate, hidden = request.url_vars["debate"] or "", {one.debate_id for one in find_open_passes()}
    held, there = await read_today(
        datasette,
        lambda conn: (
            read_agreement_data(conn, debate, hidden),
            not debate or bool(read_first_row(conn, DEBATE, (debate,))),
        ),
    )
    if not there:
        return await render_missing(datasette, request, f"debate {debate}")
    found = await asyncio.to_thread(compute_agreement, held)
    if request.url_vars["form"] == "json":
        return Response(format_agreement_json(found), headers=CACHED, content_type="application/json; charset=utf-8")
    headers = {**CACHED, "Content-Disposition": 'attachment; filename="agreement.csv"'}
    return Response(_write_csv(found, "excel"), headers=headers, content_type="text/csv; charset=utf-8")


def _write_csv(found: tuple[PointAgreement, ...], dialect: str) -> str:
    """Write the report as CSV, in a dialect of the csv module."""
    file = io.StringIO()
    GuardedWriter(file, dialect).writerows(make_agreement_rows(found))
    return file.getvalue()
