"""Benchmark of start-up: the CPU of help and of verbs on a folder of databases, against what they cannot do without."""

import sys
from collections.abc import Iterator

from benchmarks.measures import BenchFolder, Measure, report_progress, run_command

ROUNDS = 3
COMMAND_LINES = ("dispatch_box", "scrapers", "annotations", "accounts", "export", "web")
VERBS = (
    "load --everything --topics {topics}",  # of less than was loaded it would take away the rest
    "runs",
    "gaps",
    "people",
    "census",
    "verify words",
    "check",
    "journal log",
    "suggestions ledger",
    "user list",
)
CLICK = "import click"
DATABASE = "import sys; sys.modules['numpy'] = None; import click, sqlite_utils"
MOST_HELP, MOST_VERB = 3, 2  # times the CPU of the bare process
SLACK = 1.5  # times the goal, at the limit


def measure_start_up(folder: BenchFolder) -> Iterator[Measure]:
    """Measure help, --version and verbs, each the least of ROUNDS, beside processes that only import what they must."""
    report_progress("start every command")
    click, database = _find_least("-c", CLICK), _find_least("-c", DATABASE)
    helps = {
        f"python -m {name} {option}": _find_least("-m", name, option) / click
        for name in COMMAND_LINES
        for option in ("--help", "--version")
    }
    verbs = {
        f"dispatch-box {verb.partition(' --')[0]}": _find_least(
            "-m", "dispatch_box", *verb.format(topics=folder.topics).split(), "--db-dir", folder.db
        )
        / database
        for verb in VERBS
    }
    for times, beside, most in ((helps, "a bare start", MOST_HELP), (verbs, "a bare start with SQLite", MOST_VERB)):
        slowest = max(times, key=times.__getitem__)
        name = f"{slowest}, the slowest of {len(times)} commands, beside {beside}"
        yield Measure(name=name, value=times[slowest], unit="times", goal=most, limit=most * SLACK)


def _find_least(*command: object) -> float:
    return min(run_command((sys.executable, *command), check=False).cpu for _ in range(ROUNDS))
