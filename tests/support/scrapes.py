"""Whole scrapes, in process, of servers on loopback: what a run asked, said and made, for tests."""

import gc
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result
from requests import sessions

from demo_servers import hansard as hansard_server
from demo_servers import theyworkforyou as twfy_server
from scrapers import run
from scrapers.__main__ import cli
from scrapers.fetch.http import client
from scrapers.fetch.http.client import open_site
from scrapers.fetch.http.polite_requests import CrawlClock
from tests.support.cli import SPECIMENS, rsync_daemon
from tests.support.faulty_server import Answer, serve_faulty

PAGES = {
    f"/pa/{'/'.join(path.relative_to(SPECIMENS / 'publications').parts[2:])}": path
    for path in (SPECIMENS / "publications").rglob("*.htm")
}


class Pages:
    """Parliament's old pages, of the specimens; `asked` are the paths, `refusing` answers with 403."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refusing = False

    def answer(self, path: str, query: dict[str, str], headers: Mapping[str, str]) -> Answer:
        """One page, or none."""
        if path == "/robots.txt":
            return Answer(404)
        self.asked.append(path)
        if self.refusing:
            return Answer(403, {"Content-Type": "text/html"}, b"<html>No.</html>")
        body = PAGES[path].read_bytes() if path in PAGES else None
        return Answer(200, {"Content-Type": "text/html"}, body) if body else Answer(404)


class Places(NamedTuple):
    """Where each source is, and what answers there."""

    parldata: str
    hansard: str
    twfy_api: str
    publications: str
    parliament: hansard_server.HansardService
    site: twfy_server.TheyWorkForYouService
    pages: Pages


@contextmanager
def serve_sources(work: Path) -> Iterator[Places]:
    """Every source on loopback, over the specimens."""
    parliament, site, pages = hansard_server.HansardService(), twfy_server.TheyWorkForYouService(), Pages()
    with (
        rsync_daemon(SPECIMENS / "parldata", work) as parldata,
        hansard_server.serving(parliament) as hansard,
        twfy_server.serving(site) as twfy,
        serve_faulty(pages.answer) as publications,
    ):
        yield Places(f"{parldata}/parldata", hansard, twfy, publications, parliament, site, pages)


class ScrapeFolder:
    """A folder of databases, and how its runs are asked for."""

    def __init__(
        self, folder: Path, places: Mapping[str, str], patch: pytest.MonkeyPatch, manners: Mapping[str, Any] = {}
    ) -> None:
        self.folder = folder
        self.places = dict(places)
        self.topics: Path | None = None  # the project's own
        patch.setattr(run, "_resolve_annotations", lambda folder: (0, []))  # another process, with tests of its own
        patch.setattr(sessions, "get_environ_proxies", lambda *_, **__: {})  # it reads all variables each time
        opened = partial(open_site, clock=CrawlClock(sleep=lambda seconds: None))
        patch.setattr(client, "open_site", lambda s, u, m, *a, **k: opened(s, u, m._replace(**manners), *a, **k))

    def call(self, verb: str, *arguments: object, key: str = "") -> Result:
        """A verb of the command line, in process; what it raises is raised here."""
        topics = str(self.topics) if self.topics else None
        runner = CliRunner(env={"TWFY_API_KEY": key, "PAUSE": "0", "SWEEP": None, "TOPICS": topics, "EVERYTHING": None})
        try:
            return runner.invoke(
                cli, [verb, *map(str, arguments), "--db-dir", str(self.folder)], catch_exceptions=False
            )
        finally:
            gc.enable()  # a run does without

    def scrape(self, *arguments: object, key: str = "") -> Result:
        """Fetch and load."""
        places = [f"--{name.replace('_', '-')}={url}" for name, url in self.places.items()]
        return self.call("scrape", *places, *arguments, key=key)

    def census(self) -> list[dict[str, Any]]:
        """The rows of the census."""
        return [json.loads(line) for line in self.call("census", "--json").stdout.splitlines()]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of statements.db."""
        conn = sqlite3.connect(self.folder / "statements.db")
        try:
            return conn.execute(query, values).fetchall()
        finally:
            conn.close()

    def list_documents(self, source: str) -> list[str]:
        """The names of what the archive has of a source."""
        conn = sqlite3.connect(self.folder / "archive.db")
        names = conn.execute("SELECT DISTINCT name FROM responses WHERE source = ? ORDER BY 1", (source,)).fetchall()
        conn.close()
        return [name for (name,) in names]

    def gaps(self) -> list[tuple[str, str]]:
        """Source and name of every gap that is open."""
        conn = sqlite3.connect(self.folder / "archive.db")
        found = conn.execute("SELECT source, name FROM gaps WHERE closed IS NULL ORDER BY 1, 2").fetchall()
        conn.close()
        return found

    def read_lasting_rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row but what tells when, how and in which order documents came."""
        return read_lasting_rows(self.folder / "statements.db", "gaps")


def read_tables(path: Path, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a database, but for the search index's own tables."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'"
    with closing(sqlite3.connect(path)) as conn:
        names = [n for (n,) in conn.execute(query) if n not in without]
        return {n: sorted(conn.execute(f"SELECT * FROM {n}").fetchall(), key=repr) for n in names}


def read_lasting_rows(path: Path, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row but what tells when and in which order the files came."""
    found = read_tables(path, "runs", *without)
    with closing(sqlite3.connect(path)) as conn:
        for name in found:
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({name})")]
            keep = [
                n
                for n, column in enumerate(columns)
                if column not in ("received", "response_id", "changed") and not column.startswith("since")
            ]
            found[name] = [tuple(row[n] for n in keep) for row in found[name]]
    return found


def is_intact(path: Path) -> bool:
    """Whether a database is whole: its pages, its keys, and its search indexes."""
    with closing(sqlite3.connect(path)) as conn:
        for table in ("speeches", "debates"):
            conn.execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('integrity-check')")
        whole = conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return whole and not conn.execute("PRAGMA foreign_key_check").fetchall()
