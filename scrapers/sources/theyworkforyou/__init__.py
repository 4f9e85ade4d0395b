"""TheyWorkForYou's XML (ParlParse) of both Houses: `crawl` fetches files, `parse` reads one.

Facts about the format: https://parser.theyworkforyou.com/ and README.md, "The walk of the data".
"""

import re
from collections.abc import Iterator

from lxml import etree

from db import gid as gids
from db.records.hansard import Document, Item, Redirect
from db.records.source import ParseError, Response
from db.records.topic import Topic
from scrapers.parsing.markup import Element, ElementCountError, collapse_space, escape_ampersands, read_xml
from scrapers.scope.interfaces import CrawlHints, Location
from scrapers.scope.kinds import DOCUMENT_NAME, KINDS, list_path_patterns, parse_document_name
from scrapers.sources.theyworkforyou.items import READERS
from scrapers.sources.theyworkforyou.schema_check import check_schema, has_parliament_html

SOURCE = "theyworkforyou"
VERSION = 4  # increased whenever the same bytes would give different records


def crawl(fetch: Location, topic: Topic, hints: CrawlHints | None) -> Iterator[Response]:
    """Yield the new or changed files of a topic's kinds, on the dates of `hints`, or on all dates of the topic."""
    dates = None if hints is None else [date for date in hints.dates if topic.start <= date <= topic.end]
    yield from fetch.read(list(fetch.list(list_path_patterns(topic, dates))))


def parse(response: Response) -> Document:
    """Read one file. Raises ParseError for anything that publicwhip.dtd or schema_check.WORDS does not allow.

    Items that the file itself redirects elsewhere are obsolete. Since autumn 2014 a written answer or statement may
    appear twice under one gid: the last one is current.
    """
    match = DOCUMENT_NAME.fullmatch(response.name)
    if not match or not parse_document_name(response.name):
        raise ParseError(response.name, "the name is not that of a file of scrapedxml")
    try:
        written = has_parliament_html(match[1], match[4])
        root = read_xml(escape_ampersands(response.body) if written else response.body)
        check_schema(root, html=written)
        redirects = tuple(map(_read_redirect, root.iterchildren("gidredirect")))
        redirected = {r.old_gid for r in redirects}
        items, obsolete = _read_items(root, KINDS[match[1]].area, redirected, written)
        return Document(
            name=response.name,
            series=match[3],
            letter=match[5],
            latest=root.get("latest", "yes") == "yes",
            bill=_read_bill(root),
            items=items,
            redirects=redirects,
            obsolete=obsolete,
        )
    except (etree.XMLSyntaxError, ElementCountError, ValueError, KeyError) as error:
        raise ParseError(response.name, _describe_error(error)) from error


def _describe_error(error: Exception) -> str:
    return f"missing attribute {error}" if isinstance(error, KeyError) else str(error)


def _read_items(
    root: Element, area: str, redirected: set[str], may_repeat: bool
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Return the current and the obsolete items; with `may_repeat` the last item of a gid is current."""
    found: dict[str, Item] = {}
    obsolete: list[Item] = []
    for element in root.iterchildren(*READERS):  # the members of a committee stay in the archive only
        gid = element.attrib["id"]
        if not gid.startswith(f"{gids.GID_PREFIX}{area}/") or not gids.GID_PATTERN.fullmatch(gid):
            raise ValueError(f"line {element.sourceline}: {gid!r} is no gid of {area}")
        try:
            item = READERS[str(element.tag)](element)
        except KeyError as error:
            raise ValueError(f"line {element.sourceline}: <{element.tag!s}> lacks {error}") from error
        if gid in redirected:
            obsolete.append(item)
        elif gid in found and not may_repeat:
            raise ValueError(f"the id {gid} stands twice")
        else:
            obsolete += [found[gid]] if gid in found else []
            found[gid] = item
    return tuple(found.values()), tuple(obsolete)


def _read_bill(root: Element) -> tuple[str, str] | None:
    """Return the title and the session ("2008-09") of a committee's bill, or None."""
    bill = root.find("bill")
    if bill is None:
        return None
    session = re.search(r"/bills/(\d{4}-\d\d)/", bill.get("url", ""))
    return collapse_space(bill.get("title") or bill.text), session[1] if session else ""


def _read_redirect(element: Element) -> Redirect:
    get = element.get
    old, new = get("oldgid", ""), get("newgid", "")
    if not (old.startswith(gids.GID_PREFIX) and new.startswith(gids.GID_PREFIX)):
        raise ValueError(f"line {element.sourceline}: a redirect from {old!r} to {new!r}, which are not both gids")
    return Redirect(old, new, get("matchtype", ""))
