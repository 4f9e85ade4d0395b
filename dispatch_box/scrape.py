"""The verb `scrape`, once or at an interval."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import click

from scrapers.cli.crawl import scrape_command
from scrapers.cli.options import parse_age_option

EXAMPLES = f"{scrape_command.epilog}  dispatch-box scrape --every 24h\n"


class _ScrapeCommand(click.Command):
    """A command with the options of one run, and its own."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """List the options of one run, then --every."""
        return list({each.name: each for each in (*scrape_command.params, *super().get_params(ctx))}.values())


@click.command("scrape", cls=_ScrapeCommand, short_help=scrape_command.short_help, epilog=EXAMPLES)
@click.option(
    "--every",
    callback=parse_age_option,
    help="Keep running, and scrape at this interval (24h, 90m, 2d), even after a failed run. Default: once.",
)
@click.pass_context
def scrape(context: click.Context, /, every: timedelta | None, **given: Any) -> None:
    """Fetch and load debates, and update notes, in one run that is recorded in the table of runs.

    Parliament's API says which days mention a topic; TheyWorkForYou's files are then fetched for those days only.
    """
    if every is None:
        context.invoke(scrape_command, **given)
    else:
        repeat(_remove_interval(sys.argv[1:]), every)


def repeat(arguments: list[str], every: timedelta) -> None:
    """Scrape in a process of its own at an interval, until this process is ended."""
    signal.signal(signal.SIGTERM, _end)  # process 1 of a container has no other way to end
    while True:
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-m", "dispatch_box", *arguments], check=False)
        wait = max(0.0, every.total_seconds() - (time.monotonic() - began))
        click.echo(
            f"finished with exit code {done.returncode}; the next run begins in {timedelta(seconds=round(wait))}",
            err=True,
        )
        time.sleep(wait)


def _end(*_: object) -> None:
    sys.exit(0)


def _remove_interval(arguments: list[str]) -> list[str]:
    """Return the arguments without --every and its value."""
    rest: list[str] = []
    given = iter(arguments)
    for argument in given:
        if argument == "--every":
            next(given, None)
        elif not argument.startswith("--every="):
            rest.append(argument)
    return rest
