"""Harm in every field that can be written: it is never more than words, in no answer, page, feed, file or browser."""

import csv
import io
import json

import feedparser
import pytest
from bs4 import BeautifulSoup

from accounts import store
from db.journal.entries import read_journal
from tests.support.browser import choose_pages, serving, sign_in, watch_pages
from tests.support.visitors import get_session_cookies, read_page
from web.api.write_endpoints import WRITE_ENDPOINTS

pytestmark = pytest.mark.slow

HARM = (
    "=1+1\"'><x-harm onclick=alert(1)><script>alert(1)</script><img src=//harm.example/x onerror=alert(1)>"
    "<svg onload=alert(1)> [a](javascript:alert(1)) ![b](//harm.example/y) &lt;script&gt; "
    "{{ 7 * 7 }} </textarea></title>"
)
SPEECH, DEBATE, POINT = "d-2008-06-22c-101-5", "d-2008-06-22c-101-3", "participation-online/be-credible"
WORDS = {"exact": "at the outset", "point": POINT, "reading": "said", "note": "Why."}
FILM = {"source": "https://media.example/1.webm", "start": "10", "end": "20", "annotation": "", "note": "Seen."}
REVIEW = ("version", "rule", "document", "debate", "score")
PAGES = [
    *(
        "/",
        f"/debate/{DEBATE}",
        f"/debate/{DEBATE}?notes=end",
        f"/speech/{SPEECH}",
        f"/guidance/{POINT}",
        "/coverage",
    ),
    *("/log", "/review", "/review/done", "/review/changed", "/agreement", "/feeds", "/timeline", "/people", "/verify"),
    *(f"/speech/{SPEECH}/moment", f"/annotate?speech={SPEECH}", "/statements/annotations", "/statements/replies"),
    *("/statements/moments", "/statements/annotation_history", "/statements/decisions"),
]
FILES = [
    *(
        "/feeds/annotations.atom",
        "/feeds/log.atom",
        "/log.json",
        "/coverage.csv",
        "/annotations/",
        "/annotations/?page=0",
        "/points.json",
    ),
    *("/agreement.json", "/agreement.csv", "/statements/annotations.csv", "/statements/annotations.json"),
]


def forms(own, reply, moment, key):
    """Each address that takes a form, with fields that it takes."""
    return {
        "/annotate": {"speech": SPEECH, **WORDS, "prefix": "", "suffix": "", "start": "", "end": ""},
        f"/q/{own}/edit": {**WORDS, "prefix": "", "suffix": "", "start": "", "end": "", "note": "Otherwise."},
        f"/q/{own}/reply": {"stance": "agrees", "text": "So it is."},
        f"/reply/{reply}/edit": {"stance": "disputes", "text": "So it is not.", "seen": ""},
        f"/reply/{reply}/withdraw": {"reason": "Read again."},
        f"/reply/{reply}/restore": {"reason": "And again."},
        "/q/specimen-2/withdraw": {"reason": "Read again."},
        "/q/specimen-2/restore": {"reason": "And again."},
        f"/q/{own}/withdraw": {"reason": "Read again."},
        f"/q/{own}/restore": {"reason": "And again."},
        "/undo": {"entry": "0" * 26, "to": "/log"},
        f"/speech/{SPEECH}/moment": FILM,
        f"/moment/{moment}/withdraw": {"reason": "Wrong film."},
        f"/moment/{moment}/restore": {"reason": "Right film."},
        "/debate/d-2008-06-22c-106-1/blind": {"step": "leave"},
        "/review/decide": {"key": key, "verdict": "accept", "reading": "said", "note": "Yes.", "choice": ""}
        | {"exact": "", "other": "", "from": "", "to": "", "suggester": "", "point": "", **dict.fromkeys(REVIEW, "")},
        "/review/batch": {"suggester": "rules", "verdict": "reject", "keys": key, "reason": "No.", "point": ""}
        | {"reading": "said", "note": "", **dict.fromkeys(REVIEW, "")},
        "/review/mend": {"annotation": "lost-1", "verb": "repair", "exact": "at the outset", "reason": "There."}
        | {"seen": "", "sentence": "", "target": "", "prefix": "", "suffix": ""},
    }  # fmt: skip


@pytest.fixture
async def written(client, folder):
    """The cookies of a reviewer, and every form with what it needs: an annotation, a reply and a moment of theirs."""
    rex = await get_session_cookies(client, "Rex")
    token, asks = {"csrftoken": rex["ds_csrftoken"]}, {"Accept": "application/json"}
    sent = {"speech": SPEECH, **WORDS, **token}
    made = (await client.post("/annotate", data=sent, cookies=rex, headers=asks)).json()
    film = (await client.post(f"/speech/{SPEECH}/moment", data={**FILM, **token}, cookies=rex, headers=asks)).json()
    answer = {"stance": "agrees", "text": "So it is.", **token}
    reply = (await client.post(f"/q/{made['id']}/reply", data=answer, cookies=rex, headers=asks)).json()
    key = (await read_page(client, "/review")).select_one("[name=key]")
    shown = await read_page(client, "/review/batch?suggester=rules", rex)
    key = key or shown.select_one("[name=key]")
    return rex, forms(made["id"], reply["id"], film["id"], key["value"])


def harmless(text, kind):
    """Nothing in an answer does anything, whatever was written."""
    if "html" in kind:
        page = BeautifulSoup(text, "lxml")
        assert page.select("x-harm, svg[onload], img[onerror], img[src*=harm]") == []
        assert [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)] == []
        assert [tag for tag in page.find_all("script") if not tag.get("src", "").startswith(("/static/", "/-/static/"))
                and tag.get("type") not in ("application/json", "application/ld+json")] == []  # fmt: skip
        for tag in page.select(":is([href], [src], [action], [formaction]):not(a.bookmarklet)"):
            for name in ("href", "src", "action", "formaction"):
                assert not tag.get(name, "").strip().lower().startswith(("javascript:", "data:", "//")), tag
        assert "49" not in [tag.text.strip() for tag in page.find_all(True)]
    elif "atom" in kind:
        for entry in feedparser.parse(text, sanitize_html=False).entries:
            for content in entry.get("content", []):
                harmless(content.value, "html")
    elif "csv" in kind:
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@＝＋－＠"))] == []
    elif "json" in kind:
        json.loads(text)


async def test_hostile_text_in_any_form_field_is_escaped(client, written, folder):
    rex, every = written
    for path, fields in every.items():
        for name in fields:
            sent = {**fields, name: HARM, "csrftoken": rex["ds_csrftoken"]}
            answer = await client.post(path, data=sent, cookies=rex)
            assert answer.status_code < 500, (path, name)
            harmless(answer.text, answer.headers["content-type"])
            if answer.status_code == 303:
                onward = answer.headers["location"]
                assert onward.startswith("/"), (path, name)
                assert not onward.startswith(("//", "/\\")), (path, name)
                shown = await client.get(onward, cookies=rex)
                harmless(shown.text, shown.headers["content-type"])
    said = [entry for entry in read_journal(folder / "journal.db") if "x-harm" in json.dumps(entry.payload)]
    assert {entry.kind for entry in said} >= {"annotate", "edit", "reply", "withdraw", "restore", "moment"}
    assert {entry.kind for entry in said if "reply" in entry.payload} == {"edit", "withdraw", "restore"}
    assert "x-harm" in (await client.get("/feeds/log.atom")).text
    for path in [*PAGES, *FILES, *(f"/q/{entry.payload['id']}" for entry in said if entry.kind == "annotate")]:
        for asker in ({}, rex):
            answer = await client.get(path, cookies=asker)
            harmless(answer.text, answer.headers["content-type"])


async def test_hostile_text_in_a_posted_annotation_is_escaped(client, folder):
    with store.open_accounts(folder / "accounts.db") as conn:
        by = {"Authorization": f"Bearer {store.make_token(conn, 'Rex', 0)}", "Content-Type": "application/ld+json"}
    node = (await client.get("/annotations/specimen-1")).json()
    body, target = node["body"], node["target"]
    words = [{**each, "value": HARM} if "value" in each else each for each in body]
    selected = [{**each, "exact": HARM} if "exact" in each else each for each in target["selector"]]
    base = {key: node[key] for key in ("@context", "type", "motivation")}
    for changes in (
        {"body": [body[0], body[1], {**body[1], "value": HARM, "purpose": "commenting"}]},
        {"body": words},
        {"target": {**target, "selector": selected}},
        {"target": {**target, "source": HARM, "dc:identifier": HARM}},
        {"via": HARM},
        {"id": HARM},
        {"creator": {"name": HARM}},
        {"canonical": HARM},
        {"motivation": HARM},
        {"type": HARM},
    ):
        sent = json.dumps({**base, "body": body, "target": target, **changes})
        answer = await client.post("/annotations/", content=sent, headers=by)
        assert answer.status_code in (201, 422), (changes, answer.text)
        json.loads(answer.text)
    for path in (*PAGES, *FILES):
        answer = await client.get(path)
        harmless(answer.text, answer.headers["content-type"])


async def test_no_form_of_another_site_writes_anything(client, written, folder):
    rex, every = written
    before = read_journal(folder / "journal.db")
    for path, fields in every.items():
        for token in ({}, {"csrftoken": "x"}, {"csrftoken": ""}):
            answer = await client.post(path, data={**fields, **token}, cookies=rex)
            assert answer.status_code == 403, path
    assert read_journal(folder / "journal.db") == before


async def test_every_write_endpoint_is_tested_here(written):
    _, every = written
    tried = {path.split("/")[1] + "/" + path.rpartition("/")[2] for path in every}
    for one in WRITE_ENDPOINTS:
        name = one.path.split("/")[1] + "/" + one.path.rpartition("/")[2]
        assert name in tried or one.path.startswith("/annotations/"), one.path


def test_nothing_that_was_written_runs_in_a_browser(browser, folder):
    with serving(folder / "statements.db") as address, watch_pages(browser, address) as new_page:
        page = new_page()
        sign_in(page, "Rex", f"/annotate?speech={SPEECH}&exact=at+the+outset&point={POINT}&reading=said")
        page.get_by_label("Your note").fill(HARM)
        with page.expect_navigation():
            page.get_by_role("button", name="Save").click()
        quote = page.url.partition("?")[0]
        page.goto(f"{quote}/reply")
        page.locator("textarea[name=text]").fill(HARM)
        with page.expect_navigation():
            page.locator("main form button").last.click()
        page.goto(f"/speech/{SPEECH}/moment?source={FILM['source']}&start=10")
        page.locator("[name=note]").fill(HARM)
        with page.expect_navigation():
            page.locator("main form button").last.click()
        for path in (*choose_pages(PAGES, "light"), quote):  # all of them are read in process above
            page.goto(path)
            assert page.locator("x-harm").count() == 0
