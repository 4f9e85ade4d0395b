"""For machines: the sitemap, robots.txt, llms.txt, and the description of every address that answers with data."""

import re
from itertools import chain, product

import pytest
from bs4 import BeautifulSoup
from datasette.plugins import pm
from jsonschema import Draft202012Validator
from lxml import etree
from openapi_spec_validator import validate
from protego import Protego

from db.statements import store
from web.api import read_endpoints as api
from web.crawlers import sitemap

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


async def test_more_pages_than_one_sitemap_holds_are_split(site, monkeypatch):
    whole = locations(await site.client.get("/sitemap.xml"))
    monkeypatch.setattr(sitemap, "MAP_SIZE", 50)
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
    assert (
        len(told) == len(page.select("dt")) - 1 > len(api.READ_ENDPOINTS) + 9
    )  # the specimens have no moment of a video
    for example, about in told.items():
        answer = await site.client.get(example)
        assert answer.status_code == 200, example
        assert f"({answer.headers['content-type'].partition(';')[0]})" in about.text, example


async def test_the_description_is_openapi(site):
    described = (await site.client.get("/api/openapi.json")).json()
    validate(described)
    assert {each.path for each in api.READ_ENDPOINTS} <= set(described["paths"])
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    operations = [(way, one) for ways in described["paths"].values() for way, one in ways.items()]
    names = [one["operationId"] for _, one in operations]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"(get|post|put|delete)(_[A-Za-z]+)+", name) for name in names)
    assert {way for way, one in operations if one["security"] == []} == {"get"}
    assert {tag for _, one in operations for tag in one["tags"]} >= {"record", "notes", "guidance", "tables", "review"}


async def test_every_write_endpoint_is_described_and_refuses_requests_without_a_token(site):
    described = (await site.client.get("/api/openapi.json")).json()
    paths, schemas = described["paths"], described["components"]["schemas"]
    ways = [(way, path) for path, ways in paths.items() for way in ways if way != "get"]
    assert {way for way, path in ways if path == "/annotations/{id}"} == {"put", "delete"}
    for way, path in ways:
        told = paths[path][way]
        assert told["security"] == [{"bearer": []}]
        for body in told.get("requestBody", {"content": {}})["content"].values():
            Draft202012Validator({**body["schema"], "components": {"schemas": schemas}}).validate(body["example"])
        sent = {"accept": "application/json"}
        answer = await site.client.request(way, path.replace("{id}", "x"), headers=sent)
        assert answer.status_code == 401, (way, path)


async def test_every_form_address_is_described_or_only_for_people(site):
    paths = (await site.client.get("/api/openapi.json")).json()["paths"]
    described = {path.replace("{id}", "x") for path, ways in paths.items() if "post" in ways}
    routes = chain.from_iterable(each or [] for each in pm.hook.register_routes(datasette=site))
    every = sorted({path for pattern, _ in routes for path in addresses(pattern)})
    sent = {"accept": "application/json"}
    taking = {path for path in every if (await site.client.post(path, headers=sent)).status_code in (401, 403, 415)}
    assert taking - {"/annotations/x"} == described | set(PEOPLE_ALONE)


PEOPLE_ALONE = {
    "/sign-in": "a session is a browser's, and its form has a token of its own: a program has a token instead",
    "/sign-out": "it ends a session; a token is revoked on the command line",
}


def addresses(pattern):
    """An address or several that a route answers at: each of what it names, and x for what may be anything."""
    shape = re.sub(r"\(\?P<\w+>((?:\w+\|)+\w+)\)", lambda found: f"<{found[1]}>", pattern.strip("^$"))
    shape = re.sub(r"\(\?P<\w+>[^()]*(\([^()]*\)[^()]*)*\)\??", "x", shape).replace("\\.", ".").replace("/?", "")
    parts = [part.split("|") for part in re.split(r"[<>]", shape)]
    found = ["".join(each) for each in product(*parts)]
    return [path for path in found if re.search(pattern, path)]


async def test_an_empty_archive_has_no_examples(tmp_path):
    conn = store.open_store(tmp_path / "statements.db")
    made = api._read_example_ids(conn)
    assert [api._fill_example(each.example, made) for each in api.READ_ENDPOINTS if "{" in each.example] == [""] * 14


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [("", 6), ("?reading=said", 5), ("?creator=C. Specimen", 2), ("?point=nothing", 0)],
)
async def test_notes_are_chosen_by_point_reading_and_creator_and_keep_their_numbers(site, asked, numbers):
    page = BeautifulSoup((await site.client.get(f"{DEBATE}{asked}")).text, "html.parser")
    whole = BeautifulSoup((await site.client.get(DEBATE)).text, "html.parser")
    chosen = page.select(".notes .body")
    assert len(chosen) == numbers
    for note in chosen:
        assert note.select_one(".point").text == whole.find(id=note["id"]).select_one(".point").text
    assert page.find("nav", attrs={"aria-label": "Notes"})
