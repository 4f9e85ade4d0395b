"""Answer 503 with Retry-After, never 404, for what is entered but not loaded, while statements.db is rebuilt."""

import asyncio
import sqlite3
from urllib.parse import unquote

from annotations.commands.archive_paths import find_archive_paths
from annotations.commands.journal_reader import list_entered
from web.http.datasette_types import Datasette, Request, Response, View
from web.http.error_forms import answer_error_as_data
from web.http.pages import NO_STORE

RETRY_AFTER = 10  # seconds
LOADED = "SELECT 1 FROM main.annotation_history WHERE ?1 IN (annotation_id, reply_id, moment_id) LIMIT 1"
NOT_LOADED = (
    "It is in the journal, and shows here once the record is loaded that is loading now. "
    f"Try again in {RETRY_AFTER} seconds."
)


def wait_until_loaded(view: View) -> View:
    """Decorate a view of an annotation, a reply or a moment, so that it answers 503 for one that is not loaded yet."""

    async def route(datasette: Datasette, request: Request) -> Response:
        answer = await view(datasette, request)
        id = unquote(request.url_vars["id"])
        if answer.status != 404 or not await _is_waiting(datasette, {id, id.rpartition(".")[0]} - {""}):
            return answer
        headers = {**NO_STORE, "Retry-After": str(RETRY_AFTER)}
        if plain := answer_error_as_data(request, 503, NOT_LOADED, headers):
            return plain
        context = {"title": "Not shown yet", "error": NOT_LOADED, "status": 503}
        html = await datasette.render_template("error.html", context, request=request)
        return Response.html(html, status=503, headers=headers)

    return route


async def _is_waiting(datasette: Datasette, ids: set[str]) -> bool:
    """Return True if the journal has one of these ids and statements.db, whoever reads it, has no entry about it."""
    entered = await asyncio.to_thread(list_entered, find_archive_paths(datasette), ids)
    statements = datasette.get_database("statements")
    return any([not await statements.execute_fn(lambda conn, id=id: _is_loaded(conn, id)) for id in entered])


def _is_loaded(conn: sqlite3.Connection, id: str) -> bool:
    return conn.execute(LOADED, (id,)).fetchone() is not None
