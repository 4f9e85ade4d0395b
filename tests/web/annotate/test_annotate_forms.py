"""Annotating by plain forms: the usual path, every mistake, what a hostile visitor sends, and who may do what."""

import json
import re
import sqlite3
from asyncio import gather
from contextlib import closing
from threading import Barrier

import pytest
from bs4 import BeautifulSoup
from datasette.utils.sqlite import sqlite3 as datasette_sqlite3

from annotations.commands import journal_writer as writer
from db.journal.entries import append_entries, make_new_id, open_journal, read_journal
from tests.support.journal_drafts import annotate
from tests.support.note_forms import GOOD, POINT, SPEECH, WORDS, make_note
from web.rendering.markdown import render_markdown

TWICE = "d-2008-06-22c-103-3"
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[press](javascript:alert(1))",
    "[press](java&#115;cript:alert(1))",
    "[press](\tjavascript:alert(1))",
    "<javascript:alert(1)>",
    "[press](data:text/html;base64,PHNjcmlwdD4=)",
    "[press](//evil.example)",
    "![x](https://evil.example/x.png)",
    "<svg onload=alert(1)><style>*{display:none}</style></svg>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '[a](https://a.example/" onmouseover="alert(1))',
    "<p style='position:fixed'>x</p>",
    "[x]: javascript:alert(1)\n\n[x]",
    '"><script>alert(1)</script>',
    "</textarea><script>alert(1)</script>",
]


def entries(folder):
    return read_journal(folder / "journal.db")


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


async def test_the_form_shows_the_speech_by_sentences_and_every_point_by_document(ada):
    page = soup(await ada.get(f"/annotate?speech={SPEECH}"))
    assert len(page.select(".spoken button")) > 3
    assert [group["label"] for group in page.select("optgroup")][:1]
    assert {each["value"] for each in page.select("[name=reading]")} == {"said", "implied", "contradicts"}
    assert not page.select(".problem")


async def test_an_address_fills_the_form_and_shows_the_paraphrase_and_the_words_found(ada):
    page = soup(await ada.get(f"/annotate?speech={SPEECH}&exact=that+it++be+civil&point={POINT}&reading=said&note=*n*"))
    assert page.select_one("#exact").text.strip() == WORDS
    assert page.select_one(".around mark").text == WORDS
    assert page.select_one(".paraphrase").text.strip()
    assert page.select_one("option[selected]")["value"] == POINT
    assert page.select_one(".prose em").text == "n"


async def test_an_annotation_is_entered_shown_and_undone_and_the_undo_too(ada, folder):
    response = await ada.send("/annotate", GOOD)
    assert response.status_code == 303
    page = await ada.get(response.headers["location"])
    assert page.status_code == 200
    assert "Annotated." in soup(page).select_one("[role=status]").text
    for status in (410, 200):
        undo = soup(page).select_one("main form[action='/undo']")
        response = await ada.send("/undo", {"entry": undo.select_one("[name=entry]")["value"]})
        page = await ada.get(response.headers["location"])
        assert page.status_code == status
        assert "Undone." in soup(page).select_one("[role=status]").text
    assert [entry.kind for entry in entries(folder)] == ["annotate", "undo", "undo"]


async def test_a_program_annotates_and_gets_every_mistake(client, tokens, folder):
    response = await client.post("/annotate", json=GOOD, headers=tokens["Ada"])
    answer = response.json()
    assert response.status_code == 201
    assert answer == {**answer, "ok": True, "shown": True, "address": f"/q/{answer['id']}"}
    assert entries(folder)[0].id == answer["entry"]
    wrong = await client.post("/annotate", json={**GOOD, "point": "no/such", "reading": "x"}, headers=tokens["Ada"])
    assert wrong.status_code == 400
    assert set(wrong.json()) == {"ok", "error"}
    lost = await client.post("/annotate", json={**GOOD, "exact": "zebra quagga"}, headers=tokens["Ada"])
    assert lost.status_code == 409
    nowhere = await client.post("/annotate", json={**GOOD, "speech": "no-such"}, headers=tokens["Ada"])
    assert nowhere.status_code == 404


@pytest.mark.parametrize(
    ("fields", "field", "status"),
    [
        ({"exact": ""}, "exact", 400),
        ({"exact": "words never said by anybody"}, "exact", 409),
        ({"exact": "x" * 20001}, "exact", 409),
        ({"exact": WORDS, "start": "-4", "end": "x"}, "exact", 409),
        ({"point": ""}, "point", 400),
        ({"point": "../../etc/passwd"}, "point", 400),
        ({"reading": ""}, "reading", 400),
        ({"reading": "' OR 1=1"}, "reading", 400),
        ({"note": "x" * 20001}, "note", 400),
    ],
)
async def test_a_mistake_is_shown_at_its_field_and_the_form_stays_filled(ada, folder, fields, field, status):
    response = await ada.send("/annotate", {**GOOD, **fields})
    page, sent = soup(response), {**GOOD, **fields}
    assert response.status_code == status
    at = page.select_one(f"#{field}")
    assert at["aria-invalid"] == "true"
    assert f"{field}-wrong" in at["aria-describedby"].split()
    assert page.select_one(f"#{field}-wrong").text.endswith(".")
    assert page.select_one(f".mistakes[autofocus] a[href='#{field}']")
    assert page.select_one("#note").text.strip() == sent["note"]
    assert page.select_one("#exact").text.strip() == sent["exact"]
    assert entries(folder) == []


async def test_words_in_several_places_are_offered_to_choose_from(ada, folder):
    fields = {**GOOD, "speech": TWICE, "exact": "That is how it should be done."}
    response = await ada.send("/annotate", fields)
    places = [each["value"] for each in soup(response).select("[name=place]")]
    assert response.status_code == 409
    assert len(places) == 2
    response = await ada.send("/annotate", {**fields, "place": places[1]})
    assert response.status_code == 303
    assert entries(folder)[0].payload["selector"]["start"] == int(places[1].partition("-")[0])


async def test_a_quote_inside_longer_words_is_widened_at_its_place_and_offered_without_one(ada, folder):
    typed = await ada.send("/annotate", {**GOOD, "exact": "t it be civ"})
    [place] = [each["value"] for each in soup(typed).select("[name=place]")]
    assert typed.status_code == 409
    start, end = map(int, place.split("-"))
    chosen = {**GOOD, "exact": "", "start": str(start + 3), "end": str(end - 2)}
    shown = soup(await ada.send("/annotate", {**chosen, "look": "1", "note": "n" * 9000}))
    assert "widened to whole words" in shown.text
    assert (await ada.send("/annotate", chosen)).status_code == 303
    assert entries(folder)[0].payload["selector"]["exact"] == WORDS


async def test_pressing_a_sentence_sets_the_words_and_keeps_the_other_fields(ada):
    page = soup(await ada.get(f"/annotate?speech={SPEECH}"))
    sentence = page.select(".spoken button")[1]
    response = await ada.send("/annotate", {**GOOD, "exact": "", "take": sentence["value"]})
    page = soup(await ada.get(response.headers["location"].partition("#")[0]))
    assert page.select_one("#exact").text.strip() == sentence.text
    assert page.select_one("#note").text.strip() == GOOD["note"]
    assert page.select_one("[name=start]")["value"] == sentence["value"].partition("-")[0]
    long = await ada.send("/annotate", {**GOOD, "note": "n" * 9000, "look": "1"})
    assert long.status_code == 200
    assert soup(long).select_one("#note").text.strip() == "n" * 9000


async def test_quotes_over_paragraphs_nested_and_overlapping_are_entered(ada, folder, ds):
    across = "which office he or she serves.\r\n\r\nThey leave the civil service code"
    for exact in (
        across,
        "office he or she serves",
        "that it be civil, and that the official say",
        "“that it be civil”",
    ):
        await make_note(ada, exact=exact.strip("“”"))
    response = await ada.get("/debate/d-2008-06-22c-101-3")
    assert response.status_code == 200
    assert all(entry.payload["selector"]["start"] is not None for entry in entries(folder))


async def test_the_same_form_twice_makes_one_annotation_and_with_other_words_is_refused(ada, folder):
    id = make_new_id()
    addresses = {await make_note(ada, id=id) for _ in range(2)}
    assert addresses == {f"/q/{id}"}
    assert len(entries(folder)) == 1
    other = await ada.send("/annotate", {**GOOD, "id": id, "note": "Other."})
    assert other.status_code == 409
    assert soup(other).select_one("#note").text.strip() == "Other."
    assert soup(other).select_one("#annotation [name=id]")["value"] != id


async def test_signing_in_leads_back_to_the_filled_form(client, folder):
    response = await client.get(f"/annotate?speech={SPEECH}&point=a%26b")
    assert response.status_code == 303
    assert response.headers["location"].startswith("/sign-in?to=%2Fannotate%3Fspeech%3D")
    page = await client.get("/sign-in")
    token = soup(page).select_one("[name=csrftoken]")["value"]
    sent = await client.post("/annotate", data={**GOOD, "csrftoken": token}, cookies=dict(page.cookies))
    assert "note%3DSo" in sent.headers["location"]
    for path in ("/q/specimen-1/edit", "/q/specimen-1/reply"):
        assert (await client.get(path)).headers["location"].startswith("/sign-in?to=%2Fq%2Fspecimen-1")
    assert entries(folder) == []


async def test_a_reader_gets_the_reason_and_sees_no_link(visitor):
    una = await visitor("Una")
    assert (await una.get(f"/annotate?speech={SPEECH}")).status_code == 403
    assert (await una.send("/annotate", GOOD)).status_code == 403
    assert (await una.get("/q/specimen-1/reply")).status_code == 403
    assert "/annotate?speech" not in (await una.get(f"/speech/{SPEECH}")).text
    assert not soup(await una.get("/q/specimen-1")).select(".acts")


async def test_links_to_annotate_are_shown_only_to_annotators(ada, client):
    for path in (f"/speech/{SPEECH}", "/debate/d-2008-06-22c-101-3", "/q/specimen-1"):
        assert f"/annotate?speech={SPEECH}" in (await ada.get(path)).text, path
        assert "/annotate?speech" not in (await client.get(path)).text, path


@pytest.mark.parametrize("token", [None, "", "x", "another's"])
async def test_a_form_without_its_token_does_nothing(ada, visitor, folder, token):
    here = await make_note(ada)
    other = (await visitor("Bea")).cookies["ds_csrftoken"]
    sent = {} if token is None else {"csrftoken": other if token == "another's" else token}
    entry = entries(folder)[0].id
    for path in ("/annotate", "/undo", *(f"{here}/{each}" for each in ("edit", "withdraw", "restore", "reply"))):
        fields = {**GOOD, "entry": entry, "stance": "agrees", "text": "x", **sent}
        assert (await ada.client.post(path, data=fields, cookies=ada.cookies)).status_code == 403, path
    assert len(entries(folder)) == 1


async def test_an_annotation_is_changed_by_its_maker_alone(ada, visitor, folder):
    here = await make_note(ada)
    bea = await visitor("Bea")
    assert (await bea.get(f"{here}/edit")).status_code == 403
    assert (await bea.send(f"{here}/edit", {"note": "Mine."})).status_code == 403
    assert (await ada.get("/q/specimen-1/edit")).status_code == 403
    page = soup(await ada.get(f"{here}/edit"))
    assert page.select_one("#exact").text.strip() == WORDS
    response = await ada.send(f"{here}/edit", {"note": "Better.", "exact": "that it be fair", "reading": "implied"})
    assert response.headers["location"].startswith(f"{here}?did=")
    shown = await ada.get(here)
    assert "Better." in shown.text
    assert soup(shown).select_one("blockquote mark").text == "that it be fair"
    assert set(entries(folder)[-1].payload) == {"annotation", "note", "selector", "reading"}
    assert (await ada.send(f"{here}/edit", {"note": "Better."})).headers["location"] == here
    assert len(entries(folder)) == 2
    wrong = await ada.send(f"{here}/edit", {"exact": "never said", "note": "Kept."})
    assert wrong.status_code == 409
    assert soup(wrong).select_one("#note").text.strip() == "Kept."


async def test_a_withdrawn_note_is_gone_in_every_form(ada):
    here = await make_note(ada)
    assert (await ada.send(f"{here}/withdraw", {})).status_code == 303
    forms = {"": "text/html", ".json": "application/json", ".jsonld": "application/json", ".bib": "text/plain"}
    for ending, media in forms.items():
        answer = await ada.get(f"{here}{ending}")
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (410, media)


async def test_a_note_that_is_not_loaded_yet_is_never_missing(ada, client, tokens, folder):
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        conn.execute("PRAGMA application_id = 1")  # as while it is loaded
    made = await client.post("/annotate", json={**GOOD}, headers=tokens["Ada"])
    assert (made.status_code, made.json()["shown"]) == (201, False)
    id = made.json()["id"]
    for path in (f"/q/{id}", f"/q/{id}.json", f"/q/{id}/edit", f"/q/{id}/reply", f"/annotations/{id}"):
        answer = await ada.get(path)
        assert (answer.status_code, answer.headers.get("retry-after")) == (503, "10"), path
        assert "It is in the journal" in answer.text
    assert (await ada.get(f"/q/{id}?as_of=2009")).status_code in (404, 503)
    assert (await ada.get("/q/nothing")).status_code == 404


async def test_two_windows_do_not_overwrite_each_other(ada, folder):
    here = await make_note(ada)
    seen = soup(await ada.get(f"{here}/edit")).select_one("[name=seen]")["value"]
    assert (await ada.send(f"{here}/edit", {"note": "First.", "seen": seen})).status_code == 303
    second = await ada.send(f"{here}/edit", {"note": "Second.", "seen": seen})
    assert second.status_code == 409
    page = soup(second)
    assert (page.select_one("#note").text.strip(), page.select_one(".as-it-is .prose").text) == ("Second.", "First.")
    again = soup(second).select_one("[name=seen]")["value"]
    assert (await ada.send(f"{here}/edit", {"note": "Second.", "seen": again})).status_code == 303


async def test_of_two_simultaneous_edits_one_gets_a_conflict_and_its_form_back(ada, folder, monkeypatch):
    here = await make_note(ada)
    seen = soup(await ada.get(f"{here}/edit")).select_one("[name=seen]")["value"]
    together, enter = Barrier(2), writer.enter_drafts
    monkeypatch.setattr(writer, "enter_drafts", lambda *given: (together.wait(60), enter(*given))[1])
    told = await gather(*(ada.send(f"{here}/edit", {"note": note, "seen": seen}) for note in ("One.", "Two.")))
    late, first = sorted(told, key=lambda each: each.status_code, reverse=True)
    assert (late.status_code, first.status_code) == (409, 303)
    page = soup(late)
    notes = {page.select_one("#note").text.strip(), page.select_one(".as-it-is .prose").text.strip()}
    assert notes == {"One.", "Two."}
    assert len(entries(folder)) == 2


async def test_withdrawing_is_for_its_maker_or_with_a_reason_for_a_reviewer(ada, visitor, folder):
    here = await make_note(ada)
    bea, rex = await visitor("Bea"), await visitor("Rex")
    assert (await bea.send(f"{here}/withdraw", {"reason": "No."})).status_code == 403
    assert (await rex.send(f"{here}/withdraw", {})).status_code == 400
    assert (await rex.send(f"{here}/withdraw", {"reason": "Names a person."})).status_code == 303
    page = await ada.get(here)
    assert page.status_code == 410
    assert "Names a person." in page.text
    assert not soup(page).select(f"form[action='{here}/restore']")
    assert (await ada.send(f"{here}/restore", {})).status_code == 403
    assert (await ada.send(f"{here}/edit", {"note": "x"})).status_code == 409
    assert (await ada.send(f"{here}/reply", {"stance": "agrees", "text": "x"})).status_code == 409
    assert (await rex.send(f"{here}/restore", {"reason": "It does not."})).status_code == 303
    for what, status in (("withdraw", 410), ("withdraw", 410), ("restore", 200)):
        assert (await ada.send(f"{here}/{what}", {})).status_code == 303
        assert (await ada.get(here)).status_code == status
    assert len(entries(folder)) == 5


async def test_a_reply_is_entered_once_and_its_mistakes_are_shown(ada, visitor, folder):
    bea, id = await visitor("Bea"), make_new_id()
    here = await make_note(ada)
    for fields, field in (({"text": "No."}, "stance"), ({"stance": "agrees"}, "text"), ({"text": "x" * 20001}, "text")):
        wrong = await bea.send(f"{here}/reply", fields)
        assert wrong.status_code == 400
        assert soup(wrong).select_one(f"#{field}.problem, #{field}[aria-invalid=true]")
    for _ in range(2):
        response = await bea.send(f"{here}/reply", {"id": id, "stance": "disputes", "text": "Not *so*.\n\nNor so."})
        assert response.headers["location"].endswith(f"#{id}")
    reply = soup(await bea.get(here)).select_one(".replies li")
    assert [each.text for each in reply.select(".prose p")] == ["Not so.", "Nor so."]
    assert len(entries(folder)) == 2
    assert (await bea.send("/undo", {"entry": entries(folder)[0].id})).status_code == 403
    assert (await ada.send("/undo", {"entry": entries(folder)[0].id})).status_code == 409
    assert (await bea.send("/undo", {"entry": entries(folder)[1].id})).headers["location"].startswith(here)
    assert not soup(await bea.get(here)).select(".replies li")


async def test_several_entries_are_undone_together_once_or_not_at_all(ada, folder, client, tokens):
    await make_note(ada)
    await make_note(ada, exact="that it be fair")
    ids = [entry.id for entry in entries(folder)]
    assert (await ada.send("/undo", {"entry": f"{ids[0]} 01ZZZZZZZZZZZZZZZZZZZZZZZZ"})).status_code == 404
    assert (await ada.send("/undo", {"entry": ""})).status_code == 400
    assert (await ada.send("/undo", {"entry": "x " * 3000})).status_code == 404
    for evil in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert "evil" not in (await ada.send("/undo", {"entry": ids[0], "to": evil})).headers["location"]
    answer = (await client.post("/undo", json={"entry": " ".join(ids)}, headers=tokens["Ada"])).json()
    assert len(answer["entries"]) == 1
    assert (await ada.send("/undo", {"entry": ids[1], "to": "/review"})).headers["location"] == "/review"
    assert len(entries(folder)) == 4


async def test_hostile_notes_and_replies_are_escaped_on_every_page_and_in_the_feed(ada):
    quotes = {await make_note(ada, note=evil): evil for evil in HOSTILE}
    assert len(quotes) == len(HOSTILE)
    debate = "/debate/d-2008-06-22c-101-3"
    pages = [debate, f"{debate}?notes=end", f"/speech/{SPEECH}", f"/guidance/{POINT}"]
    texts = []
    for here, evil in quotes.items():
        await ada.send(f"{here}/reply", {"stance": "disputes", "text": evil})
        pages += [here, f"{here}/edit", f"{here}/reply"]
        refused = await ada.send("/annotate", dict.fromkeys(GOOD, evil) | {"speech": SPEECH, "id": evil, "seen": evil})
        assert refused.status_code == 400, evil
        texts.append(refused.text)
    feed = BeautifulSoup((await ada.get("/feeds/annotations.atom")).text, "xml").find_all("entry")
    for here in quotes:
        texts.append(next(each.content.text for each in feed if here.removeprefix("/q/") in each.id.text))
    for text in (*texts, *[(await ada.get(path)).text for path in pages]):
        harmless(BeautifulSoup(text, "html.parser"))


def harmless(page):
    scripts = [each for each in page.find_all("script") if each.get("type") != "application/ld+json"]
    assert not [each for each in scripts if not (each.get("src") or "").startswith("/static/")]
    assert not page.select("img, style, main svg, .prose h1, .prose p[style], iframe")
    for element in page.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")], element
        href = (element.get("href") or "").strip().lower()
        assert not href.startswith(("javascript:", "data:", "vbscript:", "//")), element
    for link in page.select(".prose a"):
        assert link["href"].startswith(("http://", "https://"))
        assert set(link["rel"]) == {"nofollow", "noopener", "ugc"}


def test_markdown_is_what_the_page_says_and_nothing_more():
    html = render_markdown(
        "One *two* **three** `four`\nfive\n\n> six\n\n- seven\n\n[eight](https://example.org/)\n\n# nine"
    )
    assert {tag.name for tag in BeautifulSoup(html, "html.parser").find_all(True)} == {
        *("p", "em", "strong", "code", "br", "blockquote", "ul", "li", "a")
    }
    assert "# nine" in html


@pytest.mark.parametrize("text", ["[" * 20000, "*a " * 6000, "> " * 9000 + "x", "`" * 20000, "- " * 9000])
def test_a_note_made_to_take_long_is_still_written(text):
    assert len(render_markdown(text)) < 500_000


async def test_offsets_count_code_points_with_astral_and_combining_characters(ada, folder):
    text = "A \U0001f3f4 e\u0301tude \U0001d49c. Be civil \U0001f600 to all. Then rest."
    with closing(datasette_sqlite3.connect(folder / "statements.db")) as conn, conn:
        conn.execute("UPDATE speeches SET text = ?, markup = '' WHERE id = ?", (text, SPEECH))
    words = "Be civil \U0001f600 to all."
    start = text.index(words)
    await make_note(ada, exact="", start=start, end=start + len(words))
    await make_note(ada, exact="e\u0301tude \U0001d49c")
    found = [entry.payload["selector"] for entry in entries(folder)]
    assert [text[each["start"] : each["end"]] for each in found] == [words, "e\u0301tude \U0001d49c"]
    page = soup(await ada.get(f"/annotate?speech={SPEECH}"))
    assert page.select(".spoken button")[1]["value"] == f"{start}-{start + len(words)}"


async def test_a_speech_that_changed_since_the_form_was_opened_is_reported(ada, folder):
    mark = soup(await ada.get(f"/annotate?speech={SPEECH}")).select_one("[name=mark]")["value"]
    with closing(datasette_sqlite3.connect(folder / "statements.db")) as conn, conn:
        conn.execute("UPDATE speeches SET text = 'Wholly other words.', markup = '' WHERE id = ?", (SPEECH,))
    response = await ada.send("/annotate", {**GOOD, "mark": mark})
    assert response.status_code == 409
    assert "changed since you opened" in soup(response).select_one("#exact-wrong").text


@pytest.mark.parametrize(
    "body",
    [
        {**GOOD, "note": ["x"]},
        {**GOOD, "exact": {"a": 1}},
        {**GOOD, "start": 1.5, "end": 2},
        {**GOOD, "reading": None},
        {"speech": 5},
        {**GOOD, "exact": "\ud800", "point": "\ud800"},
        {},
    ],
)
async def test_json_of_another_shape_is_refused_in_a_sentence(client, tokens, folder, body):
    content = json.dumps(body)
    headers = {**tokens["Ada"], "Content-Type": "application/json"}
    response = await client.post("/annotate", content=content, headers=headers)
    assert response.status_code in (400, 404, 409)
    assert re.fullmatch(r"[A-Z].*\.", response.json()["error"], re.DOTALL)
    assert entries(folder) == []


async def test_control_characters_never_reach_the_journal(ada, folder):
    await make_note(ada, note="a\x00b\x1b[31m\r\nc\x85")
    assert entries(folder)[0].payload["note"] == "ab[31m\nc"


async def test_entries_that_statements_db_cannot_show_yet_are_in_the_journal_and_reported(ada, folder, monkeypatch):
    monkeypatch.setattr("annotations.commands.journal_writer.refresh_file", lambda *_: False)
    response = await ada.send("/annotate", GOOD)
    page = await ada.get(response.headers["location"])
    assert len(entries(folder)) == 1
    assert "It is in the journal" in soup(page).select_one("main").text


async def test_pages_with_a_visitors_own_buttons_are_not_cached(ada):
    here = await make_note(ada)
    for path in (here, f"{here}/edit", f"/annotate?speech={SPEECH}", "/q/specimen-1/reply", f"/speech/{SPEECH}"):
        assert (await ada.get(path)).headers["cache-control"] == "private, no-store", path


async def test_a_reader_finds_an_entry_whose_writer_was_killed_before_it_was_shown(client, folder, monkeypatch):
    monkeypatch.setattr("web.middleware.missed_entries.LONGEST_WAIT", 60)
    with closing(open_journal(folder / "journal.db")) as journal:
        append_entries(journal, [annotate("missed")])
    assert (await client.get("/q/missed")).status_code == 200
