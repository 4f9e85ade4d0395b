"""Benchmark of the likeness of sentences to points, where the extra "similarity" is installed."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib.util import find_spec

from annotations.curated.toml_files import GUIDANCE_FOLDER, read_guidance
from benchmarks.measures import BenchFolder, Measure, report_progress

COMPARED = 100  # speeches of a sentence or two
SHORT_TEXTS_QUERY = "SELECT text FROM speeches WHERE length(text) BETWEEN 80 AND 200 ORDER BY rowid LIMIT ?"


def measure_likeness(folder: BenchFolder) -> Iterator[Measure]:
    """Measure the CPU of comparing a sentence with every point, and whether two threads give the same numbers."""
    if not find_spec("onnxruntime"):
        report_progress("likeness: the extra [similarity] is not installed")
        return
    from annotations.suggesters.embedding_model import load_model
    from annotations.suggesters.likeness import THREADS, make_comparison

    report_progress(f"compare {COMPARED} sentences with all points, twice")
    with closing(sqlite3.connect(folder.statements)) as conn:
        sentences = [text for (text,) in conn.execute(SHORT_TEXTS_QUERY, (COMPARED,))]
    compare = make_comparison([point for each in read_guidance(GUIDANCE_FOLDER) for point in each.points], load_model())
    started = time.process_time()
    alone = [compare(sentence) for sentence in sentences]
    used = (time.process_time() - started) / len(sentences) * 1000
    with ThreadPoolExecutor(THREADS) as threads:
        together = list(threads.map(compare, sentences))
    differ = sum(one != other for one, other in zip(alone, together, strict=True))
    yield Measure(name="compare a sentence with all points, CPU", value=used, unit="ms", goal=15, limit=30)
    name = f"sentences of {len(sentences)} that {THREADS} threads compare otherwise"
    yield Measure(name=name, value=differ, unit="wrong", goal=0, limit=0)
