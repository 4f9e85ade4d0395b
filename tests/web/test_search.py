import re
import sqlite3
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.search import queries as hits
from web.search import query_parser as search
from web.search.citations import parse_citation, parse_day
from web.search.query_parser import parse_search
from web.search.snippets import read_marks, write_snippet
from web.search.understanding import understand_search

HOSTILE = [
    *("", " ", '"', "*", "AND", "OR", "NOT", "NOT a", "(", ")", "((((", "a)))", "()", '"" ""', "-", "--", "- a", "a -"),
    *("a AND", "OR a", "a NOT", "AND OR NOT", "NEAR(a b)", "text:a", "^a", "a + b", "{a b}", "a^2", "a,b", "a;b", "\\"),
    *("🎉", "a\0b", "\0", "“”", "'", "''", "a'b", "%", "_", "x" * 10_000, "a " * 5_000, "(" * 5_000 + "a", '"a ' * 900),
    *("DROP TABLE speeches", "'; --", "\ud800", "½", "é", "\u202e"),
]


@pytest.fixture(scope="module")
def found(site_db):
    """What a search finds in the specimens, newest first, in any of its forms."""
    conn = sqlite3.connect(site_db)

    def ask(typed, sort="newest", page=1, **filters):
        return hits.read_search(conn, typed, EVERYTHING | filters, sort, page)[1]

    return ask


@pytest.fixture(scope="module")
def understand(site_db):
    """How a search is understood in the specimens."""
    conn = sqlite3.connect(site_db)
    return lambda typed: understand_search(conn, typed)


EVERYTHING = {"house": "", "kind": "", "year": "", "speaker": ""}


def test_a_count_that_stopped_early_is_told_as_such(site_db, understand, monkeypatch):
    conn = sqlite3.connect(site_db)
    assert hits.count_speeches(conn, understand("forum"), EVERYTHING) == (17, True)
    monkeypatch.setattr(hits, "MAX_COUNTED", 2)
    assert hits.count_speeches(conn, understand("forum"), EVERYTHING) == (2, False)
    assert not hits.count_speeches(conn, understand('"forum"'), EVERYTHING)[1]  # only two were checked for the words


@pytest.mark.parametrize(
    ("typed", "match", "explained"),
    [
        ("power information", '("power" AND "information")', "“power” and “information”"),
        ('"power of information"', '"power of information"', "the exact words “power of information”"),
        ("blog*", '"blog" *', "“blog…”"),
        ("a OR b c", '("a" OR ("b" AND "c"))', "“a” or (“b” and “c”)"),
        ("power AND NOT gathering", '"power" NOT "gathering"', "“power”, without “gathering”"),
        ("power -gathering -dam", '"power" NOT ("gathering" OR "dam")', "“power”, without “gathering” or “dam”"),
        ("(a OR b) c", '(("a" OR "b") AND "c")', "(“a” or “b”) and “c”"),
        ("a -(b c)", '"a" NOT ("b" AND "c")', "“a”, without (“b” and “c”)"),
        ("a (b -c)", '("a" AND ("b" NOT "c"))', "“a” and (“b”, without “c”)"),
        ("a OR -b", '"a"', "“a”"),
        ('a -"b"', '"a"', "“a”, without the exact word “b”"),
        ("e-mail", '"e mail"', "“e mail”"),
        ("and or not", '("and" AND "or" AND "not")', "“and”, “or” and “not”"),
    ],
)
def test_a_search_is_parsed_and_explained_back(typed, match, explained):
    parsed = parse_search(typed)
    assert (parsed.match, parsed.explained, parsed.left_out) == (match, explained, ())


@pytest.mark.parametrize(
    ("typed", "words", "speakers"),
    [
        ("quillfeather forum", "“forum”", ["Dorothea Quillfeather"]),
        ("forum dorothea quillfeather", "“forum”", ["Dorothea Quillfeather"]),
        ("Quillfeather Dorothea", "", ["Dorothea Quillfeather"]),
        ("Ms Quillfeather", "", ["Dorothea Quillfeather"]),
        ("sian ffrydwen", "", ["Siân Ffrydwen"]),
        ("Deverall-Finch clerk", "“clerk”", ["Constance Deverall-Finch"]),
        ("lord gravesby of larrow", "", ["Lord Gravesby of Larrow"]),
        ("Lord Gravesby", "", ["Lord Gravesby of Larrow"]),
        ('"quillfeather" forum', "the exact word “quillfeather” and “forum”", []),
        ("-quillfeather forum", "“forum”, without “quillfeather”", []),
        ("quillfeather OR forum", "“quillfeather” or “forum”", []),
        ("quillfeather -forum", "“quillfeather”, without “forum”", []),
        ("dorothea forum", "“dorothea” and “forum”", []),
        ("orrin", "", ["Viscount Orrin"]),
        ("larrow", "“larrow”", []),
    ],
)
def test_a_name_narrows_by_speaker_and_the_rest_is_searched(understand, typed, words, speakers):
    understood = understand(typed)
    names = understood.speaker.names if understood.speaker else ()
    assert (understood.words.explained, list(names)) == (words, speakers)


def test_a_name_finds_what_the_person_said(found):
    speeches = found("quillfeather forum").speeches
    assert speeches
    assert {speech["speaker"] for speech in speeches} == {"Dorothea Quillfeather"}
    assert found("quillfeather").total > len(speeches)


def test_an_office_finds_what_was_said_in_it(understand, found):
    office = understand("minister for notice boards").office
    assert office.printed == ("The Minister for Notice Boards",)
    assert {speech["speaker"] for speech in found("minister for notice boards").speeches} == {"Ambrose Tolliver"}
    assert {speech["speaker"] for speech in found("parliamentary secretary").speeches} == {"Ambrose Tolliver"}
    assert understand('"parliamentary secretary"').office is None


CITED = [
    ("HC Deb 18 June 2008 c929", ("debates",), "2008-06-18", 929, ""),
    ("HC Deb 18 Jun 2008 : Column 929", ("debates",), "2008-06-18", 929, ""),
    ("HC Deb (18 June 2008) vol 477 cc929-30", ("debates",), "2008-06-18", 929, ""),
    ("HC Deb 18 June 2008 vol 477 c929", ("debates",), "2008-06-18", 929, ""),
    ("hc deb 18th june 2008, col. 929W", ("wrans",), "2008-06-18", 929, "W"),
    ("HC Deb 18 June 2008 c12WH", ("westminhall",), "2008-06-18", 12, "WH"),
    ("HL Deb 26 October 2009 c101WA", ("lordswrans",), "2009-10-26", 101, "WA"),
    ("HL Deb 26 October 2009 c11WS", ("lordswms",), "2009-10-26", 11, "WS"),
    ("HL Deb, 26 October 2009, c1010", ("lordspages",), "2009-10-26", 1010, ""),
    ("18 Jun 2008 : Column 929", ("debates", "lordspages"), "2008-06-18", 929, ""),
    ("PBC Deb 18 June 2008 c9", ("standing",), "2008-06-18", 9, ""),
]


@pytest.mark.parametrize(("typed", "kinds", "date", "column", "suffix"), CITED)
def test_citations_are_read_as_people_write_them(typed, kinds, date, column, suffix):
    cited = parse_citation(typed)
    assert (set(cited.kinds) >= set(kinds), cited[1:]) == (True, (date, column, suffix))


@pytest.mark.parametrize(
    "typed", ["", "18 June 2008", "HC Deb 31 June 2008 c9", "HC Deb 18 Moon 2008 c9", "forum 9", "HC Deb c929", "929"]
)
def test_other_text_is_no_citation(typed):
    assert parse_citation(typed) is None


async def test_a_long_text_is_no_citation_and_takes_no_long_time(site):
    started = time.monotonic()
    await site.client.get("/search", params={"q": "hc" + "." * 8000 + "x"})
    assert time.monotonic() - started < 5  # by its pattern, 16 seconds


@pytest.mark.parametrize(
    ("typed", "kind", "first"),
    [
        ("HC Deb 22 June 2008 c102", "citation", "d-2008-06-22c-102-0"),
        ("22 Jun 2008 : Column 102", "citation", "d-2008-06-22c-102-0"),
        ("HC Deb 22 June 2008 c1W", "citation", "w-2008-06-22b-990201-q0"),
        ("HL Deb 29 June 2008 c31WA", "citation", "w-2008-06-29a-31-1"),
        ("2W", "column", None),
        ("22nd June 2008", "day", None),
        ("June 2008", "day", None),
        ("2008-06-22", "day", None),
        ("990202", "question", None),
        ("[990202]", "question", None),
        ("HL9901", "question", None),
        ("HL 9901", "question", None),
        ("uk.org.publicwhip/debate/2008-06-22c.101.5", "address", "d-2008-06-22c-101-5"),
    ],
)
def test_places_are_found_by_what_names_them(understand, typed, kind, first):
    places = understand(typed).places
    assert places.kind == kind
    assert places.places, places.reason
    assert first is None or places.places[0]["speech_id"] == first


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("HC Deb 22 June 2008 c900", "holds columns 101 to"),
        ("HC Deb 22 June 1978 c9", "nothing of 22 June 1978"),
        ("22/6/1978", "no debates of 22 June 1978"),
        ("June 1978", "no debates of June 1978"),
        ("HL Deb 22 June 2008 c9", "other debates"),
    ],
)
def test_a_citation_that_is_not_here_is_explained(understand, typed, reason):
    assert reason in understand(typed).places.reason


async def test_a_day_finds_its_debates_and_is_undone_by_a_link(site):
    page = (await site.client.get("/search", params={"q": "22 June 2008"})).text
    assert "Debates of 22 June 2008" in page
    assert "/debates?date=2008-06-22" in page
    assert "Search for the words “22 June 2008” instead" in page
    other = (await site.client.get("/search", params={"q": '"22 June 2008"'})).text
    assert "Debates of 22 June 2008" not in other


@pytest.mark.parametrize("typed", ["2008", "31 June 2008", "0000-06", "maybe 2008", "1/2/0000", "June 22", "22 June"])
def test_other_text_is_no_day(typed):
    assert parse_day(typed) is None


def test_words_in_quotation_marks_are_exact(found):
    assert found("forums").total == found("forum").total > 0
    forms = {form.lower() for speech in found('"forums"').speeches for form in speech["forms"]}
    assert forms >= {"forums"}
    assert 0 < found('"forums"').total < found("forum").total
    assert found('"forums" OR "forum"').total == found("forum").total
    assert found('forum -"forums"').total == found("forum").total - found('"forums"').total


@pytest.mark.parametrize(
    ("marked", "snippet"),
    [
        ("One is here. Two [words] stand. Three.", "Two <mark>words</mark> stand."),
        ("<b>a[x] & y", "&lt;b&gt;a<mark>x</mark> &amp; y"),
        ("No words are marked. None.", "No words are marked."),
        ("a\tb\n[c]\td\ne\tf", "<mark>c</mark>\td"),
        ("[One] is. Then [two] and [six] go. And [one]", "Then <mark>two</mark> and <mark>six</mark> go."),
        ("", ""),
    ],
)
def test_a_snippet_is_the_sentence_with_the_words_marked(marked, snippet):
    assert write_snippet(read_marks(marked, "[", "]")) == snippet


def test_a_long_sentence_is_cut_at_words():
    words = " ".join(f"word{n}" for n in range(200))
    snippet = write_snippet(read_marks(words.replace("word100 ", "[word100] "), "[", "]"))
    assert re.fullmatch(r"… word84 .*<mark>word100</mark>.* word131 …", snippet)


@pytest.mark.parametrize("typed", ["", " ", '"', "*", "AND", "-", "()", "🎉", "NOT power"])
def test_a_question_without_a_word_to_look_for_matches_nothing(typed):
    assert parse_search(typed).match == ""


@pytest.mark.parametrize(("typed", "why"), [("🎉 a", "no letter"), ("NOT a", "at least one"), ("a " * 50, "first 40")])
def test_ignored_parts_of_a_search_are_listed(typed, why):
    assert why in "; ".join(parse_search(typed).left_out)


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_no_input_is_an_error(found, typed):
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


def test_terms_beyond_the_limit_are_ignored():
    assert len(re.findall('"a"', parse_search("a " * 100).match)) == search.MAX_TERMS
