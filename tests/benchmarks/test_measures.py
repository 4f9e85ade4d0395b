"""The table of `make bench`: verdicts, and which of them are failures."""

import re
import sqlite3

from benchmarks.measures import ROOT, Measure, find_percentile, format_table
from benchmarks.parts import PARTS
from benchmarks.verifying import DAMAGES, make_quotations


def test_verdicts_and_failures():
    cases = [
        (Measure("a", 1.4, "times", 1.45, 1.6), "good", False),
        (Measure("a", 1.5, "times", 1.45, 1.6), "within limit", False),
        (Measure("a", 1.61, "times", 1.45, 1.6), "TOO SLOW", True),
        (Measure("a", 31, "ms", 20, 30), "TOO SLOW*", False),
        (Measure("a", 1, "wrong", 0, 0), "PAST LIMIT", True),
        (Measure("a", 0.9, "found", 0.95, 0.8, better="higher"), "within limit", False),
        (Measure("a", 0.7, "found", 0.95, 0.8, better="higher"), "PAST LIMIT", True),
        (Measure("a", 2, "times", 1.5), "past goal", False),
        (Measure("a", 2, "MB"), "", False),
    ]
    assert [(each.verdict, each.is_failure) for each, _, _ in cases] == [(told, fails) for _, told, fails in cases]


def test_table_has_a_line_for_each_measure_under_its_part():
    table = format_table(
        {"load": [Measure("a load", 1.456, "times", 1.45, 1.6)], "pages": [Measure("a page", 12, "ms")]}
    )
    lines = table.splitlines()
    assert [" ".join(line.split()) for line in (lines[0], *lines[2:6])] == [
        "what was measured figure goal limit verdict",
        "LOAD",
        "a load 1.46 times <= 1.45 <= 1.60 within limit",
        "PAGES",
        "a page 12 ms",
    ]


def test_percentiles_are_values_of_the_list():
    assert [find_percentile([5, 1, 4, 2, 3], percent) for percent in (0, 50, 99, 100)] == [1, 3, 5, 5]


def test_documentation_has_a_row_for_each_part():
    rows = re.findall(
        r"^\| `([a-z-]+)` \|", (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rows == list(PARTS)


def test_quotations_are_damaged_in_each_way_and_always_the_same(statements: sqlite3.Connection) -> None:
    made = make_quotations(statements, 2 * len(DAMAGES))
    assert made == make_quotations(statements, 2 * len(DAMAGES))
    assert len({each.damage for each in made}) == len(DAMAGES)
