"""Recognition of the site's own database among those that a Datasette serves."""

from contextlib import closing
from weakref import WeakKeyDictionary

from datasette.utils.sqlite import sqlite3

from db.sqlite import connect_to_read
from web.http.datasette_types import Datasette

DATABASE = "statements"
TABLES = {"debates", "speeches", "annotations", "guidance_points", "loaded"}
_found: WeakKeyDictionary[Datasette, bool] = WeakKeyDictionary()


def has_site_database(datasette: Datasette) -> bool:
    """Return True if a Datasette serves a database named statements with this program's tables, of any version."""
    if datasette not in _found:
        database = datasette.databases.get(DATABASE)
        _found[datasette] = bool(database and database.path and _has_tables(database.path))
    return _found[datasette]


def _has_tables(path: str) -> bool:
    try:
        with closing(connect_to_read(path, sqlite3)) as conn:
            names = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return False
    return names >= TABLES
