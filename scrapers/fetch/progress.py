"""Progress of a long run: the current step, its number and total, as a bar on a terminal or as lines of JSON."""

import json
import time
from collections.abc import Callable
from typing import Any, TextIO

INTERVAL = 0.1  # seconds between two steps that are shown, at the least
BAR = "{desc}: {n_fmt}{postfix}"  # where the total is not known


class Progress:
    """Writer of steps: with `write`, a line of JSON each; with `terminal`, a bar there; with neither, nothing.

    `clock` is in seconds.
    """

    def __init__(
        self,
        write: Callable[[str], None] | None = None,
        terminal: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.write = write
        self.terminal = terminal
        self.clock = clock
        self.stage = ""
        self.written = clock() - INTERVAL
        self.bar: Any = None

    def __call__(self, stage: str, number: int, of: int, what: str) -> None:
        """Show step `number` of `of` (0: the total is not known), unless it follows the last one within the interval.

        The first and the last step of a stage are always shown.
        """
        if not self.write and not self.terminal:
            return
        now = self.clock()
        if stage == self.stage and now - self.written < INTERVAL and number != of:
            return
        begins, self.stage, self.written = stage != self.stage, stage, now
        if self.write:
            self.write(json.dumps({"event": "step", "stage": stage, "number": number, "of": of, "what": what}))
        else:
            self._draw(begins, number, of, what)

    def clear(self) -> None:
        """Take the bar off the line, for other words; the next step draws it again."""
        if self.bar is not None:
            self.bar.clear()

    def close(self) -> None:
        """Remove the bar from the terminal."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None

    def _draw(self, begins: bool, number: int, of: int, what: str) -> None:
        if begins:
            from tqdm import tqdm  # only a terminal needs it

            self.close()
            form = None if of else BAR
            self.bar = tqdm(total=of or None, desc=self.stage, file=self.terminal, leave=False, bar_format=form)
        self.bar.total, self.bar.n = of or None, number
        self.bar.set_postfix_str(what, refresh=False)
        self.bar.refresh()
