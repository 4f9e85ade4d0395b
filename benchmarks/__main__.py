"""The command line of the benchmark: it makes a folder of databases, measures part by part, and prints one table."""

import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks.bench_folder import find_source, make_bench_folder
from benchmarks.measures import format_table
from benchmarks.parts import PARTS, measure_parts

SPEECHES = 6_600


@click.command()
@click.option("--speeches", default=SPEECHES, show_default=True, help="About how many speeches to measure with.")
@click.option("--only", default="", help=f"Parts to measure, with commas between: {', '.join(PARTS)}.")
def main(speeches: int, only: str) -> None:
    """Measure the speed of this program part by part, and print one table with goals, limits and verdicts.

    The exit code is 1 if a limit is passed by a ratio, a share or a count; a time depends on the machine too.
    """
    chosen = [part.strip() for part in only.split(",") if part.strip()] or list(PARTS)
    if unknown := [part for part in chosen if part not in PARTS]:
        raise click.UsageError(f"there is no part {unknown[0]}: choose of {', '.join(PARTS)}")
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as work:
        folder = make_bench_folder(Path(work), speeches)
        measured = dict(measure_parts(folder, [part for part in PARTS if part in chosen]))
    seconds = time.monotonic() - started
    print(f"\n{folder.speeches:,} speeches, made of {find_source().name}; measured in {seconds:.0f} seconds.\n")
    print(format_table(measured))
    failures = [one for measures in measured.values() for one in measures if one.is_failure]
    print(f"{len(failures)} limits passed." if len(failures) != 1 else "1 limit passed.")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
