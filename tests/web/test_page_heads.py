"""The head of every kind of page: description, canonical address, OpenGraph, JSON-LD, and what is not to be indexed."""

import io
import json
import re
import sqlite3
import struct

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from pyld import jsonld

from tests.support.sites import open_site
from web.http.pages import ServerBusy
from web.quotes.card import (
    CHANGED,
    MOST_WAITING,
    RIGHT,
    SIZE,
    TOO_LONG,
    CardPress,
    CardText,
    draw_card,
    make_card_text,
)
from web.quotes.card_words import cut_words
from web.rendering.page_head import MAX_DESCRIPTION

BASE = "https://site.example/box"
DEBATE, SPEECH = "/debate/d-2008-06-22c-101-3", "/speech/d-2008-06-22c-101-5"
POINT = "/guidance/participation-online/be-credible"
INDEXED = {  # page, and the types of its JSON-LD besides the crumbs
    "/": ["WebSite", "Dataset"],
    DEBATE: ["Article"],
    SPEECH: ["Article"],
    "/q/specimen-1": ["Quotation"],
    "/q/lost-1": [],
    "/people/990002": ["ProfilePage"],
    "/guidance/participation-online": [["DefinedTermSet", "CreativeWork"]],
    POINT: ["DefinedTerm"],
    **{
        path: [] for path in ("/debates", "/guidance", "/coverage", "/timeline", "/people", "/verify", "/feeds", "/api")
    },
}
NOT_INDEXED = (
    *("/search?q=forum", "/verify?quote=it", "/sign-in", "/log", "/review", f"{DEBATE}?as_of=2008-12-31", "/nothing"),
    "/debate/nothing",
)


def read_head(html):
    return BeautifulSoup(html, "html.parser").head


def find_content(head, name):
    tag = head.find("meta", attrs={"name": name}) or head.find("meta", property=name)
    return tag and tag["content"]


@pytest.fixture
def public(site, monkeypatch):
    """A client of the site that knows its public address."""
    monkeypatch.setenv("BASE_URL", BASE)
    return site.client


async def test_every_kind_of_page_describes_itself_to_search_engines_and_other_sites(public):
    described = set()
    for path, types in INDEXED.items():
        head = read_head((await public.get(path)).text)
        url = BASE + path
        assert [link["href"] for link in head.find_all("link", rel="canonical")] == [url]
        assert (find_content(head, "og:url"), find_content(head, "robots")) == (url, None), path
        assert find_content(head, "og:site_name") == "Dispatch Box"
        assert find_content(head, "og:title") in head.title.text
        about = find_content(head, "description")
        assert about == find_content(head, "og:description")
        assert 40 <= len(about) <= MAX_DESCRIPTION, (path, about)
        described.add(about)
        assert find_content(head, "og:type") in ("website", "article", "profile")
        assert find_content(head, "twitter:card") == "summary_large_image"
        image = find_content(head, "og:image")
        assert (
            image == f"{BASE}/q/specimen-1.png"
            if path == "/q/specimen-1"
            else image.startswith(f"{BASE}/static/card.png?")
        )
        script = head.find("script", type="application/ld+json")
        graph = json.loads(script.string)["@graph"] if script else []
        assert [node["@type"] for node in graph if node["@type"] != "BreadcrumbList"] == types, path
        assert not re.search(r'"(?:url|item)": ?"(?!https?://)', script.string if script else ""), path
    assert len(described) == len(INDEXED)


async def test_json_ld_is_read_by_a_processor_and_by_nothing_else(public, site_db, tmp_path):
    head = read_head((await public.get("/q/specimen-1")).text)
    data = json.loads(head.find("script", type="application/ld+json").string)
    data["@context"] = {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "item": {"@type": "@id"}}
    nodes = jsonld.expand(data)
    assert {f"https://schema.org/{name}" for name in ("Quotation", "BreadcrumbList")} <= {n["@type"][0] for n in nodes}
    copy = tmp_path / "statements.db"
    copy.write_bytes(site_db.read_bytes())
    hostile = "</script><!--<script>alert(1)</script>\u2028&'\""
    with sqlite3.connect(copy) as conn:
        conn.execute("UPDATE debates SET title = ?", (hostile,))
        conn.execute("UPDATE speeches SET speaker = ?", (hostile,))
    for path in (DEBATE, "/q/specimen-1"):
        text = (await open_site(copy).client.get(path)).text
        assert "<script>alert" not in text
        assert "<!--" not in text
        names = json.dumps(json.loads(read_head(text).find("script", type="application/ld+json").string))
        assert json.dumps(hostile)[1:-1] in names


async def test_what_is_not_to_be_indexed_says_so_and_display_parameters_are_not_canonical(public, site, monkeypatch):
    for path in NOT_INDEXED:
        assert find_content(read_head((await public.get(path)).text), "robots") == "noindex", path
    for path, canonical in (
        (f"{DEBATE}?notes=off&as_of=2008-12-31", DEBATE),
        ("/debates?house=commons&page=1&notes=x", "/debates?house=commons"),
        ("/coverage?by=month", "/coverage"),
    ):
        head = read_head((await public.get(path)).text)
        assert head.find("link", rel="canonical")["href"] == BASE + canonical
    monkeypatch.delenv("BASE_URL")
    head = read_head((await site.client.get(DEBATE, headers={"host": "elsewhere.example"})).text)
    assert head.find("link", rel="canonical")["href"] == DEBATE
    assert (find_content(head, "og:url"), find_content(head, "og:image")) == (None, None)
    assert "elsewhere.example" not in str(head)


async def test_a_quote_has_a_card_and_a_withdrawn_or_changed_one_shows_no_words(site, site_db, tmp_path):
    answer = await site.client.get("/q/specimen-1.png")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
    assert len(answer.content) < 100_000
    again = await site.client.get("/q/specimen-1.png?x=1", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert (await site.client.get("/q/nothing.png")).status_code == 404
    copy = tmp_path / "statements.db"
    copy.write_bytes(site_db.read_bytes())
    with sqlite3.connect(copy) as conn:
        conn.execute("UPDATE annotations SET status = 'withdrawn' WHERE id = 'specimen-3'")
    assert (await open_site(copy).client.get("/q/specimen-3.png")).status_code == 410


def test_a_card_never_shows_words_that_are_not_surely_the_speakers():
    note = {"exact": "other words", "quote": "words", "target": "x", "point_title": "A point", "reading": "said"}
    for anchor in ("changed", "lost"):
        text = make_card_text({**note, "anchor": anchor}, {}, {})
        assert (text.words, text.notice) == ("", CHANGED)
    long = "We agree with all of it, and we shall " + "do it again, " * 200
    text = make_card_text({**note, "anchor": "exact", "exact": long}, {"speaker": "Siân Ŵyn ḃ"}, {"house": "lords"})
    assert text.words.endswith(" …")
    assert long.startswith(text.words.removesuffix(" …"))
    assert draw_card(text).startswith(b"\x89PNG")
    for hidden in ("a שלום b", "a 😀 b", "\u200b", "W" * 640):  # a font that lacks a letter must not misquote
        text = make_card_text({**note, "anchor": "exact", "exact": hidden}, {}, {})
        assert (text.words, text.notice) == ("", TOO_LONG)


def test_a_card_breaks_a_word_that_no_line_holds_and_drops_what_is_not_seen():
    note = {"anchor": "exact", "target": "x", "point_title": "A point", "reading": "said"}
    address = "See http://www.publications.example/pa/cm200708/cmhansrd/cm080618/text/80618w0001.htm\x00\u202e now"
    text = make_card_text({**note, "exact": address}, {}, {})
    margin = Image.open(io.BytesIO(draw_card(text))).convert("L").crop((RIGHT + 2, 0, *SIZE))
    assert text.words.startswith("See http")
    assert margin.getextrema()[0] > 240


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("I welcome it. It is good for every town in the land.", "I welcome it. …"),
        ("I welcome it. But it is not what was promised to us.", ""),
        ("I welcome it, with all its faults and all its promises", "I welcome it, with all its faults and …"),
        ("I welcome it and all its promises, although it fails us.", ""),
        ("Short.", "Short."),
    ],
)
def test_a_long_quote_is_cut_only_where_the_meaning_does_not_turn(words, cut):
    assert cut_words(words, 42) == cut


def test_few_cards_may_wait_to_be_drawn():
    press = CardPress()
    for _ in range(MOST_WAITING):
        press._places.acquire()
    with pytest.raises(ServerBusy):
        press.draw(CardText(words="", notice="", speaker="", day="", point="", reading="said", house="", site=""))
