"""Suggestions end to end: printed once, decided for good, made by any program, and right on the real record."""

import json
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from annotations.__main__ import cli
from annotations.anchoring.locate import locate_quote
from annotations.curated.toml_files import QUOTES_FOLDER, read_guidance, read_quotes
from annotations.suggesters import external_program as external
from annotations.suggesters.external_program import ProgramError, read_suggestions
from annotations.suggesters.rule_files import RULES_FOLDER, read_rules
from annotations.suggesters.rules import suggest_by_rules
from db.journal.entries import read_journal
from db.records.annotation import SuggesterInput
from db.records.guidance import Point
from db.references import find_references
from tests.support.cli import ROOT, SPECIMENS, call

pytestmark = pytest.mark.slow

POINT = "participation-online/code"
SPEECH = "d-2008-06-22c-101-5"
WORDS = "They leave the civil service code where it was."
TEXT = "Say so. “Not online”, he said. Not online."
SPOKEN = {"s": SuggesterInput("s", "gid", TEXT)}
JSON = st.recursive(st.none() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
ECHO = """
import json, sys
for line in sys.stdin:
    told = json.loads(line)
    if told["speech"] == "d-2008-06-22c-101-5":
        start, end = next(bounds for bounds in told["sentences"] if "code" in told["text"][bounds[0]:bounds[1]])
        point = next(point for point in told["points"] if point["title"] == "Honesty")
        print(json.dumps({"speech": told["speech"], "point": point["id"], "start": start, "end": end, "rule": "echo"}))
        print(json.dumps({"speech": told["speech"], "point": point["id"], "exact": "words that nobody said"}))
"""


@pytest.fixture(scope="module")
def loaded_folder(tmp_path_factory: pytest.TempPathFactory, specimen_db: Path) -> Path:
    """Return a folder of databases with the specimens and the project's own guidance, loaded; to be read only."""
    return rebuild(tmp_path_factory.mktemp("suggest") / "db", specimen_db)


@pytest.fixture
def folder(tmp_path: Path, loaded_folder: Path) -> Path:
    """Return a copy of the loaded folder, to be written to."""
    return Path(shutil.copytree(loaded_folder, tmp_path / "db"))


def rebuild(folder: Path, specimen_db: Path, *options: str) -> Path:
    """Delete and rebuild statements.db; the journal stays."""
    folder.mkdir(exist_ok=True)
    shutil.copy(specimen_db, folder / "statements.db")
    assert run(folder, "load", *options).exit_code == 0
    return folder


def run(folder: Path, *arguments: object) -> Result:
    quotes = ["--quotes", str(SPECIMENS / "quotes")] if arguments[0] in ("load", "accept", "reject") else []
    again = ["--again"] if arguments[0] == "load" else []  # tests change rows behind its back
    command = [*map(str, arguments), "--db-dir", str(folder), *quotes, *again]
    return CliRunner().invoke(cli, command, catch_exceptions=False)


def rules_only(folder: Path, *options: object) -> Result:
    return run(folder, "suggest", "--suggester", "rules", *options)


def program(folder: Path, code: str, *options: object) -> Result:
    command = shlex.join([sys.executable, "-c", code])
    return run(folder, "suggest", "--program", command, "--name", "echo", "--program-version", "7", *options)


def one(folder: Path, query: str, *values: object) -> tuple:
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        return conn.execute(query, values).fetchone()


def find_key(folder: Path, words: str = WORDS) -> str:
    return one(folder, "SELECT key FROM suggestions WHERE exact = ? AND point_id = ?", words, POINT)[0]


def test_new_suggestions_are_printed_once_even_across_a_load(folder: Path) -> None:
    first = rules_only(folder)
    assert WORDS in first.output
    count, likely = one(folder, "SELECT count(*), count(*) FILTER (WHERE score >= 0.5) FROM suggestions")
    assert first.output.endswith(f"{likely} new, {count} open; 0 already decided, so left out\n")
    run(folder, "load")
    again = json.loads(rules_only(folder, "--json").output)
    assert again == {"new": [], "counts": {"proposed": count}, "told": []}


def test_suggesting_for_one_debate_keeps_the_others(folder: Path) -> None:
    before = one(folder, "SELECT count(*) FROM suggestions")
    told = json.loads(rules_only(folder, "--debate", "d-2008-06-22c-101-3", "--json").output)
    assert {each["debate_id"] for each in told["new"]} == {"d-2008-06-22c-101-3"}
    assert one(folder, "SELECT count(*) FROM suggestions") == before
    assert rules_only(folder, "--debate", "d-1").exit_code == 2


def test_a_rejected_suggestion_never_comes_back(folder: Path, specimen_db: Path, tmp_path: Path) -> None:
    key = find_key(folder)
    assert run(folder, "reject", key[:10], "--actor", "ada", "--why", "off the point").exit_code == 0
    other = shutil.copytree(RULES_FOLDER, tmp_path / "rules")
    reworded = (other / "participation-online.toml").read_text().replace('all = ["@the-code"]', 'all = ["code"]', 1)
    (other / "participation-online.toml").write_text(reworded)
    rebuild(folder, specimen_db, "--rules", str(other))
    assert WORDS not in rules_only(folder, "--rules", other).output
    assert one(folder, "SELECT status FROM suggestions WHERE key = ?", key) == ("rejected",)
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        versions = conn.execute(
            "SELECT version FROM decisions UNION SELECT version FROM suggestions WHERE key = ?", [key]
        )
        assert len(versions.fetchall()) == 2


def test_a_decision_holds_in_another_edition_of_the_same_words(folder: Path) -> None:
    run(folder, "reject", find_key(folder), "--actor", "ada")
    with closing(sqlite3.connect(folder / "statements.db")) as conn, conn:
        conn.execute("UPDATE speeches SET text = replace(text, 'civil service code', 'Civil–Service\u00a0Code')")
    run(folder, "load")
    query = "SELECT status FROM suggestions WHERE exact LIKE '%Civil–Service%' AND speech_id = ?"
    assert one(folder, query, SPEECH) == ("rejected",)


def test_accepting_makes_an_annotation_and_records_the_suggester(folder: Path) -> None:
    key = find_key(folder)
    done = run(folder, "accept", key[:10], "--actor", "ada", "--reading", "implied", "--note", "by the way")
    annotate, confirm = read_journal(folder / "journal.db")
    assert (annotate.kind, confirm.kind, done.stdout) == ("annotate", "confirm", f"{confirm.id}\n")
    assert confirm.payload["suggestion"] == key
    assert (confirm.payload["rule"], confirm.payload["annotation"]) == (
        "code-of-conduct-online",
        annotate.payload["id"],
    )
    made = one(folder, "SELECT exact, reading, note, creator, anchor FROM annotations WHERE origin = 'journal'")
    assert made == (WORDS, "implied", "by the way", "ada", "exact")
    assert one(folder, "SELECT status FROM suggestions WHERE key = ?", key) == ("accepted",)
    assert (
        "rules code-of-conduct-online: 1 accepted, 0 rejected"
        in run(folder, "ledger", "--by", "suggester", "--by", "rule").output
    )


@pytest.mark.parametrize(
    ("key", "message"),
    [("zz", "there is no suggestion zz"), ("", ": give more of the key; nothing was saved")],
)
def test_an_unknown_or_ambiguous_key_is_refused(key: str, message: str, folder: Path) -> None:
    done = call("annotations", "accept", key, "--actor", "ada", "--db-dir", folder)
    assert (done.returncode, message in done.stderr) == (2, True)
    assert not (folder / "journal.db").exists()


def test_the_same_decision_is_not_entered_twice(folder: Path) -> None:
    key = find_key(folder)
    run(folder, "reject", key, "--actor", "ada")
    done = call("annotations", "reject", key, "--actor", "bob", "--db-dir", folder)
    assert done.stderr == f"error: {key} has already been rejected; nothing was saved\n"
    assert len(read_journal(folder / "journal.db")) == 1


def test_missing_packages_of_similarity_are_reported_and_the_others_run(folder: Path) -> None:
    code = "import sys; sys.modules['onnxruntime'] = None; from annotations.__main__ import main; main()"
    command = [sys.executable, "-c", code, "suggest", "--db-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert WORDS in done.stdout
    missing = "similarity is not installed: pip install '.[similarity]' in the program's folder"
    assert done.stderr == f"{missing}; the rules alone were judged\n"


def test_without_numpy_terms_and_scores_work_and_training_says_what_is_missing(folder: Path) -> None:
    code = """
import json, sys
sys.modules["numpy"] = None
from click.testing import CliRunner
from annotations.__main__ import cli
folder = sys.argv[1]
asked = (["terms", "taskforce-report/help-where-citizens-ask"], ["train", "--out", "w.json"])
for given in (*([*each, "--db-dir", folder] for each in asked), ["score"]):
    done = CliRunner().invoke(cli, given, input='{"id": "1", "text": "Civil servants may blog."}')
    print(json.dumps([done.exit_code, done.stderr, str(done.exception or "")]))
"""
    done = subprocess.run([sys.executable, "-c", code, folder], cwd=ROOT, capture_output=True, text=True, check=True)
    terms, train, score = map(json.loads, done.stdout.splitlines())
    assert terms == [0, "", ""]
    assert "similarity is not installed: pip install" in train[2]
    assert (score[0], "the rules alone were judged" in score[1]) == (0, True)


def test_missing_guidance_is_reported_with_the_remedy(tmp_path: Path) -> None:
    done = call("annotations", "suggest", "--db-dir", tmp_path)
    assert done.stderr == "error: there is no guidance in statements.db; load it: dispatch-box load\n"
    assert done.returncode == 2


# --- any program


def test_suggestions_of_a_program_are_located_too(folder: Path) -> None:
    done = program(folder, ECHO)
    assert done.exit_code == 0
    assert "echo: 1 refused, because their words are not in the speech" in done.stderr
    made = one(folder, "SELECT exact, point_id, version, rule, status FROM suggestions WHERE suggester = 'echo'")
    assert made == (WORDS, "civil-service-code/honesty", "7", "echo", "proposed")


def test_suggestions_of_a_program_stay_while_their_words_are_there(folder: Path) -> None:
    program(folder, ECHO)
    shift = "UPDATE speeches SET text = 'Order. ' || text WHERE id = ?"
    for change, count in ((shift, 1), ("UPDATE speeches SET text = 'Gone.' WHERE id = ?", 0)):
        with closing(sqlite3.connect(folder / "statements.db")) as conn, conn:
            conn.execute(change, [SPEECH])
        run(folder, "load")
        query = """SELECT count(*) FROM suggestions g JOIN speeches s ON s.id = g.speech_id
                    WHERE suggester = 'echo' AND substr(s.text, start + 1, end - start) = exact"""
        assert one(folder, query) == (count,)


def test_an_unreadable_line_is_named_and_the_others_are_used(folder: Path) -> None:
    done = program(folder, f"print('not JSON')\n{ECHO}")
    assert done.exit_code == 1
    assert "echo: line 1: Expecting value" in done.stderr
    assert one(folder, "SELECT count(*) FROM suggestions WHERE suggester = 'echo'") == (1,)


@pytest.mark.parametrize(
    ("code", "options", "message"),
    [
        (f"{ECHO}\nsys.exit(3)", (), "the program ended with exit code 3"),
        (f"{ECHO}\nsys.stdout.flush()\nimport signal\nsignal.pause()", ("--seconds", 1), "did not end in time"),
    ],
)
def test_a_program_that_fails_changes_nothing(code: str, options: tuple, message: str, folder: Path) -> None:
    program(folder, ECHO)
    before = one(folder, "SELECT * FROM suggestions WHERE suggester = 'echo'")
    done = program(folder, code, *options)
    assert done.exit_code == 1
    assert message in done.stderr
    assert "its answer was not used" in done.stderr
    assert one(folder, "SELECT * FROM suggestions WHERE suggester = 'echo'") == before


def test_a_program_with_too_much_output_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "MAX_ANSWER_BYTES", 1 << 16)
    endless = [sys.executable, "-c", "while True: print('x' * 1000)"]
    with pytest.raises(ProgramError, match="more than"):
        external.run_program(endless, SPOKEN.values(), [], 60)


def test_a_program_is_started_without_a_shell(folder: Path, tmp_path: Path) -> None:
    done = run(folder, "suggest", "--program", f"echo x; touch {tmp_path}/made", "--name", "shell")
    assert done.exit_code == 1
    assert not (tmp_path / "made").exists()
    absent = run(folder, "suggest", "--program", "/no/such/program", "--name", "absent")
    assert absent.exit_code == 1
    assert "absent: /no/such/program cannot be started" in absent.stderr


@pytest.mark.parametrize("name", ["rules", "similarity", "A b", "", "-x"])
def test_a_program_needs_a_name_of_its_own(name: str, folder: Path) -> None:
    assert run(folder, "suggest", "--program", "true", f"--name={name}").exit_code == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"speech": "t", "point": "d/p", "exact": "Say so."}', "there is no speech 't'"),
        ('{"speech": "s", "point": "d/q", "exact": "Say so."}', "there is no point 'd/q'"),
        ('{"speech": "s", "point": "d/p"}', "give exact, or start and end"),
        ('{"speech": "s", "point": "d/p", "start": 0}', "give exact, or start and end"),
        ('{"speech": "s", "point": "d/p", "start": true, "end": 3}', "start must be a whole number"),
        ('{"speech": "s", "point": "d/p", "exact": "Say so.", "score": NaN}', "score must be a number from 0 to 1"),
        ('{"speech": "s", "point": "d/p", "exact": 3}', "exact must be text"),
        ('{"speech": "s", "point": "d/p", "exact": "Say so.", "colour": "red"}', "it must be an object with"),
        ("[" * 100_000, "nest"),
        ("\x1b[31m", "Expecting value"),
    ],
)
def test_the_fault_of_a_line_is_named(line: str, message: str) -> None:
    answer = read_suggestions(f"\n{line}\n".encode(), SPOKEN, {"d/p"}, "1")
    assert answer.suggestions == []
    [wrong] = answer.faults
    assert wrong.startswith("line 2: ")
    assert message in wrong or message == "nest"
    assert wrong.isprintable()


def test_words_must_be_at_their_offsets_or_in_one_place() -> None:
    lines = [
        {"exact": "Not online"},  # in two places
        {"exact": "Not online", "prefix": "he said. "},
        {"start": 8, "end": 19, "evidence": "why\x1b[31m", "score": 0.5},
        {"start": 8, "end": 900},
        {"exact": "Not on", "start": 9, "end": 15},  # ends inside a word
    ]
    answer = read_suggestions(
        "\n".join(json.dumps({"speech": "s", "point": "d/p", **x}) for x in lines).encode(), SPOKEN, {"d/p"}, "1"
    )
    assert [(TEXT[s.start : s.end], s.start) for _, s in answer.suggestions] == [
        ("Not online", 31),
        ("“Not online", 8),
    ]
    assert answer.suggestions[1][1].evidence == "why[31m"
    assert (answer.refused, answer.faults) == (3, [])


@given(st.binary() | JSON.map(lambda told: json.dumps(told).encode()))
def test_any_output_of_a_program_is_read_without_an_error(answer: bytes) -> None:
    found = read_suggestions(answer, SPOKEN, {"d/p"}, "1")
    assert found.suggestions == []


def test_a_program_reads_one_line_for_each_speech() -> None:
    point = Point("d/p", "d", None, None, "P", "Q", None, ())
    told = json.loads(external.run_program([shutil.which("cat") or "cat"], SPOKEN.values(), [point], 60))
    assert told["points"] == [{"id": "d/p", "title": "P", "paraphrase": "Q"}]
    assert [TEXT[a:b] for a, b in told["sentences"]] == ["Say so.", "“Not online”, he said.", "Not online."]
    assert (told["speech"], told["gid"], told["text"]) == ("s", "gid", TEXT)


# --- the real record


@pytest.mark.nightly
def test_rules_find_the_curated_passages_and_little_on_days_that_are_about_something_else(
    corpus_db: sqlite3.Connection,
) -> None:
    points = [point.id for document in read_guidance() for point in document.points]
    rules = read_rules(RULES_FOLDER, points)
    texts = dict(corpus_db.execute("SELECT id, text FROM speeches WHERE text <> ''"))
    found = {id: list(suggest_by_rules(text, rules)) for id, text in texts.items()}
    hits = total = 0
    for quote in read_quotes(QUOTES_FOLDER, points):
        [speech] = [each.speech_id for each in find_references(corpus_db, quote.target) if each.speech_id]
        place = locate_quote(texts[speech], quote.selector)
        assert place.start is not None
        assert place.end is not None
        total += 1
        hits += any(s.point_id == quote.point_id and s.start < place.end and place.start < s.end for s in found[speech])
    assert hits >= 0.8 * total
    elsewhere = [s for id, made in found.items() if "2008-06-18" not in id for s in made]
    assert len(texts) > 4000
    assert len(elsewhere) <= 30  # of 28,000 sentences: nearly all are to the point


# --- the judge, from the command line


def test_sentences_of_other_programs_are_judged_in_their_order() -> None:
    lines = [
        {"id": "1", "text": "Civil servants must be impartial.", "speech": "a"},
        {"id": "2", "text": "Sugar beet is dear.", "speech": "a"},
        {"id": "3", "text": "We value the civil service. The code binds its members online.", "speech": "b"},
    ]
    given = "\n".join(map(json.dumps, lines))
    done = CliRunner().invoke(cli, ["score", "--rules-only"], input=given, catch_exceptions=False)
    first, second, _ = map(json.loads, done.output.splitlines())
    assert (first["id"], second["id"]) == ("1", "2")
    assert first["points"][0]["point"] == "civil-service-code/impartiality"
    assert first["points"][0]["p"] > 0.5 > second["points"][0]["p"]
    assert "rule impartial-service: “Civil servants”, “impartial”" in first["points"][0]["evidence"]
    assert len(first["points"]) == len([point for document in read_guidance() for point in document.points])
    bad = CliRunner().invoke(cli, ["score", "--rules-only"], input="{}\n")
    assert (bad.exit_code, "line 1: it must be an object with id and text" in bad.output) == (1, True)


def test_words_that_rules_might_need_are_listed(folder: Path) -> None:
    point = "taskforce-report/help-where-citizens-ask"
    listed = json.loads(run(folder, "terms", point, "--json").output)
    assert set(listed) == {"missed", "terms"}
    assert run(folder, "terms", point).output.startswith(f"no sentence is known to be about {point}: accept")
    [quoted] = one(folder, "SELECT point_id FROM annotations ORDER BY id LIMIT 1")
    assert f"about {quoted}; its rules find" in run(folder, "terms", quoted).output
    assert run(folder, "terms", "no/point").exit_code == 2


def test_the_judge_learns_only_from_enough_decisions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnxruntime", reason="similarity is not installed: make setup")
    few = call("annotations", "train", "--out", folder / "w.json", "--db-dir", folder)
    assert (few.returncode, "the judge learns from 100 on" in few.stderr) == (2, True)
    run(folder, "reject", find_key(folder), "--actor", "ada")
    other = one(folder, "SELECT key FROM suggestions WHERE status = 'proposed' ORDER BY score DESC LIMIT 1")[0]
    run(folder, "accept", other, "--actor", "ada", "--reading", "said")
    monkeypatch.setattr("annotations.cli.train.MIN_JUDGEMENTS", 2)
    for name in ("one.json", "other.json"):
        learned = run(folder, "train", "--out", folder / name)
        assert learned.exit_code == 0, learned.output
    assert (folder / "one.json").read_bytes() == (folder / "other.json").read_bytes()
    made = rules_only(folder, "--judge", folder / "one.json", "--json")
    assert made.exit_code == 0
    version = one(folder, "SELECT version FROM suggestions WHERE status = 'proposed' LIMIT 1")[0]
    assert f"version {version.partition('+')[2]};" in learned.output.replace("other.json", "one.json")
