"""Write the whole archive as a folder of plain files that needs no server."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from db.cli import FOLDER_TYPE, existing_db_dir_option, run_command_line
from db.cli.version import version_option

BASE_URL = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/-]*)?", re.ASCII)
EXAMPLES = """\b
Examples:
  dispatch-box export --to site
  dispatch-box export --base-url https://archive.example/record
"""
PROCESSES = 2
REPORT_INTERVAL = 2.0  # seconds between two reports of progress


@version_option
@click.command(help=__doc__, epilog=EXAMPLES)
@existing_db_dir_option
@click.option("--to", envvar="EXPORT", default="site", type=FOLDER_TYPE, show_default=True, help="Folder (or EXPORT).")
@click.option("--base-url", envvar="BASE_URL", default="", help="Address of publication (or BASE_URL).")
@click.option(
    "--journal/--no-journal", default=True, help="Include the journal of what people entered, or leave it out."
)
@click.option(
    "--processes", default=PROCESSES, type=click.IntRange(1, 64), show_default=True, help="Processes that write pages."
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
def cli(db_dir: Path, to: Path, base_url: str, journal: bool, processes: int, quiet: bool) -> None:
    """Export, and report progress."""
    from export.build import build_export  # here, since help needs no server
    from export.output_folder import ExportError

    if base_url and not BASE_URL.fullmatch(base_url):
        raise ExportError(f"--base-url {base_url!r} is no address such as https://archive.example/record")
    began, report = time.monotonic(), make_reporter(quiet)
    made = build_export(db_dir, to, base_url.rstrip("/"), journal, processes, report)
    took, size = time.monotonic() - began, f"{made.size / 1e6:,.1f} MB"
    click.echo(
        f"{to}: {made.files:,} files, {size}, as of {made.stamp}; {made.pages:,} pages in {took:.1f} s", err=True
    )
    if not base_url and not quiet:
        click.echo("No --base-url: links in feeds lead to files, and citations name no public address.", err=True)


def make_reporter(quiet: bool) -> Callable[[int, int], None]:
    """Make the function that reports progress: one line of a terminal, which is written again, or lines of a log."""
    began = reported = time.monotonic()
    end = "\r" if sys.stderr.isatty() else "\n"

    def report(done: int, waiting: int) -> None:
        nonlocal reported
        if not quiet and time.monotonic() - reported > REPORT_INTERVAL:
            reported = time.monotonic()
            line = f"{done:,} pages, {waiting:,} more known of, {reported - began:.0f} s"
            click.echo(f"{line:<70}{end}" if end == "\r" else f"{line}{end}", nl=False, err=True)

    return report


def main() -> None:
    """Run the command line."""
    run_command_line(cli, "python -m export")


if __name__ == "__main__":
    main()
