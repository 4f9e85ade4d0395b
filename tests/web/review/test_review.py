"""Review: suggestions and changed quotes decided on a page, by forms, by keys and in batches; and taken back."""

import asyncio
import json
import os
import re
from contextlib import closing

import pytest
from bs4 import BeautifulSoup
from datasette.utils.sqlite import sqlite3

from accounts import store
from annotations.suggesters.judged_pairs import read_judged_sentences
from db.journal.entries import read_journal
from tests.support.cli import call_process
from tests.support.rows import read_all_rows
from tests.support.suggestions import suggest_more
from tests.support.visitors import get_session_cookies, read_page


def fields_of(page, selector=".review-form"):
    """What the page's form would send, but for its buttons."""
    form = page.select_one(selector)
    sent = {each["name"]: each.get("value", "") for each in form.select("input[type=hidden], input[checked]")}
    return {**sent, **{each["name"]: each.text for each in form.select("textarea")}}


async def decide(client, cookies, page, **fields):
    return await client.post("/review/decide", data={**fields_of(page), **fields}, cookies=cookies)


def kinds(folder):
    return [entry.kind for entry in read_journal(folder / "journal.db")]


async def test_anybody_may_read_review_pages_and_only_reviewers_have_buttons(client):
    answer = await client.get("/review")
    assert "set-cookie" not in answer.headers
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one(".review-words mark.quote")
    assert not page.select("form[method=post]")
    for name in ("Ada", "Una"):
        assert not (await read_page(client, "/review", await get_session_cookies(client, name))).select(".review-form")


async def test_accepting_makes_an_annotation_and_shows_the_next_suggestion_with_a_message(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review", rex)
    first = fields_of(page)["key"]
    answer = await decide(client, rex, page, verdict="accept", reading="implied", note="So it seems.")
    assert answer.status_code == 303
    after = await read_page(client, answer.headers["location"], rex)
    assert fields_of(after)["key"] != first
    title = page.select_one(".review-choice strong").text
    assert f"Accepted for “{title}”, implied." in after.select_one(".review-told").text
    assert after.select_one(".review-told form[action='/undo'] [name=entry]")["value"].count(" ") == 1
    assert "1 of" in after.select_one(".review-progress").text
    assert "1 by you" in after.select_one(".review-progress").text
    made = read_all_rows(folder, "SELECT reading, note, creator, anchor FROM annotations WHERE origin = 'journal'")
    assert made == [("implied", "So it seems.", "Rex", "exact")]
    assert read_all_rows(folder, "SELECT status, actor FROM decisions") == [("accepted", "Rex")]


async def test_rejecting_keeps_the_reason_and_done_lists_it(client, folder):
    rex = await get_session_cookies(client, "Rex")
    answer = await decide(
        client, rex, await read_page(client, "/review", rex), verdict="reject", reason="Of clerks alone."
    )
    assert answer.status_code == 303
    assert read_all_rows(folder, "SELECT status, reason FROM decisions") == [("rejected", "Of clerks alone.")]
    assert (
        "Of clerks alone." in (await read_page(client, "/review/done?person=Rex&suggester=rules")).select_one("ol").text
    )
    assert "No decision matches" in (await read_page(client, "/review/done?person=Ada")).text


async def test_another_point_rejects_the_suggestion_and_names_what_was_made_instead(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review", rex)
    suggested = page.select_one(".review-choice input")["value"]
    other = next(
        each["value"] for each in page.select("#review-other option[value*='/']") if each["value"] != suggested
    )
    await decide(client, rex, page, reading="said", other=other)
    annotation = read_all_rows(folder, "SELECT id, point_id FROM annotations WHERE origin = 'journal'")
    assert [point for _, point in annotation] == [other]
    found = read_all_rows(
        folder, "SELECT status, annotation_id FROM decisions WHERE reason = ?", f"Another point: {other}"
    )
    assert found == [("rejected", annotation[0][0])]
    assert other not in (await read_page(client, "/review/done")).select_one("ol").text


async def test_the_points_of_a_sentence_are_decided_and_undone_together(client, folder):
    rex = await get_session_cookies(client, "Rex")
    first = fields_of(await read_page(client, "/review", rex))["key"]
    more = suggest_more(folder, first, b=0.99, c=0.3)
    before = (await read_page(client, "/review", rex)).select_one(".review-progress strong").text
    page = await read_page(client, "/review", rex)
    boxes = page.select(".review-choice input")
    assert [each["value"] for each in boxes if each["value"] in more.values()] == [more["b"], more["c"]]
    assert [each["value"] for each in page.select(".review-choice input[checked]")] == [more["b"]]
    assert page.select_one(".review-title").text == "Which of these is it about?"
    suggested = next(each["value"] for each in boxes if each["value"] not in more.values())
    ticked = {"choice-1": more["b"], "choice-2": suggested}
    answer = await decide(client, rex, page, reading="contradicts", **ticked)
    assert kinds(folder) == ["annotate", "annotate", "confirm", "confirm", "reject"]
    made = read_all_rows(folder, "SELECT point_id, reading FROM annotations WHERE origin = 'journal'")
    assert sorted(made) == sorted((point, "contradicts") for point in (more["b"], suggested))
    chosen = "SELECT d.point_id, a.point_id FROM decisions d JOIN annotations a ON a.id = d.annotation_id"
    assert read_all_rows(folder, f"{chosen} WHERE d.status = 'rejected'") == [(more["c"], more["b"])]
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        [judged] = read_judged_sentences(conn)
    assert judged.points == {more["b"]: True, suggested: True, more["c"]: False}
    after = await read_page(client, answer.headers["location"], rex)
    assert "; not for “" in after.select_one(".review-told").text
    assert before.replace("0 of", "1 of") in after.select_one(".review-progress").text
    decided = await read_page(client, f"/review?at={first}", rex)
    assert len(decided.select(".review-decided li")) == 3
    await undo(client, rex, decided, ".review-decided form")
    assert read_all_rows(folder, "SELECT * FROM decisions") == []
    assert read_all_rows(folder, "SELECT * FROM annotations WHERE origin = 'journal'") == []
    page = await read_page(client, "/review", rex)
    await decide(client, rex, page, verdict="reject")
    assert read_all_rows(folder, "SELECT DISTINCT status FROM decisions") == [("rejected",)]
    assert kinds(folder)[-3:] == ["reject"] * 3


async def test_a_form_of_skip_sent_twice_is_taken_back_by_one_undo(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review", rex)
    answers = await asyncio.gather(*(decide(client, rex, page, verdict="skip") for _ in range(2)))
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert kinds(folder) == ["skip"]
    await undo(client, rex, await read_page(client, answers[0].headers["location"], rex))
    assert fields_of(await read_page(client, "/review", rex))["key"] == fields_of(page)["key"]


async def test_undoing_the_note_of_a_suggestion_opens_the_suggestion_again(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review", rex)
    answer = await decide(client, rex, page, reading="said")
    made = read_journal(folder / "journal.db")[0].id
    await client.post("/undo", data={"csrftoken": rex["ds_csrftoken"], "entry": made}, cookies=rex)
    assert kinds(folder) == ["annotate", "confirm", "undo", "undo"]
    assert read_all_rows(folder, "SELECT * FROM decisions") == []
    told = (await read_page(client, answer.headers["location"], rex)).select_one(".review-told").text
    assert told.strip() == "You took that back."


async def test_a_form_whose_suggestion_is_gone_or_noted_meanwhile_keeps_what_was_typed(client, folder):
    rex, ros = await get_session_cookies(client, "Rex"), await get_session_cookies(client, "Ros")
    page = await read_page(client, "/review", rex)
    sent = {**fields_of(page), "reading": "said", "note": "Typed."}
    answer = await client.post("/review/decide", data={**sent, "key": "gone"}, cookies=rex)
    assert answer.status_code == 404
    assert BeautifulSoup(answer.text, "html.parser").select_one("#review-typed").text == "Typed."
    place = "SELECT speech_id, start, end, point_id AS point, exact FROM suggestions WHERE key = ?"
    [(speech, start, end, point, exact)] = read_all_rows(folder, place, sent["key"])
    note = {"speech": speech, "start": start, "end": end, "point": point, "reading": "said", "note": "", "exact": exact}
    headers = {"Accept": "application/json", "X-CSRFToken": ros["ds_csrftoken"]}
    assert (await client.post("/annotate", json=note, cookies=ros, headers=headers)).status_code == 201
    answer = await client.post("/review/decide", data=sent, cookies=rex)
    assert answer.status_code == 409
    assert "Ros has already noted these words on" in answer.text
    batch = {"csrftoken": rex["ds_csrftoken"], "suggester": "rules", "keys": sent["key"], "verdict": "reject"}
    assert (await client.post("/review/batch", data=batch, cookies=rex)).status_code == 409
    assert kinds(folder) == ["annotate"]


async def test_a_skipped_sentence_leaves_that_persons_queue_alone_and_can_be_gone_through(client, folder):
    rex, ros = await get_session_cookies(client, "Rex"), await get_session_cookies(client, "Ros")
    page = await read_page(client, "/review", rex)
    first = fields_of(page)["key"]
    answer = await decide(client, rex, page, verdict="skip")
    after = await read_page(client, answer.headers["location"], rex)
    assert after.select_one(".review-told").text.startswith("Skipped “")
    assert fields_of(await read_page(client, "/review", rex))["key"] != first
    assert fields_of(await read_page(client, "/review", ros))["key"] == first
    skipped = await read_page(client, "/review?skipped=1", rex)
    assert fields_of(skipped)["key"] == first
    assert skipped.select_one(".review-progress").text == "1 sentence that you skipped."
    assert "This is not in the queue" not in skipped.text
    assert "This is not in the queue" in (await read_page(client, f"/review?at={first}", rex)).text
    assert "1 skipped by you" in after.find("main").text
    assert first in str((await read_page(client, "/review/hidden?why=skipped", rex)).select_one("ol"))
    for address in ("/review/done", "/log", "/me"):
        assert "skipped" in (await read_page(client, address, rex)).find("main").text.lower(), address
    await undo(client, rex, after)
    assert fields_of(await read_page(client, "/review", rex))["key"] == first


async def test_accepting_without_a_reading_is_refused_and_loses_nothing_typed(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review", rex)
    assert not page.select("[name=reading][checked]")
    answer = await decide(client, rex, page, verdict="accept", note="Typed.", reason="Too.")
    assert answer.status_code == 400
    again = BeautifulSoup(answer.text, "html.parser")
    assert "Choose a reading" in again.select_one("[role=alert]").text
    assert (fields_of(again)["note"], fields_of(again)["reason"]) == ("Typed.", "Too.")
    headers = {"Accept": "application/json"}
    sent = {**fields_of(page), "verdict": "accept"}
    assert (await client.post("/review/decide", data=sent, cookies=rex, headers=headers)).status_code == 400
    assert kinds(folder) == []


async def test_a_pair_that_a_person_notes_leaves_the_queue_and_hidden_pairs_have_reasons(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review", rex)
    key = fields_of(page)["key"]
    suggest_more(folder, key, b=0.2)
    [(speech, start, end, point)] = read_all_rows(
        folder, "SELECT speech_id, start, end, point_id FROM suggestions WHERE key = ?", key
    )
    headers = {"Accept": "application/json", "X-CSRFToken": rex["ds_csrftoken"]}
    note = {"speech": speech, "start": start, "end": end, "point": point, "reading": "said", "note": "", "exact": ""}
    note["exact"] = fields_of(page)["exact"]
    assert (await client.post("/annotate", json=note, cookies=rex, headers=headers)).status_code in (200, 201)
    assert fields_of(await read_page(client, "/review", rex))["key"] != key
    noted = await read_page(client, "/review/hidden?why=noted", rex)
    assert "Noted by Rex as said" in noted.select_one("ol").text
    assert "already noted by a person" in (await read_page(client, f"/review?at={key}", rex)).find("main").text
    unlikely = await read_page(client, "/review/hidden?why=unlikely", rex)
    assert "20% likely; the queue shows from 50%" in unlikely.find("main").text
    explained = await read_page(client, f"/review/hidden?speech={speech}&of={point}", rex)
    assert "Noted by Rex" in explained.select_one("[aria-label=Explanation]").text
    assert "no such speech" in (await read_page(client, f"/review/hidden?speech=nothing&of={point}")).find("main").text


async def test_the_queue_has_three_orders(client, folder):
    rows = read_all_rows(folder, "SELECT exact, max(score), min(rowid) FROM suggestions GROUP BY exact")
    orders = {"": lambda row: -row[1], "uncertain": lambda row: abs(row[1] - 0.5), "date": lambda row: row[2]}
    for order, measure in orders.items():
        shown = (await read_page(client, f"/review?order={order}")).select_one(".review-words mark.quote").text
        likely = [row for row in rows if row[1] >= 0.5]
        assert any(shown in row[0] and measure(row) == min(map(measure, likely)) for row in likely), order


async def test_a_quote_shortened_by_a_word_is_accepted_as_adjusted(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review", rex)
    step = next(a for a in page.select(".review-step") if a.text == "End a word earlier")
    shorter = await read_page(client, step["href"].partition("#")[0], rex)
    words = fields_of(shorter)["exact"]
    assert fields_of(page)["exact"].startswith(words)
    await decide(client, rex, shorter, reading="said")
    assert read_all_rows(folder, "SELECT exact FROM annotations WHERE origin = 'journal'") == [(words,)]
    assert read_all_rows(folder, "SELECT status, reason FROM decisions") == [("accepted", "Words adjusted")]


async def test_words_that_are_not_in_the_speech_are_refused(client, folder):
    rex = await get_session_cookies(client, "Rex")
    answer = await decide(
        client, rex, await read_page(client, "/review", rex), reading="said", exact="zebra quagga gnu"
    )
    assert answer.status_code == 409
    assert kinds(folder) == []


async def test_a_form_sent_twice_or_by_two_people_at_once_decides_once(client, folder):
    rex, ros = await get_session_cookies(client, "Rex"), await get_session_cookies(client, "Ros")
    pages = [(who, await read_page(client, "/review", who)) for who in (rex, ros)]
    answers = await asyncio.gather(*(decide(client, who, page, reading="said") for who, page in pages * 3))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409, 409, 409]
    assert kinds(folder) == ["annotate", "confirm"]


async def test_visitors_without_the_role_and_forged_forms_decide_nothing(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review", rex)
    for name, status in (("Ada", 403), ("Una", 403)):
        cookies = await get_session_cookies(client, name)
        sent = {**fields_of(page), "csrftoken": cookies["ds_csrftoken"], "verdict": "reject"}
        assert (await client.post("/review/decide", data=sent, cookies=cookies)).status_code == status
    forged = {**fields_of(page), "csrftoken": "x", "verdict": "reject"}
    for address in ("/review/decide", "/review/batch", "/review/mend"):
        assert (await client.post(address, data=forged, cookies=rex)).status_code == 403
        assert (await client.post(address, data=forged)).status_code in (401, 403)
    assert (await client.get("/review/decide", cookies=rex)).status_code == 405
    assert kinds(folder) == []


@pytest.mark.parametrize(
    "query",
    [
        *("at=%00", "at=nothing", "score=nan", "score=x", "score=1e999", "from=9&to=1", "from=-1&to=99999999"),
        *("rule='--", "done=%00", "done=a.b.c", "suggester=%3Cscript%3E", "debate=%F0%9F%90%98", "page=-1"),
        *("page=9999", "point=" + "x" * 5000),
    ],
)
async def test_hostile_values_in_the_address_are_only_data(client, query):
    rex = await get_session_cookies(client, "Rex")
    for path in ("/review", "/review/batch", "/review/done", "/review/changed", "/review/queues", "/review/hidden"):
        page = await read_page(client, f"{path}?{query}", rex)
        assert "<script>" not in str(page.find("main"))


@pytest.mark.parametrize(
    "wrong",
    [{"verdict": "eat"}, {"reading": "sung"}, {"choice-1": "nothing"}, {"key": "nothing"}, {"note": "x" * 20001}],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_a_form_with_invalid_values_is_refused(client, folder, wrong):
    rex = await get_session_cookies(client, "Rex")
    fields = {"verdict": "accept", "reading": "said", **wrong}
    assert (await decide(client, rex, await read_page(client, "/review", rex), **fields)).status_code in (400, 404, 409)
    assert kinds(folder) == []


async def test_a_batch_needs_a_filter_shows_its_list_confirms_and_is_one_transaction(client, folder):
    rex = await get_session_cookies(client, "Rex")
    unfiltered = await read_page(client, "/review/batch", rex)
    assert not unfiltered.select("[name=key]")
    assert unfiltered.select_one(".review-filter[open]")
    page = await read_page(client, "/review/batch?suggester=rules", rex)
    keys = [each["value"] for each in page.select("[name=key]")]
    assert len(keys) > 2
    assert not page.select("[name=key][checked]")
    ticked = await read_page(client, page.find("a", string="Tick all shown")["href"], rex)
    assert [each["value"] for each in ticked.select("[name=key][checked]")] == keys
    chosen = "&".join(f"key={key}" for key in keys[1:])
    sure = await read_page(client, f"/review/batch?suggester=rules&verdict=reject&{chosen}", rex)
    assert f"{len(keys) - 1} suggestions will be rejected" in sure.text
    ros = await get_session_cookies(client, "Ros")
    await decide(client, ros, await read_page(client, f"/review?at={keys[1]}", ros), reading="said")
    headers = {"Accept": "application/json"}
    sent = {**fields_of(sure), "verdict": "reject"}
    answer = await client.post("/review/batch", data=sent, cookies=rex, headers=headers)
    assert answer.json()["left_out"] == 1
    assert len(answer.json()["entries"]) == len(keys) - 2
    assert read_all_rows(folder, "SELECT count(*) FROM decisions WHERE status = 'rejected'") == [(len(keys) - 2,)]
    told = await read_page(client, "/review?suggester=rules&left=1&done=" + answer.json()["entries"][0], rex)
    assert "1 suggestion was left out" in told.text
    again = await client.post("/review/batch", data=sent, cookies=rex)
    assert again.status_code == 409
    everything = await client.post("/review/batch", data={**sent, "suggester": ""}, cookies=rex)
    assert everything.status_code == 400


async def undo(client, cookies, page, selector=".review-undo"):
    return await client.post("/undo", data=fields_of(page, selector), cookies=cookies)


async def accept_batch(client, cookies):
    """Accept all that the rules suggest, as said."""
    page = await read_page(client, "/review/batch?suggester=rules", cookies)
    keys = " ".join(each["value"] for each in page.select("[name=key]"))
    sent = {"csrftoken": cookies["ds_csrftoken"], "suggester": "rules", "keys": keys}
    return await client.post("/review/batch", data={**sent, "verdict": "accept", "reading": "said"}, cookies=cookies)


async def test_undo_takes_a_decision_back_with_its_annotation_and_a_batch_as_a_whole(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review", rex)
    answer = await decide(client, rex, page, reading="said")
    assert (await undo(client, rex, await read_page(client, answer.headers["location"], rex))).status_code == 303
    assert read_all_rows(folder, "SELECT count(*) FROM annotations WHERE origin = 'journal'") == [(0,)]
    assert read_all_rows(folder, "SELECT count(*) FROM decisions") == [(0,)]
    answer = await accept_batch(client, rex)
    done = await read_page(client, answer.headers["location"], rex)
    assert done.select(".review-told form"), done.find("main")
    assert (await undo(client, rex, done)).status_code == 303
    assert read_all_rows(folder, "SELECT count(*) FROM decisions") == [(0,)]
    assert "(undone)" in (await read_page(client, "/review/done")).text
    assert not (await read_page(client, answer.headers["location"], rex)).select(".review-told form")


async def test_a_decided_suggestion_names_the_reviewer_who_alone_may_undo_it(client):
    rex, ros = await get_session_cookies(client, "Rex"), await get_session_cookies(client, "Ros")
    page = await read_page(client, "/review", rex)
    key = fields_of(page)["key"]
    await decide(client, rex, page, reading="said")
    assert (await read_page(client, f"/review?at={key}", rex)).select(".review-decided form")
    theirs = (await read_page(client, f"/review?at={key}", ros)).select_one(".review-decided")
    assert re.search("Accepted for “.*” by Rex", theirs.text)
    assert not theirs.select("form")


async def test_a_lost_quote_of_a_file_is_repaired_with_words_of_the_speech(client, folder):
    rex = await get_session_cookies(client, "Rex")
    page = await read_page(client, "/review/changed", rex)
    assert "words that nobody ever said" in page.text
    sent = fields_of(page)
    wrong = {**sent, "verb": "repair", "exact": "nor these zebras"}
    assert (await client.post("/review/mend", data=wrong, cookies=rex)).status_code == 409
    sentence = page.select("[name=sentence] option")[1]["value"]
    right = {**sent, "verb": "repair", "exact": "", "sentence": sentence}
    answer = await client.post("/review/mend", data=right, cookies=rex)
    assert answer.status_code == 303
    assert read_all_rows(folder, "SELECT anchor, exact FROM annotations WHERE id = 'lost-1'") == [("exact", sentence)]
    after = await read_page(client, answer.headers["location"], rex)
    assert "Every quote matches the record" in after.text
    assert (await undo(client, rex, after)).status_code == 303
    assert read_all_rows(folder, "SELECT anchor FROM annotations WHERE id = 'lost-1'") == [("lost",)]


async def test_a_changed_wording_is_confirmed_only_as_it_was_seen(client, folder):
    rex = await get_session_cookies(client, "Rex")
    speech, exact = read_all_rows(folder, "SELECT speech_id, exact FROM annotations WHERE id = 'specimen-1'")[0]
    now = " ".join(["another", *exact.split()[1:]])
    with closing(sqlite3.connect(folder / "statements.db")) as conn, conn:
        conn.execute("UPDATE speeches SET text = replace(text, ?, ?) WHERE id = ?", (exact, now, speech))
        conn.execute("DELETE FROM annotation_history")
    load = call_process("annotations", "load", "--again", "--db-dir", folder, QUOTES=os.environ["QUOTES"])
    assert load.returncode in (0, 1), load.stderr
    page = await read_page(client, "/review/changed?at=specimen-1", rex)
    assert page.select_one(".wordings del")
    sent = {**fields_of(page), "verb": "confirm"}
    assert (await client.post("/review/mend", data={**sent, "seen": "x"}, cookies=rex)).status_code == 409
    assert (await client.post("/review/mend", data=sent, cookies=rex)).status_code == 303
    assert read_all_rows(folder, "SELECT confirmed_by, anchor FROM annotations WHERE id = 'specimen-1'") == [
        ("Rex", "exact")
    ]


async def test_the_page_says_that_everything_is_decided(client, folder):
    rex = await get_session_cookies(client, "Rex")
    answer = await accept_batch(client, rex)
    assert answer.status_code == 303
    assert "are decided." in (await read_page(client, answer.headers["location"], rex)).text
    with closing(sqlite3.connect(folder / "statements.db")) as conn, conn:
        conn.execute("DELETE FROM suggestions")
    assert "There are no suggestions yet" in (await read_page(client, "/review")).text


@pytest.mark.parametrize(
    "harm", ["\ud800", "a\0b", "'); DROP TABLE suggestions; --", None, [], {"a": 1}, 1e400, "x" * 70_000]
)
async def test_hostile_values_from_a_program_are_answered_with_a_sentence(client, folder, harm):
    with store.open_accounts(folder / "accounts.db") as conn:
        by = {"Authorization": f"Bearer {store.make_token(conn, 'Rex', 0)}"}
    decided = {"key": "0" * 64, "verdict": "reject", "reason": "No.", "note": "", "from": "", "point": ""}
    several = {"suggester": "rules", "verdict": "reject", "keys": "0" * 64, "reason": "No.", "reading": "said"}
    for path, fields in (("/review/decide", decided), ("/review/batch", several)):
        for name in fields:
            body = json.dumps({**fields, name: harm})
            answer = await client.post(path, content=body, headers={**by, "Content-Type": "application/json"})
            assert answer.status_code in (400, 404, 409), (path, name)
            assert answer.json()["error"].endswith("."), (path, name)
    answer = await client.post(path, content="[" * 5000, headers={**by, "Content-Type": "application/json"})
    assert answer.status_code == 400
