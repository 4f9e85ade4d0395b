"""TheyWorkForYou's XML (ParlParse) of both Houses: which files to ask for, and what one file says.

Facts about the format: https://parser.theyworkforyou.com/ and README.md, "The walk of the data".
"""

import re
from collections.abc import Iterator

from lxml import etree

from db import gid as gids
from db.records.errors import ParseError
from db.records.hansard import Document, Item, Redirect
from db.records.source import Response
from db.records.topic import Topic
from scrapers.fetch.interfaces import Leads, Location
from scrapers.parsing.markup import Element, WrongCount, escaped, read_xml, squeeze
from scrapers.scope.kinds import KINDS, NAME, patterns, unit
from scrapers.sources.theyworkforyou.items import READERS
from scrapers.sources.theyworkforyou.schema_check import check, is_written

SOURCE = "theyworkforyou"
VERSION = 2  # raised whenever the same bytes would give other records


def crawl(fetch: Location, topic: Topic, leads: Leads | None) -> Iterator[Response]:
    """Yield what `fetch` finds worth reading of the files of a topic's kinds: on the dates of `leads`, or on all."""
    dates = None if leads is None else [date for date in leads.dates if topic.start <= date <= topic.end]
    yield from fetch.read(list(fetch.list(patterns(topic, dates))))


def parse(response: Response) -> Document:
    """Read one file strictly: whatever is not in publicwhip.dtd or WORDS raises ParseError, and nothing is guessed.

    Items that the file itself redirects away are its obsolete ones. A written answer or statement since autumn 2014 may
    stand twice under one gid: the last is current.
    """
    match = NAME.fullmatch(response.name)
    if not match or not unit(response.name):
        raise ParseError(response.name, "the name is not that of a file of scrapedxml")
    try:
        written = is_written(match[1], match[4])
        root = read_xml(escaped(response.body) if written else response.body)
        check(root, html=written)
        redirects = tuple(map(_redirect, root.iterchildren("gidredirect")))
        gone = {r.old_gid for r in redirects}
        items, obsolete = _items(root, KINDS[match[1]].area, gone, written)
        return Document(
            name=response.name,
            series=match[3],
            letter=match[5],
            latest=root.get("latest", "yes") == "yes",
            bill=_bill(root),
            items=items,
            redirects=redirects,
            obsolete=obsolete,
        )
    except (etree.XMLSyntaxError, WrongCount, ValueError, KeyError) as error:
        raise ParseError(response.name, _reason(error)) from error


def _reason(error: Exception) -> str:
    return f"missing attribute {error}" if isinstance(error, KeyError) else str(error)


def _items(root: Element, area: str, gone: set[str], twice: bool) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """The current items and the obsolete ones; `twice` allows a gid to come again, and the last one stands."""
    found: dict[str, Item] = {}
    obsolete: list[Item] = []
    for element in root.iterchildren(*READERS):  # a committee's members are kept in the archive alone
        gid = element.attrib["id"]
        if not gid.startswith(f"{gids.PREFIX}{area}/") or not gids.GID.fullmatch(gid):
            raise ValueError(f"line {element.sourceline}: {gid!r} is no gid of {area}")
        try:
            item = READERS[str(element.tag)](element)
        except KeyError as error:
            raise ValueError(f"line {element.sourceline}: <{element.tag!s}> lacks {error}") from error
        if gid in gone:
            obsolete.append(item)
        elif gid in found and not twice:
            raise ValueError(f"the id {gid} stands twice")
        else:
            obsolete += [found[gid]] if gid in found else []
            found[gid] = item
    return tuple(found.values()), tuple(obsolete)


def _bill(root: Element) -> tuple[str, str] | None:
    """Title and session ("2008-09") of a committee's bill."""
    bill = root.find("bill")
    if bill is None:
        return None
    session = re.search(r"/bills/(\d{4}-\d\d)/", bill.get("url", ""))
    return squeeze(bill.get("title") or bill.text), session[1] if session else ""


def _redirect(element: Element) -> Redirect:
    get = element.get
    old, new = get("oldgid", ""), get("newgid", "")
    if not (old.startswith(gids.PREFIX) and new.startswith(gids.PREFIX)):
        raise ValueError(f"line {element.sourceline}: a redirect from {old!r} to {new!r}, which are not both gids")
    return Redirect(old, new, get("matchtype", ""))
