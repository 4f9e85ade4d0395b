"""Parliament's own pages: what each specimen says (goldens), agreement with the XML, and what is refused."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records.hansard import Division, Document, Heading, Speech
from db.records.source import DocumentUnavailable, Gap, ParseError, Response
from db.records.topic import Topic
from scrapers.parsing.clock_times import parse_printed_time
from scrapers.scope.interfaces import CrawlHints, Request, Site
from scrapers.sources import theyworkforyou
from scrapers.sources.publications import crawl, parse, parse_document_name
from scrapers.sources.publications.page_addresses import make_next_page, parse_page_address
from scrapers.sources.publications.print_conventions import split_attribution
from tests.support.databases import response
from tests.support.goldens import make_plain

HERE = Path(__file__).resolve().parents[1] / "specimens"
PAGES = HERE / "publications"
SPECIMENS = sorted(PAGES.rglob("*.htm"))
GOLDENS = HERE / "goldens" / "publications"
SITE = "http://www.publications.parliament.uk"
DEBATES = "debates/2008-06-22/cm200708/cmhansrd/cm080622/debtext/80622-{:04}.htm"
ANSWERS = "wrans/2008-06-22/cm200708/cmhansrd/cm080622/text/80622w{:04}.htm"
LORDS = "lordspages/2008-06-29/ld200708/ldhansrd/text/80629-0001.htm"
NAME = DEBATES.format(9)
TURN = '<p><a name="st_o1"><a name="08062294000401"><a name="80622-0009.htm_spnew0"><a name="08062294000901">'
BREAK = (
    '<br>\n\n\n<meta name="Date" content="22 Jun 2008">\n\n<notus-date day="22" month="6" year="2008" textMonth="Jun">'
    "</notus-date><b>22 Jun 2008 : Column 131</b><br>\n"
)
LORDS_BREAK = (
    '\n\n<notus-date day="29" month="6" year="2008" textMonth="Jun"></notus-date><columnNum><br /> <br />'
    '<a name="column_207"></a><b>29 Jun 2008 : Column 207</b><br /> <br /></columnNum>'
)
QUOTES = str.maketrans("‘’“”", "''\"\"")
KEPT = {"08061894000827", *(f"080618940008{n}" for n in range(40, 51))}  # turns whole in the corpus's copy of the page


def read(html: str | bytes, name: str = NAME) -> Document:
    body = html if isinstance(html, bytes) else html.encode("cp1252")
    return parse(Response("publications", name, SITE, "2026-11-22T06:00:00Z", 200, {}, body))


def specimen(name: str) -> Document:
    return read((PAGES / name).read_bytes(), name)


def turns(document: Document) -> dict[str, Speech]:
    return {item.turn_id: item for item in document.items if isinstance(item, Speech) and item.turn_id}


def turn(words: str, name: str = NAME) -> Speech:
    [item] = read(f"{TURN}<b>Ambrose Tolliver:</b>\n {words}", name).items
    assert isinstance(item, Speech)
    return item


def refused(html: str | bytes, name: str = NAME) -> str:
    with pytest.raises(ParseError) as error:
        read(html, name)
    assert error.value.name == name
    return error.value.what


def words(speech: Speech) -> str:
    return speech.text.translate(QUOTES)


# --- goldens


@pytest.mark.parametrize("path", SPECIMENS, ids=lambda path: path.stem)
def test_a_page_equals_its_golden(path: Path):
    document = specimen(path.relative_to(PAGES).as_posix())
    found = json.dumps(make_plain(document), indent=1, ensure_ascii=False) + "\n"
    golden = GOLDENS / f"{path.parent.name}-{path.stem}.json"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
        pytest.fail(f"{golden.name} was missing and has been written: review and commit")
    assert found == golden.read_text(encoding="utf-8")


def test_every_golden_has_its_page():
    assert {path.stem for path in GOLDENS.glob("*")} == {f"{path.parent.name}-{path.stem}" for path in SPECIMENS}


# --- the first publication beside the XML of a later edition


def xml_turns(path: Path) -> dict[str, Speech]:
    document = theyworkforyou.parse(response(f"scrapedxml/debates/{path.name}", path.read_bytes()))
    said = (item for item in document.items if isinstance(item, Speech) and item.speaker)
    return {str(item.hansard_url).rpartition("#")[2]: item for item in said}


def test_the_page_and_the_xml_of_the_specimen_agree_turn_by_turn():
    xml = xml_turns(HERE / "parldata/scrapedxml/debates/debates2008-06-22c.xml")
    first = turns(specimen(DEBATES.format(1)))
    assert list(first) == [f"08062294000{n}" for n in range(827, 844)]
    differing = [id for id in first if words(first[id]) != words(xml[id])]
    assert differing == ["08062294000832", "08062294000842"]  # what this edition says otherwise
    for id, speech in first.items():
        assert (speech.hansard_url, speech.column) == (xml[id].hansard_url, xml[id].column)
        assert (speech.question_number, speech.office) == (xml[id].question_number, xml[id].office)


@pytest.fixture(scope="module")
def page(corpus: Path) -> Document:
    path = corpus / "publications" / "debates2008-06-18a_col927-930_civil-servants-social-networks.html"
    return read(path.read_bytes(), "debates/2008-06-18/cm200708/cmhansrd/cm080618/debtext/80618-0001.htm")


def test_the_real_page_of_18_june_and_its_d_edition_agree_turn_by_turn(page, corpus):
    xml = xml_turns(corpus / "parldata/scrapedxml/debates/debates2008-06-18d.xml")
    found = turns(page)
    assert set(found) == KEPT | {"08061894000835"}  # the rest of the copy is cut, which its notes say
    for id in KEPT:
        assert words(found[id]) == words(xml[id])
        assert (found[id].hansard_url, found[id].column) == (xml[id].hansard_url, xml[id].column)
        assert found[id].question_number == xml[id].question_number
        assert found[id].kind == xml[id].kind


def test_the_real_headings_have_the_addresses_of_the_xml(page, corpus):
    path = corpus / "parldata/scrapedxml/debates/debates2008-06-18d.xml"
    xml = theyworkforyou.parse(response(f"scrapedxml/debates/{path.name}", path.read_bytes()))
    known = {(h.level, h.text.casefold(), h.hansard_url) for h in xml.items if isinstance(h, Heading)}
    found = {(h.level, h.text.casefold(), h.hansard_url) for h in page.items if isinstance(h, Heading)}
    assert len(found) == 4
    assert found <= known


def test_the_numbers_of_18_june_are_parliament_s(page):
    found = turns(page)["08061894000843"]
    assert (found.paragraph_id, found.gid) == ("08061894000041", "uk.parliament.hansard/2008-06-18/08061894000041")
    assert found.attribution == "The Parliamentary Secretary, Cabinet Office (Mr. Tom Watson)"
    assert (found.speaker, found.office) == ("Mr. Tom Watson", "The Parliamentary Secretary, Cabinet Office")
    sections = [item.section_id for item in page.items if isinstance(item, Heading)]
    assert sections == ["08061894000004", "08061894000007", "08061894000015", "08061894000016"]


def test_real_written_answers_keep_numbers_groups_tables_and_holding_answers(corpus):
    path = corpus / "publications" / "answers2009-03-12a_col597W-599W_grouped-and-table.html"
    items = read(path.read_bytes(), "wrans/2009-03-12/cm200809/cmhansrd/cm090312/text/90312w0001.htm").items
    said = [item for item in items if isinstance(item, Speech)]
    assert [item.kind for item in said] == ["question", "answer"] * 5
    grouped = said[4]
    assert (grouped.question_number, grouped.column) == ("263158 263159 263160", "598W")
    assert grouped.text.count("\n\n(") == 3
    assert said[7].text.startswith("holding answer 10 March 2009\n\nAs explained on page 150 of the ‘Adding")
    assert said[9].text.endswith("\n\tGB\tEssex\tGB\tEssex\tGB\tEssex\n1998\t13\t0\t40\t2\t53\t2")
    assert said[5].hansard_url == f"{SITE}/pa/cm200809/cmhansrd/cm090312/text/90312w0002.htm#09031262001005"


def test_a_real_page_of_the_lords_has_its_anchors_inside_the_bold(corpus):
    path = corpus / "publications" / "daylord2008-06-18a_col1021-1022_head.html"
    document = read(path.read_bytes(), "lordspages/2008-06-18/ld200708/ldhansrd/text/80618-0001.htm")
    said = turns(document)
    assert list(said) == [f"080618112000{n}" for n in (347, 348, 350, 351, 363)]
    assert said["080618112000347"].text.startswith("asked Her Majesty’s Government:\n\nWhat is the estimated revenue")
    assert "We have invested £250 million in building additional primary" in said["080618112000350"].text
    assert said["080618112000363"].time == "15:09:00"


# --- the structure of 12 November 2008: answers of two paragraphs, and one over a column


def test_every_turn_has_two_numbers_and_a_second_paragraph_begins_no_turn():
    found = turns(specimen(DEBATES.format(1)))
    assert [(s.paragraph_id, s.turn_id) for s in list(found.values())[:4]] == [
        ("08062294000101", "08062294000827"),
        ("08062294000102", "08062294000828"),
        ("08062294000104", "08062294000829"),
        ("08062294000105", "08062294000830"),
    ]
    assert [s.text.count("\n\n") for s in list(found.values())[:4]] == [0, 1, 0, 1]


def test_a_turn_has_the_column_where_it_begins():
    found = turns(specimen(DEBATES.format(1)))
    over, after = found["08062294000830"], found["08062294000831"]
    assert (over.column, after.column) == ("101", "102")
    assert "what is written on the web will be read by our grandchildren." in over.text


def test_a_page_that_continues_the_previous_page_is_marked():
    document = specimen(DEBATES.format(5))
    first = document.items[0]
    assert document.continued
    assert isinstance(first, Speech)
    assert (first.speaker, first.turn_id, first.paragraph_id, first.column) == (None, None, "08062294000137", "106")
    assert not specimen(DEBATES.format(2)).continued
    assert not specimen(ANSWERS.format(2)).continued  # it begins with the answer, whose speaker it names


def test_joined_pages_are_read_as_one_with_their_own_addresses():
    glued = b"".join(
        f'<page url="{SITE}/pa/{name.split("/", 2)[2]}"/>'.encode() + (PAGES / name).read_bytes()
        for name in map(DEBATES.format, (4, 5))
    )
    document = read(glued, DEBATES.format(4))
    whole = turns(document)["08062294000849"]
    assert whole.text.endswith("They resent no answer.")
    assert turns(document)["08062294000850"].hansard_url == f"{SITE}{page_at_path(5)}#08062294000850"


def page_at_path(number: int) -> str:
    return "/pa/" + DEBATES.format(number).split("/", 2)[2]


# --- written answers, divisions, other kinds


def test_a_question_in_parts_has_a_number_for_each():
    asked = specimen(ANSWERS.format(1)).items[2]
    assert isinstance(asked, Speech)
    assert asked.question_number == "990201 990202"
    assert asked.text.split("\n\n")[0] == "To ask the Minister for Public Pamphlets"


def test_several_questions_may_precede_one_answer():
    kinds = [item.kind for item in specimen(ANSWERS.format(1)).items if isinstance(item, Speech)]
    assert kinds == ["question", "question", "answer", "question"]


def test_a_table_is_a_paragraph_with_a_row_a_line():
    answer = specimen(ANSWERS.format(2)).items[0]
    assert isinstance(answer, Speech)
    assert "\nFebruary\t61\t12\t-\nMay(2)\t1,070\t988\t702\n(1) By six" in answer.text
    assert "<td colspan=" in str(answer.markup)


def test_a_division_has_its_names_over_a_page_break_and_its_tellers():
    [division] = [item for item in specimen(DEBATES.format(5)).items if isinstance(item, Division)]
    assert (division.number, division.ayes, division.noes, division.column) == ("901", 4, 7, "108")
    assert [v.name for v in division.votes if v.teller and v.vote == "no"] == [
        "Mr. Percival Dunnock",
        "Philippa Gantry-Vole",
    ]
    assert sum(v.vote == "no" and not v.teller for v in division.votes) == 7


def test_a_division_of_the_lords_counts_contents():
    [division] = [item for item in specimen(LORDS).items if isinstance(item, Division)]
    assert (division.ayes, division.noes) == (3, 2)
    assert [v.name for v in division.votes if v.vote == "not-content"] == [
        "Gravesby of Larrow, L.",
        "Quennell of Dunmarrow, B. [Teller]",
    ]


def test_a_time_heading_times_what_follows():
    assert turns(specimen(DEBATES.format(3)))["08062294000846"].time == "15:32:00"


def test_a_page_of_2011_is_read():
    html = (
        '<html><head><title>T</title></head><body><div id="nav"><form><input></form><a href="/">Home</a></div>'
        '<div id="content-small"><a class="anchor" name="11071988000009"></a>'
        '<a class="anchor-column" name="column_831"></a><a class="anchor" name="dpthd_2"> </a>'
        '<a class="anchor" name="110719112000002"> </a><a class="anchor" name="110719w0001.htm_dpthd0"> </a>'
        '<h3 style="text-transform:uppercase">Hedges Commission</h3><p><a class="anchor" name="qn_0"> </a>'
        '<a class="anchor" name="110719112000085"> </a><a class="anchor" name="110719112001598"> </a>'
        "<b>Mr Tolliver:</b> To ask how high the hedge is. [990301]</p><hr><table><tr><td>Next</td></tr></table>"
        "</div><script>x</script></body></html>"
    )
    heading, asked = read(html, "wrans/2011-07-19/cm201011/cmhansrd/cm110719/text/110719w0001.htm").items
    assert isinstance(heading, Heading)
    assert isinstance(asked, Speech)
    assert (heading.section_id, heading.column) == ("110719112000002", "831W")
    assert (asked.text, asked.question_number) == ("To ask how high the hedge is.", "990301")
    assert (asked.paragraph_id, asked.turn_id) == ("110719112000085", "110719112001598")


@pytest.mark.parametrize(
    ("printed", "name", "office"),
    [
        ("Mr. Watson:", "Mr. Watson", None),
        ("Dr. Hester Quill (Dunmarrow) (Lab):", "Dr. Hester Quill", None),
        (
            "The Minister for Hedges (and Ditches) (Mr. A. Tolliver):",
            "Mr. A. Tolliver",
            "The Minister for Hedges (and Ditches)",
        ),
        ("Madam Deputy Speaker (Maud Ironbridge):", "Maud Ironbridge", "Madam Deputy Speaker"),
        ("The Prime Minister:", "The Prime Minister", None),
        ("The Earl of Orrin (Con):", "The Earl of Orrin", None),
        ("Several hon. Members", "Several hon. Members", None),
    ],
)
def test_a_name_and_an_office_are_separated(printed, name, office):
    assert split_attribution(printed) == (name, office, printed.rstrip(":"))


@pytest.mark.parametrize(
    ("printed", "before", "meant"),
    [
        ("3.09 pm", None, "15:09:00"),
        ("4 pm", None, "16:00:00"),
        ("12.42 pm", "11:30:00", "12:42:00"),
        ("11.30 am", None, "11:30:00"),
        ("Noon", None, "12:00:00"),
        ("Midnight", "23:50:00", "24:00:00"),
        ("12.05 am", "23:50:00", "24:05:00"),
        ("Schedule", None, None),
    ],
)
def test_a_printed_time_is_parsed(printed, before, meant):
    assert parse_printed_time(printed, before) == meant


def test_windows_1252_bytes_and_references_give_the_same_text():
    assert turn("&#147;So&#148;&#151;&#146;").text == turn("“So”—’").text == "“So”—’"


def test_laughter_keeps_its_brackets():
    said = turn("friends&#151;<i> [</i><i> Laughter.</i><i> ]</i><i> </i>It is true.")
    assert said.text == "friends— [ Laughter. ] It is true."


def test_a_procedural_line_continues_the_previous_turn_as_in_the_xml():
    said = turn('Agreed.</p>\n<p><a name="stpa_o1"><a name="08062294000402"><i> Question put and agreed to.</i></p>')
    assert said.text == "Agreed.\n\nQuestion put and agreed to."
    assert '<p class="italic">' in str(said.markup)


def test_lines_with_the_house_and_the_day_are_not_items():
    html = (
        f'{TURN}<b>A:</b> x</p><a name="place_1"><a name="08062294000501"><h2>House of Lords</h2>'
        '<a name="date_1"><a name="08062294000502"><h2>Sunday, 22 June 2008.</h2>'
        '<a name="hd_1"><a name="08062294000503"><h4>The House met at noon.</h4>'
        '<a name="subhd_1"><a name="80622-0009.htm_sbhd1"><a name="08062294000504"><h3>Westminster Hall</h3>'
    )
    assert [item.text for item in read(html).items] == ["x", "Westminster Hall"]


def test_the_chair_of_westminster_hall_is_in_the_first_heading():
    html = (
        '<a name="place_0"><a name="08062292000005"><h2>Westminster Hall</h2>'
        '<a name="hd_2"><a name="80622h0001.htm_head0"><a name="08062292000007"><h4>[Maud Ironbridge '
        '<i>in the Chair</i>]</h4><a name="80622h0001.htm_head1"><a name="topichd_4"><a name="08062292000001">'
        "<h3>Stiles</h3>"
        '<p><a name="stpa_0"><a name="08062292000008"><i>Motion made, </i>That the sitting be now adjourned.</p>'
    )
    heading, motion = read(html, "westminhall/2008-06-22/cm200708/cmhansrd/cm080622/halltext/80622h0001.htm").items
    assert (heading.text, heading.level) == ("[Maud Ironbridge in the Chair] — Stiles", 3)
    assert (motion.kind, motion.speaker, motion.paragraph_id) == ("procedural", None, "08062292000008")


def test_a_name_may_follow_bold_without_words():
    html = TURN.replace("<p>", "<p><b><a name='80622-0009.htm_spnew7'></a></b>")
    [item] = read(f"{html}<b>A. Tolliver:</b><b></b>My Lords.</p>").items
    assert (item.speaker, item.text, item.turn_id) == ("A. Tolliver", "My Lords.", "08062294000901")


def test_bold_words_other_than_a_name_stay_in_the_text():
    said = turn('x</p><p><a name="stpa_o1"><a name="08062294000402"><b>1:</b> After Clause 2, insert</p>')
    assert said.text == "x\n\n1: After Clause 2, insert"


def test_counting_the_votes_of_long_ago_does_not_end_a_speech():
    said = turn('x</p><p><a name="stpa_o1"><a name="08062294000402">It was Ayes 4, Noes 7 in 1908.</p>')
    assert said.text.endswith("in 1908.")


# --- columns


@given(st.data())
def test_column_breaks_never_change_the_words(data):
    path = data.draw(st.sampled_from(SPECIMENS))
    name = path.relative_to(PAGES).as_posix()
    html = path.read_text(encoding="cp1252")
    spaces = [n for n, c in enumerate(html) if c == " " and html[:n].rfind("<") < html[:n].rfind(">")]
    inside = [n for n in spaces if html.rfind("<p>", 0, n) > html.rfind("</p>", 0, n) and "</p>" in html[n:]]
    place = data.draw(st.sampled_from([n for n in inside if "<b>" not in html[html.rfind(">", 0, n) - 2 : n]]))
    broken = html[:place] + " " + data.draw(st.sampled_from([BREAK, LORDS_BREAK])) + html[place + 1 :]
    before, after = specimen(name), read(broken, name)
    assert texts(after) == texts(before)


def texts(document: Document) -> list[str]:
    return [item.text if not isinstance(item, Division) else repr(item.votes) for item in document.items]


@given(st.lists(st.sampled_from([BREAK, LORDS_BREAK, " "]), min_size=1, max_size=4))
def test_a_run_of_breaks_is_one_space_and_the_last_column_counts(breaks):
    first, after = read(
        f"{TURN}<b>A:</b> one{''.join(breaks)}two</p>{TURN.replace('01', '02')}<b>B:</b> three</p>"
    ).items
    columns = {BREAK: "131", LORDS_BREAK: "207"}
    assert (first.text, first.column) == ("one two", None)
    assert after.column == next((columns[each] for each in reversed(breaks) if each in columns), None)


# --- what is refused


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("<html><body><h1>Just a moment...</h1><p>Checking your browser</p></body></html>", "no page of Hansard"),
        ("<p>Service unavailable</p>", "no page of Hansard"),
        (f"{TURN}<b>A:</b> x<marquee>y</marquee></p>", "line 1: unknown element <marquee>"),
        (f"{TURN}<b>A:</b> x</p><form>y</form>", "unknown element <form>"),
        (f"{TURN}<b>A:</b> x</p>" + "<br>" * 100_000, "at most 100,000 are read"),
        (f"{TURN}</p>", "no heading and no turn"),
        (f"{TURN}<b>A:</b> x</p>{TURN}<b>B:</b> y</p>", "occurs twice"),
    ],
)
def test_an_invalid_page_is_refused(html, what):
    assert what in refused(html)


@pytest.mark.parametrize("name", ["", "80622-0001.htm", "wrans/" + NAME.partition("/")[2], NAME + "#x", "../" + NAME])
def test_a_document_of_another_name_is_refused(name):
    assert "the name" in refused(TURN, name)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_but_a_parse_error(body):
    with suppress(ParseError):
        read(body)


@given(st.data())
def test_no_cut_or_changed_byte_raises_anything_but_a_parse_error(data):
    body = bytearray(data.draw(st.sampled_from(SPECIMENS)).read_bytes())
    place = data.draw(st.integers(0, len(body) - 1))
    body[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=3))
    with suppress(ParseError):
        read(bytes(body))


# --- what is asked for


@pytest.mark.parametrize(
    ("path", "kind", "date"),
    [
        ("/pa/cm200708/cmhansrd/cm080618/debtext/80618-0001.htm", "debates", "2008-06-18"),
        ("/pa/cm200809/cmhansrd/cm091027/halltext/91027h0001.htm", "westminhall", "2009-10-27"),
        ("/pa/cm200809/cmhansrd/cm091026/wmstext/91026m0001.htm", "wms", "2009-10-26"),
        ("/pa/cm200910/cmhansrd/cm100317/text/100317w0012.htm", "wrans", "2010-03-17"),
        ("/pa/cm200203/cmhansrd/vo030626/debtext/30626-10.htm", "debates", "2003-06-26"),
        ("/pa/ld200708/ldhansrd/text/80618-0001.htm", "lordspages", "2008-06-18"),
        ("/pa/ld200809/ldhansrd/text/91026w0001.htm", "lordswrans", "2009-10-26"),
        ("/pa/ld200809/ldhansrd/text/91026-wms0001.htm", "lordswms", "2009-10-26"),
        ("/pa/ld200809/ldhansrd/text/91026-gc0001.htm", "grandcommittee", "2009-10-26"),
    ],
)
def test_kind_and_date_are_parsed_from_every_form_of_address(path, kind, date):
    for head in ("http://www.", "https://www.", "http://", "https://"):
        page = parse_page_address(f"{head}publications.parliament.uk{path}#08061894000016")
        assert page
        assert parse_document_name(page.name) == (kind, date)


@pytest.mark.parametrize(
    "url", ["", "https://hansard.parliament.uk/Commons/2008-06-18", "http://[", f"{SITE}/pa/index.htm"]
)
def test_other_addresses_are_not_pages_of_hansard(url):
    assert parse_page_address(url) is None


@pytest.mark.parametrize(
    ("path", "after"),
    [
        ("/pa/cm200708/cmhansrd/cm080618/debtext/80618-0009.htm", "80618-0010.htm"),
        ("/pa/cm200910/cmhansrd/cm100317/text/100317w0001.htm", "100317w0002.htm"),
        ("/pa/ld200809/ldhansrd/text/91026-wms0001.htm", "91026-wms0002.htm"),
        ("/pa/cm200203/cmhansrd/vo030626/debtext/30626-09.htm", "30626-10.htm"),
    ],
)
def test_the_next_page_has_the_next_number(path, after):
    page = parse_page_address(f"{SITE}{path}")
    assert page
    assert make_next_page(page) == page._replace(path=f"{path.rpartition('/')[0]}/{after}")
    assert parse_document_name(make_next_page(page).name) == (page.kind, page.date)


def crawled(urls: list[str], there: set[int], status: int = 404) -> tuple[list[Request], list[Response | Gap]]:
    """What is asked for, and what comes of it, at a site that has pages of 22 June by these numbers alone."""
    asked: list[Request] = []

    def get(request: Request) -> Response:
        asked.append(request)
        if int(request.path[-8:-4]) not in there:
            raise DocumentUnavailable(request.name, "it is not there", status)
        return Response("publications", request.name, SITE + request.path, "", 200, {}, b"")

    topic = Topic("t", "T", "", "2008-06-01", "2008-06-30", ("debates",), ())
    return asked, list(crawl(Site(SITE, get), topic, CrawlHints(urls=tuple(urls))))


def address(number: int) -> str:
    return f"{SITE}{page_at_path(number)}#08062294000005"


def test_a_page_and_its_next_page_are_requested_once():
    asked, _ = crawled([address(1), address(1), address(2)], {1, 2, 3})
    assert [request.name for request in asked] == [DEBATES.format(n) for n in (1, 2, 3)]
    assert {(request.media, request.date, request.secret) for request in asked} == {("html", "2008-06-22", ())}


def test_a_missing_next_page_is_no_gap_but_a_missing_hinted_page_is():
    _, got = crawled([address(5), address(7)], {5})
    assert [(each.name, isinstance(each, Gap)) for each in got] == [
        (DEBATES.format(5), False),
        (DEBATES.format(7), True),
    ]


def test_a_refused_next_page_is_a_gap():
    _, got = crawled([address(5)], {5}, status=503)
    [gap] = [each for each in got if isinstance(each, Gap)]
    assert (gap.name, gap.start, gap.end) == (DEBATES.format(6), "2008-06-22", "2008-06-22")
    assert gap.reason == "it is not there"


def test_pages_outside_the_topic_s_dates_are_not_requested():
    asked, _ = crawled([f"{SITE}/pa/cm200708/cmhansrd/cm081112/debtext/81112-0001.htm"], {1})
    assert asked == []
