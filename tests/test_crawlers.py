"""For machines: the sitemap, robots.txt, llms.txt, and the description of every address that answers with data."""

import re

import pytest
from bs4 import BeautifulSoup
from lxml import etree
from openapi_spec_validator import validate
from protego import Protego

from db import sitemap, store
from plugins import api

DEBATE = "/debate/d-2008-06-22c-101-3"


def locations(answer):
    return [one.text.removeprefix("http://localhost") for one in etree.fromstring(answer.content).iter("{*}loc")]


async def test_the_sitemap_has_every_page_once_and_each_is_there(site, statements):
    found = locations(await site.client.get("/sitemap.xml"))
    assert len(set(found)) == len(found)
    debates = {f"/debate/{id}" for (id,) in statements.execute("SELECT id FROM debates")}
    assert debates | {"/", "/people/990002", "/guidance/participation-online/be-credible"} <= set(found)
    for path in found:
        assert (await site.client.get(path)).status_code == 200, path


async def test_more_pages_than_a_map_may_hold_are_parted(site, monkeypatch):
    whole = locations(await site.client.get("/sitemap.xml"))
    monkeypatch.setattr(sitemap, "A_MAP", 50)
    own = {"Cookie": "x=1"}  # worked out for this visitor alone
    answer = await site.client.get("/sitemap.xml", headers=own)
    assert etree.fromstring(answer.content).tag.endswith("}sitemapindex")
    parts = [locations(await site.client.get(path, headers=own)) for path in locations(answer)]
    assert [page for part in parts for page in part] == whole
    assert max(map(len, parts)) == 50
    assert (await site.client.get(f"/sitemap-{len(parts) + 1}.xml")).status_code == 404


async def test_robots_may_read_pages_but_neither_searches_nor_tables(site):
    robots = Protego.parse((await site.client.get("/robots.txt")).text)
    assert list(robots.sitemaps) == ["http://localhost/sitemap.xml"]
    assert all(robots.can_fetch(path, "a-robot") for path in ("/", DEBATE, "/guidance", "/api", "/feeds/mentions.atom"))
    assert not any(robots.can_fetch(path, "a-robot") for path in ("/search?q=x", "/statements/debates", "/text/x"))


async def test_llms_txt_says_what_this_is_and_its_links_lead_somewhere(site):
    text = (await site.client.get("/llms.txt")).text
    assert text.startswith("# Dispatch Box\n\n> ")
    links = re.findall(r"\]\(http://localhost([^)]+)\)", text)
    assert len(links) > 10
    for link in links:
        assert (await site.client.get(link)).status_code == 200, link


async def test_every_example_of_an_address_works_and_has_its_media_type(site):
    page = BeautifulSoup((await site.client.get("/api")).text, "html.parser")
    told = {about.a["href"]: about for about in page.select("dd:has(a)")}
    assert len(told) == len(page.select("dt")) - 1 > len(api.ADDRESSES) + 9  # the specimens have no moment of a video
    for example, about in told.items():
        answer = await site.client.get(example)
        assert answer.status_code == 200, example
        assert f"({answer.headers['content-type'].partition(';')[0]})" in about.text, example


async def test_the_description_is_openapi(site):
    described = (await site.client.get("/api/openapi.json")).json()
    validate(described)
    assert {each.path for each in api.ADDRESSES} <= set(described["paths"])
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


async def test_every_way_to_write_is_described_and_refuses_whoever_sends_no_token(site):
    paths = (await site.client.get("/api/openapi.json")).json()["paths"]
    ways = [(way, path) for path, ways in paths.items() for way in ways if way != "get"]
    assert {path for way, path in ways if way == "post"} >= {"/annotate", "/undo", "/q/{id}/reply", "/annotations/"}
    assert {way for way, path in ways if path == "/annotations/{id}"} == {"put", "delete"}
    for way, path in ways:
        assert paths[path][way]["security"] == [{"bearer": []}]
        sent = {"accept": "application/json"}
        answer = await site.client.request(way, path.replace("{id}", "x"), headers=sent)
        assert answer.status_code == 401, (way, path)


async def test_an_empty_archive_has_no_example_of_what_it_does_not_hold(tmp_path):
    conn = store.open_store(tmp_path / "statements.db")
    made = api._held(conn)
    assert [api._filled(each.example, made) for each in api.ADDRESSES if "{" in each.example] == [""] * 10


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [("", 6), ("?reading=said", 5), ("?creator=C. Specimen", 2), ("?point=nothing", 0), ("?reading=said&notes=off", 5)],
)
async def test_notes_are_chosen_by_point_reading_and_creator_and_keep_their_numbers(site, asked, numbers):
    page = BeautifulSoup((await site.client.get(f"{DEBATE}{asked}")).text, "html.parser")
    whole = BeautifulSoup((await site.client.get(DEBATE)).text, "html.parser")
    chosen = page.select(".notes .body")
    assert len(chosen) == numbers
    for note in chosen:
        assert note.select_one(".point").text == whole.find(id=note["id"]).select_one(".point").text
    assert page.find("nav", attrs={"aria-label": "Notes"})
