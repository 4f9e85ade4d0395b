"""Guidance and quotes in files: read strictly, placed on the record, and checked."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from annotations.commands.archive_paths import ArchivePaths, read_curated_files
from annotations.curated.toml_files import GUIDANCE_FOLDER, QUOTES_FOLDER, CuratedError, read_guidance, read_quotes
from annotations.text.sentences import find_sentences
from tests.support.cli import SPECIMENS, XML, call

pytestmark = pytest.mark.slow

DOCUMENT = """id = "d"
title = "D"
author = "A"
published = "2008"
note = "N"
[[point]]
id = "p"
title = "P"
paraphrase = "Q"
"""
QUOTE = """[[annotation]]
id = "a"
target = "t"
exact = "e"
point = "d/p"
reading = "said"
note = "n"
creator = "c"
created = "2008"
"""


@pytest.fixture(scope="module")
def scraped_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of databases with the specimens and their annotations; do not write to it."""
    folder, parldata = tmp_path_factory.mktemp("scraped") / "db", (SPECIMENS / "parldata").as_uri()
    done = call(
        "scrapers",
        "scrape",
        *XML,
        "--db-dir",
        folder,
        "--parldata",
        parldata,
        QUOTES=str(SPECIMENS / "quotes"),
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def scraped(tmp_path: Path, scraped_once: Path) -> Path:
    """Return a copy of that folder, to be written to."""
    return shutil.copytree(scraped_once, tmp_path / "db")


@pytest.fixture(scope="session")
def on_the_record(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """Return the database of the real corpus with the project's own guidance and quotes."""
    folder = tmp_path_factory.mktemp("record")
    done = call("scrapers", "scrape", *XML, "--db-dir", folder, "--parldata", (corpus / "parldata").as_uri())
    assert done.returncode == 0, done.stderr
    return sqlite3.connect(folder / "statements.db")


def test_the_guidance_has_the_required_documents_and_points() -> None:
    documents = {document.id: document for document in read_guidance()}
    principles = [p.title for p in documents["participation-online"].points if not p.parent_id]
    assert principles[:5] == ["Be credible", "Be consistent", "Be responsive", "Be integrated", "Be a civil servant"]
    code = [p for p in documents["participation-online"].points if p.parent_id == "participation-online/code"]
    assert len(code) == 7
    values = {p.id.rpartition("/")[2] for p in documents["civil-service-code"].points}
    assert {"integrity", "honesty", "objectivity", "impartiality"} <= values
    assert {"minister-draft-points", "bbc-personal-blogs", "taskforce-report"} <= documents.keys()
    assert len(documents["minister-draft-points"].points) == 12


def test_each_of_the_posts_six_readings_is_linked_and_marked() -> None:
    [post] = [document for document in read_guidance() if document.id == "civil-servants-cleared-to-blog"]
    readings = [point for point in post.points if not point.parent_id]
    assert [point.number for point in readings] == ["R1", "R2", "R3", "R4", "R5", "R6"]
    assert all(point.reads for point in readings)
    assert {reading for point in post.points for _, reading in point.reads} == {"said", "implied"}


def test_the_quotes_of_the_post_are_on_the_record(on_the_record: sqlite3.Connection) -> None:
    quotes = dict(
        on_the_record.execute("SELECT id, exact FROM annotations WHERE via LIKE '%puffbox%' AND anchor = 'exact'")
    )
    assert quotes["puffbox-1-allowed"].startswith(
        "Our next challenge for the power of information taskforce is to develop"
    )
    assert "civil service—young people who may be junior in status—and" in quotes["puffbox-2-responsive"]
    assert quotes["puffbox-3-take-part"].endswith("their online activities as much as their offline activities")
    assert on_the_record.execute("SELECT count(*) FROM annotations WHERE anchor = 'lost'").fetchone() == (0,)


def test_the_first_comment_disputes_and_the_second_answers(on_the_record: sqlite3.Connection) -> None:
    replies = on_the_record.execute(
        "SELECT r.stance, r.creator FROM replies r JOIN annotations a ON a.id = r.annotation_id"
        " WHERE a.point_id = 'civil-servants-cleared-to-blog/r1-allowed' ORDER BY r.position"
    ).fetchall()
    assert replies[0] == ("disputes", "Marek")
    assert replies[1][0] == "agrees"


def test_every_quote_of_the_specimens_is_found(scraped: Path) -> None:
    done = call("annotations", "check", "--db-dir", scraped, QUOTES=str(SPECIMENS / "quotes"))
    assert (done.returncode, done.stdout) == (0, "10 notes, 0 changed, 0 lost\n")


def test_the_words_of_an_annotation_are_the_speakers(scraped: Path) -> None:
    conn = sqlite3.connect(scraped / "statements.db")
    rows = conn.execute(
        "SELECT exact, substr(text, start + 1, end - start) FROM annotations JOIN speeches s ON s.id = speech_id"
    )
    assert all(exact == words for exact, words in rows.fetchall())


def test_check_reports_a_quote_whose_words_are_gone_as_lost(scraped: Path, tmp_path: Path) -> None:
    quotes = shutil.copytree(SPECIMENS / "quotes", tmp_path / "quotes")
    text = (quotes / "specimen.toml").read_text()
    first = next(line for line in text.splitlines() if line.startswith("exact = "))
    (quotes / "specimen.toml").write_text(text.replace(first, 'exact = "words that nobody said"', 1))
    done = call("annotations", "check", "--db-dir", scraped, QUOTES=str(quotes))
    assert done.returncode == 1
    assert "the words are not in the text. Correct the quote" in done.stdout
    assert done.stdout.endswith("10 notes, 0 changed, 1 lost\n")


def test_check_reports_a_quote_of_a_missing_speech(scraped: Path) -> None:
    done = call("annotations", "check", "--db-dir", scraped)
    assert done.returncode == 1
    assert (
        "the archive has no such speech: uk.org.publicwhip/debate/2008-06-18d.929.6. Fetch and load that day"
        in done.stdout
    )


def test_a_second_load_changes_nothing(scraped: Path) -> None:
    conn = sqlite3.connect(scraped / "statements.db")
    tables = ("guidance_points", "annotations", "replies", "suggestions", "point_readings")
    before = [conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]
    call("annotations", "load", "--db-dir", scraped, QUOTES=str(SPECIMENS / "quotes"))
    assert [conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables] == before
    assert all(before)


def test_sentences_end_where_a_reader_expects() -> None:
    text = (
        'I say, "No." My right hon. Friend Mr. J. Ash of No. 10 said so—really! '
        "£5 was paid at 2.30 p.m. to him?\n\nA heading\n\nEnd"
    )
    assert [text[a:b] for a, b in find_sentences(text)] == [
        'I say, "No."',
        "My right hon. Friend Mr. J. Ash of No. 10 said so—really!",
        "£5 was paid at 2.30 p.m. to him?",
        "A heading",
        "End",
    ]


@pytest.mark.parametrize(
    ("document", "quote", "message"),
    [
        (
            DOCUMENT + 'colour = "red"',
            QUOTE,
            "d.toml: line 10: point p: colour is an unknown key; the keys are examples, ",
        ),
        (DOCUMENT.replace('title = "P"\n', ""), QUOTE, "d.toml: line 6: point p: title is missing"),
        (DOCUMENT + 'parent = "x"', QUOTE, "d.toml: line 10: point p: parent leads to no point: there is no point d/x"),
        (DOCUMENT.replace('"2008"', '"June"'), QUOTE, "d.toml: line 4: published 'June' is no date"),
        (DOCUMENT.replace('"2008"', '"2009-31-01"'), QUOTE, "d.toml: line 4: published '2009-31-01' is no date"),
        (DOCUMENT.replace('"2008"', "2008-06-18"), QUOTE, "d.toml: line 4: published must be text in quotation marks"),
        (DOCUMENT.replace('"d"', '"e"'), QUOTE, "d.toml: line 1: id must be the file's name, d"),
        (DOCUMENT + "number = 1", QUOTE, "d.toml: line 10: point p: number must be text in quotation marks"),
        (
            DOCUMENT + 'url = "javascript:alert(1)"',
            QUOTE,
            "d.toml: line 10: point p: url 'javascript:alert(1)' is no web",
        ),
        (
            DOCUMENT + DOCUMENT[DOCUMENT.index("[[") :],
            QUOTE,
            "d.toml: line 11: point p: id another entry has the id d/p",
        ),
        (DOCUMENT + 'id = "p"', QUOTE, "d.toml: line 10: Cannot overwrite a value"),
        ("id =", QUOTE, "d.toml: line 1: Invalid value"),
        ("id = " + "9" * 5000, QUOTE, "d.toml: Exceeds the limit"),
        ("id = " + "[" * 5000, QUOTE, "d.toml: it is nested too deeply"),
        ("point = 1", QUOTE, "d.toml: line 1: point must be [[point]], or tables in a list"),
        (
            DOCUMENT,
            QUOTE.replace("d/p", "d/q"),
            "q.toml: line 5: annotation a: point leads to no point: there is no point",
        ),
        (
            DOCUMENT,
            QUOTE.replace('"said"', '"shouted"'),
            "line 6: annotation a: reading must be one of said, implied, con",
        ),
        (DOCUMENT, QUOTE.replace('"said"', "true"), "line 6: annotation a: reading must be text in quotation marks"),
        (DOCUMENT, QUOTE.replace('"c"', '["c"]'), "line 8: annotation a: creator must be text in quotation marks"),
        (DOCUMENT, QUOTE.replace('"c"', '"c\\nd"'), "line 8: annotation a: creator must be one line"),
        (
            DOCUMENT,
            QUOTE.replace('"n"', '"n\\u0000"'),
            "line 7: annotation a: note holds U+0000 at character 2, which is no",
        ),
        (
            DOCUMENT,
            QUOTE.replace('"n"', f'"{"n" * 20_001}"'),
            "annotation a: note has 20001 characters, and may have 20000",
        ),
        (
            DOCUMENT,
            QUOTE.replace('"a"', '"a b"'),
            "q.toml: line 2: annotation a b: id 'a b' must be 1 to 300 characters",
        ),
        (DOCUMENT, QUOTE.replace('"2008"', '"22.11.2026"'), "line 9: annotation a: created '22.11.2026' is no date"),
        (
            DOCUMENT,
            QUOTE.replace('"2008"', '"2008-06-18T25:00Z"'),
            "line 9: annotation a: created '2008-06-18T25:00Z' is no",
        ),
        (DOCUMENT, QUOTE + 'start = "s"', "q.toml: line 1: annotation a: give either exact, or start and end"),
        (
            DOCUMENT,
            QUOTE + '[[annotation.reply]]\nid = "r"',
            "q.toml: line 10: annotation a: reply r: stance is missing",
        ),
        (DOCUMENT, QUOTE + QUOTE, "q.toml: line 11: annotation a: id another entry has the id a already"),
    ],
)
def test_a_fault_is_told_with_file_line_entry_and_field(
    document: str, quote: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "d.toml").write_text(document)
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "q.toml").write_text(quote)
    with pytest.raises(CuratedError) as error:
        read_quotes(tmp_path / "q", [p.id for d in read_guidance(tmp_path) for p in d.points])
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (DOCUMENT.encode("utf-16"), "d.toml: line 1: this is UTF-16: save it as UTF-8"),
        (DOCUMENT.encode() + b"# \xe9", "d.toml: line 10: this is not UTF-8: save it as UTF-8"),
        (DOCUMENT.encode() + b"\x00", "d.toml: line 10: Invalid statement"),
        (b"#" * ((4 << 20) + 1), "d.toml: it is larger than 4 MiB: split it"),
        (None, "d.toml: it is no file"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(body: bytes | None, message: str, tmp_path: Path) -> None:
    if body is None:
        os.mkfifo(tmp_path / "d.toml")
    else:
        (tmp_path / "d.toml").write_bytes(body)
    with pytest.raises(CuratedError) as error:
        read_guidance(tmp_path)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "text", [DOCUMENT.replace("\n", "\r\n"), DOCUMENT.replace(" = ", "\t=\t"), "\ufeff" + DOCUMENT]
)
def test_line_ends_tabs_and_a_byte_order_mark_are_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "d.toml").write_bytes(text.encode())
    (tmp_path / ".#d.toml").symlink_to("nowhere")  # as an editor keeps its lock
    assert [document.id for document in read_guidance(tmp_path)] == ["d"]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("guidance", "quotes", "rules")]
    for folder, text in zip(
        folders, ("id = 1\n[[point]]", QUOTE.replace('"2008"', "1"), "[[rule]]\nid = 1"), strict=True
    ):
        folder.mkdir()
        (folder / "d.toml").write_text(text)
        (folder / "e.toml").write_text("=")
    with pytest.raises(CuratedError) as error:
        read_curated_files(ArchivePaths(*folders, tmp_path))
    lines = str(error.value).splitlines()
    assert {line.partition(": ")[0] for line in lines} == {"d.toml", "e.toml"}
    assert len(lines) == 15


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    for option in ("--guidance", "--quotes", "--rules", "--db-dir"):
        for verb in ("load", "check"):
            done = call("annotations", verb, "--db-dir", tmp_path, option, tmp_path / "nope")
            assert (done.returncode, "nope" in done.stderr) == (2, True), (option, verb)
    assert not (tmp_path / "nope").exists()


def test_the_curated_files_of_the_project_are_valid() -> None:
    points = [point.id for document in read_guidance(GUIDANCE_FOLDER) for point in document.points]
    assert len(read_quotes(QUOTES_FOLDER, points)) >= 6
    assert len(read_quotes(SPECIMENS / "quotes", points)) == 10
