"""Bar charts of figures by month, in the chart's own units."""

from collections.abc import Iterator, Sequence
from math import ceil

from db.sqlite import Row

WIDTH, HEIGHT = 640, 64
YEAR_WIDTH = 64  # width of a year in large type
MIN_MONTHS = 24  # minimum of months on the axis, so that few bars stay narrow


def list_months(first_month: str, last_month: str) -> Iterator[str]:
    """Yield every month (YYYY-MM) from one to another.

    >>> list(list_months("2008-12", "2009-01"))
    ['2008-12', '2009-01']
    """
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first_month, last_month))
    return (f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, end + 1))


def place_bars(months: Sequence[Row], key: str) -> list[Row]:
    """Place a bar a month: left edge, width, height of the figure `key`, and True if its year is written there."""
    most = max((month[key] for month in months), default=0) or 1
    step = WIDTH / max(len(months), MIN_MONTHS)
    years = choose_year_labels([month["month"] for month in months], step)
    return [
        {
            "month": month["month"],
            "count": month[key],
            "x": round(n * step, 1),
            "width": round(step * 0.8, 1),
            "height": round(month[key] / most * HEIGHT, 1),
            "year": n in years,
        }
        for n, month in enumerate(months)
    ]


def choose_year_labels(months: Sequence[str], step: float) -> set[int]:
    """Choose the months (index from 0) under which the year is written, as space allows; bars are `step` apart.

    >>> choose_year_labels(["2008-12", "2009-01", "2009-02"], 26)
    {1}
    >>> sorted(choose_year_labels([*list_months("2008-06", "2010-06")], 26))
    [0, 7, 19]
    """
    januaries = [n for n, month in enumerate(months) if month.endswith("-01")]
    kept = [n for n in januaries[:: ceil(YEAR_WIDTH / 12 / step)] if n * step <= WIDTH - YEAR_WIDTH]
    return {*kept, *([0] if not kept or kept[0] * step >= YEAR_WIDTH else [])}
