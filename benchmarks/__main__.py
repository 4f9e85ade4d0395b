"""Benchmarks of loading, an unchanged scrape, pages, quotes and many visitors, on the real corpus if it is there.

`SCALE=N make bench` copies the corpus N times (default 4): 60 is about 300,000 speeches, and takes several minutes.
"""

import asyncio
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks.measures import ROOT, run_command, run_python
from benchmarks.quotes import measure_anchoring, measure_verifying
from benchmarks.start_up import measure_start_up
from web.serve import open_site

CORPUS = ROOT.parent / "shared" / "corpus" / "parldata"
CASES = CORPUS.parent / "anchors_dev.jsonl.gz"
SPECIMENS = ROOT / "tests" / "specimens" / "parldata"
SCALE = int(os.environ.get("SCALE", "4"))
ROUNDS, SPEECHES = 5, 100_000
XML = ("--source", "theyworkforyou")  # read from a folder, without a request
PAGES = (
    "/",
    "/debates",
    "/debate/{debate}",
    "/speech/{speech}",
    "/guidance",
    "/guidance/participation-online/be-responsive",
    "/search?q=information",
    "/search?q=%22power+of+information%22",
)


def main() -> None:
    """Print every measurement."""
    source = CORPUS if CORPUS.is_dir() else SPECIMENS
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        size, files = multiply_files(source, folder / "parldata", SCALE)
        what = "the real corpus" if source == CORPUS else "the specimens"
        print(f"{files} files, {size / 1e6:.1f} MB: {SCALE} times {what}")
        measure_loading(folder, size)
        measure_unchanged_scrape(folder)
        measure_start_up(folder / "db", lambda command: run_command(command, check=False)[0])
        asyncio.run(measure_pages(folder / "db" / "statements.db"))
        if CASES.exists():
            measure_anchoring(CASES)
        measure_verifying(folder / "db" / "statements.db", folder, SPEECHES)
        command = [sys.executable, "-m", "benchmarks.serving", *map(str, (folder / "db", folder / "topics.toml"))]
        subprocess.run(command, cwd=ROOT, check=True)  # in a process that has no database open yet


def multiply_files(source: Path, target: Path, times: int) -> tuple[int, int]:
    """Copy a folder of files `times` times, each time to other dates; return the numbers of bytes and of files."""
    size = files = 0
    for number in range(times):
        for path in sorted(source.glob("scrapedxml/*/*.xml")):
            [*_, day] = re.findall(r"\d{4}-\d\d-\d\d", path.stem)
            moved = str(date.fromisoformat(day) + timedelta(days=200 * number))
            body = path.read_bytes().replace(day.encode(), moved.encode())
            copy = target / path.relative_to(source).parent / path.name.replace(day, moved)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(body)
            size, files = size + len(body), files + 1
    return size, files


def measure_loading(folder: Path, size: int) -> None:
    """Print the CPU of `load --everything` and of the bare loader, run in turn on the same files; take the minimum."""
    topics, parldata = folder / "topics.toml", folder / "parldata"
    text = (ROOT / "scrapers/topics.toml").read_text(encoding="utf-8")
    topics.write_text(text.replace("2007-01-01", "1900-01-01").replace("2010-12-31", "2199-12-31"), encoding="utf-8")
    where = ("--db-dir", folder / "db", "--topics", topics)
    run_python("-m", "scrapers", "fetch", *XML, "--parldata", parldata.as_uri(), *where)
    print(f"archive.db is {(folder / 'db' / 'archive.db').stat().st_size / size:.3f} of the raw size")
    bare, ours = [], []
    for number in range(ROUNDS):
        bare.append(run_python("-m", "benchmarks.bare_loader", parldata, folder / f"bare{number}.db")[0])
        for path in (folder / "db").glob("statements.db*"):
            path.unlink()
        ours.append(run_python("-m", "scrapers", "load", "--everything", *where)[0])
    least, most = min(bare), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"bare loader {least:.2f} s CPU, {size / least / 1e6:.0f} MB/s")
    print(f"load --everything {min(ours):.2f} s CPU: ratio {min(ours) / least:.2f}; most memory so far {most:.0f} MB")
    run_python("-m", "annotations", "load", "--db-dir", folder / "db")


def measure_unchanged_scrape(folder: Path) -> None:
    """Print the time of a scrape of 5,000 unchanged files."""
    many = folder / "many"
    body = (SPECIMENS / "scrapedxml/wms/ministerial2008-06-29a.xml").read_bytes()
    (many / "scrapedxml/wms").mkdir(parents=True)
    for number in range(5000):
        day = str(date(1990, 1, 1) + timedelta(days=number))
        (many / f"scrapedxml/wms/ministerial{day}a.xml").write_bytes(body.replace(b"2008-06-29", day.encode()))
    where = ("--parldata", many.as_uri(), "--db-dir", folder / "many-db", "--topics", folder / "topics.toml")
    run_python("-m", "scrapers", "scrape", *XML, *where)
    used, wall = run_python("-m", "scrapers", "scrape", *XML, *where)
    print(f"an unchanged scrape of 5,000 files: {wall:.1f} s, {used:.1f} s CPU")


async def measure_pages(database: Path) -> None:
    """Print the CPU milliseconds of each page, in process."""
    site = open_site(database)
    query = "SELECT debate_id, speech_id FROM named WHERE speech_id NOT NULL LIMIT 1"
    debate, speech = (await site.get_database("statements").execute(query)).first()
    for page in PAGES:
        path = page.format(debate=debate, speech=speech)
        await site.client.get(path)
        started = time.process_time()
        for _ in range(20):
            answer = await site.client.get(path)
        used = (time.process_time() - started) / 20 * 1000
        print(f"{used:6.1f} ms CPU  {len(answer.content) / 1000:6.1f} kB  {answer.status_code}  {path}")


if __name__ == "__main__":
    main()
