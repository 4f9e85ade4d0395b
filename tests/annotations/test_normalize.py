"""Folding: marks that nobody said are removed, and every offset maps back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.text.normalize import fold_typography

PIECES = st.sampled_from(
    (
        *("word ", "a", " ", "\n\n", "—", " - ", "’", "\u00ad", "ﬁ", "…", ". . .", "&nbsp;", "Â ", "e\u0301", "İ", "1"),
        *("\n18 Jun 2008 : Column 930\n", "[Laughter.]", " [Official Report, Vol. 478, c. 9MC.]", ".", "\U0001f4dc"),
    )
)
TEXTS = st.lists(PIECES, max_size=20).map("".join) | st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("It’s “hard–working”", "It's 'hard-working'"),
        ("young — as it is -- said", "young-as it is-said"),
        ("one\n\n two\u00a0three", "one two three"),
        ("soft\u00adly o\ufb03ce", "softly office"),
        ("better\n18 Jun 2008 : Column 930\nfor all", "better for all"),
        ("better\nColumn 930WH\nfor all", "better for all"),
        ("I ask [Interruption.], again", "I ask, again"),
        ("I ask.—[Laughter.]—Again", "I ask.Again"),
        ("he said [Official Report, 2 July 2008, Vol. 478, c. 9MC.], and", "he said, and"),
        ("[HON. MEMBERS: “Hear, hear.”] No", " No"),
        ("so … it . . . goes", "so ... it ... goes"),
        ("tea &amp; milk&nbsp;&#8212;", "tea & milk —"),
        ("whichÂ is donâ€™t", "which is don't"),
        ("cafe\u0301", "café"),
        ("He spoke in column 930 of 18 Jun 2008.", "He spoke in column 930 of 18 Jun 2008."),
        ("the Minister [Mr. Ash] said 1.5 and i.e. 2", "the Minister [Mr. Ash] said 1.5 and i.e. 2"),
    ],
)
def test_folding_removes_only_marks_that_nobody_said(text: str, folded: str) -> None:
    assert fold_typography(text).text == folded


def test_notes_and_columns_stay_on_request() -> None:
    assert (
        fold_typography("No.\n18 Jun 2008 : Column 930\n[Laughter.]", notes=True).text
        == "No. 18 Jun 2008 : Column 930 [Laughter.]"
    )


def test_words_after_a_note_begin_after_it_in_the_original() -> None:
    text = "He said [Laughter.] so\n18 Jun 2008 : Column 930\nagain"
    folded = fold_typography(text)
    said, again = folded.text.index("said"), folded.text.index("again")
    assert text[folded.find_text_start(said) : folded.find_text_end(said + 4)] == "said"
    assert text[folded.find_text_start(again) : folded.find_text_end(again + 5)] == "again"


@given(TEXTS)
def test_offsets_of_the_folded_text_map_to_the_original_in_order(text: str) -> None:
    folded = fold_typography(text)
    for lead in (folded.find_text_start, folded.find_text_end):
        places = [lead(place) for place in range(len(folded.text) + 1)]
        assert places == sorted(places)
        assert all(0 <= place <= len(text) for place in places)


@given(TEXTS)
def test_an_offset_maps_to_the_original_and_back(text: str) -> None:
    folded = fold_typography(text)
    changed = {n for start, end in zip(folded.start, folded.end, strict=True) for n in range(start, end)}
    for offset in range(len(text)):
        if offset not in changed:
            assert folded.find_text_start(folded.find_folded_offset(offset)) == offset
            assert folded.find_text_end(folded.find_folded_offset(offset) + 1) == offset + 1


@given(st.text(alphabet="ab “”’—-. \n\u00ad\ufb01\u00a0", max_size=40))
def test_folding_is_idempotent(text: str) -> None:
    once = fold_typography(text).text
    assert fold_typography(once).text == once


@given(TEXTS)
def test_the_quick_and_the_thorough_search_fold_alike(text: str) -> None:
    assert fold_typography(f"{text}|  |").text == f"{fold_typography(text).text}| |"
