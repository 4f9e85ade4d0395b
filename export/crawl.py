"""Crawl the site in process: request every page, follow its links, and write each answer as a file."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from datasette.app import Datasette

from db.statements.moments import STANDING
from export import annotation_files, rewrite_html, search_index
from export.file_names import Address, Names, address
from export.links import Links, relative
from export.output_folder import SUMS, ExportError, Folder
from export.page_rules import OPTIONAL, Rules
from web.crawlers import sitemap
from web.protocol.container import MEMBERS

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {"suggest_facets": False, "default_page_size": 50, "truncate_cells_html": 300, "max_returned_rows": 1000}
SETTINGS |= {"sql_time_limit_ms": 600_000, "default_allow_sql": False, "num_sql_threads": 1}
PAGES = (200, 300, 404, 410)  # a page that is not there says so
MOVED = (301, 302, 303, 307, 308)
TEMPLATES = {"/data": "exported/data.html", "/find": "exported/find.html"}  # pages that only an export has
JSONLD = {"accept": "application/ld+json"}
Tell = Callable[[int, int], None]


class Asked(NamedTuple):
    """The options of a crawl: the database, the address of publication, and the function that reports progress.

    `statements` stands beside a journal; `about` is shown on the export's own pages; `site` is the address in ids.
    """

    statements: Path
    base: str
    site: str
    about: dict[str, Any]
    report: Tell


def crawled(asked: Asked, conn: sqlite3.Connection, folder: Folder) -> Links:
    """Write every page; return the links with the file of each address. Raises ExportError where a page fails."""
    return asyncio.run(_crawl(asked, conn, folder))


async def _crawl(asked: Asked, conn: sqlite3.Connection, folder: Folder) -> Links:
    """Start the site, list where the crawl begins, and request until nothing is left."""
    datasette = _make_datasette(asked)
    await datasette.invoke_startup()
    datasette.jinja_env.globals["exported"] = asked.about | {"further": {}}
    further = [path for path in OPTIONAL if (await datasette.client.get(path)).status_code == 200]
    queries = await datasette.get_canned_queries("statements", None)
    questions = {name: query["title"] for name, query in queries.items()}
    about = {"questions": questions, "further": {path: OPTIONAL[path] for path in further}}
    datasette.jinja_env.globals["exported"] = asked.about | about
    rules = Rules({name: tuple(query.get("params", ())) for name, query in queries.items()}, tuple(further))
    ids = frozenset(id for (id,) in conn.execute("SELECT id FROM annotations"))
    own = frozenset((*folder.sums, *asked.about["files"].values(), search_index.SCRIPT, search_index.ENTRIES, SUMS))
    links = Links(Names(ids), rules, asked.base, own)
    for path in _list_starts(conn, [*further, *(f"/statements/{name}" for name in queries)]):
        if rules.keep(address(path)):
            links.want(address(path))
    annotation_files.exchanged(conn, folder, links, asked.about["stamp"], asked.site)
    search_index.write(conn, folder, links)
    done = 0
    while links.waiting:
        await _export_address(datasette, links.waiting.popleft(), links, folder, asked)
        done += 1
        asked.report(done, len(links.waiting))
    for held in datasette.databases.values():
        held.close()
    return links


def _make_datasette(asked: Asked) -> Any:
    """Make the site as `make serve` does, with the host of publication as authority of tag: URIs."""
    metadata = json.loads((ROOT / "metadata.json").read_text(encoding="utf-8"))
    host = urlsplit(asked.base).hostname
    ours = metadata["plugins"].setdefault("dispatch-box", {})
    if host and not ours.get("authority"):
        ours["authority"] = host
    return Datasette(
        [str(asked.statements)],
        metadata=metadata,
        template_dir=str(ROOT / "web" / "layout"),
        plugins_dir=str(ROOT / "plugins"),
        static_mounts=[("static", str(ROOT / "web" / "static"))],
        settings=SETTINGS,
    )


def _list_starts(conn: sqlite3.Connection, more: Iterable[str]) -> Iterable[str]:
    """Yield the addresses from which the crawl starts; it follows their links."""
    yield from ("/", "/data", "/find", "/runs", *more)
    for number in range(1, sitemap.maps(conn) + 1):
        yield from (row["path"] for row in sitemap.paths(conn, number) if row["path"] != "/api")
    for (id,) in conn.execute("SELECT id FROM annotations ORDER BY id"):
        yield f"/q/{quote(id, safe='')}"
    for (id,) in conn.execute(f"SELECT id FROM ({MEMBERS}) ORDER BY id"):
        yield f"/annotations/{quote(id, safe='')}"
    for (id,) in conn.execute(f"SELECT id FROM ({STANDING}) ORDER BY id"):
        yield f"/moment/{quote(id, safe='')}.jsonld"


async def _export_address(datasette: Any, at: Address, links: Links, folder: Folder, asked: Asked) -> None:
    """Request an address, and write the answer. Raises ExportError."""
    file = links.files[at.whole]
    if template := TEMPLATES.get(at.path):
        made = await datasette.render_template(template, {})
        folder.write(file, rewrite_html.page(made.encode(), at, file, links))
        return
    response = await datasette.client.get(at.whole, headers=JSONLD if at.path.startswith("/annotations/") else {})
    if response.status_code in MOVED:
        target = links.lead(response.headers["location"], at, file) or relative(file, "index.html")
        folder.write(file, rewrite_html.stub(target))
    elif response.status_code in PAGES:
        media = response.headers["content-type"].partition(";")[0]
        folder.write(file, _rewrite_body(response.content, media, at, file, links, asked.site))
    else:
        raise ExportError(f"{at.whole} answers {response.status_code}: {response.text[:200]}")


def _rewrite_body(body: bytes, media: str, at: Address, file: str, links: Links, site: str) -> bytes:
    """Rewrite the links of an answer by its media type."""
    if media == "text/html" and file.endswith(".html"):
        return rewrite_html.page(body, at, file, links)
    if media == "application/atom+xml":
        return rewrite_html.feed(body, file, links, site)
    if media == "application/ld+json":
        return rewrite_html.jsonld(body, site, links)
    return rewrite_html.style(body, at, file, links) if media == "text/css" else body
