"""Measurements of `make bench`: a figure with its goal and its limit, and the table that judges them.

A part of the benchmark is a function that takes a `BenchFolder` and yields a `Measure` for each line of the table:

    def measure_journal(folder: BenchFolder) -> Iterator[Measure]:
        yield Measure(name="one more entry, beside a bare insert and commit", value=3.1, unit="times", goal=4, limit=6)
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
FEW = 20_000  # speeches of a small folder
TIMES = ("ms", "s")  # units that say as much of the machine as of the program: their limits change no exit code
SLOW = (*TIMES, "times")  # units of what is slow, not big or wrong, where it passes its limit
HEADINGS = ("what was measured", "figure", "goal", "limit", "verdict")
NOT_MEASURED = ("  not measured: this machine has not what it needs", "", "", "", "")
EXPLANATION = """
"times" is the CPU of this program divided by that of the bare thing, measured in turn on this machine.
goal: what we work for. limit: what must not be passed. A verdict with * is of a time, which depends on the
machine too: it is no failure of the benchmark. docs/benchmarks.md explains each part.
"""


class BenchFolder(NamedTuple):
    """A folder of files made for a benchmark: `parldata` and `topics` are read, `db` has the databases of the site.

    `speeches` is their number, `size` that of the bytes of XML.
    """

    path: Path
    speeches: int
    size: int = 0

    @property
    def is_small(self) -> bool:
        """Return True for so few speeches that a newcomer waits for the table: less is measured."""
        return self.speeches <= FEW

    @property
    def parldata(self) -> Path:
        """Return the folder of XML files."""
        return self.path / "parldata"

    @property
    def topics(self) -> Path:
        """Return the file of topics, whose dates hold every speech."""
        return self.path / "topics.toml"

    @property
    def db(self) -> Path:
        """Return the folder of databases."""
        return self.path / "db"

    @property
    def statements(self) -> Path:
        """Return the path of statements.db."""
        return self.db / "statements.db"


class Measure(NamedTuple):
    """A figure: its name says what was measured, and of what; `goal` and `limit` are None for what is only told.

    `unit` is "times" for a ratio to the bare thing, "ms" or "s" for a time, else a word such as "wrong".
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    limit: float | None = None
    better: Literal["lower", "higher"] = "lower"

    @property
    def verdict(self) -> str:
        """Return the verdict as it is printed; empty for what has neither goal nor limit."""
        if self.passes_limit:
            return ("TOO SLOW" if self.unit in SLOW else "PAST LIMIT") + ("*" if self.unit in TIMES else "")
        if self._is_worse_than(self.goal):
            return "within limit" if self.limit is not None else "past goal"
        return "" if self.goal is None and self.limit is None else "good"

    @property
    def passes_limit(self) -> bool:
        """Return True if the figure is worse than its limit."""
        return self._is_worse_than(self.limit)

    @property
    def is_failure(self) -> bool:
        """Return True if the limit is passed by something that depends on the program alone, not on the machine."""
        return self.passes_limit and self.unit not in TIMES

    def _is_worse_than(self, bound: float | None) -> bool:
        return bound is not None and (self.value > bound if self.better == "lower" else self.value < bound)


def format_table(parts: Mapping[str, Sequence[Measure]]) -> str:
    """Format the measures of each part, under its name, as one table with a heading and an explanation."""
    rows: list[tuple[str, ...]] = [HEADINGS]
    for part, measures in parts.items():
        rows.append((part.upper(), "", "", "", ""))
        rows += map(_make_row, measures) if measures else [NOT_MEASURED]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADINGS))]
    lines = [
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:>{widths[3]}}  {row[4]}".rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]]) + "\n" + EXPLANATION


def _make_row(measure: Measure) -> tuple[str, ...]:
    sign = "<=" if measure.better == "lower" else ">="
    goal, limit = (
        "" if bound is None else f"{sign} {_format_number(bound)}" for bound in (measure.goal, measure.limit)
    )
    return f"  {measure.name}", f"{_format_number(measure.value)} {measure.unit}", goal, limit, measure.verdict


def _format_number(value: float) -> str:
    """Format a number with two decimals below ten, one below a hundred, else none; whole ones without."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 100 else f"{value:,.0f}"


def report_progress(message: str) -> None:
    """Print a line on stderr while the benchmark works, with the time of day."""
    print(f"{time.strftime('%H:%M:%S')}  {message}", file=sys.stderr, flush=True)


class FinishedCommand(NamedTuple):
    """A command that has ended: its CPU seconds (user and system), its wall seconds, and what it printed."""

    cpu: float
    wall: float
    output: str


def run_command(command: Sequence[object], check: bool = True) -> FinishedCommand:
    """Run a command, and measure it with all its processes."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([*map(str, command)], cwd=ROOT, env=compiled, capture_output=True, check=False)
    if check and done.returncode:
        sys.stderr.buffer.write(done.stderr)
        done.check_returncode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return FinishedCommand(used, time.perf_counter() - started, done.stdout.decode())


def run_python(*command: object) -> FinishedCommand:
    """Run a Python command, such as "-m", "scrapers", "load", and measure it."""
    return run_command((sys.executable, *command))


def find_percentile(values: Iterable[float], percent: int) -> float:
    """Return the value that `percent` of 100 values do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
