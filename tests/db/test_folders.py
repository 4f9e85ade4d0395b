"""Folders of databases as they are: not writable, with any sign in their names, in any locale."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.store import open_accounts, save_user
from db.archive.responses import open_archive
from db.journal.entries import open_journal
from db.sqlite import connect, connect_to_read, is_read_only, make_address
from tests.support.cli import ROOT
from tests.support.sites import open_site
from tests.support.users import PASSWORD

pytestmark = pytest.mark.slow

ODD_NAME = "a #b?c%d%41&e=\u00e9"
READING = [
    ["scrapers", "runs"],
    ["scrapers", "gaps"],
    ["scrapers", "people"],
    ["scrapers", "census"],
    ["scrapers", "show", "2008-06-22c.103.1"],
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
SCRIPT = """
import asyncio, json, sys
from pathlib import Path
from tests.support.cli import call
from web.serve import open_site

async def serve(folder):
    site = open_site(Path(folder, "statements.db"))
    await site.invoke_startup()
    paths = ("/", "/runs", "/search?q=taskforce", "/statements.json?sql=select+1")
    print(json.dumps([(await site.client.get(path)).status_code for path in paths]))

folder, *commands = sys.argv[1:]
for command in map(json.loads, commands):
    done = call(*command, "--db-dir", folder)
    print(json.dumps([done.returncode, done.stdout, done.stderr]))
asyncio.run(serve(folder))
"""


def use_without_privileges(folder: Path, commands: list[list[str]], **environment: str) -> list[Any]:
    """Run commands on a folder, and serve it, in a process that obeys the modes of files, as root does not.

    Return exit code, output and errors of each, and the status of each page.
    """
    command = [sys.executable, "-c", SCRIPT, str(folder), *map(json.dumps, commands)]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("setpriv is missing, and root may write everywhere")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    found = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, cwd=ROOT, env=found, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def odd_folder(tmp_path: Path, site_db: Path) -> Path:
    """A folder with an odd name that has every database."""
    folder = tmp_path / ODD_NAME
    folder.mkdir()
    shutil.copy(site_db, folder / "statements.db")
    open_archive(folder / "archive.db").close()
    open_journal(folder / "journal.db").close()
    with open_accounts(folder / "accounts.db") as conn:
        save_user(conn, "ada", PASSWORD, "annotator", 1)
    return folder


@pytest.fixture
def read_only_folder(odd_folder: Path) -> Iterator[Path]:
    for path in (*odd_folder.iterdir(), odd_folder):
        path.chmod(path.stat().st_mode & 0o555)
    yield odd_folder
    odd_folder.chmod(0o755)


def test_a_folder_that_is_not_writable_is_read_and_served_and_what_must_write_says_why_not(read_only_folder):
    before = {path: path.read_bytes() for path in read_only_folder.iterdir()}
    *done, served = use_without_privileges(read_only_folder, READING + WRITING)
    assert [code for code, *_ in done] == [0] * len(READING) + [74] * len(WRITING), done
    assert all("make the file and its folder writable" in error for _, _, error in done[len(READING) :])
    assert served == [200] * 4
    assert {path: path.read_bytes() for path in read_only_folder.iterdir()} == before


async def test_a_folder_with_any_sign_in_its_name_is_served(odd_folder):
    site = open_site(odd_folder / "statements.db")
    for path in ("/", "/search?q=taskforce", "/statements.json?sql=select+count(*)+from+speeches", "/guidance"):
        response = await site.client.get(path)
        assert response.status_code == 200, path
    with sqlite3.connect(odd_folder / "statements.db") as conn:
        count = conn.execute("SELECT count(*) FROM speeches").fetchone()[0]
    answer = await site.client.get("/statements.json?sql=select+count(*)+from+speeches&_shape=arrays")
    assert answer.json()["rows"] == [[count]]


@pytest.mark.nightly
def test_a_folder_that_is_not_ascii_works_in_any_locale(odd_folder):
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    commands = [["scrapers", "people"], ["scrapers", "load"], ["annotations", "load"]]
    *done, served = use_without_privileges(odd_folder, commands, **locale)
    assert ([code for code, *_ in done], served) == ([0] * 3, [200] * 4)


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
