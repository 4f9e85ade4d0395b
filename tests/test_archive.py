"""archive.db: bytes as they came, once, in the order of their coming, and nothing by half."""

import signal
import sqlite3
import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.archive import finish_run, keep, latest, open_archive, start_run, unseen, versions
from db.records import Listed
from tests.conftest import response

SOURCE = "theyworkforyou"
NAME = "scrapedxml/debates/debates2009-03-15a.xml"
KILLED = """
import os, signal, sys
from pathlib import Path
from db import archive
from db.records import Response
conn = archive.open_archive(Path(sys.argv[1]))
first = Response("theyworkforyou", "first", "test:", "2026-11-22T06:00:00Z", 200, {}, b"first")
archive.keep(conn, first)
class Killer(dict):
    def items(self):
        os.kill(os.getpid(), signal.SIGKILL)
archive.keep(conn, first._replace(name="second", body=b"second", headers=Killer(a="b")))
"""


@pytest.fixture
def archive(tmp_path) -> sqlite3.Connection:
    return open_archive(tmp_path / "db" / "archive.db")


def count(archive, table: str) -> int:
    return archive.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def bodies(archive, name: str = NAME) -> list[bytes]:
    return [version.body for _, version in versions(archive, SOURCE, name)]


def test_a_document_is_new_then_unchanged_then_changed(archive):
    assert [keep(archive, response(NAME, body)) for body in (b"A", b"A", b"B")] == ["new", "unchanged", "changed"]


def test_the_same_bytes_add_no_row(archive):
    for _ in range(3):
        keep(archive, response(NAME, b"A"))
    assert (count(archive, "responses"), count(archive, "bodies")) == (1, 1)


def test_bytes_that_come_back_are_a_version_again_but_stored_once(archive):
    for body in (b"A", b"B", b"A"):
        keep(archive, response(NAME, body))
    assert bodies(archive) == [b"A", b"B", b"A"]
    assert count(archive, "bodies") == 2


def test_versions_come_newest_first(archive):
    for body in (b"A", b"B", b"C"):
        keep(archive, response(NAME, body))
    assert bodies(archive) == [b"C", b"B", b"A"]


def test_two_documents_of_the_same_bytes_are_two_responses_and_one_body(archive):
    assert [keep(archive, response(name, b"A")) for name in ("one", "two")] == ["new", "new"]
    assert (count(archive, "responses"), count(archive, "bodies")) == (2, 1)


def test_a_version_is_as_it_came(archive):
    came = response(NAME, b"\x00\xff")._replace(status=404, headers={"Last-Modified": "Sun", "Été": "é"})
    keep(archive, came)
    assert list(versions(archive, SOURCE, NAME)) == [(sha256(came.body).hexdigest(), came)]


def test_an_empty_body_is_kept(archive):
    keep(archive, response(NAME, b""))
    assert bodies(archive) == [b""]


@given(st.binary())
def test_every_body_comes_back_whole(tmp_path_factory, body):
    archive = open_archive(tmp_path_factory.getbasetemp() / "bodies.db")
    keep(archive, response(NAME, body))
    assert bodies(archive)[0] == body
    archive.close()


def test_latest_is_the_newest_of_each_name_in_order_of_names(archive):
    for name, body in (("b", b"1"), ("a", b"2"), ("b", b"3"), ("a", b"4"), ("a", b"2")):
        keep(archive, response(name, body))
    sizes = dict(archive.execute("SELECT sha256, body FROM bodies"))
    newest = [(name, sizes[digest]) for name, digest in latest(archive, SOURCE)]
    assert [name for name, _ in newest] == ["a", "b"]
    assert len({digest for _, digest in latest(archive, SOURCE)}) == 2
    assert bodies(archive, "a")[0] == b"2"


def test_sources_do_not_see_each_other(archive):
    keep(archive, response(NAME, b"A"))
    assert list(latest(archive, "parliament")) == list(versions(archive, "parliament", NAME)) == []
    assert keep(archive, response(NAME, b"A")._replace(source="parliament")) == "new"


def test_the_specimens_are_stored_in_a_quarter_of_their_size(archive, specimens):
    for path in specimens.glob("parldata/scrapedxml/*/*.xml"):
        keep(archive, response(path.name, path.read_bytes()))
    raw, stored = archive.execute("SELECT sum(size), sum(length(body)) FROM bodies").fetchone()
    assert stored < raw / 3  # short files; real ones are held to a quarter in test_corpus.py


# --- what was listed


def test_a_listed_file_is_unseen_until_it_is_kept(archive):
    file = Listed(NAME, 1, 1226000000)
    assert unseen(archive, SOURCE, [file]) == [file]
    keep(archive, response(NAME, b"A"), file)
    assert unseen(archive, SOURCE, [file]) == []
    assert unseen(archive, "parliament", [file]) == [file]


@pytest.mark.parametrize(
    "changed", [Listed(NAME, 2, 1226000000), Listed(NAME, 1, 1226000001), Listed("other", 1, 1226000000)]
)
def test_a_file_of_another_size_time_or_name_is_unseen(archive, changed):
    keep(archive, response(NAME, b"A"), Listed(NAME, 1, 1226000000))
    assert unseen(archive, SOURCE, [changed]) == [changed]


def test_a_file_touched_but_not_changed_is_seen_at_its_new_time(archive):
    keep(archive, response(NAME, b"A"), Listed(NAME, 1, 1))
    assert keep(archive, response(NAME, b"A"), Listed(NAME, 1, 2)) == "unchanged"
    assert unseen(archive, SOURCE, [Listed(NAME, 1, 2)]) == []


def test_unseen_files_keep_their_order(archive):
    files = [Listed(name, 1, 1) for name in "cab"]
    keep(archive, response("a", b"A"), files[1])
    assert unseen(archive, SOURCE, iter(files)) == [files[0], files[2]]


# --- nothing by half


def test_a_response_that_cannot_be_stored_leaves_nothing(archive):
    with pytest.raises(TypeError):
        keep(archive, response(NAME, b"A")._replace(headers={"a": b"bytes are no JSON"}), Listed(NAME, 1, 1))
    assert (count(archive, "responses"), count(archive, "bodies"), count(archive, "listing")) == (0, 0, 0)
    assert keep(archive, response(NAME, b"A")) == "new"


def test_a_killed_transaction_leaves_nothing_of_itself_and_all_before_it(root, tmp_path):
    path = tmp_path / "archive.db"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=root, check=False)
    archive = open_archive(path)
    assert killed.returncode == -signal.SIGKILL
    assert [row[0] for row in archive.execute("SELECT name FROM responses")] == ["first"]
    assert count(archive, "bodies") == 1
    assert archive.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert keep(archive, response("second", b"second")) == "new"


def test_an_archive_is_opened_again_as_it_was_left(tmp_path):
    first = open_archive(tmp_path / "archive.db")
    keep(first, response(NAME, b"A"))
    first.close()
    assert bodies(open_archive(tmp_path / "archive.db")) == [b"A"]


# --- runs


def test_a_run_is_entered_when_it_begins_and_counted_when_it_ends(archive):
    run = start_run(archive, ["hedges", "swans"], "file:///parldata")
    assert archive.execute("SELECT topics, location, finished, exit_code FROM runs").fetchall() == [
        ("hedges swans", "file:///parldata", None, None)
    ]
    finish_run(archive, run, {"asked": 3, "new": 2, "failed": 1}, 1, "why")
    assert archive.execute(
        "SELECT asked, new, changed, unchanged, failed, mentions, exit_code, message FROM runs"
    ).fetchall() == [(3, 2, 0, 0, 1, 0, 1, "why")]
    assert archive.execute("SELECT count(*) FROM runs WHERE finished >= started").fetchone() == (1,)
