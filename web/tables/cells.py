"""Cells of Datasette's tables: links to our pages and to other sites, and a guard against formulas in its CSV."""

import csv
import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import wraps
from types import ModuleType, SimpleNamespace
from typing import Any, TextIO

from datasette.views import base
from markupsafe import Markup

from db.csv_cells import GuardedWriter
from web.http.datasette_types import Request, Response
from web.http.site_database import DATABASE, has_site_database
from web.urls import add_prefix, url_for

PAGES_BY_COLUMN = {
    **dict.fromkeys(("debate_id", "debates.id"), "debate"),
    **dict.fromkeys(("speech_id", "speeches.id", "division_id", "candidate_id"), "speech"),
    **dict.fromkeys(("point_id", "reads_id", "parent_id", "guidance_points.id"), "point"),
    **dict.fromkeys(("document_id", "guidance_documents.id"), "document"),
    **dict.fromkeys(("speeches.person_id", "memberships.person_id", "offices.person_id", "persons.id"), "person"),
    "person_names.person_id": "person",
}
EDITIONS_PAGE = re.compile(r"/speech/[\w-]+/editions", re.ASCII)
ID = re.compile(r"[\w-]+(/[\w-]+)?", re.ASCII)
LINK = Markup('<a href="{}">{}</a>')

GUARDS: ContextVar[bool] = ContextVar("GUARDS", default=False)  # True while rows of our database are sent as CSV

SendCsv = Callable[[object, Request, str], Awaitable[Response]]  # of a view of Datasette and a name of a database


def render_link(value: object, column: str, table: str | None, database: str) -> Markup | None:
    """Render ids as links to our pages, under their label if they have one, and http(s) addresses as links."""
    value, label = (value["value"], value["label"]) if isinstance(value, dict) else (value, value)
    if database != "statements" or not isinstance(value, str):
        return None
    page = PAGES_BY_COLUMN.get(column) or PAGES_BY_COLUMN.get(f"{table}.{column}")
    if page and ID.fullmatch(value):
        return LINK.format(url_for(page, id=value.removeprefix("person/")), label)
    if column == "page" and EDITIONS_PAGE.fullmatch(value):
        return LINK.format(add_prefix(value), value)
    if column.endswith("url") or column == "via":
        return LINK.format(value, value) if re.match(r"https?://[^\s/]", value) else None
    return None


def guard_csv() -> None:
    """Make Datasette write the CSV of our database with GuardedWriter, once; it has no hook for that."""
    if isinstance(base.csv, ModuleType):
        base.csv = SimpleNamespace(writer=_open_writer)
        base.DataView.as_csv = _note_database(base.DataView.as_csv)


def _open_writer(file: TextIO) -> object:
    return GuardedWriter(file) if GUARDS.get() else csv.writer(file)


def _note_database(as_csv: SendCsv) -> SendCsv:
    """Make Datasette's method note whether the rows that this request streams are of our database."""

    @wraps(as_csv)
    async def send_csv(view: Any, request: Request, database: str) -> Response:
        GUARDS.set(database == DATABASE and has_site_database(view.ds))
        return await as_csv(view, request, database)

    return send_csv
