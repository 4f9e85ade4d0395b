"""TheyWorkForYou's API: what its pages say (goldens), agreement with the XML, and a whole crawl against its quirks."""

import json
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.archive.responses import SourceMemory
from db.exit_codes import EXIT_SET_UP
from db.record_check import check_document
from db.records.hansard import Document, Heading, Redirect, Speech
from db.records.source import Gap, ParseError, Response, Unavailable
from db.records.topic import PhraseSet, Topic
from demo_servers.theyworkforyou import KEY, TheyWorkForYouQuirks, TheyWorkForYouService, serving
from scrapers.fetch.http.client import open_site
from scrapers.fetch.http.politeness import PolitenessPolicy
from scrapers.scope.interfaces import CrawlHints
from scrapers.sources import theyworkforyou
from scrapers.sources.theyworkforyou_api import crawl, parse, parse_document_name
from tests.support.databases import response
from tests.support.goldens import make_plain

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parents[1] / "specimens"
PAGES = HERE / "theyworkforyou_api"
SPECIMENS = sorted(PAGES.rglob("*.json"))
GOLDENS = HERE / "goldens" / "theyworkforyou_api"
NAME = "debates/2008-06-22/2008-06-22c.103.0"
GID = "uk.org.publicwhip/debate/2008-06-22c"
KINDS = ("debates", "westminhall", "wrans", "wms", "lordspages", "lordswrans", "lordswms")
TASKFORCE = PhraseSet("taskforce", ("power of information taskforce", "Power of Information  Task Force"))
TOPIC = Topic("t", "T", "", "2008-06-01", "2008-06-30", KINDS, (TASKFORCE,))
ROW: dict[str, Any] = {
    "epobject_id": "1",
    "htype": "12",
    "gid": "2008-06-22c.103.1",
    "hdate": "2008-06-22",
    "htime": None,
    "source_url": "",
    "major": "1",
    "minor": "0",
    "colnum": "103",
    "body": "<p>So.</p>",
    "person_id": "0",
    "speaker": [],
}
SPEAKER = {"member_id": "9002", "name": "Dorothea Quillfeather", "house": "1", "person_id": "990002", "office": []}


def name_of(path: Path) -> str:
    return path.relative_to(PAGES).as_posix().removesuffix(".json")


def read(content: object, name: str = NAME) -> Document:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return check_document(parse(Response("theyworkforyou_api", name, "https://example.org/api", "", 200, {}, body)))


def only(**changed: object) -> Speech:
    """The one speech of a page that holds just that."""
    [item] = [item for item in read([{**ROW, **changed}]).items if isinstance(item, Speech)]
    return item


def refused(content: object, name: str = NAME) -> str:
    """Return the reasons for which a page, or a part of it, is refused."""
    try:
        units = read(content, name).refused
    except ParseError as error:
        return str(error).removeprefix(f"{name}: ")
    return "; ".join(unit.reason for unit in units)


# --- goldens


@pytest.mark.parametrize("path", SPECIMENS, ids=lambda path: path.stem)
def test_a_page_equals_its_golden(path: Path):
    found = json.dumps(make_plain(read(path.read_bytes(), name_of(path))), indent=1, ensure_ascii=False) + "\n"
    golden = GOLDENS / f"{path.parents[1].name}-{path.name}"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
        pytest.fail(f"{golden.name} was missing and has been written: review and commit")
    assert found == golden.read_text(encoding="utf-8")


def test_every_golden_has_its_page():
    assert {path.name for path in GOLDENS.glob("*")} == {f"{path.parents[1].name}-{path.name}" for path in SPECIMENS}


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("debates/debates2008-06-22c.xml", "debates"),
        ("wrans/answers2008-06-22b.xml", "wrans"),
        ("lordspages/daylord2008-06-29a.xml", "lordspages"),
        ("lordswrans/lordswrans2008-06-29a.xml", "lordswrans"),
    ],
)
def test_the_words_are_those_of_the_xml_under_the_same_gids(file, kind):
    path = HERE / "parldata/scrapedxml" / file
    xml = {item.gid: item for item in theyworkforyou.parse(response(f"scrapedxml/{file}", path.read_bytes())).items}
    pages = [read(page.read_bytes(), name_of(page)) for page in SPECIMENS if page.parents[1].name == kind]
    said = [item for page in pages for item in page.items if isinstance(item, Speech) and item.kind != "division"]
    assert said
    for item in said:
        same = xml[item.gid]
        assert isinstance(same, Speech)
        assert (item.text, item.speaker, item.member_id) == (same.text, same.speaker, same.member_id)
        assert (item.kind, item.question_number) == (same.kind, same.question_number)


# --- rows


def test_an_empty_list_is_no_speaker_and_null_is_no_time():
    item = only()
    assert (item.speaker, item.member_id, item.person_id, item.time, item.hansard_url) == (None,) * 5


@pytest.mark.parametrize(("house", "member"), [("1", "member/9002"), ("2", "lord/9002"), (None, None), ("4", None)])
def test_the_member_id_depends_on_the_house(house, member):
    item = only(speaker={**SPEAKER, "house": house}, person_id="990002")
    assert (item.member_id, item.person_id, item.speaker) == (member, "person/990002", "Dorothea Quillfeather")


def test_a_speaker_with_only_null_fields_is_no_speaker():
    item = only(speaker=dict.fromkeys(SPEAKER), person_id=None)
    assert (item.speaker, item.member_id, item.person_id) == (None, None, None)


def test_offices_derived_by_the_site_are_not_used_as_printed_ones():
    assert only(speaker={**SPEAKER, "office": [{"position": "Chair", "dept": ""}]}).office is None


def test_the_name_of_an_unknown_speaker_is_cut_from_the_words():
    item = only(body='<p class="unknownspeaker">Hon. Members:</p> <p>Hear, hear.</p>')
    assert (item.speaker, item.text, item.person_id) == ("Hon. Members", "Hear, hear.", None)


@pytest.mark.parametrize(("htype", "kind"), [("12", "speech"), ("13", "procedural"), ("14", "division")])
def test_the_htype_decides_the_kind_of_a_row(htype, kind):
    assert only(htype=htype).kind == kind


@pytest.mark.parametrize(("minor", "kind", "number"), [("1", "question", "990201"), ("2", "answer", None)])
def test_questions_and_answers_are_distinguished_by_minor(minor, kind, number):
    row = {**ROW, "major": "3", "minor": minor, "gid": "2008-06-22b.990201.q0"}
    [item] = read([row], "wrans/2008-06-22/2008-06-22b.990201.h").items
    assert isinstance(item, Speech)
    assert (item.kind, item.question_number) == (kind, number)


def test_numeric_entities_are_characters_and_a_table_is_a_table():
    item = only(body="<p>&#8220;Caf&#233;&#8221;&#160;&#163;5</p><table><tr><td>a</td><td>b</td></tr></table>")
    assert item.text == "“Café” £5\n\na\tb"


def test_bare_words_need_no_paragraph():
    assert only(body="We do not keep that.").text == "We do not keep that."


def test_a_repeated_row_is_read_once():
    assert len(read([ROW, ROW]).items) == 1


def test_a_gid_returned_under_another_letter_is_redirected():
    asked = "debates/2008-06-22/2008-06-22a.103.0"
    page = (PAGES / f"{NAME}.json").read_bytes()
    assert read(page, asked).redirects == (
        Redirect("uk.org.publicwhip/debate/2008-06-22a.103.0", f"{GID}.103.0", "changes"),
    )
    assert read(page).redirects == ()


def test_markup_keeps_no_script_and_only_web_addresses():
    item = only(body='<p><a href="javascript:x" onclick="y">one</a> <a href="https://example.org/">two</a></p>')
    assert item.markup == '<p><a>one</a> <a href="https://example.org/">two</a></p>'


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "Expecting value"),
        (b"<h1>Not found</h1>", "Expecting value"),
        ({"error": "Invalid API key."}, "Invalid API key."),
        ([], "no list of rows"),
        ([{**ROW, "htype": "15"}], "unknown htype '15'"),
        ([{**ROW, "major": "101"}], "none of debate"),
        ([{**ROW, "gid": "no gid"}], "none of debate"),
        ([{**ROW, "htime": "noon"}], "unknown time 'noon'"),
        ([{**ROW, "body": None}], "its body is None"),
        ([{**ROW, "body": "<p>x<script>y</script></p>"}], "unknown element <script>"),
        ([ROW, {**ROW, "body": "<p>Other.</p>"}], "occurs twice"),
        ([{"gid": "2008-06-22c.103.1"}], "major"),
        ([1], "not an object"),
        ([{**ROW, "source_url": ["x"]}], "its source_url is ['x'], which is no text"),
        ([{**ROW, "source_url": 2**64}], "its source_url is 18446744073709551616, which is no text"),
        ([{**ROW, "source_url": True}], "its source_url is True, which is no text"),
        ([{**ROW, "htime": "\ud800"}], "unknown time"),
        ([{**ROW, "source_url": "\ud800"}], "cannot be stored"),
        ([{**ROW, "person_id": "\ud800"}], "no number"),
        ([{**ROW, "colnum": [7]}], "its colnum is [7], which is no text"),
        ([{**ROW, "speaker": {"name": ["A"]}}], "its name is ['A'], which is no text"),
    ],
)
def test_an_invalid_page_is_refused(content, what):
    assert what in refused(content)


def test_an_odd_row_costs_that_row_and_an_odd_heading_its_debate():
    rows = [
        {**ROW, "gid": f"2008-06-22c.{number}", "htype": type, **odd}
        for number, type, odd in (
            ("103.0", "11", {}),
            ("103.1", "12", {"htime": "noon"}),
            ("103.2", "12", {}),
            ("104.0", "11", {"colnum": [1]}),
            ("104.1", "12", {}),
            ("105.0", "10", {}),
            ("105.1", "12", {}),
        )
    ]
    page = read(rows)
    assert [item.gid.partition("c.")[2] for item in page.items] == ["103.0", "103.2", "105.0", "105.1"]
    assert [(unit.unit, unit.place, len(unit.within)) for unit in page.refused] == [
        ("item", "row 2", 0),
        ("debate", "row 4", 1),
    ]


@pytest.mark.parametrize("name", ["", "quota", "search/x/20080601..20080630/1", "standing/2008-06-22/2008-06-22a.1.0"])
def test_only_pages_are_loaded(name):
    assert parse_document_name(name) is None
    assert "the name" in refused([ROW], name)


def test_kind_and_date_are_parsed_from_a_name():
    assert parse_document_name(NAME) == ("debates", "2008-06-22")
    assert parse_document_name("wrans/2014-11-05/2014-10-30.212345.h") == ("wrans", "2014-11-05")


@given(
    st.binary(max_size=200) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(repr).map(str.encode)
)
def test_no_bytes_raise_anything_but_a_parse_error(body):
    with suppress(ParseError):
        read(body)


@given(st.sampled_from(sorted(ROW)), st.none() | st.integers() | st.text(max_size=9) | st.lists(st.text(max_size=3)))
def test_no_value_of_a_row_raises_anything_but_a_parse_error(field, value):
    with suppress(ParseError):
        read([{**ROW, field: value}])


def test_real_answers_are_read(corpus):
    page = read(
        (corpus / "twfy_api/getDebates-gid-2010-04-08b.1177.6.json").read_bytes(),
        "debates/2010-04-08/2010-04-08b.1177.6",
    )
    section, subsection, said = page.items
    assert isinstance(section, Heading)
    assert isinstance(subsection, Heading)
    assert isinstance(said, Speech)
    assert (section.level, subsection.level, subsection.text) == (2, 3, "Topical Questions")
    assert (said.speaker, said.member_id, said.person_id) == ("John Grogan", "member/1807", "person/10248")
    assert (said.column, said.time, page.redirects) == ("1177", "10:30:00", ())
    assert said.text.startswith("Will the Secretary of State say a few words about the impact of the proposed")


def test_a_real_answer_of_2026_has_no_time_no_address_and_nobody(corpus):
    page = read(
        (corpus / "twfy_api/getDebates-gid-2026-01-28d.890.3.json").read_bytes(), "debates/2026-01-28/2026-01-28d.890.3"
    )
    said = page.items[1]
    assert isinstance(said, Speech)
    assert (said.kind, said.text, said.speaker) == ("procedural", "The Prime Minister was asked—", None)
    assert (said.time, said.hansard_url, said.person_id) == (None, None, None)


def test_real_rows_with_every_absent_field_null_are_read(corpus):
    shapes = json.loads((corpus / "twfy_api/getDebates-search-shapes.decoded.json").read_bytes())
    assert len(read(shapes["debs"], "debates/2010-04-08/2010-04-08b.1176.2").items) == 3


# --- a crawl


class Crawled:
    """What a crawl of the loopback service yields, and what it was asked."""

    def __init__(self, quirks: TheyWorkForYouQuirks | None = None, topic: Topic = TOPIC, key: str = KEY) -> None:
        self.service = TheyWorkForYouService(quirks=quirks or TheyWorkForYouQuirks())
        memory = SourceMemory(lambda name: None, lambda name: None, lambda asked: None)
        with serving(self.service) as url:
            manners = PolitenessPolicy(agent="test", pause=0)
            site = open_site("theyworkforyou_api", url, manners, memory, Counter())
            came = list(crawl(site, topic, CrawlHints(), key))
        self.responses = [each for each in came if isinstance(each, Response)]
        self.gaps = [each for each in came if isinstance(each, Gap)]
        self.pages = [each.name for each in self.responses if parse_document_name(each.name)]
        self.calls = [(function, query) for function, query in self.service.asked if function != "getQuota"]


def test_a_crawl_fetches_every_page_that_mentions_the_topic_once():
    crawled = Crawled()
    assert crawled.gaps == []
    assert sorted(crawled.pages) == sorted(set(crawled.pages))
    assert set(crawled.pages) == {
        *(f"debates/2008-06-22/2008-06-22c.{page}" for page in ("101.3", "103.0", "106.1")),
        "wrans/2008-06-22/2008-06-22b.990207.h",
        "lordspages/2008-06-29/2008-06-29a.201.0",
        *(page for page in crawled.pages if page.startswith("lordswrans/")),
    }
    for each in crawled.responses:
        if parse_document_name(each.name):
            assert parse(each).items


def test_a_search_requests_each_speech_between_the_dates_in_every_spelling():
    searches = [query for function, query in Crawled().calls if function == "getHansard"]
    assert {query["search"] for query in searches} == {
        '"power of information taskforce" 20080601..20080630 groupby:speech',
        '"power of information task force" 20080601..20080630 groupby:speech',
    }
    assert {(query["output"], query["num"]) for query in searches} == {("json", "100")}


def test_pages_of_a_search_are_read_until_one_is_empty_whatever_its_total():
    few, many = Crawled(TheyWorkForYouQuirks(per_page=1, more=-3)), Crawled()
    assert set(few.pages) == set(many.pages)
    assert len(few.responses) > len(many.responses)


def test_the_quota_is_read_first_and_never_overrun():
    crawled = Crawled(TheyWorkForYouQuirks(limit=5))
    assert crawled.service.asked[0] == ("getQuota", {"output": "json"})
    assert len(crawled.calls) == 5
    assert {gap.reason for gap in crawled.gaps} == {"the 5 calls that the key may make are used up; try again later"}
    assert len(crawled.gaps) + len(crawled.pages) == len(Crawled().pages)


def test_free_requests_do_not_count_against_the_quota():
    service = TheyWorkForYouService(quirks=TheyWorkForYouQuirks(limit=5))
    memory = SourceMemory(lambda name: None, lambda name: None, lambda asked: None)
    with serving(service) as url:
        site = open_site("theyworkforyou_api", url, PolitenessPolicy(agent="test", pause=0), memory, Counter())

        def get(request):
            came = site.get(request)
            service.current = 0 if request.name != "quota" else service.current  # as if from the archive
            return came

        came = list(crawl(site._replace(get=get), TOPIC, CrawlHints(), KEY))
    assert [each for each in came if isinstance(each, Gap)] == []


def test_with_an_unreadable_quota_nothing_is_requested():
    crawled = Crawled(TheyWorkForYouQuirks(limit="plenty"))
    assert crawled.calls == []
    assert {gap.reason.partition(":")[0] for gap in crawled.gaps} == {"the quota cannot be read"}


@pytest.mark.parametrize("key", ["wrong", ""])
def test_an_invalid_key_ends_the_crawl_with_advice(key):
    with pytest.raises(Unavailable, match="TWFY_API_KEY") as error:
        Crawled(key=key)
    assert error.value.exit_code == EXIT_SET_UP
    assert "wrong" not in str(error.value)


def test_an_error_with_http_200_is_a_gap_in_the_api_s_words_and_not_archived():
    crawled = Crawled(TheyWorkForYouQuirks(errors={"2008-06-22c.103.0": "That went wrong"}))
    [gap] = crawled.gaps
    assert (gap.name, gap.start, gap.reason) == (NAME, "2008-06-22", "the API says: That went wrong")
    assert NAME not in crawled.pages


def test_a_search_that_fails_is_a_gap_of_all_its_dates():
    crawled = Crawled(TheyWorkForYouQuirks(errors={"1": "Invalid search term"}))
    assert [(gap.start, gap.end, gap.reason) for gap in crawled.gaps] == [
        ("2008-06-01", "2008-06-30", "the API says: Invalid search term")
    ] * 2
    assert crawled.responses == []


def test_the_end_of_a_search_may_be_an_error_message():
    assert Crawled(TheyWorkForYouQuirks(errors={"2": "No data to display"})).gaps == []


def test_a_superseded_gid_is_followed_without_the_key_in_its_address():
    stray = {**ROW, "gid": "2008-06-22a.103.1", "listurl": "/debates/?id=2008-06-22a.103.0&amp;s=x#g103.1"}
    crawled = Crawled(TheyWorkForYouQuirks(strays=(stray,), moved={"2008-06-22a.103.0": "2008-06-22c.103.0"}))
    [page] = [each for each in crawled.responses if each.name == "debates/2008-06-22/2008-06-22a.103.0"]
    assert "gid=2008-06-22c.103.0" in page.url
    assert parse(page).redirects[0].gid == f"{GID}.103.0"
    assert KEY not in repr([*crawled.responses, *crawled.gaps])


def test_an_unknown_gid_is_a_gap():
    stray = {**ROW, "gid": "2008-06-22c.999.1", "listurl": "/debates/?id=2008-06-22c.999.0#g999.1"}
    [gap] = Crawled(TheyWorkForYouQuirks(strays=(stray,))).gaps
    assert gap.name == "debates/2008-06-22/2008-06-22c.999.0"


def test_a_mention_in_a_committee_is_a_gap_without_a_page():
    stray = {
        **ROW,
        "major": "6",
        "gid": "2008-06-22a.3.1",
        "listurl": "/pbc/2007-08/Pamphlets_Bill/02-0_2008-06-22a.3.1",
    }
    [gap] = Crawled(TheyWorkForYouQuirks(strays=(stray,)), TOPIC._replace(kinds=(*KINDS, "standing"))).gaps
    assert (gap.start, gap.reason) == ("2008-06-22", "the API gives no page of it")


def test_rows_of_other_kinds_are_ignored():
    strays = tuple({**ROW, "major": major, "gid": "17", "listurl": "/x"} for major in ("F", "5", "8"))
    assert Crawled(TheyWorkForYouQuirks(strays=strays)).gaps == []
    assert {name.partition("/")[0] for name in Crawled(topic=TOPIC._replace(kinds=("wrans",))).pages} == {"wrans"}


def test_a_row_outside_the_requested_dates_is_a_gap():
    stray = {**ROW, "hdate": "2019-03-10", "gid": "2019-03-10a.1.1", "listurl": "/debates/?id=2019-03-10a.1.0#g1.1"}
    assert "2019-03-10, which was not asked for" in Crawled(TheyWorkForYouQuirks(strays=(stray,))).gaps[0].reason


def test_a_section_without_speeches_leads_to_the_pages_below_it():
    stray = {**ROW, "htype": "10", "gid": "2008-06-22c.106.0", "listurl": "/debates/?id=2008-06-22c.106.0&amp;s=x"}
    crawled = Crawled(TheyWorkForYouQuirks(strays=(stray,), sections=True), TOPIC._replace(kinds=("debates",)))
    assert {"debates/2008-06-22/2008-06-22c.106.0", "debates/2008-06-22/2008-06-22c.106.1"} <= set(crawled.pages)


@pytest.mark.parametrize(
    ("major", "gid", "kind"),
    [
        ("3", "2008-06-22b.990207.h", "wrans"),
        ("3", "2008-06-29a.31.0", "lordswrans"),
        ("3", "2014-10-30.HL2345.h", "lordswrans"),
        ("4", "2008-06-22a.11WS.1", "wms"),
        ("4", "2008-06-29a.9.0", "lordswms"),
        ("4", "2014-10-30.HLWS23.h", "lordswms"),
        ("2", "2008-06-22a.7.0", "westminhall"),
        ("101", "2008-06-22a.7.0", "lordspages"),
    ],
)
def test_houses_that_share_a_section_are_distinguished_by_gid(major, gid, kind):
    stray = {**ROW, "major": major, "gid": gid, "listurl": f"/x/?id={gid}"}
    assert f"{kind}/2008-06-22/{gid}" in {
        each.name
        for each in Crawled(TheyWorkForYouQuirks(strays=(stray,))).gaps
        + Crawled(TheyWorkForYouQuirks(strays=(stray,))).responses
    }
