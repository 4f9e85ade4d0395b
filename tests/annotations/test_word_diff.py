"""The word diff: its stretches cover both wordings, whichever method aligns them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.text.word_diff import Method, align_words

WORDS = st.lists(st.sampled_from(["a", "b", "the", "and", "."]), max_size=20)
METHODS = st.sampled_from(["longest runs", "fewest edits"])


@given(WORDS, WORDS, METHODS)
def test_stretches_cover_both_wordings_in_order(words: list[str], others: list[str], method: Method) -> None:
    at = other_at = 0
    for each in align_words(words, others, method):
        assert (each.start, each.other_start) == (at, other_at)
        assert not each.same or words[each.start : each.end] == others[each.other_start : each.other_end]
        at, other_at = each.end, each.other_end
    assert (at, other_at) == (len(words), len(others))


@pytest.mark.parametrize(
    ("method", "same"), [("longest runs", ["white"]), ("fewest edits", ["and"])], ids=["longest runs", "fewest edits"]
)
def test_the_methods_align_words_differently(method: Method, same: list[str]) -> None:
    words, others = ["white", "and", "black"], ["black", "and", "white"]
    found = [words[each.start : each.end] for each in align_words(words, others, method) if each.same]
    assert found == [same]


def test_a_very_frequent_word_is_still_the_same() -> None:
    assert [each.same for each in align_words(["no"] * 900, ["no"] * 900, "longest runs")] == [True]
