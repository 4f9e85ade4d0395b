"""Addresses of rows that have moved: of debates and speeches whose id has changed, and of tables that were renamed."""

import re
from collections.abc import Awaitable

from datasette import NotFound

from db.references import find_new_id
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import redirect_permanently
from web.http.reading import read_today
from web.urls import url_for

ROW = re.compile(r"/statements/(debates|speeches)/([\w-]+)(\.\w+)?", re.ASCII)
RENAMED = {"about": "relevant_debates", "counted": "quote_counts", "heard": "speaker_counts"}


def redirect_moved_row(
    datasette: Datasette, request: Request, exception: Exception
) -> Awaitable[Response | None] | None:
    """Redirect from the row of an id that a debate or speech had before; None leaves the error to others."""
    match = ROW.fullmatch(request.path)
    return (
        _redirect_old_row(datasette, request, *match.groups("")) if match and isinstance(exception, NotFound) else None
    )


async def _redirect_old_row(
    datasette: Datasette, request: Request, table: str, id: str, ending: str
) -> Response | None:
    new = await read_today(datasette, lambda conn: find_new_id(conn, id, table))
    return _redirect(request, f"{table}/{new}{ending}") if new else None


async def redirect_renamed_table(request: Request) -> Response:
    """Redirect the row of a renamed table, the old name of which is a view, and a view has no pages of rows."""
    return _redirect(request, f"{RENAMED[request.url_vars['table']]}/{request.path.rpartition('/')[2]}")


def _redirect(request: Request, row: str) -> Response:
    query = f"?{request.query_string}" if request.query_string else ""
    return redirect_permanently(f"{url_for('database')}/{row}{query}")
