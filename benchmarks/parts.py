"""The parts of the benchmark: which function measures each, and the process in which it does."""

import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, redirect_stdout
from importlib import import_module
from multiprocessing import get_context

from benchmarks.bench_folder import add_notes
from benchmarks.measures import BenchFolder, Measure, report_progress

WITHOUT_NOTES = {  # part: the function that measures it, before there are notes
    "load": "benchmarks.loading:measure_loading",
    "scrape": "benchmarks.loading:measure_unchanged_scrape",
    "start-up": "benchmarks.start_up:measure_start_up",
    "anchoring": "benchmarks.anchoring:measure_anchoring",
    "verify": "benchmarks.verifying:measure_verifying",
    "likeness": "benchmarks.likeness:measure_likeness",
    "journal": "benchmarks.journal:measure_journal",
    "export": "benchmarks.export:measure_export",
}
WITH_NOTES = {
    "pages": "benchmarks.pages:measure_pages",
    "tables": "benchmarks.tables:measure_tables",
    "visitors": "benchmarks.serving:measure_serving",
}
PARTS = {**WITHOUT_NOTES, **WITH_NOTES}


def measure_parts(folder: BenchFolder, parts: list[str]) -> Iterator[tuple[str, list[Measure]]]:
    """Measure each part in a process of its own, so that none is slowed by what another left behind."""
    has_notes = False
    for part in parts:
        if part in WITH_NOTES and not has_notes:
            add_notes(folder)
            has_notes = True
        report_progress(f"{part}: begins")
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            future = pool.submit(measure_part, part, folder)
            if error := future.exception():
                traceback.print_exception(error)
            fault = Measure(name="this part ended with a fault: see above", value=1, unit="wrong", goal=0, limit=0)
            yield part, [fault] if error else future.result()


def measure_part(part: str, folder: BenchFolder) -> list[Measure]:
    """Measure one part; what it prints goes to stderr."""
    with redirect_stdout(sys.stderr):
        measures = [*find_function(PARTS[part])(folder)]
    with closing(sqlite3.connect(folder.statements)) as conn:
        [(left,)] = conn.execute("SELECT count(*) FROM speeches")
    if left != folder.speeches:
        raise RuntimeError(f"{part} has left {left:,} speeches of {folder.speeches:,}: other parts would measure less")
    return measures


def find_function(address: str) -> Callable[[BenchFolder], Iterator[Measure]]:
    """Find the function of a part by its module and name."""
    module, _, name = address.partition(":")
    function: Callable[[BenchFolder], Iterator[Measure]] = getattr(import_module(module), name)
    return function
