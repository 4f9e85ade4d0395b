"""The register of people: what its documents say, and who every speaker was on the day."""

import copy
import json
import re
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st

from db.archive import responses as archive
from db.records.people import Membership, Person, Register
from db.records.source import FileEntry, ParseError, Response
from db.statements import people
from scrapers.load import load_people as register
from scrapers.load.assemble_day import assemble_day
from scrapers.reports.count_falls import record_counts
from scrapers.reports.speakers import describe_register, list_unresolved
from scrapers.scope.interfaces import CrawlHints, Location
from scrapers.scope.topics import read_topics
from scrapers.sources.people import PATTERNS, crawl, parse, parse_document_name
from tests.support.cli import SPECIMENS
from tests.support.databases import open_new_store, save

pytestmark = pytest.mark.slow

DOCUMENTS = ("people.json", "ministers.json", "ministers-2010.json")


def received(name: str, body: bytes, at: str = "2026-11-22T06:00:00Z") -> Response:
    return Response("people", name, f"file:///{name}", at, 200, {}, body)


def parsed(name: str = "people.json", **lists: object) -> Register:
    return parse(received(name, json.dumps(lists).encode()))


@pytest.fixture
def archived(tmp_path: Path, specimens: Path) -> sqlite3.Connection:
    """An archive that holds the specimens' register."""
    conn = archive.open_archive(tmp_path / "archive.db")
    for name in DOCUMENTS:
        archive.store_response(conn, received(name, (specimens / "parldata" / name).read_bytes()))
    return conn


@pytest.fixture
def peopled(tmp_path: Path, assembled: dict, archived: sqlite3.Connection) -> sqlite3.Connection:
    """The specimens' days, each speaker looked up."""
    conn = open_new_store(tmp_path / "statements.db")
    save(conn, *(each for each, _ in assembled.values()))
    assert register.load_people(archived, conn)
    people.resolve_all_speakers(conn)
    return conn


def rows(conn: sqlite3.Connection, query: str, *values: object) -> list[tuple]:
    return conn.execute(query, values).fetchall()


def everything(conn: sqlite3.Connection) -> dict[str, list[tuple]]:
    tables = (*people.TABLES[:-1], "speeches", "votes")
    return {table: rows(conn, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}


def reason(conn: sqlite3.Connection, house: str = "commons", date: str = "2008-06-22", **ids: str | None) -> tuple:
    """What becomes of a speech with these ids: person, membership and reason."""
    given = {"member_id": None, "person_id": None, "source_person_id": None, **ids}
    values = (given["member_id"], given["person_id"], given["source_person_id"], house, date)
    conn.execute(
        "UPDATE speeches SET member_id = ?, person_id = ?, source_person_id = ?, house = ?, date = ?"
        " WHERE id = 'd-2008-06-22c-101-5'",
        values,
    )
    people.resolve_all_speakers(conn)
    query = "SELECT person_id, membership_id, unresolved FROM speeches WHERE id = 'd-2008-06-22c-101-5'"
    return rows(conn, query)[0]


# --- reading


def test_a_member_a_peer_a_name_and_an_office_are_read(specimens: Path) -> None:
    found = parse(received("people.json", (specimens / "parldata/people.json").read_bytes()))
    spells = {m.id: m for m in found.memberships}
    assert spells["member/9004"][1:] == (
        *("person/990004", "commons", "Inkwell", "Pellingham East", "2005-05-05", "2010-04-12"),
    )
    assert spells["lord/909001"][1:] == ("person/990101", "lords", "Crossbench", None, "1957", "")
    names = {p.id: [n.name for n in p.names] for p in found.persons}
    assert names["person/990105"] == ["Baroness Quennell of Dunmarrow"]
    assert names["person/990104"] == ["Earl of Penmarrow"]
    assert names["person/990011"] == ["Constance Finch", "Constance Deverall-Finch", "Connie Deverall-Finch"]
    assert ("member/9016", "member/9036") in found.moved


def test_offices_are_read_with_their_departments_names_where_the_file_has_them(specimens: Path) -> None:
    found = parse(received("ministers.json", (specimens / "parldata/ministers.json").read_bytes()))
    offices = {o.id: (o.role, o.department) for o in found.offices}
    assert offices["moffice/9002"] == ("Parliamentary Secretary", "Department of Notice Boards")
    assert offices["moffice/9003"] == (None, "Public Pamphlets Committee")
    assert offices["moffice/9005"][1] == "hm-inkpot"
    assert offices["moffice/9006"] == ("Baroness in Waiting", None)  # a chamber is no department


def test_identifiers_may_be_numbers_and_unknown_keys_are_ignored() -> None:
    person = {
        "id": "uk.org.publicwhip/person/1",
        "born": [],
        "identifiers": [{"scheme": "datadotparl_id", "identifier": 7}],
    }
    found = parsed(persons=[person], memberships=[], posts=[], colours=[1])
    assert found.persons == (Person("person/1", (), (("datadotparl_id", "7"),)),)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "Expecting value"),
        (b"<html>", "Expecting value"),
        (b"[]", "not an object"),
        (b"{}", "posts is not a list"),
        (b"[" * 100_000, "recursion"),
    ],
)
def test_invalid_documents_are_refused_with_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse(received("people.json", body))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"posts": [], "persons": [1], "memberships": []}', r"persons\[0\] is not an object"),
        (b'{"posts": [], "persons": [{}], "memberships": []}', "id is missing"),
        (b'{"posts": [], "persons": [{"id": ["x"]}], "memberships": []}', "is no text"),
        (b'{"posts": [], "persons": [{"id": "\\ud800"}], "memberships": []}', "surrogates"),
        (
            b'{"posts": [], "persons": [{"id": "a"}, {"id": "a", "other_names": [{"name": "A"}]}], "memberships": []}',
            "the id a stands 2 times",
        ),
        (b'{"posts": [{"id": 1.5}], "persons": [], "memberships": []}', "id is 1.5, which is no text"),
        (
            b'{"posts": [], "persons": [], "memberships": [{"id": "m", "person_id": "p", "end_date": "2009-02-30"}]}',
            "end_date is '2009-02-30', which is no date",
        ),
        (b'{"posts": [], "persons": [], "memberships": [{"id": "m"}]}', "m: person_id is missing"),
        (
            b'{"posts": [], "persons": [], "memberships": [{"id": "m", "person_id": "p", "post_id": "x"}]}',
            "m: there is no post x",
        ),
        (
            b'{"posts": [], "persons": [], "memberships": [{"id": "m", "person_id": "p", "start_date": "May 2005"}]}',
            "m: start_date is 'May 2005', which is no date",
        ),
    ],
)
def test_an_entry_that_cannot_be_read_costs_that_entry(body: bytes, reason: str) -> None:
    file = json.loads(body)
    file["persons"] += [{"id": "uk.org.publicwhip/person/1"}]
    found = parse(received("people.json", json.dumps(file).encode()))
    [unit] = found.refused
    assert (unit.unit, bool(re.search(reason, unit.reason))) == ("person", True)
    assert unit.place in ("a", "m", "persons[0]", "posts[0]")
    assert ([each.id for each in found.persons], found.memberships) == (["person/1"], ())


def test_entries_that_are_equal_are_one_entry() -> None:
    person = {"id": "uk.org.publicwhip/person/1"}
    found = parsed(persons=[person, person], memberships=[], posts=[])
    assert (len(found.persons), found.refused) == (1, ())


def test_only_documents_of_the_register_are_read() -> None:
    assert [parse_document_name(n) for n in ("people.json", "members/ministers-2010.json")] == [
        "people.json",
        "ministers-2010.json",
    ]
    for name in ("scrapedxml/people.json", "members/constituencies.json", "people.xml", "other/people.json"):
        assert parse_document_name(name) is None
        with pytest.raises(ParseError, match="the name is not"):
            parse(received(name, b"{}"))


def test_a_crawl_requests_only_the_register() -> None:
    asked: list[str] = []
    file = FileEntry("people.json", 2, 1)
    location = Location(
        "file:///x",
        lambda patterns: asked.extend(patterns) or [file],
        lambda files: (received(each.name, b"{}") for each in files),
    )
    found = list(crawl(location, read_topics()["power-of-information"], CrawlHints()))
    assert (asked, [response.name for response in found]) == (list(PATTERNS), ["people.json"])


# --- looking up


def test_a_member_id_gives_person_party_seat_and_offices_of_the_day(peopled: sqlite3.Connection) -> None:
    query = (
        "SELECT person_id, membership_id, party, constituency, offices FROM speeches WHERE member_id = ? AND date = ?"
    )
    assert set(rows(peopled, query, "member/9002", "2008-06-22")) == {
        (
            *("person/990002", "member/9002", "Broadsheet", "Lower Fennimore"),
            "Minister for Public Pamphlets, Office of Public Pamphlets",
        )
    }
    assert set(rows(peopled, query, "lord/909005", "2008-06-29")) == {
        ("person/990105", "lord/909005", "Inkwell", None, None)
    }
    assert rows(peopled, query, "lord/909002", "2008-06-29")[0][4] == "Baroness in Waiting"


def test_offices_of_the_day_are_listed_once_the_oldest_first(peopled: sqlite3.Connection) -> None:
    query = "SELECT DISTINCT offices FROM speeches WHERE person_id = ? AND date = ?"
    assert rows(peopled, query, "person/990004", "2008-06-22") == [
        ("Public Pamphlets Committee; Chairman, Liaison Committee",)
    ]
    assert rows(peopled, query, "person/990003", "2018-03-11") == [("Public Pamphlets Committee",)]
    assert rows(peopled, query, "person/990012", "2018-03-11") == [("The Secretary of State for Public Pamphlets",)]


def test_an_office_may_belong_to_a_membership_or_to_a_replaced_person(peopled: sqlite3.Connection) -> None:
    held = dict(rows(peopled, "SELECT id, person_id FROM offices"))
    assert (held["moffice/9008"], held["moffice/9005"]) == ("person/990016", "person/990015")
    assert rows(peopled, "SELECT name FROM persons WHERE id = ?", held["moffice/9007"]) == [(None,)]
    assert rows(peopled, "PRAGMA foreign_key_check") == []


def test_redirects_of_memberships_and_of_persons_are_followed(peopled: sqlite3.Connection) -> None:
    query = "SELECT DISTINCT membership_id, person_id FROM speeches WHERE member_id = ?"
    assert rows(peopled, query, "member/9016") == [("member/9026", "person/990016")]
    assert rows(peopled, query, "member/9015") == [("member/9015", "person/990015")]
    assert reason(peopled, person_id="person/990115") == ("person/990015", "member/9015", None)
    assert reason(peopled, person_id="person/990301")[1:] == (None, "its redirect in people.json leads nowhere")


def test_a_person_id_gives_the_membership_of_that_house_on_that_day(peopled: sqlite3.Connection) -> None:
    assert reason(peopled, person_id="person/990003") == ("person/990003", "member/9003", None)
    assert reason(peopled, person_id="person/990003", date="2018-03-11") == ("person/990003", "member/9103", None)


@pytest.mark.parametrize("number", ["90002", "90003"])
def test_parliaments_number_gives_the_person_whether_text_or_number(peopled: sqlite3.Connection, number: str) -> None:
    person = f"person/9{number}"
    assert reason(peopled, member_id=f"mnis/{number}") == (person, f"member/{number[0]}{number[2:]}", None)


@pytest.mark.parametrize(
    ("ids", "person", "why"),
    [
        ({}, None, "the source gives no id"),
        ({"member_id": "member/1"}, None, "no such membership in people.json"),
        ({"member_id": "lord/909007"}, None, "no such membership in people.json"),
        ({"person_id": "person/1"}, "person/1", "no such person in people.json"),
        ({"person_id": "person/990999"}, "person/990999", "no such person in people.json"),
        ({"member_id": "mnis/1"}, None, "no person in people.json has that number"),
        ({"member_id": "mnis/90056"}, None, "several persons in people.json have that number"),
        ({"member_id": "member/9014", "date": "2009-02-01"}, "person/990014", "membership not dated to that day"),
        (
            {"person_id": "person/990009", "date": "2018-03-11"},
            "person/990009",
            "no membership of that house on that day",
        ),
        ({"person_id": "person/990009", "house": "lords"}, "person/990009", "no membership of that house on that day"),
        (
            {"person_id": "person/990004", "date": "2018-03-11"},
            "person/990004",
            "several memberships of that house on that day",
        ),
        (
            {"member_id": "member/9002", "person_id": "person/990003"},
            "person/990003",
            "its two ids are of two persons",
        ),
    ],
)
def test_unresolved_speakers_are_listed_with_the_reason(
    peopled: sqlite3.Connection, ids: dict[str, str], person: str | None, why: str
) -> None:
    assert reason(peopled, **ids) == (person, None, why)
    about = "SELECT reason FROM unresolved WHERE speech_id = 'd-2008-06-22c-101-5'"
    assert rows(peopled, about) == [(why,)]
    shown = "SELECT party, constituency FROM speeches WHERE id = 'd-2008-06-22c-101-5'"
    assert rows(peopled, shown) == [(None, None)]


def test_a_known_person_id_is_used_if_the_membership_is_unknown(peopled: sqlite3.Connection) -> None:
    assert reason(peopled, member_id="member/1", person_id="person/990003")[:2] == ("person/990003", "member/9003")


def test_speakers_are_never_matched_by_name(peopled: sqlite3.Connection) -> None:
    peopled.execute(
        "UPDATE speeches SET member_id = NULL, person_id = NULL, source_person_id = NULL, speaker = 'Ambrose Tolliver'"
    )
    people.resolve_all_speakers(peopled)
    assert rows(peopled, "SELECT count(person_id), count(party), count(offices) FROM speeches") == [(0, 0, 0)]


def test_procedure_and_divisions_have_no_speaker_and_are_not_listed(peopled: sqlite3.Connection) -> None:
    silent = rows(
        peopled, "SELECT count(*), count(unresolved), count(source_person_id) FROM speeches WHERE speaker IS NULL"
    )
    assert silent[0][0] > 0
    assert silent[0][1:] == (0, 0)


def test_the_printed_name_and_office_are_unchanged(peopled: sqlite3.Connection, statements: sqlite3.Connection) -> None:
    query = "SELECT id, speaker, office, member_id, text, words FROM speeches ORDER BY rowid"
    assert rows(peopled, query) == rows(statements, query)


def test_every_speaker_of_the_specimens_is_resolved_or_listed(peopled: sqlite3.Connection) -> None:
    query = "SELECT count(*) FROM speeches WHERE speaker IS NOT NULL AND (membership_id IS NULL) = (unresolved IS NULL)"
    assert rows(peopled, query) == [(0,)]
    found = Counter(row[0] for row in rows(peopled, "SELECT reason FROM unresolved"))
    assert found == {
        "the source gives no id": 2,
        "no such membership in people.json": 1,
        "membership not dated to that day": 1,
        "no membership of that house on that day": 1,
        "several memberships of that house on that day": 2,
    }


def test_votes_get_their_persons(peopled: sqlite3.Connection) -> None:
    query = "SELECT count(*), count(person_id) FROM votes WHERE member_id LIKE 'member/%'"
    total, known = rows(peopled, query)[0]
    assert total == known > 0
    assert rows(peopled, "SELECT DISTINCT person_id FROM votes WHERE name LIKE 'Dunnock%' OR name LIKE '%Dunnock'") == [
        ("person/990020",)
    ]
    assert rows(peopled, "SELECT person_id FROM votes WHERE member_id = 'lord/909007'") == [(None,)]


# --- again


def test_resolving_twice_writes_nothing(peopled: sqlite3.Connection, archived: sqlite3.Connection) -> None:
    before = everything(peopled)
    for table in ("speeches", "votes"):
        peopled.execute(
            f"CREATE TEMP TRIGGER no_{table} BEFORE UPDATE ON main.{table}"
            f" BEGIN SELECT raise(ABORT, '{table} written'); END"
        )
    assert not register.load_people(archived, peopled)
    people.resolve_all_speakers(peopled)
    assert everything(peopled) == before


def test_loading_at_once_and_day_by_day_give_the_same(
    peopled: sqlite3.Connection, archived: sqlite3.Connection, assembled: dict, tmp_path: Path
) -> None:
    other = open_new_store(tmp_path / "other.db")
    assert register.load_people(archived, other)
    for each, _ in reversed(list(assembled.values())):
        save(other, each)
    assert everything(other) == everything(peopled)


def test_the_register_counts_as_changed_until_all_speakers_are_resolved(
    archived: sqlite3.Connection, empty: sqlite3.Connection
) -> None:
    assert register.load_people(archived, empty)
    assert register.load_people(archived, empty)
    people.resolve_all_speakers(empty)
    assert not register.load_people(archived, empty)


def test_a_changed_register_updates_every_speech(
    peopled: sqlite3.Connection, archived: sqlite3.Connection, specimens: Path
) -> None:
    changed = json.loads((specimens / "parldata/people.json").read_bytes())
    changed["organizations"] = [{**each, "name": each["name"].upper()} for each in changed["organizations"]]
    changed["memberships"] = [m for m in changed["memberships"] if not m["id"].endswith("member/9002")]
    archive.store_response(archived, received("people.json", json.dumps(changed).encode(), "2026-11-23T06:00:00Z"))
    assert register.load_people(archived, peopled)
    people.resolve_all_speakers(peopled)
    parties = {row[0] for row in rows(peopled, "SELECT party FROM speeches WHERE party IS NOT NULL")}
    assert parties
    assert parties == {party.upper() for party in parties}
    gone = "SELECT DISTINCT person_id, party, offices, unresolved FROM speeches WHERE member_id = 'member/9002'"
    assert rows(peopled, gone) == [(None, None, None, "no such membership in people.json")]


def test_the_source_s_person_id_stays_known_after_a_redirect(peopled: sqlite3.Connection) -> None:
    assert reason(peopled, person_id="person/990115")[0] == "person/990015"
    peopled.execute("DELETE FROM people_redirects")
    people.resolve_all_speakers(peopled)
    query = "SELECT person_id, source_person_id, unresolved FROM speeches WHERE id = 'd-2008-06-22c-101-5'"
    assert rows(peopled, query) == [("person/990115", "person/990115", "no such person in people.json")]


def test_without_a_register_every_speaker_is_listed_with_that_reason(
    empty: sqlite3.Connection, assembled: dict
) -> None:
    save(empty, *(each for each, _ in assembled.values()))
    people.resolve_all_speakers(empty)
    assert {row[0] for row in rows(empty, "SELECT reason FROM unresolved")} == {
        "people.json has not been loaded",
        "the source gives no id",
    }


def test_an_unreadable_document_is_quarantined_and_its_previous_version_used(
    peopled: sqlite3.Connection, archived: sqlite3.Connection
) -> None:
    before = rows(peopled, "SELECT * FROM memberships ORDER BY id")
    archive.store_response(archived, received("people.json", b"<html>", "2026-11-23T06:00:00Z"))
    bad: list = []
    assert register.load_people(archived, peopled, bad.append)
    assert [(each.name, each.reason[:15]) for each in bad] == [("people.json", "Expecting value")]
    assert rows(peopled, "SELECT name, source FROM quarantine") == [("people.json", "people")]
    assert rows(peopled, "SELECT * FROM memberships ORDER BY id") == before
    people.resolve_all_speakers(peopled)
    assert not register.load_people(archived, peopled)  # and it stays listed
    assert rows(peopled, "SELECT count(*) FROM quarantine") == [(1,)]


def test_the_last_received_copy_of_a_document_counts(peopled: sqlite3.Connection, archived: sqlite3.Connection) -> None:
    empty = b'{"persons": [], "memberships": [], "posts": []}'
    archive.store_response(archived, received("members/people.json", empty, "2026-11-23T06:00:00Z"))
    assert register.load_people(archived, peopled)
    assert rows(peopled, "SELECT count(*) FROM memberships") == [(0,)]
    names = [row[0] for row in rows(peopled, "SELECT name FROM people_documents")]
    assert names == ["members/people.json", "ministers-2010.json", "ministers.json"]


def test_a_failure_in_the_middle_changes_nothing(peopled: sqlite3.Connection) -> None:
    before = everything(peopled)
    twins = Register("people.json", memberships=(Membership("member/1", "person/1", "commons", None, None, "", ""),))
    with pytest.raises(sqlite3.IntegrityError):
        people.save_register(peopled, [twins], [("people.json", "0", 1), ("people.json", "0", 1)], [])
    assert everything(peopled) == before
    assert not peopled.in_transaction


def test_resolving_works_within_the_transaction_that_saves(
    archived: sqlite3.Connection, assembled: dict, empty: sqlite3.Connection
) -> None:
    save(empty, *(each for each, _ in assembled.values()))
    register.load_people(archived, empty)
    empty.execute("BEGIN IMMEDIATE")
    people.resolve_all_speakers(empty)
    assert empty.in_transaction
    empty.execute("ROLLBACK")
    assert rows(empty, "SELECT count(membership_id) FROM speeches") == [(0,)]


# --- dates and redirects


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefgh")), st.sets(st.sampled_from("abcdefgh")))
def test_redirects_end_at_a_known_id_or_none(moved: dict[str, str], known: set[str]) -> None:
    ends = people._follow_redirects(moved, known)
    assert ends.keys() == moved.keys()
    for old, end in ends.items():
        assert end is None or end in known
        if old not in moved.values() and moved[old] in known - moved.keys():
            assert end == moved[old]


@given(st.dates())
def test_a_partial_date_gets_its_widest_reading(day) -> None:
    text = day.isoformat()
    for length in (0, 4, 7, 10):
        first, last = people._widen_dates(text[:length], text[:length])
        assert first <= text <= last


def test_the_command_prints_counts_and_reasons(peopled: sqlite3.Connection) -> None:
    first, second, *others = describe_register(peopled)
    assert first == "persons 29, memberships 37, offices 12"
    assert second.startswith("speeches with a speaker ")
    assert "unresolved 2 (speakers 2): the source gives no id" in others
    listed = list_unresolved(peopled)
    assert len(listed) == sum(int(line.split()[1]) for line in others)
    assert {row["speaker"] for row in listed} >= {"Hon. Members", "Osric Bellwether", "Viscount Orrin"}


# --- the real register


def test_every_speaker_of_the_corpus_is_resolved_or_listed_with_a_reason(
    corpus: Path, corpus_units: dict, tmp_path: Path
) -> None:
    conn = open_new_store(tmp_path / "statements.db")
    save(conn, *(assemble_day(*unit, files)[0] for unit, files in corpus_units.items()))
    store = archive.open_archive(tmp_path / "archive.db")
    for name, file in (("people.json", "people_2009-02-23.derived.json"), ("ministers.json", "ministers.json")):
        archive.store_response(store, received(name, (corpus / "people" / file).read_bytes()))
    bad: list = []
    assert register.load_people(store, conn, bad.append)
    assert bad == []
    people.resolve_all_speakers(conn)
    query = "SELECT count(*), count(membership_id), count(unresolved) FROM speeches WHERE speaker IS NOT NULL"
    assert rows(conn, query) == [(4835, 4398, 437)]
    assert dict(rows(conn, "SELECT reason, count(*) FROM unresolved GROUP BY 1")) == {
        "no such person in people.json": 326,  # elected since 2009
        "no such membership in people.json": 72,  # of the year after the register's last day
        "the source gives no id": 38,
        "no membership of that house on that day": 1,
    }
    seats = rows(
        conn, "SELECT DISTINCT party, constituency FROM speeches WHERE speaker = 'Tom Watson' AND date < '2009'"
    )
    assert seats == [("Lab", "West Bromwich East")]


# --- on the pages


def header(page: BeautifulSoup, id: str) -> list[str]:
    return [part.get_text(" ", strip=True) for part in page.find(id=id).select(".speaker-facts, .held p")]


async def read(site: Datasette, path: str) -> BeautifulSoup:
    response = await site.client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


async def test_a_page_shows_seat_and_party_at_a_members_first_turn(site: Datasette) -> None:
    page = await read(site, "/debate/d-2008-06-22c-101-3")
    assert header(page, "d-2008-06-22c-101-4") == ["Broadsheet, Cwm Ffrydwen · Question\u00a0990101"]
    assert header(page, "d-2008-06-22c-101-6") == ["Broadsheet"]


async def test_offices_of_the_register_follow_the_printed_one_if_they_add_something(site: Datasette) -> None:
    page = await read(site, "/debate/d-2008-06-22c-101-3")
    assert header(page, "d-2008-06-22c-101-5") == [
        "Broadsheet, Lower Fennimore · Minister for Public Pamphlets",
        "Minister for Public Pamphlets, Office of Public Pamphlets, by the register of people",
    ]
    assert people.list_unprinted_offices("Minister, Office", "The Minister, Office") == []
    assert people.list_unprinted_offices("Minister, Office; Committee", "THE MINISTER, OFFICE") == ["Committee"]
    assert people.list_unprinted_offices(None, None) == []


async def test_a_speech_page_shows_the_speaker_and_no_seat_for_a_peer(site: Datasette, site_db: Path) -> None:
    query = "SELECT id FROM speeches WHERE member_id = 'lord/909005' AND kind = 'question'"
    (id,) = rows(sqlite3.connect(site_db), query)[0]
    assert header(await read(site, f"/speech/{id}"), id)[0].startswith("Inkwell · Question")


async def test_unresolved_speakers_show_no_party_or_seat(site: Datasette, site_db: Path) -> None:
    for (id,) in rows(sqlite3.connect(site_db), "SELECT id FROM speeches WHERE unresolved <> ''"):
        shown = header(await read(site, f"/speech/{id}"), id)
        assert {"Broadsheet", "Inkwell"} & set(" ".join(shown).replace(",", "").split()) == set(), id


def test_a_register_that_lost_people_is_a_fall_and_one_that_joined_them_is_not(
    archived: sqlite3.Connection, peopled: sqlite3.Connection
) -> None:
    assert record_counts(archived, peopled, (), False) == 0
    whole = json.loads((SPECIMENS / "parldata" / "people.json").read_bytes())
    joined, cut = copy.deepcopy(whole), {**whole, "persons": [], "memberships": []}
    gone = joined["persons"].pop()
    joined["persons"].append({"id": gone["id"], "redirect": whole["persons"][0]["id"]})
    for hour, (lists, reason) in enumerate(((joined, None), (cut, "now 0"), (whole, None)), 7):
        at = f"2026-11-22T{hour:02}:00:00Z"
        archive.store_response(archived, received("people.json", json.dumps(lists).encode(), at))
        register.load_people(archived, peopled)
        assert record_counts(archived, peopled, (), False) == bool(reason)
        told = rows(archived, "SELECT what, reason FROM gaps WHERE closed IS NULL")
        assert [what for what, _ in told] == (["the register of people"] if reason else [])
        assert all(f"persons, {reason}" in why and f"memberships, {reason}" in why for _, why in told)
