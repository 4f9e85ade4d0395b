"""The gate: where a quote stands, provably, or that it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.anchor import context, locate
from db.records import Selector

TEXT = (
    "The Department—young as it is—said “we shall see”. It's a matter of record.\n\n"
    "My hon. Friend said it was a matter of record. I do not say that it was a matter of record; "
    "it is the hard-working\npublic service that says so."
)


def placed(text: str, **selector: object) -> tuple[str, str | None]:
    anchor = locate(text, Selector(**selector))
    return anchor.state, text[anchor.start : anchor.end] if anchor.start is not None else None


def test_the_stored_place_is_believed_where_the_words_stand_there() -> None:
    start = TEXT.index("said it")
    assert locate(TEXT, Selector("said it", start=start, end=start + 7))[:3] == ("exact", start, start + 7)


def test_a_stored_place_decides_between_repeats() -> None:
    start = TEXT.rindex("a matter of record")
    assert locate(TEXT, Selector("a matter of record", start=start, end=start + 18))[:2] == ("exact", start)


def test_the_stored_place_is_not_believed_where_other_words_stand() -> None:
    assert placed(TEXT, exact="My hon. Friend", start=0, end=14) == ("moved", "My hon. Friend")


def test_one_place_is_enough() -> None:
    assert placed(TEXT, exact="My hon. Friend") == ("exact", "My hon. Friend")


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("Department - young as it is - said", "Department—young as it is—said"),
        ("Department -- young", "Department—young"),
        ('said "we shall see"', "said “we shall see”"),
        ("It’s a matter", "It's a matter"),
        ("matter  of\n record. My hon.", "matter of record.\n\nMy hon."),
        ("hard–working public service", "hard-working\npublic service"),
    ],
)
def test_white_space_quote_marks_and_dashes_are_not_the_speakers(quote: str, words: str) -> None:
    assert placed(TEXT, exact=quote) == ("exact", words)


@pytest.mark.parametrize(
    "quote", ["my hon. Friend", "a matter of records", "riend said it", "", "  ", "(.*)", "hard working"]
)
def test_other_words_are_lost(quote: str) -> None:
    assert placed(TEXT, exact=quote) == ("lost", None)


def test_repeats_are_lost_unless_the_words_around_decide() -> None:
    assert placed(TEXT, exact="a matter of record") == ("lost", None)
    assert locate(TEXT, Selector("a matter of record", prefix="do not say that it was")).start == TEXT.rindex(
        "a matter"
    )
    assert locate(TEXT, Selector("a matter of record", suffix=".\n\nMy hon")).start == TEXT.index("a matter")
    assert placed(TEXT, exact="a matter of record", prefix="said it was", suffix="; it is") == ("lost", None)


def test_why_it_is_lost_is_said() -> None:
    assert "3 places" in locate(TEXT, Selector("a matter of record")).evidence
    assert "do not stand" in locate(TEXT, Selector("a matter of fact")).evidence


def test_first_and_last_words_are_enough() -> None:
    assert placed(TEXT, head="I do not say", tail="matter of record") == (
        "exact",
        "I do not say that it was a matter of record",
    )
    assert placed(TEXT, head="My hon.", tail="a matter of record") == (
        "exact",
        "My hon. Friend said it was a matter of record",
    )


def test_first_words_that_stand_twice_are_lost_unless_the_words_before_decide() -> None:
    assert placed(TEXT, head="it was", tail="matter of record") == ("lost", None)
    assert placed(TEXT, head="it was", tail="matter of record", prefix="say that")[0] == "exact"


def test_last_words_before_the_first_do_not_count() -> None:
    assert placed(TEXT, head="public service", tail="My hon. Friend") == ("lost", None)


def test_offsets_are_code_points() -> None:
    text = "A scroll \U0001f4dc and a café, e\u0301 and all."
    assert locate(text, Selector("and a café"))[:3] == ("exact", 11, 21)


def test_context_is_what_stands_around() -> None:
    assert context("abc", 1, 2) == ("a", "c")
    assert context("x" * 40 + "quote" + "y" * 40, 40, 45) == ("x" * 32, "y" * 32)


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=60))
def test_what_is_found_is_always_the_words(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    anchor = locate(text, Selector(quote))
    if anchor.state != "lost":
        letters = [c for c in quote if c.isalnum()]
        assert [c for c in text[anchor.start : anchor.end] if c.isalnum()] == letters


@given(st.text(alphabet="abc .,", min_size=1, max_size=30), st.integers(0, 29), st.integers(1, 30))
def test_the_stored_place_always_holds_for_an_unchanged_text(text: str, start: int, length: int) -> None:
    quote = text[start : start + length]
    anchor = locate(text, Selector(quote, start=start, end=start + len(quote)))
    if quote:
        assert anchor[:3] == ("exact", start, start + len(quote))
