"""The location of a quote in a text: exact, moved, changed or lost, with evidence."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from annotations.anchoring.locate import SpeakerSegment, cut_context, locate_quote
from annotations.cli.anchor import anchor as anchor_verb
from annotations.text.word_edges import widen_to_words
from db.records.annotation import Anchor, Selector

TEXT = (
    "The Department—young as it is—said “we shall see”. It's a matter of record.\n\n"
    "My hon. Friend said it was a matter of record. I do not say that it was a matter of record; "
    "it is the hard-working\npublic service that says so."
)


def locate_in(text: str, **selector: object) -> tuple[str, str | None]:
    anchor = locate_quote(text, Selector(**selector))
    return anchor.state, text[anchor.start : anchor.end] if anchor.start is not None else None


def test_the_stored_place_is_exact_where_it_has_the_words() -> None:
    start = TEXT.index("said it")
    assert locate_quote(TEXT, Selector("said it", start=start, end=start + 7))[:3] == ("exact", start, start + 7)


def test_a_stored_place_decides_between_repeats() -> None:
    start = TEXT.rindex("a matter of record")
    assert locate_quote(TEXT, Selector("a matter of record", start=start, end=start + 18))[:2] == ("exact", start)


def test_the_stored_place_is_ignored_where_it_has_other_words() -> None:
    assert locate_in(TEXT, exact="My hon. Friend", start=0, end=14) == ("moved", "My hon. Friend")


def test_words_in_one_place_are_found() -> None:
    assert locate_in(TEXT, exact="My hon. Friend") == ("exact", "My hon. Friend")


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
def test_white_space_quote_marks_and_dashes_do_not_matter(quote: str, words: str) -> None:
    assert locate_in(TEXT, exact=quote) == ("exact", words)


@pytest.mark.parametrize(
    "quote", ["my hon. Friend", "a matter of records", "riend said it", "", "  ", "(.*)", "hard working"]
)
def test_other_words_are_lost(quote: str) -> None:
    assert locate_in(TEXT, exact=quote) == ("lost", None)


def test_repeats_are_lost_unless_their_context_decides() -> None:
    assert locate_in(TEXT, exact="a matter of record") == ("lost", None)
    assert locate_quote(TEXT, Selector("a matter of record", prefix="do not say that it was")).start == TEXT.rindex(
        "a matter"
    )
    assert locate_quote(TEXT, Selector("a matter of record", suffix=".\n\nMy hon")).start == TEXT.index("a matter")
    assert locate_in(TEXT, exact="a matter of record", prefix="said it was", suffix="; it is") == ("lost", None)


def test_the_evidence_gives_the_reason_for_a_lost_quote() -> None:
    assert "3 places" in locate_quote(TEXT, Selector("a matter of record")).evidence
    assert "are not in the text" in locate_quote(TEXT, Selector("a matter of fact")).evidence


def test_first_and_last_words_are_enough() -> None:
    assert locate_in(TEXT, head="I do not say", tail="matter of record") == (
        "exact",
        "I do not say that it was a matter of record",
    )
    assert locate_in(TEXT, head="My hon.", tail="a matter of record") == (
        "exact",
        "My hon. Friend said it was a matter of record",
    )


def test_repeated_first_words_are_lost_unless_their_prefix_decides() -> None:
    assert locate_in(TEXT, head="it was", tail="matter of record") == ("lost", None)
    assert locate_in(TEXT, head="it was", tail="matter of record", prefix="say that")[0] == "exact"


def test_last_words_before_the_first_do_not_count() -> None:
    assert locate_in(TEXT, head="public service", tail="My hon. Friend") == ("lost", None)


def test_offsets_are_code_points() -> None:
    text = "A scroll \U0001f4dc and a café, e\u0301 and all."
    assert locate_quote(text, Selector("and a café"))[:3] == ("exact", 11, 21)


def test_context_is_the_text_before_and_after() -> None:
    assert cut_context("abc", 1, 2) == ("a", "c")
    assert cut_context("x" * 40 + "quote" + "y" * 40, 40, 45) == ("x" * 32, "y" * 32)


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=60))
def test_a_found_place_always_has_the_words(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    anchor = locate_quote(text, Selector(quote))
    if anchor.state != "lost":
        letters = [c for c in quote if c.isalnum()]
        assert [c for c in text[anchor.start : anchor.end] if c.isalnum()] == letters


@given(st.text(alphabet="abc .,", min_size=1, max_size=30), st.integers(0, 29), st.integers(1, 30))
def test_whole_words_at_the_stored_place_are_exact_in_an_unchanged_text(text: str, start: int, length: int) -> None:
    quote = text[start : start + length]
    anchor = locate_quote(text, Selector(quote, start=start, end=start + len(quote)))
    if quote:
        assert anchor[:3] == _expect_whole_words(text, start, start + len(quote))


def _expect_whole_words(text: str, start: int, end: int) -> tuple[str, int, int]:
    """Return the state and place of the words of a span: a span that cuts a word is changed to whole words."""
    words = widen_to_words(text, start, end)
    return ("exact" if words == (start, end) else "changed", *words)


RECORD = (
    "I beg to move. The scheme has 450 officers, who organise the service in every county of the realm. "
    "My hon. Friend the Member for Ashford asked me about the cost. It has not risen.\n\n"
    "Does the Minister accept that the scheme has failed, and that the people know it?\n\n"
    "I accept nothing of the kind. The scheme has 320 officers, who organise the service in every town of the realm. "
    "We shall publish the figures in the spring, and the House will judge them then."
)


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        (
            "We shall publish the figures … judge them then.",
            "We shall publish the figures in the spring, and the House will judge them then.",
        ),
        ("We shall publish [...] in the spring", "We shall publish the figures in the spring"),
        ("...asked me about the cost. It has . . .", "asked me about the cost. It has"),
        ("“accept nothing of the kind [sic].”", "accept nothing of the kind."),
        ("“[W]e shall publish the fig…”", "We shall publish the fig"),
        (
            "the scheme has failed, and that the people know it? I accept nothing",
            "the scheme has failed, and that the people know it?\n\nI accept nothing",
        ),
    ],
)
def test_quotations_are_read_as_people_write_them(quote: str, words: str) -> None:
    assert locate_in(RECORD, exact=quote) == ("exact", words)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The scheme has 450 officers, who organise", "The scheme has 540 officers, who organise"),
        ("organise the service in every county", "organize the service in every county"),
        ("Does the Minister accept", "Does the Minister (Mr. Oak) accept"),
        ("We shall publish the figures", "We shall print the figures"),
    ],
)
def test_another_wording_in_the_same_place_is_changed(old: str, new: str) -> None:
    start = RECORD.index(old)
    around = cut_context(RECORD, start, start + len(old))
    anchor = locate_quote(RECORD.replace(old, new), Selector(old, *around, start, start + len(old)))
    assert (anchor.state, RECORD.replace(old, new)[anchor.start : anchor.end]) == ("changed", new)
    assert 0 < anchor.score < 1


@pytest.mark.parametrize("old", [None, RECORD])
def test_a_removed_sentence_is_not_found_in_a_similar_one(old: str | None) -> None:
    gone = "The scheme has 450 officers, who organise the service in every county of the realm."
    start = RECORD.index(gone)
    selector = Selector(gone, *cut_context(RECORD, start, start + len(gone)), start, start + len(gone))
    assert locate_quote(RECORD.replace(gone, ""), selector, old).state == "lost"


@pytest.mark.parametrize("old", [None, RECORD])
def test_a_removed_stock_phrase_is_not_found_elsewhere(old: str | None) -> None:
    start = RECORD.index("the scheme has")
    selector = Selector("the scheme has", *cut_context(RECORD, start, start + 14), start, start + 14)
    text = RECORD.replace("Does the Minister accept that the scheme has failed, and that the people know it?", "No.")
    assert locate_quote(text.replace("It has", "Cost of the scheme has"), selector, old).state == "lost"


def test_the_old_text_shows_which_of_two_similar_passages_is_gone() -> None:
    start = RECORD.rindex("organise the service in every")
    selector = Selector("organise the service in every", *cut_context(RECORD, start, start + 29), start, start + 29)
    text = RECORD.replace(RECORD[start - 50 : start + 47], "")
    assert locate_quote(text, selector, RECORD).state == "lost"


def test_the_old_text_distinguishes_an_edited_passage_from_a_similar_one() -> None:
    start = RECORD.index("who organise the service in every")
    selector = Selector("who organise the service in every", *cut_context(RECORD, start, start + 33), start, start + 33)
    text = RECORD.replace("450 officers, who organise", "450 officers, and they organise")
    anchor = locate_quote(text, selector, RECORD)
    assert (anchor.state, text[anchor.start : anchor.end]) == ("changed", "and they organise the service in every")


def test_an_old_text_is_used_only_if_it_has_the_quote() -> None:
    start = RECORD.index("It has not risen.")
    selector = Selector("It has not risen.", *cut_context(RECORD, start, start + 17), start + 3, start + 20)
    text = f"An opening. {RECORD}"
    for old in (RECORD, "Something else altogether.", None):
        assert locate_quote(text, selector, old)[:2] == ("moved", start + 12)
    bare = selector._replace(prefix="", suffix="", start=start, end=start + 17)
    assert locate_quote(text.replace("risen.", "risen at all."), bare, RECORD).state == "changed"


def test_a_whole_sentence_may_move() -> None:
    sentence = "We shall publish the figures in the spring, and the House will judge them then."
    start = RECORD.index(sentence)
    selector = Selector(sentence, *cut_context(RECORD, start, start + len(sentence)), start, start + len(sentence))
    text = f"{sentence}\n\n{RECORD.replace(sentence, '')}"
    assert locate_quote(text, selector, RECORD)[:3] == locate_quote(text, selector)[:3] == ("moved", 0, len(sentence))


def test_only_the_words_of_the_speaker_count() -> None:
    first, second = RECORD.index("Does"), RECORD.index("I accept nothing")
    spoken = [
        SpeakerSegment(0, first, "A. Ash"),
        SpeakerSegment(first, second, "B. Oak"),
        SpeakerSegment(second, len(RECORD), "A. Ash"),
    ]
    quote = Selector("the scheme has failed, and that the people know it")
    assert locate_quote(RECORD, quote, speaker="b. oak", segments=spoken).state == "exact"
    other = locate_quote(RECORD, quote, speaker="A. Ash", segments=spoken)
    assert (other.state, other.evidence) == ("lost", "someone other than A. Ash says the words")
    nobody = locate_quote(
        RECORD, Selector("nobody has ever said it here, or anywhere"), speaker="A. Ash", segments=spoken
    )
    assert nobody.evidence == "the words are not in the text"


WORDS = st.lists(
    st.sampled_from(["scheme", "hon.", "Friend", "the", "of", "450", "cost—", "“we”", "it’s", "ﬁnd"]), min_size=6
)
NOTE_MARKS = st.sampled_from(["\n\n18 Jun 2008 : Column 930\n\n", " [Interruption.] ", "\n18 Jun 2008 : Column 930W\n"])


@given(st.text(max_size=80), st.integers(0, 79), st.integers(1, 40))
def test_any_part_of_an_unchanged_text_is_found_in_its_place(text: str, start: int, length: int) -> None:
    quote = text[start : start + length]
    selector = Selector(quote, *cut_context(text, start, start + len(quote)), start, start + len(quote))
    if quote:
        assert locate_quote(text, selector)[:3] == _expect_whole_words(text, start, start + len(quote))


@given(WORDS, st.text(max_size=30), st.data())
def test_unique_words_are_found_wherever_they_moved(words: list[str], before: str, data: st.DataObject) -> None:
    text = " ".join(f"{word}{number}" for number, word in enumerate(words))
    first = data.draw(st.integers(0, len(words) - 3))
    start, end = text.index(f"{words[first]}{first}"), text.index(f"{words[first + 2]}{first + 2}") - 1
    selector = Selector(text[start:end], *cut_context(text, start, end), start, end)
    shift = len(before) + 2
    assert locate_quote(f"{before}\n\n{text}", selector)[1:3] == (start + shift, end + shift)


@given(WORDS, NOTE_MARKS, st.data())
def test_a_mark_within_a_quote_does_not_prevent_finding_it(words: list[str], mark: str, data: st.DataObject) -> None:
    quote = " ".join(words)
    at = data.draw(st.sampled_from([n for n, c in enumerate(quote) if c == " "]))
    text = f"Before it stood. {quote[:at]}{mark}{quote[at + 1 :]} And after it."
    anchor = locate_quote(text, Selector(quote))
    assert (anchor.state, anchor.start) == ("exact", 17)
    assert text[anchor.start : anchor.end] == f"{quote[:at]}{mark}{quote[at + 1 :]}"


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30), st.text(max_size=10), st.text(max_size=10))
def test_a_place_is_always_within_the_text(text: str, old: str, quote: str, prefix: str, suffix: str) -> None:
    anchor = locate_quote(text, Selector(quote, prefix, suffix), old or None)
    assert (anchor.start is None) == (anchor.end is None) == (anchor.state == "lost")
    assert anchor.start is None or 0 <= anchor.start < anchor.end <= len(text)


@given(st.lists(st.sampled_from(("alpha", "beta", "gamma", "delta", "omega")), min_size=8, max_size=40).map(" ".join))
def test_a_quote_of_other_words_is_lost(quote: str) -> None:
    assert locate_quote(RECORD, Selector(quote)).state == "lost"


@pytest.mark.parametrize("old", [None, "old"])
def test_the_real_cases_get_the_expected_anchors(corpus: Path, old: str | None) -> None:
    with gzip.open(corpus / "anchors_dev.jsonl.gz", "rt") as lines:
        cases = [json.loads(line) for number, line in enumerate(lines) if number % 4 == 0]
    wrong, right = [], 0
    for case in cases:
        selector = Selector(case["quote"], case["prefix"], case["suffix"], case["start"], case["end"])
        segments = [SpeakerSegment(**each) for each in case["segments"] or ()]
        anchor = locate_quote(case["new_text"], selector, old and case["old_text"], case["speaker"], segments)
        shared, whole = _measure_overlap(anchor, case["expected"])
        right += shared >= 0.9 * whole
        wrong += [case["id"]] if anchor.start is not None and shared < whole / 2 else []
    assert wrong == []
    assert right >= (0.99 if old else 0.985) * len(cases)


def _measure_overlap(anchor: Anchor, expected: dict | str) -> tuple[int, int]:
    """Return the length that a place and the expected one have in common, and the length of both together."""
    if expected == "orphan" or anchor.start is None:
        return int(expected == "orphan" and anchor.start is None), 1
    start, end = expected["start"], expected["end"]
    return max(0, min(anchor.end, end) - max(anchor.start, start)), max(anchor.end, end) - min(anchor.start, start)


def test_a_passage_of_a_day_is_distinguished_from_similar_ones() -> None:
    text = "\n\n".join(f"{RECORD} Speech {number}." for number in range(300))
    after = ", and the House will judge them then. Speech 200."
    anchor = locate_quote(text, Selector("We shall print the figures in the spring", "of the realm. ", after))
    assert (anchor.state, text[anchor.end :].startswith(after)) == ("changed", True)
    assert locate_quote(text, Selector("We shall print the figures in the spring")).state == "lost"


# --- the command line


def ask_command(*lines: str) -> list[dict]:
    done = CliRunner().invoke(anchor_verb, input="\n".join(lines).encode())
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_the_command_answers_line_by_line() -> None:
    known = {
        "id": 1,
        "quote": "I accept nothing",
        "prefix": "",
        "suffix": "",
        "start": None,
        "end": None,
        "text": RECORD,
    }
    first, second = ask_command(
        json.dumps(known), json.dumps({**known, "id": "b", "quote": "I accept everything there is"})
    )
    start = RECORD.index("I accept nothing")
    assert (first["id"], first["state"], first["start"], first["end"]) == (1, "exact", start, start + 16)
    assert (second["id"], second["orphan"]) == ("b", True)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("no JSON", "this line is not JSON"),
        ("[" * 100_000, "this line is not JSON"),
        ("[1]", "not a JSON object"),
        ('{"id": 3, "text": "t"}', "quote must be text"),
        ('{"quote": "q", "text": 1}', "text must be text"),
        ('{"quote": "q", "text": "t", "prefix": 2}', "prefix must be text or null"),
        ('{"quote": "q", "text": "t", "start": true, "end": 2}', "start and end must be whole numbers"),
        ('{"quote": "q", "text": "t", "start": 1}', "start and end must be whole numbers"),
        ('{"quote": "q", "text": "t", "segments": [3]}', "segments must be a list of objects"),
        ('{"quote": "q", "text": "t", "segments": [{"start": 0, "end": 1, "speaker": 4}]}', "the speaker of a segment"),
    ],
)
def test_an_invalid_line_gets_an_error_and_the_command_goes_on(line: str, message: str) -> None:
    wrong, right = ask_command(line, '{"id": 9, "quote": "q", "text": "a q"}')
    assert message in wrong["error"]
    assert (right["id"], right["start"]) == (9, 2)
