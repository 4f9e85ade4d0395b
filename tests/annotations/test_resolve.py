"""Annotations placed in today's record: exact, moved, changed or lost, and what people do about them."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from annotations.__main__ import cli
from annotations.projection import resolution as resolve
from annotations.projection.repair_list import compare_wordings
from db.journal.entries import EntryDraft, append_entries, open_journal
from db.records.annotation import Selector
from db.statements.debates import read_debate
from db.statements.store import open_store
from tests.support.cli import SPECIMENS, XML, call
from tests.support.journal_drafts import AUTHOR, SUGGESTION, annotate
from tests.support.sites import open_site
from web.guidance import queries as guidance

pytestmark = pytest.mark.slow

SPEECH = "d-2008-06-22c-101-5"
POINT = "participation-online/be-credible"
QUOTE = "so that the newest clerk in the smallest office can see what a good reply looks like"
REVISED = "so that the newest clerk in the smallest Department can see what a good reply looks like"
BEFORE = "I have asked the power of information taskforce to gather worked examples, "
TABLES = (
    "annotations",
    "replies",
    "repair_list",
    "moments",
    "decisions",
    "passes",
    "annotation_history",
    "suggestions",
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, specimen_db):
    """Return a folder of databases with the specimens and their quotes, loaded; do not write to it."""
    made = tmp_path_factory.mktemp("loaded")
    shutil.copy(specimen_db, made / "statements.db")
    run(made, "load")
    return made


@pytest.fixture
def folder(tmp_path, loaded):
    """Return a copy of that folder, to be written to."""
    return shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)


@pytest.fixture
def conn(folder):
    with closing(open_store(folder / "statements.db")) as conn:
        yield conn


def run(folder, *arguments, code=0):
    quotes = "tests/specimens/quotes"
    again = ["--again"] if arguments[0] == "load" else []  # tests change rows behind its back
    done = CliRunner().invoke(
        cli,
        [*arguments, "--db-dir", str(folder), *again],
        env={"QUOTES": quotes, "USER": "ada"},
        catch_exceptions=False,
    )
    assert done.exit_code == code, done.output
    return done.stdout


def enter(folder, *drafts):
    with closing(open_journal(folder / "journal.db")) as journal:
        return append_entries(journal, drafts)


def revise(conn, old, new):
    """Correct a speech as its source would; the old words become an edition."""
    text = conn.execute("SELECT text FROM speeches WHERE id = ?", (SPEECH,)).fetchone()[0]
    assert old in text
    values = {"speech_id": SPEECH, "source": "s", "edition": "a", "response_id": 1, "received": "2008-06-23T06:00:00Z"}
    values |= {"source_gid": "g", "text": text, "score": 1.0, "evidence": "e"}
    names = ", ".join(values)
    conn.execute(f"INSERT INTO wordings ({names}) VALUES ({', '.join('?' * len(values))})", [*values.values()])
    conn.execute("UPDATE speeches SET text = ? WHERE id = ?", (text.replace(old, new), SPEECH))


def annotation(conn, id="a"):
    cursor = conn.execute("SELECT * FROM annotations WHERE id = ?", (id,))
    return dict(zip((c[0] for c in cursor.description), cursor.fetchone(), strict=True))


def shown(conn):
    """Return the ids on the point's page: those whose wording changed, and those that are counted."""
    point = guidance.read_point(conn, POINT)
    return [one["id"] for one in point["changed"]], [one["id"] for one in point["passages"]["said"]]


def add(folder, id="a", exact=QUOTE):
    run(folder, "annotate", SPEECH, "--exact", exact, "--point", POINT, "--reading", "said", "--id", id)


# --- places


def test_an_annotation_is_entered_with_the_place_of_its_words(folder, conn):
    add(folder)
    found = annotation(conn)
    text = conn.execute("SELECT text FROM speeches WHERE id = ?", (SPEECH,)).fetchone()[0]
    assert (found["anchor"], found["exact"], found["quote"], found["score"]) == ("exact", QUOTE, QUOTE, 1)
    assert text[found["start"] : found["end"]] == QUOTE
    assert (found["actor"], found["creator"], found["origin"], found["status"]) == ("ada", "ada", "journal", "active")


def test_words_that_are_not_in_the_speech_are_refused_without_an_option(folder, conn):
    words = ("annotate", SPEECH, "--exact", "nobody ever said so here", "--point", POINT, "--reading", "said")
    with pytest.raises(Exception, match="nothing was saved"):
        run(folder, *words)
    assert not conn.execute("SELECT 1 FROM annotations WHERE origin = 'journal'").fetchone()
    run(folder, *words, "--as-is", "--id", "a")
    assert annotation(conn)["anchor"] == "lost"


@pytest.mark.parametrize("exact", [QUOTE[1:], QUOTE[1:21]])
def test_words_inside_longer_words_are_refused_with_these(folder, exact):
    with pytest.raises(Exception, match=f": '{QUOTE[:20]}"):
        run(folder, "annotate", SPEECH, "--exact", exact, "--point", POINT, "--reading", "said")


def test_the_selector_has_the_typography_of_the_speech(folder, conn):
    add(folder, exact="where it was.  No official")
    assert annotation(conn)["exact"] == "where it was. No official"


def correct_speaker(conn):
    """Correct who spoke, as the next letter of the file would; the words and their numbers stay."""
    old = "uk.org.publicwhip/debate/2008-06-22c.101.5"
    conn.execute(
        "INSERT INTO wordings (speech_id, source, edition, response_id, received, source_gid, speaker, text, score,"
        " evidence, other_speaker) SELECT id, source, edition, response_id, received, gid, 'Tilda Marsh', text, 1.0,"
        " 'its address leads here (perfectmatch)', 1 FROM speeches WHERE id = ?",
        (SPEECH,),
    )
    conn.execute("UPDATE speeches SET gid = ?, received = '9999' WHERE id = ?", (old.replace("22c", "22d"), SPEECH))


def test_a_quote_whose_speaker_was_corrected_is_changed_until_it_is_confirmed(folder, conn):
    add(folder)
    correct_speaker(conn)
    run(folder, "load")
    found = annotation(conn)
    assert (found["anchor"], found["exact"], found["score"]) == ("changed", QUOTE, 1)
    assert "Tilda Marsh was named as the speaker then" in found["evidence"]
    assert "changed, 0 lost" in run(folder, "check", code=1)
    assert "a" in shown(conn)[0]
    run(folder, "confirm", "a")
    assert annotation(conn)["target"] == "uk.org.publicwhip/debate/2008-06-22d.101.5"


def test_a_quote_of_an_address_that_never_named_another_speaker_stays_exact(folder, conn):
    add(folder)
    correct_speaker(conn)
    conn.execute("UPDATE wordings SET source_gid = 'uk.org.publicwhip/debate/2008-06-22a.101.5'")
    run(folder, "load")
    assert annotation(conn)["anchor"] == "exact"


def test_a_quote_of_a_withdrawn_speech_is_lost_with_that_reason(folder, conn):
    add(folder)
    gid = conn.execute("SELECT gid FROM speeches WHERE id = ?", (SPEECH,)).fetchone()[0]
    conn.execute(
        "INSERT INTO withdrawn_speeches (gid, kind, date, citation, text, source, edition, response_id, received,"
        " withdrawn, evidence) SELECT gid, 'debates', date, citation, text, source, edition, response_id, received,"
        " '2008-06-30T06:00:00Z', 'it is gone' FROM speeches WHERE id = ?",
        (SPEECH,),
    )
    conn.execute("UPDATE speeches SET id = 'gone', gid = 'gone' WHERE id = ?", (SPEECH,))
    run(folder, "load")
    found = annotation(conn)
    assert found["anchor"] == "lost"
    assert found["evidence"] == f"the speech was withdrawn by TheyWorkForYou on 30 June 2008: {gid}"
    assert "last words are kept" in run(folder, "check", code=1)


def test_an_annotation_follows_its_words_when_others_before_it_change(folder, conn):
    add(folder)
    before = annotation(conn)
    revise(conn, "This morning I sent", "Early this morning I sent")
    run(folder, "load")
    after = annotation(conn)
    assert (after["anchor"], after["exact"], after["start"]) == ("moved", QUOTE, before["start"] + len("Early "))


def test_the_old_edition_shows_where_the_words_were(folder, conn, monkeypatch):
    add(folder)
    revise(conn, QUOTE, REVISED)
    asked = []
    real = resolve.locate_quote

    def locate(text, selector, old_text=None):
        asked.append(old_text)
        return real(text, selector)

    monkeypatch.setattr("annotations.projection.resolution.locate_quote", locate)
    run(folder, "load")
    assert {QUOTE in old for old in asked if old} == {True}


def test_an_edition_without_the_words_is_not_used(folder, conn):
    revise(conn, QUOTE, REVISED)
    assert resolve.find_old_text(conn, SPEECH, "", Selector("nobody ever said so here")) is None
    assert QUOTE in resolve.find_old_text(conn, SPEECH, "", Selector(QUOTE))


# --- a changed wording


def test_a_changed_wording_is_listed_with_both_wordings_and_advice(folder, conn):
    add(folder)
    revise(conn, QUOTE, REVISED)
    assert "changed 1" in run(folder, "load")
    found = annotation(conn)
    assert (found["anchor"], found["exact"], found["quote"]) == ("changed", REVISED, QUOTE)
    told = run(folder, "check", code=1)
    assert "[-office -]{+Department +}" in told
    assert "notes confirm a" in told
    [row] = [json.loads(line) for line in run(folder, "check", "--json", code=1).splitlines()]
    assert (row["anchor"], row["old"], row["new"]) == ("changed", QUOTE, REVISED)
    assert conn.execute("SELECT old, new FROM repair_list").fetchall() == [(QUOTE, REVISED)]


def test_a_changed_wording_is_not_counted_until_it_is_confirmed(folder, conn):
    add(folder)
    revise(conn, QUOTE, REVISED)
    run(folder, "load")
    assert shown(conn) == (["a"], ["specimen-2"])
    run(folder, "confirm", "a", "--actor", "bob", "--reason", "Corrected on the 24th.")
    found = annotation(conn)
    assert (found["anchor"], found["exact"], found["quote"], found["confirmed_by"]) == ("exact", REVISED, QUOTE, "bob")
    assert shown(conn) == ([], ["specimen-2", "a"])
    assert run(folder, "check").endswith("11 notes, 0 changed, 0 lost\n")
    history = conn.execute(
        "SELECT kind, actor FROM annotation_history WHERE annotation_id = 'a' ORDER BY id"
    ).fetchall()
    assert history == [("annotate", "ada"), ("confirm", "bob")]


async def test_a_changed_wording_is_shown_as_changed_with_both_wordings(folder, conn, site, root):
    add(folder)
    revise(conn, QUOTE, REVISED.replace("Department", "<b>Department</b>"))
    run(folder, "load")
    served_here = open_site(folder / "statements.db")
    page = BeautifulSoup((await served_here.client.get(f"/speech/{SPEECH}")).text, "lxml")
    mark = page.select_one(".words mark.changed")
    assert "said" not in mark["class"]
    note = page.find(id=mark["aria-details"])
    assert "Wording changed" in note.text
    assert QUOTE in " ".join(note.text.split())
    assert note.find("del").text.strip() == "office"
    assert "".join(ins.text for ins in note.find_all("ins")).strip() == "<b>Department</b>"
    point = BeautifulSoup((await served_here.client.get(f"/guidance/{POINT}")).text, "lxml")
    assert point.find(id="a").find("blockquote") is None
    run(folder, "confirm", "a", "--actor", "bob")
    page = BeautifulSoup((await served_here.client.get(f"/speech/{SPEECH}")).text, "lxml")
    assert not page.select("mark.changed")  # the key names it no more either
    assert "bob confirmed on" in page.text
    assert f"The words annotated were {QUOTE}" in " ".join(page.text.split())


def test_undoing_is_an_entry_and_can_be_undone(folder, conn):
    add(folder)
    first = run(folder, "withdraw", "a").strip()
    second = run(folder, "undo", first).strip()
    assert annotation(conn)["status"] == "active"
    with pytest.raises(Exception, match="has already been undone"):
        run(folder, "undo", first)
    run(folder, "undo", second)
    assert annotation(conn)["status"] == "withdrawn"


def test_only_a_changed_wording_can_be_confirmed(folder):
    add(folder)
    with pytest.raises(Exception, match="a is exact: only a changed wording can be confirmed"):
        run(folder, "confirm", "a")


def test_a_changed_quote_can_be_repaired_or_withdrawn(folder, conn):
    add(folder)
    revise(conn, f"{BEFORE}{QUOTE}.", "")
    run(folder, "load")
    assert annotation(conn)["anchor"] == "lost"
    run(folder, "repair", "a", "--exact", "No official may give away on a forum")
    found = annotation(conn)
    assert (found["anchor"], found["exact"], found["quote"]) == ("exact", "No official may give away on a forum", QUOTE)
    run(folder, "withdraw", "a")
    assert annotation(conn)["status"] == "withdrawn"
    debate = conn.execute("SELECT debate_id FROM speeches WHERE id = ?", (SPEECH,)).fetchone()[0]
    assert "a" not in {note["id"] for note in read_debate(conn, debate).notes[SPEECH]}
    run(folder, "restore", "a")
    assert annotation(conn)["status"] == "active"


def test_a_withdrawn_annotation_needs_no_repair(folder, conn):
    add(folder)
    revise(conn, QUOTE, REVISED)
    run(folder, "withdraw", "a")
    assert run(folder, "check").endswith("10 notes, 0 changed, 0 lost\n")


def test_a_difference_is_listed_word_by_word():
    assert compare_wordings("the old\nwords here", "the new words here, too") == (
        *(("same", "the "), ("gone", "old\n"), ("new", "new "), ("same", "words here"), ("new", ", too")),
    )


# --- replies, decisions, moments and points


def test_an_annotation_of_a_file_can_be_answered_and_withdrawn(folder, conn):
    run(folder, "reply", "specimen-1", "--stance", "agrees", "--text", "So it does.", "--id", "r")
    run(folder, "withdraw", "specimen-2")
    replies = "SELECT id, position FROM replies WHERE annotation_id = 'specimen-1' ORDER BY position DESC LIMIT 1"
    assert conn.execute(replies).fetchone()[0] == "r"
    assert annotation(conn, "specimen-2")["status"] == "withdrawn"


def test_a_decision_stays_with_its_suggestion_through_every_load(folder, conn):
    key, point = conn.execute("SELECT key, point_id FROM suggestions LIMIT 1").fetchone()
    enter(folder, EntryDraft("ada", "reject", {"suggestion": key, **SUGGESTION, "point": point}))
    for _ in range(2):
        run(folder, "load")
        assert conn.execute("SELECT DISTINCT status FROM suggestions WHERE key = ?", (key,)).fetchall() == [
            ("rejected",)
        ]
    assert key not in {one["key"] for one in guidance.read_point(conn, point)["suggestions"]}


def test_a_moment_has_its_address(folder, conn):
    made = {"source": "https://video.example/1", "start": 90, "end": 95.5, "annotation": "a", **AUTHOR}
    target = annotate().payload["target"]
    enter(folder, annotate(exact=QUOTE), EntryDraft("ada", "moment", {"id": "m", "target": target, **made}))
    run(folder, "load")
    found = conn.execute("SELECT url, speech_id, annotation_id FROM moments").fetchall()
    assert found == [("https://video.example/1#t=90,95.5", SPEECH, "a")]


def test_a_point_that_guidance_no_longer_has_is_reported(folder, conn):
    enter(folder, annotate(point="participation-online/gone"))
    run(folder, "load")
    assert not conn.execute("SELECT 1 FROM annotations WHERE id = 'a'").fetchone()
    assert "journal: a: its point participation-online/gone is no longer in the guidance" in run(
        folder, "check", code=1
    )


def test_the_state_at_a_date_is_loaded(folder, conn):
    first, second = "2020-11-01T10:00:00Z", "2020-11-02T10:00:00Z"
    enter(
        folder, annotate(exact=QUOTE)._replace(time=first), EntryDraft("bob", "withdraw", {"annotation": "a"}, second)
    )
    for as_of, status in (("2020-11-01", "active"), ("2020-11-02", "withdrawn")):
        run(folder, "load", "--as-of", as_of)
        assert annotation(conn)["status"] == status
    run(folder, "load", "--as-of", "2020-10")
    assert not conn.execute("SELECT 1 FROM annotations WHERE id = 'a'").fetchone()


def test_exports_and_the_ledger_show_the_state_at_a_date(folder, conn):
    key, point = conn.execute("SELECT key, point_id FROM suggestions LIMIT 1").fetchone()
    first, second = "2020-11-01T10:00:00Z", "2020-11-02T10:00:00Z"
    decided = EntryDraft("ada", "reject", {"suggestion": key, **SUGGESTION, "point": point}, second)
    enter(
        folder, annotate(exact=QUOTE)._replace(time=first), decided, EntryDraft("bob", "withdraw", {"annotation": "a"})
    )
    run(folder, "load")
    before = [conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES]
    for as_of, there, rejected in (("2020-10", 0, 0), ("2020-11-01", 1, 0), ("2020-11-02", 1, 1)):
        file = folder / "out.csv"
        run(folder, "export", "--format", "csv", "--as-of", as_of, "--out", str(file))
        assert file.read_text(encoding="utf-8").count("\na,,") == there
        lines = json.loads(run(folder, "ledger", "--json", "--as-of", as_of))["lines"]
        assert sum(line["rejected"] for line in lines) == rejected
    assert before == [conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES]


# --- derived


def test_a_rebuild_and_an_update_give_the_same_rows(folder, conn, tmp_path, specimen_db):
    add(folder)
    run(folder, "reply", "a", "--stance", "disputes", "--text", "Not so.")
    run(folder, "withdraw", "specimen-2")
    enter(
        folder,
        EntryDraft("ada", "done", {"debate": "d-2008-06-22c-101-4"}),
        EntryDraft("ada", "withdraw", {"annotation": "nope"}),
    )
    run(folder, "load")
    (tmp_path / "new").mkdir()
    shutil.copy(specimen_db, tmp_path / "new" / "statements.db")
    shutil.copy(folder / "journal.db", tmp_path / "new" / "journal.db")
    run(tmp_path / "new", "load")
    with closing(sqlite3.connect(tmp_path / "new" / "statements.db")) as new:
        for table in TABLES:
            rows = f"SELECT * FROM {table} ORDER BY 1, 2"
            assert conn.execute(rows).fetchall() == new.execute(rows).fetchall(), table
        assert new.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_correction_upstream_is_followed_by_the_next_scrape(tmp_path):
    parldata, folder = shutil.copytree(SPECIMENS / "parldata", tmp_path / "parldata"), tmp_path / "db"
    scrape = ("scrapers", "scrape", *XML, "--db-dir", folder, "--parldata", parldata.as_uri())
    quotes = str(SPECIMENS / "quotes")
    assert call(*scrape, QUOTES=quotes).returncode == 0
    add(folder)
    for path in parldata.rglob("debates2008-06-22*.xml"):
        path.write_bytes(path.read_bytes().replace(b"smallest office can", b"smallest Department can"))
    assert call(*scrape, QUOTES=quotes).returncode == 0
    with closing(open_store(folder / "statements.db")) as conn:
        found = annotation(conn)
        assert (found["anchor"], found["exact"], found["quote"]) == ("changed", REVISED, QUOTE)
        assert resolve.find_old_text(conn, SPEECH, "", Selector(QUOTE))


def test_a_rebuild_after_a_correction_gives_the_same_rows(tmp_path):
    parldata, folder = shutil.copytree(SPECIMENS / "parldata", tmp_path / "parldata"), tmp_path / "db"
    scrape = ("scrapers", "scrape", *XML, "--db-dir", folder, "--parldata", parldata.as_uri())
    quotes = str(SPECIMENS / "quotes")
    assert call(*scrape, QUOTES=quotes).returncode == 0
    add(folder)
    new = json.loads(run(folder, "suggest", "--suggester", "rules", "--json"))["new"]
    run(folder, "accept", new[0]["key"])
    run(folder, "reject", new[-1]["key"])
    for path in parldata.rglob("debates2008-06-22*.xml"):
        path.write_bytes(path.read_bytes().replace(b"smallest office can", b"smallest Department can"))
    assert call(*scrape, QUOTES=quotes).returncode == 0
    run(folder, "confirm", "a")
    before = derived(folder)
    for file in folder.glob("statements.db*"):
        file.unlink()
    assert call(*scrape, QUOTES=quotes).returncode == 0
    assert derived(folder) == before
    again = json.loads(run(folder, "suggest", "--suggester", "rules", "--json"))
    assert not {new[0]["key"], new[-1]["key"]} & {one["key"] for one in again["new"]}
    assert (again["counts"]["accepted"], again["counts"]["rejected"]) == (1, 1)
    assert run(folder, "verify", QUOTE).startswith("Verbatim: Dorothea Quillfeather, HC Deb 22 June 2008 c101. That is")
    assert run(folder, "journal", "verify").startswith("5 entries, all unchanged")


def derived(folder):
    """Return every derived row, without the column that says if a suggestion was printed."""
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        conn.execute("UPDATE suggestions SET told = 0")
        found = {table: conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}
        conn.rollback()
    return found
