"""Benchmarks of loading beside a bare loader, of the sizes of the databases, and of a scrape that finds nothing new."""

import resource
from collections.abc import Iterator
from datetime import date, timedelta

from benchmarks.bench_folder import SPECIMENS, XML, list_options
from benchmarks.measures import BenchFolder, Measure, report_progress, run_python

FEW, MANY = 20_000, 200_000  # speeches up to which loading is repeated more often
UNCHANGED = 5_000  # files of an unchanged scrape
STATEMENT = SPECIMENS / "scrapedxml/wms/ministerial2008-06-29a.xml"


def measure_loading(folder: BenchFolder) -> Iterator[Measure]:
    """Measure `load --everything` and the bare loader in turn on the same files; the least of each counts."""
    rounds = 4 if folder.speeches <= FEW else 2 if folder.speeches <= MANY else 1
    bare, ours = [], []
    for number in range(rounds):
        report_progress(f"load everything, and by the bare loader, {number + 1} of {rounds}")
        database = folder.path / f"bare{number}.db"
        bare.append(run_python("-m", "benchmarks.bare_loader", folder.parldata, database)[0])
        database.unlink()
        for path in folder.db.glob("statements.db*"):
            path.unlink()
        ours.append(run_python("-m", "scrapers", "load", "--everything", *list_options(folder))[0])
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    run_python("-m", "annotations", "load", "--db-dir", folder.db)
    goal, limit = (1.85, 2.4) if folder.speeches <= FEW else (1.45, 1.8)
    count = folder.speeches
    yield Measure(
        name=f"load {count:,} speeches, beside a bare loader",
        value=min(ours) / min(bare),
        unit="times",
        goal=goal,
        limit=limit,
    )
    yield Measure(name="load 1,000 speeches, CPU", value=min(ours) / count * 1e6, unit="ms")
    yield Measure(name="most memory while loading", value=most, unit="MB", goal=200, limit=300)
    for path, goal, limit in ((folder.statements, 2.1, 2.3), (folder.db / "archive.db", 0.23, 0.3)):
        if folder.speeches > FEW:
            yield Measure(
                name=f"size of {path.name}, beside the XML",
                value=path.stat().st_size / folder.size,
                unit="sizes",
                goal=goal,
                limit=limit,
            )
        else:
            yield Measure(
                name=f"size of {path.name}, beside the XML", value=path.stat().st_size / folder.size, unit="sizes"
            )


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
    used, _ = run_python("-m", "scrapers", "scrape", *XML, *where)
    yield Measure(name=f"scrape {UNCHANGED:,} files that have not changed, CPU", value=used, unit="s", goal=1, limit=2)
