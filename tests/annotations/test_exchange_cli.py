"""Export and import on the command line: lossless, once, all or nothing, and every fault named."""

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from annotations.cli import exchange
from annotations.cli.sql_query import QueryError, query_first_column
from annotations.exchange.bundle import ExchangeError, join_replies
from annotations.exchange.formats import FORMATS, HEAD_SIZE, recognize_format
from db.journal.entries import read_journal
from tests.support.cli import call
from tests.support.exchange import Run, export, load_folder, run

pytestmark = pytest.mark.slow

READ = [name for name, format in FORMATS.items() if format.read]
SAME = """
SELECT id, target, speech_id, point_id, reading, anchor, start, end, exact, prefix, suffix, note, creator, created, via
  FROM annotations WHERE status = 'active' ORDER BY id
"""
REPLIES = "SELECT id, annotation_id, stance, text, creator, created, via, position FROM replies ORDER BY id"
NOWHERE = "participation-online/no-such-point"
WHEN = "2008-07-01T08:30:00"
UUID = "6fa459ea-ee8a-3ca4-894e-db77e160355e"


def rows(folder: Path) -> tuple[list, list]:
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        return conn.execute(SAME).fetchall(), conn.execute(REPLIES).fetchall()


@pytest.mark.parametrize("form", READ)
def test_an_import_elsewhere_gives_the_exported_annotations(form: str, noted: Path, bare: Path, enter: Run) -> None:
    done = enter(export(noted, form, bare))
    assert done.output == "10 new, 3 new replies, 0 duplicates\n"
    assert rows(bare) == rows(noted)


@pytest.mark.parametrize("form", READ)
def test_a_file_imported_twice_is_entered_once(form: str, noted: Path, bare: Path, enter: Run) -> None:
    file = export(noted, form, bare)
    enter(file)
    before = read_journal(bare / "journal.db")
    assert enter(file).output == "0 new, 13 duplicates\n"
    assert read_journal(bare / "journal.db") == before


@pytest.mark.parametrize("form", READ)
def test_an_import_restores_annotations_withdrawn_since_the_export(
    form: str, noted: Path, bare: Path, enter: Run, nothing: Path
) -> None:
    file = export(noted, form, bare)
    enter(file)
    for id in ("specimen-1", "specimen-2"):
        assert run("withdraw", id, "--db-dir", bare, "--quotes", nothing).exit_code == 0
    assert len(rows(bare)[0]) == 8
    assert enter(file).output == "0 new, 2 restored, 11 duplicates\n"
    assert rows(bare) == rows(noted)


def test_a_dry_run_enters_nothing(noted: Path, bare: Path, enter: Run) -> None:
    done = enter(export(noted, "csv", bare), "--dry-run")
    what = "10 new, 3 new replies, 0 duplicates (a dry run: nothing was saved)\n"
    assert (done.exit_code, done.output) == (0, what)
    assert read_journal(bare / "journal.db") == []
    assert rows(bare) == ([], [])


def test_curated_quotes_are_imported_as_duplicates(
    noted: Path, tmp_path: Path, specimens: Path, specimen_db: Path
) -> None:
    folder = load_folder(tmp_path, specimen_db, specimens / "quotes")
    done = run("import", export(noted, "w3c", tmp_path), "--db-dir", folder, "--quotes", specimens / "quotes")
    assert done.output == "0 new, 13 duplicates\n"


def test_every_fault_is_named_and_the_rest_is_imported(noted: Path, bare: Path, enter: Run) -> None:
    table = list(csv.reader(io.StringIO(export(noted, "csv", bare).read_text(encoding="utf-8"), newline="")))
    at = {name: number for number, name in enumerate(table[0])}
    [first, second, third, *_] = [row for row in table[1:] if not row[at["parent"]]]
    first[at["exact"]], first[at["start"]], first[at["end"]] = "words that nobody said there", "", ""
    second[at["point"]] = NOWHERE
    third[at["created"]] = "yesterday"
    file = written(bare, table)
    done = enter(file)
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "7 new, 2 new replies, 0 duplicates, 1 not verbatim, 1 on no point, 1 wrong, 1 on nothing",
        "x.csv: line 2: not verbatim: the words are not in the text: 'words that nobody said there'",
        f"x.csv: line 3: on no point: this archive has no guidance point {NOWHERE}",
        "x.csv: line 4: wrong: annotate: created: 'yesterday' is no date: write 2008-06-23",
        "x.csv: line 7: on nothing: it answers specimen-1, and there is no such annotation, or it was refused",
        "4 refused: fix them, and import the file again",
    ]
    assert len(read_journal(bare / "journal.db")) == 9
    assert enter(export(noted, "csv", bare)).output == "3 new, 1 new replies, 9 duplicates\n"


def written(folder: Path, table: list[list[str]]) -> Path:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(table)
    (folder / "x.csv").write_bytes(file.getvalue().encode())
    return folder / "x.csv"


def test_the_same_id_with_other_content_is_a_conflict(noted: Path, bare: Path, enter: Run) -> None:
    file = export(noted, "hypothesis", bare)
    enter(file)
    export_ = json.loads(file.read_text(encoding="utf-8"))
    [reply, *_] = [node for node in export_["annotations"] if node["references"]]
    [first, *_] = [node for node in export_["annotations"] if not node["references"]]
    first["text"], reply["text"] = "Another note.", "Another answer."
    file.write_text(json.dumps(export_), encoding="utf-8")
    done = enter(file)
    assert done.exit_code == 1
    assert "0 new, 11 duplicates, 2 in conflict" in done.output
    assert "there is an annotation of this id with another note" in done.output
    assert "there is a reply of this id that says something else" in done.output


def test_the_same_id_on_other_words_is_a_conflict(noted: Path, bare: Path, enter: Run) -> None:
    file = export(noted, "csv", bare, "--query", "SELECT 'specimen-3'")
    enter(file)
    [head, row] = csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))

    def again(*table: list[str]) -> str:
        return enter(written(bare, list(table))).output

    at = {name: number for number, name in enumerate(head)}
    assert row[at["exact"]] == "that it be civil"
    row[at["exact"]], row[at["start"]], row[at["end"]] = "that it be fair", "", ""
    assert (
        "in conflict: there is an annotation of this id with another quote" in enter(written(bare, [head, row])).output
    )
    row[at["target"]] = "uk.org.publicwhip/debate/2008-06-22c.101.7"
    assert (
        "in conflict: there is an annotation of this id with another target" in enter(written(bare, [head, row])).output
    )


def test_an_export_needs_a_database(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"statements\.db does not exist yet; make it: dispatch-box scrape"):
        run("export", "--format", "csv", "--db-dir", tmp_path)


def test_words_that_are_not_in_the_speech_are_imported_only_with_an_option(noted: Path, bare: Path, enter: Run) -> None:
    text = export(noted, "hypothesis", bare).read_text(encoding="utf-8")
    (bare / "x.json").write_text(text.replace("that it be civil", "that it be courteous and kind"), encoding="utf-8")
    assert "not verbatim" in enter(bare / "x.json").output
    assert "courteous" not in str(rows(bare))
    assert enter(bare / "x.json", "--allow-changed").exit_code == 0
    with closing(sqlite3.connect(bare / "statements.db")) as conn:
        states = {state for (state,) in conn.execute("SELECT anchor FROM annotations WHERE quote LIKE '%courteous%'")}
    assert states
    assert not states & {"exact", "moved"}


@pytest.mark.parametrize(
    ("name", "id", "creator", "created", "note"),
    [
        (
            "hypothesis.json",
            "specimen0hypothesis0001",
            "D. Specimen",
            "2008-07-01T08:30:00.000000+00:00",
            "manners, again.",
        ),
        (
            "w3c.jsonld",
            UUID,
            "https://notes.example.org/people/f-specimen",
            "2008-07-01T08:30:00Z",
            "as others write it.",
        ),
        ("rows.csv", "specimen-csv-1", "H. Specimen", "2008-07", "a formula?"),
    ],
)
def test_files_of_other_programs_are_imported(
    name: str, id: str, creator: str, created: str, note: str, specimens: Path, bare: Path, enter: Run
) -> None:
    done = enter(specimens / "exchange" / name)
    assert done.exit_code == 0, done.output
    [row], answers = rows(bare)
    assert (row[0], row[12], row[13]) == (id, creator, created)
    assert row[11].endswith(f"Fictional: {note}")
    assert (row[1], row[5], row[8]) == ("uk.org.publicwhip/debate/2008-06-22c.101.5", "exact", "that it be civil")
    assert [answer[1] for answer in answers] == ([] if name == "rows.csv" else [id])


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--creator", "C. Specimen"], {"specimen-3"}),
        (["--point", "participation-online/be-credible"], {"specimen-2"}),
        (["--query", "SELECT id FROM annotations WHERE reading = 'implied' AND id = 'specimen-4'"], {"specimen-4"}),
        (["--query", "SELECT 'specimen-1' UNION SELECT 'no such id'"], {"specimen-1"}),
    ],
)
def test_an_export_has_only_the_chosen_annotations(
    options: list[str], ids: set[str], noted: Path, tmp_path: Path
) -> None:
    body = json.loads(export(noted, "hypothesis", tmp_path, *options).read_text(encoding="utf-8"))
    assert ids <= {node["id"] for node in body["annotations"] if not node["references"]}
    assert len(body["annotations"]) < 13


def test_the_debate_of_an_export_may_be_a_gid_id_or_address(noted: Path, tmp_path: Path) -> None:
    by_url = export(noted, "csv", tmp_path, "--debate", "https://www.theyworkforyou.com/debates/?id=2008-06-22c.101.3")
    rows_of = by_url.read_bytes()
    assert export(noted, "csv", tmp_path, "--debate", "d-2008-06-22c-101-3").read_bytes() == rows_of
    assert rows_of.count(b"\r\nspecimen-1,") == 1
    assert len(rows_of) < len(export(noted, "csv", tmp_path).read_bytes())


def test_addresses_in_an_export_begin_with_the_base_url(noted: Path, tmp_path: Path) -> None:
    body = export(noted, "w3c", tmp_path, "--base-url", "https://archive.example.org/").read_text(encoding="utf-8")
    assert '"https://archive.example.org/annotations/specimen-1"' in body
    assert "127.0.0.1" not in body


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("SELECT no FROM annotations", "no such column: no"),
        ("DELETE FROM annotations", "not authorized"),
        ("ATTACH '/etc/passwd' AS x", "not authorized"),
        ("PRAGMA writable_schema = 1", "not authorized"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
    ],
)
def test_a_query_may_only_read(query: str, what: str, noted: Path) -> None:
    with pytest.raises(ExchangeError, match=what):
        run("export", "--format", "csv", "--db-dir", noted, "--query", query)


def test_a_query_is_limited_in_time_and_rows(noted: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT {} FROM n"
    with pytest.raises(QueryError, match=r"it took more than 0\.01 seconds"):
        query_first_column(noted / "statements.db", endless.format("max(i)"), 10, 0.01)
    with pytest.raises(QueryError, match="it answers more than 10 rows"):
        query_first_column(noted / "statements.db", endless.format("i"), 10)


@pytest.mark.parametrize("format", ["w3c", "hypothesis", "csv", "refi"])
def test_a_file_of_any_name_is_recognized_by_its_content(format: str, noted: Path, tmp_path: Path) -> None:
    run("export", "--format", format, "--out", tmp_path / "notes", "--db-dir", noted)
    assert recognize_format((tmp_path / "notes").read_bytes()[:HEAD_SIZE]) is FORMATS[format]


def test_an_unreadable_file_is_refused_with_its_name(
    tmp_path: Path, enter: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.txt").write_text("?")
    with pytest.raises(ExchangeError, match=r"x\.txt: .* give --format w3c, hypothesis, csv, refi"):
        enter(tmp_path / "x.txt")
    (tmp_path / "x.qdc").write_text("?")
    with pytest.raises(ExchangeError, match=r"x\.qdc: REFI-QDA codebook holds no annotations"):
        enter(tmp_path / "x.qdc")
    with pytest.raises(ExchangeError, match=r"x\.txt: line 1: this is not JSON"):
        enter(tmp_path / "x.txt", "--format", "w3c")
    monkeypatch.setattr(exchange, "MAX_FILE_SIZE", 0)
    with pytest.raises(ExchangeError, match=r"x\.txt: it is larger than"):
        enter(tmp_path / "x.txt", "--format", "w3c")


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "akn"])
def test_licence_and_attribution_are_in_every_format(form: str, noted: Path, tmp_path: Path) -> None:
    body = export(noted, form, tmp_path).read_bytes()
    if form == "refi":
        body = b"".join(unzipped(body))
    assert b"Contains Parliamentary information licensed under the Open Parliament Licence v3.0." in body
    assert b"Data service provided by TheyWorkForYou." in body
    assert b"https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/" in body


def unzipped(body: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        return [opened.read(name) for name in opened.namelist()]


def test_an_unreadable_file_ends_the_command_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[")
    done = call("annotations", "import", tmp_path / "x.json", "--db-dir", tmp_path, "--actor", "ada")
    assert (done.returncode, done.stderr) == (2, "error: x.json: line 1: this is not JSON: Expecting value\n")


def test_an_export_says_how_much_it_wrote(noted: Path, tmp_path: Path) -> None:
    done = run("export", "--format", "csv", "--out", tmp_path / "x.csv", "--db-dir", noted)
    assert done.output == f"10 notes, 3 replies, {(tmp_path / 'x.csv').stat().st_size} bytes\n"
    done = run("export", "--format", "refi-codebook", "--out", tmp_path / "x.qdc", "--db-dir", noted)
    assert done.output == f"{(tmp_path / 'x.qdc').stat().st_size} bytes\n"


def test_a_lost_quote_has_no_offsets_in_any_export(site_db: Path, tmp_path: Path) -> None:
    done = run("export", "--format", "csv", "--out", tmp_path / "x.csv", "--db-dir", site_db.parent)
    assert done.output.endswith("; 1 changed or lost, without a place in the text\n")
    for form in READ:
        read = FORMATS[form].read
        assert read
        items = read(export(site_db.parent, form, tmp_path).read_bytes())
        [lost] = [each for each in join_replies(items) if each.id == "lost-1"]
        assert lost.selector.exact == "words that nobody ever said in any House"
        assert (lost.selector.start, lost.selector.end) == (None, None)
