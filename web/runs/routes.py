"""The page /runs, about fetching from the sources; /healthz, the health of the archive for a probe."""

import os
from datetime import datetime

from datasette.utils.sqlite import sqlite3

from db.archive import responses as archive
from db.sqlite import SQLITE_ERRORS
from db.statements import runs as ledger
from scrapers.reports.health import (
    DEFAULT_INTERVAL,
    ArchiveHealth,
    assess_health,
    describe_arrivals,
    explain_failure,
    parse_age,
)
from scrapers.reports.speakers import NO_REGISTER, lacks_register
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import render_page
from web.http.reading import read_today

UNCACHED = {"Cache-Control": "no-store"}


async def show_runs(datasette: Datasette, request: Request) -> Response:
    """Show the health of the archive, its runs, open gaps, and what is expected next."""
    found, state, notice = await read_today(
        datasette,
        lambda conn: (
            ledger.read_run_ledger(conn),
            _read_health(conn),
            NO_REGISTER if lacks_register(conn) else "",
        ),
    )
    for run in found["runs"]:
        run["came"], run["why"] = describe_arrivals(run), explain_failure(run)
    return await render_page(datasette, request, "runs/runs.html", {**found, "health": state, "no_register": notice})


async def show_health(datasette: Datasette, request: Request) -> Response:
    """Answer 200 if the archive is healthy or a run goes on, else 503, with a reason; ?format=json for programs."""
    try:
        state = await read_today(datasette, _read_health)
    except SQLITE_ERRORS as error:
        state = ArchiveHealth("failing", f"statements.db cannot be read: {error}.", None, None)
    status = 200 if state.ok else 503
    if request.args.get("format") == "json":
        return Response.json({"ok": state.ok, **state._asdict()}, status=status, headers=UNCACHED)
    text = f"{'ok' if state.ok else state.state}: {state.sentence}\n"
    return Response.text(text, status=status, headers=UNCACHED)


def _read_health(conn: sqlite3.Connection) -> ArchiveHealth:
    """Judge the health of the archive by its runs and gaps."""
    every = parse_age(os.environ.get("SCRAPE_EVERY", DEFAULT_INTERVAL))
    return assess_health(
        **ledger.read_archive_state(conn), now=datetime.fromisoformat(archive.format_now()), every=every
    )
