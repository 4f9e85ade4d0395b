"""/log and /log.json: what everybody did, entry after entry of the journal, for all to read."""

from typing import Any
from urllib.parse import quote

from datasette import Response, hookimpl

from db.journal.payload_schemas import PAYLOADS
from db.rows import Row
from web.http.pages import CACHED, number, page
from web.http.reading import reading
from web.log.queries import PERIOD, logged

MOST = 10_000  # pages


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /log and /log.json."""
    return [(r"^/log$", log), (r"^/log\.json$", as_json)]


async def log(datasette: Any, request: Any) -> Any:
    """The page that people read."""
    filters, at = asked(request), number(request.args.get("page"), MOST)
    found = await reading(datasette, lambda conn: logged(conn, filters, at))
    context = {"log": found, "filters": filters, "at": at, "who": (request.actor or {}).get("id")}
    return await page(datasette, request, "log/log.html", context)


async def as_json(datasette: Any, request: Any) -> Any:
    """The same for programs: `next` is the address of the entries before these."""
    before = (request.args.get("before") or "").replace("\0", "")[:26]
    filters = asked(request)
    found = await reading(datasette, lambda conn: logged(conn, {**filters, "before": before}, 1))
    onward = ""
    if found.more:
        kept = "".join(f"&{key}={quote(value)}" for key, value in filters.items() if value)
        onward = f"/log.json?before={found.entries[-1]['id']}{kept}"
    entries = [told(row) for row in found.entries]
    return Response.json({"entries": entries, "total": found.total, "next": onward or None}, headers=CACHED)


def told(row: Row) -> Row:
    """An entry with flags as such."""
    return {**row, **{key: bool(row[key]) for key in ("undone", "moderates")}}


def asked(request: Any) -> dict[str, str]:
    """The filters of an address; what is no kind and no period leaves all."""
    keys = ("actor", "kind", "period", "annotation", "entry")
    given = {key: (request.args.get(key) or "").replace("\0", "")[:300] for key in keys}
    given["kind"] = given["kind"] if given["kind"] in PAYLOADS else ""
    given["period"] = given["period"] if PERIOD.fullmatch(given["period"]) else ""
    return {**given, "moderation": "1" if request.args.get("moderation") else ""}
