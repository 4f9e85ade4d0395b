"""No spreadsheet takes a cell of a CSV of ours for a formula, and a guard comes off again."""

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.csv_cells import SIGNS, GuardedWriter, guard_cell, unguard_cell

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("db", "scrapers", "annotations", "accounts", "web", "plugins", "export")
PLAIN = ["1+1", "a = b", "'tis so", "", " ", "–1", "word -", "'", "said\n=1"]
BEGINNINGS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫", "\t", "\r", "\n", "\r\n"]
FORMULAS = [
    *(f"{sign}1+1" for sign in BEGINNINGS),
    *(f"{space}{sign}1+1" for space in (" ", "   ", "\u00a0", "\u3000", "\t", "\r", "\n") for sign in "=+-@＝＋－＠"),
    *("@SUM(A1)", "'=1", "''＝1", "' =1"),
]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_guarded_and_read_back(cell: str) -> None:
    assert guard_cell(cell) == f"'{cell}"
    assert unguard_cell(guard_cell(cell)) == cell


@pytest.mark.parametrize("cell", PLAIN)
def test_a_cell_without_a_formula_is_unchanged(cell: str) -> None:
    assert guard_cell(cell) == unguard_cell(cell) == cell


@given(st.text() | st.from_regex(rf"'{{0,3}}\s{{0,2}}[{SIGNS}].?"))
def test_unguarding_reverses_every_guard(cell: str) -> None:
    assert unguard_cell(guard_cell(cell)) == cell


@pytest.mark.parametrize("dialect", ["excel", "excel-tab"])
def test_a_writer_guards_text_and_leaves_numbers_and_empty_cells(dialect: str) -> None:
    file = io.StringIO(newline="")
    GuardedWriter(file, dialect).writerows([["＝1", -1, None, 0.5], [*FORMULAS, *PLAIN]])
    first, second = csv.reader(io.StringIO(file.getvalue(), newline=""), dialect)
    assert first == ["'＝1", "-1", "", "0.5"]
    assert second == [*(f"'{cell}" for cell in FORMULAS), *PLAIN]


def test_only_the_data_package_and_the_databases_of_others_are_written_without_the_guard() -> None:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    writing = {path.relative_to(ROOT).as_posix() for path in files if _calls_a_csv_writer(path)}
    assert writing == {"db/csv_cells.py", "export/data_package.py", "web/tables/cells.py"}  # the last asks whose it is


def _calls_a_csv_writer(path: Path) -> bool:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return any(isinstance(node, ast.Attribute) and node.attr in ("DictWriter", "writer") for node in nodes)
