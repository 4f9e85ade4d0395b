"""Odd files in a location: each is a gap, and every other file is read."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db.records.source import FileEntry, Gap, Unavailable
from scrapers.fetch import locations
from scrapers.fetch.locations import open_location
from tests.support.cli import call, rsync_daemon

pytestmark = pytest.mark.slow

FOLDER = "scrapedxml/debates"
GOOD = [f"debates2008-06-2{n}a.xml" for n in (2, 3, 4)]
PATTERNS = [f"{FOLDER}/debates2008-*.xml"]
HEAD = "debates2008-06-1"
TOO_LARGE = 4096
Make = Callable[[Path], object]


def write(size: int) -> Make:
    return lambda path: path.write_bytes(b"x" * size)


def link(target: str) -> Make:
    return lambda path: path.symlink_to(target)


def make_link_circle(path: Path) -> None:
    path.symlink_to(path.with_name("circle"))
    path.with_name("circle").symlink_to(path)


def make_folder_with_files(path: Path) -> None:
    path.mkdir()
    (path / GOOD[0]).write_text("within")


ODD: dict[str | bytes, Make] = {  # by the name of the odd file
    f"{HEAD}0a\n.xml": write(1),
    f"{HEAD}0b\r.xml": write(1),
    f"{HEAD}0c\t.xml": write(1),
    f"{HEAD}0d\x01.xml": write(1),
    f"{HEAD}0e\x7f.xml": write(1),
    f"{HEAD}0f\x1b[2J.xml": write(1),
    f"{HEAD}0g\u0085.xml": write(1),
    f"{HEAD}0h\u2028.xml": write(1),
    f"{HEAD}0i\n\n.xml": write(1),
    f"{HEAD}0j\n{GOOD[0]}": write(1),
    f"{HEAD}0k\\#012.xml": write(1),
    f"{HEAD}1a".encode() + b"\xff.xml": write(1),
    f"{HEAD}1b".encode() + b"\xc3.xml": write(1),
    f"{HEAD}1c".encode() + b"\xed\xa0\x80.xml": write(1),
    f"{HEAD}1d".encode() + b"\xfe\xff.xml": write(1),
    f"{HEAD}2a.xml": link(f"{HEAD}2a.xml"),
    f"{HEAD}2b.xml": make_link_circle,
    f"{HEAD}2c.xml": link("nothing-there"),
    f"{HEAD}2d.xml": link("/etc/passwd"),
    f"{HEAD}2e.xml": link("../../../outside.xml"),
    f"{HEAD}2f.xml": link("/dev/zero"),
    f"{HEAD}2g.xml": link("/proc/self/mem"),
    f"{HEAD}2h.xml": link("."),
    f"{HEAD}2i.xml": link(".."),
    f"{HEAD}2j.xml": link("/"),
    f"{HEAD}2k.xml": link("../../../outside"),
    f"{HEAD}2l.xml": link("x" * 300),
    f"{HEAD}3a.xml": os.mkfifo,
    f"{HEAD}3b.xml": os.mkdir,
    f"{HEAD}3c.xml": make_folder_with_files,
    f"{HEAD}4a.xml": write(TOO_LARGE + 1),
    f"{HEAD}4b.xml": lambda path: os.truncate(path, 1 << 40) if not path.write_bytes(b"") else None,
}
FAULTS = {  # of reading a file that the listing has
    f"{HEAD}5a.xml": PermissionError(13, "Permission denied"),
    f"{HEAD}5b.xml": OSError(5, "Input/output error"),
    f"{HEAD}5c.xml": FileNotFoundError(2, "No such file or directory"),
    f"{HEAD}5d.xml": OSError(116, "Stale file handle"),
}


@pytest.fixture
def parldata(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A location with three good files and every odd one."""
    folder = tmp_path / "parldata" / FOLDER
    folder.mkdir(parents=True)
    (tmp_path / "outside.xml").write_text("secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / GOOD[0]).write_text("secret")
    for name in (*GOOD, *FAULTS):
        (folder / name).write_text(f"<publicwhip>{name}</publicwhip>")
    for name, make in ODD.items():
        make(folder / os.fsdecode(name))
    monkeypatch.setattr(locations, "MAX_SIZE", TOO_LARGE)
    read = locations._read_file

    def read_or_fail(path: Path) -> bytes:
        if path.name in FAULTS:
            raise FAULTS[path.name]
        return read(path)

    monkeypatch.setattr(locations, "_read_file", read_or_fail)
    return tmp_path / "parldata"


@pytest.fixture
def daemon(parldata: Path, tmp_path: Path) -> Iterator[str]:
    work = tmp_path / "daemon"
    work.mkdir()
    with rsync_daemon(parldata, work) as address:
        yield f"{address}/parldata"


def read_all(url: str, incoming: Path) -> tuple[list[str], list[Gap]]:
    """The names of the files that came, and the gaps."""
    found: list[Gap] = []
    location = open_location("theyworkforyou", url, incoming, found.append)
    names = [response.name.rpartition("/")[2] for response in location.read(list(location.list(PATTERNS)))]
    return names, found


def test_every_odd_file_of_a_folder_is_a_gap_and_the_others_are_read(parldata, tmp_path):
    assert len(ODD) + len(FAULTS) >= 34
    names, found = read_all(parldata.as_uri(), tmp_path / "incoming")
    assert names == GOOD
    told = {gap.name for gap in found}
    assert len(told) == len(found) == len(ODD) + len(FAULTS)
    assert all(name.startswith(f"{FOLDER}/{HEAD}") and name.isprintable() for name in told)


def test_every_odd_file_of_a_daemon_is_a_gap_and_the_others_are_read(daemon, tmp_path):
    names, found = read_all(daemon, tmp_path / "incoming")
    assert names == [*sorted(FAULTS), *GOOD]  # whose reading fails here alone
    assert len({gap.name for gap in found}) == len(ODD)
    assert all(gap.name.isprintable() for gap in found)


@pytest.mark.parametrize("name", [GOOD[0], "gone.xml"])
def test_a_file_that_is_gone_from_a_daemon_after_listing_is_a_gap(name, daemon, parldata, tmp_path):
    found: list[Gap] = []
    location = open_location("theyworkforyou", daemon, tmp_path / "incoming", found.append)
    listed = [FileEntry(f"{FOLDER}/{each}", 1, 1) for each in (name, GOOD[1])]
    (parldata / FOLDER / name).unlink(missing_ok=True)
    assert [response.name for response in location.read(listed)] == [listed[1].name]
    assert [gap.name for gap in found] == [listed[0].name]


def test_a_file_that_changes_while_it_is_read_is_a_gap(tmp_path, monkeypatch):
    path = tmp_path / GOOD[0]
    path.write_bytes(b"x" * 10)
    fstat = os.fstat

    def grow(number: int) -> os.stat_result:
        found = fstat(number)
        path.write_bytes(b"x" * 20)
        return found

    monkeypatch.setattr(locations.os, "fstat", grow)
    with pytest.raises(locations.OddFileError, match="changed while being read"):
        locations._read_file(path)


def test_a_link_within_the_location_and_a_linked_folder_are_read(tmp_path):
    real = tmp_path / "elsewhere"
    real.mkdir()
    (real / GOOD[0]).write_text("<publicwhip/>")
    (real / GOOD[1]).symlink_to(GOOD[0])
    (tmp_path / "parldata" / "scrapedxml").mkdir(parents=True)
    (tmp_path / "parldata" / FOLDER).symlink_to(real)
    assert read_all((tmp_path / "parldata").as_uri(), tmp_path / "incoming") == (GOOD[:2], [])


def test_a_folder_that_cannot_be_listed_is_a_gap(parldata, tmp_path, monkeypatch):
    listdir = os.listdir

    def refuse(path: Path) -> list[str]:
        if str(path).endswith(FOLDER):
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(locations.os, "listdir", refuse)
    names, [gap] = read_all(parldata.as_uri(), tmp_path / "incoming")
    assert (names, gap.name, gap.reason) == ([], f"{FOLDER}/", "the folder cannot be read: Permission denied")


def test_a_scrapedxml_without_anything_is_told(tmp_path):
    (tmp_path / "parldata" / FOLDER).mkdir(parents=True)
    names, [gap] = read_all((tmp_path / "parldata").as_uri(), tmp_path / "incoming")
    assert (names, gap.name) == ([], "scrapedxml/")
    assert "it is empty" in gap.reason
    with pytest.raises(Unavailable, match="has no folder scrapedxml"):
        read_all(tmp_path.as_uri(), tmp_path / "incoming")


def test_an_odd_file_is_an_open_gap_of_the_run_until_it_is_mended(tmp_path):
    folder = tmp_path / "parldata" / FOLDER
    folder.mkdir(parents=True)
    (folder / GOOD[0]).write_text("<publicwhip/>")
    (folder / GOOD[1]).mkdir()
    fetch = ("fetch", "--source", "theyworkforyou", "--db-dir", tmp_path / "db", "--sweep")
    fetch = (*fetch, "--parldata", (tmp_path / "parldata").as_uri())
    done = call("scrapers", *fetch)
    assert (done.returncode, done.stdout) == (1, "asked 1, new 1, changed 0, unchanged 0, gaps 1\n")
    assert f"the file {FOLDER}/{GOOD[1]}: it is no file, only named like one" in done.stderr
    (folder / GOOD[1]).rmdir()
    assert call("scrapers", *fetch).returncode == 0
    (folder / GOOD[0]).unlink()
    done = call("scrapers", *fetch)
    assert done.returncode == 1
    assert f"1 file that was there before and listed no more: {FOLDER}/{GOOD[0]}" in done.stderr
    with sqlite3.connect(tmp_path / "db" / "archive.db") as conn:
        [(id,)] = conn.execute("SELECT id FROM gaps WHERE closed IS NULL").fetchall()
    decide = ("--db-dir", tmp_path / "db", "acknowledge", id, "--actor", "ada", "--reason", "withdrawn")
    assert call("scrapers", "gaps", *decide).returncode == 0
    assert call("scrapers", *fetch).returncode == 0
