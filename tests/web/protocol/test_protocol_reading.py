"""The W3C Annotation Protocol at /annotations/, as its list of MUSTs for reading has it."""

import json
import sqlite3
from urllib.parse import quote

import pytest

from annotations.exchange.w3c_read import read_items
from tests.support.markup import HOSTILE
from tests.support.sites import open_site
from web.protocol import container as shelf
from web.protocol.responses import LDP, OA, PROFILE

ROOT, ONE = "/annotations/", "/annotations/specimen-1"
BASE = "http://localhost"
OWN = {"Cookie": "x=1"}  # an answer worked out for this visitor alone
PREFER = 'return=representation;include="{}"'


def allowed(path):
    """What may be done there."""
    return "GET, HEAD, OPTIONS, POST" if path == ROOT else "GET, HEAD, OPTIONS, PUT, DELETE"


@pytest.fixture
def ask(site):
    async def ask(path, status=200, method="GET", **headers):
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        response = await site.client.request(method, path, headers=named)
        assert response.status_code == status, f"{method} {path}: {response.status_code}: {response.text[:300]}"
        return response

    return ask


@pytest.mark.parametrize("path", [ROOT, ONE, "/annotations/specimen-1-r1", "/annotations/?page=0"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_every_resource_has_the_required_headers(ask, path, method):
    response = await ask(path, method=method)
    headers = response.headers
    assert headers["allow"] == allowed(path)
    assert headers["content-type"] == PROFILE
    assert headers["etag"].startswith('"')
    assert "Accept" in headers["vary"].split(", ")
    assert headers["access-control-allow-origin"] == "*"
    exposed = headers["access-control-expose-headers"].split(", ")
    assert {"Allow", "Content-Location", "ETag", "Link", "Location", "Vary"} <= set(exposed)
    assert bool(response.content) == (method == "GET")
    if method == "GET":
        assert response.json()["id"] == headers["content-location"] == BASE + path


async def test_head_has_the_same_headers_as_get(ask):
    for path in (ROOT, ONE):
        get, head = [(await ask(path, method=method)).headers for method in ("GET", "HEAD")]
        assert {**get, "content-length": ""} == {**head, "content-length": ""}


async def test_another_site_may_send_a_preflight_request(ask):
    for path in (ROOT, ONE):
        headers = (await ask(path, method="OPTIONS")).headers
        assert headers["allow"] == headers["access-control-allow-methods"] == allowed(path)
        assert "Prefer" in headers["access-control-allow-headers"]


async def test_the_container_declares_its_types(ask):
    response = await ask(ROOT)
    assert f'<{LDP}BasicContainer>; rel="type"' in response.headers["link"]
    assert f'<http://www.w3.org/TR/annotation-protocol/>; rel="{LDP}constrainedBy"' in response.headers["link"]
    found = response.json()
    assert set(found["type"]) == {"BasicContainer", "AnnotationCollection"}
    assert found["total"] == len(found["first"]["items"]) == 14
    collection = {"type": "AnnotationCollection", **{key: found[key] for key in ("id", "label", "total")}}
    assert found["first"]["partOf"] == collection
    assert found["last"] == f"{BASE}/annotations/?page=0"
    assert (await ask("/annotations?page=0", 301)).headers["location"] == "/annotations/?page=0"


async def test_an_annotation_is_a_resource_and_the_one_in_its_page(ask):
    items = {item["id"]: item for item in (await ask(ROOT)).json()["first"]["items"]}
    for address, item in items.items():
        response = await ask(address.removeprefix(BASE))
        assert response.headers["link"] == f'<{LDP}Resource>; rel="type"'
        alone = response.json()
        assert alone.pop("@context") == "http://www.w3.org/ns/anno.jsonld"
        assert alone == item


async def test_pages_lead_from_one_to_the_next_and_back_over_every_annotation(ask, monkeypatch):
    monkeypatch.setattr(shelf, "PAGE_SIZE", 4)
    found = (await ask(ROOT, **OWN)).json()
    pages, address = [], found["first"]["id"]
    while address:
        pages.append((await ask(address.removeprefix(BASE), **OWN)).json())
        address = pages[-1].get("next")
    assert [page["startIndex"] for page in pages] == [0, 4, 8, 12]
    assert [page.get("prev") for page in pages] == [None, *(page["id"] for page in pages[:-1])]
    assert pages[-1]["id"] == found["last"]
    assert len({item["id"] for page in pages for item in page["items"]}) == found["total"]
    await ask("/annotations/?page=4", 404, **OWN)


async def test_the_container_follows_the_prefer_header(ask):
    minimal = await ask(ROOT, prefer=PREFER.format(f"{LDP}PreferMinimalContainer"))
    assert minimal.json()["first"] == f"{BASE}/annotations/?page=0"
    iris = await ask(ROOT, prefer=PREFER.format(f"{OA}PreferContainedIRIs"))
    assert f"{BASE}/annotations/specimen-1" in iris.json()["first"]["items"]
    assert iris.json()["id"] == iris.headers["content-location"] == f"{BASE}/annotations/?iris=1"
    page = (await ask(iris.json()["first"]["id"].removeprefix(BASE))).json()
    assert page["items"] == iris.json()["first"]["items"]
    whole = await ask(ROOT, prefer=PREFER.format(f"{OA}PreferContainedDescriptions"))
    assert whole.json() == (await ask(ROOT)).json()
    for response in (minimal, iris, whole):
        assert response.headers["preference-applied"] == "return=representation"
        assert "Prefer" in response.headers["vary"]


async def test_a_matching_etag_is_answered_with_304(ask):
    tag = (await ask(ONE)).headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        response = await ask(ONE, 304, if_none_match=known)
        assert (response.content, response.headers["etag"]) == (b"", tag)
    await ask(ONE, if_none_match='"other"')


async def test_each_visitor_gets_an_accepted_media_type(ask):
    assert (await ask(ONE, accept="application/json")).headers["content-type"] == "application/json"
    assert (await ask(ONE, accept=PROFILE)).headers["content-type"] == PROFILE
    assert (await ask(ONE, 303, accept="text/html,*/*;q=0.8")).headers["location"] == "/q/specimen-1"
    assert "ld+json" in (await ask(ONE, 406, accept="text/turtle")).json()["error"]


@pytest.mark.parametrize("method", ["PATCH", "MERGE"])
async def test_only_the_allowed_methods_work(ask, method):
    for path in (ROOT, ONE):
        assert (await ask(path, 405, method=method)).headers["allow"] == allowed(path)


async def test_withdrawn_annotations_are_gone_with_their_replies_and_not_counted(site_db, tmp_path, root):
    copy = tmp_path / "statements.db"
    copy.write_bytes(site_db.read_bytes())
    with sqlite3.connect(copy) as conn:
        conn.execute("UPDATE annotations SET status = 'withdrawn' WHERE id = 'specimen-1'")
    client = open_site(copy).client
    for path in (ONE, "/annotations/specimen-1-r1"):
        assert (await client.get(path)).status_code == 410
    found = (await client.get(ROOT)).json()
    assert found["total"] == len(found["first"]["items"]) == 12
    assert "specimen-1-r1" not in json.dumps(found)


async def test_an_archive_without_annotations_has_an_empty_container(specimen_db, root):
    found = (await open_site(specimen_db).client.get(ROOT)).json()
    assert found["total"] == 0
    assert not {"first", "last"} & found.keys()


async def test_the_address_of_the_site_is_as_set(ask, monkeypatch):
    monkeypatch.setenv("BASE_URL", "https://archive.example.org/")
    assert (await ask(ONE, **OWN)).json()["id"] == "https://archive.example.org/annotations/specimen-1"


async def test_served_annotations_can_be_imported(ask):
    assert len(read_items((await ask(ROOT)).content)) == 14


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_no_input_is_an_error(site, text):
    for path in (f"/annotations/{quote(text, safe='')}", f"/annotations/?page={quote(text, safe='')}"):
        response = await site.client.get(path)
        assert response.status_code in (400, 404)
        assert "<script>" not in response.text
