"""What the verbs on notes say where nothing is to be entered, or something is not there."""

import json
import shutil

import pytest

from tests.support.cli import call


@pytest.mark.slow
def test_a_verb_that_enters_nothing_says_why_and_what_to_do(site_db, tmp_path):
    shutil.copy(site_db, tmp_path)
    quotes = {"QUOTES": str(site_db.parent / "quotes"), "USER": "ada"}

    def enter(*words):
        return call("annotations", *words, "--db-dir", tmp_path, **quotes)

    assert enter("withdraw", "specimen-1").returncode == 0
    assert "specimen-1 is withdrawn already" in enter("withdraw", "specimen-1").stderr
    assert enter("restore", "specimen-1").returncode == 0
    assert "specimen-1 is not withdrawn" in enter("restore", "specimen-1").stderr
    assert "there is no entry nix: dispatch-box journal log" in enter("undo", "nix").stderr
    missing = tmp_path / "none" / "x.csv"
    assert f"{missing} cannot be written" in enter("export", "--format", "csv", "--out", missing).stderr
    file = tmp_path / "notes.json"
    assert enter("export", "--format", "w3c", "--out", file).returncode == 0
    report = json.loads(enter("import", file, "--format", "w3c", "--dry-run", "--json").stdout)
    assert (report["dry_run"], report["new"], report["duplicates"] > 0) == (True, 0, True)
    (tmp_path / "statements.db").write_bytes(b"garbage, and no database at all" * 100)
    assert f"{tmp_path / 'statements.db'} is no database: delete it" in enter("load").stderr
