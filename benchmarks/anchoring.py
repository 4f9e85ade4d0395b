"""Benchmark of anchoring quotes on real cases: how many are found where they belong, and how fast."""

import gzip
import json
import time
from collections.abc import Iterator
from typing import Any

from annotations.anchoring.locate import SpeakerSegment, locate_quote
from benchmarks.bench_folder import CORPUS
from benchmarks.measures import BenchFolder, Measure, find_percentile, report_progress
from db.records.annotation import Anchor, Selector

CASES = CORPUS.parent / "anchors_dev.jsonl.gz"
RIGHT, WRONG = 0.9, 0.5  # overlap with the right place from which a place is right, and below which it is wrong


def measure_anchoring(folder: BenchFolder) -> Iterator[Measure]:
    """Measure the real cases, if this machine has them, without and with the old text of each speech."""
    if not CASES.exists():
        report_progress("anchoring: the real cases are not on this machine")
        return
    with gzip.open(CASES, "rt") as lines:
        known = [json.loads(line) for line in lines]
    for old in (False, True):
        report_progress(f"anchor {len(known):,} quotes {'with' if old else 'without'} the old text")
        right = wrong = 0
        used = []
        for case in known:
            started = time.process_time()
            anchor = _anchor_case(case, old)
            used.append((time.process_time() - started) * 1000)
            share = _measure_overlap(anchor, case["expected"])
            right += share >= RIGHT
            wrong += anchor.start is not None and share < WRONG
        known_text = ", the old text being known" if old else ""
        yield Measure(
            name=f"quotes put where they belong{known_text}",
            value=100 * right / len(known),
            unit="%",
            goal=97,
            limit=96,
            better="higher",
        )
        yield Measure(
            name=f"quotes put on wrong words{known_text}", value=100 * wrong / len(known), unit="%", goal=1.5, limit=2.5
        )
        yield Measure(
            name=f"put one quote in its place{known_text}, median CPU",
            value=find_percentile(used, 50),
            unit="ms",
            goal=3,
            limit=10,
        )


def _anchor_case(case: dict[str, Any], old: bool) -> Anchor:
    selector = Selector(exact=case["quote"], **{key: case[key] for key in ("prefix", "suffix", "start", "end")})
    segments = [SpeakerSegment(**each) for each in case["segments"] or ()]
    return locate_quote(case["new_text"], selector, case["old_text"] if old else None, case["speaker"], segments)


def _measure_overlap(anchor: Anchor, expected: dict[str, int] | str) -> float:
    """Return the overlap of a place and the right one as a share from 0 to 1; 1 if both are None."""
    if isinstance(expected, str) or anchor.start is None or anchor.end is None:
        return float(isinstance(expected, str) and anchor.start is None)
    inside = min(anchor.end, expected["end"]) - max(anchor.start, expected["start"])
    return max(0, inside) / (max(anchor.end, expected["end"]) - min(anchor.start, expected["start"]))
