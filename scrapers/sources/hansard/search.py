"""Searches of Hansard's API for debates that may mention a topic.

The API searches for words, not phrases, so loading filters what it finds by the whole text. A window of dates that it
cannot answer is halved, down to one day. A day without an answer is a gap, and so is a window with fewer rows than the
service counts.
"""

import json
import re
from collections.abc import Iterator
from datetime import date as Date
from datetime import timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from db.records.source import DocumentUnavailable, Gap, Response
from db.records.topic import Topic
from scrapers.scope.interfaces import Request, Site
from scrapers.sources.hansard.document_names import KINDS, SECTION_ID, SOURCE, UNKNOWN, find_kind, parse_date

PAGE_SIZE = 100  # rows in a page; a request for more is answered with HTTP 500
MAX_PAGES = 1000  # of one window: a limit, because the service's totals may be wrong
HALVINGS = 100  # of one year's windows: enough for eleven bad days; a service that is down would take 364
SPOKEN = frozenset({"debates", "westminhall", "lordspages", "grandcommittee", "standing"})
SEARCHES = {  # the path below the service, and the kinds that it can find
    "spoken": ("search/contributions/Spoken.json", SPOKEN),
    "written": ("search/contributions/Written.json", frozenset({"wrans", "lordswrans", "wms", "lordswms"})),
    "corrections": ("search/contributions/Corrections.json", frozenset({"corrections"})),
    "petitions": ("search/contributions/Petitions.json", frozenset({"petitions"})),
    "titles": ("search/debates.json", KINDS),
}
DASH = re.compile(r"[-\u2010-\u2015\u2212]+")
QUOTES = str.maketrans("", "", "\"\u201c\u201d\u2018\u2019'")


class FoundDebate(NamedTuple):
    """A debate that a search found; `ext` is Parliament's own id as in the row.

    `contribution` is the id of the words found, in lower case; "" if the title was found.
    """

    kind: str
    date: str
    ext: str
    title: str
    contribution: str = ""


class SearchWindow(NamedTuple):
    """One search for one term between two dates (inclusive)."""

    search: str
    term: str
    start: str
    end: str


class SearchPage(NamedTuple):
    """One page of an answer: its rows unchanged, and the service's total of rows."""

    rows: list[dict[str, Any]]
    total: int


def search_debates(site: Site, topic: Topic) -> Iterator[Response | Gap | FoundDebate]:
    """Search for every term of a topic, a year at a time; yield each answer, each gap and each debate found."""
    for name, (_, kinds) in SEARCHES.items():
        if kinds & set(topic.kinds):
            for term in make_search_terms(topic):
                for start, end in split_into_years(topic.start, topic.end):
                    yield from _search_window(site, SearchWindow(name, term, start, end), iter(range(HALVINGS)))


def _search_window(site: Site, window: SearchWindow, left: Iterator[int]) -> Iterator[Response | Gap | FoundDebate]:
    """Search a window, twice if pages shifted or rows are missing; `left` has one item for each halving allowed."""
    rows: dict[str, dict[str, Any]] = {}
    totals: set[int] = set()
    for again in ("", "/again"):
        totals.clear()
        try:
            for page in _read_pages(site, window, again):
                if isinstance(page, Response):
                    yield page
                else:
                    rows.update({_make_row_key(row): row for row in page.rows})
                    totals.add(page.total)
        except (DocumentUnavailable, ValueError) as error:
            yield from _list_debates(window, rows)
            if isinstance(error, DocumentUnavailable):
                yield from _search_halves(site, window, error, left)
            else:
                yield _make_gap(window, str(error))
            return
        if len(totals) == 1 and len(rows) >= max(totals):
            break
    else:
        counts = " and ".join(map(str, sorted(totals)))
        yield _make_gap(window, f"the service counts {counts} and gave {len(rows)} different ones in two readings")
    yield from _list_debates(window, rows)


def _search_halves(
    site: Site, window: SearchWindow, missed: DocumentUnavailable, left: Iterator[int]
) -> Iterator[Response | Gap | FoundDebate]:
    if (missed.status or 0) < 500 or window.start == window.end or next(left, None) is None:
        yield _make_gap(window, missed.reason)
        return
    first, last = Date.fromisoformat(window.start), Date.fromisoformat(window.end)
    middle = first + (last - first) // 2
    yield from _search_window(site, window._replace(end=middle.isoformat()), left)
    yield from _search_window(site, window._replace(start=(middle + timedelta(days=1)).isoformat()), left)


def _make_gap(window: SearchWindow, reason: str) -> Gap:
    return Gap(
        source=SOURCE,
        name=_make_page_name(window, 0, ""),
        what=f"search of {window.search} for {window.term}",
        start=window.start,
        end=window.end,
        reason=reason,
    )


def _read_pages(site: Site, window: SearchWindow, again: str) -> Iterator[Response | SearchPage]:
    """Yield each answer and the page in it, until the total is reached or a page is empty.

    Raises DocumentUnavailable and ValueError.
    """
    skip = 0
    for _ in range(MAX_PAGES):
        response = site.get(_make_request(window, skip, again))
        yield response
        page = _read_page(response)
        yield page._replace(
            rows=[row for row in page.rows if window.start <= parse_date(row["SittingDate"]) <= window.end]
        )
        for row in page.rows:
            if not window.start <= parse_date(row["SittingDate"]) <= window.end:
                raise ValueError(
                    f"a row of {row['SittingDate']} lies outside: the dates that were asked for were ignored"
                )
        skip += len(page.rows)
        if not page.rows or skip >= page.total:
            return
    raise ValueError(f"it has more than {MAX_PAGES} pages")


def _make_request(window: SearchWindow, skip: int, again: str) -> Request:
    parameters = {
        "searchTerm": window.term,
        "startDate": window.start,
        "endDate": window.end,
        "orderBy": "SittingDateAsc",
        "skip": str(skip),
        "take": str(PAGE_SIZE),
    }
    query = tuple((f"queryParameters.{name}", value) for name, value in parameters.items())
    return Request(
        name=_make_page_name(window, skip, again), path=SEARCHES[window.search][0], query=query, date=window.end
    )


def _make_page_name(window: SearchWindow, skip: int, again: str) -> str:
    slug = re.sub(r"[^\w-]+", "_", window.term)
    return f"search/{window.search}/{slug}/{window.start}_{window.end}/{skip}{again}"


def _read_page(response: Response) -> SearchPage:
    """Read the rows and the total of an answer. Raises ValueError if it has none."""
    try:
        answer = json.loads(response.body)
    except RecursionError:
        raise ValueError("the answer is nested too deeply") from None
    rows, total = (answer.get("Results"), answer.get("TotalResultCount")) if isinstance(answer, dict) else (None, None)
    if not isinstance(rows, list) or type(total) is not int or not all(isinstance(row, dict) for row in rows):
        raise ValueError("the answer has no Results with a TotalResultCount")
    for row in rows:
        if missing := [
            key for key in ("SittingDate", "DebateSectionExtId", "House") if not isinstance(row.get(key), str)
        ]:
            raise ValueError(f"a row has no {missing[0]}")
        parse_date(row["SittingDate"])
    return SearchPage(rows, total)


def _make_row_key(row: dict[str, Any]) -> str:
    """Return the fields that identify a row, on whichever page it appears."""
    parts = ("DebateSectionExtId", "ContributionExtId", "ItemId", "SittingDate", "House", "Title")
    return json.dumps([row.get(part) for part in parts])


def _list_debates(window: SearchWindow, rows: dict[str, dict[str, Any]]) -> Iterator[FoundDebate | Gap]:
    """Yield the debate of each row.

    DebateSection is the title in a contribution's row, but the chamber in a debate's row.
    """
    chamber, title = ("DebateSection", "Title") if window.search == "titles" else ("Section", "DebateSection")
    for row in rows.values():
        kind = find_kind(str(row.get(chamber) or ""), row["House"]) or UNKNOWN
        ext, date = row["DebateSectionExtId"], parse_date(row["SittingDate"])
        if SECTION_ID.fullmatch(ext):
            contribution = row.get("ContributionExtId")
            yield FoundDebate(
                kind=kind,
                date=date,
                ext=ext,
                title=str(row.get(title) or "").strip(),
                contribution=contribution.lower() if isinstance(contribution, str) else "",
            )
        else:
            yield Gap(
                source=SOURCE,
                name=_make_page_name(window, 0, ""),
                what=f"a debate of {date}",
                start=date,
                end=date,
                reason=f"{ext!r} is no id of a section",
            )


def make_search_terms(topic: Topic) -> list[str]:
    """Make the search terms of a topic: every phrase as words, also with the hyphens and joined words of any phrase.

    A term whose words are all in a longer term finds everything that the longer one would, so the longer is left out.
    """
    phrases = [" ".join(phrase.translate(QUOTES).lower().split()) for each in topic.phrases for phrase in each.phrases]
    spaced = [" ".join(DASH.sub(" ", phrase).split()) for phrase in phrases]
    written = {word for phrase in phrases for word in DASH.sub("-", phrase).split()}
    found = dict.fromkeys(spaced)
    for phrase in spaced:
        words = phrase.split()
        for at, pair in enumerate(pairwise(words)):
            if "".join(pair) in written or "-".join(pair) in written:
                for mark in ("-", ""):
                    found.setdefault(" ".join([*words[:at], mark.join(pair), *words[at + 2 :]]))
    return [term for term in found if not any(set(other.split()) < set(term.split()) for other in found)]


def split_into_years(start: str, end: str) -> Iterator[tuple[str, str]]:
    """Yield the start and end of each year between two dates; the first and the last year are cut to these dates."""
    for year in range(int(start[:4]), int(end[:4]) + 1):
        yield max(start, f"{year:04}-01-01"), min(end, f"{year:04}-12-31")
