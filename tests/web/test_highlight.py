import random
import re
import sqlite3
from html import unescape
from itertools import chain

import pytest
from bs4 import BeautifulSoup
from bs4.element import NavigableString

from web.rendering.highlight import INLINE, write_blocks, write_speech
from web.rendering.html_writer import MarkedSpan

APART = {"br", "p", "div", "td", "th", "tr", "table", "li", "ul", "ol", "blockquote", "caption"}
ALLOWED = APART | INLINE | {"thead", "tbody", "tfoot", "a", "mark", "span"}


def visible(html: str) -> str:
    soup = BeautifulSoup(html, "lxml")
    bits = (
        " " if getattr(n, "name", None) in APART else n if isinstance(n, NavigableString) else ""
        for n in soup.descendants
    )
    ends = "".join(bits)
    return " ".join(ends.split())


def solid(text: str) -> str:
    return "".join(text.split())


def marked(html: str, note: str) -> str:
    return "".join(mark.get_text() for mark in BeautifulSoup(html, "lxml").select(f'mark[aria-details="{note}"]'))


def random_spans(text: str, rng: random.Random) -> list[MarkedSpan]:
    places = [sorted(rng.sample(range(len(text) + 1), 2)) for _ in range(rng.randrange(6))] if text else []
    readings = ("said", "implied", "contradicts")
    return [MarkedSpan(a, b, "note", n, rng.choice(readings), "exact") for n, (a, b) in enumerate(places, 1)]


def test_words_and_quotes_of_every_speech_survive_random_spans(specimen_db):
    rng = random.Random(18062008)
    rows = sqlite3.connect(specimen_db).execute("SELECT text, markup FROM speeches ORDER BY id").fetchall()
    assert len(rows) > 100
    for text, markup in rows:
        for _ in range(5):
            check(text, markup, random_spans(text, rng))


def check(text, markup, spans):
    html = write_speech(text, markup, spans)
    assert solid(visible(html)) == solid(text)
    if markup is None:
        assert visible(html) == " ".join(text.split())
    for s in spans:
        assert solid(marked(html, f"note-{s.number}")) == solid(text[s.start : s.end])
    shown = list(chain(*(b.notes for b in write_blocks(text, markup, spans))))
    assert sorted(shown) == [s.number for s in spans if text[s.start : s.end].strip()]
    assert not re.search(r"<mark[^>]*></", html)
    assert {tag.name for tag in BeautifulSoup(html, "html.parser").find_all()} <= ALLOWED


def test_words_are_split_only_where_the_plain_text_splits_them(specimen_db):
    rows = sqlite3.connect(specimen_db).execute("SELECT text, markup FROM speeches WHERE markup IS NOT NULL").fetchall()
    assert rows
    for text, markup in rows:
        assert visible(write_speech(text, markup, [])) == " ".join(text.split())


def test_overlapping_quotes_are_cut_at_their_bounds():
    html = write_speech(
        "one two three", None, [MarkedSpan(0, 7, "note", 1, "said"), MarkedSpan(4, 13, "note", 2, "implied")]
    )
    assert re.findall(r'aria-details="([^"]+)"', html) == ["note-1", "note-1", "note-2", "note-2"]
    assert (marked(html, "note-1"), marked(html, "note-2")) == ("one two", "two three")
    assert html.index('href="#note-1"') < html.index("three")
    assert html.endswith('id="reference-2" aria-label="Note 2" data-n="2"></a></p>')


def test_nested_quotes_and_a_mention_are_nested_marks():
    html = write_speech(
        "abc",
        None,
        [MarkedSpan(0, 3, "note", 1, "said"), MarkedSpan(1, 2, "note", 2, "said"), MarkedSpan(1, 2, "mention", 1)],
    )
    first, second = ('<mark class="note" aria-details="note-1">', '<mark class="note said" aria-details="note-2">')
    assert f'<span class="at" id="mention-1"></span><mark class="mention">{first}{second}b</mark></mark></mark>' in html


def test_overlapping_quotes_have_one_underline_for_each_reading():
    spans = [
        MarkedSpan(0, 5, "note", 1, "said"),
        MarkedSpan(0, 3, "note", 2, "said"),
        MarkedSpan(2, 9, "note", 3, "implied"),
    ]
    html = write_speech("a b c d e", None, [*spans, MarkedSpan(8, 9, "note", 4, "said")])
    assert set(re.findall(r'class="note ([^"]*)"', html)) == {"said", "implied lower"}


def test_white_space_beside_a_quote_is_not_marked():
    assert ">two</mark> three" in write_speech("one two three", None, [MarkedSpan(3, 8, "quote")])


def test_a_quote_runs_over_paragraphs_cells_and_rows():
    markup = "<p>a b</p><table><tr><td>c</td><td>d</td></tr>\n<tr><td>e<br/>f</td></tr></table>"
    text = "a b\n\nc\td\ne f"
    html = write_speech(text, markup, [MarkedSpan(2, len(text), "note", 7, "said")])
    assert marked(html, "note-7") == "bcdef"
    assert [b.notes for b in write_blocks(text, markup, [MarkedSpan(2, len(text), "note", 7, "said")])] == [(), (7,)]
    assert "<mark" not in re.sub(r"<td>.*?</td>", "", html[html.index("<table") :])


def test_markup_with_different_words_is_replaced_by_the_text():
    assert write_speech("true words", "<p>other words</p>", []) == "<p>true words</p>"
    assert write_speech("true words", "<p>true words", []) == "<p>true words</p>"
    assert write_speech("a\tb\nc", "<p>x</p>", []) == "<p>a\tb<br>c</p>"


HOSTILE = {
    "<p>x<script>alert(1)</script></p>": "<p>xalert(1)</p>",
    '<p onclick="x" style="y" class="evil indent">x</p>': '<p class="indent">x</p>',
    '<p><a href="javascript:alert(1)">x</a></p>': "<p>x</p>",
    '<p><a href="http://a/&quot;&lt;">x</a></p>': '<p><a href="http://a/&#34;&lt;" rel="nofollow noopener">x</a></p>',
    "<p>&lt;b&gt;x</p>": "<p>&lt;b&gt;x</p>",
    '<table><tr><td colspan="99999" onload="x">x</td></tr></table>': None,
    "<p>x<!-- c --><img src='x' onerror='y'/></p>": "<p>x</p>",
}


@pytest.mark.parametrize(("markup", "html"), HOSTILE.items())
def test_only_known_tags_and_attributes_are_written(markup, html):
    text = unescape(re.sub(r"<[^>]+>", "", markup))
    written = write_speech(text, markup, [])
    assert html is None or written == html
    assert not re.search(r"<(script|img)|on\w+=|99999|style=", written)


def test_the_source_s_markup_is_shown():
    markup = (
        '<p class="italic" pwmotiontext="yes">a <I>b</I></p><ul><li>c</li></ul><p>d <span class="italic">e</span></p>'
    )
    html = write_speech("a b\n\nc\n\nd e", markup, [])
    assert html == '<p class="italic motion">a <i>b</i></p>\n<ul><li>c</li></ul>\n<p>d <i>e</i></p>'


def test_a_reading_cannot_break_out_of_its_attribute():
    html = write_speech("a", None, [MarkedSpan(0, 1, "quote", 0, '"><script>', '"><x>')])
    assert [tag.name for tag in BeautifulSoup(html, "html.parser").find_all()] == ["p", "mark"]


def test_figures_above_the_line_and_struck_words_keep_the_markup_and_are_shown_as_in_the_text():
    markup = "<p>It is 2<sup>1</sup>/<sub>2</sub> or <i>10<sup>6</sup></i> of <s>no</s> Task\u00adforce.</p>"
    html = write_speech("It is 2½ or 10^6 of Taskforce.", markup, [])
    assert html == "<p>It is 2½ or <i>10^6</i> of  Taskforce.</p>"
