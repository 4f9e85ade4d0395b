"""Hansard's API on loopback, with the specimens and its quirks: for tests and for `make demo`."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from bs4 import BeautifulSoup

SPECIMENS = Path(__file__).resolve().parents[1] / "tests" / "specimens" / "hansard"
PREFIX = "queryParameters."
TYPES = {  # the sections of each type of contribution
    "Spoken": ("Commons Chamber", "Lords Chamber", "Westminster Hall", "Grand Committee", "Public Bill Committees"),
    "Written": ("Written Answers", "Written Statements"),
    "Corrections": ("Ministerial Corrections",),
    "Petitions": ("Petitions",),
}
TOTALS = {
    "Spoken": "Contributions",
    "Written": "WrittenAnswers",
    "Corrections": "Corrections",
    "Petitions": "Petitions",
}
Row = dict[str, Any]


class HansardQuirks(NamedTuple):
    """Faults of the service's answers. If `broken` is true of a term and two dates, the answer is HTTP 500."""

    broken: Callable[[str, str, str], bool] = lambda term, start, end: False
    page: int = 100  # most rows in a page, even if more are requested
    shifts: int = 0  # readings of a window in which the last row moves to the front after the first page
    twice: bool = False  # every row twice
    more: int = 0  # rows that are counted but not given
    ignoring: bool = False  # True to ignore the dates of a request
    missing: frozenset[str] = frozenset()  # ids of debates that are not available


class HansardService:
    """The specimens, searched by words; `asked` has the paths of all requests."""

    def __init__(self, folder: Path = SPECIMENS, quirks: HansardQuirks = HansardQuirks()) -> None:  # noqa: B008 - it cannot change
        answers = [json.loads(path.read_bytes()) for path in sorted(folder.rglob("*.json"))]
        self.debates = [answer for answer in answers if "Overview" in answer]
        self.divisions = {answer["ExternalId"].lower(): answer for answer in answers if "AyeMembers" in answer}
        self.rows = {
            debate["Overview"]["ExtId"]: [
                _make_row(debate["Overview"], item) for item in debate["Items"] if item["MemberId"]
            ]
            for debate in self.debates
        }
        self.quirks = quirks
        self.asked: list[str] = []
        self.readings: Counter[tuple[str, ...]] = Counter()

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, object]:
        """Return the status and the JSON for a path."""
        self.asked.append(path)
        wanted = {key.removeprefix(PREFIX): value for key, value in query.items() if key.startswith(PREFIX)}
        if match := re.fullmatch(r"/debates/debate/([^/]+)\.json", path):
            return self._debate(unquote(match[1]).lower())
        if match := re.fullmatch(r"/debates/division/([^/]+)\.json", path):
            found = self.divisions.get(unquote(match[1]).lower())
            return (200, found) if found else (404, {"Message": "Division not found"})
        if path == "/search.json":
            return 200, self._preview(wanted)
        if path == "/search/debates.json":
            return self._search(path, list(self._titles()), wanted)
        if match := re.fullmatch(r"/search/contributions/(\w+)\.json", path):
            return self._search(path, list(self._contributions(match[1])), wanted)
        return 404, {"Message": "No HTTP resource was found that matches the request."}

    def _debate(self, ext: str) -> tuple[int, object]:
        for debate in self.debates:
            if debate["Overview"]["ExtId"].lower() == ext and ext not in self.quirks.missing:
                return 200, debate
        return 404, {"Message": "Debate not found"}

    def _search(self, path: str, rows: list[Row], wanted: dict[str, str]) -> tuple[int, object]:
        quirks, term = self.quirks, wanted.get("searchTerm", "")
        start, end = wanted.get("startDate", "1800-01-01"), wanted.get("endDate", "2100-01-01")
        skip, take = int(wanted.get("skip", 0)), int(wanted.get("take", 20))
        if take > 100 or quirks.broken(term, start, end):
            return 500, {"Message": "An error has occurred."}
        found = (
            _filter_rows(rows, term)
            if quirks.ignoring
            else [r for r in _filter_rows(rows, term) if start <= _read_day(r) <= end]
        )
        found = _sort_rows(found, wanted.get("orderBy"))
        found = [row for row in found for _ in range(2)] if quirks.twice else found
        window = (path, term, start, end)
        self.readings[window] += skip == 0
        if skip and self.readings[window] <= quirks.shifts:
            found = found[-1:] + found[:-1]
        return 200, {
            "Results": found[skip : skip + min(take, quirks.page)],
            "TotalResultCount": len(found) + quirks.more,
        }

    def _preview(self, wanted: dict[str, str]) -> dict[str, object]:
        answer: dict[str, object] = {"SearchTerms": wanted.get("searchTerm", "").split()}
        for type, name in TOTALS.items():
            found = _filter_rows(list(self._contributions(type)), wanted.get("searchTerm", ""))
            answer |= {f"Total{name}": len(found), name: found[:4]}
        return answer

    def _titles(self) -> Iterator[Row]:
        for overview in (debate["Overview"] for debate in self.debates):
            yield {
                "DebateSection": overview["Location"],
                "SittingDate": overview["Date"],
                "House": overview["House"],
                "Title": overview["Title"],
                "Rank": 0,
                "DebateSectionExtId": overview["ExtId"],
            }

    def _contributions(self, type: str) -> Iterator[Row]:
        for debate in self.debates:
            if debate["Overview"]["Location"] in TYPES.get(type, ()):
                yield from self.rows[debate["Overview"]["ExtId"]]


def _make_row(overview: Row, item: Row) -> Row:
    text = BeautifulSoup(item["Value"], "lxml").get_text()
    return {
        "MemberName": None,
        **{key: item[key] for key in ("MemberId", "AttributedTo", "ItemId", "HRSTag", "HansardSection", "Timecode")},
        "ContributionExtId": item["ExternalId"],
        "ContributionText": f" {text[:250]}",
        "ContributionTextFull": text,
        "DebateSection": overview["Title"],
        "DebateSectionId": overview["Id"],
        "DebateSectionExtId": overview["ExtId"],
        "SittingDate": overview["Date"],
        "Section": overview["Location"],
        "House": overview["House"],
        "OrderInDebateSection": item["OrderInSection"],
        "DebateSectionOrder": 1,
        "Rank": 0,
    }


def _read_day(row: Row) -> str:
    return str(row["SittingDate"])[:10]


def _split_words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.lower())  # hyphens matter


def _filter_rows(rows: list[Row], term: str) -> list[Row]:
    """Return the rows that contain every word of a term, in any order; all rows for an empty term."""
    wanted = set(_split_words(term))
    return [row for row in rows if wanted <= set(_split_words(row.get("ContributionTextFull") or row["Title"]))]


def _sort_rows(rows: list[Row], order: str | None) -> list[Row]:
    if order in ("SittingDateAsc", "SittingDateDesc"):
        return sorted(rows, key=_read_day, reverse=order.endswith("Desc"))
    return sorted(rows, key=lambda row: len(row.get("ContributionTextFull") or row["Title"]))  # by relevance


@contextmanager
def serving(service: HansardService) -> Iterator[str]:
    """Serve on a free loopback port; yield the address."""

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, answer = service.answer(parts.path, dict(parse_qsl(parts.query)))
            body = json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
