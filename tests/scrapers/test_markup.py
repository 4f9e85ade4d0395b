"""Plain text from markup: every rule that the words of a speech are made by, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from scrapers.parsing.markup import (
    ElementCountError,
    collapse_space,
    find_one,
    make_plain_text,
    read_as_line,
    read_text_and_markup,
    read_xml,
)

CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cs",), min_codepoint=32).filter(
    lambda c: c not in "\x7f\ufffe\uffff\u00ad\u200b\u2060\ufeff"
)
XML_TEXT = st.text(CHARACTERS | st.sampled_from(" \t\n\r\u00a0\u2003\u3000"))
LATIN = b'<?xml version="1.0" encoding="ISO-8859-1"?>'


def item(markup: str) -> etree._Element:
    return read_xml(f"<speech>{markup}</speech>".encode())


def text(markup: str) -> str:
    """The plain text, which must be the same by the short way through words_of and by the long one."""
    assert read_text_and_markup(item(markup))[0] == make_plain_text(item(markup))
    return make_plain_text(item(markup))


def refused(document: str) -> str:
    with pytest.raises((etree.XMLSyntaxError, ValueError)) as error:
        read_xml(document.encode())
    return str(error.value)


# --- paragraphs and white space


def test_paragraphs_are_joined_by_a_blank_line():
    assert text("<p>One.</p>\n\t<p>Two.</p><p>Three.</p>") == "One.\n\nTwo.\n\nThree."


def test_runs_of_white_space_become_one_space_and_the_ends_are_stripped():
    assert text("<p>\n\t  One  \n two\tthree </p>") == "One two three"


@pytest.mark.parametrize("space", ["&#160;", "&#8195;", "&#8239;", "&#12288;", "&#x2028;", "&#13;", "\u00a0 \u00a0"])
def test_every_kind_of_white_space_is_a_space(space):
    assert text(f"<p>six{space}o'clock</p>") == "six o'clock"


@pytest.mark.parametrize("mark", ["\u200c", "\u200d", "\u2011", "e\u0301", "\U0001f4dc"])
def test_nothing_else_is_changed(mark):
    assert text(f"<p>a{mark}b</p>") == f"a{mark}b"


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\u2060", "\ufeff", "&#173;", "\u00ad\u200b"])
def test_an_invisible_mark_inside_a_word_hides_it_from_nobody(mark):
    assert text(f"<p>Task{mark}force</p>") == "Taskforce"
    assert text(f"<p>Task<i>{mark}force</i></p>") == "Taskforce"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("2<sup>1</sup>/<sub>2</sub> per cent", "2½ per cent"),
        ("2 <sup>1</sup>/<sub>2</sub> per cent", "2 ½ per cent"),
        ("<sup>1</sup>/<sub>2</sub> a loaf", "½ a loaf"),
        ("2<sup>1</sup>\u2044<sub>2</sub>", "2½"),
        ("2<sup>1</sup>/2 hours", "2½ hours"),
        ("2<sup>1/2</sup> hours", "2½ hours"),
        ("3<sup>5</sup>/<sub>16</sub>", "3 5/16"),
        ("<sup>5</sup>/<sub>16</sub>", "5/16"),
        ("a <i>2<sup>1</sup>/<sub>4</sub></i>", "a 2¼"),
        ("10<sup>6</sup> pounds", "10^6 pounds"),
        ("10<sup>-6</sup>", "10^-6"),
        ("<b>10</b><sup>6</sup>", "10^6"),
        ("m<sup>2</sup>", "m^2"),
        ("Taskforce<sup>1</sup> met", "Taskforce^1 met"),
        ("<i>M</i><i>ortality</i><sup>1</sup>", "Mortality^1"),
        ("it met.<sup>1, 2</sup>", "it met.^1, 2"),
        ("10<sub>2</sub>", "10_2"),
        ("No <s>not</s> this", "No this"),
        ("No <strike>not <b>so</b></strike>, this", "No , this"),
        ("Task<del>s</del>force", "Taskforce"),
        ("10<sup>–6</sup>", "10^–6"),
        ("10<sup>\u2212 6</sup> of it", "10^\u22126 of it"),
        ("10<sup>n</sup>", "10^n"),
        ("10<sup>6a</sup>", "10^6a"),
        ("2009<sup>a</sup> and", "2009^a and"),
        ("5<sup>m</sup>", "5^m"),
        ("£5<sup>1 000</sup>", "£5^1 000"),
        ("10 <sup>6</sup>", "10 ^6"),
        ("<i>10</i> <sup>6</sup>", "10 ^6"),
        ("10 <sub>2</sub>", "10 _2"),
        ("10<sup>6</sup>7", "10^6 7"),
        ("10<sup>6</sup><b>7</b>", "10^6 7"),
        ("<i>10<sup>6</sup></i>7", "10^6 7"),
        ("10<sup>6</sup>m", "10^6 m"),
        ("10<sup>6</sup>,000", "10^6 ,000"),
        ("2<sup>1</sup>/<sub>2</sub>7", "2½ 7"),
        ("x<sub>\u22121</sub>", "x_\u22121"),
        ("10<sup>-1/2</sup>", "10^-1/2"),
        ("20<sup>0</sup>C or 8<sup>o</sup>F", "20°C or 8°F"),
        # what stays
        ("10<sup>6</sup>. Then", "10^6. Then"),
        ("10<sup>6</sup>, 7", "10^6, 7"),
        ("10<sup>6</sup>-10<sup>7</sup>", "10^6-10^7"),
        ("2<sup>1</sup>/<sub>2</sub>m", "2½m"),
        ("5<sup>¾</sup>", "5¾"),
        ("2<sup>nd</sup>, 3<sup>rd</sup>, 1<sup>st.</sup>", "2nd, 3rd, 1st."),
        ("2<sup>s</sup> 6<sup>d</sup>", "2s 6d"),
        ("Mr<sup>s</sup>", "Mrs"),
        ("10<sup>(6)</sup>", "10(6)"),
        ("5<sup>*</sup>", "5*"),
        ("<sup>14</sup>C", "14C"),
        ("C<sub>6</sub>H<sub>12</sub>O<sub>6</sub>", "C6H12O6"),
        ("the 19<sup>th</sup> century", "the 19th century"),
        ("M<sup>c</sup>Duff", "McDuff"),
        ("CO<sub>2</sub>", "CO2"),
        ("H<sub>2</sub>O", "H2O"),
        ("registration system<sup>(1)</sup>.", "registration system(1)."),
        ("2002-03<sup>(2,3)</sup>", "2002-03(2,3)"),
        ("Co-operatives<sup>(UK)</sup>", "Co-operatives(UK)"),
        ("<sup>1</sup> Source", "1 Source"),
        ("One.<br/><sup>2</sup> Two.", "One.\n\n2 Two."),
        ("a word <sup>1</sup>", "a word 1"),
        ("2½ and 21/2 and 10^6", "2½ and 21/2 and 10^6"),
        ("<u>said</u> <ins>indeed</ins>", "said indeed"),
    ],
)
def test_figures_above_and_below_the_line_keep_their_meaning(markup, words):
    assert text(f"<p>{markup}</p>") == words
    assert read_as_line(item(markup)) == words.replace("\n\n", "")
    assert text(f"<table><tr><td>1</td><td>{markup}</td></tr></table>") == f"1\t{words.replace(chr(10) * 2, ' ')}"


def test_empty_paragraphs_leave_no_trace():
    assert text("<p>One.</p><p/><p> &#160; </p><p><i> </i></p><p>Two.</p>") == "One.\n\nTwo."


def test_an_item_without_words_has_no_text():
    assert read_text_and_markup(item("")) == ("", None)
    assert text("<p/>\n<table/><ul/>") == ""


def test_inline_elements_neither_join_nor_split_words():
    assert text(
        '<p>re<i>ad</i>ers<sup>(1)</sup> <a href="#x">a<b>n</b>d</a> <phrase class="date">June</phrase>.</p>'
    ) == ("readers(1) and June.")


def test_laughter_in_pieces_is_one_run_of_words():
    assert text("<p>office&#8212;<i> [</i><i> Laughter.</i><i> ]</i><i> </i>It is true.</p>") == (
        "office— [ Laughter. ] It is true."
    )


def test_words_outside_any_paragraph_stay_in_their_place():
    assert (
        text("before <i>all</i><p>One.</p> between <p>Two.</p> after ")
        == "before all\n\nOne.\n\nbetween\n\nTwo.\n\nafter"
    )


def test_loose_words_between_plain_paragraphs_are_not_lost():
    assert text("<p>One.</p>loose<p>Two.</p>") == "One.\n\nloose\n\nTwo."


def test_comments_and_instructions_give_no_words():
    assert text("<!-- a --><p>One<!-- b -->d<?c d?>er.</p><!-- e -->") == "Oneder."
    assert text("<table><tr><!-- a --><td>1</td></tr><!-- b --></table><ul><!-- c --><li>2</li></ul>") == "1\n\n2"


def test_div_elements_are_read_as_their_paragraphs():
    assert text("<div>One.<p>Two.</p>three</div><blockquote><p>Four.</p></blockquote><h2>Five</h2>") == (
        "One.\n\nTwo.\n\nthree\n\nFour.\n\nFive"
    )


# --- breaks


def test_a_break_in_a_paragraph_begins_a_new_one():
    assert text("<p>One.<br/>Two.<br/><br/> Three.</p>") == "One.\n\nTwo.\n\nThree."


def test_a_break_inside_italics_begins_a_new_paragraph_too():
    assert text("<p><i>One.<br/>Two</i>.</p>") == "One.\n\nTwo."


def test_a_break_in_a_cell_is_a_space():
    assert (
        text("<table><tr><td>One<br/>two<br/></td><td><i>three<br/>four</i></td></tr></table>") == "One two\tthree four"
    )


def test_text_made_twice_is_the_same():
    speech = item("<p>One.<br/>Two.</p><table><tr><td>a<br/>b</td></tr></table>")
    assert make_plain_text(speech) == make_plain_text(speech) == "One.\n\nTwo.\n\na b"


# --- tables and lists


def test_a_table_is_one_paragraph_with_a_row_a_line_and_a_tab_between_cells():
    table = "<table><tbody><tr> <td>May</td> <td>61</td> </tr>\n<tr><td>June</td><td>58</td></tr></tbody></table>"
    assert text(f"<p>As follows:</p>{table}<p>End.</p>") == "As follows:\n\nMay\t61\nJune\t58\n\nEnd."


def test_empty_cells_keep_their_place():
    assert (
        text("<table><tr><td></td><td>1</td><td/></tr><tr><td>2</td><td> </td><td>3</td></tr></table>")
        == "\t1\t\n2\t\t3"
    )


def test_a_row_without_words_does_not_split_its_table():
    assert text("<table><tr><td>1</td></tr><tr><td/></tr><tr/><tr><td>2</td></tr></table>") == "1\n2"


def test_a_table_without_words_leaves_no_trace():
    assert text("<p>One.</p><table><tr><td/><td> </td></tr></table><p>Two.</p>") == "One.\n\nTwo."


def test_captions_heads_and_feet_are_read_once_and_in_order():
    table = "<thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody><tfoot><tr><td>c</td></tr></tfoot>"
    assert text(f"<table><caption>Title</caption><colgroup><col/></colgroup>{table}</table>") == "Title\na\nb\nc"


def test_paragraphs_in_a_cell_are_separated_by_a_space():
    assert text("<table><tr><td><p>Year</p><p>2010</p></td><td>x</td></tr></table>") == "Year 2010\tx"


def test_a_table_in_a_cell_is_read_once():
    assert (
        text("<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr></table>") == "a b c\td"
    )


def test_a_list_is_one_paragraph_with_an_item_a_line():
    assert text("<ul>\n<li>One</li> <li/><li><p>Two</p></li></ul><ol><li>Three</li></ol>") == "One\nTwo\n\nThree"


def test_words_of_nested_lists_are_separated():
    assert text("<ul><li>One<ul><li>Two</li><li>Three</li></ul></li></ul>") == "One Two Three"


# --- markup kept beside the text


def test_bare_paragraphs_need_no_markup():
    assert read_text_and_markup(item('<p pid="a.1.1/1" qnum="1">One.</p><p>Two &amp; three.</p>')) == (
        "One.\n\nTwo & three.",
        None,
    )


@pytest.mark.parametrize(
    "markup",
    [
        '<p class="indent">One.</p>',
        '<p pwmotiontext="yes">One.</p>',
        '<p amendmenttext="true">One.</p>',
        "<p>On<i>e</i>.</p>",
        "<table><tr><td>One.</td></tr></table>",
    ],
)
def test_markup_that_says_more_is_stored_as_written(markup):
    assert read_text_and_markup(item(f"\n{markup}\n")) == ("One.", markup)


def test_stored_markup_has_no_mark_of_ours():
    assert read_text_and_markup(item("<p>One.<br/>Two.</p>"))[1] == "<p>One.<br/>Two.</p>"


def test_a_heading_is_one_line():
    assert read_as_line(item("\n\tVillage\n\t &#8212; \n<i>Question<br/></i>")) == "Village — Question"


# --- characters and encodings


@pytest.mark.parametrize(
    "body",
    [
        LATIN + b"<speech><p>\x91Si\xe2n\x92\x97\x85</p></speech>",
        LATIN.lower() + b"<speech><p>\x91Si\xe2n\x92\x97\x85</p></speech>",
        b"<speech><p>\xc2\x91Si\xc3\xa2n\xc2\x92\xc2\x97\xc2\x85</p></speech>",
        b"<speech><p>&#145;Si&#226;n&#146;&#151;&#133;</p></speech>",
        b"<speech><p>&#x91;Si&#xe2;n&#x0092;&#X97;&#x85;</p></speech>".replace(b"X", b"x"),
        b'<!DOCTYPE speech [<!ENTITY open "&#145;">]><speech><p>&open;Si&#226;n&#0146;&#151;&#133;</p></speech>',
    ],
    ids=["latin-1", "latin-1 in small letters", "utf-8", "decimal", "hexadecimal", "entity"],
)
def test_c1_characters_become_what_windows_meant(body):
    assert make_plain_text(read_xml(body)) == "‘Siân’—…"


def test_c1_characters_in_tails_and_attributes_are_decoded():
    speech = read_xml(b'<speech title="o&#146;clock"><p><i>o</i>&#146;clock</p></speech>')
    assert (make_plain_text(speech), speech.get("title")) == ("o’clock", "o’clock")


def test_the_five_undefined_c1_characters_are_unchanged():
    assert text("<p>&#129;&#141;&#143;&#144;&#157;</p>") == "\x81\x8d\x8f\x90\x9d"


def test_latin_1_utf_8_entities_and_references_give_the_same_words():
    latin = LATIN + "<speech><p>Siân £½</p></speech>".encode("latin-1")
    dtd = b'<!DOCTYPE speech [<!ENTITY acirc "&#226;"><!ENTITY pound "&#163;"><!ENTITY half "&#189;">]>'
    entities = dtd + b"<speech><p>Si&acirc;n &pound;&half;</p></speech>"
    utf8 = b"\xef\xbb\xbf" + "<speech><p>Siân £½</p></speech>".encode()
    assert {make_plain_text(read_xml(body)) for body in (latin, entities, utf8)} == {"Siân £½"}


def test_bytes_that_are_not_in_the_stated_encoding_are_refused():
    with pytest.raises(etree.XMLSyntaxError):
        read_xml("<speech><p>Siân</p></speech>".encode("latin-1"))


def test_characters_that_xml_forbids_are_refused():
    assert "invalid" in refused("<speech><p>a&#23;b</p></speech>").lower()
    assert "invalid" in refused("<speech><p>a\x17b</p></speech>").lower()


# --- what is refused


@pytest.mark.parametrize("body", [b"", b"\n \n"])
def test_an_empty_file_is_refused(body):
    with pytest.raises(ValueError, match="the file is empty"):
        read_xml(body)


def test_an_undeclared_entity_is_refused():
    assert "hellip" in refused("<speech><p>a&hellip;b</p></speech>")
    assert "hellip" in refused('<!DOCTYPE speech SYSTEM "absent.dtd"><speech><p>a&hellip;b</p></speech>')


def test_a_billion_laughs_are_refused(specimens):
    with pytest.raises(etree.XMLSyntaxError, match="entity amplification"):
        read_xml((specimens / "broken" / "billion-laughs.xml").read_bytes())


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE speech [<!ENTITY leak SYSTEM "{uri}">]><speech><p>&leak;</p></speech>',
        '<!DOCTYPE speech [<!ENTITY leak PUBLIC "-//a//b" "{uri}">]><speech><p>&leak;</p></speech>',
        '<!DOCTYPE speech [<!ENTITY leak SYSTEM "{uri}">]><speech title="&leak;"/>',
        '<!DOCTYPE speech [<!ENTITY % all SYSTEM "{uri}"> %all;]><speech><p>&leak;</p></speech>',
        '<!DOCTYPE speech SYSTEM "{uri}"><speech><p>&leak;</p></speech>',
    ],
    ids=["system", "public", "attribute", "parameter", "dtd"],
)
def test_no_document_can_read_a_local_file(tmp_path: Path, document: str):
    (tmp_path / "secret").write_text('<!ENTITY leak "SECRET">')
    assert "SECRET" not in refused(document.format(uri=(tmp_path / "secret").as_uri()))


def test_an_include_is_only_an_element(tmp_path: Path):
    (tmp_path / "secret").write_text("SECRET")
    include = (
        f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{(tmp_path / "secret").as_uri()}" parse="text"/>'
    )
    assert text(include) == ""


def test_a_very_deep_document_is_refused():
    assert "depth" in refused("<speech>" + "<i>" * 1000 + "</i>" * 1000 + "</speech>").lower()


# --- a reader that expects one element


def test_find_one_reports_path_count_and_line():
    speech = item("\n<p>One.</p>\n<p>Two.</p>")
    with pytest.raises(ElementCountError, match="line 1: <speech> has 2 of p, not 1"):
        find_one(speech, "p")
    with pytest.raises(ElementCountError, match="line 1: <speech> has 0 of table, not 1"):
        find_one(speech, "table")


# --- whatever the words


@given(XML_TEXT)
def test_collapsing_space_equals_split_and_join(words):
    assert collapse_space(words) == " ".join(words.split())


@given(st.lists(XML_TEXT, max_size=4), st.sampled_from(["p", "i", "li", "td"]))
def test_plain_text_never_has_a_run_of_spaces_or_a_loose_end(texts, tag):
    speech = etree.Element("speech")
    wrap = {"li": "ul", "td": "table"}.get(tag)
    for words in texts:
        parent = etree.SubElement(speech, wrap) if wrap else speech
        etree.SubElement(etree.SubElement(parent, "tr") if tag == "td" else parent, tag).text = words
    made = make_plain_text(speech)
    assert "  " not in made
    assert "\n\n\n" not in made
    assert made == made.strip()
    assert made.split() == " ".join(texts if tag != "i" else ["".join(texts)]).split()


@given(st.lists(XML_TEXT, max_size=5))
def test_the_fast_and_the_general_reading_agree(texts):
    speech = etree.Element("speech")
    for words in texts:
        etree.SubElement(speech, "p").text = words
    assert read_text_and_markup(speech) == (make_plain_text(speech), None)
