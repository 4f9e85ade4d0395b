"""How far a long run is: what is asked, how many of how many, and the time left. Nothing where nobody watches."""

import json
import time
from collections.abc import Callable
from typing import NamedTuple

Write = Callable[[str], None]
EVERY = 0.1  # seconds between two lines at the least


class Step(NamedTuple):
    """One step of a stage: `number` of `of` (0: nobody knows of how many)."""

    stage: str
    number: int
    of: int
    what: str


class Progress:
    """Says steps through `write`, one line a step in words or in JSON; `clock` is in seconds."""

    def __init__(self, write: Write | None, as_json: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.write = write
        self.as_json = as_json
        self.clock = clock
        self.stage = ""
        self.began = self.said = clock() - EVERY

    def __call__(self, stage: str, number: int, of: int, what: str) -> None:
        """Say a step; steps that follow the last one at once are passed over, but for the last of a stage."""
        if not self.write:
            return
        now = self.clock()
        if stage != self.stage:
            self.stage, self.began = stage, now
        elif now - self.said < EVERY and number != of:
            return
        self.said = now
        step = Step(stage, number, of, what)
        self.write(json.dumps({"event": "step", **step._asdict()}) if self.as_json else words(step, now - self.began))


def words(step: Step, seconds: float) -> str:
    """A step in words, with the time left at the pace so far.

    >>> words(Step("hansard", 30, 120, "debates/2008-11-12/08111228000025"), 60)
    'hansard: 30 of 120, debates/2008-11-12/08111228000025 (about 3 min left)'
    >>> words(Step("hansard", 3, 0, "a search"), 60)
    'hansard: 3, a search'
    """
    of = f" of {step.of:,}" if step.of else ""
    line = f"{step.stage}: {step.number:,}{of}, {step.what}"
    if step.of <= step.number or step.number < 2:
        return line
    return f"{line} ({left(seconds / step.number * (step.of - step.number))} left)"


def left(seconds: float) -> str:
    """A length of time in words, roughly."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"
