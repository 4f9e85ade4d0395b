"""A page of ours that the server has no time for is not an error of the server's: it says when to come again."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette
from datasette.database import QueryInterrupted

from tests.support.sites import open_site


@pytest.fixture
def client(site, site_db, root):
    """The site, with no time at all for a question."""
    return open_site(site_db, sql_time_limit_ms=0).client


@pytest.mark.parametrize("path", ["/", "/coverage", "/guidance", "/people", "/sitemap.xml", "/debates"])
async def test_a_slow_page_is_answered_with_503_and_retry_after(client, path):
    page = await client.get(path)
    assert (page.status_code, page.headers["retry-after"]) == (503, "10")
    assert page.headers["cache-control"] == "private, no-store"
    text = page.text if path.endswith(".xml") else BeautifulSoup(page.text, "html.parser").main.text
    assert "Try again in 10 seconds" in text


async def test_a_program_gets_the_503_as_json(client):
    answer = await client.get("/coverage", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert "Try again" in answer.json()["error"]


@pytest.mark.parametrize(("path", "status"), [("speakers_by_mentions", 503), ("?sql=select+1+from+named", 400)])
async def test_a_stopped_canned_query_may_be_retried_but_visitors_sql_is_an_error(site, monkeypatch, path, status):
    real = Datasette.execute

    async def stopped(self, database, sql, *arguments, **more):
        if "from named" in sql:
            raise QueryInterrupted("interrupted", sql, {})
        return await real(self, database, sql, *arguments, **more)

    monkeypatch.setattr(Datasette, "execute", stopped)
    address = f"/statements{path}" if path.startswith("?") else f"/statements/{path}"
    answer = await site.client.get(address, headers={"Cookie": "own=1"})  # else it may be remembered
    assert (answer.status_code, "retry-after" in answer.headers) == (status, status == 503)
    assert ("select 1 from named</textarea>" in answer.text) == (status == 400)


async def test_wrong_sql_stays_in_the_form(site):
    answer = await site.client.get("/statements", params={"sql": "selct '</textarea>'"})
    assert answer.status_code == 400
    assert BeautifulSoup(answer.text, "lxml").select_one("form.sql textarea").text == "selct '</textarea>'"
    assert "sql" not in (await site.client.get("/statements.json", params={"sql": "selct 1"})).json()


async def test_a_database_of_another_version_is_named_as_the_reason_and_is_no_failure_of_the_server(site_db, tmp_path):
    copy = shutil.copy(site_db, tmp_path / "statements.db")
    with closing(sqlite3.connect(copy)) as conn:
        conn.execute("ALTER TABLE wordings RENAME COLUMN other_speaker TO another")
    answer = await open_site(copy).client.get("/debate/d-2008-06-22c-101-1")
    assert answer.status_code == 503
    assert "dispatch-box load" in answer.text
