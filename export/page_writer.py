"""Write pages of the site as files of an export: call the view of each address in process, and rewrite its answer."""

import asyncio
import re
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlencode, urlsplit

from db.sqlite import connect_to_read
from export import answer_rewriter as rewrite
from export.citation_files import make_debate_files
from export.file_names import Address, FileNames, parse_address
from export.links import IN_PROCESS_SITE, ExportLinks, make_relative_link
from export.output_folder import ExportError, OutputFolder, WrittenFile
from export.page_rules import OPTIONAL, PageRules
from web.http.datasette_types import Request, Response
from web.http.site_metadata import read_metadata
from web.serve import open_site
from web.urls import PATTERNS
from web.views import find_view

SETTINGS = {"sql_time_limit_ms": 600_000, "default_allow_sql": False, "num_sql_threads": 1}
PAGE_STATUSES = (200, 300, 404, 410)  # missing pages are exported too
REDIRECT_STATUSES = (301, 302, 303, 307, 308)
DEBATE = re.compile(r"/debate/([^/?]+)")
TEMPLATES = {"/data": "exported/data.html", "/find": "exported/find.html"}  # pages that only an export has


class ExportOptions(NamedTuple):
    """The options of pages: the database, the folders, the address of publication, and what pages say of the export.

    `statements` is beside a journal; `about` is context of the export's own pages; `site` is the address in ids; `last`
    is the folder of the last export.
    """

    statements: Path
    folder: Path
    last: Path | None
    base: str
    site: str
    about: dict[str, Any]


class SiteDescription(NamedTuple):
    """The canned queries of a site: their titles and parameters; and the optional pages that it has."""

    questions: dict[str, str]
    parameters: dict[str, tuple[str, ...]]
    further: tuple[str, ...]


class Answer(NamedTuple):
    """An answer of the site; `location` is where it redirects to, or ""."""

    status: int
    media: str
    location: str
    body: bytes


class PageBatch(NamedTuple):
    """The number of pages written, all files by name, and the addresses that links lead to."""

    pages: int
    files: dict[str, WrittenFile]
    found: list[str]


class InlineExecutor(Executor):
    """An executor that runs what it is given at once: the pages of one process are made one after the other."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call a function; return its result as a future. Raises what the function raises."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class PageWriter:
    """The site in this process, and the folder that its pages are written to."""

    def __init__(self, options: ExportOptions, rules: PageRules, names: FileNames, own: frozenset[str]) -> None:
        self.options = options
        self.links = ExportLinks(names, rules, options.base, own)
        self.site = _open_site(options)
        self.views = [(pattern, find_view(route)) for route, pattern in PATTERNS]
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self.site.invoke_startup())
        self.site.jinja_env.globals["exported"] = options.about
        self.conn = connect_to_read(options.statements)
        self.told: set[str] = set()

    def write_batch(self, addresses: list[str]) -> PageBatch:
        """Write the pages of some addresses. Raises ExportError."""
        folder = OutputFolder(self.options.folder, self.options.last)
        self.loop.run_until_complete(self._write_pages(map(parse_address, addresses), folder))
        found = [url for url in self.links.found if url not in self.told]
        self.told.update(found)
        self.links.found.clear()
        return PageBatch(len(addresses), folder.files, found)

    def close(self) -> None:
        """Close the databases."""
        self.loop.close()
        self.conn.close()
        close_databases(self.site)

    async def _write_pages(self, addresses: Any, folder: OutputFolder) -> None:
        for at in addresses:
            file, answer = self.links.names.name_file(at), await self._answer(at)
            folder.write_file(file, self._rewrite(answer, at, file))
            if answer.status == 200 and (debate := DEBATE.fullmatch(at.url)):
                self._write_debate_files(debate[1], file, folder)

    def _write_debate_files(self, id: str, page: str, folder: OutputFolder) -> None:
        for form, body in make_debate_files(self.conn, id, self.options.site, self.links):
            folder.write_file(f"{page.removesuffix('/index.html')}.{form}", body)

    async def _answer(self, at: Address) -> Answer:
        """Call the view of an address; what Datasette answers itself is requested from it. Raises ExportError."""
        if template := TEMPLATES.get(at.path):
            return Answer(200, "text/html", "", (await self.site.render_template(template, {})).encode())
        for pattern, view in self.views:
            if match := pattern.match(at.path):
                return read_answer(await view(self.site, make_request(at, match.groupdict())))
        answer = await self.site.client.get(at.url)
        media = answer.headers.get("content-type", "")
        return Answer(answer.status_code, media.partition(";")[0], answer.headers.get("location", ""), answer.content)

    def _rewrite(self, answer: Answer, at: Address, file: str) -> bytes:
        if answer.status in REDIRECT_STATUSES:
            target = self.links.rewrite_link(answer.location, at, file) or make_relative_link(file, "index.html")
            return rewrite.make_redirect_page(target)
        if answer.status not in PAGE_STATUSES:
            raise ExportError(f"{at.url} answers {answer.status}: {answer.body[:200].decode(errors='replace')}")
        if answer.media == "text/html" and file.endswith(".html"):
            return rewrite.rewrite_page(answer.body, at, file, self.links)
        if answer.media == "application/atom+xml":
            return rewrite.rewrite_feed(answer.body, file, self.links, self.options.site)
        if answer.media == "application/ld+json":
            return rewrite.rewrite_jsonld(answer.body, self.options.site, self.links)
        if answer.media == "text/css":
            return rewrite.rewrite_style(answer.body, at, file, self.links)
        return answer.body


def _open_site(options: ExportOptions) -> Any:
    """Open the site as `make serve` does, with the host of publication as authority of tag: URIs."""
    host = urlsplit(options.base).hostname
    named = read_metadata()["plugins"].get("dispatch-box", {}).get("authority")
    authority = {"plugins": {"dispatch-box": {"authority": host}}} if host and not named else None
    site: Any = open_site(options.statements, metadata=authority, **SETTINGS)
    site.executor = InlineExecutor()
    return site


def describe_site(options: ExportOptions) -> SiteDescription:
    """Ask the site for its canned queries, and which optional pages it has."""
    return asyncio.run(_describe_site(options))


async def _describe_site(options: ExportOptions) -> SiteDescription:
    site = _open_site(options)
    await site.invoke_startup()
    site.jinja_env.globals["exported"] = options.about | {"further": {}}
    queries = await site.get_canned_queries("statements", None)
    described = SiteDescription(
        questions={name: query["title"] for name, query in queries.items()},
        parameters={name: tuple(query.get("params", ())) for name, query in queries.items()},
        further=tuple([path for path in OPTIONAL if (await site.client.get(path)).status_code == 200]),
    )
    close_databases(site)
    return described


def close_databases(site: Any) -> None:
    """Close the connections of a site."""
    for database in site.databases.values():
        database.close()


def make_request(at: Address, parts: dict[str, str]) -> Request:
    """Make the request of an address, as Datasette makes it for the view; `parts` are those of the route."""
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": unquote(at.path),
        "raw_path": at.path.encode("ascii"),
        "query_string": urlencode(at.query).encode("ascii"),
        "headers": [(b"host", IN_PROCESS_SITE.partition("//")[2].encode("ascii"))],
        "url_route": {"kwargs": parts},
        "actor": None,
        "csrftoken": str,
    }
    return Request(scope, _receive_nothing)


async def _receive_nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def read_answer(response: Response) -> Answer:
    """Read the answer of a view."""
    body = response.body if isinstance(response.body, bytes) else (response.body or "").encode()
    media = (response.content_type or "").partition(";")[0]
    headers = {name.lower(): value for name, value in (response.headers or {}).items()}
    return Answer(response.status, media, headers.get("location", ""), body)
