"""The list of debates."""

from typing import Any

from datasette import hookimpl

from db.statements.debates import listed, topics
from web.http.pages import meant, number, page, reading

FILTERS = ("house", "kind", "date", "year", "topic")
DEEPEST = 10_000  # pages


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /debates, with or without a slash at its end."""
    return [(r"^/debates/?$", debates)]


async def debates(datasette: Any, request: Any) -> Any:
    """Debates newest first; with TheyWorkForYou's ?id= or ?gid=, the debate or speech that it means."""
    if request.args.get("id") or request.args.get("gid"):
        return await meant(datasette, request, f"https://www.theyworkforyou.com/debates/?{request.query_string}")
    filters = {key: (request.args.get(key) or "").replace("\0", "")[:100] for key in FILTERS}
    at = number(request.args.get("page"), DEEPEST)
    found, about = await reading(datasette, lambda conn: (listed(conn, filters, at), topics(conn)))
    context = {"listed": found, "topics": about, "filters": filters, "at": at}
    return await page(datasette, request, "debates/list.html", context)
