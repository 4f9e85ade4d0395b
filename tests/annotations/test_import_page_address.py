"""Annotations of pages are imported: their words are found in the debate, and untagged ones get a point by option."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotations.exchange.bundle import ExchangeError
from annotations.projection.capture import capture_words_on_page
from db.journal.entries import JournalError
from db.records.annotation import Selector
from tests.support.exchange import Run

TWFY = "https://www.theyworkforyou.com"
CIVIL = Selector("that it be civil", " be right, that it be fair and ", ", and that the official say at t", 7412, 7428)
FORUM = Selector("on a forum", "An official who speaks ", " speaks for nobody")
SPEECH = "uk.org.publicwhip/debate/2008-06-22c.101.5"


@pytest.mark.parametrize(
    ("address", "words", "gid"),
    [
        (f"{TWFY}/debates/?id=2008-06-22c.101.3", CIVIL, SPEECH),
        (f"{TWFY}/debates/?id=2008-06-22c.101.5", CIVIL, SPEECH),
        (f"{TWFY}/debate/?id=2008-06-22c.101.5", CIVIL, SPEECH),
        (f"{TWFY}/debates/?id=2008-06-22c.101.7", CIVIL, SPEECH),
        (f"{TWFY}/debates/?id=2008-06-22a.101.3", CIVIL, SPEECH),
        (f"https://web.archive.org/web/2008/{TWFY}/debates/?id=2008-06-22c.101.3", CIVIL, SPEECH),
        ("http://127.0.0.1:8001/debate/d-2008-06-22c-101-3", CIVIL, SPEECH),
        ("http://127.0.0.1:8001/speech/d-2008-06-22c-101-5", CIVIL, SPEECH),
        ("https://example.org/archive/debate/d-2008-06-22c-101-3#d-2008-06-22c-101-5", CIVIL, SPEECH),
        ("d-2008-06-22c-101-3", CIVIL, SPEECH),
        (SPEECH, CIVIL, SPEECH),
        (f"{TWFY}/debates/?id=2008-06-22c.101.3", FORUM, "uk.org.publicwhip/debate/2008-06-22c.102.0"),
    ],
)
def test_words_of_a_page_are_found_in_the_speech_that_has_them(
    address: str, words: Selector, gid: str, statements: sqlite3.Connection
) -> None:
    captured = capture_words_on_page(statements, address, words)
    assert (captured.target, captured.selector.exact) == (gid, words.exact)
    assert captured.anchor.state in ("exact", "moved")


@pytest.mark.parametrize(
    ("address", "words", "reason"),
    [
        (f"{TWFY}/debates/?id=2008-06-22c.101.3", Selector("on a forum", "", ""), "speeches of the debate hold these"),
        (f"{TWFY}/debates/?id=2008-06-22c.101.3", Selector("nobody said this here", "", ""), "no speech of the debate"),
        (f"{TWFY}/debates/?id=2008-06-29c.1.1", CIVIL, "the archive has no such speech"),
        ("https://example.org/", CIVIL, "the archive has no such speech"),
    ],
)
def test_words_that_are_nowhere_or_in_several_speeches_are_refused(
    address: str, words: Selector, reason: str, statements: sqlite3.Connection
) -> None:
    with pytest.raises(JournalError, match=reason):
        capture_words_on_page(statements, address, words)


def test_a_gid_of_a_speech_means_that_speech_alone(statements: sqlite3.Connection) -> None:
    captured = capture_words_on_page(statements, "uk.org.publicwhip/debate/2008-06-22c.101.7", CIVIL)
    assert captured.anchor.state not in ("exact", "moved")


def write_file(folder: Path, specimens: Path, *tags: str, **fields: Any) -> Path:
    """Write the specimen of Hypothesis with other tags on its annotation, and none on its reply."""
    document = json.loads((specimens / "exchange" / "hypothesis.json").read_text(encoding="utf-8"))
    note, reply = document["annotations"]
    note |= {"uri": f"{TWFY}/debates/?id=2008-06-22c.101.3", "tags": [*tags], **fields}
    reply["tags"] = []
    (folder / "x.json").write_text(json.dumps(document), encoding="utf-8")
    return folder / "x.json"


def test_untagged_annotations_get_a_point_and_a_reading_by_option(specimens: Path, bare: Path, enter: Run) -> None:
    done = enter(
        write_file(bare, specimens, "manners"), "--point", "participation-online/be-credible", "--reading", "implied"
    )
    assert done.stdout == "1 new, 0 duplicates, 1 left out\n"
    assert "it is a reply without the tag stance:agrees or stance:disputes" in done.stderr
    with closing(sqlite3.connect(bare / "statements.db")) as conn:
        row = conn.execute("SELECT target, point_id, reading, anchor FROM annotations").fetchone()
    assert row == (SPEECH, "participation-online/be-credible", "implied", "exact")


def test_tags_of_an_annotation_go_before_the_options(specimens: Path, bare: Path, enter: Run) -> None:
    file = write_file(bare, specimens, "reading:said")
    assert enter(file, "--point", "participation-online/be-credible", "--reading", "implied").exit_code == 0
    with closing(sqlite3.connect(bare / "statements.db")) as conn:
        assert conn.execute("SELECT reading FROM annotations").fetchall() == [("said",)]


def test_a_note_on_a_whole_page_is_left_out(specimens: Path, bare: Path, enter: Run) -> None:
    done = enter(write_file(bare, specimens, target=[{"source": TWFY}]))
    assert (done.exit_code, done.stdout) == (0, "0 new, 0 duplicates, 2 left out\n")
    assert "it is a note on a whole page, and quotes no words" in done.stderr


def test_untagged_annotations_are_refused_without_the_options(specimens: Path, bare: Path, enter: Run) -> None:
    done = enter(write_file(bare, specimens))
    assert (done.exit_code, "the tag reading: must be one of said" in done.output) == (1, True)
    with pytest.raises(ExchangeError, match="--point and --reading are for Hypothesis"):
        enter(specimens / "exchange" / "rows.csv", "--reading", "said")
