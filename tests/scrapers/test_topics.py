"""Topics: what is looked for, in every spelling, and exactly where it stands."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from db.records.hansard import Day, Debate, Speech
from db.records.topic import Mention
from scrapers.scope.topics import TOPICS_FILE, TopicError, compile_phrases, find_mentions, read_topics

POWER = read_topics()["power-of-information"]
SPEECH = Speech(
    "uk.org.publicwhip/debate/2008-06-22c.1.1", "speech", "A", *(None,) * 4, None, "1", "", None, None, None
)
GOOD = {"id": '"hedges"', "from": '"2008-01-01"', "to": '"2008-12-31"', "phrases": '{all = ["hedge trimming"]}'}
TASKFORCE = [
    "Power of Information Taskforce",
    "power of information taskforce",
    "POWER OF INFORMATION TASK FORCE",
    "power of information task-force",
    "Power of Information Task\u2013Force",
    "power of information\ntaskforce",
    "Power\u00a0of\u00a0Information\u00a0Taskforce",
    "power\u2011of\u2011information taskforce",
    "power of  information \t taskforce",
    "power of information task\u00adforce",
    "power of information task\u2014force",
    "power of information task\u2212force",
    "power of information task - force",
    "power of information task\u200bforce",
    "power\u202fof\u2009information\u3000taskforce",
]
REVIEW = [
    "Power of Information Review",
    "power of information report",
    "Review of the Power of Information",
    "POWER-OF-INFORMATION REVIEW",
]
NEAR = [
    "the power of information gathering",
    "the power of information",
    "The Power of Information: an independent review",
    "the social exclusion task force",
    "the taskforce",
    "power of information taskforces",
    "empower of information taskforce",
    "powers of information taskforce",
    "power of informationtaskforce",
    "power of information, taskforce",
    "power of information.\n\ntaskforce",
    "power of\n\ninformation taskforce",
    "power of the information taskforce",
    "power of information reviews",
]


def day(*texts: str, title: str = "Hedges", date: str = "2008-06-22", kind: str = "debates") -> Day:
    speeches = tuple((n, SPEECH._replace(gid=f"{SPEECH.gid}{n}", text=text)) for n, text in enumerate(texts, 2))
    gid = "uk.org.publicwhip/debate/2008-06-22c.1.0"
    debate = Debate(
        "d-2008-06-22c-1-0",
        gid,
        "commons",
        kind,
        date,
        1,
        title,
        title,
        *("", None, None, None, None, "", ""),
        speeches,
    )
    return Day(kind, date, (debate,), ())


def found(text: str, topic=POWER) -> list[Mention]:
    """The mentions in one text, each where it says it stands."""
    each = find_mentions([topic], day(text))
    assert all(text[m.start : m.end] == m.exact for m in each)
    return each


def read(tmp_path: Path, **changes: str) -> dict:
    """The topics of a file with one topic that is good but for some changes, given as TOML."""
    lines = [f"{key} = {value}" for key, value in (GOOD | changes).items()]
    (tmp_path / "mine.toml").write_text("[[topic]]\n" + "\n".join(lines))
    return read_topics(tmp_path / "mine.toml")


def refused(tmp_path: Path, **changes: str) -> str:
    with pytest.raises(TopicError) as error:
        read(tmp_path, **changes)
    return str(error.value).removeprefix(f"{tmp_path / 'mine.toml'}: ")


# --- spellings


@pytest.mark.parametrize("spelling", TASKFORCE, ids=ascii)
def test_the_taskforce_is_found_in_every_spelling(spelling):
    [mention] = found(f"He met the {spelling}'s chairman.")
    assert (mention.exact, mention.start, mention.phrases) == (spelling, 11, "taskforce")


@pytest.mark.parametrize("spelling", REVIEW)
def test_the_review_is_another_set_of_phrases(spelling):
    assert [(m.exact, m.phrases) for m in found(f"({spelling})")] == [(spelling, "review")]


@pytest.mark.parametrize("near", NEAR, ids=ascii)
def test_a_near_miss_is_not_a_mention(near):
    assert found(f"It was {near}.") == []


def test_every_mention_of_the_specimens_is_found_and_no_other(statements):
    rows = statements.execute(
        "SELECT phrases, coalesce(speech_id, debate_id), exact FROM mentions ORDER BY id"
    ).fetchall()
    assert [(id, exact) for phrases, id, exact in rows if phrases == "review"] == [
        ("d-2008-06-22c-106-2", "Power of Information Review"),
        ("l-2008-06-29a-201-1", "Power of Information report"),
    ]
    assert [id for phrases, id, _ in rows if phrases == "taskforce"] == [
        *(
            "d-2008-06-22c-101-5",
            "d-2008-06-22c-103-0",
            "d-2008-06-22c-103-1",
            "d-2008-06-22c-103-2",
            "d-2008-06-22c-103-4",
        ),
        *("d-2008-06-22c-103-5", "d-2008-06-22c-106-3", "d-2008-06-22c-106-3", "d-2008-06-22c-108-1"),
        *("w-2008-06-22b-990201-q1", "w-2008-06-22b-990201-r0", "w-2008-06-22b-990207-r0"),
        *("h-2008-06-29a-51-2", "s-2008-06-29a-1WS-2"),
        *("l-2008-06-29a-202-2", "w-2008-06-29a-31-1", "s-2008-06-29a-11-1", "d-2009-03-08a-301-3"),
        "p-2009-03-01_PAMPHLET_02-0_2009-03-08a-2-4",
    ]


def test_every_mention_of_the_specimens_has_the_right_offsets(statements):
    rows = statements.execute(
        "SELECT m.start, m.end, m.exact, coalesce(s.text, d.title) FROM mentions m"
        " LEFT JOIN speeches s ON s.id = m.speech_id LEFT JOIN debates d ON d.id = m.debate_id"
    )
    assert [exact for start, end, exact, text in rows if text[start:end] != exact] == []


def test_a_title_is_searched_before_its_speeches():
    spoken = find_mentions([POWER], day("power of information taskforce", title="Power of Information Taskforce"))
    assert [(m.speech_id, m.debate_id) for m in spoken] == [(None, "d-2008-06-22c-1-0"), ("d-2008-06-22c-1-12", None)]


def test_each_mention_in_a_text_is_found():
    assert [m.start for m in found("power of information taskforce; Power of Information Task Force")] == [0, 32]


def test_offsets_count_code_points():
    assert found("\U0001f4dc e\u0301 power of information taskforce")[0].start == 5


def test_only_a_topic_s_dates_and_kinds_are_searched():
    words = "power of information taskforce"
    assert (
        len(find_mentions([POWER], day(words, date="2010-12-31")))
        == len(find_mentions([POWER], day(words, date="2007-01-01")))
        == 1
    )
    assert (
        find_mentions([POWER], day(words, date="2011-01-01"))
        == find_mentions([POWER], day(words, date="2006-12-31"))
        == []
    )
    assert find_mentions([POWER._replace(kinds=("wrans",))], day(words)) == []


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
words_before = words.map(lambda text: f"{text} " if text[-1:].isalnum() or text.endswith("_") else text)
words_after = words.map(lambda text: f" {text}" if text[:1].isalnum() or text.startswith("_") else text)


@given(words_before, st.sampled_from(TASKFORCE + REVIEW), words_after)
def test_a_spelling_is_found_at_its_exact_place_in_any_text(before, spelling, after):
    assert [(m.start, m.exact) for m in found(before + spelling + after)] == [(len(before), spelling)]


@given(st.text())
def test_a_text_without_the_words_has_no_mention(text):
    assume("information" not in text.lower())
    assert found(text) == []


# --- a user's own topics


def test_a_user_s_topic_needs_no_code(tmp_path):
    topic = read(tmp_path, title='"Hedges"', note='"Ours."', kinds='["debates"]')["hedges"]
    assert (topic.title, topic.note, topic.start, topic.end) == ("Hedges", "Ours.", "2008-01-01", "2008-12-31")
    assert [m.exact for m in found("On hedge-trimming and Hedge\u00a0Trimming.", topic)] == [
        "hedge-trimming",
        "Hedge\u00a0Trimming",
    ]


def test_a_byte_order_mark_before_a_file_counts_for_nothing(tmp_path):
    file = tmp_path / "topics.toml"
    file.write_text(TOPICS_FILE.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_topics(file) == read_topics()


def test_a_topic_has_defaults_for_title_note_and_kinds(tmp_path):
    topic = read(tmp_path)["hedges"]
    assert (topic.title, topic.note, len(topic.kinds)) == ("hedges", "", 11)


def test_two_topics_are_both_found(tmp_path):
    both = [POWER, read(tmp_path)["hedges"]]
    text = "The power of information taskforce likes hedge trimming."
    assert [(m.topic, m.exact) for m in find_mentions(both, day(text))] == [
        ("power-of-information", "power of information taskforce"),
        ("hedges", "hedge trimming"),
    ]


def test_characters_of_regular_expressions_are_literal(tmp_path):
    topic = read(tmp_path, phrases='{all = ["c. (1) a+b", "what?"]}')["hedges"]
    assert [m.exact for m in found("At C. (1) A+B, what? c1 aab wha", topic)] == ["C. (1) A+B", "what?"]


def test_a_longer_phrase_is_preferred_to_a_shorter_one(tmp_path):
    topic = read(tmp_path, phrases='{all = ["hedge", "hedge trimming"]}')["hedges"]
    assert [m.exact for m in found("hedge trimming, hedge", topic)] == ["hedge trimming", "hedge"]


def test_a_phrase_in_a_file_may_be_spelt_with_any_gap(tmp_path):
    topic = read(tmp_path, phrases='{all = ["  Hedge\\u2013trimming "]}')["hedges"]
    assert [m.exact for m in found("hedge trimming", topic)] == ["hedge trimming"]


def test_a_pattern_is_compiled_once():
    assert compile_phrases(POWER.phrases[0]) is compile_phrases(POWER.phrases[0])


# --- topics that cannot be used


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("colour", '"red"', "colour is an unknown key; the keys are expect, from, id, kinds, note, phrases, title, to"),
        (
            "kinds",
            '["speeches"]',
            "kinds must be among debates, westminhall, wrans, wms, lordspages, lordswrans, lordswms, standing, "
            "grandcommittee, petitions, corrections",
        ),
        ("kinds", '"debates"', "kinds must be among"),
        ("kinds", "[]", "kinds must be among"),
        ("kinds", '[["debates"]]', "kinds must be among"),
        ("phrases", '["hedge"]', "phrases must be a table of named lists of phrases"),
        ("phrases", "{}", "phrases must be a table"),
        ("phrases", "{all = []}", "phrases must be a table"),
        ("phrases", '{all = "hedge"}', "phrases must be a table"),
        ("phrases", '{all = [" "]}', "phrases must be a table"),
        ("phrases", '{all = ["-"]}', "phrases must be a table"),
        ("phrases", "{all = [1]}", "phrases must be a table"),
        ("from", '"June 2008"', "must be a date like 2008-06-18"),
        ("from", '"20080618"', "must be a date like 2008-06-18"),
        ("to", '"2008-02-30"', "must be a date like 2008-06-18"),
    ],
)
def test_an_invalid_topic_is_refused_with_the_reason(tmp_path, key, value, message):
    line = 6 if key == "kinds" or key == "colour" else [*GOOD].index(key) + 2
    assert refused(tmp_path, **{key: value}).startswith(
        f"line {line}: topic hedges: {key} {message.removeprefix(f'{key} ')}"
    )


@pytest.mark.parametrize("id", ['"Hedges"', '"a b"', '"-a"', '""', '"é"'])
def test_an_id_is_small_letters_digits_and_hyphens(tmp_path, id):
    assert refused(tmp_path, id=id).startswith(
        ("line 2: topic : id is empty", f"line 2: topic {id[1:-1]}: id must be small")
    )


def test_dates_must_be_in_order(tmp_path):
    assert (
        refused(tmp_path, **{"from": '"2009-01-01"'}) == "line 3: topic hedges: from 2009-01-01 is after to 2008-12-31"
    )


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("", "there is no [[topic]]"),
        ('[[topics]]\nid = "a"', "there is no [[topic]]"),
        ('[topic]\nid = "a"', "[[topic]]"),
        ("topic = 3", "[[topic]]"),
        ("topic = [3]", "[[topic]]"),
        ("[[topic", "end of an array declaration"),
        ("\x00", "invalid statement"),
    ],
)
def test_a_file_without_topics_is_refused(tmp_path, toml, message):
    (tmp_path / "mine.toml").write_text(toml)
    with pytest.raises(TopicError, match=r"mine\.toml: ") as error:
        read_topics(tmp_path / "mine.toml")
    assert message in str(error.value).lower()


def test_an_unreadable_file_is_refused(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b"# Si\xe2n\n")
    for name in ("latin.toml", "absent.toml"):
        with pytest.raises(TopicError, match=name):
            read_topics(tmp_path / name)


def test_two_topics_of_one_id_are_refused(tmp_path):
    topic = "[[topic]]\n" + "\n".join(f"{key} = {value}" for key, value in GOOD.items()) + "\n"
    (tmp_path / "mine.toml").write_text(topic * 2)
    with pytest.raises(
        TopicError, match=r"mine\.toml: line 7: topic hedges: id another topic has the id hedges already"
    ):
        read_topics(tmp_path / "mine.toml")
