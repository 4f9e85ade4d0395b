"""The pages that check a quotation, and that a quote has to itself."""

from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st

from annotations.beside import beside
from annotations.words import Difference
from tests.conftest import served
from tests.test_site import HOSTILE, check_page

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


async def test_a_verbatim_quotation_is_told_as_that_and_where_it_stands(get):
    page = await soup(get, f"/verify?quote={quote(SAID)}")
    assert page.select_one(".verdict").text.startswith("Verbatim: ")
    assert not page.select("del, ins")
    assert page.select_one(".verified .list a")["href"].startswith("/debate/d-2008-06-22c-101-3#d-2008-06-22c-101-5:~:")


async def test_each_difference_is_marked_and_classed_in_both_texts(get):
    page = await soup(get, f"/verify?quote={quote(MISQUOTED)}&speaker=&date=2008-06-22")
    assert page.select_one(".verdict").text.startswith("Altered (1 word changed): ")
    assert [mark.text for mark in page.select("del, ins")] == ["officer", "official"]
    assert [kind.text for kind in page.select(".kind")] == ["[word]", "[word]"]
    assert "A word changed: the quotation has officer, the record has official" in page.select_one(".differences").text


async def test_the_nearest_passage_is_labelled_as_not_the_quotation(get):
    page = await soup(
        get, f"/verify?quote={quote('forum officials who burnt village lamps at the outset by the score')}"
    )
    assert page.select_one(".verdict").text.startswith("Not found. The nearest passage, which is not the quotation")
    assert "The nearest passage, which is not the quotation" in [h.text for h in page.select("h3")]
    assert not page.select("del, ins")


async def test_without_a_quotation_the_page_says_what_it_does(get):
    page = await soup(get, "/verify")
    assert "Paste the words above" in page.select_one(".empty").text
    assert page.select_one(".bookmarklet")["href"].startswith("javascript:void(location.href='http://localhost/verify?")


async def test_a_program_gets_the_verdict_as_json(get):
    answer = (await get(f"/verify?quote={quote(SAID)}&format=json")).json()
    assert (answer["answer"], answer["passages"][0]["speech_id"]) == ("verbatim", "d-2008-06-22c-101-5")
    assert "quote" in (await get("/verify?format=json", 400)).json()["error"]


@pytest.mark.parametrize("asked", ["quote=%E2%80%A6", "quote=word&date=soon", f"quote={'a' * 8_001}"])
async def test_what_cannot_be_looked_for_is_told(get, asked):
    assert (await soup(get, f"/verify?{asked}", 400)).select_one(".verdict").text.strip()
    assert (await get(f"/verify?{asked}&format=json", 400)).json()["error"]


@pytest.mark.parametrize("key", ["quote", "speaker", "date"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_nothing_typed_comes_back_as_markup(site, key, text):
    asked = {"quote": SAID, key: text}
    response = await site.client.get("/verify?" + "&".join(f"{k}={quote(v, safe='')}" for k, v in asked.items()))
    assert response.status_code in (200, 400)
    assert "<script>alert" not in response.text


async def test_a_host_that_is_none_is_not_written_into_the_bookmarklet(get):
    page = await get("/verify", host="x');alert(1);('")
    assert "alert(1)" not in page.text
    assert "http://127.0.0.1:8001/verify" in page.text


async def test_a_question_that_takes_too_long_is_stopped_and_told(site_db, root):
    settings = {**served(root)["settings"], "sql_time_limit_ms": 0}
    client = Datasette([str(site_db)], **{**served(root), "settings": settings}).client
    page = await client.get("/verify?quote=" + quote("the of and to in a " * 300))
    assert page.status_code == 503
    assert "took too long" in page.text


@given(st.text(max_size=80), st.text(max_size=80))
def test_pieces_are_the_texts_again(quoted, said):
    found = [Difference("word", "a", "b")]
    mine, its = beside(quoted, said, found)
    assert ("".join(piece.words for piece in mine), "".join(piece.words for piece in its)) == (quoted, said)
