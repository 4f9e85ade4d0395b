"""Every column that the site serves has a description, and it stands in schema.sql alone."""

import json
import sqlite3
from contextlib import closing

import pytest

from db.statements.columns import read_column_descriptions

SERVED = """
SELECT name FROM sqlite_schema
 WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' AND name NOT GLOB '*_fts*' ORDER BY rowid
"""


@pytest.fixture
def columns(site_db):
    """The columns of every table and view of statements.db, but for those that SQLite's search keeps for itself."""
    with closing(sqlite3.connect(site_db)) as conn:
        names = [name for (name,) in conn.execute(SERVED)]
        query = "SELECT name FROM pragma_table_info(?)"
        return {name: {column for (column,) in conn.execute(query, (name,))} for name in names}


def test_every_column_has_a_description(columns):
    described = {table: set(found) for table, found in read_column_descriptions().items()}
    assert described == columns
    assert len(columns) > 40


def test_tables_are_grouped_once_and_exist(columns, root):
    groups = json.loads((root / "metadata.json").read_text())["databases"]["statements"]["groups"]
    grouped = [name for group in groups for name in group["tables"]]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= set(columns)


def test_a_description_is_a_phrase_for_readers():
    for table, found in read_column_descriptions().items():
        for column, text in found.items():
            assert text, (table, column)
            assert not text.endswith((".", ",", ";")), (table, column)
            assert "--" not in text, (table, column)


def test_a_view_of_a_whole_table_has_its_descriptions():
    found = read_column_descriptions()
    assert found["passages"] == found["annotations"]
    assert found["counted"] == found["quote_counts"]


def test_a_description_goes_on_in_the_lines_below():
    text = read_column_descriptions()["debates"]["kind"]
    assert text.startswith("debates, westminhall")
    assert text.endswith("petitions or corrections")


def test_metadata_holds_no_description_of_a_column(root):
    metadata = json.loads((root / "metadata.json").read_text(encoding="utf-8"))
    for table, about in metadata["databases"]["statements"]["tables"].items():
        assert "columns" not in about, table


async def test_the_site_shows_the_descriptions_beside_what_metadata_says(site):
    await site.invoke_startup()
    for table in ("speeches", "named", "passages"):
        about = site.metadata(database="statements", table=table)
        assert about["columns"] == read_column_descriptions()[table]
        assert about["description"]
    page = (await site.client.get("/statements/redirects")).text
    assert "The address of today, after all redirects" in page


async def test_merging_metadata_does_not_change_the_cached_descriptions(site):
    before = json.dumps(read_column_descriptions())
    site.metadata(database="statements", table="debates")
    await site.client.get("/-/metadata.json")
    assert json.dumps(read_column_descriptions()) == before


async def test_a_row_shows_licence_and_source_of_the_site(site, root):
    metadata = json.loads((root / "metadata.json").read_text(encoding="utf-8"))
    await site.invoke_startup()
    page = (await site.client.get("/statements/topics/power-of-information")).text
    assert f'Licence: <a href="{metadata["license_url"]}">{metadata["license"]}</a>' in page
    assert f'Source: <a href="{metadata["source_url"]}">' in page
