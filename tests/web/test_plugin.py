"""The site as a Datasette plugin: found by its entry point, and silent where the database is another's."""

import re
import subprocess
import sys
from contextlib import contextmanager
from importlib.metadata import entry_points

import httpx
import pytest
from datasette.app import Datasette
from datasette.plugins import pm
from sqlite_utils import Database

import web
from tests.support.cli import await_port, free_port
from tests.support.sites import open_site
from web.serve import SETTINGS, build_arguments, list_missing_settings, register_plugin

STOCK = {
    "title": "Ships of somebody",
    "databases": {
        "ships": {
            "queries": {"by_text": {"sql": "select id, text from speeches where text like :text", "title": "By text"}},
            "tables": {"speeches": {"facets": ["kind"], "description": "Not ours"}},
        }
    },
}
STOCK_DATA = (
    *("/ships.json", "/ships/speeches.json?_shape=array", "/ships/speeches.json?_facet=kind&_sort_desc=id"),
    *("/ships/speeches/s-1.json", "/ships/by_text.json?text=F%25", "/ships.json?sql=select+1+as+a", "/ships/x.json"),
    *("/ships/speeches.csv", "/ships.csv?sql=select+*+from+speeches", "/ships/speeches/x.json", "/ships.json?sql=x"),
)
STOCK_PAGES = (
    *(
        "/",
        "/ships",
        "/ships/speeches",
        "/ships/speeches?_facet=kind",
        "/ships/speeches?_where=1",
        "/ships/speeches/s-1",
    ),
    *("/ships/by_text?text=F%25", "/ships?sql=select+1", "/nothing", "/ships/nothing", "/-/metadata.json", "/.json"),
    *("/-/permissions", "/-/settings.json", "/sign-in", "/annotate", "/static/dispatchbox.css"),
    *("/ships/", "/robots.txt"),
)


TIMES = re.compile(r'"query_ms": [^,}]+|[0-9.e-]+ ?ms')


@pytest.fixture(scope="module")
def stock_db(tmp_path_factory):
    """Return a database of somebody else, with a table named as one of ours."""
    path = tmp_path_factory.mktemp("stock") / "ships.db"
    rows = [{"id": "s-1", "text": "Fictional words", "url": "https://ships.example/", "kind": "=1+1"}]
    Database(path)["speeches"].insert_all([*rows, {"id": "s-2", "text": "Others", "kind": "b"}], pk="id")
    return path


async def read_answers(datasette, paths):
    """Return status, headers that are fixed, and content of each answer, without the time that it took."""
    answers = {path: await datasette.client.get(path) for path in paths}
    return {
        path: (answer.status_code, sorted(answer.headers), TIMES.sub("", answer.text))
        for path, answer in answers.items()
    }


@contextmanager
def taking_the_plugin_out():
    """Take our plugin out of Datasette for a while."""
    pm.unregister(web)
    try:
        yield
    finally:
        register_plugin()


def test_the_entry_point_is_the_package():
    found = [each for each in entry_points(group="datasette") if each.name == "dispatch-box"]
    if not found:
        pytest.skip("the package is not installed in this environment: make setup")
    assert found[0].load() is web


async def test_a_database_of_somebody_else_is_served_as_by_datasette_alone(stock_db, site):
    await site.client.get("/")  # what our site changes within Datasette is changed now
    with taking_the_plugin_out():
        alone = await read_answers(Datasette([str(stock_db)], metadata=STOCK), (*STOCK_PAGES, *STOCK_DATA))
    other = Datasette([str(stock_db)], metadata=STOCK)
    assert await read_answers(other, (*STOCK_PAGES, *STOCK_DATA)) == alone
    assert {alone[path][0] for path in ("/sign-in", "/annotate", "/static/dispatchbox.css", "/nothing")} == {404}
    assert "block_robots_extra_lines" in (await other.client.get("/-/plugins.json")).text


async def test_a_database_of_somebody_else_can_be_read_beside_ours(stock_db, site_db):
    with taking_the_plugin_out():
        alone = await read_answers(Datasette([str(stock_db)], metadata=STOCK, settings=SETTINGS), STOCK_DATA)
    both = open_site(site_db, stock_db, metadata=STOCK)
    found = await read_answers(both, STOCK_DATA)
    for path, (status, _, text) in alone.items():
        assert (found[path][0], found[path][2]) == (status, text), path
    for path in ("/ships", "/ships/speeches", "/ships/speeches/s-1", "/ships/by_text?text=F%25", "/statements", "/"):
        assert (await both.client.get(path)).status_code == 200, path
    assert "Parliament" not in (await both.client.get("/ships/speeches")).text
    assert "Parliament" in (await both.client.get("/statements/speeches")).text
    assert "'=1" in (await both.client.get("/statements.csv?sql=select+'%3D1'")).text


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


async def test_a_line_in_a_file_beside_the_database_stands_on_every_page(site_db, tmp_path):
    (tmp_path / "notice.txt").write_text("Demo: a <fictional>\nHouse\n")
    (tmp_path / "statements.db").hardlink_to(site_db)
    client = open_site(tmp_path / "statements.db").client
    for path in ("/guidance", "/statements", "/nowhere"):
        assert "Demo: a &lt;fictional&gt; House" in (await client.get(path)).text, path


def test_the_command_that_serves_names_every_setting(tmp_path):
    command = build_arguments(tmp_path / "statements.db", host="127.0.0.1", port=1, workers=3, sql=False)
    assert command[0] == "gunicorn"
    pairs = dict(
        zip(command[command.index("--setting") + 1 :: 3], command[command.index("--setting") + 2 :: 3], strict=True)
    )
    settings = {name: str(int(value)) for name, value in SETTINGS.items()}
    assert pairs == {**settings, "default_allow_sql": "0", "base_url": "/"}


@pytest.mark.slow
def test_datasette_by_hand_serves_every_page_template_and_static_file(site_db, root):
    port = free_port()
    arguments = ["serve", str(site_db), "--port", str(port)]
    code = "import sys, web.serve; web.serve.register_plugin(); from datasette.cli import cli; cli(sys.argv[1:])"
    server = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=root, stderr=subprocess.PIPE, text=True)
    try:
        await_port(port)
        base = f"http://127.0.0.1:{port}"
        for path in ("/", "/debates", "/guidance", "/static/dispatchbox.css", "/statements/redirects", "/verify"):
            assert httpx.get(base + path).status_code == 200, path
        assert "The address of today, after all redirects" in httpx.get(f"{base}/statements/redirects").text
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=30)
    assert "start the site with dispatch-box serve" in errors
