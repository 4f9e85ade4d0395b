"""Datasette and sqlite-utils find the full-text index of the tables, and search it."""

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from sqlite_utils import Database
from sqlite_utils.cli import cli

FOUND = {("speeches", "zzzz"): 0, ("speeches", "information"): 1, ("debates", "zzzz"): 0, ("speeches", "NEAR( *"): 0}


@pytest.mark.parametrize(("table", "words"), FOUND)
async def test_a_table_is_searched_by_its_words(site, table, words):
    answer = await site.client.get(f"/statements/{table}.json", params={"_search": words, "_shape": "array"})
    assert answer.status_code == 200
    assert bool(answer.json()) == FOUND[table, words]


@pytest.mark.parametrize("table", ["speeches", "debates"])
async def test_the_page_of_a_table_has_a_search_box(site, table):
    page = BeautifulSoup((await site.client.get(f"/statements/{table}?_size=1")).text, "html.parser")
    assert page.select_one("input[type=search][name=_search]")


async def test_search_names_no_table_of_the_visitors_choice(site):
    answer = await site.client.get("/statements/votes.json?_search=x&_fts_table=debates_fts")
    assert answer.status_code == 400


def test_sqlite_utils_searches(site_db):
    assert Database(site_db)["speeches"].detect_fts() == "speeches_fts"
    for words in ("zzzz", "information"):
        done = CliRunner().invoke(cli, ["search", str(site_db), "speeches", words, "-c", "id"])
        assert done.exit_code == 0, done.output
        assert ("d-2008" in done.output) == (words == "information")
