"""Which turns of two tellings are one, on what evidence; and which are left in doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records.hansard import Debate, Division, Speech
from scrapers.load.match_speeches import SURE_SCORE, find_counterpart, pair_turns
from scrapers.load.same_turn import DOUBTFUL_SCORE
from tests.support.turns import BRIDGE, FERRY, HEDGES, PAGE, SWAN, by_member, find_no_person, turn


def told(*turns: Speech | Division, title: str = "Hedges", section: str | None = None) -> Debate:
    usual = dict.fromkeys(Debate._fields, None)
    speeches = tuple(enumerate(turns, 2))
    return Debate(**{**usual, "title": title, "section_id": section, "speeches": speeches, "gid": f"g-{title}"})


def ours(*texts: str) -> list[Speech]:
    return [turn(f"ours-{n}", text) for n, text in enumerate(texts)]


def theirs(*texts: str) -> list[Speech]:
    return [turn(f"theirs-{n}", text) for n, text in enumerate(texts)]


def places(pairs: list) -> list[tuple[int, int]]:
    return [(pair.ours, pair.theirs) for pair in pairs if pair.score >= SURE_SCORE]


def test_turns_with_the_same_number_are_paired_whatever_their_words():
    one = turn("x", HEDGES, hansard_url=f"{PAGE}08062214000843")
    other = turn("y", FERRY, turn_id="08062214000843", paragraph_id="08062214000041")
    [pair] = pair_turns([one], [other], find_no_person)
    assert (pair.score, pair.evidence) == (1.0, "the same number of the turn 08062214000843")


NUMBER = {"turn_id": "08062214000843"}
TILDA, OSWIN = {"speaker": "Tilda Marsh"}, {"speaker": "Oswin Reed"}


@pytest.mark.parametrize(
    ("words", "other", "speaker", "sure"),
    [
        (HEDGES, FERRY, TILDA, True),
        (HEDGES, HEDGES, OSWIN, True),
        (HEDGES, HEDGES.replace("are in hand", "are well in hand"), OSWIN, True),
        (HEDGES, FERRY, {"speaker": "Miss Marsh"}, True),
        (HEDGES, FERRY, OSWIN, False),
        (HEDGES, FERRY, {"speaker": None}, False),
        ("Yes.", "No.", OSWIN, False),
        ("Yes.", "Yes.", OSWIN, True),
        ("Order.", HEDGES, OSWIN, False),
    ],
)
def test_a_number_alone_is_a_doubt_where_speaker_and_words_both_differ(words, other, speaker, sure):
    [pair] = pair_turns([turn("x", words, **NUMBER, **TILDA)], [turn("y", other, **NUMBER, **speaker)], find_no_person)
    assert (pair.score >= SURE_SCORE) is sure
    assert pair.evidence.startswith("the same number of the turn 08062214000843")
    assert pair.evidence.endswith("and in other words") is not sure


def test_a_turn_with_the_number_of_another_is_paired_by_its_words():
    mine = [turn("x", HEDGES, **TILDA), turn("y", FERRY, **NUMBER, **OSWIN)]
    [pair] = pair_turns(mine, [turn("z", HEDGES, **NUMBER, **TILDA)], find_no_person)
    assert (pair.ours, pair.score) == (0, 1.0)


def test_the_two_numbers_of_a_turn_are_never_confused():
    one = turn("x", HEDGES, turn_id="08062214000041")
    other = turn("y", BRIDGE, paragraph_id="08062214000041")
    assert pair_turns([one], [other], find_no_person) == []


def test_turns_with_small_changes_are_paired():
    [pair] = pair_turns(ours(HEDGES), theirs(HEDGES.replace("before the", "before that the")), find_no_person)
    assert pair.score > SURE_SCORE
    assert "of the words alike" in pair.evidence


def test_an_additional_turn_does_not_shift_the_other_pairs():
    pairs = pair_turns(ours(HEDGES, BRIDGE, SWAN), theirs(HEDGES, FERRY, BRIDGE, SWAN), find_no_person)
    assert places(pairs) == [(0, 0), (1, 2), (2, 3)]


def test_repeated_words_are_paired_in_order():
    pairs = pair_turns(ours("Order.", HEDGES, "Order."), theirs("Order.", HEDGES, "Order."), find_no_person)
    assert places(pairs) == [(0, 0), (1, 1), (2, 2)]


def test_short_words_more_frequent_in_one_source_are_a_doubt():
    [pair, _] = pair_turns(ours("Order.", HEDGES), theirs("Order.", "Order.", HEDGES), find_no_person)
    assert DOUBTFUL_SCORE <= pair.score < SURE_SCORE
    assert "not said as often" in pair.evidence


def test_the_same_words_of_another_person_are_a_doubt():
    one, other = turn("x", HEDGES, member_id="person/1"), turn("y", HEDGES, member_id="person/2")
    [pair] = pair_turns([one], [other], by_member)
    assert pair.score < SURE_SCORE
    assert pair.evidence.endswith("of person/1 here and of person/2 there")


def test_much_changed_words_of_the_same_person_are_paired():
    changed = HEDGES.replace("will be cut before the swans come back in March", "have been cut")
    one, other = turn("x", HEDGES, member_id="person/1"), turn("y", changed, member_id="person/1")
    assert places(pair_turns([one], [other], find_no_person)) == []
    assert places(pair_turns([one], [other], by_member)) == [(0, 0)]


def test_a_question_is_paired_by_its_number():
    changed = HEDGES.replace("will be cut before the swans come back in March", "have been cut")
    one, other = turn("x", HEDGES, question_number="990207"), turn("y", changed, question_number="990207")
    [pair] = pair_turns([one], [other], find_no_person)
    assert (pair.score >= SURE_SCORE, "question 990207" in pair.evidence) == (True, True)


def test_divisions_are_paired_by_number_or_by_count():
    def division(gid: str, number: str, noes: int) -> Division:
        return Division(gid, number, 211, noes, (), None, None, None)

    first, second = division("a", "12", 190), division("b", "13", 5)
    assert places(pair_turns([first, second], [division("c", "13", 6), division("d", "x", 190)], find_no_person)) == [
        (0, 1),
        (1, 0),
    ]


def test_a_section_is_found_by_parliament_s_id():
    sections = [told(*ours(HEDGES), title="One", section="08062214000015"), told(*ours(FERRY), title="Two")]
    found = find_counterpart(sections, told(*theirs(BRIDGE), title="One", section="08062214000015"), find_no_person)
    assert found == (0, [])


def test_a_section_without_an_id_is_found_by_its_turns():
    sections = [told(*ours(HEDGES, SWAN), title="One"), told(*ours(FERRY, BRIDGE), title="Two")]
    found = find_counterpart(sections, told(*theirs(FERRY, BRIDGE), title="Ferries and bridges"), find_no_person)
    assert found
    assert found[0] == 1


def test_the_same_title_with_other_words_is_another_section():
    assert find_counterpart([told(*ours(HEDGES, SWAN))], told(*theirs(FERRY, BRIDGE)), find_no_person) is None


LINES = st.lists(st.sampled_from([HEDGES, FERRY, BRIDGE, SWAN, "Order.", "Yes."]), max_size=7)


@given(LINES, LINES)
def test_each_turn_is_paired_at_most_once_and_only_with_similar_words(one, other):
    pairs = pair_turns(ours(*one), theirs(*other), find_no_person)
    assert len({pair.ours for pair in pairs}) == len({pair.theirs for pair in pairs}) == len(pairs)
    assert all(one[pair.ours] == other[pair.theirs] for pair in pairs if pair.score >= SURE_SCORE)
    assert [pair.theirs for pair in pairs] == sorted(pair.theirs for pair in pairs)


@given(LINES)
def test_a_debate_matches_itself(lines):
    assert places(pair_turns(ours(*lines), theirs(*lines), find_no_person)) == [(n, n) for n in range(len(lines))]


def test_an_ambiguous_section_id_is_ignored():
    here = [told(*ours(HEDGES, BRIDGE), section="1"), told(*ours(FERRY, SWAN), title="Ferries", section="2")]
    other = told(*theirs(FERRY, SWAN), title="Ferries", section="1")
    found = find_counterpart(here, other, find_no_person)
    assert found is not None
    assert (found[0], places(found[1])) == (1, [(0, 0), (1, 1)])
