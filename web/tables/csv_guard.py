"""Guard against spreadsheet formulas in the CSV that Datasette writes."""

from types import SimpleNamespace

from datasette import hookimpl
from datasette.views import base

from db.csv_cells import GuardedWriter


@hookimpl
def startup() -> None:
    """Make Datasette write CSV rows with GuardedWriter; it has no hook for that."""
    base.csv = SimpleNamespace(writer=GuardedWriter)
