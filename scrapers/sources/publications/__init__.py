"""Parliament's pages of 2001 to 2014 at publications.parliament.uk: `crawl` fetches pages, `parse` reads one.

They are the first publication (the daily part), and the only place with both numbers of a speech: the number of its
first paragraph, which is its id in Parliament's API, and the number of the turn, which is its id in TheyWorkForYou's
XML.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from db.records.hansard import Document, Heading
from db.records.source import DocumentUnavailable, Gap, ParseError, Response
from db.records.topic import Topic
from scrapers.scope.interfaces import CrawlHints, Request, Site
from scrapers.sources.publications.page_blocks import read_blocks, read_page
from scrapers.sources.publications.turns import TurnReader

SOURCE = "publications"
VERSION = 3  # increased whenever the same bytes would give different records
SITE = "http://www.publications.parliament.uk"  # as in TheyWorkForYou's addresses
HOSTS = frozenset({"publications.parliament.uk", "www.publications.parliament.uk"})
PATH = re.compile(
    r"/pa/(?P<house>cm|ld)\d{6}/(?:cmhansrd/(?:cm|vo)\d{6}/(?P<folder>debtext|halltext|wmstext|text)|ldhansrd/text)"
    r"/(?P<day>\d{5,6})(?P<mark>-wms|-gc|-|[hmw])(?P<number>\d{2,4})\.htm",
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
NAME = re.compile(r"(\w+)/(\d{4}-\d\d-\d\d)(/.+)", re.ASCII)


class HansardPage(NamedTuple):
    """A page of Hansard; `path` is below the site."""

    kind: str
    date: str
    path: str

    @property
    def name(self) -> str:
        """Return the name of the page in the archive."""
        return f"{self.kind}/{self.date}/{self.path.removeprefix('/pa/')}"


def crawl(fetch: Site, topic: Topic, hints: CrawlHints) -> Iterator[Response | Gap]:
    """Yield the pages that the hints name, then the next page after each, where an item may continue."""
    pages = [page for url in hints.urls if (page := parse_page_address(url)) and topic.start <= page.date <= topic.end]
    requested = dict.fromkeys(pages, True)
    for page in pages:
        requested.setdefault(make_next_page(page), False)
    for page, is_hint in requested.items():
        try:
            yield fetch.get(Request(name=page.name, path=page.path, media="html", date=page.date))
        except DocumentUnavailable as missed:
            if is_hint or missed.status != 404:  # a day's last page has no next one
                yield Gap(
                    source=SOURCE,
                    name=page.name,
                    what=f"the page {SITE}{page.path}",
                    start=page.date,
                    end=page.date,
                    reason=missed.reason,
                )


def parse_page_address(url: str) -> HansardPage | None:
    """Return the page at an address, with or without www, in either scheme; None if it is not a page of Hansard.

    >>> parse_page_address("https://publications.parliament.uk/pa/cm200708/cmhansrd/cm080618/debtext/80618-0001.htm#0806")[:2]
    ('debates', '2008-06-18')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    match = PATH.fullmatch(parts.path)
    kind = match and KINDS.get((match["folder"], match["mark"]))
    if not match or not kind or parts.hostname not in HOSTS:
        return None
    day = match["day"].zfill(6)  # file names drop the year's leading zero
    return HansardPage(kind, f"20{day[:2]}-{day[2:4]}-{day[4:]}", parts.path)


def make_next_page(page: HansardPage) -> HansardPage:
    """Return the next page of the same day: 80618-0002.htm after 80618-0001.htm."""
    path = re.sub(r"\d+(?=\.htm$)", lambda number: f"{int(number[0]) + 1:0{len(number[0])}}", page.path)
    return page._replace(path=path)


def parse_document_name(name: str) -> tuple[str, str] | None:
    """Return the kind and date (the unit of loading) in a page's name, or None if it is not the name of a page."""
    match = NAME.fullmatch(name)
    page = match and parse_page_address(f"{SITE}/pa{match[3]}")
    return (page.kind, page.date) if page and page.name == name else None


def parse(response: Response) -> Document:
    """Read one page, or several joined by <page url>. Raises ParseError with the place of anything unknown."""
    found = parse_document_name(response.name)
    if not found:
        raise ParseError(response.name, "the name is not that of a page of Hansard")
    kind, date = found
    turns = TurnReader(kind, date)
    address = f"{SITE}/pa/{response.name.split('/', 2)[2]}"
    try:
        for block in read_blocks(read_page(response.body), address):
            turns.read_block(block)
        turns.close()
        _check_numbers(turns)
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(response.name, str(error)) from error
    return Document(
        name=response.name,
        series="",
        letter="",
        latest=True,
        bill=None,
        items=tuple(turns.items),
        redirects=(),
        continued=turns.continued,
    )


def _check_numbers(turns: TurnReader) -> None:
    gids = [item.gid for item in turns.items]
    if not gids:
        raise ValueError("it holds no heading and no turn")
    if len(set(gids)) < len(gids):
        twin = next(gid for gid in gids if gids.count(gid) > 1)
        raise ValueError(f"the number of {twin} stands twice")
    if not any(isinstance(item, Heading) or item.hansard_url for item in turns.items):
        raise ValueError("nothing on it has a number")
