"""Differences of wordings: complete, of words only, and escaped on pages."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from annotations.text.edition_diff import DifferenceCounts, WordRun, compare_editions, count_differences, has_same_words
from web.editions.view import count_words
from web.rendering.redline import render_redline

WORDS = st.lists(st.sampled_from(["a", "b", "the", "The", "10,000", "hon.", "“no”", "—", "(1)", "\n\n", "it's", "x;"]))
TEXTS = WORDS.map(" ".join) | st.text("ab'’ .,\n-“”&<", max_size=40)


def side(found, other):
    return "".join(run.text for run in found if run.kind != other)


def bare(text):
    """Remove white space and the shapes of dashes and quotation marks, which do not count as differences."""
    return re.sub(r"\s", "", text.translate(str.maketrans("‘’“”—", "''\"\"-")))


@given(TEXTS, TEXTS)
def test_both_wordings_can_be_read_from_the_runs(older, newer):
    found = compare_editions(older, newer)
    assert bare(side(found, "added")) == bare(older)
    assert bare(side(found, "removed")) == bare(newer)
    assert all(run.text for run in found)


@given(TEXTS, TEXTS)
def test_no_place_differs_in_words_if_and_only_if_the_words_are_the_same(older, newer):
    counted = count_differences(compare_editions(older, newer))
    assert (counted.places == 0) == has_same_words(older.strip(), newer.strip())
    assert (counted.places == 0) == (counted.changed == counted.added == counted.removed == 0)


@given(TEXTS)
def test_a_wording_does_not_differ_from_itself(text):
    assert count_differences(compare_editions(text, text)) == DifferenceCounts(0, 0, 0, 0, 0)
    assert "".join(run.text for run in compare_editions(text, text)) == text.strip()


@given(TEXTS, TEXTS)
def test_the_reverse_comparison_swaps_removed_and_added(older, newer):
    there, back = count_differences(compare_editions(older, newer)), count_differences(compare_editions(newer, older))
    assert there.added - there.removed == back.removed - back.added


def test_a_changed_word_stands_beside_the_one_before():
    assert compare_editions("It takes about three minutes.", "It takes 2½ minutes.") == [
        WordRun("same", "It takes "),
        WordRun("removed", "about three "),
        WordRun("added", "2½ "),
        WordRun("same", "minutes."),
    ]


@pytest.mark.parametrize(
    ("older", "newer", "counted"),
    [
        ("The Minister’s “word” – given", 'The Minister\'s "word" - given', DifferenceCounts(0, 0, 0, 0, 0)),
        ("No.\n\nNever.", "No. Never.", DifferenceCounts(0, 0, 0, 0, 0)),
        ("No, never.", "No: never.", DifferenceCounts(0, 0, 0, 0, 1)),
        ("the House", "the house", DifferenceCounts(1, 1, 0, 0, 0)),
        ("10,000 letters", "10,500 letters", DifferenceCounts(1, 1, 0, 0, 0)),
        ("One.\n\nTwo words.\n\nThree.", "One.\n\nThree.", DifferenceCounts(1, 0, 0, 2, 0)),
        ("a b c", "x b y z", DifferenceCounts(2, 2, 1, 0, 0)),
        ("", "All of it is new.", DifferenceCounts(1, 0, 5, 0, 0)),
    ],
)
def test_only_words_count_as_differences(older, newer, counted):
    assert count_differences(compare_editions(older, newer)) == counted


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        (DifferenceCounts(1, 1, 0, 0, 0), "1 word changed"),
        (DifferenceCounts(3, 2, 1, 1_200, 0), "2 words changed, 1 added and 1,200 removed"),
        (DifferenceCounts(1, 0, 0, 1, 0), "1 word removed"),
    ],
)
def test_counts_are_described_in_words(counted, told):
    assert count_words(counted) == told


def test_a_frequent_word_is_no_difference():
    assert count_differences(compare_editions("no " * 900, "no  " * 900)) == DifferenceCounts(0, 0, 0, 0, 0)


# --- on a page


def page(older, newer, whole=False):
    return BeautifulSoup(render_redline(compare_editions(older, newer), whole), "html.parser")


def test_differences_are_marked_without_colour_and_for_screen_readers():
    assert render_redline(compare_editions("one two", "one three")) == (
        '<p>one <del><span class="unseen"> [removed: </span>two<span class="unseen">] </span></del> '
        '<ins><span class="unseen"> [added: </span>three<span class="unseen">] </span></ins></p>'
    )


def test_paragraphs_stay_apart():
    shown = page("One.\n\nTwo.\n\nThree.", "One.\n\nTwo, and more.\n\nThree.")
    assert [p.get_text()[:3] for p in shown.find_all("p")] == ["One", "Two", "Thr"]


def test_long_unchanged_stretches_are_shortened_unless_the_whole_is_requested():
    long = " ".join(f"w{n}" for n in range(100))
    [skipped] = page(f"old {long} old", f"new {long} new").select(".skipped")
    assert skipped.text == "… 76 words the same …"
    assert not page(f"old {long} old", f"new {long} new", True).select(".skipped")
    assert page(f"{long} old", f"{long} new").select_one(".skipped").text == "… 88 words the same …"


def test_markup_in_a_wording_is_escaped():
    hostile = '<script>alert(1)</script> <img src=x onerror="alert(1)"> </del>'
    shown = page(hostile, f"{hostile} & <b>more</b>")
    assert {tag.name for tag in shown.find_all(True)} == {"p", "ins", "span"}
    assert "<script>alert(1)</script>" in shown.get_text()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        *(("was 5 up", "was −5 up", False), ("cost £5m", "cost $5m", False), ("by 5% of", "by 5 of", False)),
        *(("10—15 men", "10-15 men", True), ("was -5 up", "was −5 up", True), ("so—5 men", "so – 5 men", True)),
    ],
)
def test_a_sign_belongs_to_its_figure(one: str, other: str, same: bool) -> None:
    assert has_same_words(one, other) == same
