"""Rows of a folder of databases, for tests."""

from contextlib import closing

from datasette.utils.sqlite import sqlite3


def read_all_rows(folder, query, *values):
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        return conn.execute(query, values).fetchall()
