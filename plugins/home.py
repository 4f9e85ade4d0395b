"""The home page."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from datasette import hookimpl

from annotations.marked import in_sentence
from db import guidance, summary
from db.pages import page, reading
from db.rows import Row

WIDTH, HEIGHT = 640, 64  # of the timeline, in its own units


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /."""
    return [(r"^/$", home)]


async def home(datasette: Any, request: Any) -> Any:
    """What this is, what is in it, and where to begin."""
    return await page(datasette, request, "home.html", await reading(datasette, _read))


def _read(conn: sqlite3.Connection) -> dict[str, Any]:
    months = summary.months(conn)
    newest = [
        {**mention, "quote": in_sentence(mention["text"], mention["start"], mention["end"])}
        for mention in summary.latest(conn)
    ]
    return {
        **summary.state(conn),
        "topics": summary.topics(conn),
        "months": months,
        "bars": list(_bars(months)),
        "size": (WIDTH, HEIGHT),
        "newest": newest,
        "documents": guidance.documents(conn),
    }


def _bars(months: list[Row]) -> Iterator[Row]:
    """A bar a month: its left edge, width and height, and the year where one begins."""
    most = max((m["mentions"] for m in months), default=1)
    step = WIDTH / max(len(months), 24)
    for n, month in enumerate(months):
        height = round(month["mentions"] / most * HEIGHT, 1)
        begins = n == 0 or month["month"].endswith("-01")
        yield {**month, "x": round(n * step, 1), "width": round(step * 0.8, 1), "height": height, "year": begins}
