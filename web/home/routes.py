"""The home page."""

import sqlite3
from typing import Any

from web.guidance import queries as guidance
from web.home import queries as summary
from web.http.pages import page
from web.http.reading import reading
from web.rendering import charts as chart
from web.rendering.speech_blocks import in_sentence


async def home(datasette: Any, request: Any) -> Any:
    """Show what this is, what is in it, and where to begin."""
    return await page(datasette, request, "home/home.html", await reading(datasette, _read))


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
        "bars": chart.bars(months, "mentions"),
        "size": (chart.WIDTH, chart.HEIGHT),
        "newest": newest,
        "documents": guidance.documents(conn),
    }
