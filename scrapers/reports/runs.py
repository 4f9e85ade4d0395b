"""The runs of an archive, and the table of them that the verb `runs` prints."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from db.archive.counts import COUNTS_SOURCE
from db.archive.gaps import read_gaps
from db.archive.responses import open_archive
from db.sqlite import Row, read_rows
from scrapers.reports.health import describe_arrivals, describe_end

COLUMNS = ("id", "began", "took", "requests", "304s", "new", "changed", "gone", "failed", "gaps", "result")
COUNTS = ("requests", "not_modified", "new", "changed", "gone", "failed", "gaps")


def list_runs(path: Path) -> list[Row]:
    """List every run of an archive, newest first; none if the file does not exist (it is not created)."""
    if not path.exists():
        return []
    with closing(open_archive(path)) as received:
        return read_rows(received, "SELECT * FROM runs ORDER BY id DESC")


def list_falls(path: Path) -> list[Row]:
    """List the open gaps of counts that fell, which nobody acknowledged; none if there is no archive."""
    if not path.exists():
        return []
    with closing(open_archive(path)) as received:
        return [gap for gap in read_gaps(received, "counting") if gap["source"] == COUNTS_SOURCE]


def format_table(runs: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a table of runs, in their order."""
    lines = [COLUMNS, *(_format_cells(run) for run in runs)]
    if len(lines) == 1:
        lines = [("No runs yet.",)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    for line in lines:
        yield "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()


def _format_cells(run: Row) -> tuple[str, ...]:
    started, finished = run["started"], run["finished"]
    took = str(datetime.fromisoformat(finished) - datetime.fromisoformat(started)) if finished else ""
    how = f"ok: {describe_arrivals(run)}" if run["exit_code"] == 0 else describe_end(run).replace("\n", " ")
    return (
        str(run["id"]),
        f"{started[:10]} {started[11:16]}",
        took,
        *(f"{run[name]:,}" for name in COUNTS),
        "; ".join(filter(None, (how, run["expected"]))),
    )
