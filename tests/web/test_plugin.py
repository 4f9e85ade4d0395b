"""The site as a Datasette plugin: found by its entry point, and silent where the database is another's."""

import subprocess
import sys
from importlib.metadata import entry_points

import httpx
import pytest
from datasette.app import Datasette
from sqlite_utils import Database

import web
from tests.support.cli import await_port, free_port
from tests.support.sites import open_site
from web.serve import SETTINGS, build_arguments, list_missing_settings


@pytest.fixture(scope="module")
def stock_db(tmp_path_factory):
    """Return a database of somebody else, with a table named as one of ours."""
    path = tmp_path_factory.mktemp("stock") / "ships.db"
    Database(path)["speeches"].insert_all(
        [{"id": "s-1", "text": "Fictional words", "url": "https://ships.example/"}], pk="id"
    )
    return path


def test_the_entry_point_is_the_package():
    found = [each for each in entry_points(group="datasette") if each.name == "dispatch-box"]
    if not found:
        pytest.skip("the package is not installed in this environment: make setup")
    assert found[0].load() is web


async def test_a_database_of_somebody_else_is_served_as_by_datasette_alone(stock_db, site):
    other = Datasette([str(stock_db)])
    for path in ("/", "/ships", "/ships/speeches", "/ships/speeches/s-1", "/ships?sql=select+1"):
        answer = await other.client.get(path)
        assert answer.status_code == 200, path
        assert "Dispatch Box" not in answer.text
        assert "content-security-policy" not in answer.headers
    assert (await other.client.get("/coverage")).status_code == 404
    assert (await other.client.get("/static/dispatchbox.css")).status_code == 404
    assert other.metadata("title") is None


async def test_a_database_of_somebody_else_can_be_read_beside_ours(stock_db, site_db):
    both = open_site(site_db, stock_db)
    for path in (
        "/ships",
        "/ships/speeches",
        "/ships/speeches/s-1",
        "/ships/speeches.json",
        "/statements/speeches",
        "/",
    ):
        assert (await both.client.get(path)).status_code == 200, path
    rows = (await both.client.get("/ships/speeches.json?_shape=array")).json()
    assert rows == [{"id": "s-1", "text": "Fictional words", "url": "https://ships.example/"}]


async def test_a_database_named_statements_without_our_tables_is_not_ours(stock_db, tmp_path):
    path = tmp_path / "statements.db"
    path.write_bytes(stock_db.read_bytes())
    answer = await Datasette([str(path)]).client.get("/")
    assert "Dispatch Box" not in answer.text


async def test_settings_that_datasette_lacks_are_named_in_a_warning(site_db, site):
    by_hand = Datasette([str(site_db)])
    (warning,) = list_missing_settings(by_hand)
    assert "--setting default_page_size 50" in warning
    assert "--setting suggest_facets 0" in warning
    assert list_missing_settings(site) == []
    assert list_missing_settings(open_site(site_db, default_page_size=20)) == []


async def test_an_operators_template_and_metadata_go_before_ours(site_db, tmp_path):
    (tmp_path / "timeline").mkdir()
    (tmp_path / "timeline" / "timeline.html").write_text("A timeline of my own")
    changed = Datasette([str(site_db)], template_dir=str(tmp_path), metadata={"title": "My own box"}, settings=SETTINGS)
    assert (await changed.client.get("/timeline")).text == "A timeline of my own"
    assert "My own box" in (await changed.client.get("/-/metadata.json")).text
    assert (await changed.client.get("/people")).status_code == 200


def test_the_command_that_serves_names_every_setting(tmp_path):
    command = build_arguments(tmp_path / "statements.db", host="127.0.0.1", port=1, workers=3, sql=False)
    assert command[0] == "gunicorn"
    pairs = dict(
        zip(command[command.index("--setting") + 1 :: 3], command[command.index("--setting") + 2 :: 3], strict=True)
    )
    assert pairs == {**{name: str(int(value)) for name, value in SETTINGS.items()}, "default_allow_sql": "0"}


@pytest.mark.slow
def test_datasette_by_hand_serves_every_page_template_and_static_file(site_db, root):
    port = free_port()
    command = [sys.executable, "-m", "datasette", "serve", str(site_db), "--port", str(port)]
    code = "import sys, web.serve; web.serve.register_plugin(); from datasette.cli import cli; cli(sys.argv[1:])"
    server = subprocess.Popen([sys.executable, "-c", code, *command[3:]], cwd=root, stderr=subprocess.PIPE, text=True)
    try:
        await_port(port)
        base = f"http://127.0.0.1:{port}"
        for path in ("/", "/debates", "/guidance", "/static/dispatchbox.css", "/statements/redirects", "/verify"):
            assert httpx.get(base + path).status_code == 200, path
        assert "The address of today, after all redirects" in httpx.get(f"{base}/statements/redirects").text
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=30)
    assert "start the site with python -m web serve" in errors
