"""Agreement: alpha as published and as a library computes it, marks side by side, and warnings on small numbers."""

import json
import math
import shutil
import sqlite3
import warnings
from contextlib import closing

import krippendorff
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from annotations.__main__ import cli
from annotations.agreement.alpha import compute_nominal_alpha, compute_unitised_alpha
from annotations.agreement.measure import FEWEST_SENTENCES, BlindMark, FinishedDebate, measure_agreement
from db.journal.entries import EntryDraft, append_entries, open_journal
from tests.support.journal_drafts import annotate

TEXT = "Be civil. Be fair. Be right. Say who you are."
BOTH = [FinishedDebate("debate", frozenset({"ada", "bob"}), (("speech", TEXT),))]
POINT = "participation-online/be-credible"

# Four people and twelve units, some of them unread: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), C
UNITS = ["111", "2223", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
# Two people, two categories, a continuum of 300: Krippendorff, Content Analysis (2nd edition, 2004), page 254
ONE = {"c": [(75, 145), (220, 250)], "k": [(30, 90), (150, 200)]}
OTHER = {"c": [(70, 150), (205, 225), (250, 270)], "k": [(30, 90), (150, 200)]}


def mark(person, words, reading="said", text=TEXT):
    start = text.index(words)
    return BlindMark(person, "speech", start, start + len(words), "doc/point", reading, f"{person}-{start}")


# --- alpha


def test_nominal_alpha_is_as_published():
    assert compute_nominal_alpha(UNITS) == pytest.approx(0.743, abs=0.0005)


def test_unitised_alpha_is_as_published():
    only_c = [{"c": spans["c"]} for spans in (ONE, OTHER)]
    assert compute_unitised_alpha(*only_c, 300) == pytest.approx(0.7286, abs=0.0001)
    assert compute_unitised_alpha({"k": ONE["k"]}, {"k": OTHER["k"]}, 300) == 1
    assert compute_unitised_alpha(ONE, OTHER, 300) == pytest.approx(0.8591, abs=0.0005)


def test_unitised_alpha_agrees_with_a_calculation_by_hand():
    """Of 10 characters one marks the first 2, the other the next 2, each in a gap of the other's: observed 8/100.

    Expected: for each of both spans 2 for the other one, and 4 for each place in the gaps of 8, 2 and 6.
    """
    expected = 2 / 10 * 2 * (2 + 4 * (7 + 1 + 5)) / (20 * 19 - 2 * 2)
    assert compute_unitised_alpha({"c": [(0, 2)]}, {"c": [(2, 4)]}, 10) == pytest.approx(1 - 0.08 / expected)


@given(st.lists(st.lists(st.sampled_from("abc") | st.none(), min_size=3, max_size=3), min_size=2, max_size=12))
def test_nominal_alpha_agrees_with_the_krippendorff_library(units):
    ours = compute_nominal_alpha([[value for value in unit if value] for unit in units])
    values = [["abc".index(unit[person]) if unit[person] else math.nan for unit in units] for person in range(3)]
    pairable = {value for unit in units if sum(map(bool, unit)) > 1 for value in unit if value}
    if len(pairable) < 2:
        assert ours is None
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert ours == pytest.approx(krippendorff.alpha(values, level_of_measurement="nominal"))


cuts = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda cut: (cut[0], sum(cut))), max_size=4)
spans = st.dictionaries(st.sampled_from("ck"), cuts, max_size=2)


@given(spans, spans)
def test_unitised_alpha_is_symmetric_and_at_most_1(one, other):
    found = compute_unitised_alpha(one, other, 50)
    assert found == compute_unitised_alpha(other, one, 50)
    assert found is None or found <= 1


@given(spans)
def test_same_marks_are_full_agreement(one):
    assert compute_unitised_alpha(one, one, 50) in (None, 1)


def test_alpha_is_none_where_nothing_can_differ():
    assert compute_nominal_alpha([]) is compute_nominal_alpha(["aa", "aa"]) is compute_nominal_alpha(["a", "b"]) is None
    assert compute_unitised_alpha({}, {"c": []}, 10) is None


# --- marks side by side


def test_agreement_lists_sentences_passages_and_disagreements():
    marks = [mark("ada", "Be civil"), mark("ada", "Be right", "implied"), mark("bob", "civil."), mark("bob", "fair")]
    [found] = measure_agreement(BOTH, marks)
    assert (found.sentences, found.marked, found.people) == (4, 3, ("ada", "bob"))
    assert [(each.words, each.readings) for each in found.disagreements] == [
        ("Be fair.", {"ada": None, "bob": "said"}),
        ("Be right.", {"ada": "implied", "bob": None}),
    ]
    [pair] = found.pairs
    assert pair[:6] == ("ada", "bob", 1, 1, 1, 1)
    assert found.nominal == pytest.approx(
        compute_nominal_alpha([["said", "said"], ["", "said"], ["implied", ""], ["", ""]])
    )


def test_another_reading_of_the_same_words_is_a_disagreement():
    [found] = measure_agreement(BOTH, [mark("ada", "Be civil"), mark("bob", "Be civil", "contradicts")])
    assert found.disagreements[0].readings == {"ada": "said", "bob": "contradicts"}
    assert (found.pairs[0].both, found.pairs[0].alike) == (1, 0)


def test_marks_in_an_unfinished_debate_do_not_count():
    alone = FinishedDebate("other", frozenset({"ada"}), (("elsewhere", TEXT),))
    marks = [mark("ada", "Be civil"), mark("ada", "Be fair")._replace(speech_id="elsewhere"), mark("cy", "Be fair")]
    [found] = measure_agreement([*BOTH, alone], marks)
    assert (found.debates, found.sentences, found.people) == (1, 4, ("ada", "bob"))


def test_three_people_are_compared_two_by_two():
    three = [BOTH[0]._replace(people=frozenset({"ada", "bob", "cy"}))]
    [found] = measure_agreement(three, [mark("ada", "Be civil")])
    assert [(pair.one, pair.other) for pair in found.pairs] == [("ada", "bob"), ("ada", "cy"), ("bob", "cy")]


def test_few_marked_sentences_give_a_warning():
    text = " ".join(f"Sentence {n} is here." for n in range(FEWEST_SENTENCES))
    read = [BOTH[0]._replace(speeches=(("speech", text),))]
    many = [mark("ada", f"Sentence {n} is", text=text) for n in range(FEWEST_SENTENCES)]
    assert [found.warning for found in measure_agreement(read, many)] == [""]
    [few] = measure_agreement(read, many[1:])
    assert few.warning.startswith(f"only {FEWEST_SENTENCES - 1} sentences are marked at all: below {FEWEST_SENTENCES}")


# --- from the journal


@pytest.fixture
def folder(tmp_path, specimen_db):
    shutil.copy(specimen_db, tmp_path / "statements.db")
    return tmp_path


def run(folder, *arguments):
    quotes = "tests/specimens/quotes"
    return CliRunner().invoke(
        cli, [*arguments, "--db-dir", str(folder)], env={"QUOTES": quotes}, catch_exceptions=False
    )


def by(person, id, exact, **fields):
    return annotate(id, person, exact, creator=person, **fields)


def test_only_marks_before_the_end_of_the_own_pass_count(folder):
    run(folder, "load")
    done = [EntryDraft(person, "done", {"debate": debate}) for person in ("ada", "bob") for debate in [_debate(folder)]]
    with closing(open_journal(folder / "journal.db")) as journal:
        seen = [by("ada", "a", "that it be fair"), by("bob", "b", "that it be civil", reading="implied")]
        late = by("bob", "late", "No official may give away")
        append_entries(journal, [draft._replace(time="2020-01-01T00:00:00Z") for draft in [*seen, *done]])
        append_entries(journal, [late._replace(time="2020-01-02T00:00:00Z")])
    told = run(folder, "agreement").output
    assert told.startswith(f"{POINT}: ada, bob\n  1 debates, ")
    assert "ada: said; bob: implied" in told
    assert "1 passages of both" not in told
    assert "warning: only 1 sentence is marked at all: below 20" in told
    [found] = [json.loads(line) for line in run(folder, "agreement", "--json", "--point", POINT).output.splitlines()]
    assert (found["marked"], len(found["disagreements"])) == (1, 1)
    assert run(folder, "agreement", "--point", "participation-online/code").output == ""


def _debate(folder):
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        return conn.execute("SELECT debate_id FROM speeches WHERE id = 'd-2008-06-22c-101-5'").fetchone()[0]


def test_agreement_needs_two_people_who_have_finished(folder):
    run(folder, "load")
    done = run(folder, "agreement")
    assert (done.exit_code, "no debate has been finished by two people" in done.output) == (0, True)
