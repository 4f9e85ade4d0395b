"""statements.db: a day is replaced as one, twice is once, and search never lags behind."""

import sqlite3
from contextlib import closing, suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records.hansard import Day
from db.statements import store
from db.statements.row_builders import QuarantinedDocument, count_words
from scrapers.scope.kinds import KINDS
from scrapers.scope.topics import read_topics
from tests.support.databases import SOURCE, add_provenance, open_new_store, save

TABLES = (
    "debates",
    "speeches",
    "divisions",
    "votes",
    "redirects",
    "mentions",
    "loaded",
    "quarantine",
    "topics",
    "sources",
)
CLEAN = (
    "PRAGMA foreign_key_check",
    "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "INSERT INTO speeches_fts (speeches_fts, rank) VALUES ('integrity-check', 1)",
    "INSERT INTO debates_fts (debates_fts, rank) VALUES ('integrity-check', 1)",
)
DAYS = st.dates(date(1803, 1, 1), date(2999, 12, 31)).map(str)


def contents(conn: sqlite3.Connection) -> dict[str, list[tuple]]:
    """Every row of every table, with its rowid, in the order of the rowids."""
    tables = {table: "rowid, *" if table != "loaded" else "*" for table in TABLES}
    return {
        table: conn.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()
        for table, columns in tables.items()
    }


def hits(conn: sqlite3.Connection, words: str, table: str = "speeches") -> list[str]:
    query = (
        f"SELECT id FROM {table}_fts f JOIN {table} t ON t.rowid = f.rowid WHERE {table}_fts MATCH ? ORDER BY t.rowid"
    )
    return [id for (id,) in conn.execute(query, (words,))]


def clean(conn: sqlite3.Connection) -> bool:
    """Whether every key leads to a row, and the indexes hold what the tables hold; raises where search does not."""
    return [row for check in CLEAN for row in conn.execute(check)] == []


@pytest.fixture
def days(assembled) -> list[Day]:
    return [day for day, _ in assembled.values()]


@pytest.fixture
def reworded(assembled) -> Day:
    """The day 2009-03-08, of one debate with one speech, about marmalade."""
    day, _ = assembled["debates", "2009-03-08"]
    debate = day.debates[0]
    position, speech = debate.speeches[0]
    return day._replace(
        debates=(debate._replace(title="Jam", speeches=((position, speech._replace(text="On marmalade.")),)),)
    )


# --- twice is once


def test_saving_a_day_twice_stores_it_once(empty, days):
    save(empty, *days)
    once = contents(empty)
    save(empty, *days)
    assert contents(empty) == once
    assert clean(empty)


def test_saving_a_day_twice_in_one_transaction_stores_it_once(empty, days, reworded):
    save(empty, *days)
    once = contents(empty)
    save(empty, reworded, *days, *days)
    assert contents(empty) == once
    assert clean(empty)
    assert hits(empty, "hedges") == sorted(set(hits(empty, "hedges")), key=hits(empty, "hedges").index)


def test_days_saved_in_any_order_give_the_same_rows(empty, days, tmp_path):
    save(empty, *days)
    other = open_new_store(tmp_path / "other.db")
    for day in reversed(days):
        save(other, day)
    assert contents(other) == contents(empty)
    assert clean(other)


def test_a_replaced_day_leaves_nothing_behind(empty, days, reworded):
    save(empty, *days)
    before = contents(empty)
    save(empty, reworded)
    assert empty.execute("SELECT id FROM speeches WHERE date = '2009-03-08' AND id LIKE 'd-%'").fetchall() == [
        ("d-2009-03-08a-301-1",)
    ]
    assert hits(empty, "misprints") == []
    assert hits(empty, "marmalade") == ["d-2009-03-08a-301-1"]
    assert (hits(empty, "jam", "debates"), hits(empty, "message", "debates")) == (["d-2009-03-08a-301-0"], [])
    assert clean(empty)
    save(empty, *days)
    assert contents(empty) == before
    assert clean(empty)


def test_an_emptied_day_leaves_nothing_behind(empty, days):
    save(empty, *days)
    for day in days:
        save(empty, day._replace(debates=(), redirects=()))
    left = {
        table: rows for table, rows in contents(empty).items() if rows and table not in ("loaded", "topics", "sources")
    }
    assert left == {}
    assert hits(empty, "hedges OR the OR taskforce") == []
    assert clean(empty)


def test_an_unloaded_day_leaves_nothing_behind_and_other_days_unchanged(empty, days, tmp_path):
    save(empty, *days)
    store.unload_days(empty, [("debates", "2008-06-22"), ("wrans", "1999-01-01")])
    other = open_new_store(tmp_path / "other.db")
    save(other, *(day for day in days if (day.kind, day.date) != ("debates", "2008-06-22")))
    assert contents(empty) == contents(other)
    assert clean(empty)


# --- what is in it


def test_foreign_keys_and_search_indexes_are_consistent(statements):
    assert clean(statements)


def test_search_finds_words_by_their_stems_and_without_their_accents(statements):
    assert hits(statements, "answering") == hits(statements, "answered")
    assert hits(statements, "cafe") == ["d-2008-06-22c-103-4", "d-2008-06-22c-105-1"]
    assert hits(statements, '"bus stop"') == ["l-2008-06-29a-201-2"]
    assert hits(statements, "swan", "debates") == ["w-2008-06-29a-31-3", "s-2008-06-29a-12-0"]


def test_rows_are_in_the_order_of_the_record(statements):
    of_a_day = "SELECT d.date, d.kind, s.position FROM speeches s JOIN debates d ON d.id = s.debate_id ORDER BY s.rowid"
    places = [(date, store.KIND_ORDER.index(kind), position) for date, kind, position in statements.execute(of_a_day)]
    assert places == sorted(set(places))


def test_speeches_and_words_of_a_debate_are_counted(statements):
    counted = statements.execute(
        "SELECT debate_id, count(*), sum(words) FROM speeches GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert (
        statements.execute("SELECT id, speeches, words FROM debates WHERE speeches > 0 ORDER BY 1").fetchall()
        == counted
    )


def test_a_speech_without_a_column_is_cited_by_its_debate_s_column(empty, reworded):
    position, speech = reworded.debates[0].speeches[0]
    debate = reworded.debates[0]._replace(speeches=((position, speech._replace(column=None)),))
    save(empty, reworded._replace(debates=(debate,)))
    assert empty.execute("SELECT column, citation FROM speeches").fetchall() == [(None, "HC Deb 8 March 2009 c301")]


def test_a_division_has_its_votes_by_name(statements):
    votes = statements.execute(
        "SELECT vote, teller, count(*) FROM votes WHERE division_id = 'd-2008-06-22c-108-0' GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert votes.fetchall() == [("aye", 0, 4), ("aye", 1, 2), ("no", 0, 7), ("no", 1, 2)]
    assert statements.execute("SELECT number, ayes, noes FROM divisions ORDER BY rowid").fetchall() == [
        *(("901", 4, 7), ("1", 5, 4), ("1", 3, 4), ("12", 3, 4)),
    ]


def test_a_day_has_its_provenance(statements):
    rows = statements.execute("SELECT DISTINCT file, received FROM debates WHERE date = '2009-03-15'").fetchall()
    assert rows == [("scrapedxml/debates/debates2009-03-15a.xml", "2026-11-22T06:00:00Z")]
    assert store.read_fingerprints(statements)["debates", "2009-03-15"] == "mark"


def test_quarantined_documents_are_saved_and_removed_with_their_day(empty, days):
    name = "scrapedxml/wrans/answers1999-01-01a.xml"
    bad = QuarantinedDocument(SOURCE["id"], name, "0" * 64, "2026-11-22T06:00:00Z", "line 1: why")
    for quarantined in ([bad], [bad, bad], []):
        with store.open_write_transaction(empty) as saved:
            store.save_day(empty, saved, Day("wrans", "1999-01-01", (), ()), [], quarantined, "")
        assert len(empty.execute("SELECT * FROM quarantine").fetchall()) == len(quarantined)


# --- what is refused


def use_gid_of_another_day(reworded: Day, **changes: str) -> Day:
    """Another day whose one debate has the ids of a day that is loaded."""
    return reworded._replace(date="2009-03-09", debates=(reworded.debates[0]._replace(date="2009-03-09", **changes),))


@pytest.mark.parametrize(
    "changes", [{}, {"id": "d-2009-03-09a-1-0"}, {"gid": "uk.org.publicwhip/debate/2009-03-09a.1.0"}]
)
def test_a_gid_of_another_day_is_refused_and_changes_nothing(empty, days, reworded, changes):
    save(empty, *days)
    before = contents(empty)
    with store.open_write_transaction(empty) as saved, pytest.raises(sqlite3.IntegrityError):
        store.save_day(empty, saved, add_provenance(use_gid_of_another_day(reworded, **changes)), [], [], "mark")
    assert contents(empty) == before
    assert clean(empty)


def test_a_redirect_of_another_day_is_refused_and_the_day_stays_unchanged(empty, days, reworded):
    save(empty, *days)
    before = contents(empty)
    [taken] = [day.redirects[:1] for day in days if (day.kind, day.date) == ("debates", "2008-06-22")]
    with store.open_write_transaction(empty) as saved, pytest.raises(sqlite3.IntegrityError):
        store.save_day(empty, saved, add_provenance(reworded._replace(redirects=taken)), [], [], "mark")
    assert contents(empty) == before
    assert hits(empty, "marmalade") == []
    assert clean(empty)


def test_other_days_in_the_transaction_of_a_refused_day_are_saved(empty, days, reworded):
    with store.open_write_transaction(empty) as saved:
        store.save_day(empty, saved, add_provenance(reworded), [], [], "mark")
        with pytest.raises(sqlite3.IntegrityError):
            store.save_day(empty, saved, add_provenance(use_gid_of_another_day(reworded)), [], [], "mark")
    assert hits(empty, "marmalade") == ["d-2009-03-08a-301-1"]
    assert clean(empty)


def test_a_transaction_that_fails_leaves_nothing(empty, reworded):
    with pytest.raises(KeyError), store.open_write_transaction(empty) as saved:
        store.save_day(empty, saved, reworded, [], [], "mark")
    assert contents(empty)["speeches"] == []
    assert not empty.in_transaction


# --- opening and lists


def test_a_database_of_another_version_is_created_again_and_other_files_stay(tmp_path, days):
    first = open_new_store(tmp_path / "statements.db")
    save(first, *days)
    first.execute(f"PRAGMA user_version = {store.SCHEMA_VERSION + 1}")
    first.close()
    (tmp_path / "statements.db.bak").touch()
    again = store.open_store(tmp_path / "statements.db")
    assert again.execute("SELECT count(*) FROM speeches").fetchone() == (0,)
    assert (tmp_path / "statements.db.bak").exists()


def test_a_first_load_replaces_the_file_only_at_its_end_and_gives_the_same_as_days_added(empty, days, tmp_path):
    path = tmp_path / "new" / "statements.db"
    with closing(store.open_store(path)) as conn:
        conn.execute("INSERT INTO last_shown_entry VALUES ('id', 'hash')")
    old = path.stat().st_ino
    with suppress(KeyboardInterrupt), store.open_store_to_load(path) as conn:
        save(conn, days[0])
        raise KeyboardInterrupt
    assert (path.stat().st_ino, [file.name for file in path.parent.glob("*new*")]) == (old, [])
    with store.open_store_to_load(path) as conn:
        store.save_sources_and_topics(conn, [SOURCE], read_topics().values())
        save(conn, *days, days[0])
        assert path.stat().st_ino == old
    assert path.stat().st_ino != old
    with store.open_store_to_load(path) as conn:  # it has days now
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert conn.execute("SELECT * FROM last_shown_entry").fetchall() == [("id", "hash")]
        save(empty, *days)
        assert clean(conn)
        assert contents(conn) == contents(empty)
        schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
        assert conn.execute(schema).fetchall() == empty.execute(schema).fetchall()


def test_a_reopened_database_has_the_same_rows(tmp_path, days):
    first = open_new_store(tmp_path / "statements.db")
    save(first, *days)
    before = contents(first)
    first.close()
    assert contents(store.open_store(tmp_path / "statements.db")) == before


def test_sources_and_topics_are_replaced(empty):
    assert [row[1] for row in contents(empty)["topics"]] == ["power-of-information"]
    store.save_sources_and_topics(empty, [SOURCE | {"id": "parliament"}], [])
    assert [row[1] for row in contents(empty)["sources"]] == ["parliament"]
    assert contents(empty)["topics"] == []


# --- numbers


@given(DAYS, st.sampled_from(sorted(KINDS)), DAYS, st.sampled_from(sorted(KINDS)))
def test_first_rowids_rise_with_the_date_and_ranges_do_not_overlap(one, kind, other, another):
    first, second = store.compute_first_rowid(kind, one), store.compute_first_rowid(another, other)
    if (one, kind) == (other, another):
        assert first == second
    else:
        assert abs(first - second) >= store.ROWIDS_PER_DAY
        assert one == other or (one < other) == (first < second)
    assert 0 < first < 2**63 - store.ROWIDS_PER_DAY


def test_every_kind_has_a_place_in_the_order():
    assert sorted(store.KIND_ORDER) == sorted(
        [*KINDS, "unknown"]
    )  # what no source names, so that it can be quarantined


@pytest.mark.parametrize(
    ("text", "number"), [("", 0), ("One", 1), ("One two", 2), ("One\n\ntwo\tthree", 3), ("May\t61", 2), ("a — b", 3)]
)
def test_words_are_separated_by_white_space(text, number):
    assert count_words(text) == number


def test_words_of_every_specimen_are_counted_correctly(statements):
    rows = statements.execute("SELECT text, words FROM speeches").fetchall()
    assert [(text, number) for text, number in rows if len(text.split()) != number] == []
