"""Every page of the site, asked for in process and written as it comes."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from datasette.app import Datasette

from db.statements.moments import STANDING
from export import annotation_files as notes
from export import rewrite_html as rewrite
from export import search_index as find
from export.file_names import Address, Names, address
from export.links import Links, relative
from export.output_folder import SUMS, ExportError, Folder
from export.page_rules import OPTIONAL, Rules
from web.crawlers import sitemap
from web.protocol.container import MEMBERS

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {"suggest_facets": False, "default_page_size": 50, "truncate_cells_html": 300, "max_returned_rows": 1000}
SETTINGS |= {"sql_time_limit_ms": 600_000, "default_allow_sql": False, "num_sql_threads": 1}
PAGES = (200, 300, 404, 410)  # what is not there says so on a page
MOVED = (301, 302, 303, 307, 308)
TEMPLATES = {"/data": "exported/data.html", "/find": "exported/find.html"}  # pages that only an export has
JSONLD = {"accept": "application/ld+json"}
Tell = Callable[[int, int], None]


class Asked(NamedTuple):
    """What is exported: where statements.db stands beside a journal, where all will be published, and who is told.

    `about` is what pages are told of the export; `site` the address of the site that stands in ids.
    """

    statements: Path
    base: str
    site: str
    about: dict[str, Any]
    tell: Tell


def crawled(asked: Asked, conn: sqlite3.Connection, folder: Folder) -> Links:
    """Write every page; returns where each address leads. Raises ExportError where the site fails on one."""
    return asyncio.run(_crawled(asked, conn, folder))


async def _crawled(asked: Asked, conn: sqlite3.Connection, folder: Folder) -> Links:
    datasette = _datasette(asked)
    await datasette.invoke_startup()
    datasette.jinja_env.globals["exported"] = asked.about | {"further": {}}
    further = [path for path in OPTIONAL if (await datasette.client.get(path)).status_code == 200]
    queries = await datasette.get_canned_queries("statements", None)
    questions = {name: query["title"] for name, query in queries.items()}
    about = {"questions": questions, "further": {path: OPTIONAL[path] for path in further}}
    datasette.jinja_env.globals["exported"] = asked.about | about
    rules = Rules({name: tuple(query.get("params", ())) for name, query in queries.items()}, tuple(further))
    ids = frozenset(id for (id,) in conn.execute("SELECT id FROM annotations"))
    own = frozenset((*folder.sums, *asked.about["files"].values(), find.SCRIPT, find.ENTRIES, SUMS))
    links = Links(Names(ids), rules, asked.base, own)
    for path in _begin(conn, [*further, *(f"/statements/{name}" for name in queries)]):
        if rules.keep(address(path)):
            links.want(address(path))
    notes.exchanged(conn, folder, links, asked.about["stamp"], asked.site)
    find.write(conn, folder, links)
    done = 0
    while links.waiting:
        await _one(datasette, links.waiting.popleft(), links, folder, asked)
        done += 1
        asked.tell(done, len(links.waiting))
    for held in datasette.databases.values():
        held.close()
    return links


def _datasette(asked: Asked) -> Any:
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


def _begin(conn: sqlite3.Connection, more: Iterable[str]) -> Iterable[str]:
    """Where the walk begins; what these lead to is found on the way."""
    yield from ("/", "/data", "/find", "/runs", *more)
    for number in range(1, sitemap.maps(conn) + 1):
        yield from (row["path"] for row in sitemap.paths(conn, number) if row["path"] != "/api")
    for (id,) in conn.execute("SELECT id FROM annotations ORDER BY id"):
        yield f"/q/{quote(id, safe='')}"
    for (id,) in conn.execute(f"SELECT id FROM ({MEMBERS}) ORDER BY id"):
        yield f"/annotations/{quote(id, safe='')}"
    for (id,) in conn.execute(f"SELECT id FROM ({STANDING}) ORDER BY id"):
        yield f"/moment/{quote(id, safe='')}.jsonld"


async def _one(datasette: Any, at: Address, links: Links, folder: Folder, asked: Asked) -> None:
    """Ask for an address, and write what is answered."""
    file = links.files[at.whole]
    if template := TEMPLATES.get(at.path):
        made = await datasette.render_template(template, {})
        folder.write(file, rewrite.page(made.encode(), at, file, links))
        return
    response = await datasette.client.get(at.whole, headers=JSONLD if at.path.startswith("/annotations/") else {})
    if response.status_code in MOVED:
        target = links.lead(response.headers["location"], at, file) or relative(file, "index.html")
        folder.write(file, rewrite.stub(target))
    elif response.status_code in PAGES:
        media = response.headers["content-type"].partition(";")[0]
        folder.write(file, _body(response.content, media, at, file, links, asked.site))
    else:
        raise ExportError(f"{at.whole} answers {response.status_code}: {response.text[:200]}")


def _body(body: bytes, media: str, at: Address, file: str, links: Links, site: str) -> bytes:
    if media == "text/html" and file.endswith(".html"):
        return rewrite.page(body, at, file, links)
    if media == "application/atom+xml":
        return rewrite.feed(body, file, links, site)
    if media == "application/ld+json":
        return rewrite.jsonld(body, site, links)
    return rewrite.style(body, at, file, links) if media == "text/css" else body
