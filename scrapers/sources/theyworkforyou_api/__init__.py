"""TheyWorkForYou's API: `crawl` finds pages that mention a topic, `parse` reads one. It needs a key and has a quota.

Its rows give numbers as strings and nobody as an empty list, and errors come with HTTP 200.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from db.records.hansard import Document
from db.records.refusal import separate_refused
from db.records.source import DocumentUnavailable, Gap, ParseError, Response, make_words_gap
from db.records.topic import Topic
from scrapers.scope.interfaces import CrawlHints, Request, Site
from scrapers.scope.kinds import KINDS
from scrapers.sources.theyworkforyou_api.client import ApiClient

SOURCE = "theyworkforyou_api"
VERSION = 4  # increased whenever the same bytes would give different records
PAGE_SIZE = 100  # rows in a page of a search
MAX_PAGES = 100  # of one search: its totals are estimates
NO_MORE = ("No data to display", "Nothing")  # the API's words where there are no more rows
MAJORS = {"1": "debates", "2": "westminhall", "3": "wrans", "4": "wms", "6": "standing", "101": "lordspages"}
FUNCTIONS = {  # the function for a gid of each kind, and its type; there is none for a committee
    "debates": ("getDebates", "commons"),
    "westminhall": ("getDebates", "westminsterhall"),
    "lordspages": ("getDebates", "lords"),
    "wrans": ("getWrans", ""),
    "lordswrans": ("getWrans", ""),
    "wms": ("getWMS", ""),
    "lordswms": ("getWMS", ""),
}
LORDS_GID = {  # both houses share these: their gids differ after the date
    "wrans": re.compile(r"(?:\d+\.\d+|\d+\.\d+L|HL\w+\.\w+)", re.IGNORECASE),
    "wms": re.compile(r"(?:\d+\.\d+|HLWS\w+\.\w+)", re.IGNORECASE),
}
NAME = re.compile(r"(\w+)/(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d[a-z]*\.[\w.]+)", re.ASCII)


class _SitePage(NamedTuple):
    """One page of the site, identified by the gid of its heading."""

    kind: str
    date: str
    gid: str

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.date}/{self.gid}"


class _FoundSpeech(NamedTuple):
    """A speech or heading that a search found, and the page that holds it."""

    page: _SitePage
    gid: str


def crawl(fetch: Site, topic: Topic, hints: CrawlHints, key: str) -> Iterator[Response | Gap]:
    """Yield the searches for a topic's phrases, then each page that they find, and a gap for each failure.

    Raises Unavailable if the key is invalid. An answer with an error is not archived, so that the next run asks again.
    """
    client = ApiClient(fetch, key)
    pages: dict[_SitePage, set[str]] = {}
    gaps: set[str] = set()  # several phrases may find the same
    for phrase in _list_phrases(topic):
        for result in _search_phrase(client, topic, phrase):
            if isinstance(result, _FoundSpeech):
                pages.setdefault(result.page, set()).add(result.gid)
            elif isinstance(result, Response):
                yield result
            elif result.name not in gaps:
                gaps.add(result.name)
                yield result
    came: set[str] = set()
    answers: dict[str, Response] = {}
    for answer in _fetch_pages(client, list(pages)):
        yield answer
        if isinstance(answer, Response):
            answers[answer.name] = answer
            came.update(_list_gids(answer))
    for page, gids in pages.items():
        if page.name in answers and (missing := sorted(gids - came)):
            reason = f"the search found {len(missing)} in it that did not come: {', '.join(missing[:3])}"
            yield make_words_gap(answers[page.name], f"the page {page.gid}", page.date, reason)


def _list_phrases(topic: Topic) -> list[str]:
    found = (phrase.replace('"', " ").casefold() for each in topic.phrases for phrase in each.phrases)
    return list(dict.fromkeys(" ".join(phrase.split()) for phrase in found))


def _search_phrase(client: ApiClient, topic: Topic, phrase: str) -> Iterator[Response | Gap | _FoundSpeech]:
    """Search for a phrase in all sections, one row for each speech, page by page until one is empty."""
    dates = f"{topic.start}..{topic.end}".replace("-", "")
    row_keys: set[tuple[str, str]] = set()  # a gid in a row is unique only within its area
    for page in range(1, MAX_PAGES + 1):
        name = f"search/{phrase}/{dates}/{page}"
        terms = ("search", f'"{phrase}" {dates} groupby:speech')
        query = (terms, ("order", "d"), ("num", str(PAGE_SIZE)), ("page", str(page)), ("output", "json"))
        try:
            response = client.get(Request(name=name, path="getHansard", query=query, date=topic.end))
            rows = _read_rows(name, response)
        except DocumentUnavailable as missed:
            if page == 1 or not missed.reason.endswith(NO_MORE):
                yield _make_search_gap(name, topic, phrase, missed.reason)
            return
        yield response
        new = [row for row in rows if _make_row_key(row) not in row_keys]
        if not new:
            return
        row_keys.update(map(_make_row_key, new))
        for row in new:
            yield from _find_page(topic, name, row)
    yield _make_search_gap(name, topic, phrase, f"it has more than {MAX_PAGES} pages")


def _make_search_gap(name: str, topic: Topic, phrase: str, reason: str) -> Gap:
    return Gap(
        source=SOURCE, name=name, what=f"the search for {phrase!r}", start=topic.start, end=topic.end, reason=reason
    )


def _read_rows(name: str, response: Response) -> list[dict[str, Any]]:
    try:
        rows = json.loads(response.body)["rows"]
    except (ValueError, KeyError, TypeError) as error:
        raise DocumentUnavailable(name, f"the answer is no search: {error!r}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("gid") for row in rows):
        raise DocumentUnavailable(name, "the answer is no search: its rows are none")
    return rows


def _make_row_key(row: dict[str, Any]) -> tuple[str, str]:
    return str(row.get("major")), str(row["gid"])


def _find_page(topic: Topic, name: str, row: dict[str, Any]) -> Iterator[Gap | _FoundSpeech]:
    """Yield the page that holds a row, if it is of the topic's kinds, or a gap if the API cannot give it."""
    date, gid = str(row.get("hdate", "")), _read_page_gid(row)
    kind = _read_kind(str(row.get("major", "")), gid)
    if kind not in topic.kinds:
        return
    if not topic.start <= date <= topic.end:
        yield Gap(
            source=SOURCE,
            name=f"{name}/{gid}",
            what="the dates of a search",
            start=topic.start,
            end=topic.end,
            reason=f"it gave {gid} of {date}, which was not asked for",
        )
    elif kind not in FUNCTIONS or not NAME.fullmatch(f"{kind}/{date}/{gid}"):
        yield Gap(
            source=SOURCE,
            name=f"{kind}/{date}/{gid}",
            what=f"{gid} in {kind}",
            start=date,
            end=date,
            reason="the API gives no page of it",
        )
    else:
        yield _FoundSpeech(_SitePage(kind, date, gid), str(row["gid"]))


def _read_page_gid(row: dict[str, Any]) -> str:
    """Return the gid of the page at a row's listurl (which is HTML-escaped)."""
    query = parse_qs(urlsplit(html.unescape(str(row.get("listurl", "")))).query)
    return (query.get("id") or query.get("gid") or [str(row["gid"])])[0]


def _read_kind(major: str, gid: str) -> str:
    kind = MAJORS.get(major, "")
    after = gid.partition(".")[2]
    return f"lords{kind}" if kind in LORDS_GID and LORDS_GID[kind].fullmatch(after) else kind


def _fetch_pages(client: ApiClient, pages: list[_SitePage]) -> Iterator[Response | Gap]:
    """Fetch each page once, and the pages below a page that holds only headings."""
    requested: set[_SitePage] = set()
    while pages:
        page = pages.pop(0)
        if page in requested:
            continue
        requested.add(page)
        function, type = FUNCTIONS[page.kind]
        query = (*((("type", type),) if type else ()), ("gid", page.gid), ("output", "json"))
        try:
            response = client.get(Request(name=page.name, path=function, query=query, date=page.date))
        except DocumentUnavailable as missed:
            yield Gap(
                source=SOURCE,
                name=page.name,
                what=f"the page {page.gid}",
                start=page.date,
                end=page.date,
                reason=missed.reason,
            )
        else:
            yield response
            pages += [page._replace(gid=gid) for gid in _list_gids_below(response)]


def _list_gids(response: Response) -> list[str]:
    rows = json.loads(response.body)
    return [str(row.get("gid")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _list_gids_below(response: Response) -> list[str]:
    rows = json.loads(response.body)
    if not isinstance(rows, list) or any(row.get("htype") not in ("10", "11") for row in rows if isinstance(row, dict)):
        return []
    return [str(row["gid"]) for row in rows if row.get("htype") == "11" and row.get("contentcount") not in ("0", None)]


def parse_document_name(name: str) -> tuple[str, str] | None:
    """Return the kind and date (the unit of loading) in a page's name, or None for a search or the quota."""
    match = NAME.fullmatch(name)
    return (match[1], match[2]) if match and match[1] in FUNCTIONS else None


def parse(response: Response) -> Document:
    """Read one page; a row that is not understood is refused, or with a heading its debate.

    Raises ParseError for an answer that is no page.
    """
    from scrapers.sources.theyworkforyou_api.rows import find_redirect, read_rows  # loads lxml

    found, match = parse_document_name(response.name), NAME.fullmatch(response.name)
    if not found or not match:
        raise ParseError(response.name, "the name is not that of a page of the API")
    try:
        rows = json.loads(response.body)
        if not isinstance(rows, list) or not rows:
            raise ValueError(f"the answer is no list of rows: {str(rows)[:200]}")
    except (ValueError, RecursionError) as error:
        raise ParseError(response.name, str(error)) from error
    items, refused = separate_refused(read_rows(found[0], rows))
    return Document(
        name=response.name,
        series="",
        letter="",
        latest=True,
        bill=None,
        items=items,
        redirects=find_redirect(KINDS[found[0]].area, match[3], items, refused),
        refused=refused,
    )
