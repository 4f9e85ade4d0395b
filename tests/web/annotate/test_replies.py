"""Replies that are moderated: withdrawn and restored by who made them or a reviewer, changed by who made them."""

from contextlib import closing

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from datasette.utils.sqlite import sqlite3

from annotations.__main__ import cli
from db.journal.entries import read_journal
from tests.support.note_forms import make_note

WORDS = "Nobody ever said so, and you know it."


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
async def replied(ada, visitor):
    """The page of an annotation of Ada's, and a reply of Bea's to it; the visitors by name."""
    here, bea = await make_note(ada), await visitor("Bea")
    answer = await bea.send(f"{here}/reply", {"stance": "disputes", "text": WORDS})
    return here, answer.headers["location"].rpartition("#")[2], ada, bea, await visitor("Rex")


async def test_a_reviewer_withdraws_a_reply_with_a_reason_that_all_may_read_and_brings_it_back(replied, client, folder):
    here, id, author, bea, rex = replied
    form = soup(await rex.get(here)).select_one(f"form[action='/reply/{id}/withdraw']")
    assert form.select_one("[name=reason]").has_attr("required")
    assert not soup(await author.get(here)).select(f"form[action^='/reply/{id}/']")
    assert (await author.send(f"/reply/{id}/withdraw", {"reason": "x"})).status_code == 403
    assert (await rex.send(f"/reply/{id}/withdraw", {})).status_code == 400
    done = await rex.send(f"/reply/{id}/withdraw", {"reason": "It attacks a person."})
    assert done.headers["location"].startswith(f"{here}?did=")
    assert done.headers["location"].endswith(f"#{id}")
    stood = soup(await client.get(here)).find(id=id)
    assert "A reply by Bea was withdrawn by Rex," in stood.text
    assert "It attacks a person." in stood.text
    for path in (here, "/log", "/log.json", "/statements/replies", "/statements/annotation_history", "/annotations/",
                 "/guidance/participation-online/be-credible", "/debate/d-2008-06-22c-101-3"):  # fmt: skip
        shown = await client.get(path)
        assert shown.status_code == 200
        assert WORDS not in shown.text, path
    assert WORDS in read_journal(folder / "journal.db")[1].payload["text"]
    [log] = (await client.get("/log.json?moderation=1")).json()["entries"]
    told = {key: log[key] for key in ("actor", "summary", "reason", "reply_id", "moderates")}
    assert told == {"actor": "Rex", "summary": "withdrew the reply of Bea (It attacks a person.)", "moderates": True,
                    "reason": "It attacks a person.", "reply_id": id}  # fmt: skip
    about = (await client.get(f"/log.json?annotation={here.rpartition('/')[2]}")).json()
    assert [each["kind"] for each in about["entries"]] == ["withdraw", "reply", "annotate"]
    assert (await client.get(f"/log.json?entry={log['id']}")).json() == {"entries": [log], "total": 1, "next": None}
    assert soup(await client.get(f"/log?entry={log['id']}")).find(id=log["id"])
    assert "It attacks a person." in (await client.get("/feeds/log.atom")).text
    assert (await bea.send(f"/reply/{id}/restore", {})).status_code == 403
    assert (await bea.send(f"/reply/{id}/edit", {"text": "x"})).status_code == 409
    reply = read_journal(folder / "journal.db")[1].id
    assert (await bea.send("/undo", {"entry": reply})).status_code == 409
    assert (await rex.send(f"/reply/{id}/restore", {"reason": "It does not."})).status_code == 303
    assert WORDS in (await client.get(here)).text
    assert WORDS in (await client.get("/log")).text


async def test_the_author_of_a_reply_changes_withdraws_restores_and_undoes_it(replied, folder):
    here, id, _, bea, rex = replied
    page = soup(await bea.get(here)).find(id=id)
    assert page.select_one(f"a[href='/reply/{id}/edit']")
    form = soup(await bea.get(f"/reply/{id}/edit"))
    assert form.select_one("textarea").text.strip() == WORDS
    seen = form.select_one("[name=seen]")["value"]
    assert (await bea.send(f"/reply/{id}/edit", {"stance": "disputes", "text": ""})).status_code == 400
    done = await bea.send(f"/reply/{id}/edit", {"stance": "agrees", "text": "So it is.", "seen": seen})
    assert done.status_code == 303
    assert "So it is." in soup(await bea.get(here)).find(id=id).text
    late = await bea.send(f"/reply/{id}/edit", {"stance": "agrees", "text": "No!", "seen": seen})
    assert late.status_code == 409
    assert "So it is." in late.text
    assert soup(late).select_one("textarea").text.strip() == "No!"
    assert (await rex.send(f"/reply/{id}/edit", {"text": "x"})).status_code == 403
    for what, words in (("withdraw", False), ("withdraw", False), ("restore", True)):
        assert (await bea.send(f"/reply/{id}/{what}", {})).status_code == 303
        assert ("So it is." in soup(await rex.get(here)).select_one(".replies").text) == words
    last = read_journal(folder / "journal.db")[-1]
    assert (last.kind, last.payload) == ("restore", {"reply": id})
    assert (await bea.send("/undo", {"entry": last.id})).headers["location"].startswith(here)
    assert "was withdrawn by Bea" in soup(await rex.get(here)).find(id=id).text


async def test_withdrawn_replies_count_on_neither_side(replied, client):
    _, id, _, bea, _ = replied
    debate = "/debate/d-2008-06-22c-101-3"
    assert "1 disputes: Bea" in (await client.get(debate)).text
    await bea.send(f"/reply/{id}/withdraw", {})
    shown = (await client.get(debate)).text
    assert "disputes: Bea" not in shown
    assert "A reply by Bea was withdrawn." in shown
    disputed = (await client.get("/statements/disputed_readings.json?_shape=array")).json()
    assert "Bea" not in {row["disputed_by"] for row in disputed}


async def test_the_command_line_withdraws_a_reply_and_brings_it_back(replied, folder, specimens):
    _, id, *_ = replied
    told = ("--db-dir", str(folder), "--actor", "Rex", "--quotes", str(specimens / "quotes"))
    call = CliRunner().invoke
    assert call(cli, ["withdraw", id, "--reply", "--reason", "Read again.", *told]).exit_code == 0
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        assert conn.execute("SELECT status, text FROM replies WHERE id = ?", (id,)).fetchall() == [("withdrawn", "")]
    assert call(cli, ["restore", id, "--reply", *told]).exit_code == 0
    assert "no reply nothing" in str(call(cli, ["withdraw", "nothing", "--reply", *told]).exception)
    kinds = [(entry.kind, entry.payload.get("reply")) for entry in read_journal(folder / "journal.db")]
    assert kinds[2:] == [("withdraw", id), ("restore", id)]
