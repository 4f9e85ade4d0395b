"""Queries of /timeline: mentions and quotes by month and House, and the chart of them."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from db.citation import find_house
from db.sqlite import Row, read_rows
from db.statements.rowid_filters import DAY_KIND, find_day_kind
from web.rendering.charts import HEIGHT, Chart, draw_chart
from web.rendering.periods import Period, find_period, list_periods

MENTIONS = """
SELECT substr(date, 1, 7) AS month, house, count(*) AS count FROM named
 WHERE :topic = '' OR topic = :topic GROUP BY 1, 2
"""
DEBATES = """
SELECT substr(date, 1, 7) AS month, count(DISTINCT debate_id) AS count FROM named
 WHERE :topic = '' OR topic = :topic GROUP BY 1
"""
QUOTES = f"SELECT place {DAY_KIND}, count(*) FROM quote_counts GROUP BY 1"  # of the index of places alone
KINDS = ("mentions", "quotes")


class MonthCounts(NamedTuple):
    """Mentions and quotes in a month by House, and the number of debates with a mention."""

    month: str
    mentions: Mapping[str, int]
    quotes: Mapping[str, int]
    debates: int


def count_by_month(conn: sqlite3.Connection, topic: str = "") -> list[MonthCounts]:
    """Count mentions of a topic ("" for all), their debates, and quotes, for each month that has any.

    Quotes are of every debate, since a reading is of guidance and not of a topic.
    """
    mentions = _count_by_house(read_rows(conn, MENTIONS, {"topic": topic}))
    quotes = _count_quotes_by_house(conn)
    debates = {row["month"]: row["count"] for row in read_rows(conn, DEBATES, {"topic": topic})}
    return [
        MonthCounts(month, mentions.get(month, {}), quotes.get(month, {}), debates.get(month, 0))
        for month in sorted({*mentions, *quotes})
    ]


def draw_timeline(months: Sequence[MonthCounts], most: int, height: int = HEIGHT) -> Chart:
    """Draw mentions and quotes over months, or over years if there are more than `most` months."""
    periods = list_periods((each.month for each in months), most)
    return draw_chart(periods, {kind: _add_up(months, kind, periods) for kind in KINDS}, height)


def _count_by_house(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["month"]][row["house"]] = row["count"]
    return found


def _count_quotes_by_house(conn: sqlite3.Connection) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day_kind, count in conn.execute(QUOTES):
        date, kind = find_day_kind(day_kind)
        found[date[:7]][find_house(kind)] += count
    return found


def _add_up(months: Sequence[MonthCounts], kind: str, periods: Sequence[Period]) -> dict[str, dict[str, int]]:
    total: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in months:
        for house, count in getattr(each, kind).items():
            total[find_period(periods, each.month).key][house] += count
    return total
