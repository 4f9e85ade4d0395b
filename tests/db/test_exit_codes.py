"""Exit codes: one table for every command, whatever goes wrong."""

import errno
import os
import re
import socket
import sqlite3
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from db import exit_codes
from db.cli import explain_error, read_argument, run_command_line
from db.exit_codes import choose_gravest
from db.records.source import ParseError, Unavailable, UserMistake
from db.sqlite import load_served_library
from tests.support.cli import ROOT, SPECIMENS, XML, call, exit_code
from web.__main__ import cli as web_cli

served = load_served_library()


def database_error(code: int, text: str = "it failed", library=sqlite3) -> Exception:
    error = library.OperationalError(text)
    error.sqlite_errorcode = code
    return error


ERRORS = [
    (Unavailable("later", 75), 75),
    (Unavailable("mend it", 2), 2),
    (ParseError("a.xml", "no"), 2),
    (UserMistake("a mistake"), 2),
    (KeyError("key"), 70),
    (database_error(sqlite3.SQLITE_FULL), 74),
    (database_error(sqlite3.SQLITE_READONLY), 74),
    (database_error(sqlite3.SQLITE_READONLY_DIRECTORY), 74),
    (database_error(sqlite3.SQLITE_CANTOPEN), 74),
    (database_error(sqlite3.SQLITE_IOERR_WRITE), 74),
    (database_error(sqlite3.SQLITE_FULL, library=served), 74),
    (database_error(sqlite3.SQLITE_BUSY), 75),
    (database_error(sqlite3.SQLITE_BUSY_SNAPSHOT), 75),
    (database_error(sqlite3.SQLITE_LOCKED), 75),
    (database_error(sqlite3.SQLITE_CORRUPT), 2),
    (database_error(sqlite3.SQLITE_NOTADB), 2),
    (database_error(sqlite3.SQLITE_ERROR, "no such table: speeches"), 2),
    (database_error(sqlite3.SQLITE_ERROR, "near FROM: syntax error"), 70),
    (sqlite3.IntegrityError("UNIQUE constraint failed"), 70),
    (sqlite3.ProgrammingError("Cannot operate on a closed database."), 70),
    (OSError(errno.ENOSPC, "No space left on device", "db/x"), 74),
    (OSError(errno.EROFS, "Read-only file system", "db/x"), 74),
    (PermissionError(errno.EACCES, "Permission denied", "db/x"), 74),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), 74),
    (FileNotFoundError(errno.ENOENT, "No such file or directory", "topics.toml"), 2),
    (IsADirectoryError(errno.EISDIR, "Is a directory", "topics.toml"), 2),
    (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), 75),
    (TimeoutError("timed out"), 75),
    (OSError(errno.EMFILE, "Too many open files"), 75),
    (OverflowError("Python int too large to convert to SQLite INTEGER"), 70),
    (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), 70),
    (RecursionError("maximum recursion depth exceeded"), 70),
    (MemoryError(), 70),
    (AssertionError(), 70),
    (ValueError("unforeseen"), 70),
]


@pytest.mark.parametrize(("error", "code"), ERRORS, ids=lambda each: getattr(each, "args", each) and str(each)[:40])
def test_every_error_has_its_exit_code(error, code, capsys):
    @click.command()
    def fail() -> None:
        """Fail."""
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["fail"])
        assert exit_code(lambda: run_command_line(fail, "fail")) == code
    told = capsys.readouterr().err
    assert ("Traceback" in told) == (code == 70)
    assert told.splitlines()[-1].startswith("error: ")
    assert explain_error(error)[0] == code


def test_a_file_that_may_not_be_read_must_be_put_right_by_the_user(tmp_path, monkeypatch):
    path = tmp_path / "topics.toml"
    path.touch(0)
    monkeypatch.setattr("db.cli.os.access", lambda *_: False)  # root may read every file
    assert explain_error(PermissionError(errno.EACCES, "Permission denied", str(path)))[0] == 2


@pytest.mark.parametrize(
    ("codes", "gravest"),
    [
        ((), 0),
        ((0, 0), 0),
        ((0, 1), 1),
        ((1, 75), 75),
        ((75, 74), 74),
        ((74, 2), 2),
        ((2, 70), 70),
        ((0, -9), 70),
        ((3,), 70),
    ],
)
def test_the_gravest_of_several_codes_counts(codes, gravest):
    assert choose_gravest(codes) == gravest


def test_the_documented_codes_are_those_of_the_module():
    text = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.M)}
    assert documented == {code for name, code in vars(exit_codes).items() if name.startswith("EXIT_")}


def test_the_unit_on_a_schedule_takes_only_a_later_try_for_a_success():
    assert re.findall(r"^SuccessExitStatus=(.*)$", (ROOT / "docs/scraping.md").read_text(encoding="utf-8"), re.M) == [
        "75"
    ]


PATCHED = {  # by the function that fails, of what a user calls
    ("scrapers", "runs"): "scrapers.cli.runs.list_runs",
    ("scrapers", "load"): "scrapers.load.load_people.load_people",
    ("annotations", "load"): "annotations.cli.load.open_store",
    ("accounts", "list"): "accounts.__main__.list_users",
    ("export",): "export.build.build_export",
}


@pytest.mark.slow
@pytest.mark.parametrize("command", PATCHED, ids=" ".join)
def test_an_unforeseen_error_of_any_command_is_a_fault_with_its_traceback(command, tmp_path, monkeypatch):
    def fail(*arguments: object, **others: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(PATCHED[command], fail)
    done = call(*command, "--db-dir", tmp_path)
    assert done.returncode == 70
    assert "Traceback (most recent call last)" in done.stderr
    assert "a bug in this program, ZeroDivisionError: division by zero" in done.stderr


@pytest.mark.slow
def test_a_server_that_cannot_start_says_why(tmp_path):
    def serve(folder: Path, *arguments: object) -> tuple[int, str]:
        outcome = CliRunner().invoke(web_cli, ["serve", "--db-dir", str(folder), *map(str, arguments)])
        return explain_error(outcome.exception)

    assert serve(tmp_path)[0] == 2
    (tmp_path / "statements.db").touch()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        code, reason = serve(tmp_path, "--port", listening.getsockname()[1])
    assert (code, "stop the program that uses it" in reason) == (75, True)
    assert serve(tmp_path, "--port", 99999)[0] == 2
    assert serve(tmp_path, "--host", "192.0.2.1")[0] == 2
    assert serve(tmp_path, "--host", "nowhere.invalid")[0] == 2


@pytest.mark.slow
@pytest.mark.parametrize("pages", [30, 60, 90])
def test_a_disk_that_fills_in_the_middle_of_a_scrape_is_told_and_everything_is_whole(pages, tmp_path, monkeypatch):
    connect = sqlite3.connect

    def connect_narrowly(*arguments: object, **options: object) -> sqlite3.Connection:
        conn = connect(*arguments, **options)
        conn.execute(f"PRAGMA max_page_count = {pages}")
        return conn

    where = ("--parldata", (SPECIMENS / "parldata").as_uri(), "--db-dir", tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect_narrowly)
        done = call("scrapers", "scrape", *XML, *where)
    assert done.returncode == 74, done.stderr
    assert "make room on the disk" in done.stderr
    for path in tmp_path.glob("*.db"):
        with sqlite3.connect(path) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert call("scrapers", "scrape", *XML, *where).returncode == 0


def test_an_argument_is_text_whatever_bytes_it_has():
    assert read_argument("d\u00e9") == "d\u00e9"
    assert read_argument("file:///srv/" + os.fsdecode(b"d\xe9 a")) == "file:///srv/d%E9 a"
    assert Path(read_argument("a%b")) == Path("a%b")
