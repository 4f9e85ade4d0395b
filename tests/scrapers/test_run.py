"""Runs: the whole walk from files to rows, twice, alone, broken, killed, and begun again."""

import fcntl
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from scrapers.cli.crawl_options import choose_sources
from scrapers.fetch import crawl_sources
from scrapers.fetch.crawl_sources import DEFAULT_SOURCES
from tests.support.cli import FILES, SPECIMENS, XML, call, start
from tests.support.profiles import scale
from tests.support.scrapes import is_intact, read_lasting_rows, read_tables

pytestmark = pytest.mark.slow

WRANS = "scrapedxml/wrans/answers2008-06-22b.xml"
SUMMARY = "asked {asked}, new {new}, changed {changed}, unchanged {unchanged}, failed {failed}, mentions {mentions}"
QUOTES = str(SPECIMENS / "quotes")


@pytest.fixture
def parldata(tmp_path: Path) -> Path:
    """A copy of the specimens that a test may change."""
    return shutil.copytree(SPECIMENS / "parldata", tmp_path / "parldata")


def scraped(folder: Path, parldata: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return call(
        "scrapers", "scrape", *XML, "--db-dir", folder, "--parldata", parldata.as_uri(), *arguments, QUOTES=QUOTES
    )


def test_a_folder_asks_no_network(parldata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawl_sources, "_open_site", lambda *_: pytest.fail("a web service was asked"))
    options = ("--parldata", parldata.as_uri(), "--from", "2009-03-08", "--to", "2009-03-08")
    done = call("scrapers", "scrape", "--db-dir", tmp_path / "db", *options, QUOTES=QUOTES, TWFY_API_KEY="key")
    assert done.returncode == 0, done.stderr
    assert "not asked" not in done.stderr
    with sqlite3.connect(tmp_path / "db" / "statements.db") as conn:
        assert conn.execute("SELECT exit_code, message FROM runs").fetchall() == [(0, "")]


@pytest.mark.parametrize(
    ("parldata", "given", "chosen"),
    [
        ("file:///srv/parldata", (), ("people", "theyworkforyou")),
        ("FILE:///srv/parldata", ("parldata",), ("people", "theyworkforyou")),
        ("file:///srv/parldata", ("hansard",), ("people", "hansard", "theyworkforyou")),
        ("rsync://data.example/parldata", (), DEFAULT_SOURCES),
    ],
)
def test_what_is_asked_if_no_source_is_named(parldata: str, given: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    assert choose_sources(parldata, given) == chosen


def test_a_first_and_a_second_run_print_their_counts(parldata: Path, tmp_path: Path) -> None:
    first, second = scraped(tmp_path / "db", parldata), scraped(tmp_path / "db", parldata)
    counts = {"asked": FILES, "changed": 0, "failed": 0, "mentions": 21}
    assert first.stdout.strip() == SUMMARY.format(**counts, new=FILES, unchanged=0)
    assert second.stdout.strip() == SUMMARY.format(**counts, new=0, unchanged=FILES)
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stderr == second.stderr == ""  # the register was not asked for


def test_a_run_stops_at_its_byte_limit_and_the_next_continues(parldata: Path, tmp_path: Path) -> None:
    for _ in range(2):
        done = scraped(tmp_path / "db", parldata, "--max-megabytes", "0")
        assert (done.returncode, ", new 1, " in done.stdout) == (75, True)
        assert "are used up: the next run goes on from here" in done.stderr
    last = scraped(tmp_path / "db", parldata)
    assert (last.returncode, f", new {FILES - 2}, " in last.stdout) == (0, True)
    scraped(tmp_path / "whole", parldata)
    assert read_lasting_rows(tmp_path / "db" / "statements.db", "gaps") == read_lasting_rows(
        tmp_path / "whole" / "statements.db", "gaps"
    )


def test_a_second_run_changes_no_row_but_its_own(parldata: Path, tmp_path: Path) -> None:
    scraped(tmp_path / "db", parldata)
    before = read_tables(tmp_path / "db" / "statements.db", "runs")
    scraped(tmp_path / "db", parldata)
    assert read_tables(tmp_path / "db" / "statements.db", "runs") == before


@pytest.mark.parametrize("scope", [(), ("--everything",)])
def test_loading_into_a_deleted_database_gives_the_same_rows(
    scope: tuple[str, ...], parldata: Path, tmp_path: Path
) -> None:
    scraped(tmp_path / "db", parldata, *scope)
    before = read_tables(tmp_path / "db" / "statements.db")
    for path in (tmp_path / "db").glob("statements.db*"):
        path.unlink()
    assert call("scrapers", "load", "--db-dir", tmp_path / "db", *scope).returncode == 0
    assert call("annotations", "load", "--db-dir", tmp_path / "db", QUOTES=QUOTES).returncode == 0
    assert read_tables(tmp_path / "db" / "statements.db") == before
    assert is_intact(tmp_path / "db" / "statements.db")


def test_loading_day_by_day_gives_the_same_rows_as_at_once(parldata: Path, tmp_path: Path) -> None:
    for day in ("2009-03-15", "2009-03-08", "2008-06-22", "2008-06-29"):
        scraped(tmp_path / "a", parldata, "--from", day, "--to", day)
    scraped(tmp_path / "b", parldata)
    assert read_lasting_rows(tmp_path / "a" / "statements.db") == read_lasting_rows(tmp_path / "b" / "statements.db")


def test_only_debates_that_mention_the_topic_are_loaded_and_completely(parldata: Path, tmp_path: Path) -> None:
    scraped(tmp_path / "db", parldata)
    conn = sqlite3.connect(tmp_path / "db" / "statements.db")
    assert not conn.execute("SELECT id FROM debates WHERE id NOT IN (SELECT debate_id FROM named)").fetchall()
    assert (
        conn.execute(
            "SELECT count(*) FROM speeches WHERE id NOT IN (SELECT speech_id FROM mentions WHERE speech_id NOT NULL)"
        ).fetchone()[0]
        > 20
    )
    scraped(tmp_path / "db", parldata, "--everything")
    assert conn.execute("SELECT id FROM debates WHERE id NOT IN (SELECT debate_id FROM named)").fetchall()


def test_a_users_own_topic_needs_no_code(parldata: Path, tmp_path: Path) -> None:
    topics = tmp_path / "topics.toml"
    topics.write_text(
        '[[topic]]\nid = "swans"\nfrom = "2008-01-01"\nto = "2008-12-31"\n'
        'phrases.birds = ["swans"]\nkinds = ["lordswrans"]\n'
    )
    done = scraped(tmp_path / "db", parldata, "--topics", str(topics))
    assert done.returncode == 0, done.stderr
    conn = sqlite3.connect(tmp_path / "db" / "statements.db")
    found = conn.execute("SELECT DISTINCT topic, phrases, lower(exact) FROM mentions").fetchall()
    assert found == [("swans", "birds", "swans")]


def test_a_bad_file_is_quarantined_and_the_others_are_loaded(parldata: Path, tmp_path: Path) -> None:
    (parldata / WRANS).write_text("<publicwhip><aside/></publicwhip>")
    done = scraped(tmp_path / "db", parldata)
    assert done.returncode == 1
    assert f"failed: {WRANS}: line 1" in done.stderr
    conn = sqlite3.connect(tmp_path / "db" / "statements.db")
    [(name, reason)] = conn.execute("SELECT name, reason FROM quarantine").fetchall()
    assert name == WRANS
    assert "aside" in reason
    assert conn.execute("SELECT count(*) FROM debates").fetchone()[0] > 5


def test_a_bad_file_fails_until_it_is_corrected(parldata: Path, tmp_path: Path) -> None:
    good = (parldata / WRANS).read_bytes()
    (parldata / WRANS).write_bytes(good[:2000])
    assert scraped(tmp_path / "db", parldata).returncode == 1
    assert scraped(tmp_path / "db", parldata).returncode == 1
    (parldata / WRANS).write_bytes(good)
    assert scraped(tmp_path / "db", parldata).returncode == 0
    scraped(tmp_path / "other", parldata)
    mended, other = (read_lasting_rows(tmp_path / name / "statements.db")["speeches"] for name in ("db", "other"))
    assert mended == other


def test_the_previous_version_of_a_file_that_turns_bad_is_loaded(parldata: Path, tmp_path: Path) -> None:
    scraped(tmp_path / "db", parldata)
    before = read_tables(tmp_path / "db" / "statements.db")
    (parldata / WRANS).write_text("<html>Sorry</html>")
    assert scraped(tmp_path / "db", parldata).returncode == 1
    after = read_tables(tmp_path / "db" / "statements.db")
    assert after["speeches"] == before["speeches"]
    assert [row[2] for row in after["quarantine"]] == [WRANS]


def test_runs_are_entered_and_listed(parldata: Path, tmp_path: Path) -> None:
    scraped(tmp_path / "db", parldata)
    call("scrapers", "scrape", *XML, "--db-dir", tmp_path / "db", "--parldata", "file:///nowhere")
    second, first = map(json.loads, call("scrapers", "runs", "--json", "--db-dir", tmp_path / "db").stdout.splitlines())
    assert (first["new"], first["mentions"], first["exit_code"], first["message"]) == (FILES, 21, 0, "")
    assert (second["asked"], second["exit_code"]) == (0, 2)
    assert "has no folder scrapedxml" in second["message"]
    in_store = read_tables(tmp_path / "db" / "statements.db")["runs"]
    assert in_store == read_tables(tmp_path / "db" / "archive.db")["runs"]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("archive.db", "delete statements.db and load again, or put archive.db back"),
        ("statements.db", "statements.db is no database: delete it, and run dispatch-box load"),
    ],
)
def test_a_damaged_database_is_reported_and_not_changed(name: str, advice: str, parldata: Path, tmp_path: Path) -> None:
    folder, rubbish = tmp_path / "db", b"no database at all " * 99
    scraped(folder, parldata)
    for left in folder.glob(f"{name}*"):
        left.unlink()
    (folder / name).write_bytes(rubbish)
    done = scraped(folder, parldata)
    assert (done.returncode, done.stdout) == (2, "")
    assert advice in done.stderr
    assert (folder / name).read_bytes() == rubbish


def test_two_runs_do_not_overlap(parldata: Path, tmp_path: Path) -> None:
    folder = tmp_path / "db"
    folder.mkdir()
    with open(folder / "scrape.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = scraped(folder, parldata)
    assert done.returncode == 75
    assert "is in use by" in done.stderr
    assert not (folder / "archive.db").exists()
    assert scraped(folder, parldata).returncode == 0


def test_a_run_killed_at_any_moment_and_repeated_loses_and_doubles_nothing(parldata: Path, tmp_path: Path) -> None:
    scraped(tmp_path / "whole", parldata)
    expected = read_lasting_rows(tmp_path / "whole" / "statements.db")
    chance = random.Random(1832)
    for attempt in range(scale(2, 8)):
        folder = tmp_path / f"killed{attempt}"
        for _ in range(2):
            process = start(
                "scrapers", "scrape", *XML, "--db-dir", folder, "--parldata", parldata.as_uri(), QUOTES=QUOTES
            )
            try:
                process.wait(chance.uniform(0.1, 0.8))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        assert scraped(folder, parldata).returncode == 0
        assert read_lasting_rows(folder / "statements.db") == expected
        assert is_intact(folder / "statements.db")


def test_show_prints_the_records_of_every_kind_of_reference(parldata: Path, tmp_path: Path) -> None:
    scraped(tmp_path / "db", parldata)
    for reference in ("uk.org.publicwhip/debate/2008-06-22c.101.5", "2008-06-22a.101.5", "d-2008-06-22c-101-5"):
        [row] = map(json.loads, call("scrapers", "show", reference, "--db-dir", tmp_path / "db").stdout.splitlines())
        assert row["id"] == "d-2008-06-22c-101-5"
    page = "https://www.theyworkforyou.com/debates/?id=2008-06-22c.101.3"
    debate, *speeches = map(json.loads, call("scrapers", "show", page, "--db-dir", tmp_path / "db").stdout.splitlines())
    assert debate["speeches"] == len(speeches)
    document, *items = map(json.loads, call("scrapers", "show", parldata / WRANS, "--json").stdout.splitlines())
    assert document["document"]["name"] == WRANS
    assert {"heading", "speech", "redirect"} == {key for item in items for key in item}


def test_a_missing_reference_is_reported(tmp_path: Path) -> None:
    done = call("scrapers", "show", "2001-01-01.1.1", "--db-dir", tmp_path)
    assert (done.returncode, "is not in" in done.stderr) == (1, True)


@pytest.mark.parametrize("verb", ["load", "runs", "show x", "census", "people"])
def test_a_folder_that_is_not_there_is_an_error_and_not_made(verb: str, tmp_path: Path) -> None:
    done = call("scrapers", *verb.split(), "--db-dir", tmp_path / "nope")
    assert (done.returncode, "nope does not exist yet" in done.stderr) == (2, True)
    assert not (tmp_path / "nope").exists()


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("fetch", "--topic", "nothing"), "there is no topic 'nothing'; there are: power-of-information"),
        (("fetch", "--kind", "nothing"), "'nothing' is not one of"),
        (("fetch", "--from", "18 June"), "does not match the format"),
        (("fetch", "--from", "2009-01-01", "--to", "2008-01-01"), "--from 2009-01-01 is after --to 2008-01-01"),
        (("load", "--topics", "nothing.toml"), "nothing.toml"),
        (("show", "Makefile"), "is not recognised as a document of any source: add --source"),
    ],
)
def test_wrong_arguments_get_an_error_that_explains_them(
    arguments: tuple[str, ...], advice: str, tmp_path: Path
) -> None:
    done = call("scrapers", *arguments, "--db-dir", tmp_path)
    assert done.returncode == 2
    assert advice in done.stderr
    assert "Traceback" not in done.stderr
