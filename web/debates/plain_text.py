"""/text/<speech>: the plain text that every offset counts in."""

from typing import Any

from datasette import Response, hookimpl

from web.http.pages import CACHED, reading

TEXT = "SELECT text FROM speeches WHERE id = ?"


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /text/."""
    return [(r"^/text/(?P<id>[\w-]+)$", text)]


async def text(datasette: Any, request: Any) -> Any:
    """The words of a speech, code point for code point."""
    id = request.url_vars["id"]
    found = await reading(datasette, lambda conn: conn.execute(TEXT, (id,)).fetchone())
    if found is None:
        return Response.text(f"There is no speech {id} in this archive.\n", status=404)
    return Response(found[0], headers=CACHED, content_type="text/plain; charset=utf-8")
