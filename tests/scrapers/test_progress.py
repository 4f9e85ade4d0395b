"""Progress: lines of JSON for programs, a bar on a terminal, and nothing elsewhere."""

import io
import itertools
import json

from scrapers.fetch.progress import Progress


def test_steps_are_lines_of_json_with_the_first_and_last_of_a_stage_always():
    lines: list[str] = []
    seconds = itertools.count(step=0.01)
    progress = Progress(lines.append, clock=lambda: next(seconds))
    for number in range(1, 4):
        progress("loading", number, 3, f"debates 2008-06-2{number}")
    progress("audit", 1, 0, "a file")
    steps = [json.loads(line) for line in lines]
    assert [(step["event"], step["stage"], step["number"], step["of"]) for step in steps] == [
        ("step", "loading", 1, 3),
        ("step", "loading", 3, 3),
        ("step", "audit", 1, 0),
    ]


def test_a_terminal_shows_a_bar_that_is_gone_at_the_end():
    terminal = io.StringIO()
    progress = Progress(terminal=terminal)
    progress("loading", 1, 2, "debates 2008-06-22")
    progress("loading", 2, 2, "wrans 2008-06-22")
    progress.clear()
    progress("hansard", 3, 0, "a search")
    progress.close()
    shown = terminal.getvalue()
    assert "loading: 100%" in shown
    assert "wrans 2008-06-22" in shown
    assert "hansard: 3, a search" in shown
    assert shown.rpartition("a search")[2].strip("\r ") == ""


def test_without_a_terminal_nothing_is_shown():
    progress = Progress()
    progress("loading", 1, 2, "debates 2008-06-22")
    progress.close()
    assert progress.bar is None
