"""The real day of the origin post, told by TheyWorkForYou's XML and by Parliament's page as first published."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.archive import responses as archive
from db.records.source import Response
from scrapers.fetch.progress import Progress
from scrapers.run import DatabaseFolder, RunRequest, update_statements
from scrapers.scope.topics import read_topics

PAGE = "debates/2008-06-18/cm200708/cmhansrd/cm080618/debtext/80618-0001.htm"
XML = "scrapedxml/debates/debates2008-06-18d.xml"
OF_XML = {"edition": "d", "source": "theyworkforyou"}


@pytest.fixture(scope="module")
def told(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Both documents, through the archive and the loader, every debate kept."""
    folder, [page] = (
        DatabaseFolder(tmp_path_factory.mktemp("told")),
        (corpus / "publications").glob("debates2008-06-18a*"),
    )
    with closing(archive.open_archive(folder.archive)) as received:
        for source, name, path in (
            ("publications", PAGE, page),
            ("theyworkforyou", XML, corpus / "parldata" / XML),
        ):
            body = path.read_bytes()
            archive.store_response(received, Response(source, name, name, "2026-11-22T06:00:00Z", 200, {}, body))
    topics = list(read_topics().values())
    update_statements(folder, RunRequest(topics, topics, True), Progress(None), lambda bad: pytest.fail(str(bad)))
    with closing(sqlite3.connect(folder.statements)) as conn:
        yield conn


def test_every_turn_of_the_page_is_an_edition_of_the_speech_with_its_number(told: sqlite3.Connection) -> None:
    pairs = told.execute(
        "SELECT s.hansard_url, s.turn_id, w.score, w.evidence FROM wordings w JOIN speeches s ON s.id = w.speech_id"
        " WHERE w.source = 'publications'"
    ).fetchall()
    by_number = [(url, turn) for url, turn, _, evidence in pairs if evidence == f"the same number of the turn {turn}"]
    assert (len(pairs), len(by_number)) == (14, 13)  # a line of procedure has no number, and is known by its words
    assert {score for _, _, score, _ in pairs} == {1.0}
    assert all(url.endswith(f"#{turn}") for url, turn in by_number)
    assert told.execute("SELECT count(*) FROM doubts").fetchone() == (0,)


def test_no_turn_of_the_page_is_a_second_speech(told: sqlite3.Connection) -> None:
    assert told.execute("SELECT DISTINCT edition, source FROM speeches").fetchall() == [tuple(OF_XML.values())]
    assert told.execute("SELECT DISTINCT source FROM debates").fetchall() == [("theyworkforyou",)]


def test_both_numbers_and_parliament_s_address_of_the_minister_s_answer_are_known(told: sqlite3.Connection) -> None:
    [row] = told.execute(
        "SELECT d.section_id, s.paragraph_id, s.turn_id, s.hansard_address FROM speeches s"
        " JOIN debates d ON d.id = s.debate_id WHERE s.id = 'd-2008-06-18d-929-6'"
    )
    page = "https://hansard.parliament.uk/Commons/2008-06-18/debates/08061894000016/CivilServantsSocialNetworks"
    numbers = ("08061894000016", "08061894000041", "08061894000843")
    assert row == (*numbers, f"{page}#contribution-08061894000041")


def test_the_page_and_the_xml_differ_only_as_editions_do(told: sqlite3.Connection) -> None:
    whole = "SELECT s.text, w.text FROM wordings w JOIN speeches s ON s.id = w.speech_id WHERE s.id <> ?"
    for best, page in told.execute(whole, ("d-2008-06-18d-928-3",)):  # that one is cut in the copy of the page
        assert re.findall(r"\w+", page.lower()) == re.findall(r"\w+", best.lower())
