"""Citations of columns, days and months, and numbers of questions in a search: pure, without a database."""

import re
from datetime import date as Date
from typing import NamedTuple

from db.citation import COLUMN_SUFFIXES, HOUSES

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
CITATION = re.compile(
    r"""(?:(?P<series>hc|hl|pbc|sc|commons|lords)\W*(?:deb(?:ate)?s?|hansard|official\ report)?[\s,.]*)?
    (?:vol(?:ume)?\.?\s*\d+[\s,]*)?
    \(?(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[a-z]{3,9})\.?,?\s+(?P<year>\d{4})\)?[\s,:]*
    (?:vol(?:ume)?\.?\s*\d+[\s,:]*)?
    (?:(?:columns?|cols?|cc?)\b\.?\s*|cc?(?=\d))(?P<column>\d{1,5})\s*(?P<suffix>[a-z]{0,2})\b.*""",
    re.IGNORECASE | re.VERBOSE,
)
BARE_COLUMN = re.compile(
    r"(?:columns?|cols?|cc?)?\.?\s*(?P<column>\d{1,5}(?P<suffix>WH|WS|WA|GC|MC|W|P))", re.IGNORECASE
)
QUESTION = re.compile(r"(?:(?:question|pq|uin|no)\W*)*\[?(?P<number>(?:HL\s?)?\d{1,7})\]?", re.IGNORECASE)
WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>[a-z]{3,9})\.?,?\s+(?P<year>\d{4})",
        WEEKDAY + r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
        r"(?P<month>[a-z]{3,9})\.?,?\s+(?P<year>\d{4})(?P<day>)",
        r"(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})",
    )
)
SERIES_HOUSES = {"hc": "commons", "commons": "commons", "hl": "lords", "lords": "lords"}


class ColumnCitation(NamedTuple):
    """A column as people cite it: the kinds of debate that it may be of, the date, and the number as printed."""

    kinds: tuple[str, ...]
    date: str
    column: int
    suffix: str


def parse_citation(text: str) -> ColumnCitation | None:
    """Parse the citation of a column, as both Houses, Hansard itself or an article write it; None for other text.

    >>> parse_citation("HC Deb 18 Jun 2008 : Column 929W")
    ColumnCitation(kinds=('wrans',), date='2008-06-18', column=929, suffix='W')
    """
    match = CITATION.fullmatch(text.strip())
    date = match and _write_date(match["year"], match["month"], match["day"])
    if not match or not date:
        return None
    suffix = match["suffix"].upper()
    return ColumnCitation(_list_kinds((match["series"] or "").lower(), suffix), date, int(match["column"]), suffix)


def parse_day(text: str) -> str | None:
    """Parse a day (YYYY-MM-DD) or a month (YYYY-MM) as people write it, without other words; None for other text.

    >>> parse_day("18 June 2008"), parse_day("June 2008"), parse_day("18/6/2008"), parse_day("may 18")
    ('2008-06-18', '2008-06', '2008-06-18', None)
    """
    match = next(filter(None, (pattern.fullmatch(text.strip()) for pattern in DAYS)), None)
    return _write_date(match["year"], match["month"], match["day"] or "") if match else None


def _write_date(year: str, month: str, day: str) -> str | None:
    """Write a day in ISO 8601, or a month if `day` is ""; None if there is none such. `month` is a number or a name."""
    named = (n for n, name in enumerate(MONTHS, 1) if name.startswith(month.lower()))
    number = int(month) if month.isdecimal() else next(named, 0)
    try:
        date = Date(int(year), number, int(day or 1)).isoformat()
    except ValueError:
        return None
    return date if day else date[:7]


def _list_kinds(series: str, suffix: str) -> tuple[str, ...]:
    """List the kinds of debate whose columns have a suffix, in the House of a series of the official report."""
    if series in ("pbc", "sc"):
        return ("standing",)
    house = SERIES_HOUSES.get(series, "")
    return tuple(
        kind
        for kind, of in HOUSES.items()
        if COLUMN_SUFFIXES.get(kind, "") == suffix and house in ("", of) and (kind != "standing" or not suffix)
    )


def parse_bare_column(text: str) -> str | None:
    """Parse a column with its suffix but without a day, such as 929W; None for other text.

    >>> parse_bare_column("col 929w"), parse_bare_column("929")
    ('929W', None)
    """
    match = BARE_COLUMN.fullmatch(text.strip())
    return match["column"].upper() if match else None


def parse_question_number(text: str) -> str | None:
    """Parse the number of a question, as printed beside it; None for other text.

    >>> parse_question_number("[211622]"), parse_question_number("Question HL 123"), parse_question_number("20 boats")
    ('211622', 'HL123', None)
    """
    match = QUESTION.fullmatch(text.strip())
    return re.sub(r"\s", "", match["number"]).upper() if match else None
