"""Printing of a run: its progress, what it could not use, and at its end its counts and open gaps."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence

import click

from db.exit_codes import choose_gravest
from db.records.source import WHOLE_SOURCE
from db.sqlite import Row
from db.statements.row_builders import QuarantinedDocument
from scrapers.fetch.progress import Progress
from scrapers.run import RunOutcome

GAPS_SHOWN = 5  # at the end of a run


def make_progress(as_json: bool) -> Progress:
    """Make a Progress that prints lines of JSON, draws a bar on a terminal, or prints nothing."""
    if as_json:
        return Progress(click.echo)
    return Progress(terminal=sys.stderr if sys.stderr.isatty() else None)


def make_bad_reporter(as_json: bool, progress: Progress) -> Callable[[QuarantinedDocument], None]:
    """Make a function that prints what a load could not use."""

    def report_bad(quarantined: QuarantinedDocument) -> None:
        progress.clear()
        if as_json:
            click.echo(json.dumps({"event": "failed", **quarantined._asdict()}))
        place = f" ({quarantined.unit}, {quarantined.place})" if quarantined.place else ""
        click.echo(f"failed: {quarantined.name}{place}: {quarantined.reason}", err=True)

    return report_bad


def finish_run(outcome: RunOutcome, as_json: bool, *names: str, code: int = 0) -> None:
    """Print the outcome of a run and what is open, and exit with the gravest exit code."""
    code = choose_gravest([outcome.exit_code, code])
    for problem in outcome.problems:
        click.echo(f"error: {problem}", err=True)
    for notice in outcome.notices:
        click.echo(notice, err=True)
    _print_gaps([gap for gap in outcome.gaps if gap["name"] != WHOLE_SOURCE])  # a problem above names those
    counts = Counter({**outcome.counts, "gaps": len(outcome.gaps)})
    if as_json:
        click.echo(json.dumps({"event": "end", "exit_code": code, **counts}))
    else:
        shown = [*names, "gaps"] if outcome.gaps else names
        click.echo(", ".join(f"{name} {counts[name]:,}" for name in shown))
    sys.exit(code)


def _print_gaps(open_gaps: Sequence[Row]) -> None:
    for gap in open_gaps[:GAPS_SHOWN]:
        click.echo(f"gap {gap['id']}: {gap['source']}, {gap['what']}: {gap['reason']}", err=True)
    if len(open_gaps) > GAPS_SHOWN:
        click.echo(f"and {len(open_gaps) - GAPS_SHOWN:,} more gaps: dispatch-box gaps", err=True)
