"""The pages that check a quotation, and that a quote has to itself."""

import json
import re
import sqlite3
from urllib.parse import quote

import jsonschema
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange import csv_format
from annotations.text.quote_diff import Difference
from tests.support.markup import HOSTILE
from tests.support.page_checks import check_page
from tests.support.sites import open_site
from web.http.negotiation import choose_form
from web.rendering.citation_formats import Citation, write_bibtex, write_csl, write_ris
from web.verify.side_by_side import divide_side_by_side, show_cut_words
from web.verify.view import MOON

LABELS = ["Quotation to check", "Speaker (optional)", "Date (optional)"]
SAID = "that the official say at the outset who he or she is"
MISQUOTED = "that the officer say at the outset who he or she is"


@pytest.fixture
def get(site):
    async def get(path, status=200, **headers):
        response = await site.client.get(path, headers=headers)
        assert response.status_code == status, f"{path}: {response.status_code}: {response.text[:300]}"
        return response

    return get


async def soup(get, path, status=200):
    page = BeautifulSoup((await get(path, status)).text, "html.parser")
    check_page(page, path)
    return page


# --- verify


async def test_a_verbatim_quotation_is_recognised_and_located(get):
    page = await soup(get, f"/verify?quote={quote(SAID)}")
    assert page.select_one(".verdict").text.startswith("Verbatim: ")
    assert page.select(".tone-verbatim svg")
    assert not page.select("del, ins")
    assert page.select_one("main a[href='/people/990002']")
    assert "HC Deb 22 June 2008, col 101 (Dorothea Quillfeather)" in page.select_one(".cited").text
    assert page.select_one("[data-copy^='http://localhost/verify?quote=that+the+official']")
    assert page.select_one("details.check:not([open]) form")
    assert page.select_one(".verified .list a")["href"].startswith("/debate/d-2008-06-22c-101-3#d-2008-06-22c-101-5:~:")


async def test_each_difference_is_marked_and_classed_in_both_texts(get):
    page = await soup(get, f"/verify?quote={quote(MISQUOTED)}&speaker=&date=2008-06-22")
    assert page.select_one(".verdict").text.startswith("Altered: “officer” for “official” (1 word changed): ")
    assert [mark.text for mark in page.select("del, ins")] == ["officer", "official"]
    assert page.select_one(".verified > div")["class"] == ["tone-altered"]
    assert "A word changed: the quotation has officer, the record has official" in page.select_one(".differences").text


def test_words_cut_before_a_quotation_are_shown_in_the_record():
    page_pieces = []
    for quoted, cut in (("going there", "not going"), ("Going there", "I am not going")):
        found = [Difference("cut", quoted.split()[0], cut, "substance")]
        said = show_cut_words("going there today", found)
        page_pieces.append([tuple(piece) for piece in divide_side_by_side(quoted, said, found)[1][:1]])
    assert page_pieces == [[("not", "cut")], [("I am not", "cut")]]
    ending = Difference("cut", "there", "there, if I can", "substance")
    assert show_cut_words("going there", [ending]) == "going there, if I can"
    assert show_cut_words("going there", [ending._replace(grade="surface")]) == "going there"


async def test_a_closest_match_is_labelled_as_not_the_same_words(get):
    near = "that the clerk tells at the gate who he or she was and which house he serves"
    page = await soup(get, f"/verify?quote={quote(near)}")
    assert page.select_one(".verdict").text.startswith("Not found. Closest match (not the same words): Dorothea")
    assert "Closest match (not the same words)" in [h.text for h in page.select("h3")]
    assert page.select(".tone-missing svg")
    assert not page.select("del, ins")


async def test_words_that_are_not_like_any_name_no_one(get):
    page = await soup(get, f"/verify?quote={quote(MOON)}")
    assert page.select_one(".verdict").text == "Not found: nothing in this archive is close to it."
    assert not page.select(".verified .list")
    assert (await get(f"/verify?quote={quote(MOON)}&format=json")).json()["passages"] == []


async def test_without_a_quotation_the_page_says_what_it_does(get):
    page = await soup(get, "/verify")
    assert "Paste a quotation" in page.select_one(".lead").text
    assert [label.text for label in page.select("form label[for]")][-3:] == LABELS
    tried = [(await soup(get, a["href"])).select_one(".verdict strong").text for a in page.select("main p > a")[:3]]
    assert tried == ["Verbatim", "Altered", "Not found"]
    assert page.select_one(".bookmarklet")["href"].startswith("javascript:void(location.href='http://localhost/verify?")


async def test_a_program_gets_the_verdict_as_json(get):
    answer = (await get(f"/verify?quote={quote(SAID)}&format=json")).json()
    assert (answer["answer"], answer["passages"][0]["speech_id"]) == ("verbatim", "d-2008-06-22c-101-5")
    assert (await get(f"/verify.json?quote={quote(SAID)}")).json() == answer
    assert "quote" in (await get("/verify.json", 400)).json()["error"]


ANSWERED = [  # what is asked, the answer
    (f"quote={quote(SAID)}", "verbatim"),
    (f"quote={quote(SAID.replace('the outset', '… outset'))}&speaker=Nobody+Known", "altered"),
    (f"quote={quote(MISQUOTED)}&date=2008-06-22", "altered"),
    ("quote=zyzzyva+quux&date=1999-01-01", "not held"),
    ("quote=zyzzyva+quux+of+the+village", "not found"),
    ("quote=the+official", "too short"),
]


@pytest.mark.parametrize(("asked", "answer"), ANSWERED)
async def test_every_verdict_has_the_published_schema(get, asked, answer):
    described = (await get("/api/openapi.json")).json()
    reading = described["paths"]["/verify.json"]["get"]["responses"]["200"]["content"]["application/json"]
    schema = {**reading["schema"], "components": described["components"]}
    verdict = (await get(f"/verify?{asked}&format=json")).json()
    jsonschema.Draft202012Validator(schema).validate(verdict)
    assert verdict["answer"] == answer


async def test_a_speaker_who_is_not_known_is_named_as_not_checked(get):
    asked = f"/verify?quote={quote(SAID)}&speaker=Lord+Nobody+of+Larrow"
    told = (await soup(get, asked)).select_one(".verdict").text
    verdict = (await get(f"{asked}&format=json")).json()
    assert told == verdict["sentence"]
    assert verdict["speaker_not_checked"] == "Lord Nobody of Larrow"
    assert told.startswith("Verbatim: ")
    assert "Attributed to Lord Nobody of Larrow: speaker not checked" in told


@pytest.mark.parametrize("asked", ["quote=%E2%80%A6", "quote=word&date=soon", f"quote={'a' * 8_001}"])
async def test_an_invalid_question_is_answered_with_the_reason(get, asked):
    assert (await soup(get, f"/verify?{asked}", 400)).select_one(".verdict").text.strip()
    assert (await get(f"/verify?{asked}&format=json", 400)).json()["error"]


@pytest.mark.parametrize("key", ["quote", "speaker", "date"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_nothing_typed_comes_back_as_markup(site, key, text):
    asked = {"quote": SAID, key: text}
    response = await site.client.get("/verify?" + "&".join(f"{k}={quote(v, safe='')}" for k, v in asked.items()))
    assert response.status_code in (200, 400)
    assert "<script>alert" not in response.text


async def test_an_invalid_host_is_not_written_into_the_bookmarklet(get):
    page = await get("/verify", host="x');alert(1);('")
    assert "alert(1)" not in page.text
    assert "http://127.0.0.1:8001/verify" in page.text


async def test_a_slow_verification_is_stopped_with_a_message(site_db, root):
    client = open_site(site_db, sql_time_limit_ms=0).client
    page = await client.get("/verify?quote=" + quote("the of and to in a " * 300))
    assert page.status_code == 503
    assert "took too long" in page.text


@given(st.text(max_size=80), st.text(max_size=80))
def test_pieces_join_to_the_original_texts(quoted, said):
    found = [Difference("word", "a", "b")]
    mine, its = divide_side_by_side(quoted, said, found)
    assert ("".join(piece.words for piece in mine), "".join(piece.words for piece in its)) == (quoted, said)


# --- a quote by itself


async def test_every_quote_has_a_page_and_is_linked_from_its_note_and_its_point(get, site_db):
    with sqlite3.connect(site_db) as conn:
        found = conn.execute(
            "SELECT a.id, a.anchor, point_id, debate_id FROM annotations a LEFT JOIN speeches s ON s.id = speech_id"
        ).fetchall()
    for id, anchor, point, debate in found:
        page = await soup(get, f"/q/{id}")
        assert bool(page.select("blockquote mark.quote")) == (anchor in ("exact", "moved")), id
        assert f'href="/q/{id}"' in (await get(f"/guidance/{point}")).text
        assert anchor == "lost" or f'href="/q/{id}"' in (await get(f"/debate/{debate}")).text


async def test_a_quote_is_marked_in_its_sentence_and_its_paragraph_with_proof_and_ways_on(get):
    page = await soup(get, "/q/specimen-1")
    words = "that the official say at the outset who he or she is and which office he or she serves"
    assert "".join(mark.text for mark in page.select("blockquote mark")) == words
    assert "".join(mark.text for mark in page.select(".words mark")) == words
    assert "Matches Hansard word for word" in page.main.text
    assert page.select_one(".quote-disputed").text == "disputed by B. Specimen"
    cited = {line.dt.text: line.select_one(".citation").text for line in page.select(".cite-lines div")}
    assert cited["OSCOLA"] == "HC Deb 22 June 2008, col 101 (Dorothea Quillfeather)"
    assert [a["href"] for a in page.select(".cite-files a")] == [
        f"/q/specimen-1.{form}" for form in ("bib", "ris", "json", "txt", "csv", "jsonld")
    ]
    assert [a["href"] for a in page.select("a[href*=':~:text=']")]
    assert page.find(id="specimen-1-r1").strong.text == "Disputes:"


async def test_a_lost_quote_is_not_shown_or_cited_as_the_speaker_s(get):
    page = await soup(get, "/q/lost-1")
    assert not page.select("blockquote")
    assert "Words no longer found" in page.main.text
    for form in ("bib", "ris", "json", "txt"):
        assert "nobody ever said" not in (await get(f"/q/lost-1.{form}")).text


async def test_a_changed_quote_shows_both_wordings_and_never_the_new_one_as_said(changed_site):
    page = BeautifulSoup((await changed_site.get("/q/specimen-1")).text, "html.parser")
    assert not page.select("blockquote")
    assert (page.select_one(".wordings del").text, page.select_one(".wordings ins").text) == ("outset", "start")
    assert "start" not in (await changed_site.get("/q/specimen-1.bib")).text


async def test_a_withdrawn_quote_is_gone_and_says_so(changed_site):
    for path in ("/q/specimen-3", "/q/specimen-3.jsonld"):
        response = await changed_site.get(path)
        assert response.status_code == 410
        assert "was withdrawn" in response.text
        assert "that it be civil" not in response.text


async def test_the_history_of_a_quote_is_on_its_page(changed_site):
    assert "Bo Reader: withdrew it" in (await changed_site.get("/q/specimen-3")).text


@pytest.fixture
def changed_site(site_db, tmp_path, root):
    """The site where one quote's words have changed, and another is withdrawn."""
    copy = tmp_path / "statements.db"
    copy.write_bytes(site_db.read_bytes())
    with sqlite3.connect(copy) as conn:
        conn.execute("UPDATE annotations SET anchor = 'changed', exact = 'at the start' WHERE id = 'specimen-1'")
        difference = json.dumps([["same", "at the"], ["gone", "outset"], ["new", "start"]])
        repair = ("specimen-1", "changed", "at the outset", "at the start", difference, "alike", "Look at it.")
        conn.execute("INSERT INTO repair_list VALUES (?, ?, ?, ?, ?, ?, ?)", repair)
        conn.execute("UPDATE annotations SET status = 'withdrawn' WHERE id = 'specimen-3'")
        event = ("1", "2026-11-23T10:00:00Z", "Bo Reader", "withdraw", "specimen-3", "withdrew it")
        conn.execute("INSERT INTO annotation_history VALUES (?, ?, ?, ?, ?, ?, 0, '', NULL, NULL, 1, '', '')", event)
    return open_site(copy).client


async def test_a_reply_id_redirects_to_its_annotation_and_an_unknown_id_is_missing(get):
    assert (await get("/q/specimen-1-r1", 301)).headers["location"] == "/q/specimen-1#specimen-1-r1"
    for path in ("/q/nothing", "/q/%2e%2e%2fetc", "/q/%00"):
        check_page(BeautifulSoup((await get(path, 404)).text, "html.parser"), path)
    assert (await get("/q/nothing.bib", 404)).headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_no_address_of_a_quote_is_an_error(site, text):
    response = await site.client.get(f"/q/{quote(text, safe='')}")
    assert response.status_code == 404
    assert "<script>alert" not in response.text


async def test_a_program_that_asks_for_json_ld_gets_the_annotation(get):
    by_accept = await get("/q/specimen-1", accept="application/ld+json")
    by_name = await get("/q/specimen-1.jsonld")
    assert by_accept.json() == by_name.json()
    assert by_name.json()["id"] == "http://localhost/annotations/specimen-1"
    assert by_accept.headers["content-location"] == "/q/specimen-1.jsonld"
    page = await get("/q/specimen-1", accept="text/html,application/xhtml+xml,*/*;q=0.8")
    for response in (by_accept, page):
        assert "Accept" in response.headers["vary"]
    assert page.headers["content-type"].startswith("text/html")


async def test_a_quote_is_cited_for_each_program(get):
    item = (await get("/q/specimen-1.json")).json()[0]
    assert item["issued"] == {"date-parts": [[2008, 6, 22]]}
    assert (await get("/q/specimen-1.ris")).text.startswith("TY  - HEAR\r\nID  - specimen-1\r\nAU  - ")
    row, *_ = csv_format.read_items((await get("/q/specimen-1.csv")).content)
    assert row.annotation.id == "specimen-1"
    bibtex = (await get("/q/specimen-1.bib")).text
    assert bibtex.startswith("@misc{dispatch-box-specimen-1,\n")
    assert "howpublished = {HC Deb 22 June 2008 c101}" in bibtex
    assert (await get("/q/specimen-1.txt")).text.startswith("“that the official say")


TEXTS = st.text(max_size=40) | st.sampled_from(["{", "}\\end", "a\nER  - \nTY  - X", "\\input{/etc/passwd}", "%", "~^"])
CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "type"],
        "additionalProperties": False,
        "properties": {
            **{key: {"type": "string"} for key in ("id", "title", "container-title", "publisher", "jurisdiction")},
            **{key: {"type": "string"} for key in ("volume", "page", "note", "URL", "source", "language")},
            "type": {"const": "speech"},
            "author": {
                "type": "array",
                "items": {"properties": {"literal": {"type": "string"}}, "additionalProperties": False},
            },
            "issued": {
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "maxItems": 2,
                        "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
                    }
                },
                "additionalProperties": False,
            },
        },
    },
}  # the rules of csl-data.json for the fields that are written


@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["2008-06-18", "2008-06", "2008"]))
def test_nothing_in_a_quote_can_end_its_field(speaker, title, words, date):
    one = Citation(
        *("a b}", "quote", speaker, title, date, "HC Deb", "", "929", words),
        *("https://h.org/q/{#a_b", "https://official.example/{"),
    )
    depth = 0
    for character in write_bibtex(one):  # as BibTeX counts: a backslash does not spare a brace
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert "url = {https://h.org/q/%7B#a_b}" in write_bibtex(one)
    assert "UR  - https://h.org/q/{#a_b\r\nL2  - https://official.example/{\r\n" in write_ris(one)
    assert [json.loads(write_csl(one))[0][key] for key in ("URL", "source")] == [one.url, one.official]
    lines = write_ris(one).split("\r\n")
    assert [line[:6] for line in lines].count("ER  - ") == 1
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) and "\n" not in line for line in lines[:-1])
    jsonschema.validate(json.loads(write_csl(one)), CSL)


async def test_a_quote_that_is_hostile_is_never_markup(site_db, tmp_path, root):
    copy = tmp_path / "statements.db"
    copy.write_bytes(site_db.read_bytes())
    script = '"><script>alert(1)</script>'
    with sqlite3.connect(copy) as conn:
        conn.execute("UPDATE annotations SET note = :s, evidence = :s, creator = :s, quote = :s", {"s": script})
        conn.execute("UPDATE replies SET text = :s, creator = :s", {"s": script})
        conn.execute("UPDATE debates SET title = :s", {"s": script})
        conn.execute("UPDATE speeches SET speaker = :s, hansard_url = 'javascript:alert(1)'", {"s": script})
    client = open_site(copy).client
    for path in ("/q/specimen-1", "/q/lost-1", f"/verify?quote={quote(SAID)}"):
        text = (await client.get(path)).text
        assert "<script>alert" not in text
        assert "javascript:alert" not in "".join(re.findall(r'href="[^"]*"', text))


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        ("", "a/b"),
        ("*/*", "a/b"),
        ("c/d", "c/d"),
        ("a/b;q=0.2, c/d;q=0.3", "c/d"),
        ("a/*;q=0, */*", "c/d"),
        ("e/f", None),
        ("a/b;q=0", None),
        ('a/b; profile="x"', "a/b"),
        (";;,,q=", None),
    ],
)
def test_the_preferred_media_type_is_chosen(accept, best):
    assert choose_form(accept, ("a/b", "c/d")) == best


@given(st.text(max_size=60))
def test_no_accept_header_is_an_error(accept):
    assert choose_form(accept, ("a/b", "c/d")) in ("a/b", "c/d", None)


async def test_a_contact_for_reports_is_shown_if_it_is_configured(site, site_db, root):
    assert "Tell whoever runs this site" not in (await site.client.get("/q/specimen-1")).text
    contact = {"plugins": {"dispatch-box": {"contact": "mailto:desk@dispatch-box.example"}}}
    answer = await open_site(site_db, metadata=contact).client.get("/q/specimen-1")
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.find("a", string="Tell whoever runs this site")["href"] == "mailto:desk@dispatch-box.example"
