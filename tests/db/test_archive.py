"""archive.db: bytes as they came, once, in the order of their coming, and nothing by half."""

import signal
import sqlite3
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.archive.counts import compare_counts
from db.archive.gaps import GapChoice, GapDecisionError, close_gaps, count_gaps, decide_gap, open_gap, read_gaps
from db.archive.responses import (
    FetchStatus,
    enter_fetch_status,
    filter_changed_files,
    find_fetch_status,
    find_newest_response,
    list_document_marks,
    open_archive,
    open_source_memory,
    read_versions,
    store_response,
)
from db.archive.runs import finish_run, start_run
from db.records.source import FileEntry, Gap, Unavailable
from tests.support.databases import response

SOURCE = "theyworkforyou"
NAME = "scrapedxml/debates/debates2009-03-15a.xml"
KILLED = """
import os, signal, sys
from pathlib import Path
from db.archive import responses as archive
from db.records.source import Response
conn = archive.open_archive(Path(sys.argv[1]))
first = Response("theyworkforyou", "first", "test:", "2026-11-22T06:00:00Z", 200, {}, b"first")
archive.store_response(conn, first)
class Killer(dict):
    def items(self):
        os.kill(os.getpid(), signal.SIGKILL)
archive.store_response(conn, first._replace(name="second", body=b"second", headers=Killer(a="b")))
"""


@pytest.fixture
def archive(tmp_path) -> sqlite3.Connection:
    return open_archive(tmp_path / "db" / "archive.db")


def count(archive, table: str) -> int:
    return archive.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def bodies(archive, name: str = NAME) -> list[bytes]:
    return [version.body for _, _, version in read_versions(archive, SOURCE, name)]


def test_a_document_is_new_then_unchanged_then_changed(archive):
    assert [store_response(archive, response(NAME, body)) for body in (b"A", b"A", b"B")] == [
        "new",
        "unchanged",
        "changed",
    ]


def test_the_same_bytes_add_no_row(archive):
    for _ in range(3):
        store_response(archive, response(NAME, b"A"))
    assert (count(archive, "responses"), count(archive, "bodies")) == (1, 1)


def test_returning_bytes_are_a_new_version_but_stored_once(archive):
    for body in (b"A", b"B", b"A"):
        store_response(archive, response(NAME, body))
    assert bodies(archive) == [b"A", b"B", b"A"]
    assert count(archive, "bodies") == 2


def test_versions_are_read_newest_first(archive):
    for body in (b"A", b"B", b"C"):
        store_response(archive, response(NAME, body))
    assert bodies(archive) == [b"C", b"B", b"A"]


def test_two_documents_with_the_same_bytes_share_one_body(archive):
    assert [store_response(archive, response(name, b"A")) for name in ("one", "two")] == ["new", "new"]
    assert (count(archive, "responses"), count(archive, "bodies")) == (2, 1)


def test_a_version_equals_the_response_received(archive):
    came = response(NAME, b"\x00\xff")._replace(status=404, headers={"Last-Modified": "Sun", "Été": "é"})
    store_response(archive, came)
    assert list(read_versions(archive, SOURCE, NAME)) == [(1, sha256(came.body).hexdigest(), came)]


def test_an_empty_body_is_stored(archive):
    store_response(archive, response(NAME, b""))
    assert bodies(archive) == [b""]


@given(st.binary())
def test_every_body_is_read_back_complete(tmp_path_factory, body):
    archive = open_archive(tmp_path_factory.getbasetemp() / "bodies.db")
    store_response(archive, response(NAME, body))
    assert bodies(archive)[0] == body
    archive.close()


def test_document_marks_have_the_newest_version_in_order_of_names(archive):
    for name, body in (("b", b"1"), ("a", b"2"), ("b", b"3"), ("a", b"4"), ("a", b"2")):
        store_response(archive, response(name, body))
    sizes = dict(archive.execute("SELECT sha256, body FROM bodies"))
    newest = [(name, sizes[versions.split()[0]]) for name, versions in list_document_marks(archive, SOURCE)]
    assert [name for name, _ in newest] == ["a", "b"]
    assert len({digest for _, digest in list_document_marks(archive, SOURCE)}) == 2
    assert bodies(archive, "a")[0] == b"2"


def test_documents_of_two_sources_are_separate(archive):
    store_response(archive, response(NAME, b"A"))
    assert list(list_document_marks(archive, "parliament")) == list(read_versions(archive, "parliament", NAME)) == []
    assert store_response(archive, response(NAME, b"A")._replace(source="parliament")) == "new"


def test_the_specimens_are_stored_in_a_quarter_of_their_size(archive, specimens):
    for path in specimens.glob("parldata/scrapedxml/*/*.xml"):
        store_response(archive, response(path.name, path.read_bytes()))
    raw, stored = archive.execute("SELECT sum(size), sum(length(body)) FROM bodies").fetchone()
    assert stored < raw / 3  # short files; real ones are held to a quarter in test_corpus.py


# --- what was listed


def test_a_listed_file_counts_as_changed_until_it_is_stored(archive):
    file = FileEntry(NAME, 1, 1226000000)
    assert filter_changed_files(archive, SOURCE, [file]) == [file]
    store_response(archive, response(NAME, b"A"), file)
    assert filter_changed_files(archive, SOURCE, [file]) == []
    assert filter_changed_files(archive, "parliament", [file]) == [file]


@pytest.mark.parametrize(
    "changed", [FileEntry(NAME, 2, 1226000000), FileEntry(NAME, 1, 1226000001), FileEntry("other", 1, 1226000000)]
)
def test_a_file_with_another_size_time_or_name_counts_as_changed(archive, changed):
    store_response(archive, response(NAME, b"A"), FileEntry(NAME, 1, 1226000000))
    assert filter_changed_files(archive, SOURCE, [changed]) == [changed]


def test_a_touched_file_is_known_by_its_new_time(archive):
    store_response(archive, response(NAME, b"A"), FileEntry(NAME, 1, 1))
    assert store_response(archive, response(NAME, b"A"), FileEntry(NAME, 1, 2)) == "unchanged"
    assert filter_changed_files(archive, SOURCE, [FileEntry(NAME, 1, 2)]) == []


def test_changed_files_stay_in_their_order(archive):
    files = [FileEntry(name, 1, 1) for name in "cab"]
    store_response(archive, response("a", b"A"), files[1])
    assert filter_changed_files(archive, SOURCE, iter(files)) == [files[0], files[2]]


# --- nothing by half


def test_a_response_that_cannot_be_stored_leaves_nothing(archive):
    with pytest.raises(TypeError):
        store_response(
            archive, response(NAME, b"A")._replace(headers={"a": b"bytes are no JSON"}), FileEntry(NAME, 1, 1)
        )
    assert (count(archive, "responses"), count(archive, "bodies"), count(archive, "listing")) == (0, 0, 0)
    assert store_response(archive, response(NAME, b"A")) == "new"


def test_a_killed_transaction_leaves_only_the_earlier_rows(root, tmp_path):
    path = tmp_path / "archive.db"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=root, check=False)
    archive = open_archive(path)
    assert killed.returncode == -signal.SIGKILL
    assert [row[0] for row in archive.execute("SELECT name FROM responses")] == ["first"]
    assert count(archive, "bodies") == 1
    assert archive.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert store_response(archive, response("second", b"second")) == "new"


def test_a_reopened_archive_has_the_same_rows(tmp_path):
    first = open_archive(tmp_path / "archive.db")
    store_response(first, response(NAME, b"A"))
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


def test_requests_to_web_services_are_counted_with_a_run(archive):
    open_gap(archive, GAP)
    run = start_run(archive, ["hedges"], "rsync://x", ["theyworkforyou", "hansard"])
    counts = {"requests": 9, "bytes": 8, "not_modified": 7, "gone": 6, "gaps": 99}
    finish_run(archive, run, counts, 0, expected="hedges: 3 mentions, where at least 5 are expected")
    assert archive.execute(
        "SELECT sources, requests, bytes, not_modified, gone, gaps, expected FROM runs"
    ).fetchall() == [("theyworkforyou hansard", 9, 8, 7, 6, 1, "hedges: 3 mentions, where at least 5 are expected")]


# --- when it was last asked for


def test_a_document_never_requested_is_not_found(archive):
    assert (find_newest_response(archive, SOURCE, NAME), find_fetch_status(archive, SOURCE, NAME)) == (None, None)


def test_the_newest_version_is_found(archive):
    for body in (b"A", b"B"):
        store_response(archive, response(NAME, body))
    assert find_newest_response(archive, SOURCE, NAME) == response(NAME, b"B")


def test_a_version_has_the_id_of_its_response(archive):
    for name, body in (("other", b"A"), (NAME, b"A"), (NAME, b"B")):
        store_response(archive, response(name, body))
    assert [version.id for version in read_versions(archive, SOURCE, NAME)] == [3, 2]


def test_a_response_is_entered_as_received_with_its_validators(archive):
    store_response(archive, response(NAME, b"A")._replace(headers={"ETag": '"1"', "Last-Modified": "Sun"}))
    assert find_fetch_status(archive, SOURCE, NAME) == FetchStatus(
        NAME, "2026-11-22T06:00:00Z", 200, "had", '"1"', "Sun"
    )
    assert find_fetch_status(archive, "hansard", NAME) is None


def test_a_listed_file_is_not_entered_as_requested(archive):
    store_response(archive, response(NAME, b"A"), FileEntry(NAME, 1, 1))
    assert find_fetch_status(archive, SOURCE, NAME) is None


def test_storing_an_older_response_again_keeps_the_newer_request_time(archive):
    store_response(archive, response(NAME, b"A"))
    later = FetchStatus(NAME, "2026-11-23T06:00:00Z", 304, "unchanged", '"2"', "")
    open_source_memory(archive, SOURCE).enter_status(later)
    assert store_response(archive, response(NAME, b"A")) == "unchanged"
    assert find_fetch_status(archive, SOURCE, NAME) == later


def test_an_unknown_outcome_is_refused(archive):
    with pytest.raises(sqlite3.IntegrityError):
        enter_fetch_status(archive, SOURCE, FetchStatus(NAME, "2026-11-23T06:00:00Z", 200, "perhaps"))


def test_a_count_that_fell_is_told_until_it_is_back(archive):
    def compare(scope: str = "all", **counts: int) -> list[tuple]:
        return [tuple(fall) for fall in compare_counts(archive, scope, counts)]

    assert compare(mentions=13, debates=2) == []
    assert compare(mentions=13, debates=2) == []
    assert compare(mentions=11) == [("debates", 2, 0, True), ("mentions", 13, 11, True)]
    assert compare(mentions=11, debates=2) == [("mentions", 13, 11, False)]
    assert compare("other topics", mentions=1) == []
    assert compare(mentions=12, debates=3) == [("mentions", 13, 12, False)]
    assert compare(mentions=14, debates=2) == [("debates", 3, 2, True)]


# --- gaps


GAP = Gap("hansard", "search/hedges/2008", "mentions of hedges", "2008-01-01", "2008-12-31", "HTTP 500")


def names(archive, which: GapChoice = "open") -> list[str]:
    return [gap["name"] for gap in read_gaps(archive, which)]


def test_a_gap_opened_twice_keeps_its_first_time_and_run(archive):
    first, second = (start_run(archive, ["hedges"], "x") for _ in range(2))
    open_gap(archive, GAP, first)
    noticed = read_gaps(archive)[0]["noticed"]
    open_gap(archive, GAP._replace(reason="HTTP 503"), second)
    [gap] = read_gaps(archive)
    assert (gap["run"], gap["noticed"], gap["reason"], gap["closed"]) == (first, noticed, "HTTP 503", None)


def test_a_gap_closes_when_its_document_is_received_and_may_open_again(archive):
    open_gap(archive, GAP._replace(source=SOURCE, name=NAME))
    open_gap(archive, GAP)
    store_response(archive, response(NAME, b"A"))
    assert names(archive) == [GAP.name]
    assert names(archive, "all") == [GAP.name, NAME]
    open_gap(archive, GAP._replace(source=SOURCE, name=NAME))
    assert names(archive, "all") == [GAP.name, NAME, NAME]


def test_an_acknowledged_gap_stays_open_but_no_longer_counts_until_that_is_undone(archive):
    open_gap(archive, GAP)
    decide_gap(archive, 1, "acknowledge", "ada", "the day was never published")
    assert (names(archive), names(archive, "counting"), count_gaps(archive)) == ([GAP.name], [], 0)
    assert read_gaps(archive)[0]["acknowledged"].endswith("Z by ada: the day was never published")
    open_gap(archive, GAP._replace(reason="HTTP 503"))
    assert count_gaps(archive) == 0
    decide_gap(archive, 1, "undo", "bob", "it is there now")
    assert names(archive, "counting") == [GAP.name]
    decisions = archive.execute("SELECT gap, decision, actor, reason FROM gap_decisions ORDER BY id").fetchall()
    assert decisions == [
        (1, "acknowledge", "ada", "the day was never published"),
        (1, "undo", "bob", "it is there now"),
    ]


def test_an_acknowledged_gap_that_grew_counts_again(archive):
    open_gap(archive, GAP, renew=True)
    decide_gap(archive, 1, "acknowledge", "ada", "as it should be")
    open_gap(archive, GAP, renew=True)
    assert count_gaps(archive) == 0
    open_gap(archive, GAP._replace(reason="HTTP 503"), renew=True)
    assert [(gap["id"], gap["acknowledged"]) for gap in read_gaps(archive)] == [(2, "")]


@pytest.mark.parametrize(
    ("id", "decision", "actor", "reason", "problem"),
    [
        (9, "acknowledge", "ada", "so", "there is no gap 9"),
        (1, "undo", "ada", "so", "not acknowledged"),
        (1, "acknowledge", " ", "so", "the name of who decides"),
        (1, "acknowledge", "ada", "", "a reason"),
        (2, "acknowledge", "ada", "so", "was closed"),
        (3, "acknowledge", "ada", "so", "already acknowledged"),
    ],
)
def test_a_decision_that_cannot_be_made_is_refused(archive, id, decision, actor, reason, problem):
    for name in ("a", "b", "c"):
        open_gap(archive, GAP._replace(name=name))
    close_gaps(archive, GAP.source, "", "9999", "b")
    decide_gap(archive, 3, "acknowledge", "ada", "so")
    with pytest.raises(GapDecisionError, match=problem):
        decide_gap(archive, id, decision, actor, reason)


def test_closing_a_window_closes_only_the_gaps_of_searches_within_it(archive):
    within = GAP._replace(name="search/hedges/2008-05", start="2008-05-01", end="2008-05-31")
    for gap in (within, GAP, within._replace(name="debates/2008-05-02/1"), within._replace(source="other")):
        open_gap(archive, gap)
    assert close_gaps(archive, "hansard", "2008-05-01", "2008-05-31", "search/") == 1
    assert names(archive) == [GAP.name, "debates/2008-05-02/1", within.name]
    assert close_gaps(archive, "hansard", "2007-01-01", "2010-12-31", "search/") == 1


# --- from one version to the next


@pytest.fixture
def old(tmp_path, specimens) -> Path:
    """An archive as version 1 of the schema made it, with a row in each table."""
    path = tmp_path / "old.db"
    conn = sqlite3.connect(path)
    conn.executescript((specimens / "archive-1.sql").read_text(encoding="utf-8"))
    conn.executescript("""
        INSERT INTO bodies VALUES ('ab', 1, x'789c73040000420042');
        INSERT INTO responses VALUES (7, 'theyworkforyou', 'n', 'file:///n', '2026-11-22T06:00:00Z', 200, '{}', 'ab');
        INSERT INTO listing VALUES ('theyworkforyou', 'n', 1, 2);
        INSERT INTO runs (id, started, topics, location, new) VALUES (3, '2026-11-22T06:00:00Z', 'hedges', 'x', 4);
        PRAGMA user_version = 1;
    """)
    conn.close()
    return path


def everything(conn: sqlite3.Connection) -> dict[str, list]:
    tables = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {table: conn.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def test_an_older_archive_keeps_every_row(old):
    before = everything(sqlite3.connect(old))
    after = everything(open_archive(old))
    assert {table: after[table] for table in ("bodies", "responses", "listing")} == {
        table: before[table] for table in ("bodies", "responses", "listing")
    }
    assert after["runs"] == [(*before["runs"][0], "", 0, 0, 0, 0, 0, "")]
    assert after["asked"] == after["gaps"] == []


def test_a_migrated_archive_has_the_schema_of_a_new_one(old, archive):
    def shape(conn: sqlite3.Connection) -> dict[str, list]:
        return {table: conn.execute(f"PRAGMA table_info({table})").fetchall() for table in everything(conn)}

    brought = open_archive(old)
    assert shape(brought) == shape(archive)
    assert (
        brought.execute("PRAGMA user_version").fetchone() == archive.execute("PRAGMA user_version").fetchone() == (3,)
    )


def test_an_archive_opened_twice_is_migrated_once(old):
    first, second = open_archive(old), open_archive(old)
    assert everything(first) == everything(second)


def test_a_migration_that_fails_changes_nothing(old):
    conn = sqlite3.connect(old)
    conn.execute("CREATE VIEW gaps AS SELECT 1")  # in the way of the last statement but one
    conn.close()
    before = everything(sqlite3.connect(old))
    with pytest.raises(sqlite3.OperationalError):
        open_archive(old)
    assert everything(sqlite3.connect(old)) == before
    assert sqlite3.connect(old).execute("PRAGMA user_version").fetchone() == (1,)


def test_an_archive_of_a_later_version_is_refused_and_unchanged(tmp_path):
    conn = open_archive(tmp_path / "archive.db")
    conn.execute("PRAGMA user_version = 99")
    conn.close()
    with pytest.raises(Unavailable, match="later version of this program"):
        open_archive(tmp_path / "archive.db")
