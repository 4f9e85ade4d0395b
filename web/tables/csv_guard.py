"""Cells of Datasette's own CSV are guarded as those of ours: no spreadsheet takes one for a formula."""

import csv
from types import SimpleNamespace
from typing import Any

from datasette import hookimpl
from datasette.views import base

from web.http.csv_cells import safe


@hookimpl
def startup() -> None:
    """Have Datasette write its rows with such a writer: it has no hook for them."""
    base.csv = SimpleNamespace(writer=Guarded)


class Guarded:
    """What `csv.writer` is, with cells made safe."""

    def __init__(self, file: Any) -> None:
        self._out = csv.writer(file)

    def writerow(self, row: Any) -> Any:
        """What the file's `write` answers, which Datasette waits for."""
        return self._out.writerow([safe(cell) for cell in row])
