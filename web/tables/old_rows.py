"""Addresses of rows of debates and speeches whose id has changed: they lead to the row of today."""

import re
from typing import Any

from datasette import NotFound, hookimpl

from db.references import find_new_id
from web.http.pages import redirect_permanently
from web.http.reading import read_today

ROW = re.compile(r"/statements/(debates|speeches)/([\w-]+)(\.\w+)?", re.ASCII)


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Redirect from the row of an id that a debate or speech had before; None leaves the error to others."""
    match = ROW.fullmatch(request.path)
    return (
        _redirect_old_row(datasette, request, *match.groups("")) if match and isinstance(exception, NotFound) else None
    )


async def _redirect_old_row(datasette: Any, request: Any, table: str, id: str, ending: str) -> Any:
    new = await read_today(datasette, lambda conn: find_new_id(conn, id, table))
    query = f"?{request.query_string}" if request.query_string else ""
    return redirect_permanently(f"/statements/{table}/{new}{ending}{query}") if new else None
