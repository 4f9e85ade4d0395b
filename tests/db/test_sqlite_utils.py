"""sqlite-utils writes the databases: what is written past it, and why; how a write begins, nests and fails."""

import ast
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from db.sqlite import begin_write, connect, get_database
from db.statements.corrections import CorrectedDays, enter_amendments
from tests.support.sources import ROOT, parse

PACKAGES = ("accounts", "annotations", "db", "dispatch_box", "export", "scrapers", "web")
WRITES = re.compile(r"\b(?:INSERT(?: OR \w+)? INTO|DELETE FROM|UPDATE|BEGIN|SAVEPOINT|COMMIT|ROLLBACK)\b(?: \w+)?")
METHODS = {"executemany", "executescript", "commit"}

BY_CONDITION = "Table.update changes one row, by its key: this changes those of a condition, and only those"
FROM_SELECT = "the rows are made by a SELECT: none passes through Python"
IN_TEMP = "a TEMP table of one connection for one page or day: sqlite-utils knows the tables of the file"
SNAPSHOT = "a deferred transaction that only reads, so that a page or a write has one state"
IN_SEARCH = "an index in memory of one search: 13 µs for each of 10 rows, and 39 with insert_all"
BULK = "rows of speeches: 18 µs each, and 38 with insert_all (20,000 speeches of the corpus)"
# Each write in SQL outside schema.sql, with the reason why it is no call of sqlite-utils. A new one fails.
REASONS = {
    ("db/archive/gaps.py", "INSERT INTO gaps"): "the conflict is one of an index of some rows (closed IS NULL)",
    ("db/archive/gaps.py", "UPDATE SET"): "the end of that INSERT",
    ("db/archive/gaps.py", "UPDATE gaps"): BY_CONDITION,
    ("db/archive/responses.py", "INSERT INTO asked"): "an upsert with a condition: a later answer is kept",
    ("db/archive/responses.py", "UPDATE SET"): "the end of that INSERT",
    ("db/archive/responses.py", "UPDATE asked"): BY_CONDITION,
    ("db/archive/responses.py", "UPDATE gaps"): BY_CONDITION,
    ("db/archive/responses.py", "UPDATE listing"): "a file that is not listed is no fault, as it is for Table.update",
    ("db/embeddings.py", "INSERT OR REPLACE INTO likeness"): "a cache of 100,000 sentences, as speeches are",
    ("db/embeddings.py", "executemany"): "a cache of 100,000 sentences, as speeches are",
    ("db/journal/backup.py", "commit"): "of the copy, which has no write-ahead log",
    ("db/journal/damage.py", "executescript"): "the schema in memory, to compare with",
    ("db/journal/entry_index.py", "BEGIN"): SNAPSHOT,
    ("db/sqlite.py", "BEGIN IMMEDIATE"): "the one beginning of every write: Database.atomic() begins deferred",
    ("db/sqlite.py", "commit"): "Database.commit, its end",
    ("db/statements/annotations.py", "INSERT INTO quote_counts"): FROM_SELECT,
    ("db/statements/annotations.py", "UPDATE suggestions"): FROM_SELECT,
    **{
        ("db/statements/as_of_tables.py", f"DELETE FROM {table}"): IN_TEMP
        for table in ("annotations", "quote_counts", "repair_list", "replies")
    },
    ("db/statements/people.py", "INSERT INTO"): "100,000 rows of the register: 3.5 µs each, and 9 with insert_all",
    ("db/statements/people.py", "UPDATE people_documents"): BY_CONDITION,
    ("db/statements/people.py", "INSERT OR IGNORE INTO temp"): IN_TEMP,
    ("db/statements/people.py", "executemany"): "the register, and the speakers of a day in a TEMP table",
    ("db/statements/resolve_people.sql", "DELETE FROM temp"): IN_TEMP,
    ("db/statements/resolve_people.sql", "INSERT OR IGNORE INTO temp"): FROM_SELECT,
    ("db/statements/resolve_people.sql", "UPDATE speeches"): FROM_SELECT,
    ("db/statements/resolve_people.sql", "UPDATE temp"): FROM_SELECT,
    ("db/statements/resolve_people.sql", "UPDATE votes"): FROM_SELECT,
    ("db/statements/row_builders.py", "INSERT INTO"): BULK,
    ("db/statements/speaker_counts.py", "INSERT INTO relevant_debates"): FROM_SELECT,
    ("db/statements/speaker_counts.py", "INSERT INTO speaker_counts"): FROM_SELECT,
    ("db/statements/speaker_counts.py", "UPDATE SET"): "the end of such an INSERT",
    (
        "db/statements/store.py",
        "INSERT INTO",
    ): "the index of a day: rebuild_fts is of all, 0.9 s for 20,000 speeches",
    ("db/statements/store.py", "INSERT INTO main"): FROM_SELECT,
    ("db/statements/store.py", "executemany"): BULK,
    ("db/statements/suggestions.py", "UPDATE suggestions"): FROM_SELECT,
    ("web/http/as_of_tables.py", "BEGIN"): SNAPSHOT,
    ("web/http/as_of_tables.py", "commit"): SNAPSHOT,
    ("web/http/reading.py", "BEGIN"): SNAPSHOT,
    ("web/http/visibility.py", "INSERT INTO temp"): IN_TEMP,
    ("web/search/guidance_matches.py", "INSERT INTO texts_fts"): IN_SEARCH,
    ("web/search/guidance_matches.py", "executemany"): IN_SEARCH,
}


def find_writes(path: Path) -> Counter[str]:
    """Count the writes in SQL in a module or script, by their first words."""
    if path.suffix == ".sql":
        return Counter(WRITES.findall(re.sub("--.*", "", path.read_text(encoding="utf-8"))))
    nodes = list(ast.walk(parse(path)))
    docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
    texts = (n.value for n in nodes if isinstance(n, ast.Constant) and n not in docstrings and isinstance(n.value, str))
    written = Counter(found for text in texts for found in WRITES.findall(" ".join(text.split())))
    return written + Counter(n.attr for n in nodes if isinstance(n, ast.Attribute) and n.attr in METHODS)


def test_every_write_past_sqlite_utils_has_its_reason():
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.suffix in (".py", ".sql"))
    found = {
        (path.relative_to(ROOT).as_posix(), write)
        for path in paths
        if path.name != "schema.sql"
        for write in find_writes(path)
    }
    assert found ^ set(REASONS) == set()


def test_sqlite_utils_comes_without_numpy_which_can_be_imported_afterwards():
    code = (
        "import sys; from db.sqlite import connect, get_database; early = 'sqlite_utils' in sys.modules;"
        "get_database(connect(':memory:')); print(early, 'sqlite_utils' in sys.modules, 'numpy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True", "False"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one table, in write-ahead mode."""
    path = tmp_path / "x.db"
    with closing(connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("CREATE TABLE words (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
    return path


def read_words(conn: sqlite3.Connection) -> list[str]:
    return [word for (word,) in conn.execute("SELECT word FROM words")]


def fail_to_write(conn: sqlite3.Connection) -> None:
    with begin_write(conn) as db:
        db.table("words").insert({"word": "lost"})
        raise KeyError


def test_a_write_holds_the_file_from_its_beginning(file):
    with (
        closing(connect(file, isolation_level=None)) as one,
        closing(connect(file, isolation_level=None, timeout=0)) as two,
        begin_write(one),
    ):
        with pytest.raises(sqlite3.OperationalError, match="locked"), begin_write(two):
            pass
        assert read_words(two) == []


def test_a_write_that_fails_changes_nothing_and_one_within_another_only_itself(file):
    with closing(connect(file, isolation_level=None)) as conn:
        with pytest.raises(KeyError):
            fail_to_write(conn)
        assert (read_words(conn), conn.in_transaction) == ([], False)
        with begin_write(conn) as db:
            db.table("words").insert({"word": "kept"})
            with pytest.raises(KeyError):
                fail_to_write(conn)
        assert (read_words(conn), conn.in_transaction) == (["kept"], False)


def test_a_table_that_is_missing_is_not_made_from_a_record(file):
    with closing(connect(file, isolation_level=None)) as conn:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            get_database(conn).table("wrods").insert({"word": "misspelt"})
        assert get_database(conn).table_names() == ["words"]


def test_an_upsert_leaves_the_schema_alone(file):
    with closing(connect(file, isolation_level=None)) as conn:
        before = conn.execute("PRAGMA schema_version").fetchone()
        get_database(conn).table("words").upsert({"word": "one"}, pk="word")
        assert conn.execute("PRAGMA schema_version").fetchone() == before


def test_sqlite_utils_finds_the_search_indexes_of_a_new_database(empty):
    db = get_database(empty)
    assert [db.table(name).detect_fts() for name in ("speeches", "debates", "topics")] == [
        "speeches_fts",
        "debates_fts",
        None,
    ]


def test_an_amendment_that_is_known_is_entered_again(empty):
    for _ in range(2):
        days = CorrectedDays(frozenset(), frozenset(), frozenset({"2020-01-02"}))
        enter_amendments(empty, [], "wrans", "2020-01-01", days)
    assert empty.execute("SELECT * FROM amended").fetchall() == [("wrans", "2020-01-02", "2020-01-01")]
