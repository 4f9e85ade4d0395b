"""/timeline: how often a topic was named, and how much was quoted, month by month."""

from typing import Any

from web.debates.queries import list_topics
from web.http.as_of_date import serve_as_of
from web.http.pages import render_page
from web.http.reading import read_page
from web.rendering import charts as chart
from web.timeline import queries as timeline


@serve_as_of
async def show_timeline(datasette: Any, request: Any) -> Any:
    """Show two charts, and one table of the figures in both."""
    topic = (request.args.get("topic") or "").replace("\0", "")[:100]
    months, known = await read_page(
        datasette, request, lambda conn: (timeline.count_mentions_and_quotes_by_month(conn, topic), list_topics(conn))
    )
    context: dict[str, Any] = {"topic": topic, "topics": known, "months": months, "size": (chart.WIDTH, chart.HEIGHT)}
    drawn = {key: chart.place_bars(months, key) for key in ("mentions", "quotes")}
    context |= {"totals": {key: sum(month[key] for month in months) for key in drawn}}
    context |= {"peaks": {key: max(months, key=lambda month: month[key], default=None) for key in drawn}}
    return await render_page(datasette, request, "timeline/timeline.html", {**context, "bars": drawn})
