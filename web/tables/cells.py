"""Cells of Datasette's tables: links to our pages and to other sites, and a guard against formulas in its CSV."""

import re
from types import SimpleNamespace
from typing import Any

from datasette.views import base
from markupsafe import Markup

from db.csv_cells import GuardedWriter

PAGES_BY_COLUMN = {
    **dict.fromkeys(("debate_id", "debates.id"), "/debate/"),
    **dict.fromkeys(("speech_id", "speeches.id", "division_id", "candidate_id"), "/speech/"),
    **dict.fromkeys(("point_id", "reads_id", "parent_id", "guidance_points.id"), "/guidance/"),
    **dict.fromkeys(("document_id", "guidance_documents.id"), "/guidance/"),
    **dict.fromkeys(("speeches.person_id", "memberships.person_id", "offices.person_id", "persons.id"), "/people/"),
    "person_names.person_id": "/people/",
}
EDITIONS_PAGE = re.compile(r"/speech/[\w-]+/editions", re.ASCII)
ID = re.compile(r"[\w-]+(/[\w-]+)?", re.ASCII)
LINK = Markup('<a href="{}{}">{}</a>')


def render_link(value: Any, column: str, table: str | None, database: str) -> Markup | None:
    """Render ids as links to our pages, under their label if they have one, and http(s) addresses as links."""
    value, label = (value["value"], value["label"]) if isinstance(value, dict) else (value, value)
    if database != "statements" or not isinstance(value, str):
        return None
    page = PAGES_BY_COLUMN.get(column) or PAGES_BY_COLUMN.get(f"{table}.{column}")
    if page and ID.fullmatch(value):
        return LINK.format(page, value.removeprefix("person/"), label)
    if column == "page" and EDITIONS_PAGE.fullmatch(value):
        return LINK.format("", value, value)
    if column.endswith("url") or column == "via":
        return LINK.format("", value, value) if re.match(r"https?://[^\s/]", value) else None
    return None


def guard_csv() -> None:
    """Make Datasette write CSV rows with GuardedWriter; it has no hook for that."""
    base.csv = SimpleNamespace(writer=GuardedWriter)
