"""TheyWorkForYou's files: what each specimen says (goldens), what is refused, and the oddities that are accepted."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.record_check import check_document
from db.records.hansard import Document
from db.records.source import FileEntry, ParseError
from db.records.topic import Topic
from scrapers.scope.interfaces import CrawlHints, Location
from scrapers.scope.kinds import KINDS, list_path_patterns, parse_document_name
from scrapers.sources.theyworkforyou import crawl, parse
from tests.support.databases import parse_units, response
from tests.support.goldens import make_plain

HERE = Path(__file__).resolve().parents[1] / "specimens"
SPECIMENS = sorted((HERE / "parldata" / "scrapedxml").glob("*/*.xml"))
GOLDENS = HERE / "goldens"
PREFIX = "uk.org.publicwhip/"
NAME = "scrapedxml/debates/debates2009-03-15a.xml"
GID = f"{PREFIX}debate/2009-03-15a"
FAULTS = {  # file under broken/: what its ParseError must name
    "billion-laughs.xml": "entity amplification",
    "duplicate-id.xml": f"the address {GID}.1.1 occurs twice, with different words",
    "empty.xml": "the file is empty",
    "external-entity.xml": "leak",
    "html-page.xml": "line 5",
    "truncated.xml": "line 8",
    "undeclared-entity.xml": "hellip",
    "unknown-attribute.xml": "mood",
    "unknown-class.xml": "unknown class 'sparkling' of <p>",
    "unknown-element.xml": "marquee",
}
HEDGES = "The hedges are in hand."
LINELESS = {"duplicate-id.xml", "empty.xml"}


def read(xml: str | bytes, name: str = NAME) -> Document:
    body = xml if isinstance(xml, bytes) else f'<publicwhip scrapeversion="a" latest="yes">{xml}</publicwhip>'.encode()
    return check_document(parse(response(name, body)))


def speech(attributes: str = "", words: str = "<p>The hedges are in hand.</p>"):
    """The one speech of a file that holds just that."""
    [item] = read(f'<speech id="{GID}.1.1" {attributes}>{words}</speech>').items
    return item


def refused(xml: str | bytes, name: str = NAME) -> str:
    """Return the reasons with their places for which a file, or a part of it, is refused."""
    try:
        units = read(xml, name).refused
    except ParseError as error:
        return str(error).removeprefix(f"{name}: ")
    assert units
    return "; ".join(f"{unit.place}: {unit.reason}" for unit in units)


# --- goldens


@pytest.mark.parametrize("path", SPECIMENS, ids=lambda path: path.stem)
def test_a_specimen_equals_its_golden(path: Path):
    name = path.relative_to(HERE / "parldata").as_posix()
    found = json.dumps(make_plain(parse(response(name, path.read_bytes()))), indent=1, ensure_ascii=False) + "\n"
    golden = GOLDENS / f"{path.stem}.json"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
        pytest.fail(f"{golden.name} was missing and has been written: review and commit")
    assert found == golden.read_text(encoding="utf-8")


def test_every_golden_has_its_specimen():
    assert {path.stem for path in GOLDENS.glob("*.json")} <= {path.stem for path in SPECIMENS}


def test_every_kind_has_a_specimen():
    assert {path.parent.name for path in SPECIMENS} == {kind for kind, each in KINDS.items() if each.prefix}


# --- what is refused


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_file_is_refused_with_its_name_and_the_place(fault):
    what = refused((HERE / "broken" / fault).read_bytes())
    assert FAULTS[fault] in what
    assert ("line " in what) == (fault not in LINELESS)


def test_every_broken_file_is_tested():
    assert {path.name for path in (HERE / "broken").glob("*")} == {*FAULTS, "redirect-loop.xml"}


def test_the_parser_accepts_a_redirect_loop():
    assert len(read((HERE / "broken" / "redirect-loop.xml").read_bytes()).redirects) == 2


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("loose words", "words outside any item"),
        ("<p>The hedges.</p>", "line 1"),
        (f'<speech id="{GID}.1.1"><tr/></speech>', "speech"),
        (f'<speech id="{GID}.1.1" type="Start Song"/>', "unknown type 'Start Song' of <speech>"),
        (f'<speech id="{GID}.1.1" nospeaker="maybe"/>', "nospeaker"),
        (f'<speech id="{GID}.1.1"><p pwmotiontext="no">x</p></speech>', "unknown pwmotiontext 'no' of <p>"),
        (f'<speech id="{GID}.1.1"><p><phrase class="hedge">x</phrase></p></speech>', "hedge"),
        (f'<speech id="{GID}.1.1" xmlns="https://example.org/"><p>x</p></speech>', "line 1"),
        (f'<gidredirect oldgid="{GID}.1.1" newgid="{GID}.1.2" matchtype="guess"/>', "guess"),
        (f'<gidredirect oldgid="{GID}.1.1" matchtype="changes"/>', "newgid"),
        ("<speech><p>x</p></speech>", "id"),
        ('<speech id="">x</speech>', "'' is no gid of debate"),
        (f'<speech id="{PREFIX}lords/2009-03-15a.1.1"/>', "is no gid of debate"),
        (f'<speech id="{GID}.1 1"/>', "is no gid of debate"),
        (f'<division id="{GID}.1.1" divnumber="1"/>', "division"),
        (f'<division id="{GID}.1.1" divnumber="1"><divisioncount noes="1"/></division>', "'content'"),
        (f'<division id="{GID}.1.1" divnumber="1"><divisioncount ayes="some" noes="1"/></division>', "some"),
        (
            f'<division id="{GID}.1.1" divnumber="1"><divisioncount ayes="1" noes="0"/>'
            '<mplist vote="aye"><mpname>A</mpname></mplist>'
            "</division>",
            "'vote'",
        ),
    ],
)
def test_elements_and_values_outside_the_schema_are_refused(xml, what):
    assert what in refused(xml)


@pytest.mark.parametrize("words", ['pwmotiontext="withdrawn"', 'pwmotiontext="negatived"', 'class="letterfrom"'])
def test_the_effects_of_motions_in_the_lords_are_accepted(words):
    assert speech(words=f"<p {words}>Amendment 12 is dealt with.</p>").text == "Amendment 12 is dealt with."


@pytest.mark.parametrize("time", ["noon", "25", "1:2", "11.30", "-1:00", "11:30:00 ", "٠٩:٣٠", "11:99:00", "11:30:75"])
def test_an_invalid_time_is_refused(time):
    assert f"line 1: <speech> has the unknown time '{time}'" in refused(f'<speech id="{GID}.1.1" time="{time}"/>')


@pytest.mark.parametrize(
    ("old", "new"), [("", f"{GID}.1.1"), (f"{GID}.1.1", ""), (f"{GID}.1.1", "nowhere"), ("a b", f"{GID}.1.1")]
)
def test_a_redirect_between_invalid_gids_is_refused(old, new):
    refused(f'<gidredirect oldgid="{old}" newgid="{new}" matchtype="removed"/>')


@pytest.mark.parametrize(
    "name",
    [
        "",
        "debates2009-03-15a.xml",
        "scrapedxml/debates/debates2009-03-15A.xml",
        "scrapedxml/regmem/regmem2009-03-15.xml",
        "../" + NAME,
    ],
)
def test_a_file_of_another_name_is_refused(name):
    assert "the name" in refused("", name)


def test_a_file_in_another_kind_s_folder_is_refused():
    assert "the name" in refused("", "scrapedxml/debates/answers2009-03-15a.xml")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_but_a_parse_error(body):
    refused(body)


@given(st.data())
def test_no_cut_or_changed_byte_raises_anything_but_a_parse_error(data):
    body = bytearray(SPECIMENS[0].read_bytes())
    place = data.draw(st.integers(0, len(body) - 1))
    body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with suppress(ParseError):
        read(bytes(body))


# --- the oddities that are accepted


@pytest.mark.parametrize(
    ("time", "meant"),
    [
        ("14:30:00", "14:30:00"),
        ("015:32:00", "15:32:00"),
        ("9:15", "09:15:00"),
        ("17:30", "17:30:00"),
        ("024:05:00", "24:05:00"),
        ("unknown", None),
        ("", None),
    ],
)
def test_times_are_read_in_every_form(time, meant):
    assert speech(f'time="{time}"').time == meant


def test_a_speech_needs_no_time_column_or_address():
    item = speech('speakername="Ambrose Tolliver"')
    assert (item.time, item.column, item.hansard_url, item.member_id) == (None, None, None, None)


def test_an_empty_address_is_none():
    assert speech('url="" colnum=""').hansard_url is None


def test_member_and_person_ids_are_separate():
    assert speech(f'speakername="A" speakerid="{PREFIX}member/9003"')[4:6] == ("member/9003", None)
    assert speech(f'speakername="A" speakerid="{PREFIX}lord/909003"').member_id == "lord/909003"
    assert speech(f'speakername="A" speakerid="{PREFIX}royal/-1"').member_id == "royal/-1"
    assert speech(f'speakername="A" person_id="{PREFIX}person/990003"')[4:6] == (None, "person/990003")


def test_an_unknown_speaker_keeps_the_printed_name():
    item = speech('speakername="Hon. Members" speakerid="unknown" error="No match"')
    assert (item.kind, item.speaker, item.member_id) == ("speech", "Hon. Members", None)


@pytest.mark.parametrize("value", ["true", "True"])
def test_a_speech_without_speaker_is_procedure(value):
    item = speech(f'nospeaker="{value}"')
    assert (item.kind, item.speaker) == ("procedural", None)


def test_a_name_beside_nospeaker_is_still_a_speaker():
    assert speech('speakername="Hon. Members:" nospeaker="true"')[1:3] == ("speech", "Hon. Members:")


def test_a_phrase_may_have_no_person():
    assert (
        speech(words='<p>to <phrase class="honfriend" id="unknown" name="None">my friend</phrase></p>').text
        == "to my friend"
    )
    assert speech(words='<p><phrase class="date" code="">4 March</phrase></p>').text == "4 March"


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ('type="Start Question"', "question"),
        ('type="Start SupplementaryQuestion"', "question"),
        ('oral-qnum="1"', "question"),
        ('type="Start Answer"', "answer"),
        ('type="Continuation Speech"', "speech"),
        ('type="Start Intervention"', "speech"),
    ],
)
def test_questions_and_answers_are_recognised_by_their_attributes(attributes, kind):
    assert speech(f'speakername="A" {attributes}').kind == kind


def test_several_question_numbers_stay_in_order():
    assert (
        speech('speakername="A" oral-qnum="1"', '<p qnum="2">x</p><p qnum="0">y</p><p qnum="HL1">z</p>').question_number
        == "2 HL1"
    )


@pytest.mark.parametrize(
    "root", ["<publicwhip>", '<publicwhip scraperversion="b" latest="yes">', '<publicwhip scrapeversion="">']
)
def test_the_root_needs_no_version(root):
    assert read(f"{root}</publicwhip>".encode()).latest


def test_a_superseded_file_is_marked():
    assert not read(b'<publicwhip scrapeversion="a" latest="no"/>').latest


def test_redirected_items_are_left_out_wherever_the_redirect_is():
    redirect = f'<gidredirect oldgid="{GID}.1.1" newgid="{PREFIX}debate/2009-03-15b.1.1" matchtype="changes"/>'
    item = f'<speech id="{GID}.1.1"><p>Old words.</p></speech>'
    assert read(redirect + item).items == read(item + redirect).items == ()


def test_a_committee_s_divisioncount_is_a_division_and_its_members_are_not_items():
    [document] = parse_units(HERE / "parldata")["standing", "2009-03-08"]
    [division] = [item for item in document.items if type(item).__name__ == "Division"]
    assert (division.number, division.ayes, division.noes, len(division.votes)) == ("1", 3, 4, 7)
    assert {vote.member_id for vote in division.votes} >= {"member/9018", "member/9016"}
    assert document.bill == ("Pamphlets Bill", "2008-09")


def test_a_division_of_the_lords_has_contents_and_tellers():
    [division] = [
        i for i in parse_units(HERE / "parldata")["lordspages", "2008-06-29"][0].items if type(i).__name__ == "Division"
    ]
    assert (division.ayes, division.noes) == (5, 4)
    assert [v.name for v in division.votes if v.teller and v.vote == "content"] == [
        "Carrowmoor, L. [Teller]",
        "Quennell of Dunmarrow, B. [Teller]",
    ]


def test_a_proxy_is_stored_with_the_vote():
    [division] = [
        i for i in parse_units(HERE / "parldata")["debates", "2018-03-11"][0].items if type(i).__name__ == "Division"
    ]
    assert [(v.name, v.proxy) for v in division.votes if v.proxy] == [("Barnaby Thackle", "person/990018")]


# --- what the upstream program writes, and what only changes the look


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("<p>The <font color='red'>hedges</font> <abbr title='x'>are</abbr> <mark>in</mark> hand.</p>", HEDGES),
        ("<p>The <cite>hedges</cite> are <strike>not</strike> in <ins>hand</ins><del>line</del>.</p>", HEDGES),
        ("<pre>The hedges\n are in hand.</pre>", HEDGES),
        ("<figure><p>The hedges are in hand.</p></figure>", HEDGES),
        ("<font><p>The hedges are in hand.</p></font>", HEDGES),
        ("<p>The hedges <col>123</col> are in <col/>hand.</p>", HEDGES),
        ("<p>The hedges are in hand.<br/></p><hr/>", HEDGES),
        ("<dl><dt>Hedges</dt><dd>in hand</dd></dl>", "Hedges\n\nin hand"),
        ("<ul><li>one</li><ul><li>two</li></ul></ul>", "one\ntwo"),
        ("<p>These: <ul><li>one</li><li>two</li></ul> and more</p>", "These:\n\none\ntwo\n\nand more"),
        ("<p>These <table><tr><td>1</td><td>2</td></tr></table></p>", "These\n\n1\t2"),
        (
            '<p>A <data><table border="1"><tr bgcolor="x"><td nowrap="y">1</td><td>2</td></tr></table></data></p>',
            "A\n\n1\t2",
        ),
        ("<ins><p>One.</p><p>Two.</p></ins>", "One.\n\nTwo."),
    ],
)
def test_what_only_changes_the_look_is_unwrapped_and_cells_stay_apart(words, text):
    assert speech(words=words).text == text


@pytest.mark.parametrize("error", ["No match", "Matched multiple times", "No matches for this office"])
def test_a_speaker_that_upstream_did_not_find_has_a_name_and_no_id(error):
    item = speech(f'speakername="Mr. Ash" person_id="unknown" error="{error}"')
    assert (item.speaker, item.person_id) == ("Mr. Ash", None)


def test_a_committee_of_today_names_its_session_and_members_upstream_did_not_find():
    name = "scrapedxml/standing/standing56_PAMPHLETS_01-0_2016-10-09a.xml"
    gid = f"{PREFIX}standing/standing56_PAMPHLETS_01-0_2016-10-09a.3.1"
    document = read(
        '<bill title="Pamphlets Bill" session="2016-17">Pamphlets Bill</bill><committee><chairmen>'
        '<mpname person_id="unknown" error="No match" attending="true">A. Chair</mpname></chairmen></committee>'
        f'<witnesses/><speech id="{gid}" speakername="A. Chair"><p>Good morning.</p></speech>',
        name,
    )
    assert (document.bill, len(document.items), document.refused) == (("Pamphlets Bill", "2016-17"), 1, ())


@pytest.mark.parametrize("column", ["<col>the hedges</col>", "<col>12345678</col>"])
def test_a_column_that_is_no_number_is_refused(column):
    assert "which is no column" in refused(f'<speech id="{GID}.1.1"><p>{column}</p></speech>')


def test_a_refused_heading_takes_all_debates_below_it_along():
    document = read(
        f'<major-heading id="{GID}.1.0">One</major-heading><speech id="{GID}.1.1"/>'
        f'<major-heading id="{GID}.2.0" mood="x">Two</major-heading><speech id="{GID}.2.1"/>'
        f'<minor-heading id="{GID}.2.2">Below</minor-heading><speech id="{GID}.2.3"/>'
        f'<major-heading id="{GID}.3.0">Three</major-heading><speech id="{GID}.3.1" mood="x"/>'
    )
    assert [item.gid.partition("a.")[2] for item in document.items] == ["1.0", "1.1", "3.0"]
    debate, item = document.refused
    assert (debate.unit, [gid.partition("a.")[2] for gid in debate.within]) == ("debate", ["2.1", "2.2", "2.3"])
    assert (item.unit, item.gid, item.debate_gid) == ("item", f"{GID}.3.1", f"{GID}.3.0")


def test_an_item_whose_redirect_was_refused_is_obsolete_all_the_same():
    document = read(
        f'<gidredirect oldgid="{GID}.1.1" newgid="{GID}.1.2" matchtype="guess"/>'
        f'<speech id="{GID}.1.1"><p>Old.</p></speech><speech id="{GID}.1.2"><p>New.</p></speech>'
    )
    assert [item.text for item in document.items] == ["New."]
    assert [unit.gid for unit in document.refused] == [f"{GID}.1.1"]


def test_a_correction_that_was_refused_does_not_leave_the_words_before_as_current():
    gid = f"{PREFIX}wrans/2015-01-12.220456.r0"
    reply = f'<reply id="{gid}" speakername="A"><p>{{}}</p></reply>'
    rest = reply.replace("456.r0", "457.r0").format("Other.")
    document = read(
        reply.format("Twelve.") + reply.format("<blink>Fourteen.</blink>") + rest,
        "scrapedxml/wrans/answers2015-01-20.xml",
    )
    assert [item.text for item in document.items] == ["Other."]
    assert ([item.text for item in document.obsolete], len(document.refused)) == (["Twelve."], 1)


# --- names of files


@pytest.mark.parametrize(
    ("name", "kind", "date", "letter"),
    [
        ("scrapedxml/debates/debates2009-03-15a.xml", "debates", "2009-03-15", "a"),
        ("scrapedxml/debates/debates2009-03-15aa.xml", "debates", "2009-03-15", "aa"),
        ("scrapedxml/debates/debates1919-02-04.xml", "debates", "1919-02-04", ""),
        ("scrapedxml/westminhall/westminster2009-10-28a.xml", "westminhall", "2009-10-28", "a"),
        ("scrapedxml/wrans/answers2014-11-03.xml", "wrans", "2014-11-03", ""),
        ("scrapedxml/lordswms/lordswms2009-10-26a.xml", "lordswms", "2009-10-26", "a"),
        ("scrapedxml/standing/standing2009-10-20_CHILDPOV_05-0_2009-10-27a.xml", "standing", "2009-10-27", "a"),
        ("scrapedxml/standing/standing2_CHILD-POV_05-0_2009-10-27.xml", "standing", "2009-10-27", ""),
    ],
)
def test_kind_date_and_letter_are_parsed_from_a_name(name, kind, date, letter):
    assert parse_document_name(name) == (kind, date)
    assert read("", name).letter == letter


@pytest.mark.parametrize(
    "name",
    [
        "scrapedxml/debates/changedates.txt",
        "scrapedxml/debates/answers2009-03-15a.xml",
        "scrapedxml/ni/ni2009-03-15.xml",
        NAME + ".gz",
        "scrapedxml/divisionsonly/divisions2009-03-15a.xml",
        "scrapedxml/debates/tmp/debates2009-03-15a.xml",
        f"/{NAME}",
    ],
)
def test_other_files_of_the_source_are_ignored(name):
    assert parse_document_name(name) is None


def test_only_a_topic_s_kinds_and_dates_are_requested():
    topic = Topic("t", "T", "", "2007-12-31", "2009-01-01", ("wrans", "standing"), ())
    assert list_path_patterns(topic) == [
        *(f"scrapedxml/wrans/answers{day}.xml" for day in ("2007-12-31*", "2008-*", "2009-01-01*")),
        *(f"scrapedxml/standing/standing*_{day}.xml" for day in ("2007-12-31*", "2008-*", "2009-01-01*")),
    ]


def test_crawling_reads_the_listed_files():
    listed = FileEntry(NAME, 3, 0)
    location = Location(
        "test:", lambda patterns: [listed] if patterns else [], lambda files: (response(f.name, b"xml") for f in files)
    )
    topic = Topic("t", "T", "", "2009-03-15", "2009-03-15", ("debates",), ())
    for leads in (None, CrawlHints(dates=("2009-03-15",))):
        assert list(crawl(location, topic, leads)) == [response(NAME, b"xml")]
    assert list(crawl(location, topic, CrawlHints(dates=("2009-03-16",)))) == []
