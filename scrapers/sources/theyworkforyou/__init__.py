"""TheyWorkForYou's XML (ParlParse) of both Houses: which files to ask for, and what one file says.

Facts about the format: https://parser.theyworkforyou.com/ and README.md, "The walk of the data".
"""

import re
from collections.abc import Callable, Iterator

from lxml import etree

from db import gid as gids
from db.records.errors import ParseError
from db.records.hansard import Document, Heading, Item, Redirect, Speech, SpeechKind
from db.records.source import Response
from db.records.topic import Topic
from scrapers.fetch.interfaces import Leads, Location
from scrapers.parsing.markup import Element, WrongCount, escaped, line, read_xml, squeeze, words_of
from scrapers.scope.kinds import KINDS, NAME, patterns, unit
from scrapers.sources.theyworkforyou.divisions import clock, division, known
from scrapers.sources.theyworkforyou.schema_check import check, is_written

SOURCE = "theyworkforyou"
VERSION = 2  # raised whenever the same bytes would give other records
LEVELS = {"oral-heading": 1, "major-heading": 2, "minor-heading": 3}


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


def _heading(element: Element) -> Heading:
    get = element.get
    return Heading(
        gid=element.attrib["id"],
        level=LEVELS[str(element.tag)],
        text=line(element),
        column=get("colnum") or None,
        time=clock(element),
        hansard_url=get("url") or None,
        oldstyle_gid=get("oldstyleid"),
    )


def _speech(element: Element) -> Speech:
    get = element.get
    text, markup = words_of(element)
    return Speech(
        gid=element.attrib["id"],
        kind=_kind(element),
        speaker=get("speakername") or None,
        office=get("speakeroffice") or None,
        member_id=known(get("speakerid")),
        person_id=known(get("person_id")),
        question_number=_question_number(element),
        time=clock(element),
        column=get("colnum") or None,
        text=text,
        markup=markup,
        hansard_url=get("url") or None,
        oldstyle_gid=get("oldstyleid"),
    )


def _kind(element: Element) -> SpeechKind:
    if element.tag == "ques":
        return "question"
    if element.tag == "reply":
        return "answer"
    if not element.get("speakername"):
        return "procedural"
    turn = element.get("type", "").rpartition(" ")[2]
    if element.get("oral-qnum") or turn in ("Question", "SupplementaryQuestion"):
        return "question"
    return "answer" if turn == "Answer" else "speech"


def _question_number(element: Element) -> str | None:
    if element.tag == "reply" or (
        element.tag == "speech" and not element.get("oral-qnum") and "Question" not in element.get("type", "")
    ):
        return None
    numbers = [number for p in element.iterchildren("p") if (number := p.get("qnum")) and number != "0"]
    return " ".join(numbers) or None


READERS: dict[str, Callable[[Element], Item]] = {
    "oral-heading": _heading,
    "major-heading": _heading,
    "minor-heading": _heading,
    "speech": _speech,
    "ques": _speech,
    "reply": _speech,
    "division": division,
    "divisioncount": division,
}
