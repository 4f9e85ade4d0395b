"""The archive as it stood on a day: on pages, and never in the file."""

import asyncio
import hashlib
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from datasette.utils.sqlite import sqlite3 as datasette_sqlite3
from hypothesis import HealthCheck, given, settings

from annotations.cli.verb_steps import show_as_of
from annotations.commands.archive_paths import read_curated
from annotations.commands.journal_reader import open_journal_view
from db.journal.entries import EntryDraft, open_journal
from db.statements.annotations import ANNOTATION_TABLES
from db.statements.store import open_store
from tests.support.full_refresh import refresh_all
from tests.support.journal_drafts import annotate, enter_made, journals
from tests.support.past import DEBATE, POINT, enter_drafts
from tests.support.profiles import scale
from web.http import as_of_tables as asof
from web.http.pages import ServerBusy

NO_DATES = ("yesterday", "2008-13", "2008-02-30", "2008-6-1", "<script>", "2008-06-18' OR 1", "٢٠٠٨")


def people(conn):
    return {table: sorted(conn.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in ANNOTATION_TABLES}


@pytest.mark.parametrize("day", ["2025", *(f"2026-0{n}" for n in range(1, 9)), "2026-03-01", "2026-02-28"])
def test_the_snapshot_equals_the_state_of_the_command_line(journal, day):
    with closing(open_store(journal.statements)) as conn:
        with show_as_of(conn, journal, day):
            expected = people(conn)
        conn.execute("BEGIN")
        with open_journal_view(journal) as view:
            asof.make_snapshot(conn, day, view)
        assert people(conn) == expected
        conn.rollback()
        assert len(people(conn)["annotation_history"]) == 7


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=scale(8, 60))
@given(journals(10))
def test_the_snapshot_of_any_journal_equals_the_state_of_the_command_line(places, entries):
    for path in places.db_dir.glob("journal*.db*"):
        path.unlink()
    with closing(open_journal(places.journal)) as journal:
        enter_made(journal, entries, dated=True)
    with closing(open_store(places.statements)) as conn, open_journal_view(places) as view:
        refresh_all(conn, read_curated(places), view.index.read_after(""))
        for day in ("2025", "2026-03", "2026-06-30"):
            with show_as_of(conn, places, day):
                expected = people(conn)
            conn.execute("BEGIN")
            asof.make_snapshot(conn, day, view)
            assert people(conn) == expected
            conn.rollback()


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2025-12-31", {}),
        ("2026-01-01", {"new"}),
        ("2026-04-30", {}),
        ("2026-05-01", {"new"}),
        ("2026-07", {"new", "last"}),
    ],
)
async def test_a_point_has_the_readings_of_that_day(client, day, shown):
    page = BeautifulSoup((await client.get(f"{POINT}?as_of={day}")).text, "lxml")
    assert {one["id"] for one in page.select(".passage")} & {"new", "last"} == set(shown)
    assert page.find("meta", attrs={"name": "robots", "content": "noindex"})


async def test_a_debate_has_the_notes_and_replies_of_that_day(client):
    january, february = [(await client.get(f"{DEBATE}?as_of=2026-0{n}")).text for n in (1, 2)]
    assert "/q/new" in january
    assert "Not so." not in january
    assert "Not so." in february
    assert "Otherwise." not in february
    assert ">February 2026</strong>" in february


async def test_an_annotation_withdrawn_later_is_shown_on_earlier_days(client):
    assert "/q/specimen-1" in (await client.get(f"{DEBATE}?as_of=2026-02")).text
    assert "/q/specimen-1" not in (await client.get(DEBATE)).text


async def test_guidance_counts_from_its_publication(client):
    assert "participation-online" not in (await client.get("/guidance?as_of=2008-06-17")).text
    assert "participation-online" in (await client.get("/guidance?as_of=2008-06-18")).text
    assert (await client.get(f"{POINT}?as_of=2008-01")).status_code == 404


async def test_before_any_guidance_pages_say_that_none_was_published(client):
    for address in ("/guidance?as_of=1999", "/coverage?as_of=1999", "/coverage?by=speaker&as_of=1999"):
        assert "No guidance that is held here was published by then." in (await client.get(address)).text


async def test_no_suggestion_has_a_past(client):
    assert "found by a program" not in (await client.get(f"{POINT}?as_of=2026-07")).text


async def test_coverage_counts_what_the_points_show(client):
    for day in ("2008-06-23", "2026-01", "2026-07"):
        rows = (await client.get(f"/coverage.csv?as_of={day}")).text.splitlines()
        row = next(row for row in rows if ",participation-online/be-credible," in row)
        page = BeautifulSoup((await client.get(f"{POINT}?as_of={day}")).text, "lxml")
        assert int(row.rpartition(",")[2]) == len(page.select(".passages .passage"))


async def test_links_stay_on_that_day(client):
    for address in ("/guidance", "/guidance/participation-online", POINT, "/coverage", DEBATE):
        page = BeautifulSoup((await client.get(f"{address}?as_of=2026-07")).text, "lxml")
        links = [a["href"] for a in page.select("main a[href]") if a.get("class") != ["today"]]
        onward = [a for a in links if re.match(r"/(guidance/|coverage)", a) and address != DEBATE]
        assert all("as_of=2026-07" in a for a in onward), onward


async def test_a_debate_that_was_later_is_not_there_yet(client):
    answer = await client.get(f"{DEBATE}?as_of=2008-06-21")
    assert answer.status_code == 404
    assert "That was said on 22 June 2008" in answer.text


@pytest.mark.parametrize(
    "day", ["yesterday", "2008-13", "2008-02-30", "2008-6-1", "<script>", "2008-06-18' OR 1", "٢٠٠٨"]
)
async def test_an_invalid_date_is_refused_with_a_message(client, day):
    for address in (DEBATE, "/guidance", "/coverage", "/coverage.csv", POINT):
        answer = await client.get(address, params={"as_of": day})
        assert answer.status_code == 400
        assert "is no date" in answer.text
        assert "<script>" not in answer.text or answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("day", ["", "2999-01-01", " "])
async def test_future_dates_and_empty_values_mean_today(client, day):
    answer = await client.get(DEBATE, params={"as_of": day})
    assert answer.status_code == 200
    assert "As it stood at the end" not in answer.text


async def test_a_snapshot_writes_nothing_and_other_requests_do_not_see_it(client, journal):
    before = hashlib.sha256(Path(journal.statements).read_bytes()).hexdigest()
    days = ["2025-12-31", "2026-01-01", "2026-02-01", "2026-07", ""] * 6
    answers = await asyncio.gather(*(client.get(POINT, params={"as_of": day}) for day in days))
    counts = [answer.text.count('class="passage') for answer in answers]
    assert counts == counts[:5] * 6
    assert len(set(counts)) > 2
    assert hashlib.sha256(Path(journal.statements).read_bytes()).hexdigest() == before


def test_texts_received_later_are_replaced_by_earlier_editions(places):
    with closing(sqlite3.connect(places.statements)) as conn:
        speech, text = conn.execute("SELECT id, text FROM speeches WHERE id = 'd-2008-06-22c-101-5'").fetchone()
        conn.execute("UPDATE speeches SET since = '2026-06-01T00:00:00Z' WHERE id = ?", (speech,))
        columns = [name for _, name, *_ in conn.execute("PRAGMA table_info(wordings)")]
        had = {"speech_id": speech, "text": "Quite other words.", "received": "2026-01-01T00:00:00Z"}
        filled = {name: had.get(name, "0") for name in columns}
        marks = ", ".join(f":{name}" for name in columns)
        conn.execute(f"INSERT INTO wordings ({', '.join(columns)}) VALUES ({marks})", filled)
        conn.commit()
        for day, words in (
            ("2025", "Quite other words."),
            ("2026", text),
            ("2026-03", "Quite other words."),
            ("2026-06", text),
        ):
            conn.execute("BEGIN")
            with open_journal_view(places) as view:
                asof.make_snapshot(conn, day, view)
            assert conn.execute("SELECT text FROM speeches WHERE id = ?", (speech,)).fetchone()[0] == words
            states = {
                state for (state,) in conn.execute("SELECT anchor FROM annotations WHERE speech_id = ?", (speech,))
            }
            assert ("lost" in states) == (words != text)
            conn.rollback()


async def test_before_any_edition_was_received_the_first_is_shown_with_a_notice(client, journal):
    page = BeautifulSoup((await client.get(f"{DEBATE}?as_of=2009")).text, "lxml")
    assert "Some text was archived later, from 22 November 2026." in page.select_one("div.asof").text
    today = BeautifulSoup((await client.get(DEBATE)).text, "lxml")
    for number in (
        *page.select("aside"),
        *today.select("aside"),
    ):
        number.decompose()
    words = [[one.text for one in each.select(".words p, .words td")] for each in (page, today)]
    assert words[0] == words[1]  # all were received on one day: nothing tells which was first


async def test_an_older_edition_is_labelled_and_links_to_today(client, journal):
    speech = "d-2008-06-22c-101-5"
    with closing(datasette_sqlite3.connect(journal.statements)) as conn:
        conn.execute("UPDATE speeches SET since = '2026-12-01T00:00:00Z' WHERE id = ?", (speech,))
        names = "speech_id, source, edition, response_id, received, source_gid, text, score, evidence"
        row = (speech, "theyworkforyou", "a", 1, "2026-01-01T00:00:00Z", "g", "Quite other words.", 1.0, "")
        conn.execute(f"INSERT INTO wordings ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        conn.commit()
    for address in (DEBATE, f"/speech/{speech}"):
        page = BeautifulSoup((await client.get(f"{address}?as_of=2026-07")).text, "lxml")
        shown = page.find(id=speech).get_text(" ", strip=True)
        assert "Quite other words." in shown
        assert "These words were received on 1 January 2026" in shown
        assert page.find("a", string="others are held today")["href"] == f"/speech/{speech}"


async def test_new_entries_are_shown_at_once_on_pages_of_their_day(client, journal):
    day = f"{POINT}?as_of=2026-07-02"
    before = (await client.get(day)).text
    enter_drafts(journal, EntryDraft("bob", "annotate", annotate("more", actor="bob").payload, "2026-07-02T10:00:00Z"))
    assert 'id="more"' not in before
    assert 'id="more"' in (await client.get(day)).text
    enter_drafts(journal, EntryDraft("bob", "annotate", annotate("later", actor="bob").payload, "2026-07-03T10:00:00Z"))
    page = (await client.get(day, headers={"Cookie": "a=b"})).text
    assert 'id="more"' in page
    assert 'id="later"' not in page


async def test_an_annotation_undone_later_is_shown_on_earlier_days(client, journal):
    entry = sqlite3.connect(journal.journal).execute("SELECT id FROM entries ORDER BY id DESC LIMIT 1").fetchone()[0]
    enter_drafts(journal, EntryDraft("bob", "undo", {"entry": entry}, "2026-08-01T10:00:00Z"))
    assert 'id="last"' in (await client.get(f"{POINT}?as_of=2026-07")).text
    assert 'id="last"' not in (await client.get(f"{POINT}?as_of=2026-08")).text
    assert 'id="last"' not in (await client.get(POINT)).text


async def test_an_address_that_leads_elsewhere_keeps_the_day(client):
    answer = await client.get("/speech/uk.org.publicwhip/debate/2008-06-22c.101.5?as_of=2026-07")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/speech/d-2008-06-22c-101-5?as_of=2026-07"
    answer = await client.get("/debate/uk.org.publicwhip/debate/2008-06-22c.101.5?as_of=2026-07")
    assert answer.headers["Location"] == f"{DEBATE}?as_of=2026-07#d-2008-06-22c-101-5"


async def test_an_address_at_theyworkforyou_may_be_followed_by_a_day(client):
    answer = await client.get("/debate/https://www.theyworkforyou.com/debates/?id=2008-06-22c.101.3&as_of=2026-07")
    assert answer.headers["Location"] == f"{DEBATE}?as_of=2026-07"


async def test_a_page_of_the_past_names_todays_and_what_is_not_there_yet_links_it(client):
    page = BeautifulSoup((await client.get(f"{DEBATE}?as_of=2026-07")).text, "lxml")
    assert page.find("link", rel="canonical")["href"] == DEBATE
    for address in (f"{DEBATE}?as_of=2008-06-21", f"{POINT}?as_of=2008-01", f"{DEBATE}?as_of=never"):
        missing = BeautifulSoup((await client.get(address)).text, "lxml")
        assert missing.find("a", string="See it as it is today")["href"] == address.partition("?")[0]


async def test_a_day_that_is_not_over_is_shown_as_today(client):
    assert (
        "2999-01-01 is not over yet: this is the page of today."
        in (await client.get(f"{DEBATE}?as_of=2999-01-01")).text
    )
    assert "is not over" not in (await client.get(DEBATE)).text


async def test_unreadable_files_are_reported(client, monkeypatch, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "one.toml").write_text("annotation = 3", encoding="utf-8")
    monkeypatch.setenv("QUOTES", str(tmp_path / "broken"))
    answer = await client.get(f"{POINT}?as_of=2026-07")
    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"
    assert "one.toml" in answer.text


async def test_readers_of_the_past_wait_in_a_bounded_queue(client):
    await client.ds.invoke_startup()
    database = client.ds.get_database("statements")
    at_once, most = 0, 0

    def slow(conn):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.01)
        at_once -= 1

    asked = await asyncio.gather(*(database.execute_one_at_a_time(slow) for _ in range(40)), return_exceptions=True)
    assert most == 1
    refused = [one for one in asked if one is not None]
    assert len(refused) == 8
    assert {type(one) for one in refused} == {ServerBusy}
    assert await database.execute_one_at_a_time(lambda conn: 1) == 1


async def test_readers_of_today_are_not_affected_by_a_snapshot(client):
    await client.ds.invoke_startup()
    database = client.ds.get_database("statements")
    await client.get(f"{POINT}?as_of=2026-01")
    names = "SELECT count(*) FROM sqlite_temp_schema"
    counts = await asyncio.gather(*(database.execute_fn(lambda c: c.execute(names).fetchone()[0]) for _ in range(9)))
    assert counts == [0] * 9
    assert await database.execute_one_at_a_time(lambda conn: conn.execute(names).fetchone()[0]) > 0
