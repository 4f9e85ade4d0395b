"""Blind annotating: what is hidden from whom and where, how a pass begins and ends, and the page of agreement."""

import html
import json
import re
import sqlite3

from bs4 import BeautifulSoup
from click.testing import CliRunner

from annotations.__main__ import cli
from annotations.commands import journal_writer as writer
from db.journal.entries import EntryDraft, read_journal
from tests.support.blind import DEBATE, POINT
from tests.support.journal_drafts import annotate
from web.http.visibility import VISIBLE_ROWS

BLIND = f"/debate/{DEBATE}/blind"
SECRET = "specimen-"  # how the ids of the notes of others begin, all of them on this debate or another
PLACES = [
    *(f"/debate/{DEBATE}", f"/debate/{DEBATE}?notes=end", "/speech/d-2008-06-22c-101-5", f"/guidance/{POINT}"),
    *("/guidance", "/guidance/participation-online", "/coverage", "/coverage.csv", "/coverage?by=speaker", "/timeline"),
    *("/feeds/annotations.atom", "/annotations/?page=0", "/debates", "/", "/people/990002", "/agreement"),
]


def noted(person, id, exact, time, **fields):
    fields = {"creator": person, "created": "2026-11-24", **fields}
    return annotate(id, person, exact, **fields)._replace(time=time)


def when(second):
    return f"2026-11-01T10:00:{second:02}Z"


def two_passes(places):
    """Ada and Bob, each blind: of three passages they read one alike, and one differently; then Bob notes another."""
    debate = {"debate": DEBATE}
    drafts = [
        *(EntryDraft("Ada", "begin", debate, when(1)), EntryDraft("Bob", "begin", debate, when(1))),
        noted("Ada", "ada-1", "which office", when(2)),
        noted("Bob", "bob-1", "which office", when(3)),
        noted("Ada", "ada-2", "plain question", when(4), target="uk.org.publicwhip/debate/2008-06-22c.101.7"),
        *(EntryDraft("Ada", "done", debate, when(5)), EntryDraft("Bob", "done", debate, when(6))),
        noted("Bob", "bob-late", "plain question", when(7), target="uk.org.publicwhip/debate/2008-06-22c.101.7"),
    ]
    assert writer.enter_drafts(places, drafts).shown


async def test_a_blind_annotator_sees_no_notes_of_others_on_any_page_until_they_finish(ds, tokens, step):
    as_ada = {"headers": tokens["Ada"]}
    before = {path: (await ds.client.get(path, **as_ada)).text for path in PLACES}
    assert SECRET in before["/annotations/?page=0"]
    taken = await step("Ada")
    assert (taken.status_code, taken.json()["state"], taken.json()["shown"]) == (201, "open", True)
    hidden = {path: (await ds.client.get(path, **as_ada)).text for path in PLACES}
    conn = sqlite3.connect(ds.get_database("statements").path)
    sql = "SELECT a.id, a.note FROM annotations a JOIN speeches s ON s.id = a.speech_id WHERE s.debate_id = ?"
    notes = conn.execute(sql, (DEBATE,)).fetchall()
    assert len(notes) > 3
    for path, text in hidden.items():
        words = html.unescape(text)
        told = [id for id, note in notes if re.search(rf"(q|annotations)/{id}\b", text) or note in words]
        assert told == [], path
    assert (await ds.client.get("/q/specimen-1", **as_ada)).status_code == 404
    assert (
        await ds.client.get("/annotations/specimen-1", headers={**tokens["Ada"], "Accept": "application/ld+json"})
    ).status_code == 404
    assert (await ds.client.get("/q/specimen-1.bib", **as_ada)).status_code == 404
    anybody = (await ds.client.get(f"/debate/{DEBATE}")).text
    assert any(note in html.unescape(anybody) for _, note in notes)
    assert (await step("Ada", "finish")).status_code == 201
    again = {path: (await ds.client.get(path, **as_ada)).text for path in PLACES}
    for path in ("/coverage.csv", "/annotations/?page=0"):
        assert again[path] == before[path] != hidden[path], path


async def test_tables_and_queries_are_closed_while_a_pass_is_open_and_say_why(ds, tokens, step):
    await step("Ada")
    for path in (
        *("/statements", "/statements/annotations", "/statements/annotations.json", "/statements/passages.csv"),
        *("/statements/annotations/specimen-1", "/statements/disputed_readings", "/statements?sql=select+1"),
        *("/statements.json?sql=select+1", "/statements/speeches/d-2008-06-22c-101-5"),
    ):
        response = await ds.client.get(path, headers=tokens["Ada"])
        assert response.status_code == 403, path
        assert "Finish your pass first" in response.text, path
        assert (await ds.client.get(path, headers=tokens["Bob"])).status_code in (200, 302), path


async def test_an_earlier_day_is_closed_too(ds, tokens, step):
    await step("Ada")
    for path in (f"/debate/{DEBATE}", f"/guidance/{POINT}", "/coverage"):
        response = await ds.client.get(f"{path}?as_of=2020", headers=tokens["Ada"])
        assert response.status_code == 400, path
        assert "annotate a debate blind" in response.text
        assert (await ds.client.get(f"{path}?as_of=2020")).status_code == 200


async def test_every_table_with_notes_of_people_is_hidden(folder):
    conn = sqlite3.connect(folder / "statements.db")
    tables = [name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns = {table: {row[1] for row in conn.execute(f"PRAGMA table_info({table})")} for table in tables}
    telling = {table for table, names in columns.items() if names & {"annotation_id", "suggestion", "creator"}}
    assert telling | {"suggestions"} == set(VISIBLE_ROWS)


async def test_own_notes_and_other_debates_stay_visible(ds, places, tokens, step):
    await step("Ada")
    writer.enter_drafts(places, [annotate("ada-1", "Ada", creator="Ada"), annotate("bob-1", "Bob", creator="Bob")])
    writer.enter_drafts(
        places,
        [
            EntryDraft(
                "Bob",
                "reply",
                {
                    "id": "r-1",
                    "annotation": "ada-1",
                    "stance": "disputes",
                    "text": "Hm, no.",
                    "creator": "Bob",
                    "created": "2026-11-24",
                },
            )
        ],
    )
    page = await ds.client.get("/q/ada-1", headers=tokens["Ada"])
    assert page.status_code == 200
    assert "Hm, no." not in page.text
    assert (await ds.client.get("/q/bob-1", headers=tokens["Ada"])).status_code == 404
    assert "Hm, no." in (await ds.client.get("/q/ada-1", headers=tokens["Bob"])).text
    assert "ada-1" in (await ds.client.get(f"/debate/{DEBATE}", headers=tokens["Ada"])).text


async def test_other_visitors_see_everything_and_no_view_stays_on_the_connection(ds, tokens, step):
    before = (await ds.client.get("/coverage.csv")).text
    await step("Ada")
    for _ in range(8):  # every thread's connection
        await ds.client.get("/coverage", headers=tokens["Ada"])
        assert (await ds.client.get("/coverage.csv")).text == before
        assert (await ds.client.get("/statements/annotations.json")).status_code == 200


async def test_steps_that_make_no_sense_are_refused(step, places):
    for what in ("finish", "leave", "reopen"):
        assert (await step("Ada", what)).status_code == 409, what
    assert (await step("Ada", "sing")).status_code == 400
    assert (await step("Ada", debate="nothing")).status_code == 404
    assert (await step("Una")).status_code == 403
    assert (await step("Ada")).status_code == 201
    assert (await step("Ada")).status_code == 409
    assert (await step("Bob", "finish", creator="Ada")).status_code == 409
    assert [(entry.actor, entry.kind) for entry in read_journal(places.journal)] == [("Ada", "begin")]
    assert (await step("Ada", "finish")).status_code == 201
    for what in ("begin", "finish", "leave"):
        assert (await step("Ada", what)).status_code == 409, what


async def test_a_form_without_this_sites_token_begins_nothing(ds):
    assert (await ds.client.post(BLIND, data={"step": "begin"})).status_code == 401
    assert (await ds.client.get(BLIND)).status_code == 200
    assert (await ds.client.get("/debate/nothing/blind")).status_code == 404


async def test_finishing_can_be_undone_and_the_list_shows_it(ds, tokens, step):
    await step("Ada")
    await step("Ada", "finish")
    assert "lost-1" in (await ds.client.get("/annotations/?page=0", headers=tokens["Ada"])).text
    assert (await ds.client.get("/q/specimen-1", headers=tokens["Ada"])).status_code == 200
    assert (await step("Ada", "reopen")).json()["state"] == "open"
    assert (await ds.client.get("/q/specimen-1", headers=tokens["Ada"])).status_code == 404
    assert "reopened" in (await ds.client.get("/agreement")).text
    assert (await step("Ada", "leave")).json()["state"] == "none"
    assert (await ds.client.get("/q/specimen-1", headers=tokens["Ada"])).status_code == 200
    assert (await step("Ada")).status_code == 201


async def test_a_pass_that_another_person_entered_cannot_be_undone(ds, step, places):
    writer.enter_drafts(places, [EntryDraft("Bob", "done", {"debate": DEBATE, "creator": "Ada"})])
    assert (await step("Ada", "reopen")).status_code == 409


async def test_pages_for_signed_in_visitors_are_not_cached(ds, tokens, step):
    await step("Ada")
    for path in (f"/debate/{DEBATE}", "/agreement", BLIND, "/agreement.json"):
        response = await ds.client.get(path, headers=tokens["Ada"])
        assert response.headers["cache-control"] == "private, no-store", path
        assert "Authorization" in response.headers["vary"]


async def test_agreement_counts_what_each_entered_between_beginning_and_finishing(ds, places):
    two_passes(places)
    [found] = (await ds.client.get(f"/agreement/{DEBATE}.json")).json()
    assert found["people"] == ["Ada", "Bob"]
    assert found["marked"] == 2
    assert [each["readings"] for each in found["agreed"]] == [{"Ada": "said", "Bob": "said"}]
    assert [each["readings"] for each in found["disagreements"]] == [{"Ada": "said", "Bob": None}]
    assert (await ds.client.get("/agreement.json")).json() == [found]
    lines = (await ds.client.get(f"/agreement/{DEBATE}.csv")).text.splitlines()
    assert lines[0].startswith("point,people,debates")
    assert lines[1].startswith(f'{POINT},"Ada, Bob",1,')


async def test_notes_made_before_a_pass_do_not_count(ds, places):
    writer.enter_drafts(
        places, [noted("Ada", "early", "plain question", when(0), target="uk.org.publicwhip/debate/2008-06-22c.101.7")]
    )
    two_passes(places)
    [found] = (await ds.client.get(f"/agreement/{DEBATE}.json")).json()
    assert found["pairs"][0]["only_one"] == 1


async def test_the_page_and_the_command_line_report_the_same_agreement(ds, places, root):
    two_passes(places)
    arguments = ["agreement", "--json", "--db-dir", str(places.db_dir), "--quotes", str(places.quotes)]
    ran = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert [json.loads(line) for line in ran.output.splitlines()] == (await ds.client.get("/agreement.json")).json()


async def test_agreement_is_shown_side_by_side_with_its_warning_and_who_took_part(ds, places):
    empty = await ds.client.get("/agreement")
    assert "How it works" in empty.text
    two_passes(places)
    page = BeautifulSoup((await ds.client.get(f"/agreement/{DEBATE}")).text, "html.parser")
    assert page.select_one("section.compared .ill").text == "Warning:"
    assert [" ".join(side.text.split()) for side in page.select(".sides")] == [
        "AdasaidBobnot marked",
        "AdasaidBobsaid",
    ]
    assert page.select_one(".compared .where a:not(.speaker-name)")["href"] == f"/debate/{DEBATE}#d-2008-06-22c-101-7"
    assert [row.th.text for row in page.select("table")[-1].select("tbody tr")] == ["Bob", "Ada"]
    whole = BeautifulSoup((await ds.client.get("/agreement")).text, "html.parser")
    link = whole.select_one(".agreement tbody a")["href"].split("#")[0]
    one = BeautifulSoup((await ds.client.get(link)).text, "html.parser")
    assert len(one.select("section.compared")) == 1
    assert (await ds.client.get("/agreement/nothing")).status_code == 404
    assert (await ds.client.get("/agreement?point=%3Cscript%3E")).status_code == 200


async def test_a_blind_annotator_does_not_see_the_agreement_on_that_debate(ds, places, tokens, step):
    two_passes(places)
    await step("Rex")
    for path in ("/agreement.json", f"/agreement/{DEBATE}.json"):
        assert (await ds.client.get(path, headers=tokens["Rex"])).json() == [], path
    page = (await ds.client.get(f"/agreement/{DEBATE}", headers=tokens["Rex"])).text
    assert "other people’s notes on it are hidden from you" in page
    assert "which office" not in page
