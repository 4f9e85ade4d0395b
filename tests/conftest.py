"""What the tests share: where things are, and databases made from folders of files."""

import json
import shutil
import sqlite3
import sys
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from hypothesis import settings

from annotations.__main__ import cli as resolve
from db.archive import responses as archive
from db.records.errors import ParseError
from db.records.hansard import Day, Document
from db.records.source import Response, Told
from db.statements import people, store
from scrapers.load import assemble_day as day
from scrapers.load import load_people as register
from scrapers.scope import kinds as folders
from scrapers.scope.topics import mentions, read_topics
from scrapers.sources import theyworkforyou
from tests.support.browser import browser
from tests.support.cli import call

__all__ = ["browser"]  # a fixture
SOURCE = {"id": "theyworkforyou", "title": "TheyWorkForYou", "url": "https://www.theyworkforyou.com/", "licence": "OPL"}
Unit = tuple[str, str]
LOST = """
[[annotation]]
id = "lost-1"
target = "uk.org.publicwhip/debate/2008-06-22c.101.5"
exact = "words that nobody ever said in any House"
point = "participation-online/be-credible"
reading = "said"
note = "A quote that is not there."
creator = "A. Specimen"
created = "2008-06-23"
"""
settings.register_profile("house", deadline=None, derandomize=True)  # no clock, and every run the same
settings.load_profile("house")


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def specimens(root: Path) -> Path:
    return root / "tests" / "specimens"


@pytest.fixture(scope="session")
def corpus(root: Path) -> Path:
    folder = root.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the real corpus is not beside this project, at ../shared/corpus")
    return folder


def response(name: str, body: bytes) -> Response:
    return Response("theyworkforyou", name, f"file:///{name}", "2026-11-22T06:00:00Z", 200, {}, body)


def units(parldata: Path) -> dict[Unit, list[Document]]:
    """Every file under a parldata folder, parsed, by the day it belongs to."""
    found: dict[Unit, list[Document]] = defaultdict(list)
    for path in sorted(parldata.glob("scrapedxml/*/*.xml")):
        name = path.relative_to(parldata).as_posix()
        unit = folders.unit(name)
        assert unit, name
        found[unit].append(theyworkforyou.parse(response(name, path.read_bytes())))
    return found


def save(conn: sqlite3.Connection, *days: Day) -> None:
    """Save days, with their mentions, in one transaction."""
    topics = list(read_topics().values())
    with store.writing(conn) as saved:
        for each in days:
            store.save_day(conn, saved, told(each), mentions(topics, each), [], "mark")


def told(each: Day) -> Day:
    """A day of TheyWorkForYou's files with the responses that brought them."""
    came = ("a", 1, "0" * 64, "2026-11-22T06:00:00Z")
    return each._replace(told={d.gid: Told(SOURCE["id"], d.name, *came) for d in each.debates})


def peopled(conn: sqlite3.Connection, parldata: Path) -> None:
    """Load the register of a parldata folder, and look every speaker up in it."""
    received = archive.open_archive(Path(":memory:"))
    for path in sorted(parldata.glob("*.json")):
        archive.keep(received, response(path.name, path.read_bytes())._replace(source="people"))
    assert register.load_people(received, conn)
    people.resolve(conn, None)


def opened(path: Path) -> sqlite3.Connection:
    """A new statements.db that holds the topics and the source, and no day."""
    conn = store.open_store(path)
    store.save_lists(conn, [SOURCE], read_topics().values())
    return conn


@pytest.fixture(scope="session")
def assembled(specimens: Path) -> dict[Unit, tuple[Day, list[ParseError]]]:
    """The days of the specimens, with what was wrong with them."""
    return {unit: day.assemble(*unit, files) for unit, files in units(specimens / "parldata").items()}


@pytest.fixture
def empty(tmp_path: Path) -> sqlite3.Connection:
    return opened(tmp_path / "statements.db")


@pytest.fixture(scope="session")
def specimen_db(tmp_path_factory: pytest.TempPathFactory, assembled: dict) -> Path:
    """The path of a database with every day of the specimens, whole; to be read only."""
    path = tmp_path_factory.mktemp("specimens") / "statements.db"
    conn = opened(path)
    save(conn, *(each for each, _ in assembled.values()))
    conn.close()
    return path


@pytest.fixture(scope="session")
def statements(specimen_db: Path) -> sqlite3.Connection:
    """A connection to the specimens' database; to be read only."""
    return sqlite3.connect(specimen_db)


@pytest.fixture(scope="session")
def corpus_units(corpus: Path) -> dict[Unit, list[Document]]:
    return units(corpus / "parldata")


@pytest.fixture(scope="session")
def corpus_db(tmp_path_factory: pytest.TempPathFactory, corpus_units: dict) -> sqlite3.Connection:
    """Every day of the real corpus, whole; to be read only."""
    conn = opened(tmp_path_factory.mktemp("corpus") / "statements.db")
    save(conn, *(day.assemble(*unit, files)[0] for unit, files in corpus_units.items()))
    return conn


@pytest.fixture(scope="session")
def site_db(tmp_path_factory: pytest.TempPathFactory, specimen_db: Path, specimens: Path) -> Path:
    """The specimens with guidance and quotes, one of them lost, as the site serves them; to be read only."""
    folder, quotes = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("quotes")
    shutil.copy(specimen_db, folder / "statements.db")
    with closing(store.open_store(folder / "statements.db")) as conn:
        peopled(conn, specimens / "parldata")
        store.stamp(conn, 1)
    shutil.copytree(specimens / "quotes", quotes, dirs_exist_ok=True)
    (quotes / "lost.toml").write_text(LOST, encoding="utf-8")
    arguments = ["load", "--db-dir", str(folder), "--quotes", str(quotes)]
    assert CliRunner().invoke(resolve, arguments, catch_exceptions=False).exit_code == 0
    return folder / "statements.db"


@pytest.fixture(scope="session")
def site(root: Path, site_db: Path) -> Datasette:
    """The whole site in process. Its plugins stay registered for every other Datasette of the session."""
    return Datasette([str(site_db)], plugins_dir=str(root / "plugins"), **served(root))


@pytest.fixture(scope="session")
def told_db(tmp_path_factory: pytest.TempPathFactory, specimens: Path) -> Path:
    """The specimens of every source that can be had without a key, told together; to be read only."""
    folder = tmp_path_factory.mktemp("told")
    where = ("--parldata", (specimens / "parldata").as_uri(), "--db-dir", folder)
    server = ("--", sys.executable, "-m", "scrapers", "scrape", "--pause", "0", *where)
    run = call("tests.support.hansard_server", *server, QUOTES=str(specimens / "quotes"))
    assert run.returncode == 0, run.stderr
    received, pages = archive.open_archive(folder / "archive.db"), specimens / "publications"
    for path in sorted(pages.rglob("*.htm")):
        came = response(path.relative_to(pages).as_posix(), path.read_bytes())
        archive.keep(received, came._replace(source="publications"))
    received.close()
    assert call("scrapers", "load", "--db-dir", folder).returncode == 0
    return folder / "statements.db"


@pytest.fixture(scope="session")
def told_site(root: Path, told_db: Path, site: Datasette) -> Datasette:
    """The site over what several sources tell; the plugins are those that `site` registered."""
    return Datasette([str(told_db)], **served(root))


def served(root: Path) -> dict:
    """How `make serve` sets Datasette up, but for the plugins."""
    return {
        "metadata": json.loads((root / "metadata.json").read_text(encoding="utf-8")),
        "template_dir": str(root / "web" / "layout"),
        "static_mounts": [("static", str(root / "web" / "static"))],
        "settings": {"suggest_facets": False, "default_page_size": 50, "truncate_cells_html": 300},
    }
