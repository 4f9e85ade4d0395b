"""Addresses of the pages of publications.parliament.uk, and the names of these pages in the archive."""

import re
from datetime import date as Date
from typing import NamedTuple
from urllib.parse import urlsplit

SITE = "http://www.publications.parliament.uk"  # as in TheyWorkForYou's addresses
HOSTS = frozenset({"publications.parliament.uk", "www.publications.parliament.uk"})
PATH = re.compile(
    r"/pa/(?:cm|ld)(?P<session>\d{6})/(?:cmhansrd/(?:cm|vo)(?P<full>\d{6})/(?P<folder>debtext|halltext|wmstext|text)"
    r"|ldhansrd/(?:vo(?P<lords_full>\d{6})/)?text)/(?P<day>\d{5,6})(?P<mark>-wms|-gc|-|[hmw])(?P<number>\d{2,4})\.htm",
    re.ASCII,
)
OTHER_PATH = re.compile(  # all other pages of Hansard, which are not read
    r"/pa/(?:cm|ld)(?P<session>\d{6})/(?:cmhansrd|ldhansrd|cmstand|cmpublic|cmgeneral)/(?:[\w.-]+/)*"
    r"(?:(?P<iso>\d{4}-\d\d-\d\d)/[\w-]+|(?P<day>\d{5,6})[\w-]*)\.html?",
    re.ASCII,
)
KINDS = {
    ("debtext", "-"): "debates",
    ("halltext", "h"): "westminhall",
    ("wmstext", "m"): "wms",
    ("text", "w"): "wrans",
    (None, "-"): "lordspages",
    (None, "w"): "lordswrans",
    (None, "-wms"): "lordswms",
    (None, "-gc"): "grandcommittee",
}
UNREAD_KINDS = {  # by a part of the path
    "/petntext/": "petitions",
    "/petnindx/": "petitions",
    "/corrtext/": "corrections",
    "/cmstand/": "standing",
    "/cmpublic/": "standing",
    "/cmgeneral/": "standing",
}
UNKNOWN = "unknown"  # the kind of indexes, of the pages before 1997, and of what is not known
NAME = re.compile(r"(\w+)/(\d{4}-\d\d-\d\d)(/.+)", re.ASCII)


class HansardPage(NamedTuple):
    """A page of Hansard; `path` is below the site. Pages that are not `readable` are archived and refused."""

    kind: str
    date: str
    path: str
    readable: bool = True

    @property
    def name(self) -> str:
        """Return the name of the page in the archive."""
        return f"{self.kind}/{self.date}/{self.path.removeprefix('/pa/')}"


def parse_page_address(url: str) -> HansardPage | None:
    """Return the page at an address, with or without www, in either scheme; None if it is not a page of Hansard.

    >>> parse_page_address("https://publications.parliament.uk/pa/cm200708/cmhansrd/cm080618/debtext/80618-0001.htm#0806")[:2]
    ('debates', '2008-06-18')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.hostname not in HOSTS:
        return None
    match = PATH.fullmatch(parts.path)
    kind = match and KINDS.get((match["folder"], match["mark"]))
    if match and kind:
        date = _find_date(match["session"], match["full"] or match["lords_full"] or match["day"])
        return HansardPage(kind, date, parts.path) if date else None
    return _parse_unread_address(parts.path)


def _parse_unread_address(path: str) -> HansardPage | None:
    match = OTHER_PATH.fullmatch(path)
    date = match and (_check_date(match["iso"] or "") or _find_date(match["session"], match["day"] or "0000"))
    kind = next((kind for part, kind in UNREAD_KINDS.items() if part in path), UNKNOWN)
    return HansardPage(kind, date, path, False) if date else None


def _find_date(session: str, day: str) -> str | None:
    """Return the date that a name gives as yymmdd, or without the year's first figure, in a session (200708).

    A session lasts two years at most. None if the name gives no day of it.

    >>> _find_date("199798", "70516"), _find_date("200708", "080618"), _find_date("200708", "110618")
    ('1997-05-16', '2008-06-18', None)
    """
    first = int(session[:4])
    year, month, day_of_month = day[:-4], day[-4:-2], day[-2:]
    found = (str(each) for each in range(first, first + 3) if str(each).endswith(year))
    return _check_date(f"{next(found, '')}-{month}-{day_of_month}")


def _check_date(date: str) -> str | None:
    try:
        return Date.fromisoformat(date).isoformat()
    except ValueError:
        return None


def make_next_page(page: HansardPage) -> HansardPage:
    """Return the next page of the same day: 80618-0002.htm after 80618-0001.htm."""
    path = re.sub(r"\d+(?=\.htm$)", lambda number: f"{int(number[0]) + 1:0{len(number[0])}}", page.path)
    return page._replace(path=path)


def parse_name(name: str) -> HansardPage | None:
    """Return the page with a name in the archive, or None if it is not the name of a page."""
    match = NAME.fullmatch(name)
    page = match and parse_page_address(f"{SITE}/pa{match[3]}")
    return page if page and page.name == name else None
