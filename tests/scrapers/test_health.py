"""How it stands, told in words: well, stale, failing, never ran, under way; on pages, for probes, and for monitors."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st

from db.archive import responses as archive
from db.archive.runs import finish_run, start_run
from db.statements.runs import find_unfinished_run, read_archive_state
from scrapers.reports.health import assess_health, describe_shortfall, explain_staleness, parse_age
from scrapers.reports.runs import format_table
from tests.support.cli import XML, call
from tests.support.sites import open_site

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
WELL = {"finished": "2026-11-22T06:05:00Z", "exit_code": 0}
LATER = {"finished": "2026-11-22T06:05:00Z", "exit_code": 75, "message": "it cannot be reached; try again later"}
TOPIC = {"id": "hedges", "title": "Hedges", "mentions": 3, "expected": 5}


def run(**others: Any) -> dict[str, Any]:
    counts = dict.fromkeys(("new", "changed", "gone", "failed", "requests", "not_modified", "gaps"), 0)
    told = {
        "id": 1,
        "started": "2026-11-22T06:00:00Z",
        "finished": None,
        "exit_code": None,
        "message": "",
        "expected": "",
    }
    return {**counts, **told, **others}


def assess(*runs: dict[str, Any], topics: tuple = (), gaps: int = 0, now: datetime = NOW) -> tuple[str, str]:
    return assess_health(runs, topics, gaps, now, DAY)[:2]


# --- the five states


def test_nothing_new_is_well():
    ended = "Last updated on 22 November 2026 at 06:05 UTC"
    assert assess(run(**WELL)) == ("well", f"{ended}: nothing new.")
    assert assess(run(**WELL, new=2, gone=1)) == ("well", f"{ended}: 2 new, 1 gone.")


def test_a_scraper_that_fails_is_not_nothing_new():
    state, sentence = assess(run(**LATER), run(**{**WELL, "finished": "2026-11-21T06:05:00Z"}))
    assert state == "failing"
    assert "was incomplete on 22 November 2026 at 06:05 UTC: it cannot be reached; try again later;" in sentence
    assert sentence.endswith("the last complete update was on 21 November 2026 at 06:05 UTC.")


def test_documents_that_could_not_be_read_are_failing():
    assert (
        "2 documents or parts of them could not be read; none has been completed yet."
        in assess(run(**{**WELL, "exit_code": 1}, failed=2))[1]
    )
    assert "exit code 3" in assess(run(**{**WELL, "exit_code": 3}))[1]


def test_no_run_for_36_hours_is_stale():
    assert assess(run(**WELL), now=datetime(2026, 11, 23, 18, 5, tzinfo=UTC))[0] == "well"
    state, sentence = assess(run(**WELL), now=datetime(2026, 11, 24, 7, tzinfo=UTC))
    assert (state, sentence) == ("stale", "Last updated on 22 November 2026 at 06:05 UTC, 2 days ago.")


def test_no_run_differs_from_a_run_without_news():
    assert assess() == ("never ran", "Not updated yet: `dispatch-box scrape` starts an update.")


def test_a_run_is_under_way_until_the_next_is_due():
    assert assess(run()) == ("under way", "An update that began on 22 November 2026 at 06:00 UTC is running.")
    state, sentence = assess(run(), now=NOW + DAY)
    assert state == "failing"
    assert "began on 22 November 2026 at 06:00 UTC and has not finished; none has been completed yet" in sentence


def test_fewer_mentions_than_expected_are_failing_after_a_good_run():
    state, sentence = assess(run(**WELL), topics=(TOPIC, {**TOPIC, "mentions": 5}))
    assert state == "failing"
    assert sentence == (
        "Hedges: 3 mentions, where at least 5 are expected: not everything was fetched, or a source has changed."
    )
    assert describe_shortfall([{**TOPIC, "expected": 0}]) == ""


def test_open_gaps_are_reported():
    assert assess(run(**WELL), gaps=1)[1].endswith(": nothing new; 1 gap is open.")
    assert assess(gaps=2)[1].endswith("; 2 gaps are open.")


def test_the_next_is_due_a_day_after_the_last_success():
    found = assess_health([run(**LATER), run(**WELL)], (), 0, NOW, DAY)
    assert (found.last_success, found.next_due, found.ok) == ("2026-11-22T06:05:00Z", "2026-11-23T06:05:00Z", False)
    assert assess_health([], (), 0, NOW, DAY)[2:] == (None, None)


@given(st.lists(st.sampled_from([WELL, LATER, {}]), max_size=4), st.integers(-48, 96))
def test_well_means_that_the_last_run_ended_well_and_not_long_ago(ends, hours):
    runs, now = [run(**end) for end in ends], NOW + timedelta(hours=hours)
    state = assess(*runs, now=now)[0]
    assert (state == "well") == bool(runs and ends[0] is WELL and now <= datetime(2026, 11, 23, 18, 5, tzinfo=UTC))
    assert (state == "never ran") == (not runs)


# --- for a monitor


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("36h", timedelta(hours=36)),
        ("2d", timedelta(days=2)),
        ("90m", timedelta(minutes=90)),
        (" 1h ", timedelta(hours=1)),
    ],
)
def test_a_length_of_time_is_parsed(text, length):
    assert parse_age(text) == length


@pytest.mark.parametrize("text", ["", "36", "h", "0h", "-1h", "1.5h", "36 hours", "1w", "９h", "999999d"])
def test_an_invalid_length_of_time_is_refused(text):
    with pytest.raises(ValueError, match="write it like 90m, 36h or 2d"):
        parse_age(text)


def test_staleness_names_the_last_success_and_the_last_run():
    assert explain_staleness([run(**WELL)], timedelta(hours=6), NOW) == ""
    reason = explain_staleness([run(**LATER), run(**WELL)], timedelta(hours=5), NOW)
    assert reason.startswith("no complete update since 22 November 2026 at 06:05 UTC, 5 hours ago. The last update was")
    assert explain_staleness([], DAY, NOW) == "no complete update yet. No runs yet."
    assert explain_staleness([run()], DAY, NOW).startswith("no complete update yet. The last update began")


def test_the_table_describes_the_outcome_of_each_run():
    lines = list(format_table([run(**LATER, id=2, expected="Hedges: 3"), run(**WELL, requests=1200)]))
    assert lines[1].startswith("2   2026-11-22 06:00  0:05:00")
    assert lines[1].endswith("it cannot be reached; try again later; Hedges: 3")
    assert "1,200" in lines[2]
    assert lines[2].endswith("ok: nothing new")
    assert list(format_table([])) == ["No runs yet."]


def entered(folder: Path, *exit_codes: int) -> Path:
    conn = archive.open_archive(folder / "archive.db")
    for code in exit_codes:
        finish_run(conn, start_run(conn, ["hedges"], "file:///x"), {}, code, "as told")
    conn.close()
    return folder


@pytest.mark.parametrize(("codes", "exit_code"), [([0], 0), ([0, 75], 0), ([75], 1), ([1], 1), ([], 1)])
def test_the_exit_code_tells_a_monitor_if_runs_are_stale(tmp_path, codes, exit_code):
    done = call("scrapers", "runs", "--db-dir", entered(tmp_path, *codes), "--fail-if-stale", "36h")
    assert done.returncode == exit_code
    assert done.stderr.startswith("error: no complete update yet.") == bool(exit_code)
    assert done.stderr.count("\n") == exit_code


def test_runs_are_listed_as_json_and_an_invalid_limit_is_an_error(tmp_path):
    folder = entered(tmp_path, 0, 75)
    lines = call("scrapers", "runs", "--json", "--db-dir", folder).stdout.splitlines()
    assert [json.loads(line)["exit_code"] for line in lines] == [75, 0]
    assert "write it like" in call("scrapers", "runs", "--db-dir", folder, "--fail-if-stale", "soon").stderr


def test_listing_runs_creates_no_archive(tmp_path):
    assert call("scrapers", "runs", "--db-dir", tmp_path).stdout == "No runs yet.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("codes", "first"),
    [
        ([], None),
        ([0], None),
        ([75], "2026-11-22T00:00:00Z"),
        ([None, 75], "2026-11-22T00:00:00Z"),
        ([75, 0], None),
        ([75, 1, 75, None], "2026-11-22T02:00:00Z"),
        ([0, 2, 75], "2026-11-22T02:00:00Z"),
    ],
)
def test_the_first_unfinished_run_since_the_last_complete_one_is_found(tmp_path, codes, first):
    conn = archive.open_archive(tmp_path / "archive.db")
    for hour, code in enumerate(codes):
        values = (f"2026-11-22T0{hour}:00:00Z", code)
        conn.execute("INSERT INTO runs (started, exit_code, topics, location) VALUES (?, ?, '', '')", values)
    assert find_unfinished_run(conn, "2026-11-21T12:00:00Z") == first
    assert find_unfinished_run(conn, "2026-11-22T12:00:00Z") is None


# --- on pages


ROWS = [
    (1, "2026-11-21T06:00:00Z", "2026-11-21T06:05:00Z", 0, "", 2),
    (2, "2026-11-22T05:00:00Z", None, None, "", 0),
    (3, "2026-11-22T06:00:00Z", "2026-11-22T06:05:00Z", 75, "<b>it cannot be reached</b>", 0),
]


@pytest.fixture
def site_after(site, site_db, tmp_path, monkeypatch):
    """A function from runs to a site at noon of 22 November 2026 that has them, gaps and an expectation."""
    monkeypatch.setattr(archive, "format_now", lambda: "2026-11-22T12:00:00Z")

    def opened(*runs: tuple, expected: int = 0, gap: bool = False) -> Datasette:
        copy = tmp_path / "statements.db"
        copy.write_bytes(site_db.read_bytes())
        with sqlite3.connect(copy) as conn:
            columns = (
                "id, started, finished, exit_code, message, new, topics, location, asked, changed, unchanged, failed"
            )
            more = "mentions, sources, requests, bytes, not_modified, gone, gaps, expected"
            for row in runs:
                rest = ("hedges", "x", 0, 0, 0, 0, 0, "hansard", 12, 3456, 7, 0, 1, "")
                conn.execute(f"INSERT INTO runs ({columns}, {more}) VALUES ({', '.join('?' * 20)})", (*row, *rest))
            conn.execute("UPDATE topics SET expected = ?", (expected,))
            conn.execute("UPDATE debates SET received = '2026-11-21T06:01:00Z'")
            if gap:
                conn.execute(
                    "INSERT INTO gaps VALUES (1, 'hansard', 's/1', 'a <i>search</i>', '2008-05-01', '2008-05-31',"
                    " 'HTTP 500', 1, '2026-11-21T06:02:00Z', NULL, '')"
                )
        return open_site(copy)

    return opened


async def read_page_text(site: Datasette, path: str) -> str:
    response = await site.client.get(path)
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.text, "html.parser").text.split())


async def test_the_page_describes_each_run_in_a_row(site_after):
    response = await site_after(*ROWS, gap=True).client.get("/runs")
    page = BeautifulSoup(response.text, "html.parser")
    third, second, first = [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]
    assert "Incomplete : <b>it cannot be reached</b>" in third
    assert "Stopped early" in second
    assert "Complete : 2 new" in first
    assert "2 0 0 0 1 12 3,456 7" in first
    assert len(page.select("tbody tr:last-child a[href^='/debate/']")) == 5
    assert "and " in first
    assert "none" in third


async def test_the_page_shows_gaps_expectations_and_the_next_run(site_after):
    told = await read_page_text(site_after(*ROWS[:1], expected=30, gap=True), "/runs")
    assert "Update incomplete." in told
    assert "fewer than the 30 expected" in told
    assert "a <i>search</i>, 1 May 2008 to 31 May 2008 hansard: HTTP 500" in told
    assert "Next due: 22 November 2026, 06:05 UTC" in told


async def test_the_page_shows_a_healthy_archive(site_after):
    told = await read_page_text(site_after(*ROWS[:1], expected=21), "/runs")
    assert "Up to date. Last updated on 21 November 2026 at 06:05 UTC: 2 new." in told
    assert "at least 21 expected" in told
    assert "Missing data None." in told


async def test_the_page_shows_that_nothing_ever_ran(site_after):
    told = await read_page_text(site_after(), "/runs")
    assert "Not updated yet." in told
    assert "No update has been completed yet; one is due now." in told


async def test_home_leads_to_the_runs(site_after):
    response = await site_after(*ROWS[:1]).client.get("/")
    assert BeautifulSoup(response.text, "html.parser").find("a", href="/runs")


@pytest.mark.parametrize(
    ("runs", "every", "status", "told"),
    [
        (ROWS[:1], "24h", 200, "ok: Last updated on 21 November 2026"),
        (ROWS[:1], "6h", 503, "stale: Last updated on 21 November 2026"),
        (ROWS[:2], "24h", 200, "ok: An update that began on 22 November 2026"),
        (ROWS, "24h", 503, "failing: The last update was incomplete"),
        ([], "24h", 503, "never ran: Not updated yet"),
    ],
)
async def test_the_http_status_informs_a_probe(site_after, monkeypatch, runs, every, status, told):
    monkeypatch.setenv("SCRAPE_EVERY", every)
    response = await site_after(*runs).client.get("/healthz")
    assert (response.status_code, response.headers["cache-control"]) == (status, "no-store")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.startswith(told)


async def test_a_probe_may_ask_for_json(site_after):
    response = await site_after(*ROWS).client.get("/healthz?format=json")
    told = response.json()
    assert (response.status_code, told["ok"], told["state"]) == (503, False, "failing")
    assert (told["last_success"], told["next_due"]) == ("2026-11-21T06:05:00Z", "2026-11-22T06:05:00Z")


async def test_a_probe_is_told_of_an_unreadable_database(site_after, tmp_path):
    site = site_after(*ROWS)
    with sqlite3.connect(tmp_path / "statements.db") as conn:
        conn.execute("DROP TABLE gaps")
    response = await site.client.get("/healthz")
    assert (response.status_code, "cannot be read: no such table: gaps" in response.text) == (503, True)


def test_the_expectation_of_a_topic_is_saved_with_it(tmp_path, specimens):
    topics = tmp_path / "topics.toml"
    topics.write_text(
        '[[topic]]\nid = "hedges"\nfrom = "2008-01-01"\nto = "2008-12-31"\nexpect = 7\nphrases = {all = ["hedge"]}\n'
    )
    where = ("--parldata", f"file://{specimens}/parldata", "--db-dir", tmp_path)
    call("scrapers", "scrape", *XML, "--topics", topics, *where)
    found = read_archive_state(sqlite3.connect(tmp_path / "statements.db"))
    assert [(topic["id"], topic["expected"], topic["mentions"]) for topic in found["topics"]] == [("hedges", 7, 1)]
    assert assess_health(**found, now=NOW, every=DAY).state == "failing"
