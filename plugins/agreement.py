"""/agreement and /agreement/<debate>: how far people agree who annotated blind; .json and .csv for programs."""

import asyncio
import csv
import io
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Response

from annotations.agreed import Known, agreed, as_json, as_rows, known
from annotations.agreement import ENOUGH, Agreement
from db import passes
from db.pages import CACHED, missing, page, reading
from db.rows import Row, first
from db.safe import safe
from db.unseen import blind

DEBATE = "SELECT id, title, house, date, section, citation FROM debates WHERE id = ?"
MOST = 100  # sentences of a kind on a page


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /agreement, and below it for one debate."""
    return [
        (r"^/agreement(?:/(?P<debate>[\w-]+))?$", told),
        (r"^/agreement(?:/(?P<debate>[\w-]+))?\.(?P<form>json|csv)$", as_file),
    ]


async def told(datasette: Any, request: Any) -> Any:
    """The page: a table of points, who took part, and one point in full, or each of a debate."""
    debate, hidden = request.url_vars["debate"] or "", {one.debate_id for one in blind()}
    held, named, every = await reading(
        datasette,
        lambda conn: (
            known(conn, debate, hidden),
            {"points": passes.points(conn), "speeches": passes.speeches(conn)},
            (first(conn, DEBATE, (debate,)), passes.passes(conn, debate)),
        ),
    )
    about, taken = every
    if debate and not about:
        return await missing(datasette, request, f"debate {debate}")
    found = await asyncio.to_thread(agreed, held)
    point = (request.args.get("point") or "")[:300]
    shown = [each for each in found if (each.point_id == point if point else debate)]
    context: dict[str, Any] = {"debate": about, "hidden": debate in hidden, "passes": taken, "found": found}
    context |= {
        "shown": shown,
        "point": point,
        "debates": _debates(held, taken),
        "text": written(found, "excel-tab"),
        **named,
    }
    address = f"/agreement/{debate}" if debate else "/agreement"
    return await page(
        datasette,
        request,
        "agreement.html",
        {**context, "text": written(found, "excel-tab"), "most": MOST, "enough": ENOUGH, "address": address},
    )


async def as_file(datasette: Any, request: Any) -> Any:
    """The same for programs; nothing of a debate that its reader has taken blind."""
    debate, hidden = request.url_vars["debate"] or "", {one.debate_id for one in blind()}
    held, there = await reading(
        datasette, lambda conn: (known(conn, debate, hidden), not debate or bool(first(conn, DEBATE, (debate,))))
    )
    if not there:
        return await missing(datasette, request, f"debate {debate}")
    found = await asyncio.to_thread(agreed, held)
    if request.url_vars["form"] == "json":
        return Response(as_json(found), headers=CACHED, content_type="application/json; charset=utf-8")
    headers = {**CACHED, "Content-Disposition": 'attachment; filename="agreement.csv"'}
    return Response(written(found, "excel"), headers=headers, content_type="text/csv; charset=utf-8")


def written(found: tuple[Agreement, ...], dialect: str) -> str:
    """The rows as CSV, or parted by tabs."""
    file = io.StringIO()
    csv.writer(file, dialect).writerows([safe(cell) for cell in row] for row in as_rows(found))
    return file.getvalue()


def _debates(held: Known, taken: list[Row]) -> list[Row]:
    """The debates that several people have finished, with who."""
    people = {read.debate_id: sorted(read.people) for read in held.reads}
    titles = {row["debate_id"]: row for row in taken}
    return [{**titles[id], "people": who} for id, who in people.items() if id in titles]
