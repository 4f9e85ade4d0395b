"""Citations in the form that both Houses use."""

from datetime import date as Date
from functools import cache

SERIES = {"lordspages": "HL Deb", "lordswrans": "HL Deb", "lordswms": "HL Deb"}
SUFFIXES = {"westminhall": "WH", "wrans": "W", "wms": "WS", "lordswrans": "WA", "lordswms": "WS"}
PUBLIC_BILL_COMMITTEES = "2006-11-15"  # the session from which standing committees on bills bear that name


@cache
def cite(kind: str, date: str, column: str | None) -> str:
    """The citation of a column, without the volume, which TheyWorkForYou's files do not give.

    >>> cite("debates", "2008-06-18", "929"), cite("lordswrans", "2009-10-26", "101")
    ('HC Deb 18 June 2008 c929', 'HL Deb 26 October 2009 c101WA')
    """
    series = SERIES.get(kind, "HC Deb")
    if kind == "standing":
        series = "PBC Deb" if date >= PUBLIC_BILL_COMMITTEES else "SC Deb"
    if not column:
        return f"{series} {written(date)}"
    return f"{series} {written(date)} c{column}{SUFFIXES.get(kind, '') if column.isdigit() else ''}"


@cache
def written(date: str) -> str:
    """A date as a reader writes it: 18 June 2008."""
    day = Date.fromisoformat(date)
    return f"{day.day} {day:%B %Y}"
