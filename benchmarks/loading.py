"""Benchmarks of loading beside a bare loader, of the sizes of the databases, and of a scrape that finds nothing new."""

import json
import resource
from collections.abc import Iterator
from datetime import date, timedelta

from benchmarks.bench_folder import CORPUS, SPECIMENS, XML, find_source, list_options
from benchmarks.measures import BenchFolder, Measure, report_progress, run_python

MANY = 200_000  # speeches up to which loading is repeated
GOAL_SMALL, GOAL = 1.85, 1.45  # times the bare loader; start-up is half of the first
LIMIT = 3.5  # at both sizes
UNCHANGED = 1_000  # files of an unchanged scrape
STATEMENT = SPECIMENS / "scrapedxml/wms/ministerial2008-06-29a.xml"


def measure_loading(folder: BenchFolder) -> Iterator[Measure]:
    """Measure `load --everything` and the bare loader in turn on the same files; the least of each counts.

    The audit of documents that are new to the archive checks what the bare loader does not, and is timed apart.
    """
    count = folder.speeches
    rounds = 3 if folder.is_small else 2 if count <= MANY else 1
    bare, ours, audits = [], [], []
    for number in range(rounds):
        report_progress(f"load everything, and by the bare loader, {number + 1} of {rounds}")
        bare.append(_load_bare(folder))
        cpu, audit = _load_everything(folder)
        ours.append(cpu - audit)
        audits.append(audit)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    run_python("-m", "annotations", "load", "--db-dir", folder.db)
    times, least = min(ours) / min(bare), min(ours) / count * 1e6
    name, goal = f"load {count:,} speeches, beside a bare loader", GOAL_SMALL if folder.is_small else GOAL
    judged = Measure(name=name, value=times, unit="times", goal=goal, limit=LIMIT)
    is_real = find_source().folder == CORPUS  # the specimens are many small files of all that is odd
    yield judged if is_real else judged._replace(goal=None, limit=None)
    yield Measure(name="load 1,000 speeches, CPU", value=least, unit="ms")
    yield Measure(name="and audit what is new of them", value=min(audits) / count * 1e6, unit="ms")
    yield Measure(name="most memory while loading", value=most, unit="MB", goal=200, limit=300)
    yield from _measure_sizes(folder)


def _load_bare(folder: BenchFolder) -> float:
    """Return the CPU seconds of the bare loader."""
    database = folder.path / "bare.db"
    cpu = run_python("-m", "benchmarks.bare_loader", folder.parldata, database).cpu
    database.unlink()
    return cpu


def _load_everything(folder: BenchFolder) -> tuple[float, float]:
    """Return the CPU seconds of loading everything into a new file, and of the audit, which is part of it."""
    for path in folder.db.glob("statements.db*"):
        path.unlink()
    done = run_python("-m", "scrapers", "load", "--everything", "--json", *list_options(folder))
    return done.cpu, json.loads(done.output.splitlines()[-1])["audit_ms"] / 1000


def _measure_sizes(folder: BenchFolder) -> Iterator[Measure]:
    """Yield the sizes of the databases; few speeches are too few to judge them."""
    for path, goal, limit in ((folder.statements, 2.1, 2.3), (folder.db / "archive.db", 0.23, 0.3)):
        name, sizes = f"size of {path.name}, beside the XML", path.stat().st_size / folder.size
        judged = Measure(name=name, value=sizes, unit="sizes", goal=goal, limit=limit)
        yield judged._replace(goal=None, limit=None) if folder.is_small else judged


def measure_unchanged_scrape(folder: BenchFolder) -> Iterator[Measure]:
    """Measure a scrape of files that have not changed since the last one, beside reading all of them."""
    many = folder.path / "many"
    (many / "scrapedxml/wms").mkdir(parents=True, exist_ok=True)
    body = STATEMENT.read_bytes()
    for number in range(UNCHANGED):
        day = str(date(1990, 1, 1) + timedelta(days=number))
        (many / f"scrapedxml/wms/ministerial{day}a.xml").write_bytes(body.replace(b"2008-06-29", day.encode()))
    where = ("--parldata", many.as_uri(), "--db-dir", folder.path / "many-db", "--topics", folder.topics)
    report_progress(f"scrape {UNCHANGED:,} files, twice")
    run_python("-m", "scrapers", "scrape", *XML, *where)
    used = run_python("-m", "scrapers", "scrape", *XML, *where).cpu
    yield Measure(name=f"scrape {UNCHANGED:,} files that have not changed, CPU", value=used, unit="s", goal=1, limit=2)
