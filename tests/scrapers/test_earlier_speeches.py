"""Earlier speeches of a day: editions only of the same turn, and withdrawn speeches kept apart."""

import pytest

from db.records.hansard import Day, Debate, Document, Heading, Redirect
from db.records.source import Provenance, RefusedUnit
from scrapers.load.assemble_day import assemble_day
from scrapers.load.day_files import DayFiles
from scrapers.load.earlier_speeches import read_earlier_record
from scrapers.load.merge_sources import merge_sources
from scrapers.load.other_sources import ParsedVersion
from scrapers.load.same_turn import compare_speakers, judge_same_turn
from tests.support.turns import BRIDGE, FERRY, HEDGES, SWAN, find_no_person, turn

DATE = "2008-06-22"
TILDA, OSWIN = {"speaker": "Tilda Marsh", "member_id": "member/1"}, {"speaker": "Oswin Reed", "member_id": "member/2"}
EDITED = HEDGES.replace("are in hand", "are well in hand")


def gid(number: str) -> str:
    return f"uk.org.publicwhip/debate/{DATE}{number}"


@pytest.mark.parametrize(
    ("matchtype", "old", "new", "same_speaker", "same"),
    [
        ("perfectmatch", HEDGES, HEDGES, True, True),
        ("changes", HEDGES, EDITED, True, True),
        ("changes", "Yes.", "Indeed I do.", True, True),
        ("changes", HEDGES, HEDGES, False, True),
        ("changes", HEDGES, EDITED, False, True),
        ("changes", HEDGES, BRIDGE, True, False),
        ("changes", HEDGES, BRIDGE, False, False),
        ("changes", "Yes.", "No.", False, False),
        ("perfectmatch", "Yes.", "Yes.", False, True),
        ("missing", HEDGES, FERRY, False, False),
        ("missing", HEDGES, FERRY, True, False),
        ("missing", HEDGES, HEDGES, False, False),
        ("missing", HEDGES, EDITED, True, True),
        ("missing", "Yes.", f"Yes. {FERRY}", True, False),
        ("removed", SWAN, SWAN, True, True),
        ("removed", SWAN, HEDGES, True, False),
        ("multiplecover", f"{HEDGES} {FERRY}", FERRY, True, True),
        ("multiplecover", f"{HEDGES} {FERRY}", SWAN, True, False),
        ("multiplecover", f"{HEDGES} {FERRY}", FERRY, False, False),
        ("the same address", HEDGES, EDITED, True, True),
        ("the same address", HEDGES, "The ferry.", True, True),
        ("the same address", HEDGES, BRIDGE, False, False),
        ("the same address", HEDGES, HEDGES, False, True),
    ],
)
def test_two_speeches_are_one_turn_if_speaker_and_words_agree_or_nothing_speaks_against(
    matchtype, old, new, same_speaker, same
):
    mine, its = turn(gid("a.1.1"), old, **TILDA), turn(gid("b.1.1"), new, **(TILDA if same_speaker else OSWIN))
    assert judge_same_turn(mine, its, matchtype, find_no_person) is same


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"speaker": "Tilda Marsh"}, {"speaker": "Tilda Marsh"}, "same"),
        ({"speaker": "Mrs. Tilda Marsh"}, {"speaker": "tilda marsh"}, "same"),
        ({"speaker": "The Baroness Marsh"}, {"speaker": "Lady Marsh"}, "same"),
        (TILDA, {**TILDA, "speaker": "Lady Marsh of Reedham"}, "same"),
        ({"speaker": "Mr Marsh"}, {"speaker": "Oswin Marsh"}, "unknown"),
        ({"speaker": "Tilly Marsh"}, {"speaker": "Tilda Marsh"}, "unknown"),
        ({"speaker": "The Lord"}, {"speaker": "Oswin Reed"}, "unknown"),
        ({"speaker": None}, {"speaker": None}, "same"),
        (TILDA, OSWIN, "other"),
        ({"speaker": "Tilda Marsh"}, {"speaker": "Oswin Reed"}, "other"),
        ({"speaker": None}, TILDA, "other"),
        (TILDA, {"speaker": "Oswin Marsh", "member_id": "member/2"}, "other"),
        ({**TILDA, "person_id": "person/1"}, {**TILDA, "member_id": None, "person_id": "person/2"}, "other"),
        ({**TILDA, "person_id": "person/1"}, {**OSWIN, "person_id": "person/1"}, "same"),
    ],
)
def test_speakers_are_compared_by_ids_and_then_by_names(one, other, expected):
    mine, its = (turn(gid("a.1.1"), HEDGES, **each) for each in (one, other))
    assert compare_speakers(mine, its, find_no_person) == compare_speakers(its, mine, find_no_person) == expected


def file(letter, items, redirects=(), obsolete=(), *, response=1, newest=True):
    name = f"scrapedxml/debates/debates{DATE}{letter}.xml"
    links = tuple(Redirect(gid(old), gid(new), how) for old, new, how in redirects)
    heading = Heading(gid(f"{letter}.1.0"), 2, "Hedges", "1", None, None, None)
    document = Document(
        name=name,
        series="",
        letter=letter,
        latest=not links,
        bill=None,
        items=(heading, *items) if items else (),
        redirects=links,
        obsolete=tuple(obsolete),
    )
    received = f"2008-06-2{response}T06:00:00Z"
    return ParsedVersion(document, Provenance("theyworkforyou", name, letter, response, "0" * 64, received), newest)


def merge(*versions: ParsedVersion) -> Day:
    day, problems = assemble_day("debates", DATE, [version.document for version in versions if version.newest])
    assert problems == []
    return merge_sources(day, versions, [], find_no_person)


def list_redirects(day: Day) -> dict[str, str]:
    return {each.old_gid.partition(DATE)[2]: each.gid.partition(DATE)[2] for each in day.redirects}


A2, A3 = turn(gid("a.1.2"), HEDGES, **OSWIN), turn(gid("a.1.3"), FERRY, **TILDA)
B2, B3 = turn(gid("b.1.2"), HEDGES, **OSWIN), turn(gid("b.1.3"), FERRY, **TILDA)
FIRST = file("a", [A2, A3], newest=False)
MOVED = [("a.1.0", "b.1.0", "perfectmatch"), ("a.1.2", "b.1.2", "perfectmatch")]


@pytest.mark.parametrize("matchtype", ["missing", "removed"])
def test_a_dropped_speech_is_withdrawn_and_no_edition(matchtype):
    emptied = file("a", [], [*MOVED, ("a.1.3", "b.1.2", matchtype)], [A3], response=3)
    day = merge(FIRST, emptied, file("b", [B2], response=3))
    assert day.editions == ()
    [gone] = day.withdrawn
    assert (gone.item, gone.debate_id, gone.withdrawn) == (A3, f"d-{DATE}b-1-0", "2008-06-23T06:00:00Z")
    assert list_redirects(day) == {"a.1.0": "b.1.0", "a.1.2": "b.1.2"}


def test_a_speech_that_is_dropped_later_is_withdrawn_once_and_its_older_address_leads_to_it():
    first = file("a", [], [*MOVED, ("a.1.3", "b.1.3", "perfectmatch")], response=2)
    links = [("b.1.0", "c.1.0", "perfectmatch"), ("b.1.2", "c.1.2", "perfectmatch"), ("b.1.3", "c.1.2", "missing")]
    emptied, now = file("b", [], links, [B3], response=3), file("c", [B2._replace(gid=gid("c.1.2"))], response=3)
    day = merge(FIRST, first, emptied, now)
    assert ([each.item for each in day.withdrawn], day.editions) == ([B3], ())
    assert (list_redirects(day)["a.1.3"], list_redirects(day).get("b.1.3")) == ("b.1.3", None)


def test_a_speech_that_the_next_version_of_its_file_lacks_is_withdrawn():
    day = merge(FIRST, file("a", [A2], response=4))
    assert [(each.item, each.withdrawn) for each in day.withdrawn] == [(A3, "2008-06-24T06:00:00Z")]


def test_an_address_that_is_used_again_makes_no_edition_of_another_speech():
    day = merge(FIRST, file("a", [A2, turn(gid("a.1.3"), BRIDGE, **OSWIN)], response=4))
    assert ([each.item for each in day.withdrawn], day.editions) == ([A3], ())


def test_a_speech_whose_number_moved_is_found_by_its_words():
    moved = [turn(gid("a.1.2"), SWAN, **OSWIN), A2._replace(gid=gid("a.1.3")), A3._replace(gid=gid("a.1.4"))]
    day = merge(FIRST, file("a", moved, response=4))
    assert (day.withdrawn, day.editions) == ((), ())


def test_a_speech_that_is_divided_is_an_edition_of_the_part_that_has_its_words():
    whole = A3._replace(text=f"{HEDGES} {FERRY}")
    parts = [B2._replace(text=SWAN), B3]
    links = [("a.1.0", "b.1.0", "perfectmatch"), ("a.1.2", "b.1.2", "changes")]
    covers = [("a.1.3", "b.1.2", "multiplecover"), ("a.1.3", "b.1.3", "multiplecover")]
    day = merge(file("a", [], [*links, *covers], [whole]), file("b", parts, response=2))
    assert [(each.speech_id, each.text) for each in day.editions] == [(f"d-{DATE}b-1-3", whole.text)]
    assert (list_redirects(day)["a.1.3"], day.withdrawn) == ("b.1.3", ())


def test_a_corrected_speaker_makes_an_edition_of_each_earlier_address():
    links = [*MOVED, ("a.1.3", "b.1.3", "perfectmatch")]
    corrected = B3._replace(**OSWIN)
    day = merge(FIRST, file("a", [], links, response=2), file("b", [B2, corrected], response=2))
    [edition] = day.editions
    assert (edition.speaker, edition.text, edition.other_speaker) == ("Tilda Marsh", FERRY, True)
    assert (edition.speech_id, edition.source_gid) == (f"d-{DATE}b-1-3", gid("a.1.3"))


@pytest.mark.parametrize("name", ["Mrs. Tilda Marsh", "Tilda Marsh", "Lady Marsh"])
def test_another_form_of_a_name_makes_no_edition(name):
    links = [*MOVED, ("a.1.3", "b.1.3", "perfectmatch")]
    renamed = B3._replace(speaker=name)
    assert merge(FIRST, file("a", [], links, response=2), file("b", [B2, renamed], response=2)).editions == ()


def test_an_older_letter_without_redirects_withdraws_nothing_and_is_reported():
    versions = [file("a", [A2, A3]), file("b", [B2], response=2)]
    day, [problem] = assemble_day("debates", DATE, [version.document for version in versions])
    assert problem.what.startswith("superseded, but 3 of its items have no redirect")
    assert merge_sources(day, versions, [], find_no_person).withdrawn == ()


def refuse(version: ParsedVersion, *units: RefusedUnit) -> ParsedVersion:
    """The same version, of which a part was not understood."""
    return version._replace(document=version.document._replace(refused=units))


REFUSED_A3 = RefusedUnit(unit="item", place="line 9", reason="an unknown element", gid=A3.gid, debate_gid=gid("a.1.0"))


@pytest.mark.parametrize(
    "unit",
    [
        REFUSED_A3,
        RefusedUnit(unit="item", place="line 9", reason="its id is no gid"),
        RefusedUnit(unit="debate", place="line 8", reason="an unknown attribute", gid=gid("a.9.0"), within=(A3.gid,)),
    ],
)
def test_what_the_newest_version_holds_but_was_not_understood_is_not_withdrawn(unit):
    before, now = file("a", [A2, A3], newest=False), file("a", [A2], response=2)
    assert [each.item.gid for each in merge(before, now).withdrawn] == [A3.gid]
    assert merge(before, refuse(now, unit)).withdrawn == ()


def test_a_redirect_to_what_was_not_understood_is_no_withdrawal():
    new = gid("b.1.3")
    links = [("a.1.0", "b.1.0", "changes"), ("a.1.3", "b.1.3", "missing")]
    old = file("a", [], links, [A3])
    unit = RefusedUnit(unit="item", place="line 9", reason="an unknown element", gid=new)
    assert [each.item.gid for each in merge(old, file("b", [B2], response=2)).withdrawn] == [A3.gid]
    assert merge(old, refuse(file("b", [B2], response=2), unit)).withdrawn == ()


def test_a_speech_that_a_later_version_dropped_after_one_that_was_not_understood_is_withdrawn():
    before, odd = file("a", [A2, A3], newest=False), file("a", [A2], response=2, newest=False)
    [gone] = merge(before, refuse(odd, REFUSED_A3), file("a", [A2], response=3)).withdrawn
    assert gone.withdrawn == "2008-06-23T06:00:00Z"


def test_a_day_of_one_file_has_no_earlier_speeches():
    day = Day(kind="debates", date=DATE, debates=tuple[Debate, ...](), redirects=())
    assert read_earlier_record(DayFiles(day, [file("a", [A2])], find_no_person)).editions == []
