"""The folder of a benchmark: copies of the real files, or of the specimens, and databases that are made of them."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.measures import ROOT, BenchFolder, report_progress, run_python
from benchmarks.pages import add_annotations, add_suggestions

CORPUS = ROOT.parent / "shared" / "corpus" / "parldata"
SPECIMENS = ROOT / "tests" / "specimens" / "parldata"
XML = ("--source", "theyworkforyou")  # read from a folder, without a request
DAYS, MOST_DAYS_APART = 60_000, 200  # that all copies span at most, and two copies of a file
KEPT = 0.93  # share of the turns that become speeches; the others are in obsolete files
TURN = re.compile(rb"<(?:speech|ques|reply)\b")
ANNOTATIONS = 10_000


class CopiedFiles(NamedTuple):
    """Files to copy: their folder, and what they are."""

    folder: Path
    name: str


def find_source() -> CopiedFiles:
    """Find the real files where this machine has them; else the specimens of the tests."""
    return (
        CopiedFiles(CORPUS, "the real days")
        if CORPUS.is_dir()
        else CopiedFiles(SPECIMENS, "the specimens of the tests")
    )


def make_bench_folder(path: Path, speeches: int) -> BenchFolder:
    """Copy files until they have about so many speeches, and load them."""
    source = find_source()
    files = sorted(source.folder.glob("scrapedxml/*/*.xml"))
    turns = sum(len(TURN.findall(file.read_bytes())) for file in files)
    times = max(1, round(speeches / turns / KEPT))
    report_progress(f"copy {len(files)} files of {source.name} {times:,} times, for about {speeches:,} speeches")
    size = multiply_files(source.folder, files, path / "parldata", times)
    folder = BenchFolder(path, speeches, size)
    topics = (ROOT / "scrapers/topics.toml").read_text(encoding="utf-8")
    topics = topics.replace("2007-01-01", "1900-01-01").replace("2010-12-31", "2199-12-31")
    folder.topics.write_text(topics, encoding="utf-8")
    report_progress(f"fetch {size / 1e6:,.1f} MB of XML, and load them")
    run_python("-m", "scrapers", "fetch", *XML, "--parldata", folder.parldata.as_uri(), *list_options(folder))
    run_python("-m", "scrapers", "load", "--everything", *list_options(folder))
    run_python("-m", "annotations", "load", "--db-dir", folder.db)
    with closing(sqlite3.connect(folder.statements)) as conn:
        [(count,)] = conn.execute("SELECT count(*) FROM speeches")
    return folder._replace(speeches=count)


def list_options(folder: BenchFolder) -> Sequence[object]:
    """List the options of the command line that name the databases and the topics."""
    return ("--db-dir", folder.db, "--topics", folder.topics)


def multiply_files(source: Path, files: Sequence[Path], target: Path, times: int) -> int:
    """Copy files `times` times, each time to other dates; return the number of bytes."""
    size, apart = 0, min(MOST_DAYS_APART, DAYS // times)
    for number in range(times):
        for path in files:
            [*_, day] = re.findall(r"\d{4}-\d\d-\d\d", path.stem)
            moved = str(date.fromisoformat(day) + timedelta(days=apart * number))
            body = path.read_bytes().replace(day.encode(), moved.encode())
            copy = target / path.relative_to(source).parent / path.name.replace(day, moved)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(body)
            size += len(body)
    return size


def add_notes(folder: BenchFolder) -> None:
    """Add notes by people to the databases, and as many suggestions."""
    report_progress(f"add {ANNOTATIONS:,} notes and suggestions")
    add_annotations(folder.db, ANNOTATIONS)
    run_python("-m", "annotations", "load", "--db-dir", folder.db)
    add_suggestions(folder.db, ANNOTATIONS)
