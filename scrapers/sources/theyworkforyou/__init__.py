"""TheyWorkForYou's XML (ParlParse) of both Houses: `crawl` fetches files, `parse` reads one.

Facts about the format: https://parser.theyworkforyou.com/ and README.md, "The walk of the data".
"""

from collections.abc import Iterator

from db.records.hansard import Document
from db.records.source import ParseError, Response
from db.records.topic import Topic
from scrapers.scope.interfaces import CrawlHints, Location
from scrapers.scope.kinds import DOCUMENT_NAME, list_path_patterns, parse_document_name

SOURCE = "theyworkforyou"
VERSION = 5  # increased whenever the same bytes would give different records


def crawl(fetch: Location, topic: Topic, hints: CrawlHints | None) -> Iterator[Response]:
    """Yield the new or changed files of a topic's kinds, on the dates of `hints`, or on all dates of the topic."""
    dates = None if hints is None else [date for date in hints.dates if topic.start <= date <= topic.end]
    yield from fetch.read(list(fetch.list(list_path_patterns(topic, dates))))


def parse(response: Response) -> Document:
    """Read one file. What publicwhip.dtd or schema_check.WORDS does not allow costs its item or its debate.

    Raises ParseError for what concerns the whole file. Items that the file itself redirects elsewhere are obsolete.
    Since autumn 2014 a written answer or statement may appear twice under one gid: the last one is current.
    """
    match = DOCUMENT_NAME.fullmatch(response.name)
    if not match or not parse_document_name(response.name):
        raise ParseError(response.name, "the name is not that of a file of scrapedxml")
    from scrapers.sources.theyworkforyou.files import read_document  # loads lxml, which only parsing needs

    return read_document(response, match)
