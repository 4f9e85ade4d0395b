"""Faults in what is loaded: each costs its turn, its debate or its document, and nothing beside it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from db.archive import responses as archive
from db.exit_codes import EXIT_FAILED, EXIT_PROGRAM_FAULT
from db.records.source import Response
from db.statements import people
from scrapers.fetch.progress import Progress
from scrapers.load import incremental, isolation
from scrapers.load.parsed_versions import SOURCES
from scrapers.run import DatabaseFolder, RunOutcome, RunRequest, report_falls, update_statements
from scrapers.scope.topics import read_topics
from scrapers.sources.theyworkforyou import parse

PREFIX = "uk.org.publicwhip/debate/"
GOOD, BAD = "2009-03-16", "2009-03-15"


class Folder:
    """A folder of databases, into which documents are put and loaded."""

    def __init__(self, path: Path) -> None:
        self.folder = DatabaseFolder(path)
        self.exit_code = -1
        self.days = -1

    def put(self, date: str, *items: str, root: str = 'latest="yes"', name: str = "", minute: int = 0) -> None:
        name = name or f"scrapedxml/debates/debates{date}a.xml"
        body = f"<publicwhip {root}>{''.join(items)}</publicwhip>".encode()
        received = f"2026-11-22T06:{minute:02}:00Z"
        with closing(archive.open_archive(self.folder.archive)) as conn:
            archive.store_response(conn, Response("theyworkforyou", name, name, received, 200, {}, body))

    def put_register(self, name: str, body: object) -> None:
        with closing(archive.open_archive(self.folder.archive)) as conn:
            response = Response("people", name, name, "2026-11-22T06:00:00Z", 200, {}, json.dumps(body).encode())
            archive.store_response(conn, response)

    def load(self) -> list[tuple[str, str, str]]:
        """Bring statements.db up to date; return unit, place and reason of what was refused."""
        topics, bad = list(read_topics().values()), list[tuple[str, str, str]]()
        request = RunRequest(topics, topics, everything=True)
        counts = update_statements(
            self.folder, request, Progress(None), lambda each: bad.append((each.unit, each.place, each.reason))
        )
        outcome = report_falls(self.folder, request, RunOutcome(counts=counts, problems=[], notices=[]))
        self.exit_code, self.days = outcome.exit_code, counts["days"]
        return bad

    def read(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder.statements)) as conn:
            return conn.execute(query).fetchall()

    def list_texts(self) -> list[object]:
        return [text for (text,) in self.read("SELECT text FROM speeches WHERE text <> '' ORDER BY rowid")]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    found = Folder(tmp_path)
    found.put(GOOD, heading(GOOD, 1), speech(GOOD, "1.1", "The good day."))
    return found


def heading(date: str, number: int, attributes: str = "") -> str:
    return f'<major-heading id="{PREFIX}{date}a.{number}.0" {attributes}>HEDGES {number}</major-heading>'


def speech(date: str, number: str, words: str, attributes: str = "") -> str:
    return f'<speech id="{PREFIX}{date}a.{number}" speakername="A" {attributes}><p>{words}</p></speech>'


FERRY = speech(BAD, "1.1", "The ferry.")
HUGE = (
    f'<division id="{PREFIX}{BAD}a.1.2" divnumber="1"><divisioncount ayes="99999999999999999999" noes="1"/></division>'
)


ODD_ITEMS = [  # the item, what is refused, the reason, and the words that are lost; each is tried on a day of its own
    (HUGE, "item", "the field ayes is 99999999999999999999", set()),
    (speech(BAD, "1.2", "The swan.", 'mood="gay"'), "item", "mood", {"The swan."}),
    (speech(BAD, "1.2", "The swan.", f'time="{"9" * 20}"'), "item", "unknown time", {"The swan."}),
    (speech(BAD, "1.2", "The swan.", f'speakeroffice="{"x" * 20_000}"'), "item", "20,000", {"The swan."}),
    (speech(BAD, "1.1", "The swan."), "item", "occurs twice", {"The ferry.", "The swan."}),
    (speech(BAD, "1-1", "The swan."), "item", "occurs twice", {"The ferry.", "The swan."}),
    (speech(GOOD, "1.1", "The swan."), "item", "is of another day", {"The swan."}),
    (speech("2009-03-31", "1.1", "The swan."), "item", "is of another day", {"The swan."}),  # a day that is not held
    (heading(BAD, 2, 'mood="gay"') + speech(BAD, "2.1", "The swan."), "debate", "mood", {"The swan."}),
    ("<aside>The swan.</aside>", "item", "unknown element <aside>", {"The swan."}),
]


def test_an_odd_item_costs_that_item_or_its_debate(folder: Folder) -> None:
    dates = [f"2009-02-{n:02}" for n in range(1, len(ODD_ITEMS) + 1)]
    for date, (odd, *_) in zip(dates, ODD_ITEMS, strict=True):
        items = heading(BAD, 1), FERRY, odd, heading(BAD, 3), speech(BAD, "3.1", "The bridge.")
        folder.put(date, *(item.replace(BAD, date) for item in items))
    refused = folder.load()
    for date, (_, unit, reason, lost) in zip(dates, ODD_ITEMS, strict=True):
        rows = folder.read(f"SELECT unit, reason FROM quarantine WHERE name LIKE '%{date}%'")
        assert {row[0] for row in rows} == {unit}, reason
        assert any(reason in str(row[1]) for row in rows), rows
        said = folder.read(f"SELECT text FROM speeches WHERE date = '{date}' AND text <> '' ORDER BY rowid")
        assert [text for (text,) in said] == [text for text in ("The ferry.", "The bridge.") if text not in lost]
    assert folder.list_texts()[-1] == "The good day."
    assert folder.read("SELECT count(*) FROM quarantine") == [(len(refused),)]
    assert folder.exit_code == EXIT_FAILED


def test_a_day_with_refused_items_alone_is_not_loaded_again(folder: Folder) -> None:
    folder.put(BAD, heading(BAD, 1), FERRY, HUGE)
    folder.load()
    assert folder.days == 2
    assert folder.load() == []
    assert (folder.days, folder.exit_code) == (0, EXIT_FAILED)  # it stays listed


def test_a_refused_item_tells_its_debate_and_its_address(folder: Folder) -> None:
    folder.put(BAD, heading(BAD, 1), FERRY, speech(BAD, "1.2", "The swan.", 'mood="gay"'))
    folder.load()
    [row] = folder.read("SELECT unit, place, speech_ids, debate_id FROM quarantine")
    assert row == ("item", "line 1", f"d-{BAD}a-1-2", f"d-{BAD}a-1-0")


def test_a_debate_of_which_all_turns_were_refused_is_a_debate_still(folder: Folder) -> None:
    section = heading(BAD, 1) + speech(BAD, "1.1", "The swan.", 'mood="gay"')
    minor = f'<minor-heading id="{PREFIX}{BAD}a.2.0">Ferries</minor-heading>' + speech(BAD, "2.1", "The ferry.")
    folder.put(BAD, section, minor)
    folder.load()
    assert folder.read(f"SELECT id, speeches FROM debates WHERE date = '{BAD}'") == [
        (f"d-{BAD}a-1-0", 0),
        (f"d-{BAD}a-2-0", 1),
    ]
    assert folder.read("SELECT * FROM redirects") == []


def test_a_file_of_which_everything_is_refused_leaves_its_place_to_the_version_before(folder: Folder) -> None:
    folder.put(BAD, heading(BAD, 1), FERRY)
    folder.put(BAD, heading(BAD, 1, 'mood="gay"'), FERRY, minute=1)
    [(unit, _, reason)] = folder.load()
    assert (unit, "nothing else in it could be read" in reason) == ("document", True)
    assert folder.list_texts() == ["The ferry.", "The good day."]


def test_a_file_with_a_date_that_there_is_not_is_quarantined(folder: Folder) -> None:
    folder.put("2009-13-45", heading("2009-13-45", 1), name="scrapedxml/debates/debates2009-13-45a.xml")
    assert folder.load() == [("document", "", "its name has a date that there is not")]
    assert folder.list_texts() == ["The good day."]


def test_two_debates_of_one_address_cost_those_two(folder: Folder) -> None:
    name = f"scrapedxml/standing/standing2008-09_%s_01-0_{BAD}a.xml"
    gid = f"uk.org.publicwhip/standing/standing2008-09_A_01-0_{BAD}a"
    for bill, numbers in (("A", (1, 2)), ("B", (2, 3))):
        items = [
            f'<major-heading id="{gid}.{n}.0">H</major-heading><speech id="{gid}.{n}.1"><p>{bill}{n}.</p></speech>'
            for n in numbers
        ]
        folder.put(BAD, *items, name=name % bill)
    one, other = folder.load()
    assert one[:2] == other[:2] == ("debate", f"{gid}.2.0")
    assert one[2].startswith("another debate has its address")
    assert folder.list_texts() == ["A1.", "B3.", "The good day."]
    assert folder.read("SELECT name FROM quarantine ORDER BY 1") == [(name % "A",), (name % "B",)]


def test_of_two_letters_without_redirects_none_is_dropped_silently(folder: Folder) -> None:
    folder.put(BAD, heading(BAD, 1), FERRY)
    folder.put(BAD, heading(BAD, 1), speech(BAD, "1.1", "The swan."), name=f"scrapedxml/debates/debates{BAD}b.xml")
    assert [reason for _, _, reason in folder.load() if "superseded" in reason] != []


def test_any_exception_of_a_parser_costs_its_document(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    faults = dict(enumerate((RuntimeError, TypeError, RecursionError, OverflowError, MemoryError), 1))
    names = {f"scrapedxml/debates/debates2009-02-0{n}a.xml": fault for n, fault in faults.items()}

    def parse_oddly(response: Response):
        if response.name in names:
            raise names[response.name]("no such hedge")
        return parse(response)

    source = SOURCES["theyworkforyou"]
    monkeypatch.setitem(SOURCES, source.id, replace(source, parse=parse_oddly))
    for name in names:
        folder.put(BAD, FERRY, name=name)
    refused = folder.load()
    assert [unit for unit, *_ in refused] == ["document"] * len(names)
    assert all(fault.__name__ in row[2] for row, fault in zip(refused, names.values(), strict=True))
    assert (folder.list_texts(), folder.exit_code) == (["The good day."], EXIT_PROGRAM_FAULT)
    assert capsys.readouterr().err.count("Traceback") == len(set(faults.values()) - set(isolation.FORESEEN)) == 2


def test_a_document_with_which_the_day_cannot_be_built_costs_itself(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    find = incremental.find_mentions

    def find_oddly(topics, day):
        if any("swan" in item.text for debate in day.debates for _, item in debate.speeches):
            raise ValueError("no such swan")
        return find(topics, day)

    monkeypatch.setattr(incremental, "find_mentions", find_oddly)
    names = [f"scrapedxml/standing/standing2008-09_{n}_01-0_{BAD}a.xml" for n in ("A", "B", "C")]
    for name, words in zip(names, ("The ferry.", "The swan.", "The bridge."), strict=True):
        gid = f"uk.org.publicwhip/standing/{Path(name).stem}.1.0"
        folder.put(BAD, f'<speech id="{gid}"><p>{words}</p></speech>', name=name)
    [(unit, _, reason)] = folder.load()
    assert (unit, "no such swan" in reason) == ("document", True)
    assert folder.list_texts() == ["The ferry.", "The bridge.", "The good day."]
    assert folder.exit_code == EXIT_PROGRAM_FAULT
    assert "Traceback" in capsys.readouterr().err


def test_a_document_whose_bytes_are_damaged_costs_itself(folder: Folder) -> None:
    folder.put(BAD, heading(BAD, 1), FERRY)
    with closing(sqlite3.connect(folder.folder.archive)) as conn, conn:
        conn.execute(
            "UPDATE bodies SET body = x'00ff' WHERE sha256 IN (SELECT sha256 FROM responses WHERE name LIKE ?)",
            (f"%{BAD}%",),
        )
    [(unit, _, reason)] = folder.load()
    assert (unit, reason[:36]) == ("document", "its bytes in archive.db are damaged ")
    assert (folder.list_texts(), folder.exit_code) == (["The good day."], EXIT_FAILED)


def test_a_register_that_cannot_be_saved_costs_itself(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    find = people._find_newest_name

    def find_oddly(names):
        if any(each.name == "Odd Name" for each in names):
            raise RuntimeError("no such name")
        return find(names)

    monkeypatch.setattr(people, "_find_newest_name", find_oddly)
    for name, person, known_as in (("people.json", 1, "Odd Name"), ("people-2.json", 2, "A Name")):
        names = [{"note": "Main", "name": known_as}]
        body = {"persons": [{"id": f"uk.org.publicwhip/person/{person}", "other_names": names}], "memberships": []}
        folder.put_register(name, body | {"posts": []})
    [(unit, _, reason)] = folder.load()
    assert (unit, "no such name" in reason) == ("document", True)
    assert folder.read("SELECT id FROM persons") == [("person/2",)]
    assert folder.exit_code == EXIT_PROGRAM_FAULT


def test_a_full_disk_is_no_fault_of_a_document(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(incremental, "find_mentions", fail)
    with pytest.raises(sqlite3.OperationalError):
        folder.load()
    assert not folder.folder.statements.exists()


@pytest.mark.parametrize(
    ("bad", "sound"), [("", "abcdef"), ("c", "abdef"), ("af", "bcde"), ("abcdef", ""), ("bcd", "aef")]
)
def test_faults_are_isolated_and_the_rest_is_attempted_together(bad: str, sound: str) -> None:
    def attempt(parts):
        if set(parts) & set(bad):
            raise ValueError("bad")

    kept, failed = isolation.isolate_faults("abcdef", attempt)
    assert ("".join(kept), "".join(part for part, _ in failed)) == (sound, bad)
