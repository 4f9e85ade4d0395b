import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.search import queries as hits
from web.search import query_parser as search
from web.search.query_parser import parse_search

HOSTILE = [
    *("", " ", '"', "*", "AND", "OR", "NOT", "NOT a", "(", ")", "((((", "a)))", "()", '"" ""', "-", "--", "- a", "a -"),
    *("a AND", "OR a", "a NOT", "AND OR NOT", "NEAR(a b)", "text:a", "^a", "a + b", "{a b}", "a^2", "a,b", "a;b", "\\"),
    *("🎉", "a\0b", "\0", "“”", "'", "''", "a'b", "%", "_", "x" * 10_000, "a " * 5_000, "(" * 5_000 + "a", '"a ' * 900),
    *("DROP TABLE speeches", "'; --", "\ud800", "½", "é", "\u202e"),
]


@pytest.fixture
def found(site_db):
    """What a question finds in the specimens, newest first, in any of its forms."""
    conn = sqlite3.connect(site_db)

    def ask(typed, sort="newest", page=1, **filters):
        return hits.find_matches(conn, parse_search(typed).match, EVERYTHING | filters, sort, page)

    return ask


EVERYTHING = {"house": "", "kind": "", "year": "", "speaker": ""}


@pytest.mark.parametrize(
    ("typed", "match", "explained"),
    [
        ("power information", '("power" AND "information")', "all of: power, information"),
        ('"power of information"', '"power of information"', "“power of information”"),
        ("blog*", '"blog" *', "blog… (and longer)"),
        ("a OR b c", '("a" OR ("b" AND "c"))', "any of: a, (all of: b, c)"),
        ("power AND NOT gathering", '"power" NOT "gathering"', "all of: power; not: gathering"),
        ("power -gathering -dam", '"power" NOT ("gathering" OR "dam")', "all of: power; not: gathering, dam"),
        ("(a OR b) c", '(("a" OR "b") AND "c")', "all of: (any of: a, b), c"),
        ("a -(b c)", '"a" NOT ("b" AND "c")', "all of: a; not: (all of: b, c)"),
        ("a (b -c)", '("a" AND ("b" NOT "c"))', "all of: a, (all of: b; not: c)"),
        ("a OR -b", '"a"', "a"),
        ("e-mail", '"e mail"', "“e mail”"),
        ("and or not", '("and" AND "or" AND "not")', "all of: and, or, not"),
    ],
)
def test_a_question_is_understood_and_explained_back(typed, match, explained):
    assert parse_search(typed) == (match, explained, ())


@pytest.mark.parametrize("typed", ["", " ", '"', "*", "AND", "-", "()", "🎉", "NOT power"])
def test_a_question_without_a_word_to_look_for_matches_nothing(typed):
    assert parse_search(typed).match == ""


@pytest.mark.parametrize(("typed", "why"), [("🎉 a", "no letter"), ("NOT a", "at least one"), ("a " * 50, "first 40")])
def test_ignored_parts_of_a_search_are_listed(typed, why):
    assert why in "; ".join(parse_search(typed).left_out)


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_no_input_is_an_error(found, typed):
    if parse_search(typed).match:
        found(typed)


@given(st.text(alphabet=st.sampled_from("ab\"“”()*-ANDORT \0'🎉é:^"), max_size=60) | st.text(max_size=60))
def test_any_input_is_a_question_that_fts5_understands(typed):
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE VIRTUAL TABLE t USING fts5 (text, tokenize='porter unicode61 remove_diacritics 2')")
    if match := parse_search(typed).match:
        conn.execute("SELECT * FROM t WHERE t MATCH ?", (match,)).fetchall()


def test_newest_speeches_come_first_and_are_grouped_by_debate(found):
    debates = found("the").debates
    days = [debate[0]["date"] for debate in debates]
    assert days == sorted(days, reverse=True)
    assert len({debate[0]["debate_id"] for debate in debates}) == len(debates)
    assert all([h["position"] for h in d] == sorted(h["position"] for h in d) for d in debates)


def test_pages_have_every_hit_exactly_once(found):
    pages = [[h["id"] for d in found("the", page=n).debates for h in d] for n in range(1, 8)]
    every = [id for page in pages for id in page]
    assert len(every) == len(set(every)) == found("the").total
    assert [len(p) for p in pages if p][:-1] == [hits.PAGE_SIZE] * (len([p for p in pages if p]) - 1)


def test_best_first_finds_the_same(found):
    assert found("forum", sort="best").total == found("forum").total > 0


@pytest.mark.parametrize("key", ["house", "kind", "year", "speaker"])
def test_a_count_is_what_its_filter_leaves(found, key):
    for value, count in found("the").counts[key].items():
        narrowed = found("the", **{key: value})
        assert narrowed.total == count, value
        assert narrowed.counts[key] == {value: count}


@pytest.mark.parametrize(
    "filters", [{"year": "abc"}, {"year": "99999"}, {"year": "0000"}, {"kind": "x"}, {"house": "'"}]
)
def test_an_unknown_filter_leaves_nothing(found, filters):
    assert found("the", **filters).total == 0


def test_titles_are_found(found):
    titles = found('"post offices"').titles
    assert [re.sub("</?mark>", "", t["snippet"]) for t in titles] == ["Power of Information Taskforce (Post Offices)"]


def test_a_snippet_marks_the_words_and_escapes_the_rest():
    row = hits._render_snippet({"snippet": "<b>aOPENxCLOSE & y"}, {"open": "OPEN", "close": "CLOSE"})
    assert row["snippet"] == "&lt;b&gt;a<mark>x</mark> &amp; y"


def test_terms_beyond_the_limit_are_ignored():
    assert len(re.findall('"a"', parse_search("a " * 100).match)) == search.MAX_TERMS
