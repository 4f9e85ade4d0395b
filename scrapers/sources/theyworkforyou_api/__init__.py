"""TheyWorkForYou's API: which pages name a topic, and what one page says. It needs a key, and counts what it is asked.

Its rows give numbers as strings, nobody as an empty list, and errors inside HTTP 200.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from db.records.errors import Missed, ParseError
from db.records.hansard import Document
from db.records.source import Gap, Response
from db.records.topic import Topic
from scrapers.fetch.interfaces import Leads, Request, Site
from scrapers.sources.theyworkforyou_api.client import Asker
from scrapers.sources.theyworkforyou_api.rows import AREAS, items_of, redirect_of

SOURCE = "theyworkforyou_api"
VERSION = 1  # raised whenever the same bytes would give other records
NUM = 100  # rows in a page of a search
PAGES = 100  # of one search: its totals are estimates
NO_MORE = ("No data to display", "Nothing")  # the API's words where there are no more rows
MAJORS = {"1": "debates", "2": "westminhall", "3": "wrans", "4": "wms", "6": "standing", "101": "lordspages"}
FUNCTIONS = {  # what answers a gid of a kind; a committee's nothing does
    "debates": ("getDebates", "commons"),
    "westminhall": ("getDebates", "westminsterhall"),
    "lordspages": ("getDebates", "lords"),
    "wrans": ("getWrans", ""),
    "lordswrans": ("getWrans", ""),
    "wms": ("getWMS", ""),
    "lordswms": ("getWMS", ""),
}
OF_LORDS = {  # both houses share these: their gids differ after the date
    "wrans": re.compile(r"(?:\d+\.\d+|\d+\.\d+L|HL\w+\.\w+)", re.IGNORECASE),
    "wms": re.compile(r"(?:\d+\.\d+|HLWS\w+\.\w+)", re.IGNORECASE),
}
NAME = re.compile(r"(\w+)/(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d[a-z]*\.[\w.]+)", re.ASCII)


class _Place(NamedTuple):
    """One page of the site, by the gid of its heading."""

    kind: str
    date: str
    gid: str

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.date}/{self.gid}"


def crawl(fetch: Site, topic: Topic, leads: Leads, key: str) -> Iterator[Response | Gap]:
    """Yield the searches for a topic's phrases, then each page that they find, and a gap for all that cannot be had.

    Raises Unavailable where the key is none. An answer that is an error is not kept, so that the next run asks again.
    """
    asker = Asker(fetch, key)
    places: dict[_Place, None] = {}
    gaps: set[str] = set()  # one phrase finds what another has found
    for phrase in _phrases(topic):
        for came in _search(asker, topic, phrase):
            if isinstance(came, _Place):
                places.setdefault(came)
            elif isinstance(came, Response):
                yield came
            elif came.name not in gaps:
                gaps.add(came.name)
                yield came
    yield from _pages(asker, list(places))


def _phrases(topic: Topic) -> list[str]:
    found = (phrase.replace('"', " ").casefold() for each in topic.phrases for phrase in each.phrases)
    return list(dict.fromkeys(" ".join(phrase.split()) for phrase in found))


def _search(asker: Asker, topic: Topic, phrase: str) -> Iterator[Response | Gap | _Place]:
    """One phrase in all sections, a row a speech, page by page until one is empty."""
    dates = f"{topic.start}..{topic.end}".replace("-", "")
    seen: set[tuple[str, str]] = set()  # a gid of the site's is unique only within its area
    for page in range(1, PAGES + 1):
        name = f"search/{phrase}/{dates}/{page}"
        terms = ("search", f'"{phrase}" {dates} groupby:speech')
        query = (terms, ("order", "d"), ("num", str(NUM)), ("page", str(page)), ("output", "json"))
        try:
            response = asker.get(Request(name, "getHansard", query, date=topic.end))
            rows = _rows(name, response)
        except Missed as missed:
            if page == 1 or not missed.reason.endswith(NO_MORE):
                yield Gap(SOURCE, name, f"the search for {phrase!r}", topic.start, topic.end, missed.reason)
            return
        yield response
        new = [row for row in rows if _key(row) not in seen]
        if not new:
            return
        seen.update(map(_key, new))
        for row in new:
            yield from _found(topic, name, row)
    yield Gap(SOURCE, name, f"the search for {phrase!r}", topic.start, topic.end, f"it has more than {PAGES} pages")


def _rows(name: str, response: Response) -> list[dict[str, Any]]:
    try:
        rows = json.loads(response.body)["rows"]
    except (ValueError, KeyError, TypeError) as error:
        raise Missed(name, f"the answer is no search: {error!r}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("gid") for row in rows):
        raise Missed(name, "the answer is no search: its rows are none")
    return rows


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return str(row.get("major")), str(row["gid"])


def _found(topic: Topic, name: str, row: dict[str, Any]) -> Iterator[Gap | _Place]:
    """The page that a row stands on, if it is of the topic's kinds; a gap where it cannot be asked for."""
    date, gid = str(row.get("hdate", "")), _page_of(row)
    kind = _kind(str(row.get("major", "")), gid)
    if kind not in topic.kinds:
        return
    if not topic.start <= date <= topic.end:
        reason = f"it gave {gid} of {date}, which was not asked for"
        yield Gap(SOURCE, f"{name}/{gid}", "the dates of a search", topic.start, topic.end, reason)
    elif kind not in FUNCTIONS or not NAME.fullmatch(f"{kind}/{date}/{gid}"):
        yield Gap(SOURCE, f"{kind}/{date}/{gid}", f"{gid} in {kind}", date, date, "the API gives no page of it")
    else:
        yield _Place(kind, date, gid)


def _page_of(row: dict[str, Any]) -> str:
    """The gid of the page that a row's listurl (HTML-escaped) leads to."""
    query = parse_qs(urlsplit(html.unescape(str(row.get("listurl", "")))).query)
    return (query.get("id") or query.get("gid") or [str(row["gid"])])[0]


def _kind(major: str, gid: str) -> str:
    kind = MAJORS.get(major, "")
    after = gid.partition(".")[2]
    return f"lords{kind}" if kind in OF_LORDS and OF_LORDS[kind].fullmatch(after) else kind


def _pages(asker: Asker, places: list[_Place]) -> Iterator[Response | Gap]:
    """Every page once; one that holds headings alone leads to the pages below it."""
    asked: set[_Place] = set()
    while places:
        place = places.pop(0)
        if place in asked:
            continue
        asked.add(place)
        function, type = FUNCTIONS[place.kind]
        query = (*((("type", type),) if type else ()), ("gid", place.gid), ("output", "json"))
        try:
            response = asker.get(Request(place.name, function, query, date=place.date))
        except Missed as missed:
            yield Gap(SOURCE, place.name, f"the page {place.gid}", place.date, place.date, missed.reason)
        else:
            yield response
            places += [place._replace(gid=gid) for gid in _below(response)]


def _below(response: Response) -> list[str]:
    rows = json.loads(response.body)
    if not isinstance(rows, list) or any(row.get("htype") not in ("10", "11") for row in rows if isinstance(row, dict)):
        return []
    return [str(row["gid"]) for row in rows if row.get("htype") == "11" and row.get("contentcount") not in ("0", None)]


def unit(name: str) -> tuple[str, str] | None:
    """Kind and date of a page's name, the unit of loading; None for a search and for the quota."""
    match = NAME.fullmatch(name)
    return (match[1], match[2]) if match and match[1] in FUNCTIONS else None


def parse(response: Response) -> Document:
    """Read one page strictly: an error, or a row of unknown shape, raises ParseError."""
    found, match = unit(response.name), NAME.fullmatch(response.name)
    if not found or not match:
        raise ParseError(response.name, "the name is not that of a page of the API")
    try:
        rows = json.loads(response.body)
        if not isinstance(rows, list) or not rows:
            raise ValueError(f"the answer is no list of rows: {str(rows)[:200]}")
        items = items_of(found[0], rows)
        redirects = redirect_of(AREAS[found[0]], match[3], items)
    except (ValueError, KeyError, TypeError) as error:
        raise ParseError(response.name, str(error) if isinstance(error, ValueError) else repr(error)) from error
    return Document(response.name, "", "", True, None, items, redirects)
