"""A day from all its files: which words are current, under which headings, and where old addresses lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.citation import find_house, format_citation
from db.gid import MAX_REDIRECTS
from db.records.hansard import Day
from db.records.source import ParseError
from scrapers.load.assemble_day import NO_HEADING, assemble_day, build_site_url
from scrapers.parsing.headings import recase_heading
from scrapers.scope.kinds import KINDS
from scrapers.sources.theyworkforyou import parse
from tests.support.databases import response

PREFIX = "uk.org.publicwhip/"
DAY = f"{PREFIX}debate/2009-03-15"
MAJOR, MINOR = "major", "minor"


def heading(level: str, number: str, text: str) -> str:
    return f'<{level}-heading id="{DAY}{number}" nospeaker="true" colnum="1">{text}</{level}-heading>'


def speech(number: str, words: str = "Words.", attributes: str = "") -> str:
    return f'<speech id="{DAY}{number}" speakername="A" colnum="2" {attributes}><p>{words}</p></speech>'


def moved(old: str, new: str, matchtype: str = "perfectmatch") -> str:
    return f'<gidredirect oldgid="{DAY}{old}" newgid="{DAY}{new}" matchtype="{matchtype}"/>'


def day(**files: str) -> tuple[Day, list[ParseError]]:
    """A day of debates from the contents of its files, by letter; "latest" is what the last letter says it is."""
    last = max(files, key=lambda letter: (len(letter), letter))
    documents = []
    for letter, xml in files.items():
        body = f'<publicwhip scrapeversion="{letter}" latest="{"yes" if letter == last else "no"}">{xml}</publicwhip>'
        letter = letter.removeprefix("none")
        documents.append(parse(response(f"scrapedxml/debates/debates2009-03-15{letter}.xml", body.encode())))
    return assemble_day("debates", "2009-03-15", documents)


def texts(each: Day) -> list[str]:
    return [item.text for debate in each.debates for _, item in debate.speeches]


def list_redirect_targets(each: Day) -> dict[str, str]:
    return {r.old_gid.removeprefix(DAY): r.gid.removeprefix(DAY) for r in each.redirects}


HEAD = heading(MAJOR, "a.1.0", "Hedges")
NEW = heading(MAJOR, "b.1.0", "Hedges") + speech("b.1.1", "New.")
GONE = moved("a.1.0", "b.1.0")


# --- letters


def test_the_words_come_only_from_the_highest_letter():
    found, problems = day(a=GONE + moved("a.1.1", "b.1.1", "changes") + speech("a.1.1", "Old."), b=NEW)
    assert (texts(found), problems) == (["New."], [])
    assert [debate.name for debate in found.debates] == ["scrapedxml/debates/debates2009-03-15b.xml"]


def test_letter_aa_follows_z():
    files = {
        "z": heading(MAJOR, "z.1.0", "Old"),
        "aa": heading(MAJOR, "aa.1.0", "New"),
        "y": heading(MAJOR, "y.1.0", "Older"),
    }
    assert [debate.title for debate in day(**files)[0].debates] == ["New"]


def test_a_file_without_a_letter_is_older_than_a():
    files = {"none": heading(MAJOR, ".1.0", "Old"), "a": HEAD}
    assert [debate.gid for debate in day(**files)[0].debates] == [f"{DAY}a.1.0"]


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_the_order_of_the_files_does_not_matter(order):
    files = {
        "a": GONE,
        "b": moved("b.1.0", "c.1.0", "changes") + heading(MAJOR, "b.1.0", "Old"),
        "c": heading(MAJOR, "c.1.0", "New"),
    }
    found, problems = day(**{letter: files[letter] for letter in order})
    assert (list_redirect_targets(found), problems) == ({"a.1.0": "c.1.0", "b.1.0": "c.1.0"}, [])
    assert [debate.title for debate in found.debates] == ["New"]


def test_redirected_items_are_not_in_the_current_debates(assembled):
    day, problems = assembled["debates", "2008-06-22"]
    said = "\n".join(item.text for debate in day.debates for _, item in debate.speeches if hasattr(item, "text"))
    assert problems == []
    assert "2½ minutes" in said
    assert "about three minutes" not in said
    assert {item.gid.split(".")[-3][-1] for debate in day.debates for _, item in debate.speeches} == {"c"}


def test_items_redirected_by_a_later_file_are_left_out():
    found, _ = day(
        a=HEAD + speech("a.1.1", "Once.") + speech("a.1.2", "Twice."), b=moved("b.1.2", "b.1.1", "altques") + NEW
    )
    assert texts(found) == ["New."]


def test_items_redirected_by_an_older_file_are_left_out_of_the_current_one():
    assert texts(day(a=moved("b.1.2", "b.1.1"), b=NEW + speech("b.1.2", "Twice."))[0]) == ["New."]


def test_an_old_file_marked_latest_adds_no_words():
    stale = f'<publicwhip scrapeversion="a" latest="yes">{HEAD}{speech("a.1.1", "Old.")}</publicwhip>'
    new = f'<publicwhip scrapeversion="b" latest="yes">{NEW}</publicwhip>'
    names = [f"scrapedxml/debates/debates2009-03-15{letter}.xml" for letter in "ab"]
    documents = [parse(response(name, body.encode())) for name, body in zip(names, (stale, new), strict=True)]
    assert texts(assemble_day("debates", "2009-03-15", documents)[0]) == ["New."]


def test_a_superseded_file_without_redirects_is_reported():
    _, [problem] = day(a=GONE + speech("a.1.1", "Lost."), b=NEW)
    assert problem.name.endswith("15a.xml")
    assert problem.what == f"superseded, but 1 of its items have no redirect; the first is {DAY}a.1.1"


def test_a_superseded_file_alone_gives_only_redirects():
    found, problems = day(
        a=GONE + moved("a.1.1", "a.1.2", "altques") + moved("a.1.2", "b.1.2", "changes") + speech("a.1.2")
    )
    assert (found.debates, problems) == ((), [])
    assert list_redirect_targets(found) == {"a.1.0": "b.1.0", "a.1.1": "b.1.2", "a.1.2": "b.1.2"}


def test_an_empty_day_has_no_debates_and_no_problems():
    assert day(a="") == (Day("debates", "2009-03-15", (), ()), [])


# --- redirects


def test_every_redirect_is_followed_to_the_end():
    hops = [moved(f"a.{n}.0", f"a.{n + 1}.0") for n in range(2, MAX_REDIRECTS + 1)]
    found, problems = day(a=HEAD + speech(f"a.{MAX_REDIRECTS + 1}.0") + "".join(hops))
    assert problems == []
    assert set(list_redirect_targets(found).values()) == {f"a.{MAX_REDIRECTS + 1}.0"}


def test_too_many_redirects_are_refused():
    hops = [moved(f"a.{n}.0", f"a.{n + 1}.0") for n in range(2, MAX_REDIRECTS + 3)]
    found, [problem] = day(a=HEAD + "".join(hops))
    assert problem.what == f"{DAY}a.2.0 leads round in a loop, or through more than {MAX_REDIRECTS} redirects"
    assert "a.2.0" not in list_redirect_targets(found)


def test_grouped_questions_take_two_redirects(assembled):
    found, problems = assembled["wrans", "2008-06-22"]
    leads = {r.old_gid.rpartition("/")[2]: (r.gid.rpartition("/")[2], r.matchtype) for r in found.redirects}
    assert problems == []
    assert leads["2008-06-22a.990202.h"] == ("2008-06-22b.990201.h", "altques")
    assert leads["2008-06-22b.990205.h"] == ("2008-06-22b.990201.h", "altques")
    assert leads["2008-06-22b.1W.3"] == ("2008-06-22b.990201.q1", "oldstyleid")


def test_a_removed_item_leads_to_its_replacement(assembled):
    leads = {r.old_gid: r.gid for r in assembled["wrans", "2008-06-22"][0].redirects}
    assert leads[f"{PREFIX}wrans/2008-06-22a.990299.q0"] == f"{PREFIX}wrans/2008-06-22b.990201.h"


def test_a_loop_of_redirects_is_reported_and_left_out(specimens):
    name = "scrapedxml/debates/debates2009-03-15a.xml"
    document = parse(response(name, (specimens / "broken" / "redirect-loop.xml").read_bytes()))
    found, problems = assemble_day("debates", "2009-03-15", [document])
    assert texts(found) == ["The hedges are in hand."]
    assert found.redirects == ()
    assert [problem.name for problem in problems] == [name, name]
    assert "leads round in a loop" in problems[0].what


def test_a_loop_over_two_files_names_one_of_them():
    found, problems = day(a=moved("a.1.1", "b.1.1"), b=moved("b.1.1", "a.1.1") + heading(MAJOR, "b.1.0", "Hedges"))
    assert list_redirect_targets(found) == {}
    assert {problem.name[-7:] for problem in problems} == {"15a.xml", "15b.xml"}


def test_redirects_into_a_loop_are_left_out_too():
    found, problems = day(a=HEAD + moved("a.3.0", "a.1.1") + moved("a.1.1", "a.1.2") + moved("a.1.2", "a.1.1"))
    assert (list_redirect_targets(found), len(problems)) == ({}, 3)


def test_two_targets_of_one_gid_are_reported_and_the_first_is_used():
    found, [problem] = day(a=moved("a.1.1", "b.1.1") + moved("a.1.1", "b.1.2"), b=NEW + speech("b.1.2"))
    assert problem.what == f"{DAY}a.1.1 leads to two places: {DAY}b.1.1 and {DAY}b.1.2"
    assert list_redirect_targets(found) == {"a.1.1": "b.1.1"}


def test_a_repeated_redirect_counts_once():
    found, problems = day(a=moved("a.1.1", "b.1.1") * 2, b=moved("a.1.1", "b.1.1") + NEW)
    assert (list_redirect_targets(found), problems) == ({"a.1.1": "b.1.1"}, [])


# --- headings


def test_a_speech_before_any_heading_is_a_debate_without_one(assembled):
    day, problems = assembled["debates", "2009-03-15"]
    first, second = day.debates
    assert (first.title, first.heading, first.section, first.position, problems) == (NO_HEADING, "", "", 1, [])
    assert (first.gid, first.column, first.time) == (f"{DAY}a.1.0", "1", "14:30:00")
    assert [item.text for _, item in first.speeches] == ["The hedges are in hand."]
    assert (second.title, second.speeches) == ("Hedges", ())


def test_a_minor_heading_before_any_major_one_is_a_debate():
    found, _ = day(
        a=heading(MINOR, "a.1.0", "Clerks") + speech("a.1.1") + heading(MAJOR, "a.2.0", "HEDGES") + speech("a.2.1")
    )
    assert [(debate.title, debate.section) for debate in found.debates] == [("Clerks", ""), ("Hedges", "")]


def test_a_debate_has_its_chain_of_headings(assembled):
    debates = {debate.gid.partition("c.")[2]: debate for debate in assembled["debates", "2008-06-22"][0].debates}
    assert debates["101.3"].section == "Oral Answers to Questions — Duchy of Lancaster"
    assert (debates["101.1"].title, debates["101.1"].heading) == ("Duchy of Lancaster", "DUCHY OF LANCASTER")
    assert debates["101.1"].section == "Oral Answers to Questions"


def test_oral_answers_end_with_the_last_department_that_answers(assembled):
    debates = {debate.heading: debate.section for debate in assembled["debates", "2008-06-22"][0].debates}
    assert debates["POINT OF ORDER"] == ""
    assert debates["Village Web Forums — Conduct of Officials"] == "Opposition Day"


def test_modern_oral_answers_are_known_by_their_numbers(assembled):
    debates = {debate.title: debate.section for debate in assembled["debates", "2018-03-11"][0].debates}
    assert debates["Officials on the Web"] == "Oral Answers to Questions — Notice Boards"
    assert debates["Pamphlets (Repeal) Bill"] == ""


def test_a_heading_without_speeches_leads_to_the_first_debate_below_it(assembled):
    found, _ = assembled["debates", "2008-06-22"]
    leads = {r.old_gid: r for r in found.redirects}
    assert leads[f"{PREFIX}debate/2008-06-22c.106.0"][1:] == (f"{PREFIX}debate/2008-06-22c.106.1", "heading")
    assert leads[f"{PREFIX}debate/2008-06-22a.106.0"].gid == f"{PREFIX}debate/2008-06-22c.106.1"


def test_an_empty_heading_before_its_equal_is_a_debate_without_words():
    found, _ = day(a=HEAD + heading(MAJOR, "a.2.0", "Swans") + speech("a.2.1"))
    assert [(debate.title, len(debate.speeches)) for debate in found.debates] == [("Hedges", 0), ("Swans", 1)]


def test_two_headings_over_one_debate_both_lead_there():
    found, _ = day(
        a=heading("oral", "a.1.0", "Oral") + heading(MAJOR, "a.2.0", "Hedges") + heading(MINOR, "a.3.0", "Height")
    )
    assert list_redirect_targets(found) == {"a.1.0": "a.3.0", "a.2.0": "a.3.0"}
    assert found.debates[0].section == "Hedges"


def test_positions_are_those_of_the_day_s_file():
    found, _ = day(a=HEAD + speech("a.1.1") + speech("a.1.2") + heading(MAJOR, "a.2.0", "Swans") + speech("a.2.1"))
    assert [(d.position, [position for position, _ in d.speeches]) for d in found.debates] == [(1, [2, 3]), (4, [5])]


def test_positions_rise_through_every_day_of_the_specimens(assembled):
    for found, _ in assembled.values():
        places = [place for debate in found.debates for place in (debate.position, *(p for p, _ in debate.speeches))]
        assert places == list(range(1, len(places) + 1))


def test_a_heading_without_column_and_time_takes_those_of_the_first_speech():
    bare = f'<major-heading id="{DAY}a.1.0">Hedges</major-heading>'
    [debate] = day(a=bare + speech("a.1.1", attributes='time="9:15"'))[0].debates
    assert (debate.column, debate.time, debate.citation) == ("2", "09:15:00", "HC Deb 15 March 2009 c2")


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("DUCHY OF LANCASTER", "Duchy of Lancaster"),
        ("CHILDREN, SCHOOLS AND FAMILIES", "Children, Schools and Families"),
        ("[Mr. Ash in the Chair] — THE UK'S FERRIES", "[Mr. Ash in the Chair] — The UK's Ferries"),
        ("BUSINESS OF THE HOUSE", "Business of the House"),
        ("HOME DEPARTMENT", "Home Department"),
        ("TRADE WITH AND A W OF IRELAND", "Trade with and a W of Ireland"),
        ("NHS IT", "NHS It"),
        ("MPS' PAY (NO. 2)", "MPs' Pay (No. 2)"),
        ("ÉIRE", "Éire"),
        ("Pamphlets Bill [HL]", "Pamphlets Bill [HL]"),
        ("2009-10", "2009-10"),
        ("", ""),
    ],
)
def test_headings_in_capitals_get_title_case(printed, shown):
    assert recase_heading(printed) == shown


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÉÂ abc'’(),.— -0123456789"))
def test_recasing_changes_only_the_case_and_only_once(printed):
    shown = recase_heading(printed)
    assert shown.lower() == printed.lower()
    assert recase_heading(shown) == shown or shown.isupper()


# --- addresses and citations


def test_a_committee_has_its_bill_s_address_and_name(assembled):
    debate = assembled["standing", "2009-03-08"][0].debates[1]
    assert debate.url == "https://www.theyworkforyou.com/pbc/2008-09/Pamphlets_Bill/02-0_2009-03-08a.2.0"
    assert (debate.title, debate.section) == ("Clause 1", "Pamphlets Bill — Public Bill Committee")


@pytest.mark.parametrize("bill", [None, ("", "2008-09"), ("Pamphlets Bill", "")])
def test_a_committee_whose_bill_is_not_named_has_no_address(bill):
    assert (
        build_site_url("standing", f"{PREFIX}standing/standing2009-03-01_PAMPHLET_02-0_2009-03-08a.2.0", bill) is None
    )


def committees(**files: str) -> tuple[Day, list[ParseError]]:
    """A day of committees from the headings of each: a level and a text."""
    documents = []
    for number, (bill, headings) in enumerate(files.items()):
        name = f"standing2009-03-01_{bill}_0{number}-0_2009-03-08a"
        items = (
            f'<{level}-heading id="{PREFIX}standing/{name}.{n}.0">{bill} {n}</{level}-heading>'
            for n, level in enumerate(headings.split())
        )
        body = f"<publicwhip>{''.join(items)}</publicwhip>"
        documents.append(parse(response(f"scrapedxml/standing/{name}.xml", body.encode())))
    return assemble_day("standing", "2009-03-08", documents)


def test_two_committees_of_a_day_follow_each_other():
    found, problems = committees(SWANS="major", HEDGES="major")
    assert problems == []
    assert [(d.position, d.heading) for d in found.debates] == [(1, "HEDGES 0"), (2, "SWANS 0")]


def test_a_committee_s_last_heading_does_not_lead_into_another_committee():
    found, _ = committees(HEDGES="major", SWANS="minor")
    assert [d.heading for d in found.debates] == ["HEDGES 0", "SWANS 0"]


@pytest.mark.parametrize(
    ("kind", "column", "citation"),
    [
        ("debates", "929", "HC Deb 18 June 2008 c929"),
        ("westminhall", "51", "HC Deb 18 June 2008 c51WH"),
        ("wrans", "567W", "HC Deb 18 June 2008 c567W"),
        ("wms", "32WS", "HC Deb 18 June 2008 c32WS"),
        ("lordspages", "201", "HL Deb 18 June 2008 c201"),
        ("lordswrans", "31", "HL Deb 18 June 2008 c31WA"),
        ("lordswms", "11", "HL Deb 18 June 2008 c11WS"),
        ("standing", "33", "PBC Deb 18 June 2008 c33"),
        ("debates", None, "HC Deb 18 June 2008"),
        ("wrans", "", "HC Deb 18 June 2008"),
    ],
)
def test_every_kind_is_cited_in_its_own_form(kind, column, citation):
    assert format_citation(kind, "2008-06-18", column) == citation


def test_an_unknown_kind_has_neither_citation_nor_house():
    for find in (lambda: format_citation("evidence", "2008-06-18", "1"), lambda: find_house("evidence")):
        with pytest.raises(KeyError):
            find()
    assert {kind: find_house(kind) for kind in KINDS} == {kind: each.house for kind, each in KINDS.items()}


def test_an_old_standing_committee_is_cited_as_such():
    assert format_citation("standing", "2005-03-01", "7") == "SC Deb 1 March 2005 c7"


def test_every_debate_of_the_specimens_has_house_address_and_citation(assembled):
    for (kind, date), (found, problems) in assembled.items():
        assert problems == []
        for debate in found.debates:
            assert (debate.kind, debate.date) == (kind, date)
            assert debate.house == ("lords" if kind.startswith("lords") else "commons")
            assert debate.url
            assert debate.citation == format_citation(kind, date, debate.column)
