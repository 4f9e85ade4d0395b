"""Benchmark of start-up: the CPU of help and of verbs on a folder of databases, against what they cannot do without."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROUNDS = 5
COMMAND_LINES = ("dispatch_box", "scrapers", "annotations", "accounts", "export", "web")
VERBS = (
    "load",
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

Measure = Callable[[Sequence[object]], float]


def measure_start_up(folder: Path, measure: Measure) -> None:
    """Print the CPU of help, of --version and of verbs, as ratios to bare processes.

    `measure` runs a command once and returns its CPU seconds.
    """
    click = _find_least(measure, ("-c", CLICK))
    database = _find_least(measure, ("-c", DATABASE))
    print(f"start-up: {CLICK!r} {click:.3f} s CPU, with sqlite_utils without numpy {database:.3f} s")
    for name in COMMAND_LINES:
        ratios = [_find_least(measure, ("-m", name, option)) / click for option in ("--help", "--version")]
        print(f"  python -m {name}: --help {ratios[0]:.1f}, --version {ratios[1]:.1f} times (at most {MOST_HELP})")
    for verb in VERBS:
        command = ("-m", "dispatch_box", *verb.split(), "--db-dir", folder)
        print(f"  dispatch-box {verb}: {_find_least(measure, command) / database:.1f} times (at most {MOST_VERB})")


def _find_least(measure: Measure, command: Sequence[object]) -> float:
    return min(measure((sys.executable, *command)) for _ in range(ROUNDS))
