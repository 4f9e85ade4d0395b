"""CSV for spreadsheets: guard cells so that no spreadsheet takes one for a formula, and take the guard off again."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

SIGNS = "=+\\-@＝＋－＠﹢﹣﹦﹫"  # what begins a formula, also in the full-width and small forms of Unicode
FORMULA = re.compile(rf"'*(?:[\t\r\n]|\s*[{SIGNS}])")
GUARDED = re.compile(rf"'+(?:[\t\r\n]|\s*[{SIGNS}])")


def guard_cell(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet may take for a formula; return any other cell as it is.

    A formula begins with one of SIGNS, with or without white space before it; a tab or line end at the beginning is
    guarded in any case. A cell that already looks guarded gets one more apostrophe, so that nothing is lost.

    >>> guard_cell("=1+1"), guard_cell("＝1+1"), guard_cell(" -1"), guard_cell("'tis so")
    ("'=1+1", "'＝1+1", "' -1", "'tis so")
    """
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguard_cell(cell: str) -> str:
    """Take the apostrophe of `guard_cell` off again.

    >>> unguard_cell(guard_cell("=1")), unguard_cell(guard_cell("'=1")), unguard_cell("'tis so")
    ('=1', "'=1", "'tis so")
    """
    return cell[1:] if GUARDED.match(cell) else cell


class GuardedWriter:
    """A `csv.writer` that guards every text cell; numbers stay numbers."""

    def __init__(self, file: Any, dialect: str = "excel") -> None:
        self._writer = csv.writer(file, dialect)

    def writerow(self, row: Iterable[object]) -> Any:
        """Write one row; return what the file's `write` returns, as `csv.writer` does."""
        return self._writer.writerow([guard_cell(cell) if isinstance(cell, str) else cell for cell in row])

    def writerows(self, rows: Iterable[Iterable[object]]) -> None:
        """Write rows one after another."""
        for row in rows:
            self.writerow(row)


def write_csv(rows: Iterable[Iterable[object]], dialect: str = "excel") -> str:
    """Write rows as guarded CSV, in a dialect of the csv module."""
    file = io.StringIO()
    GuardedWriter(file, dialect).writerows(rows)
    return file.getvalue()
