"""What is remembered: pages that anybody may have, while statements.db is as it was."""

import asyncio
import shutil
import sqlite3
from contextlib import closing

import httpx
import pytest
from datasette.app import Datasette

from tests.support.sites import open_site
from web.middleware.page_cache import CAPACITY, PageStore

PAGE = "/debate/d-2008-06-22c-101-3"


@pytest.fixture
def path(tmp_path, site_db):
    return shutil.copy(site_db, tmp_path / "statements.db")


@pytest.fixture
def worked_out(monkeypatch):
    """The pages that were worked out, one by one."""
    made = []
    real = Datasette.render_template

    async def counted(self, *arguments, **more):
        made.append(getattr(arguments[0], "name", arguments[0]))
        return await real(self, *arguments, **more)

    monkeypatch.setattr(Datasette, "render_template", counted)
    return made


@pytest.fixture
async def client(path, root, site):
    ds = open_site(path)
    await ds.invoke_startup()
    transport = httpx.ASGITransport(app=ds.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_a_page_is_rendered_once(client, worked_out):
    first, second = [await client.get(PAGE) for _ in range(2)]
    assert first.content == second.content
    assert first.headers == second.headers
    assert len(worked_out) == 1


async def test_a_page_is_rendered_again_after_a_write(client, worked_out, path):
    await client.get(PAGE)
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("UPDATE debates SET title = 'Another title'")
        conn.commit()
    assert "Another title" in (await client.get(PAGE)).text
    assert len(worked_out) == 2


async def test_a_page_is_rendered_again_for_a_replaced_file(client, path, site_db):
    before = (await client.get(PAGE)).text
    path.unlink()
    assert (await client.get(PAGE)).text == before
    shutil.copy(site_db, path)
    assert (await client.get(PAGE)).status_code == 200


@pytest.mark.parametrize("headers", [{"Cookie": "session=x"}, {"Authorization": "Bearer x"}])
async def test_requests_with_credentials_bypass_the_cache(client, worked_out, headers):
    await client.get(PAGE)
    assert (await client.get(PAGE, headers=headers)).status_code == 200
    assert len(worked_out) == 2
    await client.get(PAGE)
    assert len(worked_out) == 2


async def test_private_answers_are_not_stored(client, worked_out):
    for _ in range(2):
        await client.get("/sign-in")
    assert worked_out == ["sign_in/sign_in.html", "sign_in/sign_in.html"]


@pytest.mark.parametrize("asked", ["?notes=off", "?reading=said", "?x=1"])
async def test_each_address_has_its_own_stored_page(client, worked_out, asked):
    await client.get(PAGE)
    await client.get(PAGE + asked)
    assert len(worked_out) == 2


async def test_media_types_of_one_address_are_stored_separately(client):
    page = await client.get("/q/specimen-1")
    data = await client.get("/q/specimen-1", headers={"Accept": "application/ld+json"})
    assert "html" in page.headers["content-type"]
    assert "ld+json" in data.headers["content-type"]


@pytest.mark.parametrize("address", [PAGE, "/feeds/annotations.atom", "/annotations/"])
async def test_a_matching_etag_from_the_cache_is_answered_with_304(client, address):
    accept = {"Accept": "application/ld+json"} if address == "/annotations/" else {}
    for _ in range(2):
        tag = (await client.get(address, headers=accept)).headers["etag"]
    assert (await client.get(address, headers={"If-None-Match": tag, **accept})).status_code == 304


async def test_missing_pages_are_not_stored(client, worked_out):
    for _ in range(2):
        assert (await client.get("/debate/nothing")).status_code == 404
    assert len(worked_out) == 2


def test_least_recently_used_pages_are_removed():
    memory = PageStore("nowhere")
    for n in range(40):
        memory.put((n,), {}, {"body": bytes(1_000_000)})
    assert memory.bytes <= CAPACITY
    assert memory.get((0,)) is None
    assert memory.get((39,)) is not None


async def test_simultaneous_requests_render_a_page_once(client, worked_out):
    answers = await asyncio.gather(*(client.get(PAGE) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(worked_out) == 1


async def test_a_canned_query_is_run_once(client, worked_out):
    for _ in range(2):
        assert (await client.get("/statements/speakers_by_mentions")).status_code == 200
    assert len(worked_out) == 1


def test_addresses_count_towards_the_capacity(path):
    memory = PageStore(str(path))
    memory.read_state()
    for number in range(2000):
        memory.put((f"{number}" * 5000,), {"headers": []}, {"body": b"x"})
    assert sum(len(key[0]) for key in memory.pages) <= CAPACITY
    assert memory.bytes <= CAPACITY
