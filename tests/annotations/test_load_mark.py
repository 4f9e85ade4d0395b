"""A load of notes does nothing while nothing has changed, and everything once anything has."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from annotations.__main__ import cli
from annotations.cli import loading
from annotations.curated.toml_files import GUIDANCE_FOLDER
from annotations.suggesters.judge import WEIGHTS_FILE
from annotations.suggesters.rule_files import RULES_FOLDER
from db.journal.entries import EntryDraft, append_entries, open_journal
from tests.support.cli import SPECIMENS

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path, specimen_db: Path) -> Path:
    """Return a folder with the specimens' database and copies of all files that a load reads."""
    shutil.copy(specimen_db, tmp_path / "statements.db")
    for name, source in (("guidance", GUIDANCE_FOLDER), ("quotes", SPECIMENS / "quotes"), ("rules", RULES_FOLDER)):
        shutil.copytree(source, tmp_path / name)
    shutil.copy(WEIGHTS_FILE, tmp_path / "judge.json")
    with closing(sqlite3.connect(tmp_path / "statements.db")) as conn:
        conn.execute("PRAGMA application_id = 1")  # as the load of the record leaves it
    return tmp_path


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the loads that work everything out, by their marks."""
    marks: list[str] = []
    load_notes = loading.load_notes

    def count(conn, paths, judge, as_of, mark):
        marks.append(mark)
        return load_notes(conn, paths, judge, as_of, mark)

    monkeypatch.setattr(loading, "load_notes", count)
    return marks


def load(folder: Path, *options: str) -> Result:
    paths = [part for name in ("guidance", "quotes", "rules") for part in (f"--{name}", str(folder / name))]
    command = ["load", "--db-dir", str(folder), *paths, "--judge", str(folder / "judge.json"), *options]
    return CliRunner().invoke(cli, command, catch_exceptions=False)


def test_nothing_is_loaded_twice_and_the_same_is_printed(folder: Path, loads: list[str]) -> None:
    first, second = load(folder), load(folder)
    assert len(loads) == 1
    assert (first.exit_code, first.stdout, first.stderr) == (second.exit_code, second.stdout, second.stderr)
    assert first.stdout.startswith("documents 7, points 72, annotations ")
    assert load(folder, "--again").stdout == first.stdout
    assert len(loads) == 2


def test_whatever_changes_is_loaded(folder: Path, loads: list[str]) -> None:
    load(folder)
    for name in ("guidance", "rules", "quotes"):
        path = min((folder / name).glob("*.toml"))
        path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
        load(folder)
    (folder / "judge.json").write_text(WEIGHTS_FILE.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    load(folder)
    with closing(open_journal(folder / "journal.db")) as journal:
        append_entries(journal, [EntryDraft("ada", "done", {"debate": "d-2008-06-22c-101-3"})])
    load(folder)
    with closing(sqlite3.connect(folder / "statements.db")) as conn, conn:
        conn.execute("UPDATE loaded SET fingerprint = fingerprint || '+'")
    load(folder)
    assert len(loads) == 1 + 6
    assert len(set(loads)) == len(loads)
    load(folder)
    assert len(loads) == 7


def test_a_load_as_of_a_date_is_not_taken_for_today(folder: Path, loads: list[str]) -> None:
    load(folder)
    load(folder, "--as-of", "2026-11-20")
    load(folder)
    assert len(loads) == 3
