"""The page /log: every entry of the journal in words; /log.json for programs."""

from urllib.parse import quote

from db.journal.payload_schemas import PAYLOADS
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, parse_page_number, read_arguments, render_page
from web.http.reading import read_today
from web.log.queries import PERIOD, read_log
from web.urls import url_for

MAX_PAGE = 10_000  # pages


async def show_log(datasette: Datasette, request: Request) -> Response:
    """Show a page of the log."""
    filters, at = _read_filters(request), parse_page_number(request.args.get("page"), MAX_PAGE)
    found = await read_today(datasette, lambda conn: read_log(conn, filters, at))
    context = {"log": found, "filters": filters, "at": at, "who": (request.actor or {}).get("id")}
    return await render_page(datasette, request, "log/log.html", context)


async def show_json(datasette: Datasette, request: Request) -> Response:
    """Answer with entries as JSON; `next` is the address of the entries before these, or None."""
    before = (request.args.get("before") or "").replace("\0", "")[:26]
    filters = _read_filters(request)
    found = await read_today(datasette, lambda conn: read_log(conn, {**filters, "before": before}, 1))
    onward = ""
    if found.more:
        query = "".join(f"&{key}={quote(value)}" for key, value in filters.items() if value)
        onward = f"{url_for('log_json')}?before={found.entries[-1]['id']}{query}"
    entries = [{**row, "undone": bool(row["undone"]), "moderates": bool(row["moderates"])} for row in found.entries]
    return Response.json({"entries": entries, "total": found.total, "next": onward or None}, headers=CACHE_MINUTE)


def _read_filters(request: Request) -> dict[str, str]:
    """Read the filters of an address; an unknown kind or period filters nothing."""
    keys = ("actor", "kind", "period", "annotation", "entry")
    given = read_arguments(request, keys, 300)
    given["kind"] = given["kind"] if given["kind"] in PAYLOADS else ""
    given["period"] = given["period"] if PERIOD.fullmatch(given["period"]) else ""
    return {**given, "moderation": "1" if request.args.get("moderation") else ""}
