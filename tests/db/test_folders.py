"""Folders of databases as they are: not writable, with any sign in their names, in any locale."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from db.sqlite import connect, connect_to_read, is_read_only, make_address
from tests.support.cli import ROOT, SPECIMENS, XML
from tests.support.sites import open_site

pytestmark = pytest.mark.slow

ODD_NAME = "a #b?c%d%41&e=\u00e9"
READING = [
    ["scrapers", "runs"],
    ["scrapers", "gaps"],
    ["scrapers", "people"],
    ["scrapers", "census"],
    ["scrapers", "show", "2008-06-22c.103.1"],
    ["annotations", "check"],
    ["annotations", "ledger"],
    ["annotations", "journal", "log"],
    ["annotations", "verify", "Power of Information Taskforce"],
    ["accounts", "list"],
]
WRITING = [
    ["scrapers", "fetch"],
    ["scrapers", "load"],
    ["scrapers", "scrape"],
    ["annotations", "load"],
    ["accounts", "revoke", "ada"],
]
COMMANDS = """
import json, sys
from tests.support.cli import call
folder, *commands = sys.argv[1:]
for command in map(json.loads, commands):
    done = call(*command, "--db-dir", folder, QUOTES="tests/specimens/quotes")
    print(json.dumps([done.returncode, done.stdout, done.stderr]))
"""
SITE = """
import asyncio, sys
from pathlib import Path
from web.serve import open_site
async def serve():
    site = open_site(Path(sys.argv[1], "statements.db"))
    await site.invoke_startup()
    for path in ("/", "/runs", "/search?q=taskforce", "/statements.json?sql=select+1"):
        response = await site.client.get(path)
        print(response.status_code)
asyncio.run(serve())
"""


def run_without_privileges(code: str, *arguments: object, **environment: str) -> list[str]:
    """Run Python code in a process that obeys the modes of files, as root does not; returns the lines it prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("setpriv is missing, and root may write everywhere")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    found = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, cwd=ROOT, env=found, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def odd_folder(tmp_path_factory) -> Path:
    """A folder with an odd name that has every database."""
    folder = tmp_path_factory.mktemp("odd") / ODD_NAME
    scrape = ["scrapers", "scrape", *XML, "--parldata", (SPECIMENS / "parldata").as_uri()]
    lines = run_without_privileges(COMMANDS, folder, json.dumps(scrape), json.dumps(["accounts", "list"]))
    assert [json.loads(line)[0] for line in lines] == [0, 0], lines
    assert sorted(path.name for path in folder.glob("*.db")) == ["accounts.db", "archive.db", "statements.db"]
    return folder


@pytest.fixture
def read_only_folder(odd_folder, tmp_path):
    folder = shutil.copytree(odd_folder, tmp_path / "read only")
    for path in (*folder.iterdir(), folder):
        path.chmod(path.stat().st_mode & 0o555)
    yield folder
    folder.chmod(0o755)


def test_commands_that_read_work_in_a_folder_that_is_not_writable_and_others_say_why_not(read_only_folder):
    before = {path: path.read_bytes() for path in read_only_folder.iterdir()}
    lines = run_without_privileges(COMMANDS, read_only_folder, *map(json.dumps, READING + WRITING))
    done = [json.loads(line) for line in lines]
    assert [code for code, *_ in done] == [0] * len(READING) + [74] * len(WRITING), done
    assert all("make the file and its folder writable" in error for _, _, error in done[len(READING) :])
    assert {path: path.read_bytes() for path in read_only_folder.iterdir()} == before


def test_a_folder_that_is_not_writable_is_served(read_only_folder):
    assert run_without_privileges(SITE, read_only_folder) == ["200"] * 4


async def test_a_folder_with_any_sign_in_its_name_is_served(odd_folder):
    site = open_site(odd_folder / "statements.db")
    for path in ("/", "/search?q=taskforce", "/statements.json?sql=select+count(*)+from+speeches", "/guidance"):
        response = await site.client.get(path)
        assert response.status_code == 200, path
    with sqlite3.connect(odd_folder / "statements.db") as conn:
        count = conn.execute("SELECT count(*) FROM speeches").fetchone()[0]
    answer = await site.client.get("/statements.json?sql=select+count(*)+from+speeches&_shape=arrays")
    assert answer.json()["rows"] == [[count]]


def test_a_folder_that_is_not_ascii_works_in_any_locale(odd_folder):
    commands = map(json.dumps, [["scrapers", "people"], ["scrapers", "load"], ["annotations", "load"]])
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    lines = run_without_privileges(COMMANDS, odd_folder, *commands, **locale)
    assert [json.loads(line)[0] for line in lines] == [0] * 3


# --- connections


@pytest.mark.parametrize(
    "name", ["a.db", "#.db", "?mode=ro", "%41.db", "a b.db", "\u00e9.db", "a&b=c", "file:x", "'\".db"]
)
def test_any_name_is_the_name_of_its_file(name, tmp_path):
    with connect(tmp_path / name) as conn:
        conn.execute("CREATE TABLE a (b)")
    conn.close()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert connect_to_read(tmp_path / name).execute("SELECT count(*) FROM a").fetchone() == (0,)


def test_the_address_of_a_name_that_is_no_utf_8_has_its_bytes():
    assert make_address(os.fsdecode(b"/srv/\xff.db"), "mode=ro") == "file:/srv/%FF.db?mode=ro"


def test_what_is_opened_to_be_read_is_not_written_and_not_made(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        connect_to_read(tmp_path / "missing.db")
    assert not is_read_only(tmp_path / "missing.db")
    connect(tmp_path / "a.db").execute("CREATE TABLE a (b)")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connect_to_read(tmp_path / "a.db").execute("INSERT INTO a VALUES (1)")
