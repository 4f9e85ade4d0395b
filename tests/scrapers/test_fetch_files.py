"""Fetching: what is asked for, what is read again, and what a user is told when it cannot be fetched."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.records.source import Unavailable
from scrapers.fetch.locations import compile_patterns, open_location
from scrapers.scope import kinds
from scrapers.scope.kinds import list_path_patterns
from scrapers.scope.topics import read_topics
from scrapers.sources.people import PATTERNS
from tests.support.cli import FILES, XML, call, call_process, free_port, rsync_daemon

pytestmark = pytest.mark.slow

PARLDATA = "scrapedxml/debates/debates2008-06-22c.xml"


@pytest.fixture
def parldata(specimens: Path, tmp_path: Path) -> Path:
    """A copy of the specimens that a test may change."""
    return shutil.copytree(specimens / "parldata", tmp_path / "parldata")


@pytest.fixture
def daemon(parldata: Path, tmp_path: Path) -> Iterator[str]:
    work = tmp_path / "daemon"
    work.mkdir()
    with rsync_daemon(parldata, work) as address:
        yield address


def fetched(folder: Path, location: str, *arguments: str) -> str:
    done = call("scrapers", "fetch", *XML, "--db-dir", folder, "--parldata", location, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def stored(folder: Path) -> dict[str, str]:
    if not (folder / "archive.db").exists():
        return {}
    return dict(sqlite3.connect(folder / "archive.db").execute("SELECT name, sha256 FROM responses"))


def test_days_are_listed_in_the_fewest_patterns() -> None:
    assert kinds.list_date_globs("2007-12-31", "2009-02-02") == [
        "2007-12-31*",
        "2008-*",
        "2009-01-*",
        "2009-02-01*",
        "2009-02-02*",
    ]
    assert kinds.list_date_globs("2008-02-29", "2008-02-29") == ["2008-02-29*"]
    assert kinds.list_date_globs("2008-02-29", "2008-02-28") == []


def test_only_wanted_days_and_kinds_are_requested(parldata: Path, tmp_path: Path) -> None:
    location = open_location("theyworkforyou", parldata.as_uri(), tmp_path / "incoming")
    topic = read_topics()["power-of-information"]._replace(kinds=("wrans",), start="2008-06-22", end="2008-06-22")
    assert sorted(file.name for file in location.list(list_path_patterns(topic))) == [
        "scrapedxml/wrans/answers2008-06-22a.xml",
        "scrapedxml/wrans/answers2008-06-22b.xml",
    ]


def test_kinds_may_be_given_as_options_or_arguments(parldata: Path, tmp_path: Path) -> None:
    assert fetched(tmp_path / "a", parldata.as_uri(), "--kind", "wms", "--kind", "wrans").startswith("asked 3,")
    assert fetched(tmp_path / "b", parldata.as_uri(), "--kind", "wms", "wrans").startswith("asked 3,")


def test_a_file_of_another_kind_in_a_folder_is_not_requested() -> None:
    wanted = compile_patterns(["scrapedxml/debates/debates2008-*.xml"])["scrapedxml/debates"]
    assert wanted.match("debates2008-06-22c.xml")
    assert not wanted.match("changedates.txt")
    assert not wanted.match("debates2008-06-22c.xml.tmp")


def test_rsync_and_a_folder_give_the_same_files(parldata: Path, daemon: str, tmp_path: Path) -> None:
    assert fetched(tmp_path / "a", parldata.as_uri()) == fetched(tmp_path / "b", f"{daemon}/parldata")
    assert stored(tmp_path / "a") == stored(tmp_path / "b")
    assert len(stored(tmp_path / "a")) == FILES
    assert not (tmp_path / "b" / "incoming").exists()


@pytest.mark.parametrize("place", ["folder", "daemon"])
def test_a_document_outside_any_folder_is_fetched_both_ways(
    place: str, parldata: Path, daemon: str, tmp_path: Path
) -> None:
    (parldata / "members").mkdir()
    (parldata / "members" / "people.json").write_text("{}")
    (parldata / "members" / "constituencies.json").write_text("{}")
    url = parldata.as_uri() if place == "folder" else f"{daemon}/parldata"
    location = open_location("people", url, tmp_path / "incoming")
    listed = list(location.list(PATTERNS))
    assert sorted(file.name for file in listed) == [
        "members/people.json",
        "ministers-2010.json",
        "ministers.json",
        "people.json",
    ]
    bodies = {response.name: response.body for response in location.read(listed)}
    assert bodies == {file.name: (parldata / file.name).read_bytes() for file in listed}


@pytest.mark.parametrize("place", ["folder", "daemon"])
def test_the_register_may_be_in_a_location_without_debates(
    place: str, parldata: Path, daemon: str, tmp_path: Path
) -> None:
    shutil.rmtree(parldata / "scrapedxml")
    url = parldata.as_uri() if place == "folder" else f"{daemon}/parldata"
    location = open_location("people", url, tmp_path / "incoming")
    assert sorted(file.name for file in location.list(["people.json", "nothing*.json"])) == ["people.json"]
    with pytest.raises(Unavailable, match="has no folder scrapedxml"):
        list(location.list(["people.json", "scrapedxml/debates/debates2008-*.xml"]))


def test_fetching_twice_by_rsync_stores_once(daemon: str, tmp_path: Path) -> None:
    assert fetched(tmp_path / "db", f"{daemon}/parldata") == f"asked {FILES}, new {FILES}, changed 0, unchanged 0"
    assert fetched(tmp_path / "db", f"{daemon}/parldata") == f"asked {FILES}, new 0, changed 0, unchanged {FILES}"


def test_only_a_changed_file_is_read_again_and_both_versions_stay(parldata: Path, daemon: str, tmp_path: Path) -> None:
    fetched(tmp_path / "db", f"{daemon}/parldata")
    path = parldata / PARLDATA
    path.write_bytes(path.read_bytes().replace(b"</publicwhip>", b"</publicwhip>\n"))
    assert fetched(tmp_path / "db", f"{daemon}/parldata") == f"asked {FILES}, new 0, changed 1, unchanged {FILES - 1}"
    conn = sqlite3.connect(tmp_path / "db" / "archive.db")
    assert conn.execute("SELECT count(*) FROM responses WHERE name = ?", (PARLDATA,)).fetchone() == (2,)


def test_the_same_bytes_with_another_time_add_no_row(parldata: Path, tmp_path: Path) -> None:
    fetched(tmp_path / "db", parldata.as_uri())
    os.utime(parldata / PARLDATA, (1, 1))
    assert fetched(tmp_path / "db", parldata.as_uri()) == f"asked {FILES}, new 0, changed 0, unchanged {FILES}"
    assert len(stored(tmp_path / "db")) == FILES


def test_a_new_letter_is_a_new_file(parldata: Path, tmp_path: Path) -> None:
    fetched(tmp_path / "db", parldata.as_uri())
    shutil.copy(parldata / PARLDATA, parldata / PARLDATA.replace("22c", "22d"))
    assert fetched(tmp_path / "db", parldata.as_uri()) == f"asked {FILES + 1}, new 1, changed 0, unchanged {FILES}"


@pytest.mark.parametrize(
    ("location", "code", "advice"),
    [
        ("{daemon}/nothere", 2, "no such module"),
        ("{daemon}/elsewhere", 2, "has no folder scrapedxml"),
        ("rsync://127.0.0.1:{port}/parldata", 75, "cannot be reached"),
        ("file:///nowhere", 2, "has no folder scrapedxml"),
        ("rsync://127.0.0.1", 2, "is no location"),
        ("/a/folder", 2, "is no location"),
        ("https://www.theyworkforyou.com/pwdata", 2, "is no location"),
    ],
)
def test_an_unavailable_location_is_an_error_in_one_sentence(
    location: str, code: int, advice: str, daemon: str, tmp_path: Path
) -> None:
    url = location.format(daemon=daemon, port=free_port())
    done = call("scrapers", "fetch", *XML, "--db-dir", tmp_path / "db", "--parldata", url)
    assert (done.returncode, done.stdout) == (code, "asked 0, new 0, changed 0, unchanged 0, gaps 1\n")
    assert advice in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert stored(tmp_path / "db") == {}


def test_without_rsync_the_error_explains_how_to_install_it(tmp_path: Path) -> None:
    done = call(
        "scrapers", "fetch", *XML, "--db-dir", tmp_path, "--parldata", "rsync://127.0.0.1/parldata", PATH=str(tmp_path)
    )
    assert done.returncode == 2
    assert "apt install rsync" in done.stderr


def test_a_full_disk_is_an_error_and_stores_nothing_partially(parldata: Path, tmp_path: Path) -> None:
    fetched(tmp_path / "db", parldata.as_uri(), "--kind", "wms")
    conn = sqlite3.connect(tmp_path / "db" / "archive.db")
    before = stored(tmp_path / "db")
    pages = conn.execute("PRAGMA page_count").fetchone()[0]
    conn.close()
    done = call_process(
        "tests.support.full_disk", pages, "fetch", *XML, "--db-dir", tmp_path / "db", "--parldata", parldata.as_uri()
    )
    assert done.returncode == 74
    assert "make room on the disk" in done.stderr
    after = stored(tmp_path / "db")
    assert before.items() <= after.items()
    assert sqlite3.connect(tmp_path / "db" / "archive.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)
