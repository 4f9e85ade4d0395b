"""Parliament's pages of 1997 to 2014 at publications.parliament.uk: `crawl` fetches pages, `parse` reads one.

They are the first publication (the daily part), and the only place with both numbers of a speech: the number of its
first paragraph, which is its id in Parliament's API, and the number of the turn, which is its id in TheyWorkForYou's
XML.
"""

from collections.abc import Iterator
from operator import attrgetter

from db.records.hansard import Document
from db.records.source import DocumentUnavailable, Gap, ParseError, Response
from db.records.topic import Topic
from scrapers.scope.interfaces import CrawlHints, Request, Site
from scrapers.sources.publications.page_addresses import (
    SITE,
    UNKNOWN,
    make_next_page,
    parse_name,
    parse_page_address,
)

SOURCE = "publications"
VERSION = 5  # increased whenever the same bytes would give different records
REFUSALS = {
    "petitions": "pages of petitions are not read",
    "corrections": "pages of corrections are not read",
    "standing": "pages of committees are not read",
    UNKNOWN: "it is an index, or a page of a layout that is not read",
}


def crawl(fetch: Site, topic: Topic, hints: CrawlHints) -> Iterator[Response | Gap]:
    """Yield the pages that the hints name, then the next page after each, where an item may continue."""
    pages = [page for url in hints.urls if (page := parse_page_address(url)) and topic.start <= page.date <= topic.end]
    requested = dict.fromkeys(pages, True)
    for page in filter(attrgetter("readable"), pages):
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


def parse_document_name(name: str) -> tuple[str, str] | None:
    """Return the kind and date (the unit of loading) in a page's name, or None if it is not the name of a page."""
    page = parse_name(name)
    return (page.kind, page.date) if page else None


def parse(response: Response) -> Document:
    """Read one page, or several joined by <page url>. Raises ParseError with the place of anything unknown."""
    page = parse_name(response.name)
    if not page:
        raise ParseError(response.name, "the name is not that of a page of Hansard")
    if not page.readable:
        raise ParseError(response.name, REFUSALS[page.kind])
    from scrapers.sources.publications.pages import read_document  # loads lxml, which only parsing needs

    return read_document(response, page)
