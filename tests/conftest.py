"""What the tests share: where things are, and databases and sites made once."""

import gc
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Collection
from contextlib import closing
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from hypothesis import settings

from accounts import passwords
from annotations.__main__ import cli as resolve
from annotations.commands import archive_paths
from annotations.curated import toml_files
from annotations.suggesters import rule_files
from db.archive import responses as archive
from db.records.guidance import Guidance, Rule
from db.records.hansard import Day, Document
from db.records.source import ParseError
from db.statements import store
from demo_servers import hansard as hansard_server
from scrapers.load import assemble_day as day
from tests.support.browser import browser, chromium
from tests.support.cli import call
from tests.support.databases import LOST_ANNOTATION, Unit, load_register, open_new_store, parse_units, response, save
from tests.support.once import make_once
from tests.support.profiles import EXAMPLES, NIGHTLY
from tests.support.sites import open_site
from tests.support.users import copy_site, make_accounts
from web.review import hidden

__all__ = ["browser", "chromium"]  # fixtures
settings.register_profile("here", deadline=None, derandomize=True, max_examples=EXAMPLES)  # every run the same
settings.load_profile("here")
gc.set_threshold(50_000, 20, 50)  # collecting the garbage of thousands of tests as often as Python does is a tenth more


SLOW_FOLDERS = {"system", "corpus", "export"}
SLOW_FIXTURES = {"corpus", "told_db", "scraped"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they need, and put the files that take longest first, so that both workers end together.

    What is marked nightly runs in `make nightly` alone.
    """
    left = [] if NIGHTLY else [item for item in items if item.get_closest_marker("nightly")]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in set(left)]
    for item in items:
        needed = set(getattr(item, "fixturenames", ()))
        if "chromium" in needed:
            item.add_marker("browser")
        if SLOW_FOLDERS & set(item.path.parts) or SLOW_FIXTURES & needed:
            item.add_marker("slow")
    weights: dict[Path, int] = defaultdict(int)
    for item in items:
        weights[item.path] += 30 * bool(item.get_closest_marker("browser")) + 10 * bool(item.get_closest_marker("slow"))
    items.sort(key=lambda item: -weights[item.path])


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords():
    """Let a hash of a password cost a thousandth; that it costs enough otherwise, a test of accounts says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords.hash_password, "__defaults__", (2**4,))
        yield


@pytest.fixture(scope="session", autouse=True)
def metadata_read_once():
    """Read what a plugin's package says of itself once, and not for each site."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Distribution, "metadata", property(cache(Distribution.metadata.fget)))
        yield


@pytest.fixture(scope="session", autouse=True)
def own_files_read_once():
    """Read the guidance and the rules of the project once, and not for each load."""

    @cache
    def read_own_rules(points: frozenset[str] | None) -> list[Rule]:
        return rule_files.read_rules(rule_files.RULES_FOLDER, points)

    def read_rules(folder: Path, points: Collection[str] | None) -> list[Rule]:
        if folder.resolve() != rule_files.RULES_FOLDER:
            return rule_files.read_rules(folder, points)
        return list(read_own_rules(None if points is None else frozenset(points)))

    read_own_guidance = cache(toml_files.read_guidance)

    def read_guidance(folder: Path) -> list[Guidance]:
        is_own = folder.resolve() == toml_files.GUIDANCE_FOLDER
        return list(read_own_guidance()) if is_own else toml_files.read_guidance(folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive_paths, "read_rules", read_rules)
        patch.setattr(archive_paths, "read_guidance", read_guidance)
        patch.setattr(hidden, "read_rules", read_rules)
        yield


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


@pytest.fixture(scope="session")
def assembled(specimens: Path) -> dict[Unit, tuple[Day, list[ParseError]]]:
    """The days of the specimens, with what was wrong with them."""
    return {unit: day.assemble_day(*unit, files) for unit, files in parse_units(specimens / "parldata").items()}


@pytest.fixture
def empty(tmp_path: Path) -> sqlite3.Connection:
    return open_new_store(tmp_path / "statements.db")


@pytest.fixture(scope="session")
def specimen_db(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The path of a database with every day of the specimens, whole; to be read only."""

    def make(folder: Path) -> None:
        assembled = request.getfixturevalue("assembled")
        with closing(open_new_store(folder / "statements.db")) as conn:
            save(conn, *(each for each, _ in assembled.values()))

    return make_once(tmp_path_factory, "specimens", make) / "statements.db"


@pytest.fixture(scope="session")
def statements(specimen_db: Path) -> sqlite3.Connection:
    """A connection to the specimens' database; to be read only."""
    return sqlite3.connect(specimen_db)


@pytest.fixture(scope="session")
def corpus_units(corpus: Path) -> dict[Unit, list[Document]]:
    return parse_units(corpus / "parldata")


@pytest.fixture(scope="session")
def corpus_db(tmp_path_factory: pytest.TempPathFactory, corpus_units: dict) -> sqlite3.Connection:
    """Every day of the real corpus, whole; to be read only."""
    conn = open_new_store(tmp_path_factory.mktemp("corpus") / "statements.db")
    save(conn, *(day.assemble_day(*unit, files)[0] for unit, files in corpus_units.items()))
    return conn


@pytest.fixture(scope="session")
def site_db(tmp_path_factory: pytest.TempPathFactory, specimen_db: Path, specimens: Path) -> Path:
    """The specimens with guidance and quotes, one of them lost, as the site serves them; to be read only."""

    def make(folder: Path) -> None:
        shutil.copy(specimen_db, folder / "statements.db")
        with closing(store.open_store(folder / "statements.db")) as conn:
            load_register(conn, specimens / "parldata")
            store.store_load_stage(conn, 1)
        shutil.copytree(specimens / "quotes", folder / "quotes", dirs_exist_ok=True)
        (folder / "quotes" / "lost.toml").write_text(LOST_ANNOTATION, encoding="utf-8")
        arguments = ["load", "--db-dir", str(folder), "--quotes", str(folder / "quotes")]
        assert CliRunner().invoke(resolve, arguments, catch_exceptions=False).exit_code == 0

    return make_once(tmp_path_factory, "site", make) / "statements.db"


@pytest.fixture(scope="session")
def suggested(tmp_path_factory: pytest.TempPathFactory, site_db: Path) -> Path:
    """A folder of the site with what the rules suggest, one quote lost, and people of each role; to be read only."""

    def make(folder: Path) -> None:
        shutil.copytree(site_db.parent / "quotes", folder / "quotes", dirs_exist_ok=True)
        shutil.copy(site_db, folder / "statements.db")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("QUOTES", str(folder / "quotes"))
            done = CliRunner().invoke(resolve, ["suggest", "--suggester", "rules", "--db-dir", str(folder)])
        assert done.exit_code == 0, done.output
        make_accounts(folder, Ada="annotator", Rex="reviewer", Ros="reviewer", Una="reader")

    return make_once(tmp_path_factory, "suggested", make)


@pytest.fixture
def review_folder(tmp_path: Path, suggested: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the site with suggestions and people of each role, to be written to."""
    shutil.copytree(suggested, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("QUOTES", str(tmp_path / "quotes"))
    return tmp_path


@pytest.fixture
def accounts_folder(tmp_path: Path, site_db: Path) -> Path:
    """A copy of the site's database beside accounts of people of each role."""
    return copy_site(site_db, tmp_path, Ada="annotator", Rex="reviewer", Una="reader")


@pytest.fixture(scope="session")
def site(site_db: Path) -> Datasette:
    """The whole site in process."""
    return open_site(site_db)


@pytest.fixture(scope="session")
def told_db(tmp_path_factory: pytest.TempPathFactory, specimens: Path) -> Path:
    """The specimens of every source that are open without a key, told together; to be read only."""

    def make(folder: Path) -> None:
        where = ("--parldata", (specimens / "parldata").as_uri(), "--db-dir", folder)
        with hansard_server.serving(hansard_server.HansardService()) as address:
            settings = {"HANSARD": address, "QUOTES": str(specimens / "quotes")}
            run = call("scrapers", "scrape", "--pause", "0", *where, **settings)
        assert run.returncode == 0, run.stderr
        pages = specimens / "publications"
        with closing(archive.open_archive(folder / "archive.db")) as received:
            for path in sorted(pages.rglob("*.htm")):
                came = response(path.relative_to(pages).as_posix(), path.read_bytes())
                archive.store_response(received, came._replace(source="publications"))
        assert call("scrapers", "load", "--db-dir", folder).returncode == 0

    return make_once(tmp_path_factory, "told", make) / "statements.db"


@pytest.fixture(scope="session")
def told_site(told_db: Path) -> Datasette:
    """The site over what several sources tell."""
    return open_site(told_db)
