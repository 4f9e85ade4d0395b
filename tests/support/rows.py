"""Rows of a folder of databases, for tests."""

from contextlib import closing

from datasette.utils.sqlite import sqlite3


def many(folder, query, *values):
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        return conn.execute(query, values).fetchall()
