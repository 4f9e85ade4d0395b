"""Dates as file patterns: the fewest globs that name every day between two dates and no other."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta


def globs(start: str, end: str) -> list[str]:
    """Globs of the days from start to end, inclusive (YYYY-MM-DD), each open at its end for a letter.

    >>> globs("2007-12-31", "2009-01-01")
    ['2007-12-31*', '2008-*', '2009-01-01*']
    """
    return list(_globs(date.fromisoformat(start), date.fromisoformat(end)))


def _globs(day: date, last: date) -> Iterator[str]:
    while day <= last:
        if (day.month, day.day) == (1, 1) and (end := day.replace(month=12, day=31)) <= last:
            yield f"{day:%Y}-*"
        elif day.day == 1 and (end := day.replace(day=monthrange(day.year, day.month)[1])) <= last:
            yield f"{day:%Y-%m}-*"
        else:
            end = day
            yield f"{day:%Y-%m-%d}*"
        day = end + timedelta(days=1)
