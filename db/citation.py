"""Citations in the form that both Houses use, and addresses at hansard.parliament.uk."""

import re
from datetime import date as Date
from functools import cache, lru_cache
from urllib.parse import quote

HOUSES = dict.fromkeys(  # by kind of debate
    ("debates", "westminhall", "wrans", "wms", "standing", "petitions", "corrections"), "commons"
) | dict.fromkeys(("lordspages", "lordswrans", "lordswms", "grandcommittee"), "lords")
REPORT_SERIES = {"commons": "HC Deb", "lords": "HL Deb"}
COLUMN_SUFFIXES = {"westminhall": "WH", "wrans": "W", "wms": "WS", "lordswrans": "WA", "lordswms": "WS"}
COLUMN_SUFFIXES |= {"grandcommittee": "GC", "petitions": "P", "corrections": "MC"}
HANSARD_SITE = "https://hansard.parliament.uk"
PUBLIC_BILL_COMMITTEES = "2006-11-15"  # the session from which standing committees on bills bear that name


def find_house(kind: str) -> str:
    """Return the House that a kind of debate belongs to. Raises KeyError for a kind that it does not know."""
    return HOUSES[kind]


@cache
def format_citation(kind: str, date: str, column: str | None, volume: str | None = None) -> str:
    """Return the citation of a column, with the volume if the source gives it; a volume is never guessed.

    Raises KeyError for a kind that it does not know.

    >>> format_citation("debates", "2008-06-18", "929"), format_citation("lordswrans", "2009-10-26", "101")
    ('HC Deb 18 June 2008 c929', 'HL Deb 26 October 2009 c101WA')
    >>> format_citation("debates", "2008-07-17", "415", "479")
    'HC Deb 17 July 2008 vol 479 c415'
    """
    series = REPORT_SERIES[find_house(kind)]
    if kind == "standing":
        series = "PBC Deb" if date >= PUBLIC_BILL_COMMITTEES else "SC Deb"
    day = f"{format_date(date)} vol {volume}" if volume else format_date(date)
    if not column:
        return f"{series} {day}"
    return f"{series} {day} c{column}{COLUMN_SUFFIXES.get(kind, '') if column.isdigit() else ''}"


@cache
def format_date(date: str | None) -> str:
    """Return a date in words: a day, month or year (YYYY-MM-DD, YYYY-MM or YYYY); a time after it is left out.

    >>> format_date("2008-06-18T10:00:00Z"), format_date("2008-06"), format_date("2008")
    ('18 June 2008', 'June 2008', '2008')
    """
    text = (date or "")[:10]
    if len(text) not in (len("2008-06"), len("2008-06-18")):
        return text
    day = Date.fromisoformat(f"{text}-01"[:10])
    return f"{day.day} {day:%B %Y}" if len(text) == len("2008-06-18") else f"{day:%B %Y}"


def build_hansard_address(house: str, date: str, ext: str, title: str, contribution: str | None = None) -> str:
    """Return Parliament's own address of a section, or of a contribution in it; both ids as Parliament writes them.

    >>> section, turn = "08111228000025", "08111228000068"
    >>> build_hansard_address("commons", "2008-11-12", section, "Power of Information Taskforce", turn)
    'https://hansard.parliament.uk/Commons/2008-11-12/debates/08111228000025/PowerOfInformationTaskforce#contribution-08111228000068'
    """
    fragment = f"#contribution-{quote(contribution, safe='')}" if contribution else ""
    return _build_section_address(house, date, ext, title) + fragment


@lru_cache(maxsize=256)  # of the speeches of one debate after another
def _build_section_address(house: str, date: str, ext: str, title: str) -> str:
    slug = "".join(word[0].upper() + word[1:] for word in re.findall(r"[^\W_]+", title))
    parts = [HANSARD_SITE, house.capitalize(), date, "debates", quote(ext, safe=""), *([quote(slug)] if slug else [])]
    return "/".join(parts)
