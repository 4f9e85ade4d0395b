"""The databases of version 0.2 open with the code of today; nothing in them is lost."""

import gzip
import re
import shutil
import sqlite3
import sys
from contextlib import closing

import pytest
from click.testing import CliRunner

from accounts import store as accounts
from annotations.__main__ import cli as annotations
from db.archive.responses import open_archive, read_versions
from db.cli import run_command_line
from db.exit_codes import EXIT_SET_UP
from db.journal.entries import find_faults, open_journal, read_journal
from db.statements.store import SCHEMA_VERSION, open_store
from export.__main__ import cli as export
from scrapers.__main__ import cli as scrapers
from web.serve import open_site

HEAD = "7d4d405f6e3564a6ee7ebd7a877ec40e223fa5ee6d82b1cb392e70fa27e41082"
ARCHIVED = ("bodies", "responses", "listing", "asked", "runs", "gaps")


@pytest.fixture(scope="module")
def old(specimens, tmp_path_factory):
    """A folder with the four databases as version 0.2 wrote them."""
    folder = tmp_path_factory.mktemp("old")
    for path in sorted((specimens / "databases" / "0.2").glob("*.db.gz")):
        (folder / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    assert {path.name for path in folder.iterdir()} == {"accounts.db", "archive.db", "journal.db", "statements.db"}
    return folder


@pytest.fixture(scope="module")
def loaded(old, specimens, tmp_path_factory):
    """A folder with the old archive and journal, and the statements.db that is loaded from them."""
    folder = tmp_path_factory.mktemp("loaded")
    for name in ("archive.db", "journal.db"):
        shutil.copy(old / name, folder)
    run(scrapers, "load", folder)
    run(annotations, "load", folder, "--quotes", str(specimens / "quotes"))
    return folder


@pytest.fixture
def copies(old, tmp_path):
    shutil.copytree(old, tmp_path, dirs_exist_ok=True)
    return tmp_path


def run(cli, command, folder, *options):
    result = CliRunner().invoke(cli, [*command.split(), "--db-dir", str(folder), *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


REWORDED = {"the source names nobody": "the source gives no id"}  # reasons that are said in other words since


def rows(path, query):
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(query).fetchall()


def rows_as_today(path, query):
    """Return the rows of an old database as they read today."""
    return [tuple(REWORDED.get(value, value) for value in row) for row in rows(path, query)]


def columns(path, table):
    return ", ".join(f'"{row[1]}"' for row in rows(path, f"PRAGMA table_info({table})"))


@pytest.mark.parametrize("table", ["debates", "speeches", "mentions", "wordings", "votes", "redirects", "memberships"])
def test_the_old_archive_loads_into_the_same_rows(old, loaded, table):
    query = f"SELECT {columns(old / 'statements.db', table)} FROM {table} ORDER BY 1"
    before = rows_as_today(old / "statements.db", query)
    assert before
    assert rows(loaded / "statements.db", query) == before


def test_the_archive_keeps_every_row(old, copies):
    before = {table: rows(old / "archive.db", f"SELECT * FROM {table}") for table in ARCHIVED}
    with closing(open_archive(copies / "archive.db")) as conn:
        name = "scrapedxml/debates/debates2008-06-22c.xml"
        assert any(name in document for _, document in conn.execute("SELECT source, name FROM responses"))
        for source, document in conn.execute("SELECT DISTINCT source, name FROM responses").fetchall():
            assert all(version.response.body for version in read_versions(conn, source, document))
    assert {table: rows(copies / "archive.db", f"SELECT * FROM {table}") for table in ARCHIVED} == before


def test_the_old_journal_verifies_with_its_old_head(copies):
    with closing(open_journal(copies / "journal.db")) as conn:
        assert list(find_faults(conn)) == []
    entries = read_journal(copies / "journal.db")
    assert (len(entries), entries[-1].hash) == (10, HEAD)
    output = run(annotations, "journal verify", copies)
    assert HEAD in output
    assert re.search(r"\b10\b", output)


def test_notes_of_the_old_journal_are_shown(old, loaded):
    notes = "SELECT id, actor, creator, exact, anchor, status FROM annotations WHERE actor <> '' ORDER BY id"
    assert rows(loaded / "statements.db", notes) == rows(old / "statements.db", notes)
    assert {actor for _, actor, *_ in rows(loaded / "statements.db", notes)} >= {"ada", "bo"}
    history = "SELECT id, actor, kind, problem, undone, hash FROM annotation_history ORDER BY id"
    assert rows(loaded / "statements.db", history) == rows(old / "statements.db", history)


@pytest.mark.parametrize("table", ["replies", "decisions", "moments", "passes", "guidance_points"])
def test_the_rows_of_annotation_tables_are_unchanged(old, loaded, table):
    query = f"SELECT {columns(old / 'statements.db', table)} FROM {table} ORDER BY 1"
    assert rows(loaded / "statements.db", query) == rows(old / "statements.db", query)


def test_ada_signs_in_with_her_password(copies):
    with accounts.open_accounts(copies / "accounts.db") as conn:
        assert accounts.try_password(conn, "ada", "fiction-only-2", "192.0.2.1", 1) is None
        ada = accounts.try_password(conn, "ada", "fiction-only-1", "192.0.2.1", 2)
        assert ada == accounts.Actor("ada", "annotator")
        assert accounts.find_session_actor(conn, accounts.start_session(conn, "ada", 3), 4) == ada
        assert conn.execute("SELECT name, role FROM users ORDER BY name").fetchall() == [
            ("ada", "annotator"),
            ("rex", "reviewer"),
        ]
        assert conn.execute("SELECT count(*) FROM tokens").fetchone() == (1,)


def test_an_old_statements_db_is_created_again(copies, old):
    (version,) = rows(copies / "statements.db", "PRAGMA user_version")[0]
    assert version < SCHEMA_VERSION
    with closing(open_store(copies / "statements.db")) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert conn.execute("SELECT count(*) FROM debates").fetchone() == (0,)
    run(scrapers, "load", copies)
    for table in ("debates", "speeches", "mentions"):
        query = f"SELECT {columns(old / 'statements.db', table)} FROM {table} ORDER BY 1"
        assert rows(copies / "statements.db", query) == rows_as_today(old / "statements.db", query)


@pytest.mark.parametrize("path", ["/coverage", "/people", "/timeline"])
async def test_a_page_that_the_old_statements_cannot_fill_says_what_to_do(copies, path):
    answer = await open_site(copies / "statements.db").client.get(path)
    assert answer.status_code == 503
    assert "dispatch-box load" in answer.text


def test_an_export_of_the_old_statements_says_what_to_do(copies, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["export", "--db-dir", str(copies), "--to", str(tmp_path / "site")])
    with pytest.raises(SystemExit) as ended:
        run_command_line(export, "export")
    assert ended.value.code == EXIT_SET_UP
    assert "dispatch-box load" in capsys.readouterr().err
