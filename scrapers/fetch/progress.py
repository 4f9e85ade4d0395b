"""Progress of a long run: the current step, its number and total, and the time left."""

import json
import time
from collections.abc import Callable
from typing import NamedTuple

Write = Callable[[str], None]
INTERVAL = 0.1  # seconds between two lines at the least


class Step(NamedTuple):
    """One step of a stage: `number` of `of` (0: the total is unknown)."""

    stage: str
    number: int
    of: int
    what: str


class Progress:
    """Writer of steps, one line each in words or in JSON; without `write` it writes nothing. `clock` is in seconds."""

    def __init__(self, write: Write | None, as_json: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.write = write
        self.as_json = as_json
        self.clock = clock
        self.stage = ""
        self.began = self.written = clock() - INTERVAL

    def __call__(self, stage: str, number: int, of: int, what: str) -> None:
        """Write a step, unless it follows the last one within the interval; the last of a stage is always written."""
        if not self.write:
            return
        now = self.clock()
        if stage != self.stage:
            self.stage, self.began = stage, now
        elif now - self.written < INTERVAL and number != of:
            return
        self.written = now
        step = Step(stage, number, of, what)
        line = describe_step(step, now - self.began)
        self.write(json.dumps({"event": "step", **step._asdict()}) if self.as_json else line)


def describe_step(step: Step, seconds: float) -> str:
    """Describe a step in words, with the time left at the pace so far.

    >>> describe_step(Step("hansard", 30, 120, "debates/2008-11-12/08111228000025"), 60)
    'hansard: 30 of 120, debates/2008-11-12/08111228000025 (about 3 min left)'
    >>> describe_step(Step("hansard", 3, 0, "a search"), 60)
    'hansard: 3, a search'
    """
    of = f" of {step.of:,}" if step.of else ""
    line = f"{step.stage}: {step.number:,}{of}, {step.what}"
    if step.of <= step.number or step.number < 2:
        return line
    return f"{line} ({describe_duration(seconds / step.number * (step.of - step.number))} left)"


def describe_duration(seconds: float) -> str:
    """Describe a length of time roughly: "about 3 min"."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"
