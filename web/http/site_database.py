"""Recognition of the site's own database among those that a Datasette serves."""

from contextlib import closing
from pathlib import Path
from weakref import WeakKeyDictionary

from datasette.utils.sqlite import sqlite3

from db.sqlite import SQLITE_ERRORS, connect_to_read
from web.http.datasette_types import Datasette

DATABASE = "statements"
NOTICE_FILE = "notice.txt"  # beside the database: a line for every page, which `make demo` writes
TABLES = {"debates", "speeches", "annotations", "guidance_points", "loaded"}
_found: WeakKeyDictionary[Datasette, bool] = WeakKeyDictionary()


def has_site_database(datasette: Datasette) -> bool:
    """Return True if a Datasette serves a database named statements with this program's tables, of any version."""
    if datasette not in _found:
        database = datasette.databases.get(DATABASE)
        _found[datasette] = bool(database and database.path and _has_tables(database.path))
    return _found[datasette]


def read_notice(datasette: Datasette) -> str:
    """Read the line that an archive shows on every page from the file beside its database; "" if there is none."""
    path = Path(datasette.databases[DATABASE].path or "").with_name(NOTICE_FILE)
    return " ".join(path.read_text(encoding="utf-8").split()) if path.is_file() else ""


def _has_tables(path: str) -> bool:
    try:
        with closing(connect_to_read(path, sqlite3)) as conn:
            names = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except SQLITE_ERRORS:
        return False
    return names >= TABLES
