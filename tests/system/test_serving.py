"""The site with two workers, while statements.db is loaded or rebuilt."""

import http.client
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest

from db.statements import store
from tests.support.cli import SPECIMENS, XML, await_port, call, free_port
from tests.support.sites import open_site

PAGE = "/debate/d-2008-06-22c-101-3"


@pytest.fixture
def folder(tmp_path):
    """Return a folder of databases as `scrape` leaves it."""
    where = ("--db-dir", tmp_path / "db")
    quotes = {"QUOTES": str(SPECIMENS / "quotes")}
    parldata = (SPECIMENS / "parldata").as_uri()
    assert call("scrapers", "fetch", *XML, "--parldata", parldata, *where, **quotes).returncode in (0, 1)
    assert call("scrapers", "load", *where).returncode in (0, 1)
    assert call("annotations", "load", *where, **quotes).returncode == 0
    return tmp_path / "db"


@pytest.fixture
def port(folder, root):
    port = free_port()
    command = [sys.executable, "-m", "web", "serve", "--workers", "2", "--port", str(port), "--db-dir", str(folder)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = {**os.environ, "BASE_URL": f"http://127.0.0.1:{port}"}
    server = subprocess.Popen(command, cwd=root, env=env, start_new_session=True, **quiet)
    await_port(port)
    yield port
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(60)


def ask(port, path):
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        conn.request("GET", path)
        response = conn.getresponse()
        return response.status, response.read()
    finally:
        conn.close()


def test_every_answer_is_complete_while_statements_db_is_loaded_or_rebuilt(folder, port):
    before = {path: ask(port, path) for path in (PAGE, "/search?q=forum", "/guidance/participation-online/be-credible")}
    assert {status for status, _ in before.values()} == {200}
    wrong, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            wrong.extend(path for path, answer in before.items() if ask(port, path) != answer)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    where = ("--db-dir", folder)
    try:
        assert call("scrapers", "load", *where).returncode in (0, 1)
        (folder / "statements.db").unlink()  # but not its log, which is easily forgotten
        assert ask(port, "/statements")[0] == 200
        assert call("scrapers", "load", *where).returncode in (0, 1)
        assert call("annotations", "load", *where, QUOTES=str(SPECIMENS / "quotes")).returncode == 0
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []


async def test_the_new_file_is_read_only_when_it_is_fully_loaded(site, site_db, root, tmp_path):
    path = tmp_path / "statements.db"
    shutil.copy(site_db, path)
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA application_id = 1")
    client = open_site(path).client
    assert (await client.get(PAGE)).status_code == 200
    path.unlink()
    assert (await client.get(PAGE)).status_code == 200  # from the deleted file
    assert (await client.get("/statements")).status_code == 200
    new = store.open_store(path)
    store.store_load_stage(new, 2)  # annotations alone do not complete the load
    assert (await client.get(PAGE)).status_code == 200
    store.store_load_stage(new, 1)
    other = open_site(path).client
    assert (await other.get(PAGE)).status_code == 404
    client.ds.databases["statements"]._last_failure = 0.0  # as if a second had passed
    assert (await client.get(PAGE)).status_code == 404
