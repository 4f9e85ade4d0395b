"""A day told by several documents: the best wording in its place, every other one beside it, nothing twice or lost."""

from db.gid import make_hansard_gid, make_short_id
from db.records.hansard import Day, Debate, Document, Redirect, Speech
from db.records.source import Provenance
from scrapers.load.merge_sources import merge_sources
from scrapers.load.other_sources import ParsedVersion, SourceDebate
from tests.support.turns import BRIDGE, FERRY, HEDGES, PAGE, SWAN, by_member, find_no_person, turn

DATE = "2008-06-22"
FILE = "scrapedxml/debates/debates2008-06-22b.xml"


def gid(number: str) -> str:
    return f"uk.org.publicwhip/debate/{DATE}b.{number}"


def ext(number: int) -> str:
    return make_hansard_gid(DATE, f"{number:014}")


def debate(gid: str, *turns: Speech, column: str | None = "101", **fields: str) -> Debate:
    usual = {**dict.fromkeys(Debate._fields, None), "house": "commons", "kind": "debates", "date": DATE, "position": 1}
    whole = {**usual, "id": make_short_id(gid), "gid": gid, "title": "Hedges", "name": FILE, "column": column}
    return Debate(**{**whole, "speeches": tuple(enumerate(turns, 2)), **fields})


def by(source: str = "theyworkforyou", response: int = 1, name: str = FILE) -> Provenance:
    return Provenance(source, name, "b", response, "0" * 64, f"2008-06-2{response}T06:00:00Z")


def read(*items: Speech, response: int = 1, newest: bool = True, obsolete: tuple[Speech, ...] = ()) -> ParsedVersion:
    return ParsedVersion(Document(FILE, "", "b", True, None, items, (), obsolete), by(response=response), newest)


def day(*debates: Debate, redirects: tuple[Redirect, ...] = ()) -> Day:
    return Day("debates", DATE, debates, redirects)


def hansard(*turns: Speech, number: int = 900, response: int = 9, newest: bool = True, **fields: str) -> SourceDebate:
    told = debate(ext(number), *turns, **{"section_id": f"{number:014}", **fields})
    return SourceDebate(told, by("hansard", response, "debates/2008-06-22/900"), newest)


def texts(merged: Day) -> list[list[str]]:
    return [[item.text for _, item in each.speeches] for each in merged.debates]


XML = debate(gid("101.1"), turn(gid("101.2"), HEDGES), turn(gid("101.3"), BRIDGE))


def test_a_day_of_one_source_is_unchanged():
    alone = day(XML)
    assert merge_sources(alone, [read()], [], find_no_person) == alone._replace(provenance={XML.gid: by()})


def test_the_best_wording_is_the_speech_and_the_other_an_edition():
    other = HEDGES.replace(" and ", ", and ")
    merged = merge_sources(day(XML), [read()], [hansard(turn(ext(1), other), turn(ext(2), BRIDGE))], find_no_person)
    assert texts(merged) == [[HEDGES, BRIDGE]]
    assert [(e.speech_id, e.text, e.source_gid) for e in merged.editions] == [
        (make_short_id(gid("101.2")), other, ext(1)),
        (make_short_id(gid("101.3")), BRIDGE, ext(2)),
    ]


def test_parliament_s_ids_are_taken_from_its_own_source():
    told = turn(ext(1), HEDGES, paragraph_id="08062214000041", turn_id="08062214000843")
    merged = merge_sources(day(XML), [read()], [hansard(told, turn(ext(2), BRIDGE), volume="477")], find_no_person)
    [whole] = merged.debates
    assert (whole.section_id, whole.volume) == (f"{900:014}", "477")
    assert whole.citation == "HC Deb 22 June 2008 vol 477 c101"
    first = whole.speeches[0][1]
    assert (first.gid, first.paragraph_id, first.turn_id) == (gid("101.2"), "08062214000041", "08062214000843")


def test_a_turn_of_only_one_source_is_put_in_its_place():
    merged = merge_sources(
        day(XML), [read()], [hansard(turn(ext(1), HEDGES), turn(ext(2), FERRY), turn(ext(3), BRIDGE))], find_no_person
    )
    assert texts(merged) == [[HEDGES, FERRY, BRIDGE]]
    assert merged.provenance[ext(2)].source == "hansard"
    assert [position for position, _ in merged.debates[0].speeches] == [2, 3, 4]


def test_a_doubtful_turn_is_added_separately_and_listed():
    one = turn(gid("101.2"), HEDGES, member_id="person/1")
    other = turn(ext(1), HEDGES, member_id="person/2")
    both = debate(gid("101.1"), one, turn(gid("101.3"), BRIDGE))
    merged = merge_sources(day(both), [read()], [hansard(other, turn(ext(2), BRIDGE))], by_member)
    assert texts(merged) == [[HEDGES, HEDGES, BRIDGE]]
    [doubt] = merged.doubts
    assert (doubt.speech_id, doubt.candidate_id, doubt.source) == (
        make_short_id(ext(1)),
        make_short_id(one.gid),
        "hansard",
    )


def test_words_contained_in_another_turn_are_not_added():
    whole = debate(gid("101.1"), turn(gid("101.2"), f"{HEDGES}\n\n{FERRY}"), turn(gid("101.3"), BRIDGE))
    told = [turn(ext(1), HEDGES), turn(ext(2), FERRY), turn(ext(3), BRIDGE)]
    assert texts(merge_sources(day(whole), [read()], [hansard(*told)], find_no_person)) == [
        [f"{HEDGES}\n\n{FERRY}", BRIDGE]
    ]


def test_a_turn_of_another_speaker_in_other_words_is_a_speech_of_its_own_whatever_its_address():
    ours = debate(gid("101.1"), turn(gid("101.2"), HEDGES), turn(gid("101.3"), BRIDGE, speaker="Tilda Marsh"))
    told = [turn(gid("101.2"), HEDGES), turn(gid("101.3"), SWAN, speaker="Oswin Reed")]
    other = SourceDebate(debate(gid("101.1"), *told), by("theyworkforyou_api", 9, "api"), True)
    merged = merge_sources(day(ours), [read()], [other], find_no_person)
    assert texts(merged) == [[HEDGES, SWAN, BRIDGE]]
    own = f"{gid('101.3')}.theyworkforyou_api"
    [doubt] = merged.doubts
    assert (doubt.speech_id, doubt.candidate_id) == (make_short_id(own), make_short_id(gid("101.3")))
    assert merged.provenance[own].source == "theyworkforyou_api"
    assert [each.text for each in merged.editions] == [HEDGES]


def test_a_debate_whose_turns_are_all_others_keeps_every_address_apart():
    ours = debate(gid("101.1"), turn(gid("101.2"), HEDGES, speaker="Tilda Marsh"))
    other = debate(gid("101.1"), turn(gid("101.2"), SWAN, speaker="Oswin Reed"), title="Swans")
    told = SourceDebate(other, by("theyworkforyou_api", 9, "api"), True)
    merged = merge_sources(day(ours), [read()], [told], find_no_person)
    gids = [each for d in merged.debates for each in (d.gid, *(item.gid for _, item in d.speeches))]
    assert (len(set(gids)), texts(merged)) == (4, [[HEDGES], [SWAN]])


def test_a_debate_of_only_one_source_is_placed_by_its_column():
    later = debate(gid("103.1"), turn(gid("103.2"), SWAN), column="103")
    alone = hansard(turn(ext(1), FERRY), title="Ferries", column="102")
    merged = merge_sources(day(XML, later), [read()], [alone], find_no_person)
    assert texts(merged) == [[HEDGES, BRIDGE], [FERRY], [SWAN]]
    assert [each.position for each in merged.debates] == [1, 4, 6]
    assert merged.provenance[alone.debate.gid].source == "hansard"


def test_an_older_version_adds_editions_but_no_turn():
    new = hansard(turn(ext(1), HEDGES), turn(ext(2), BRIDGE), response=9)
    old = hansard(turn(ext(1), HEDGES), turn(ext(5), FERRY), turn(ext(2), BRIDGE + " Or so."), response=5, newest=False)
    merged = merge_sources(day(XML), [read()], [old, new], find_no_person)
    assert texts(merged) == [[HEDGES, BRIDGE]]
    wordings = sorted((e.speech_id, e.text, e.provenance.response_id) for e in merged.editions)
    assert wordings == [
        (make_short_id(gid("101.2")), HEDGES, 5),  # the oldest answer with these words
        (make_short_id(gid("101.3")), BRIDGE, 9),
        (make_short_id(gid("101.3")), BRIDGE + " Or so.", 5),
    ]


def test_items_of_an_older_letter_are_editions_of_the_redirect_target():
    old = turn(f"uk.org.publicwhip/debate/{DATE}a.101.2", "The hedges are in hand.")
    moved = Redirect(old.gid, gid("101.2"), "changes")
    merged = merge_sources(
        day(XML, redirects=(moved,)), [read(), read(response=2, obsolete=(old,))], [], find_no_person
    )
    [edition] = merged.editions
    assert (edition.speech_id, edition.text) == (make_short_id(gid("101.2")), "The hedges are in hand.")
    assert edition.evidence == "its address leads here (changes)"


def test_an_earlier_version_of_the_same_file_is_one_edition():
    before = turn(gid("101.2"), "The hedges are in hand.")
    reads = [read(*(item for _, item in XML.speeches), response=4)]
    reads += [read(before, response=n, newest=False) for n in (3, 2)]
    [edition] = merge_sources(day(XML), reads, [], find_no_person).editions
    assert (edition.text, edition.provenance.response_id, edition.evidence) == (before.text, 2, "the same address")


def test_a_page_is_joined_to_the_xml_by_its_numbers():
    told = turn(gid("101.2"), HEDGES, hansard_url=f"{PAGE}08062214000843")
    page = turn(ext(41), FERRY, turn_id="08062214000843", paragraph_id="08062214000041")
    telling = SourceDebate(debate(ext(15), page, title="Other"), by("publications", 9, "page"), True)
    merged = merge_sources(day(debate(gid("101.1"), told)), [read()], [telling], find_no_person)
    [edition] = merged.editions
    assert (edition.text, edition.score, edition.evidence) == (FERRY, 1.0, "the same number of the turn 08062214000843")
