"""What could not be read is named wherever its absence would say something false: page, note, address and verdict."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from annotations.projection.capture import UNREAD, find_speech_id
from annotations.verification.verify import verify_quotation
from db.statements.store import compute_first_rowid
from tests.support.sites import open_site

DEBATE, GONE = "d-2008-06-22c-101-3", "d-2008-06-22c-101-99"
GID = "uk.org.publicwhip/debate/2008-06-22c.101.99"
ROW = ("theyworkforyou", "debates2008-06-22c.xml", "0" * 64, "2026-11-22T06:00:00Z", "unknown element <aside>", "item")


@pytest.fixture(scope="module")
def unread_db(site_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's database, with one speech of a debate in quarantine."""
    path = tmp_path_factory.mktemp("unread") / "statements.db"
    shutil.copy(site_db, path)
    with closing(sqlite3.connect(path)) as conn, conn:
        first = compute_first_rowid("debates", "2008-06-22")
        row = (first, *ROW, "line 99", f"d-2008-06-22c-101-98 {GONE}", DEBATE)
        conn.execute(f"INSERT INTO quarantine VALUES ({', '.join('?' * len(row))})", row)
    return path


async def read_page(path: Path, address: str) -> tuple[int, str]:
    response = await open_site(path).client.get(address)
    return response.status_code, " ".join(BeautifulSoup(response.text, "html.parser").text.split())


async def test_a_debate_says_that_a_part_of_it_could_not_be_read(unread_db: Path, site_db: Path) -> None:
    line = "1 part of this debate could not be read"
    assert line in (await read_page(unread_db, f"/debate/{DEBATE}"))[1]
    assert line not in (await read_page(site_db, f"/debate/{DEBATE}"))[1]


async def test_the_address_of_an_unread_speech_says_why_it_is_not_here(unread_db: Path, site_db: Path) -> None:
    status, text = await read_page(unread_db, f"/speech/{GONE}")
    assert (status, "could not be read" in text, "mention a topic" in text) == (404, True, False)
    assert "mention a topic" in (await read_page(site_db, f"/speech/{GONE}"))[1]


@pytest.mark.parametrize("target", [GID, GONE, "https://www.theyworkforyou.com/debates/?id=2008-06-22c.101.3#g101.99"])
def test_a_note_on_an_unread_speech_is_lost_for_that_reason(unread_db: Path, target: str) -> None:
    with closing(sqlite3.connect(unread_db)) as conn:
        assert find_speech_id(conn, target) == (None, UNREAD)
        assert find_speech_id(conn, GID.replace("99", "97"))[1] == "the archive has no such speech"
        assert find_speech_id(conn, GID.replace("101.99", "101.5"))[1] == ""


def test_a_verdict_says_that_a_part_of_the_day_could_not_be_read(unread_db: Path, site_db: Path) -> None:
    quotation = "the zebras of the village were counted in the pond at night"
    for path, date, named in (
        (unread_db, "2008-06-22", True),
        (unread_db, "2008-06-23", False),
        (site_db, "2008-06-22", False),
    ):
        with closing(sqlite3.connect(path)) as conn:
            sentence = verify_quotation(conn, quotation, date=date).sentence
        assert ("1 part of the record of 22 June 2008 could not be read" in sentence) == named
