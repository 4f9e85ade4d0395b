"""The table of `make bench`: verdicts, and which of them are failures."""

import re
import sqlite3

from benchmarks.__main__ import SPEECHES
from benchmarks.bench_folder import ANNOTATIONS
from benchmarks.export import MANY
from benchmarks.journal import SIZES
from benchmarks.loading import UNCHANGED
from benchmarks.measures import FEW, ROOT, Measure, find_percentile, format_table
from benchmarks.parts import PARTS, find_function
from benchmarks.serving import WHOLE_WORDS
from benchmarks.verifying import DAMAGES, QUOTATIONS, make_quotations


def test_verdicts_and_failures():
    cases = [
        (Measure(name="a", value=1.4, unit="times", goal=1.45, limit=1.6), "good", False),
        (Measure(name="a", value=1.5, unit="times", goal=1.45, limit=1.6), "within limit", False),
        (Measure(name="a", value=1.61, unit="times", goal=1.45, limit=1.6), "TOO SLOW", True),
        (Measure(name="a", value=31, unit="ms", goal=20, limit=30), "TOO SLOW*", False),
        (Measure(name="a", value=1, unit="wrong", goal=0, limit=0), "PAST LIMIT", True),
        (Measure(name="a", value=0.9, unit="found", goal=0.95, limit=0.8, better="higher"), "within limit", False),
        (Measure(name="a", value=0.7, unit="found", goal=0.95, limit=0.8, better="higher"), "PAST LIMIT", True),
        (Measure(name="a", value=2, unit="times", goal=1.5), "past goal", False),
        (Measure(name="a", value=2, unit="MB"), "", False),
    ]
    assert [(each.verdict, each.is_failure) for each, _, _ in cases] == [(told, fails) for _, told, fails in cases]


def test_table_has_a_line_for_each_measure_under_its_part():
    table = format_table(
        {
            "load": [Measure(name="a load", value=1.456, unit="times", goal=1.45, limit=1.6)],
            "anchoring": [],
            "pages": [Measure(name="a page", value=12, unit="ms")],
        }
    )
    lines = table.splitlines()
    assert [" ".join(line.split()) for line in (lines[0], *lines[2:8])] == [
        "what was measured figure goal limit verdict",
        "LOAD",
        "a load 1.46 times <= 1.45 <= 1.60 within limit",
        "ANCHORING",
        "not measured: this machine has not what it needs",
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


def test_documentation_names_the_numbers_that_the_parts_use():
    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    used = (UNCHANGED, QUOTATIONS, ANNOTATIONS, FEW, MANY, SPEECHES, *SIZES)
    assert [number for number in used if f"{number:,}" not in text] == []


def test_every_part_has_its_function():
    assert all(map(callable, map(find_function, PARTS.values())))


def test_notes_of_the_benchmark_quote_whole_words_that_are_in_the_speech():
    text = (
        "We ask who may enter.\n\nThe officer says at the outset who he or she is, and which office he or she serves."
    )
    found = WHOLE_WORDS.search(text, 5)
    assert found
    assert found[1] == "who may enter.\n\nThe officer says at the outset who he or she is,"


def test_quotations_are_damaged_in_each_way_and_always_the_same(statements: sqlite3.Connection) -> None:
    made = make_quotations(statements, 2 * len(DAMAGES))
    assert made == make_quotations(statements, 2 * len(DAMAGES))
    assert len({each.damage for each in made}) == len(DAMAGES)
