"""TheyWorkForYou's API on loopback, with the specimens and its quirks: for tests and for `make demo`."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape, unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

SPECIMENS = Path(__file__).resolve().parents[1] / "tests" / "specimens" / "theyworkforyou_api"
KEY = "specimen-key"
TYPES = {"commons": "1", "westminsterhall": "2", "lords": "101"}
MAJORS = {"getdebates": set(TYPES.values()), "getwrans": {"3"}, "getwms": {"4"}}
Row = dict[str, Any]
Answer = tuple[int, object, dict[str, str]]


class TheyWorkForYouQuirks(NamedTuple):
    """Variations of the service's answers.

    `moved` has the new gid of each superseded gid; `more` is the error of its totals.
    """

    limit: int = 1000
    more: int = 7
    per_page: int = 1000  # most rows in a page, even if more are requested
    moved: Mapping[str, str] = MappingProxyType({})
    errors: Mapping[str, str] = MappingProxyType({})  # the API's words for a gid or a page of a search ("2")
    strays: tuple[Row, ...] = ()  # additional rows in the first page of every search
    sections: bool = False  # True if a section is answered with its subsections and no speech


class TheyWorkForYouService:
    """The specimens, by gid and by phrase; `asked` has all requests, without their key."""

    def __init__(self, folder: Path = SPECIMENS, quirks: TheyWorkForYouQuirks = TheyWorkForYouQuirks()) -> None:  # noqa: B008 - it cannot change
        self.pages = [json.loads(path.read_bytes()) for path in sorted(folder.rglob("*.json"))]
        self.quirks = quirks
        self.current = 0
        self.asked: list[tuple[str, dict[str, str]]] = []

    def answer(self, function: str, query: dict[str, str]) -> Answer:
        """Return the status, the JSON and the headers for one call."""
        self.asked.append((function, {name: value for name, value in query.items() if name != "key"}))
        if not query.get("key"):
            return make_error(
                "No API key provided. Please see https://www.theyworkforyou.com/api/key for more information."
            )
        if query["key"] != KEY:
            return make_error("Invalid API key.")
        if function.lower() == "getquota":
            return 200, {"quota": {"limit": self.quirks.limit, "current": self.current}}, {}
        self.current += 1
        if self.current > self.quirks.limit:
            return 403, "<h1>Over quota</h1>", {"Content-Type": "text/html"}
        if function.lower() == "gethansard":
            return self._search(query)
        if function.lower() in MAJORS:
            return self._page(function, query)
        return make_error(f"Unknown function '{function}'. Possible functions are: getHansard")

    def _page(self, function: str, query: dict[str, str]) -> Answer:
        gid, majors = query.get("gid", ""), MAJORS[function.lower()]
        if function.lower() == "getdebates":
            if query.get("type") not in TYPES:
                return make_error("Unknown type" if query.get("type") else "You must supply a type")
            majors = {TYPES[query["type"]]}
        if gid in self.quirks.errors:
            return make_error(self.quirks.errors[gid])
        if gid in self.quirks.moved:
            onward = urlencode({**query, "gid": self.quirks.moved[gid]})
            return 302, "", {"Location": f"/api/{function}?{onward}"}  # with the key in it
        for rows in self.pages:
            heads = [row for row in rows if row["htype"] in ("10", "11") and row["major"] in majors]
            if heads and heads[-1]["gid"] == gid:
                return 200, rows, {}
            if heads and heads[0]["gid"] == gid and self.quirks.sections:
                return 200, self._section(gid), {}
        return 404, "", {"Content-Type": "text/html"}

    def _section(self, gid: str) -> list[Row]:
        found = [rows for rows in self.pages if rows[0]["gid"] == gid]
        return [found[0][0], *({**rows[1], "excerpt": "..."} for rows in found)]

    def _search(self, query: dict[str, str]) -> Answer:
        search, page = query.get("search", ""), int(query.get("page", "1"))
        phrase = re.search(r'"([^"]+)"', search)
        dates = re.search(r"(\d{8})\.\.(\d{8})", search)
        if not phrase or not dates:
            return make_error("That is not a valid search.")
        if str(page) in self.quirks.errors:
            return make_error(self.quirks.errors[str(page)])
        rows = [*self.quirks.strays, *self._hits(phrase[1], dates[1], dates[2], "groupby:speech" in search)]
        num = min(int(query.get("num", "20")), self.quirks.per_page)
        info = {"s": search, "results_per_page": num, "page": page, "first_result": 1, "spelling_correction": ""}
        info["total_results"] = len(rows) + self.quirks.more
        return 200, {"info": info, "searchdescription": search, "rows": rows[(page - 1) * num : page * num]}, {}

    def _hits(self, phrase: str, first: str, last: str, each: bool) -> list[Row]:
        """Find the rows that contain a phrase, newest first: one for each page, or with `each` all of them."""
        words = re.compile(rf"\b{re.escape(phrase)}\b", re.IGNORECASE)
        found = []
        for rows in self.pages:
            matching = [row for row in rows if first <= row["hdate"].replace("-", "") <= last and _contains(words, row)]
            shown = matching if each else matching[:1]
            found += [self._hit(row, len(matching) - len(shown)) for row in shown]
        return sorted(found, key=lambda row: row["hdate"], reverse=True)

    def _hit(self, row: Row, collapsed: int) -> Row:
        left_out = {"speaker"} if not row["speaker"] else set()
        address, _, anchor = row["listurl"].partition("#")
        listed = f"{escape(address + '&s=power+of+information')}{'#' * bool(anchor)}{anchor}"
        extra = {
            "collapsed": collapsed,
            "relevance": 100,
            "extract": "...",
            "listurl": listed,
            "parent": {"body": "..."},
        }
        return {**{name: value for name, value in row.items() if name not in left_out}, **extra}


def _contains(words: re.Pattern[str], row: Row) -> bool:
    return words.search(" ".join(re.sub(r"<[^>]+>", "", unescape(row["body"])).split())) is not None


def make_error(words: str) -> Answer:
    """Make an error as the API gives it: with HTTP 200."""
    return 200, {"error": words}, {}


@contextmanager
def serving(service: TheyWorkForYouService) -> Iterator[str]:
    """Yield the address of the API, served on loopback while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/robots.txt":
                answer: Answer = (404, "", {})
            else:
                answer = service.answer(parts.path.rpartition("/")[2], dict(parse_qsl(parts.query)))
            status, content, headers = answer
            body = content.encode() if isinstance(content, str) else json.dumps(content, indent=1).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing: addresses contain keys."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
