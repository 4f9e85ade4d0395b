"""A page of ours that the server has no time for is not an error of the server's: it says when to come again."""

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette
from datasette.database import QueryInterrupted

from tests.support.sites import site_settings


@pytest.fixture
def client(site, site_db, root):
    """The site, with no time at all for a question."""
    settings = {**site_settings()["settings"], "sql_time_limit_ms": 0}
    return Datasette([str(site_db)], **{**site_settings(), "settings": settings}).client


@pytest.mark.parametrize("path", ["/", "/coverage", "/guidance", "/people", "/sitemap.xml", "/debates"])
async def test_a_page_that_takes_too_long_is_refused_for_now_and_says_when_to_ask_again(client, path):
    page = await client.get(path)
    assert (page.status_code, page.headers["retry-after"]) == (503, "10")
    assert page.headers["cache-control"] == "private, no-store"
    assert "Try again in 10 seconds" in BeautifulSoup(page.text, "html.parser").main.text


async def test_a_program_is_told_so_in_json(client):
    answer = await client.get("/coverage", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert "Try again" in answer.json()["error"]


@pytest.mark.parametrize(("path", "status"), [("speakers_by_mentions", 503), ("?sql=select+1+from+named", 400)])
async def test_a_ready_question_that_is_stopped_may_be_asked_again_but_not_one_s_own(site, monkeypatch, path, status):
    real = Datasette.execute

    async def stopped(self, database, sql, *arguments, **more):
        if "from named" in sql:
            raise QueryInterrupted("interrupted", sql, {})
        return await real(self, database, sql, *arguments, **more)

    monkeypatch.setattr(Datasette, "execute", stopped)
    address = f"/statements{path}" if path.startswith("?") else f"/statements/{path}"
    answer = await site.client.get(address, headers={"Cookie": "own=1"})  # else it may be remembered
    assert (answer.status_code, "retry-after" in answer.headers) == (status, status == 503)
