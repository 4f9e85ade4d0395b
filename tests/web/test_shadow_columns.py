"""A new column of a table or view reaches the TEMP tables of ?as_of and of blind annotators."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from annotations.commands.archive_paths import ArchivePaths
from annotations.commands.journal_reader import open_journal_view
from annotations.suggesters.rule_files import RULES_FOLDER
from web.http.as_of_tables import make_snapshot
from web.http.visibility import VISIBLE_ROWS, BlindPass, Viewer, hide_notes

DEBATE = "d-2008-06-22c-101-3"
PLACED = """
SELECT name FROM temp.sqlite_schema WHERE type IN ('table', 'view')
   AND name IN (SELECT name FROM main.sqlite_schema WHERE type IN ('table', 'view')) ORDER BY name
"""
COLUMNS = "SELECT name FROM pragma_table_info(?, ?)"


@pytest.fixture
def changed(site_db, tmp_path):
    """A copy of statements.db in which every table has a column more, and the view of passages has two."""
    path = tmp_path / "statements.db"
    shutil.copy(site_db, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        tables = conn.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'").fetchall()
        for (table,) in tables:
            if not table.startswith("sqlite_"):
                conn.execute(f"ALTER TABLE {table} ADD COLUMN added TEXT NOT NULL DEFAULT 'new'")
        (sql,) = conn.execute("SELECT sql FROM sqlite_schema WHERE name = 'passages'").fetchone()
        conn.execute("DROP VIEW passages")
        conn.execute(sql.replace("SELECT *", "SELECT *, upper(added) AS added_too"))
        yield conn


@pytest.fixture
def places(root, specimens, tmp_path):
    return ArchivePaths(root / "annotations" / "guidance", specimens / "quotes", RULES_FOLDER, tmp_path)


def columns(conn, schema, name):
    return {column for (column,) in conn.execute(COLUMNS, (name, schema))}


def shadows(conn):
    """The tables and views that stand before those of the file, each as complete as it is there."""
    names = [name for (name,) in conn.execute(PLACED)]
    short = {name for name in names if columns(conn, "main", name) - columns(conn, "temp", name)}
    assert short == set()
    return set(names)


def test_a_new_column_is_there_as_of_a_day(changed, places):
    changed.execute("BEGIN")
    with open_journal_view(places) as view:
        make_snapshot(changed, "2025", view)
    found = shadows(changed)
    assert {"speeches", "wordings", "persons", "memberships", "annotations", "replies", "passages", "counted"} <= found
    for table in ("speeches", "persons", "memberships", "wordings"):
        assert changed.execute(f"SELECT DISTINCT added FROM temp.{table}").fetchall() in ([("new",)], [])
    assert changed.execute("SELECT DISTINCT added FROM temp.speeches").fetchall() == [("new",)]


def test_a_new_column_is_there_for_a_blind_annotator(changed):
    changed.execute("BEGIN")
    hide_notes(changed, Viewer("Ada", {DEBATE: BlindPass(DEBATE, "2026-11-01T10:00:00Z", None, "title")}))
    assert shadows(changed) >= {*VISIBLE_ROWS, "passages", "counted"}
    assert changed.execute("SELECT DISTINCT added_too FROM temp.passages").fetchall() in ([("NEW",)], [])
    assert "added" in columns(changed, "temp", "annotations")


def test_a_view_of_the_old_name_reads_the_shadow(changed, places):
    changed.execute("BEGIN")
    with open_journal_view(places) as view:
        make_snapshot(changed, "2000", view)
    for old, new in (("counted", "quote_counts"), ("heard", "speaker_counts"), ("about", "relevant_debates")):
        count = changed.execute(f"SELECT count(*) FROM {new}").fetchone()
        assert changed.execute(f"SELECT count(*) FROM {old}").fetchone() == count
    assert changed.execute("SELECT count(*) FROM counted").fetchone() == (0,)
    assert changed.execute("SELECT count(*) FROM main.counted").fetchone() > (0,)
