"""/timeline: mentions of a topic and quotes, month by month."""

from web.debates.queries import list_topics
from web.http.as_of_date import serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import read_arguments, render_page
from web.http.reading import read_page
from web.rendering.periods import list_periods
from web.timeline.queries import KINDS, count_by_month, draw_timeline

MAX_MONTHS = 40  # in the chart; if there would be more, it has years


@serve_as_of
async def show_timeline(datasette: Datasette, request: Request) -> Response:
    """Show the chart, and a table of its figures."""
    topic = read_arguments(request, ("topic",))["topic"]
    months, topics = await read_page(datasette, lambda conn: (count_by_month(conn, topic), list_topics(conn)))
    context = {
        "topic": topic,
        "topics": topics,
        "chart": draw_timeline(months, MAX_MONTHS),
        "rows": {each.month: each for each in months},
        "periods": list_periods((each.month for each in months), most=12 * 1000),
        "totals": {kind: sum(sum(getattr(each, kind).values()) for each in months) for kind in KINDS},
    }
    return await render_page(datasette, request, "timeline/timeline.html", context)
