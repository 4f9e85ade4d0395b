"""Periods of an axis of time: months, or years if there are many, with stretches without anything closed up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from db.citation import format_date

MAX_MONTHS = 24  # periods of months; if there would be more, periods are years
MIN_GAP = 2  # months or years in a row without anything that are closed up


class Period(NamedTuple):
    """A month or year of an axis, or a gap: several in a row in which nothing was found.

    `key` begins the date of everything in the period (YYYY-MM or YYYY); that of a gap is its first month or year.
    `left_out` is the number of months or years in a gap, 0 otherwise.
    """

    key: str
    title: str
    left_out: int = 0


def list_periods(months: Iterable[str], most: int = MAX_MONTHS) -> list[Period]:
    """Return the periods from the first to the last of the months (YYYY-MM) in which something was found.

    >>> [(each.key, each.left_out) for each in list_periods(["2008-06", "2008-08", "2009-03"])]
    [('2008-06', 0), ('2008-07', 0), ('2008-08', 0), ('2008-09', 6), ('2009-03', 0)]
    >>> [each.title for each in list_periods(["2008-06", "2009-03"], most=2)]
    ['2008', '2009']
    """
    found = set(months)
    by_month = _close_gaps(found, list_months)
    return by_month if len(by_month) <= most else _close_gaps({month[:4] for month in found}, list_years)


def find_period(periods: Sequence[Period], month: str) -> Period:
    """Return the period of a month in which something was found."""
    return next(each for each in periods if month.startswith(each.key) and not each.left_out)


def describe_date(text: str) -> str:
    """Return a day, month or year in words, and what is none of these as it is.

    >>> describe_date("2008-06"), describe_date("2008-13")
    ('June 2008', '2008-13')
    """
    try:
        return format_date(text)
    except ValueError:
        return text


def list_months(first: str, last: str) -> Iterator[str]:
    """Yield every month (YYYY-MM) from one to another.

    >>> list(list_months("2008-12", "2009-01"))
    ['2008-12', '2009-01']
    """
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return (f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, end + 1))


def list_years(first: str, last: str) -> Iterator[str]:
    """Yield every year (YYYY) from one to another."""
    return (f"{year:04}" for year in range(int(first), int(last) + 1))


def _close_gaps(found: set[str], list_all: Callable[[str, str], Iterable[str]]) -> list[Period]:
    periods: list[Period] = []
    empty: list[str] = []
    for key in list_all(min(found), max(found)) if found else ():
        if key not in found:
            empty.append(key)
            continue
        periods += _make_gap(empty)
        periods.append(Period(key, format_date(key)))
        empty = []
    return periods


def _make_gap(empty: Sequence[str]) -> list[Period]:
    if len(empty) < MIN_GAP:
        return [Period(key, format_date(key)) for key in empty]
    first, last = format_date(empty[0]), format_date(empty[-1])
    first = first.removesuffix(empty[0][:4]).strip() if empty[0][:4] == empty[-1][:4] and " " in first else first
    return [Period(empty[0], f"{first} to {last}", len(empty))]
