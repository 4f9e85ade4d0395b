"""Benchmark of the export: CPU, time, files and memory of a first one, and of another of the same data."""

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.measures import BenchFolder, Measure, report_progress, run_python
from benchmarks.pages import add_annotations

SPEECHES_PER_ANNOTATION = 10
SECONDS = 300 / 100_000  # for each speech: 100,000 with 10,000 annotations within five minutes on two cores
COUNTS = "SELECT (SELECT count(*) FROM speeches), (SELECT count(*) FROM annotations)"


def measure_export(folder: BenchFolder) -> Iterator[Measure]:
    """Export the record with an annotation for every ten speeches, twice, and measure both."""
    db, site = folder.path / "export-db", folder.path / "export-site"
    speeches, annotations = _prepare_databases(folder, db)
    about = f"{speeches:,} speeches and {annotations:,} annotations"
    for which in ("first", "second"):
        report_progress(f"the {which} export of {about}")
        before = _list_inodes(site)
        used, wall = run_python("-m", "export", "--db-dir", db, "--to", site, "--quiet")
        after = _list_inodes(site)
        yield Measure(
            f"{which} export of {about}, on two processes", wall, "s", speeches * SECONDS, speeches * SECONDS * 2
        )
        yield Measure(f"{which} export, CPU for each file", used / len(after) * 1000, "ms", 2, 5)
    pages = sum(name.startswith("q/") for name in after)
    yield Measure("files of an export in all", len(after), "files")
    yield Measure("files of its own that an annotation has", pages / max(1, annotations), "files", 1, 1)
    yield Measure(
        "files of the second export that are no links to the first", len(after.items() - before.items()), "files", 0, 0
    )
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield Measure("memory of the largest process so far", most, "MB")
    shutil.rmtree(site)
    shutil.rmtree(db)


def _prepare_databases(folder: BenchFolder, db: Path) -> tuple[int, int]:
    """Copy statements.db and annotate it; return the numbers of speeches and annotations."""
    db.mkdir()
    with closing(sqlite3.connect(folder.statements)) as source, closing(sqlite3.connect(db / "statements.db")) as copy:
        source.backup(copy)
        [(speeches, _)] = copy.execute(COUNTS).fetchall()
    add_annotations(db, max(1, speeches // SPEECHES_PER_ANNOTATION))
    run_python("-m", "annotations", "load", "--db-dir", db)
    with closing(sqlite3.connect(db / "statements.db")) as conn:
        counts: tuple[int, int] = conn.execute(COUNTS).fetchone()
    return counts


def _list_inodes(site: Path) -> dict[str, int]:
    """List the files of an export with their inodes."""
    return {path.relative_to(site).as_posix(): path.stat().st_ino for path in site.rglob("*") if path.is_file()}
