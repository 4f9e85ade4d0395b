"""Old pages of Parliament: every kind and printed form is read rightly or refused in its smallest unit, and listed."""

import sqlite3
from contextlib import closing

import pytest

from db.archive import responses as archive
from db.records.hansard import Division, Document, Heading, Speech
from db.records.source import ParseError, Provenance, Response
from db.records.topic import Topic
from scrapers.audit.compare import compare_records
from scrapers.fetch.progress import Progress
from scrapers.load.other_sources import ParsedVersion, read_source_debates
from scrapers.run import DatabaseFolder, RunRequest, update_statements
from scrapers.scope.interfaces import CrawlHints, Request, Site
from scrapers.sources.publications import crawl, parse, parse_document_name
from scrapers.sources.publications.division_lists import is_printed_vote
from scrapers.sources.publications.page_addresses import parse_page_address
from tests.support.cli import call

SITE = "http://www.publications.parliament.uk"
DEBATES = "/pa/cm200708/cmhansrd/cm080622/debtext/80622-0009.htm"
HEADING = '<a name="subhd_1"><a name="80622-0009.htm_sbhd1"><a name="08062294000020"><h3 align="center">Hedges</h3>\n'
SPOKEN = '<p><a name="st_o1"><a name="08062294000401"><a name="80622-0009.htm_spnew0"><a name="08062294000901">'
FIRST = f"{SPOKEN}<b>Ash:</b> x</p>\n"
MARKS = '<a name="qn_o8"><a name="80622-0009.htm_wqn3"><a name="08062294000093">'
ANSWER = '<p><a name="st_o2"><a name="08062294000402"><a name="08062294000902"><b>Elm:</b> They are high.</p>\n'


def read(html: str, path: str = DEBATES) -> Document:
    page = parse_page_address(SITE + path)
    assert page, path
    return parse(
        Response("publications", page.name, SITE + path, "2026-11-22T06:00:00Z", 200, {}, html.encode("cp1252"))
    )


def lines(document: Document) -> list[str]:
    """Each item in one line: a heading in brackets, a speech with its kind and speaker, a division with its votes."""
    found = []
    for item in document.items:
        if isinstance(item, Heading):
            found.append(f"[{item.text}]")
        elif isinstance(item, Division):
            votes = [f"{vote.name}{'*' if vote.teller else ''}" for vote in item.votes]
            found.append(f"division {item.number}: {item.ayes}-{item.noes} {'; '.join(votes)}")
        else:
            found.append(f"{item.kind} {item.speaker}: {item.text}")
    return found


def refusals(document: Document) -> list[str]:
    return [f"{unit.unit}: {unit.reason}" for unit in document.refused]


# --- how questions are printed


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("7. ", None),
        ("Q1. ", None),
        ("Q1. [211606] ", "211606"),
        ("T1. [66880] ", "66880"),
        ("10. [211606] ", "211606"),
        ("Q13.  [211606] ", "211606"),
        ("*", None),
        ("S1. ", None),
        ("T10.[66880]", "66880"),
        ("", None),
    ],
)
@pytest.mark.parametrize("where", ["before", "inside"])
def test_every_printed_number_of_a_question_begins_a_turn(printed, number, where):
    before, inside = (f"{printed}<a name='08062294000893'>", "") if where == "before" else ("", printed)
    asked = f"<p>{MARKS}{before}<b>{inside}Mr. Ambrose Tolliver (Dunmarrow) (Lab):</b>\n How high is it?</p>\n"
    document = read(HEADING + FIRST + asked + ANSWER)
    assert lines(document)[1:] == [
        "speech Ash: x",
        "question Mr. Ambrose Tolliver: How high is it?",
        "speech Elm: They are high.",
    ]
    assert (document.items[2].question_number, document.refused) == (number, ())


@pytest.mark.parametrize(
    ("printed", "attribution", "text"),
    [
        ("<b>Mr. Tolliver:</b> How high?", "Mr. Tolliver", "How high?"),
        ("<b>Mr. Tolliver</b>: How high?", "Mr. Tolliver", "How high?"),
        ("<b>Mr. Tolliver </b>(Dunmarrow) (Lab): How high?", "Mr. Tolliver (Dunmarrow) (Lab)", "How high?"),
        ("<b>Mr. Tolliver</b><i> rose\x97</i>", "Mr. Tolliver", "rose—"),
        ("<b>Mr. Tolliver</b> (in the Chair) rose.", "Mr. Tolliver", "(in the Chair) rose."),
    ],
)
def test_seat_party_and_colon_after_the_bold_name_are_no_words_of_the_speaker(printed, attribution, text):
    page = read(HEADING + f"<p>{MARKS}{printed.replace(chr(0x97), '&#151;')}</p>")
    speech = page.items[1]
    assert (speech.attribution, speech.speaker, speech.text) == (attribution, "Mr. Tolliver", text)


@pytest.mark.parametrize(
    "printed",
    [
        "Q1 [211606 <b>Mr. Tolliver:</b> How high?",
        "Question 7, <b>Mr. Tolliver:</b> How high?",
        "[211606] <b>Mr. Tolliver:</b> How high?",
        "Q1. Mr. Tolliver: How high?",
        "<i>Mr. Tolliver:</i> How high?",
        "<b>[Interruption.]</b> How high?",
        "How high?",
    ],
)
def test_a_marked_paragraph_without_a_readable_name_is_refused_with_what_follows(printed):
    more = '<p><a name="stpa_o2"><a name="08062294000094">And how long?</p>\n'
    document = read(HEADING + FIRST + f"<p>{MARKS}{printed}</p>\n{more}{ANSWER}")
    assert lines(document) == ["[Hedges]", "speech Ash: x", "speech Elm: They are high."]
    assert [(unit.unit, unit.place) for unit in document.refused] == [("item", "lines 3 to 4")]
    assert "its speaker is not understood" in document.refused[0].reason


@pytest.mark.parametrize(
    ("printed", "begins"),
    [
        ("<b>Mr. Tolliver:</b> I rise.", True),
        ("<b>Mr. Ambrose Tolliver </b>(Dunmarrow): I rise.", True),
        ("<b>Hester Quill:</b> I rise.", True),
        ("<b>Hester Quill (Lab):</b> I rise.", True),
        ("<b>The Prime Minister:</b> I rise.", True),
        ("<b>1:</b> After Clause 2, insert", False),
        ("<b>Source:</b> the Hedges Commission", False),
        ("<b>Mr. Tolliver</b> was named in the report.", False),
        ("3. <b>Summary</b> of the report", False),
    ],
)
def test_a_bold_name_without_marks_is_never_text_of_the_speaker_before(printed, begins):
    document = read(HEADING + FIRST + f'<p><a name="stpa_o2"><a name="08062294000094">{printed}</p>\n{ANSWER}')
    assert len(document.refused) == begins
    assert [item.speaker for item in document.items[1:]] == ["Ash", "Elm"]
    assert document.items[1].text.count("\n\n") == (not begins)


def test_a_name_without_marks_in_an_answer_may_be_its_heading():
    path = "/pa/cm200708/cmhansrd/cm080622/text/80622w0001.htm"
    document = read(HEADING + FIRST + "<p><b>West Midlands:</b> nine miles</p>", path)
    assert document.items[1].text == "x\n\nWest Midlands: nine miles"
    assert document.refused == ()


# --- the smallest unit


@pytest.mark.parametrize(
    ("html", "said", "unit"),
    [
        (FIRST + '<p><a name="stpa_2"><marquee>y</marquee></p>\n' + ANSWER, ["Elm"], "item"),
        (FIRST.replace("x", "<marquee>x</marquee>") + ANSWER, ["Elm"], "item"),
        (
            FIRST + HEADING.replace("Hedges", "<marquee>A</marquee>") + ANSWER + HEADING.replace("20", "21"),
            ["Ash"],
            "debate",
        ),
        (FIRST + FIRST.replace("Ash", "Oak") + ANSWER, ["Elm"], "item"),
        (FIRST + ANSWER.replace("08062294000402", "\xdf").replace("08062294000902", "\xdf"), ["Ash"], "item"),
    ],
    ids=["further paragraph", "first paragraph", "heading", "number twice", "number of no figures"],
)
def test_what_is_not_understood_costs_its_turn_or_debate_alone(html, said, unit):
    document = read(html)
    assert [item.speaker for item in document.items if isinstance(item, Speech)] == said
    assert [each.unit for each in document.refused] == [unit]


def test_a_refused_heading_takes_the_debates_below_it_along():
    department = '<a name="dpthd_1"><a name="08062294000030"><h3>HEDGES <marquee>A</marquee></h3>\n'
    after = department.replace("30", "31").replace(" <marquee>A</marquee>", "")
    document = read(HEADING.replace("0020", "0019") + FIRST + department + HEADING + ANSWER + after)
    assert lines(document) == ["[Hedges]", "speech Ash: x", "[HEDGES]"]
    [unit] = document.refused
    assert (unit.unit, unit.place) == ("debate", "lines 3 to 5")
    assert unit.within == tuple(f"uk.parliament.hansard/2008-06-22/{n}" for n in ("08062294000020", "08062294000402"))


@pytest.mark.parametrize(
    ("printed", "time"),
    [
        ("3.2 pm", "15:02:00"),
        ("12 noon", "12:00:00"),
        ("7 pm", "19:00:00"),
        ("Midnight", "24:00:00"),
        ("25.2 pm", None),
    ],
)
def test_a_time_above_a_turn_is_read_and_an_unknown_one_costs_the_time(printed, time):
    document = read(f"{HEADING}<h5>9.30 am</h5>\n{FIRST}<h5>{printed}</h5>\n{ANSWER}")
    assert [item.time for item in document.items[1:]] == ["09:30:00", time]
    assert refusals(document) == ([] if time else ["item: unknown time '25.2 pm'"])


# --- divisions

DIVIDES = '<p><a name="stpa_o3"><a name="08062294000403"><i>The House divided:</i> Ayes 2, Noes 1.</p>\n'
NAMES_2012 = (
    '<a name="divlst_1"><a name="08062294000500"><h4 align="center">Division No. 8] [3.2 pm</h4>'
    '<p style="margin-bottom:30px;">AYES</p><p>Ash, rh Mr. Ambrose</p><p>Elm, Si\xe2n</p>'
    "<p>Tellers for the Ayes: <b>Ada Oak and</b> <b>Mr. Ned Yew.</b></p>"
    '<p style="margin-bottom:30px;">NOES</p><p>Birch, Dr. Hugo</p>'
    "<p>Tellers for the Noes:</p><p>Mr. Pine and</p><p>Una Fir</p>"
    "<p>Question accordingly agreed to.</p>"
)
VOTES_2012 = (
    "division 8: 2-1 Ash, rh Mr. Ambrose; Elm, Siân; Ada Oak*; Mr. Ned Yew*; Birch, Dr. Hugo; Mr. Pine*; Una Fir*"
)
NAMES_1997 = (
    "<P><B>Division No. 8]</B><center>AYES</center><TABLE><TR><TD>Ash, Mr. Ambrose<BR>Elm, Dr. Si\xe2n<BR>(Dunmarrow S)"
    "</TD><TD>Tellers for the Ayes:<BR>Ms Ada Oak and<BR>Mr. Ned Yew.</TD></TR></TABLE>"
    "<center>NOES</center><TABLE><TR><TD>Birch, Dr. Hugo</TD></TR></TABLE>"
    "<P><i>Question accordingly agreed to.</i>"
)


def test_a_division_with_a_name_a_paragraph_is_read():
    document = read(HEADING + FIRST + DIVIDES + NAMES_2012 + ANSWER)
    assert lines(document)[2:] == [
        "procedural None: The House divided: Ayes 2, Noes 1.",
        VOTES_2012,
        "procedural None: Question accordingly agreed to.",
        "speech Elm: They are high.",
    ]
    assert (document.items[3].damage, document.items[3].time, document.refused) == ("", "15:02:00", ())


def test_a_division_of_1997_in_tables_is_read():
    document = read(HEADING + FIRST + DIVIDES + NAMES_1997)
    assert lines(document)[3:] == [
        "division 8: 2-1 Ash, Mr. Ambrose; Elm, Dr. Siân (Dunmarrow S); Ms Ada Oak*; Mr. Ned Yew*; Birch, Dr. Hugo",
        "procedural None: Question accordingly agreed to.",
    ]
    assert document.items[3].damage == ""


def test_a_list_that_disagrees_with_its_totals_is_marked_and_its_odd_line_refused():
    document = read(HEADING + DIVIDES + NAMES_2012.replace("Elm, Si\xe2n", "Elm of nowhere"))
    [division] = [item for item in document.items if isinstance(item, Division)]
    assert division.damage.startswith("The list has 1 names on one side and 1 on the other, where 2 and 1 are printed")
    assert refusals(document) == ["item: a line of the list of division 8 is no name: 'Elm of nowhere'"]
    assert "Elm" not in "".join(item.text for item in document.items if not isinstance(item, Division))


def test_a_division_without_totals_is_refused_and_its_names_are_no_speech():
    document = read(HEADING + FIRST + NAMES_2012 + ANSWER)
    assert lines(document)[1:] == [
        "speech Ash: x",
        "procedural None: Question accordingly agreed to.",
        "speech Elm: They are high.",
    ]
    assert refusals(document) == ["item: division 8 has no totals before it"]


def test_totals_of_twenty_figures_are_no_totals():
    document = read(HEADING + DIVIDES.replace("Ayes 2", f"Ayes {'9' * 20}") + NAMES_2012)
    assert refusals(document) == ["item: division 8 has no totals before it"]


def test_the_rest_of_a_list_on_a_new_page_is_no_speech():
    document = read(f"<p>Elm, Si\xe2n</p><p>Oak, Ada</p>\n{HEADING}{FIRST}")
    assert lines(document) == ["[Hedges]", "speech Ash: x"]
    assert refusals(document) == ["item: a list of names is here without its division"]


@pytest.mark.parametrize(
    ("words", "is_vote"),
    [
        ("Falkner of Margravine, B.", True),
        ("Hunt of Kings Heath, L. [Teller]", True),
        ("NOT-CONTENTS", True),
        ("Question, That the words be added", False),
        ("Ayes", False),
        ("He said, and I agree, that it is so", False),
    ],
)
def test_a_line_of_a_list_is_told_from_a_sentence(words, is_vote):
    assert is_printed_vote(words) is is_vote


# --- from page to page


def test_a_new_page_goes_on_with_a_paragraph_or_a_sentence_and_keeps_the_column():
    column = "<b>22 Jun 2008 : Column 937</b>"
    one = read(HEADING + f"<b>22 Jun 2008 : Column 936</b>{FIRST}<br>{column}<br>")
    pages = {
        "<p><a name='stpa_o4'><a name='08062294000410'>More.</p>": "x\n\nMore.",
        "<p>more of it.</p>": "x more of it.",
    }
    for html, text in pages.items():
        two = read(f"{html}\n{ANSWER}", DEBATES.replace("0009", "0010"))
        where = [Provenance("publications", d.name, "page", n, "", "") for n, d in enumerate((one, two), 1)]
        versions = [ParsedVersion(*each, True) for each in zip((one, two), where, strict=True)]
        [debate] = [each.debate for each in read_source_debates("publications", "debates", "2008-06-22", versions)]
        assert [(item.text, item.column) for _, item in debate.speeches] == [(text, "936"), ("They are high.", "937")]


# --- kinds of pages

PARLIAMENT_1997 = (
    "<P>\n<B>16 May 1997 : Column 275</B></P>\n<H2><center>House of Commons</center></H2>\n"
    "<H4><center>Friday 16 May 1997</center></H4>\n<H4><center>The House met at half-past Nine o'clock</center></H4>\n"
    '<a name="70516-01_head0"><H3><center>Hedges</center></H3>\n<P>\n<a name="70516-01_time0"><H5>9.34 am</H5>\n</P>\n'
    '<P>\n<P>\n<a name="70516-01_spmin0"><B>The Minister for Hedges   (Mr. Ambrose Tolliver): </B> \nI am toying '
    "with the <P>\n\n<B>16 May 1997 : Column 276</B></P>\nConservative hedge.\n<P>\n\n"
    '<a name="70516-01_para4">He said:\n<P>\n<BR>\n<UL><FONT SIZE=-1>"a hedge".\n<P>\n</FONT></UL>\n'
    '<P>\n<P>\n<a name="70516-01_spnew1"><B> Dr. Quill  (Dunmarrow):</B> \n No.\n'
)
READ = {
    "debates": (DEBATES, HEADING + FIRST, ["[Hedges]", "speech Ash: x"]),
    "written answers": (
        "/pa/cm200708/cmhansrd/cm080622/text/80622w0001.htm",
        HEADING + f"<p>{MARKS}<b>Ash:</b> To ask how high. [990201]</p>" + ANSWER,
        ["[Hedges]", "question Ash: To ask how high.", "answer Elm: They are high."],
    ),
    "written statements": (
        "/pa/cm200708/cmhansrd/cm080622/wmstext/80622m0001.htm",
        HEADING + FIRST,
        ["[Hedges]", "speech Ash: x"],
    ),
    "Westminster Hall": (
        "/pa/cm200708/cmhansrd/cm080622/halltext/80622h0001.htm",
        HEADING + FIRST,
        ["[Hedges]", "speech Ash: x"],
    ),
    "Lords": (
        "/pa/ld200708/ldhansrd/text/80622-0001.htm",
        HEADING + '<p><a name="st_1"></a><b><a name="080622110000829"></a>Lord Ash: </b>My Lords, x</p>',
        ["[Hedges]", "speech Lord Ash: My Lords, x"],
    ),
    "Lords of 1997": (
        "/pa/ld199798/ldhansrd/vo970516/text/70516-01.htm",
        '<B>16 May 1997 : Column 1</B><a name="70516-01_head0"><H3>Hedges</H3>'
        '<P><a name="70516-01_spnew0"><B>Lord Ash:</B> x',
        ["[Hedges]", "speech Lord Ash: x"],
    ),
    "Grand Committee": (
        "/pa/ld200708/ldhansrd/text/80622-gc0001.htm",
        HEADING + FIRST,
        ["[Hedges]", "speech Ash: x"],
    ),
    "the layout of 1997": (
        "/pa/cm199798/cmhansrd/vo970516/debtext/70516-01.htm",
        PARLIAMENT_1997,
        [
            "[Hedges]",
            'speech Mr. Ambrose Tolliver: I am toying with the Conservative hedge.\n\nHe said:\n\n"a hedge".',
            "speech Dr. Quill: No.",
        ],
    ),
    "the layout of 2010 to 2014": (
        "/pa/cm201213/cmhansrd/cm130313/debtext/130313-0001.htm",
        '<html><head><title>T</title></head><body><div id="content"><a class="anchor-column" name="column_831"></a>'
        + HEADING.replace("<a ", '<a class="anchor" ')
        + FIRST
        + DIVIDES
        + NAMES_2012
        + "<hr><table><tr><td><a href='/'>Next</a></td></tr></table></div></body></html>",
        [
            "[Hedges]",
            "speech Ash: x",
            "procedural None: The House divided: Ayes 2, Noes 1.",
            VOTES_2012,
            "procedural None: Question accordingly agreed to.",
        ],
    ),
}
UNREAD = {
    "/pa/cm200708/cmhansrd/cm080622/petntext/80622p0001.htm": ("petitions", "2008-06-22"),
    "/pa/cm201011/cmhansrd/cm110719/corrtext/110719c0001.htm": ("corrections", "2011-07-19"),
    "/pa/cm199798/cmstand/a/st980120/am/80120s01.htm": ("standing", "1998-01-20"),
    "/pa/cm200809/cmpublic/hedges/090308/am/90308s01.htm": ("standing", "2009-03-08"),
    "/pa/cm200708/cmhansrd/cm080622/debindx/80622-x.htm": ("unknown", "2008-06-22"),
    "/pa/cm198990/cmhansrd/1989-11-21/Debate-1.html": ("unknown", "1989-11-21"),
}


@pytest.mark.parametrize("kind", READ)
def test_each_kind_of_page_is_read_whole(kind):
    path, html, said = READ[kind]
    document = read(html, path)
    assert lines(document) == said
    assert document.refused == ()


@pytest.mark.parametrize(
    ("path", "html"),
    [
        *((path, html) for path, html, _ in READ.values()),
        (DEBATES, HEADING + FIRST + DIVIDES + NAMES_1997),
        (DEBATES, HEADING + DIVIDES + NAMES_2012.replace("<p>Elm, Si\xe2n", "\n<p>Elm of nowhere")),
        (DEBATES, HEADING + f"<p>{MARKS}<b>Q1. [211606] Mr. Ash:</b> Why?</p>" + ANSWER),
        (DEBATES, HEADING + f"<p>{MARKS}Q1 [211606 <b>Mr. Ash:</b> Why?</p>\n" + "<p>And why?</p>\n" * 30 + ANSWER),
        (
            DEBATES,
            FIRST + HEADING.replace("Hedges", "<marquee>A</marquee>") + ANSWER * 30 + HEADING.replace("20", "21"),
        ),
    ],
)
def test_the_audit_finds_every_word_in_a_record_or_in_what_was_refused(path, html):
    document = read(html, path)
    response = Response("publications", document.name, SITE, "", 200, {}, html.encode("cp1252"))
    assert compare_records(response, document).faults == []


def test_what_is_refused_and_marked_goes_through_the_loader_and_show(tmp_path):
    wrong = (
        NAMES_2012.replace("Elm, Si\xe2n", "Elm of nowhere")
        .replace("<p>Elm", "\n<p>Elm")
        .replace("<p>Tell", "\n<p>Tell")
    )
    html = HEADING + FIRST + DIVIDES + wrong + f"\n<p>{MARKS}Q1 [211606 <b>Mr. Ash:</b> Why?</p>\n" + ANSWER
    page = parse_page_address(SITE + DEBATES)
    folder = DatabaseFolder(tmp_path)
    with closing(archive.open_archive(folder.archive)) as received:
        body = html.encode("cp1252")
        archive.store_response(
            received, Response("publications", page.name, SITE, "2026-11-22T06:00:00Z", 200, {}, body)
        )
    topic = Topic("t", "T", "", "2008-06-01", "2008-06-30", ("debates",), ())
    update_statements(folder, RunRequest([topic], [topic], True), Progress(None), lambda _: None)
    with closing(sqlite3.connect(folder.statements)) as conn:
        refused = conn.execute("SELECT unit, place, reason, debate_id FROM quarantine ORDER BY id").fetchall()
        marked = conn.execute("SELECT kind, damage FROM speeches WHERE damage <> ''").fetchall()
        spoken = conn.execute("SELECT speaker FROM speeches WHERE speaker IS NOT NULL ORDER BY rowid").fetchall()
    damage = "The list has 1 names on one side and 1 on the other, where 2 and 1 are printed as voting."
    debate = "k-2008-06-22-08062294000020"
    assert refused == [
        ("item", "line 5", "a line of the list of division 8 is no name: 'Elm of nowhere'", debate),
        (
            "item",
            "line 8",
            "a turn seems to begin here, but its speaker is not understood: 'Q1 [211606 Mr. Ash: Why?'",
            debate,
        ),
    ]
    assert (marked, spoken) == ([("division", damage)], [("Ash",), ("Elm",)])
    shown = call("scrapers", "show", page.name, "--archived", "--db-dir", tmp_path)
    assert (shown.returncode, shown.stdout.count("REFUSED item"), damage in shown.stdout) == (1, 2, True)


def test_a_page_of_1997_has_its_columns_and_times():
    _, minister, reply = read(PARLIAMENT_1997, READ["the layout of 1997"][0]).items
    assert (minister.column, minister.time, minister.office) == ("275", "09:34:00", "The Minister for Hedges")
    assert (reply.column, reply.gid) == ("276", "uk.parliament.hansard/1997-05-16/70516-01-spnew1")


@pytest.mark.parametrize("path", UNREAD)
def test_a_kind_that_is_not_read_is_fetched_and_refused_whole(path):
    def get(request: Request) -> Response:
        return Response("publications", request.name, SITE + request.path, "", 200, {}, (HEADING + FIRST).encode())

    topic = Topic("t", "T", "", "1980-06-01", "2018-06-30", ("debates",), ())
    [response] = crawl(Site(SITE, get), topic, CrawlHints(urls=(SITE + path,)))
    assert isinstance(response, Response)
    assert parse_document_name(response.name) == UNREAD[path]
    with pytest.raises(ParseError, match="not read"):
        parse(response)


@pytest.mark.parametrize(
    "path",
    [
        "/pa/cm200708/cmhansrd/cm081345/debtext/81345-0001.htm",
        "/pa/cm200708/cmhansrd/cm110622/debtext/110622-0001.htm",
        "/pa/cm198990/cmhansrd/1989-13-21/Debate-1.html",
        "/pa/cm200708/cmselect/cmproc/80622.htm",
        "/pa/cm200708/cmhansrd/index.htm",
    ],
)
def test_a_path_without_a_day_of_its_session_is_no_page(path):
    assert parse_page_address(SITE + path) is None


def test_a_heading_without_any_visible_character_is_none():
    document = read(f"{HEADING}<h4>&#173;</h4>\n{FIRST}{ANSWER}")
    assert lines(document) == ["[Hedges]", "speech Ash: x", "speech Elm: They are high."]
    assert document.refused == ()
