"""Editions: their order, their names, what changed since the first, and what is kept apart."""

import itertools
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.editions.queries import (
    describe_edition,
    make_publication_key,
    read_doubts,
    read_doubts_of_debate,
    read_editions,
    read_editions_of_debate,
)
from web.editions.view import compare_first, compare_with_shown, find_changes, summarise_changes

DEBATE, SPEECH = "d-2008-06-22c-101-3", "d-2008-06-22c-102-1"
XML = "theyworkforyou"


@pytest.fixture
def told(told_db):
    return sqlite3.connect(told_db)


@pytest.fixture
def mine(told_db, tmp_path):
    """A copy that a test may change."""
    path = tmp_path / "statements.db"
    path.write_bytes(told_db.read_bytes())
    return sqlite3.connect(path)


def edition(text, source=XML, letter="a", best=0, response=1):
    told = {"speech_id": "s", "source": source, "edition": letter, "response_id": response, "text": text}
    return {**told, "best": best, "label": describe_edition(source, letter, None)}


# --- in order


def test_editions_are_ordered_by_publication():
    published = [("publications", "page"), *((XML, letter) for letter in ("", "a", "b", "z", "aa", "ab"))]
    published += [("hansard", "api")]
    for shuffled in itertools.islice(itertools.permutations(published), 0, None, 997):
        assert sorted(shuffled, key=lambda each: make_publication_key(*each, 1)) == published


def test_the_same_edition_is_ordered_by_response():
    assert make_publication_key(XML, "a", 9) < make_publication_key(XML, "a", 10) < make_publication_key(XML, "b", 1)


@given(st.text(alphabet="abcz", max_size=3), st.text(alphabet="abcz", max_size=3))
def test_a_longer_letter_is_later(one, other):
    if len(one) < len(other):
        assert make_publication_key(XML, one, 2) < make_publication_key(XML, other, 1)


@pytest.mark.parametrize(
    ("source", "letter", "name"),
    [
        (XML, "a", "TheyWorkForYou, revision a"),
        (XML, "", "TheyWorkForYou"),
        ("publications", "page", "Parliament’s page, as first published"),
        ("hansard", "api", "Parliament’s API"),
        ("theyworkforyou_api", "api", "TheyWorkForYou’s API"),
        ("gazette", "api", "The Gazette"),
    ],
)
def test_an_edition_is_named_in_words(source, letter, name):
    assert describe_edition(source, letter, "The Gazette") == name


def test_every_edition_of_a_speech_has_its_label_and_address(told):
    held = read_editions(told, SPEECH)
    assert [(each["source"], each["edition"], each["best"]) for each in held] == [
        ("publications", "page", 0),
        (XML, "b", 0),
        (XML, "c", 1),
        ("hansard", "api", 0),
    ]
    sites = ["www.publications.parliament.uk", *2 * ["www.theyworkforyou.com"], "hansard.parliament.uk"]
    assert [each["address"].split("/")[2] for each in held] == sites


def test_a_speech_that_is_not_here_has_no_edition(told):
    assert read_editions(told, "d-1999-01-01a-1-1") == []


def test_only_speeches_with_another_wording_are_read_for_a_debate(told):
    query = """SELECT DISTINCT s.id FROM speeches s JOIN wordings w ON w.speech_id = s.id
                WHERE s.debate_id = ? AND w.text <> s.text ORDER BY s.position"""
    found = read_editions_of_debate(told, DEBATE)
    assert [held[0]["speech_id"] for held in found] == [id for (id,) in told.execute(query, (DEBATE,))]
    assert all([each["best"] for each in held].count(1) == 1 for held in found)


def test_a_debate_is_read_with_one_query(told):
    asked = []
    told.set_trace_callback(asked.append)
    read_editions_of_debate(told, DEBATE)
    assert len(asked) == 1


# --- what changed


def test_what_changed_is_counted_from_the_edition_first_published(told):
    assert (
        compare_first(read_editions(told, SPEECH))["told"]
        == "1 word changed and 3 removed since it was first published."
    )


def test_editions_are_compared_with_the_one_shown(told):
    said = {each["label"]: each.get("told", "shown") for each in compare_with_shown(read_editions(told, SPEECH))}
    assert said == {
        "Parliament’s page, as first published": "1 word changed and 3 removed in the version shown.",
        "TheyWorkForYou, revision b": "1 word changed and 1 removed in the version shown.",
        "TheyWorkForYou, revision c": "shown",
        "Parliament’s API": "1 word removed in the version shown.",
    }


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        ([edition("One.", best=1)], "Only one version is held, so there is nothing to compare it with."),
        (
            [edition("One.", best=1), edition("Two.", "hansard", "api")],
            "No older version is held, so no change is known.",
        ),
        ([edition("‘One’."), edition("'One'.", best=1)], "No words have changed since it was first published."),
        (
            [edition("One"), edition("One.", best=1)],
            "No words have changed since it was first published. Only punctuation differs.",
        ),
    ],
)
def test_without_changed_words_the_sentence_says_what_is_known(held, sentence):
    found = compare_first(held)
    assert found["told"] == sentence
    assert found["tally"].places == 0


def test_a_debate_s_changes_are_those_of_words(told):
    found = find_changes(read_editions_of_debate(told, DEBATE))
    assert [each["speech_id"] for each in found.changed] == [SPEECH]
    assert (found.count_places(), found.count_places(SPEECH), found.count_places("d-2008-06-22c-102-5")) == (1, 1, 0)
    assert found.others == {SPEECH: 3, "d-2008-06-22c-102-4": 1, "d-2008-06-22c-102-5": 2}


def test_the_same_words_of_another_source_are_no_difference():
    found = find_changes([[edition("‘One’ – two", "publications", "page"), edition("'One' - two", best=1)]])
    assert (found.changed, found.marks, found.others) == ([], 0, {})


@pytest.mark.parametrize(
    ("debate", "compared", "sentence"),
    [
        ([], 0, "Only one version of each speech is held, so there is nothing to compare them with."),
        (
            [],
            2,
            "No speech is known to have changed since it was first published; "
            "2 of 3 speeches are held in more than one version.",
        ),
        (
            [[edition("One"), edition("One.", best=1)]],
            1,
            "No words have changed since this was first published; "
            "1 of 3 speeches are held in more than one version. In 1 speech only punctuation changed.",
        ),
        (
            [[edition("One"), edition("Two", best=1)], [edition("One"), edition("One, two", best=1)]],
            2,
            "1 word changed and 1 added, in 2 speeches, since this was first published; "
            "2 of 3 speeches are held in more than one version.",
        ),
    ],
)
def test_a_debate_s_changes_are_summed_up_in_a_sentence(debate, compared, sentence):
    assert summarise_changes(find_changes(debate), compared, 3) == sentence


# --- kept apart


def test_a_doubt_is_listed_for_both_turns_and_their_debate(mine):
    other = "d-2008-06-22c-102-4"
    mine.execute("INSERT INTO doubts VALUES (1, ?, ?, 'hansard', 0.5, 'in order')", (SPEECH, other))
    [found] = read_doubts(mine, SPEECH)
    assert (found["candidate_id"], found["candidate_speaker"]) == (other, "Peregrine Hallowell")
    assert read_doubts(mine, other) == read_doubts_of_debate(mine, DEBATE) == [found]
    assert read_doubts(mine, "d-2008-06-22c-101-5") == read_doubts_of_debate(mine, "d-2008-06-22c-106-1") == []
