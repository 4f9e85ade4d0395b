"""Benchmark of the export: CPU, time, files and memory of a first one, and of another of the same data."""

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.bench_folder import XML
from benchmarks.measures import BenchFolder, Measure, report_progress, run_python
from benchmarks.pages import add_annotations

FEW_KINDS = ("lordswms", "westminhall", "wms")  # that are exported in a small run
STATEMENTS = "statements.db"
SPEECHES_PER_ANNOTATION = 10
MANY = 200_000  # speeches up to which it is measured
START = 5  # seconds, whatever the size
SECONDS = (300 - START) / 100_000  # for each speech: 100,000 with 10,000 annotations within five minutes on two cores
COUNTS = "SELECT (SELECT count(*) FROM speeches), (SELECT count(*) FROM annotations)"


def measure_export(folder: BenchFolder) -> Iterator[Measure]:
    """Export the record with an annotation for every ten speeches, twice, and measure both; not of very many."""
    if folder.speeches > MANY:
        report_progress(f"export: not measured above {MANY:,} speeches")
        return
    db, site = folder.path / "export-db", folder.path / "export-site"
    speeches, annotations = _prepare_databases(folder, db)
    about = f"{speeches:,} speeches and {annotations:,} annotations"
    for which in ("first", "second"):
        report_progress(f"the {which} export of {about}")
        before = _list_inodes(site)
        done = run_python("-m", "export", "--db-dir", db, "--to", site, "--quiet")
        after = _list_inodes(site)
        name, seconds = f"{which} export of {about}, by two processes", START + speeches * SECONDS
        yield Measure(name=name, value=done.wall, unit="s", goal=seconds, limit=2 * seconds)
        name = f"{which} export, CPU for each file"
        each = Measure(name=name, value=done.cpu / len(after) * 1000, unit="ms", goal=2, limit=5)
        yield each._replace(goal=None, limit=None) if folder.is_small else each  # which start-up is most of
    pages = sum(name.startswith("q/") for name in after)
    changed = len(after.items() - before.items())
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield Measure(name="files in all", value=len(after), unit="files")
    yield Measure(name="files of its own for a quote", value=pages / annotations, unit="files", goal=1, limit=1)
    yield Measure(name="files of the second that are no links", value=changed, unit="files", goal=0, limit=0)
    yield Measure(name="memory of the largest process so far", value=most, unit="MB")
    shutil.rmtree(site)
    shutil.rmtree(db)


def _prepare_databases(folder: BenchFolder, db: Path) -> tuple[int, int]:
    """Copy statements.db, or in a small run load a few kinds, and annotate it; return how many speeches and notes."""
    db.mkdir()
    if folder.is_small:
        _load_few(folder, db)
    else:
        with closing(sqlite3.connect(folder.statements)) as source, closing(sqlite3.connect(db / STATEMENTS)) as copy:
            source.backup(copy)
    with closing(sqlite3.connect(db / STATEMENTS)) as conn:
        [(speeches, _)] = conn.execute(COUNTS).fetchall()
    add_annotations(db, max(1, speeches // SPEECHES_PER_ANNOTATION))
    run_python("-m", "annotations", "load", "--db-dir", db)
    with closing(sqlite3.connect(db / STATEMENTS)) as conn:
        counts: tuple[int, int] = conn.execute(COUNTS).fetchone()
    return counts


def _load_few(folder: BenchFolder, db: Path) -> None:
    """Load the files of a few kinds alone, with the guidance."""
    few = folder.path / "few"
    for kind in FEW_KINDS:
        shutil.copytree(folder.parldata / "scrapedxml" / kind, few / "scrapedxml" / kind)
    options = ("--db-dir", db, "--topics", folder.topics)
    run_python("-m", "scrapers", "fetch", *XML, "--parldata", few.as_uri(), *options)
    run_python("-m", "scrapers", "load", "--everything", *options)
    run_python("-m", "annotations", "load", "--db-dir", db)
    shutil.rmtree(few)


def _list_inodes(site: Path) -> dict[str, int]:
    """List the files of an export with their inodes."""
    return {path.relative_to(site).as_posix(): path.stat().st_ino for path in site.rglob("*") if path.is_file()}
