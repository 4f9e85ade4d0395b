"""Crawl the site in process: request every page, follow its links, and write each answer as a file."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from db.gid import make_short_id
from db.statements.moments import SHOWN_MOMENTS
from export import annotation_files, search_index
from export import answer_rewriter as rewrite_html
from export.file_names import Address, FileNames, parse_address
from export.links import ExportLinks, make_relative_link
from export.output_folder import SUMS, ExportError, OutputFolder
from export.page_rules import OPTIONAL, PageRules
from web.crawlers import sitemap
from web.http.site_metadata import read_metadata
from web.protocol.container import MEMBERS
from web.serve import open_site

SETTINGS = {"sql_time_limit_ms": 600_000, "default_allow_sql": False, "num_sql_threads": 1}
PAGE_STATUSES = (200, 300, 404, 410)  # missing pages are exported too
REDIRECT_STATUSES = (301, 302, 303, 307, 308)
TEMPLATES = {"/data": "exported/data.html", "/find": "exported/find.html"}  # pages that only an export has
JSONLD_HEADERS = {"accept": "application/ld+json"}
ProgressReport = Callable[[int, int], None]


class ExportOptions(NamedTuple):
    """The options of a crawl: the database, the address of publication, and the function that reports progress.

    `statements` is beside a journal; `about` is context of the export's own pages; `site` is the address in ids.
    """

    statements: Path
    base: str
    site: str
    about: dict[str, Any]
    report: ProgressReport


def crawl_site(options: ExportOptions, conn: sqlite3.Connection, folder: OutputFolder) -> ExportLinks:
    """Write every page; return the links with the file of each address. Raises ExportError if a page fails."""
    return asyncio.run(_crawl(options, conn, folder))


async def _crawl(options: ExportOptions, conn: sqlite3.Connection, folder: OutputFolder) -> ExportLinks:
    """Start the site, list where the crawl begins, and request until nothing is left."""
    datasette = _make_datasette(options)
    await datasette.invoke_startup()
    datasette.jinja_env.globals["exported"] = options.about | {"further": {}}
    further = [path for path in OPTIONAL if (await datasette.client.get(path)).status_code == 200]
    queries = await datasette.get_canned_queries("statements", None)
    questions = {name: query["title"] for name, query in queries.items()}
    about = {"questions": questions, "further": {path: OPTIONAL[path] for path in further}}
    datasette.jinja_env.globals["exported"] = options.about | about
    rules = PageRules({name: tuple(query.get("params", ())) for name, query in queries.items()}, tuple(further))
    ids = frozenset(id for (id,) in conn.execute("SELECT id FROM annotations"))
    own = frozenset((*folder.sums, *options.about["files"].values(), search_index.SCRIPT, search_index.ENTRIES, SUMS))
    links = ExportLinks(FileNames(ids), rules, options.base, own)
    for path in _list_starts(conn, [*further, *(f"/statements/{name}" for name in queries)]):
        if rules.is_exported(parse_address(path)):
            links.queue_address(parse_address(path))
    annotation_files.write_exchange_files(conn, folder, links, options.about["stamp"], options.site)
    search_index.write_search(conn, folder, links)
    done = 0
    while links.waiting:
        await _export_address(datasette, links.waiting.popleft(), links, folder, options)
        done += 1
        options.report(done, len(links.waiting))
    for held in datasette.databases.values():
        held.close()
    return links


def _make_datasette(options: ExportOptions) -> Any:
    """Make the site as `make serve` does, with the host of publication as authority of tag: URIs."""
    host = urlsplit(options.base).hostname
    named = read_metadata()["plugins"].get("dispatch-box", {}).get("authority")
    authority = {"plugins": {"dispatch-box": {"authority": host}}} if host and not named else None
    return open_site(options.statements, metadata=authority, **SETTINGS)


def _list_starts(conn: sqlite3.Connection, more: Iterable[str]) -> Iterable[str]:
    """Yield the addresses from which the crawl starts; it follows their links."""
    yield from ("/", "/data", "/find", "/runs", *more)
    for number in range(1, sitemap.count_maps(conn) + 1):
        yield from (row["path"] for row in sitemap.read_paths(conn, number) if row["path"] != "/api")
    for (gid,) in conn.execute("SELECT DISTINCT gid FROM withdrawn_speeches ORDER BY gid"):
        yield f"/speech/{make_short_id(gid)}"
    for (id,) in conn.execute("SELECT id FROM annotations ORDER BY id"):
        yield f"/q/{quote(id, safe='')}"
    for (id,) in conn.execute(f"SELECT id FROM ({MEMBERS}) ORDER BY id"):
        yield f"/annotations/{quote(id, safe='')}"
    for (id,) in conn.execute(f"SELECT id FROM ({SHOWN_MOMENTS}) ORDER BY id"):
        yield f"/moment/{quote(id, safe='')}.jsonld"


async def _export_address(
    datasette: Any, at: Address, links: ExportLinks, folder: OutputFolder, options: ExportOptions
) -> None:
    """Request an address, and write the answer. Raises ExportError."""
    file = links.files[at.url]
    if template := TEMPLATES.get(at.path):
        made = await datasette.render_template(template, {})
        folder.write_file(file, rewrite_html.rewrite_page(made.encode(), at, file, links))
        return
    response = await datasette.client.get(at.url, headers=JSONLD_HEADERS if at.path.startswith("/annotations/") else {})
    if response.status_code in REDIRECT_STATUSES:
        target = links.rewrite_link(response.headers["location"], at, file) or make_relative_link(file, "index.html")
        folder.write_file(file, rewrite_html.make_redirect_page(target))
    elif response.status_code in PAGE_STATUSES:
        media = response.headers["content-type"].partition(";")[0]
        folder.write_file(file, _rewrite_body(response.content, media, at, file, links, options.site))
    else:
        raise ExportError(f"{at.url} answers {response.status_code}: {response.text[:200]}")


def _rewrite_body(body: bytes, media: str, at: Address, file: str, links: ExportLinks, site: str) -> bytes:
    """Rewrite the links of an answer by its media type."""
    if media == "text/html" and file.endswith(".html"):
        return rewrite_html.rewrite_page(body, at, file, links)
    if media == "application/atom+xml":
        return rewrite_html.rewrite_feed(body, file, links, site)
    if media == "application/ld+json":
        return rewrite_html.rewrite_jsonld(body, site, links)
    return rewrite_html.rewrite_style(body, at, file, links) if media == "text/css" else body
