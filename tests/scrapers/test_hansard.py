"""Parliament's Hansard API: what each specimen says (goldens), what is refused, and what a crawl makes of quirks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.citation import build_hansard_address
from db.gid import HANSARD_GID_PATTERN, list_possible_gids
from db.records.hansard import Division, Document, Heading, Speech
from db.records.source import DocumentUnavailable, Gap, ParseError, Provenance, Response, Unavailable
from db.records.topic import PhraseSet
from demo_servers.hansard import SPECIMENS, HansardQuirks, HansardService, serving
from scrapers.load.other_sources import ParsedVersion, read_source_debates
from scrapers.scope.interfaces import CrawlHints, Request, Site
from scrapers.scope.topics import read_topics
from scrapers.sources import theyworkforyou
from scrapers.sources.hansard import crawl, parse, parse_document_name
from scrapers.sources.hansard.document_names import KINDS
from scrapers.sources.hansard.item_html import read_value
from scrapers.sources.hansard.items import read_speaker, read_time
from scrapers.sources.hansard.search import HALVINGS, make_search_terms, split_into_years
from tests.support.databases import response as xml
from tests.support.goldens import make_plain

pytestmark = pytest.mark.slow

FILES = sorted(SPECIMENS.rglob("*.json"))
GOLDENS = SPECIMENS.parent / "goldens" / "hansard"
TOPIC = read_topics()["power-of-information"]._replace(kinds=tuple(sorted(KINDS)))
NAME = "debates/2008-11-09/08110961000005"
COLUMN = '<span id="7" class="column-number" data-column-number="7"></span>'


def named(path: Path) -> str:
    return path.relative_to(SPECIMENS).with_suffix("").as_posix()


def answer(name: str, body: bytes) -> Response:
    return Response("hansard", name, f"https://example.org/{name}", "2026-11-22T06:00:00Z", 200, {}, body)


def specimen(name: str) -> Document:
    return parse(answer(name, (SPECIMENS / f"{name}.json").read_bytes()))


def speeches(document: Document) -> list[Speech]:
    return [item for item in document.items if isinstance(item, Speech)]


def changed(change, name: str = NAME) -> Document:
    """A specimen read after a function has changed its JSON."""
    debate = json.loads((SPECIMENS / f"{name}.json").read_bytes())
    change(debate)
    return parse(answer(name, json.dumps(debate).encode()))


def refused(change, name: str = NAME) -> str:
    with pytest.raises(ParseError) as error:
        changed(change, name)
    assert error.value.name == name
    return error.value.what


# --- goldens


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_specimen_equals_its_golden(path):
    found = json.dumps(make_plain(specimen(named(path))), indent=1, ensure_ascii=False) + "\n"
    golden = GOLDENS / f"{named(path).replace('/', '-')}.json"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
        pytest.fail(f"{golden.name} was missing and has been written: review and commit")
    assert found == golden.read_text(encoding="utf-8")


def test_every_golden_has_its_specimen():
    assert {path.stem for path in GOLDENS.iterdir()} == {named(path).replace("/", "-") for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_gid_of_a_specimen_is_valid_and_unique(path):
    gids = [item.gid for item in specimen(named(path)).items]
    assert all(map(HANSARD_GID_PATTERN.fullmatch, gids))
    assert len(set(gids)) == len(gids)


def test_the_fictional_day_equals_that_of_theyworkforyou(specimens):
    name = "scrapedxml/debates/debates2008-06-22c.xml"
    body = (specimens / "parldata" / name).read_bytes()
    items = theyworkforyou.parse(xml(name, body)).items
    sections = {i.hansard_url.rpartition("#")[2] for i in items if isinstance(i, Heading) and i.level == 3}
    turns = {i.hansard_url.rpartition("#")[2] for i in items if isinstance(i, Speech)}
    ours = [specimen(named(path)) for path in FILES if named(path).startswith("debates/2008-06-22/")]
    headings = {i.section_id for d in ours for i in d.items if isinstance(i, Heading) and i.level == 3}
    assert headings == sections
    assert not turns & {s.paragraph_id for d in ours for s in speeches(d)}


# --- the real answers


@pytest.mark.parametrize(
    ("file", "name", "count"),
    [  # the first is cut after eight items; the second is whole; the third is made of it
        ("debate_with_speeches.json", "debates/2026-01-14/69ffb3cb-33ef-41dd-94b0-e8685beb39ef", 6),
        ("debate_child.json", "debates/2026-03-03/a947b3c4-10c7-4848-bc30-2044ad943fb4", 1),
        ("debate_with_child.json", "debates/2026-03-03/565db7b1-4cbd-4bd7-86f2-f89dac86a758", 1),
    ],
)
def test_a_real_answer_is_read(corpus, file, name, count):
    document = parse(answer(name, (corpus / "hansard_api" / file).read_bytes()))
    assert len(speeches(document)) == count
    assert document.volume in ("778", "781")
    assert all(s.damage == "" and s.time in (None, "19:00:00", "15:49:00") for s in speeches(document))


def test_a_real_debate_has_its_column_its_speakers_and_its_addresses(corpus):
    name = "debates/2026-01-14/69ffb3cb-33ef-41dd-94b0-e8685beb39ef"
    document = parse(answer(name, (corpus / "hansard_api" / "debate_with_speeches.json").read_bytes()))
    heading, motion, first, *_, last = document.items
    assert (heading.level, heading.text, heading.column) == (3, "Oil Refining Sector", "1037")
    assert (motion.kind, motion.paragraph_id, motion.markup is None) == ("procedural", "26011462000004", False)
    assert (first.speaker, first.member_id, first.column) == ("Martin Vickers", "mnis/3957", "1037")
    assert (last.speaker, last.office) == ("Caroline Nokes", "Madam Deputy Speaker")
    assert list_possible_gids(first.hansard_url) == [[first.gid, heading.gid]]


def test_the_real_examples_of_markup_are_read(corpus):  # the last three of them are modelled
    examples = json.loads((corpus / "hansard_api" / "value_markup_examples.json").read_text(encoding="utf-8"))
    question, mark, continuation, speaker, glued = [read_value(example["Value"]) for example in examples]
    assert (question.oral_number, question.text[:10], question.is_question) == ("3", "What steps", True)
    assert (mark.first_column, mark.last_column, "in the last month two" in mark.text) == (None, "677", True)
    assert continuation.text == "(2) what further estimate he has made."
    assert speaker.bold_names == ("Adam Afriyie",)
    assert glued.trailing_words.startswith("Pursuant")


# --- what is refused


@pytest.mark.parametrize(
    ("number", "change", "what"),
    [
        (2, lambda d: d["Items"][2].update(ItemType="Song"), "unknown ItemType 'Song'"),
        (2, lambda d: d["Items"][2].pop("Value"), "Items[2] of 08110961000005 lacks Value"),
        (2, lambda d: d["Items"][2].update(Value=5), "Value of Items[2] of 08110961000005 is 5, not str or null"),
        (3, lambda d: d["Items"][3].update(MemberId="90007"), "MemberId"),
        (3, lambda d: d["Items"][3].update(MemberId=True), "MemberId"),
        (3, lambda d: d["Items"][3].update(AttributedTo="A\ud800"), "half a surrogate pair"),
        (3, lambda d: d["Items"].__setitem__(3, []), "Items[3] of 08110961000005 is list, not an object"),
        (1, lambda d: d["Items"][1].update(Value="noonish"), "unknown time 'noonish'"),
        (1, lambda d: d["Items"][1].update(OrderInSection="1"), "OrderInSection"),
        (3, lambda d: d["Items"][3].update(Value="<marquee>x</marquee>"), "unknown element <marquee>"),
        (3, lambda d: d["Items"][3].update(Value="<script>x</script>"), "unknown element <script>"),
        (3, lambda d: d["Items"][3].update(Value='<span class="column-number">9</span>'), "a column mark says None"),
        (3, lambda d: d["Items"][3].update(Value="<table>loose</table>"), "outside its cells"),
        (3, lambda d: d["Items"][3].update(Value="<em>" * 99 + "x"), "nested deeper than 50"),
        (3, lambda d: d["Items"][3].update(Value="<p>" * 30_000), "at most 20,000 are read"),
        (3, lambda d: d["Items"][3].update(Value="x" * 1_000_001), "at most 1,000,000 is read"),
    ],
)
def test_an_item_that_is_not_understood_is_refused_alone_with_its_place(number, change, what):
    document = changed(change)
    [unit] = document.refused
    assert (unit.unit, unit.place) == ("item", f"Items[{number}] of 08110961000005")
    assert what in unit.reason
    whole = speeches(changed(lambda _: None))
    assert len(speeches(document)) == len(whole) - (number != 1)  # a time is no turn


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda d: d.update(Items=[]), "it holds no item"),
        (lambda d: d.update(Items=d["Items"][1:2]), "it holds no item"),
        (lambda d: d.update(Items=[1, 2]), "Items[0] of 08110961000005: Items[0] of 08110961000005 is int"),
        (lambda d: d.update(ChildDebates=None), "ChildDebates of 08110961000005 is None, not list"),
        (lambda d: d.pop("Items"), "lacks Items"),
        (lambda d: d.update(Items=None), "Items of 08110961000005 is None, not list"),
        (lambda d: d.update(Overview=[]), "Overview"),
        (lambda d: d["Overview"].update(Date="2008-11-10T00:00:00"), "2008-11-10, which its name contradicts"),
        (lambda d: d["Overview"].update(Date="9 November"), "'9 November' is no date"),
        (lambda d: d["Overview"].update(Location="Westminster Hall"), "which its name contradicts"),
        (lambda d: d["Overview"].update(Location="The Terrace"), "unknown section 'The Terrace'"),
        (lambda d: d["Overview"].update(House="Lords"), "unknown section 'Commons Chamber' of the house 'Lords'"),
        (lambda d: d["Overview"].update(ExtId="08110961000006"), "Navigator"),
        (lambda d: d["Overview"].update(Source=None), "Source"),
        (lambda d: d["Overview"].update(VolumeNo="9\ud800"), "VolumeNo of Overview has half a surrogate pair"),
        (lambda d: d["Overview"].update(VolumeNo=[9]), "VolumeNo of Overview is [9], not int"),
        (lambda d: d["Navigator"][0].update(ParentId=54001), "goes round in a circle"),
        (lambda d: d.update(Navigator=[]), "holds 0 entries of the debate itself"),
    ],
)
def test_a_debate_with_unknown_or_missing_fields_is_refused_whole(change, what):
    assert what in refused(change)


def test_a_debate_inside_another_is_refused_alone():
    def change(debate):
        inside = json.loads(json.dumps(debate)) | {"Items": None}
        debate["ChildDebates"] = [inside, 1]

    document = changed(change)
    assert [(unit.unit, unit.place) for unit in document.refused] == [
        ("debate", "ChildDebates[0] of 08110961000005"),
        ("debate", "ChildDebates[1] of 08110961000005"),
    ]
    assert len(speeches(document)) == 7


def test_an_unknown_clock_costs_the_time_and_not_the_turns():
    found = speeches(changed(lambda d: d["Items"][1].update(Value="noonish")))
    assert [s.time for s in found][:3] == [None, None, None]
    late = speeches(changed(lambda d: (d["Items"].pop(1), d["Items"][2].update(Timecode="late"))))
    assert [(s.time, s.damage) for s in late if s.damage] == [
        (None, "The source gives a time here that is no time: 'late'.")
    ]


def test_a_key_that_stands_twice_is_refused():
    body = (SPECIMENS / f"{NAME}.json").read_text(encoding="utf-8")
    twice = body.replace('"Items"', '"Items": [], "Items"', 1)
    with pytest.raises(ParseError, match="the key 'Items' twice"):
        parse(answer(NAME, twice.encode()))


def test_an_answer_of_too_many_lists_is_refused_before_it_is_parsed():
    with pytest.raises(ParseError, match="at most 400,000 are read"):
        parse(answer(NAME, b'{"Items": [' + b"[]," * 400_001 + b"1]}"))


def test_another_debate_under_this_name_is_refused():
    body = (SPECIMENS / f"{NAME}.json").read_bytes()
    with pytest.raises(ParseError, match="another one"):
        parse(answer("debates/2008-11-09/08110961000099", body))


@pytest.mark.parametrize(
    "name", ["", NAME.upper(), "search/spoken/x/2008-01-01_2008-12-31/0", "choir/2008-11-09/1", f"../{NAME}"]
)
def test_a_document_of_another_name_is_refused(name):
    with pytest.raises(ParseError, match="the name"):
        parse(answer(name, b"{}"))


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
def test_no_bytes_raise_anything_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(answer(NAME, body))


def test_deeply_nested_json_is_refused():
    with pytest.raises(ParseError):
        parse(answer(NAME, b"[" * 100_000))


@given(st.text(max_size=60))
def test_no_value_raises_anything_but_a_parse_error(value):
    def change(debate):
        debate["Items"][3]["Value"] = value

    document = changed(change)
    assert speeches(document)
    assert all("Items[3]" in unit.place for unit in document.refused)


# --- divisions

DIVISION = "debates/2008-06-22/division/08062294000861"
DEFERRED = "debates/2026-01-11/division/cc4c9d4e-5d55-1594-5221-fc76a2b2bf6b"


def test_a_division_has_its_totals_and_the_vote_of_each_member():
    document = specimen(DIVISION)
    [division] = document.items
    assert isinstance(division, Division)
    assert document.is_vote_list
    assert (division.number, division.ayes, division.noes, division.time) == ("901", 4, 7, "18:44:00")
    assert (division.damage, division.gid) == ("", "uk.parliament.hansard/2008-06-22/08062294000861")
    assert [vote.name for vote in division.votes if vote.teller and vote.vote == "aye"] == [
        "Mr. Peregrine Hallowell",
        "Maud Ironbridge",
    ]
    assert [vote.member_id for vote in division.votes if vote.name.startswith("Quillfeather")] == ["mnis/90002"]


def test_a_division_of_the_lords_has_contents_whose_tellers_count():
    def change(answer):
        answer["House"] = "Lords"
        answer["AyesCount"], answer["NoesCount"] = 6, "9"

    body = json.loads((SPECIMENS / f"{DIVISION}.json").read_bytes())
    change(body)
    name = DIVISION.replace("debates", "lordspages", 1)
    [division] = parse(answer(name, json.dumps(body).encode())).items
    assert (division.ayes, division.noes, division.damage) == (6, 9, "")
    assert {vote.vote for vote in division.votes} == {"content", "not-content"}


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        (
            lambda d: d.update(AyesCount=5),
            "The list has 4 names on one side and 7 on the other, where 5 and 7 are printed",
        ),
        (lambda d: d["NoeMembers"].pop(0), "The list has 4 names on one side and 6 on the other"),
        (lambda d: d["AyeMembers"][0].update(IsTeller=True), "The list has 3 names on one side"),
        (lambda d: d.update(Time="noonish"), "no time: 'noonish'"),
    ],
)
def test_a_division_that_disagrees_with_itself_is_marked(change, damage):
    [division] = changed(change, DIVISION).items
    assert damage in division.damage


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda d: d.update(AyeMembers=None), "AyeMembers of the division is None, not list"),
        (lambda d: d.pop("NoesCount"), "lacks NoesCount"),
        (lambda d: d.update(AyesCount=10**30), "which is no count of votes"),
        (lambda d: d.update(AyesCount=-1), "which is no count of votes"),
        (lambda d: d["AyeMembers"].append(7), "AyeMembers[6] is int, not an object"),
        (lambda d: d["AyeMembers"][2].pop("IsTeller"), "AyeMembers[2] lacks IsTeller"),
        (lambda d: d["AyeMembers"][2].update(ListAs=None), "AyeMembers[2] has no name"),
        (lambda d: d.update(House="Lords"), "which its name contradicts"),
        (lambda d: d.update(Date="2008-06-23T00:00:00"), "which its name contradicts"),
        (lambda d: d.update(ExternalId="1"), "which is another one"),
    ],
)
def test_a_division_that_is_not_understood_is_refused(change, what):
    assert what in refused(change, DIVISION)


def joined(debate: Document, division: Document) -> list[Speech | Division]:
    """The divisions, and the turns that stand for one, of a debate and the list of its division."""
    where = [Provenance("hansard", d.name, "api", n, "", "") for n, d in enumerate((debate, division), 1)]
    versions = [ParsedVersion(*each, True) for each in zip((debate, division), where, strict=True)]
    [found] = read_source_debates("hansard", "debates", "2008-06-22", versions)
    return [item for _, item in found.debate.speeches if isinstance(item, Division) or item.kind == "division"]


def test_the_votes_stand_in_the_debate_that_names_the_division():
    [division] = joined(specimen("debates/2008-06-22/08062294000010"), specimen(DIVISION))
    assert isinstance(division, Division)
    assert (len(division.votes), division.damage, division.column) == (15, "", "108")
    assert division.hansard_url.endswith("#contribution-08062294000861")
    [deferred] = joined(specimen("debates/2026-01-11/deferreddivisions2026-01-11"), specimen(DEFERRED))
    assert isinstance(deferred, Division)
    assert (deferred.number, deferred.ayes, deferred.noes, len(deferred.votes)) == ("902", 3, 2, 5)


def test_other_totals_in_the_debate_than_in_the_list_are_marked():
    def change(debate):
        debate["Items"][8]["Value"] = "Ayes 4, Noes 8."

    debate = changed(change, "debates/2008-06-22/08062294000010")
    [division] = joined(debate, specimen(DIVISION))
    assert division.damage == "4 to 8 are printed here, and 4 to 7 in its own list."


def test_words_beside_a_division_stay_a_turn_of_their_own():
    def change(debate):
        debate["Items"][8]["Value"] = "The doors were locked."

    said, division = joined(changed(change, "debates/2008-06-22/08062294000010"), specimen(DIVISION))
    assert (said.text, division.gid) == ("The doors were locked.", f"{said.gid}.votes")


def test_a_division_that_cannot_be_fetched_is_a_gap():
    def get(request: Request) -> Response:
        if "search" in request.path:
            row = {"DebateSectionExtId": "08062294000010", "SittingDate": "2008-06-22T00:00:00", "House": "Commons"}
            rows = [row | {"Section": "Commons Chamber"}] if "Spoken" in request.path else []
            return answer(request.name, json.dumps({"Results": rows, "TotalResultCount": len(rows)}).encode())
        if "division" in request.path:
            raise DocumentUnavailable(request.name, "HTTP 404", 404)
        return answer(request.name, (SPECIMENS / f"{request.name}.json").read_bytes())

    topic = TOPIC._replace(start="2008-01-01", end="2008-12-31")
    [gap] = [each for each in crawl(Site("test:", get), topic, CrawlHints()) if isinstance(each, Gap)]
    assert (gap.name, gap.reason) == (DIVISION, "HTTP 404")


# --- the oddities that are accepted


def test_unknown_keys_are_allowed_and_source_may_be_a_word():
    assert changed(lambda d: (d.update(New=1), d["Overview"].update(Source="BoundVolume"))).volume == "1001"


@pytest.mark.parametrize(("volume", "meant"), [(None, None), (0, None), ("", None), ("1001", "1001"), (477, "477")])
def test_a_volume_is_a_number_or_nothing(volume, meant):
    assert changed(lambda d: d["Overview"].update(VolumeNo=volume)).volume == meant


@pytest.mark.parametrize(
    ("stamp", "meant"),
    [
        ("19:00:00", "19:00:00"),
        ("9:05", "09:05:00"),
        ("7.45 pm", "19:45:00"),
        ("12.15 am", "00:15:00"),
        ("12.30 p.m.", "12:30:00"),
        ("2026-01-14T18:59:53", "18:59:53"),
        ("2026-01-14T18:59:53.4", "18:59:53"),
        ("12 noon", "12:00:00"),
        ("Noon", "12:00:00"),
        ("7 pm", "19:00:00"),
        ("3.2 pm", "15:02:00"),
        ("Midnight", "00:00:00"),
        ("12 midnight", "00:00:00"),
    ],
)
def test_times_are_read_in_every_form(stamp, meant):
    assert read_time(stamp) == meant


@pytest.mark.parametrize("stamp", ["", "noonish", "99:99:99", "13 pm", "7", "3.60 pm", "\u0667 pm"])
def test_what_is_no_time_is_not_read_as_one(stamp):
    with pytest.raises(ValueError, match="unknown time"):
        read_time(stamp)


def test_a_timecode_counts_until_the_first_timestamp():
    times = [s.time for s in speeches(specimen("debates/2026-01-11/ff8c8056-5cfb-7db9-becb-4d1e84d7b8a5"))]
    assert times == [None, "11:41:07", "11:41:32", "11:42:05", None, "12:00:00"]


@pytest.mark.parametrize(
    ("attribution", "name", "office"),
    [
        ("Peter Dowd (Bootle) (Lab)", "Peter Dowd", None),
        ("Martin Vickers", "Martin Vickers", None),
        ("The Minister for Public Pamphlets (Dorothea Quillfeather)", "Dorothea Quillfeather", None),
        ("Madam Deputy Speaker (Caroline Nokes)", "Caroline Nokes", "Madam Deputy Speaker"),
        ("Mr. Speaker", "Mr. Speaker", None),
        ("The Minister of State (Baroness Thistlewick) (Ink)", "Baroness Thistlewick", "The Minister of State"),
        ("The Earl of Penmarrow (CB)", "The Earl of Penmarrow", None),
        ("The Lord Bishop of Larrow", "The Lord Bishop of Larrow", None),
        ("Lord Gravesby of Larrow (Con)", "Lord Gravesby of Larrow", None),
        ("Mr. Thackle:", "Mr. Thackle", None),
        ("Several hon. Members", "Several hon. Members", None),
        (
            "The Minister for Hedges (and Ditches) (Mr. A. Tolliver)",
            "Mr. A. Tolliver",
            "The Minister for Hedges (and Ditches)",
        ),
        ("A (B (C))", "A", None),
        ("A (B (C)", "A (B (C)", None),
        (":", None, None),
        ("[V]", None, None),
    ],
)
def test_an_attribution_is_split_into_name_and_office(attribution, name, office):
    expected = "The Minister for Public Pamphlets" if "Dorothea" in attribution else office
    assert read_speaker(attribution)[:2] == (name, expected)


@pytest.mark.parametrize(
    ("attribution", "parts"),
    [
        ("Tommy Sheppard (Edinburgh East) (SNP) [V]", ("Tommy Sheppard", "Edinburgh East", "SNP", ("V",))),
        ("Ann Bee (Richmond (Yorks)) (Con)", ("Ann Bee", "Richmond (Yorks)", "Con", ())),
        ("Ann Bee (Hedge) (Lab/Co-op) [R] [V]", ("Ann Bee", "Hedge", "Lab/Co-op", ("R", "V"))),
        ("Ann Bee [R]:", ("Ann Bee", None, None, ("R",))),
        ("Lord Ash (Con) [V]", ("Lord Ash", None, "Con", ("V",))),
        ("Ann Bee (Barnsley, Central)", ("Ann Bee", "Barnsley, Central", None, ())),
        ("The Minister (Lord Ash) (Con)", ("Lord Ash", None, "Con", ())),
    ],
)
def test_seat_party_and_flags_are_no_part_of_the_name(attribution, parts):
    found = read_speaker(attribution)
    assert (found.name, found.seat, found.party, found.flags) == parts


def test_words_after_a_question_are_parted_from_it():
    words = read_value("<Question><QuestionText>What is it?</QuestionText>Pursuant to that</Question>")
    assert (words.text, words.trailing_words) == ("What is it? Pursuant to that", "Pursuant to that")
    assert read_value("<Question><QuestionText>What</QuestionText>?</Question>").text == "What?"


def test_an_office_is_not_carried_to_the_bare_name():
    found = [s for s in speeches(specimen("debates/2008-06-22/08062294000005")) if s.member_id == "mnis/90002"]
    assert [s.office for s in found] == ["The Minister for Public Pamphlets", None, None, None]
    assert found[1].attribution == "Dorothea Quillfeather"


def test_an_oral_number_is_cut_from_the_text_and_the_own_number_is_stored():
    first, second, *_ = speeches(specimen("debates/2008-06-22/08062294000006"))
    assert (first.kind, first.question_number, first.text[:4]) == ("question", "990102", "When")
    assert first.text.endswith("[990102]")
    assert second.question_number == "990105"


@pytest.mark.parametrize(
    ("value", "oral", "numbers", "text"),
    [
        ("<Question>T2. <QuestionText>If she will speak.</QuestionText></Question>", "T2", (), "If she will speak."),
        ("<Question>Q4. [234797] If he will.</Question>", "Q4", ("234797",), "If he will."),
        ("<Question>To ask what. [HL 991]</Question>", None, ("HL991",), "To ask what. [HL 991]"),
        ("<Question>(1) what; [990201]\r\n\r\n(2) why. [990202]</Question>", None, ("990201", "990202"), None),
        ("<Question>How many of 4. What then?</Question>", None, (), "How many of 4. What then?"),
    ],
)
def test_numbers_of_questions_are_found(value, oral, numbers, text):
    words = read_value(value)
    assert (words.oral_number, words.question_numbers) == (oral, numbers)
    assert text is None or words.text == text


def test_the_damage_of_2007_is_described_and_nothing_is_guessed():
    named_inside, continued, answered, glued, merged, twin = speeches(specimen("wrans/2007-06-24/07062462000005"))
    assert named_inside.speaker is None
    assert "Kwabena Fairlight" in named_inside.damage
    assert named_inside.text.startswith("Kwabena Fairlight: To ask")
    assert (continued.kind, continued.speaker, "goes on" in continued.damage) == ("question", None, True)
    assert (answered.kind, answered.damage) == ("answer", "")
    assert glued.text.endswith("the meeting was in a barn.")
    assert "perhaps its answer: They met on 3 June." in glued.damage
    assert (merged.speaker, "Ambrose Tolliver" in merged.damage) == ("Mrs. Deverall-Finch", True)
    assert twin.gid.endswith("/07062462000005.5")
    assert "the same number" in twin.damage


def test_debates_in_a_container_have_its_heading_above():
    whole, part = (specimen(f"debates/2008-06-22/0806229400{n}") for n in ("0009", "0010"))
    assert whole.items == part.items
    assert [(i.level, i.section_id) for i in whole.items[:2]] == [(2, "08062294000009"), (3, "08062294000010")]


def test_a_division_has_its_printed_totals():
    [division] = [i for i in specimen("debates/2008-06-22/08062294000010").items if isinstance(i, Division)]
    assert (division.number, division.ayes, division.noes, division.votes) == ("901", 4, 7, ())
    [uncounted, _] = speeches(specimen("debates/2026-01-11/deferreddivisions2026-01-11"))
    assert (uncounted.kind, "does not say" in uncounted.damage) == ("division", True)


def test_windows_1252_controls_are_decoded_and_lone_surrogates_replaced():
    def change(debate):
        debate["Items"][3]["Value"] = "\x93Hedges\x94 \ud800 &#146;"

    item = next(s for s in speeches(changed(change)) if s.paragraph_id == "08110961000202")
    assert item.text == "“Hedges” \ufffd ’"
    assert "no text can hold" in item.damage


def test_ids_ignore_case_but_addresses_keep_it():
    [item] = speeches(specimen("debates/2026-01-11/86e63d97-21f0-78ce-0fb4-0bbfa2ddb493"))
    assert item.paragraph_id == item.paragraph_id.lower()
    assert item.hansard_url.endswith(f"#contribution-{item.paragraph_id.upper()}")


def test_addresses_at_parliament_have_the_predicted_form():
    assert build_hansard_address(
        "commons", "2008-11-12", "08111228000025", "Power of Information Taskforce", "08111228000068"
    ) == (
        "https://hansard.parliament.uk/Commons/2008-11-12/debates/08111228000025/PowerOfInformationTaskforce"
        "#contribution-08111228000068"
    )
    assert (
        build_hansard_address("lords", "2012-07-01", "1", "—")
        == "https://hansard.parliament.uk/Lords/2012-07-01/debates/1"
    )


# --- the markup of a Value


def test_a_speech_has_the_column_of_its_beginning_and_marks_carry_over():
    columns = [s.column for s in speeches(specimen("debates/2008-11-09/08110961000005"))]
    assert columns == ["312", "312", "312", "313", "313", "313", "313"]
    assert read_value(f"{COLUMN} So it is.").first_column == "7"
    assert read_value(f"<em>{COLUMN}So</em> it is.").first_column == "7"
    assert read_value(f"So {COLUMN}it is.").first_column is None


PIECES = st.lists(
    st.sampled_from(["hedge", " ", "\r\n\r\n", "\r\n", "<em>", "</em>", "&amp;", "é", "1. ", "<br>", "—"])
)


@given(PIECES, st.data())
def test_column_marks_never_change_the_words(pieces, data):
    marked = list(pieces)
    for _ in range(data.draw(st.integers(0, 4))):
        marked.insert(data.draw(st.integers(0, len(marked))), COLUMN)
    without, with_marks = read_value("".join(pieces)), read_value("".join(marked))
    assert with_marks.text == without.text
    assert with_marks.markup == without.markup


@given(st.text(alphabet=st.characters(exclude_characters="<&")))
def test_bare_words_are_read_like_words_in_markup(text):
    assert read_value(text) == read_value(f"<!-- slowly -->{text}")


@given(st.text(alphabet="he ge\r\n"), st.integers(0, 20))
def test_a_column_mark_may_be_inside_a_word_or_a_blank_line(text, at):
    value = text.replace("\r", "").replace("\n", "\r\n")
    place = min(at, len(value))
    place -= value[place - 1 : place + 1] == "\r\n"
    assert read_value(value[:place] + COLUMN + value[place:]).text == read_value(value).text


@pytest.mark.parametrize(
    ("value", "text", "markup"),
    [
        ("Bare.\r\n\r\nWords.", "Bare.\n\nWords.", None),
        ("<em>Ital\r\n\r\nic</em> bare", "Ital\n\nic bare", "<p><em>Ital</em></p><p><em>ic</em> bare</p>"),
        ("a<br/>b", "a\n\nb", "<p>a<br/>b</p>"),
        ("5 < 6 &amp;&lt;em&gt;", "5 < 6 &<em>", None),
        ("x<ul><li>a</li><li>b</li></ul>", "x\n\na\nb", "<p>x</p><ul><li>a</li><li>b</li></ul>"),
        ("stray</em> end <li>item</li>", "stray end\n\nitem", None),
        ('<a href="http://x.org/" onclick="x()">y</a>', "y", '<p><a href="http://x.org/">y</a></p>'),
        ("<em>a</em>\r\n\r\n<em>b</em>", "a\n\nb", "<p><em>a</em></p><p><em>b</em></p>"),
        ("<!-- none -->said", "said", None),
        ("", "", None),
    ],
)
def test_a_value_is_read_as_paragraphs(value, text, markup):
    words = read_value(value)
    assert (words.text, words.markup) == (text, markup)


def test_a_table_keeps_its_rows_and_its_column_marks_carry_over():
    answered = speeches(specimen("wrans/2008-06-22/08062214000005"))[1]
    assert "May(2)\t1,070\t988\t702" in answered.text
    assert "<table>" in answered.markup
    assert answered.column == "2W"


# --- the crawl


def opened(url: str, memory: dict[str, Response] | None = None, budget: int = 10_000) -> Site:
    """The service as a Site: what is in `memory` is not asked for again, and the budget ends the run."""
    known = {} if memory is None else memory
    left = iter(range(budget))

    def get(request: Request) -> Response:
        if request.name not in known:
            if next(left, None) is None:
                raise Unavailable("the budget of this run is spent", 75)
            where = f"{url}/{request.path}?{urlencode(request.query)}"
            try:
                with urlopen(where) as got:
                    known[request.name] = Response("hansard", request.name, where, "t", 200, {}, got.read())
            except HTTPError as error:
                raise DocumentUnavailable(request.name, f"HTTP {error.code}", error.code) from error
        return known[request.name]

    return Site(url, get)


@contextmanager
def crawled(topic=TOPIC, **quirks) -> Iterator[tuple[list[str], list[Gap], HansardService]]:
    """The names of the debates that a crawl read, its gaps, and the service that it asked."""
    service = HansardService(quirks=HansardQuirks(**quirks))
    with serving(service) as url:
        found = list(crawl(opened(url), topic, CrawlHints()))
    gaps = [each for each in found if isinstance(each, Gap)]
    yield [each.name for each in found if isinstance(each, Response) and parse_document_name(each.name)], gaps, service


NAMING = [  # the specimens of the topic's years that hold all words of a term
    "debates/2008-06-22/08062294000005",
    "debates/2008-06-22/08062294000006",
    "debates/2008-06-22/08062294000010",
    DIVISION,  # which the debate before names
    "debates/2008-11-09/08110961000005",
    "grandcommittee/2008-07-06/08070654000003",
    "wrans/2008-06-22/08062214000004",
    "wrans/2008-06-22/08062214000005",
]


def test_a_crawl_fetches_every_debate_that_mentions_the_topic_once():
    with crawled() as (names, gaps, service):
        assert sorted(names) == NAMING
        assert len(set(names)) == len(names)
        assert gaps == []
        assert not any(path == "/search.json" for path in service.asked)


def test_a_crawl_makes_few_requests():
    with crawled() as (names, _, service):
        assert len(service.asked) == 5 * 4 * 5 + len(names)  # searches, years, terms


def test_a_crawl_keeps_to_the_topic_s_kinds_and_dates():
    with crawled(TOPIC._replace(kinds=("wrans",))) as (names, _, service):
        assert {parse_document_name(name)[0] for name in names} == {"wrans"}
        assert not any("Spoken" in path for path in service.asked)
    with crawled(TOPIC._replace(start="2008-07-01", end="2008-12-31")) as (names, _, _):
        assert {parse_document_name(name)[1] for name in names} == {"2008-07-06", "2008-11-09"}


@pytest.mark.parametrize("quirks", [{"page": 1}, {"page": 2}, {"twice": True}, {"page": 2, "shifts": 1}])
def test_small_pages_repeated_rows_and_one_shift_lose_nothing(quirks):
    with crawled(**quirks) as (names, gaps, _):
        assert sorted(names) == NAMING
        assert bool(gaps) == ("twice" in quirks)  # it counts each row twice, and that is said


def test_pages_that_shift_in_both_readings_are_a_gap():
    with crawled(page=2, shifts=2) as (_, gaps, _):
        assert gaps
        assert "in two readings" in gaps[0].reason
        assert (gaps[0].start, gaps[0].end) == ("2008-01-01", "2008-12-31")


def test_rows_counted_but_not_given_are_a_gap():
    with crawled(TOPIC._replace(kinds=("wrans",)), more=1) as (names, gaps, _):
        assert len(names) == 2
        assert len(gaps) == 2 * 4 * 5  # every window of both searches


def test_a_failing_window_is_halved_until_one_day_is_a_gap():
    def broken(term, start, end):
        return term.endswith("task force") and start <= "2008-07-06" <= end

    with crawled(broken=broken) as (names, gaps, _):
        assert {(gap.start, gap.end) for gap in gaps} == {("2008-07-06", "2008-07-06")}
        assert {gap.reason for gap in gaps} == {"HTTP 500"}
        assert len(gaps) == 5  # one of each search
        assert set(NAMING) - set(names) == {"grandcommittee/2008-07-06/08070654000003"}


def test_a_service_that_is_down_is_not_requested_for_every_day():
    topic = TOPIC._replace(kinds=("wrans",), start="2008-01-01", end="2008-12-31")
    with crawled(topic, broken=lambda term, start, end: True) as (names, gaps, service):
        assert names == []
        assert len(service.asked) == 2 * 5 * (1 + 2 * HALVINGS)  # searches, terms
    for search in ("titles", "written"):
        days = [gap for gap in gaps if gap.what == f"search of {search} for power of information taskforce"]
        ends = [date.fromisoformat(gap.end) + timedelta(days=1) for gap in days]
        assert (days[0].start, days[-1].end) == ("2008-01-01", "2008-12-31")
        assert [gap.start for gap in days[1:]] == [end.isoformat() for end in ends[:-1]]  # nothing between them


def test_ignored_dates_are_a_gap_and_rows_outside_them_are_not_used():
    topic = TOPIC._replace(start="2008-01-01", end="2008-06-30")
    with crawled(topic, ignoring=True) as (names, gaps, _):
        assert {parse_document_name(name)[1] for name in names} == {"2008-06-22"}
        assert gaps
        assert all("were ignored" in gap.reason for gap in gaps)


def test_an_unavailable_debate_is_a_gap_with_its_date_and_title():
    with crawled(missing=frozenset({"08110961000005"})) as (names, gaps, _):
        assert [(gap.name, gap.what, gap.start) for gap in gaps] == [(NAME, "Public Lists (Hedges)", "2008-11-09")]
        assert NAME not in names


def test_a_stopped_crawl_continues_where_it_ended():
    with serving(HansardService()) as url:
        memory: dict[str, Response] = {}
        with pytest.raises(Unavailable):
            list(crawl(opened(url, memory, 50), TOPIC, CrawlHints()))
        before = len(memory)
        names = [each.name for each in crawl(opened(url, memory, 58), TOPIC, CrawlHints())]
    assert before == 50
    assert sorted(filter(parse_document_name, names)) == NAMING


def test_an_invalid_answer_is_archived_and_a_gap():
    body = {"Results": [{"SittingDate": "soon"}], "TotalResultCount": 1}
    answers = {"Spoken": body, "Written": [], "debates": {"Results": []}}

    def get(request: Request) -> Response:
        kind = next(key for key in answers if key in request.path)
        return answer(request.name, json.dumps(answers[kind]).encode())

    topic = TOPIC._replace(kinds=("debates", "wrans"), start="2008-01-01", end="2008-12-31")
    found = list(crawl(Site("test:", get), topic, CrawlHints()))
    gaps = {gap.reason for gap in found if isinstance(gap, Gap)}
    assert gaps == {
        "a row has no DebateSectionExtId",
        "the answer has no Results with a TotalResultCount",
    }
    assert len([each for each in found if isinstance(each, Response)]) == 3 * 5


def test_an_unknown_section_is_fetched_and_refused():
    row = {"DebateSectionExtId": "X1", "SittingDate": "2008-11-09T00:00:00", "House": "Commons", "Section": "Terrace"}

    def get(request: Request) -> Response:
        found = {"Results": [row] if "Spoken" in request.path else [], "TotalResultCount": "Spoken" in request.path}
        found["TotalResultCount"] = len(found["Results"])
        body = (SPECIMENS / f"{NAME}.json").read_text(encoding="utf-8").replace("Commons Chamber", "Terrace")
        return answer(request.name, json.dumps(found).encode() if "search" in request.path else body.encode())

    topic = TOPIC._replace(start="2008-01-01", end="2008-12-31")
    [debate] = [each for each in crawl(Site("test:", get), topic, CrawlHints()) if parse_document_name(each.name)]
    assert parse_document_name(debate.name) == ("unknown", "2008-11-09")
    with pytest.raises(ParseError, match="unknown section 'Terrace'"):
        parse(debate)


# --- what is asked


def test_search_terms_are_few_and_cover_every_spelling():
    assert make_search_terms(TOPIC) == [
        "power of information taskforce",
        "power of information task force",
        "power of information review",
        "power of information report",
        "power of information task-force",
    ]
    assert make_search_terms(TOPIC._replace(phrases=(PhraseSet("x", ("“e-mail” rules",)),))) == [
        "e mail rules",
        "e-mail rules",
        "email rules",
    ]


def test_years_are_limited_to_the_topic_s_dates():
    assert list(split_into_years("2007-12-31", "2009-01-01")) == [
        ("2007-12-31", "2007-12-31"),
        ("2008-01-01", "2008-12-31"),
        ("2009-01-01", "2009-01-01"),
    ]


def test_a_request_has_a_name_a_date_and_prefixed_parameters():
    asked: list[Request] = []

    def get(request: Request) -> Response:
        asked.append(request)
        return answer(request.name, b'{"Results": [], "TotalResultCount": 0}')

    list(crawl(Site("test:", get), TOPIC, CrawlHints()))
    assert asked[0].name == "search/spoken/power_of_information_taskforce/2007-01-01_2007-12-31/0"
    assert asked[0].date == "2007-12-31"
    assert {key for request in asked for key, _ in request.query} == {
        f"queryParameters.{key}" for key in ("searchTerm", "startDate", "endDate", "orderBy", "skip", "take")
    }
    assert len({request.name for request in asked}) == len(asked)


# --- the server itself


def test_the_server_ignores_filters_without_their_prefix_and_fails_above_a_hundred():
    service = HansardService()
    path = "/search/contributions/Spoken.json"
    _, plain_answer = service.answer(path, {"searchTerm": "hedges", "startDate": "2010-01-01", "take": "1000"})
    assert plain_answer["TotalResultCount"] > 20
    assert service.answer(path, {"queryParameters.take": "101"})[0] == 500
    assert service.answer(path, {"queryParameters.skip": "999"})[1]["Results"] == []
    assert all(len(v) <= 4 for v in service.answer("/search.json", {})[1].values() if isinstance(v, list))
