"""How the archive stands, in words, worked out from its runs: "nothing new" and "it is broken" never look alike."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from db.citation import written
from db.rows import Row

EVERY = "24h"  # how often the sources are asked, where no setting says otherwise
PATIENCE = 1.5  # so many times that may pass before it is stale
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
COLUMNS = ("id", "began", "took", "requests", "304s", "new", "changed", "gone", "failed", "gaps", "how it went")

State = Literal["well", "stale", "failing", "never ran", "under way"]


class Health(NamedTuple):
    """How it stands, that in a sentence, and when (UTC) a run last ended well and the next one is due (None: now)."""

    state: State
    sentence: str
    last_success: str | None
    next_due: str | None

    @property
    def ok(self) -> bool:
        """Whether nobody needs to look after it."""
        return self.state in ("well", "under way")


def age(text: str) -> timedelta:
    """How long 90m, 36h or 2d is. Raises ValueError.

    >>> age("36h")
    datetime.timedelta(days=1, seconds=43200)
    """
    match = re.fullmatch(r"([0-9]{1,5})([mhd])", text.strip())
    if not match or int(match[1]) == 0:
        raise ValueError(f"{text!r} is no length of time: write it like 90m, 36h or 2d")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def health(runs: Sequence[Row], topics: Iterable[Row], open_gaps: int, now: datetime, every: timedelta) -> Health:
    """How it stands, by the runs (newest first), the topics with their mentions and expected ones, and open gaps."""
    success = last_success(runs)
    due = f"{_time(success) + every:%Y-%m-%dT%H:%M:%SZ}" if success else None
    state, sentence = _stands(runs, success, now, every)
    short = shortfall(topics)
    if state == "well" and short:
        state, sentence = "failing", f"{short}: a source has changed, or the scraper is broken"
    gaps = f"; {open_gaps:,} {'gap is' if open_gaps == 1 else 'gaps are'} open" if open_gaps else ""
    return Health(state, f"{sentence}{gaps}.", success, due)


def last_success(runs: Sequence[Row]) -> str | None:
    """When a run last ended well (UTC); None where none ever did."""
    return next((run["finished"] for run in runs if run["finished"] and run["exit_code"] == 0), None)


def shortfall(topics: Iterable[Row]) -> str:
    """In words, which topics have fewer mentions than expected; "" where none has."""
    return "; ".join(
        f"{topic['title']}: {topic['mentions']:,} mentions, where at least {topic['expected']:,} are expected"
        for topic in topics
        if topic["mentions"] < topic["expected"]
    )


def stale(runs: Sequence[Row], limit: timedelta, now: datetime) -> str:
    """Why the last success is too long ago, in a sentence; "" where it is not."""
    success = last_success(runs)
    if success and now - _time(success) <= limit:
        return ""
    last = f" The last run {ended(runs[0])}." if runs else " No run is recorded."
    since = f"since {when(success)}, {_ago(now - _time(success))} ago" if success else "yet"
    return f"no run has ended well {since}.{last}"


def _stands(runs: Sequence[Row], success: str | None, now: datetime, every: timedelta) -> tuple[State, str]:
    if not runs:
        return "never ran", "No run is recorded: `make scrape` starts one"
    last = runs[0]
    if not last["finished"] and now - _time(last["started"]) < every:
        return "under way", f"A run that began on {when(last['started'])} is under way"
    if not last["finished"] or last["exit_code"] != 0:
        well = f"; the last that ended well did so on {when(success)}" if success else "; none has ended well yet"
        return "failing", f"The last run {ended(last)}{well}"
    if now - _time(last["finished"]) > every * PATIENCE:
        return "stale", f"The last run ended on {when(last['finished'])}, {_ago(now - _time(last['finished']))} ago"
    return "well", f"The last run ended on {when(last['finished'])} with {came(last)}"


def ended(run: Row) -> str:
    """How a run ended, as the end of a sentence."""
    if not run["finished"]:
        return f"began on {when(run['started'])} and has not ended"
    if run["exit_code"] == 0:
        return f"ended well on {when(run['finished'])}"
    return f"did not end well on {when(run['finished'])}: {why(run)}"


def why(run: Row) -> str:
    """Why a run did not end well."""
    failed = f"{run['failed']:,} {'document' if run['failed'] == 1 else 'documents'} could not be read"
    reason: str = run["message"] or (failed if run["failed"] else f"exit code {run['exit_code']}")
    return reason.rstrip(".")


def came(run: Row) -> str:
    """What a run brought: nothing new, or how many of what."""
    counts = (f"{run[name]:,} {name}" for name in ("new", "changed", "gone") if run[name])
    return ", ".join(counts) or "nothing new"


def when(time: str) -> str:
    """A time of the archive for a reader: 22 November 2026 at 06:05 UTC."""
    return f"{written(time[:10])} at {time[11:16]} UTC"


def table(runs: Iterable[Row]) -> Iterator[str]:
    """Lines of a table of runs, in their order."""
    lines = [COLUMNS, *(_line(run) for run in runs)]
    if len(lines) == 1:
        lines = [("No run is recorded.",)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    for line in lines:
        yield "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()


def _line(run: Row) -> tuple[str, ...]:
    took = str(_time(run["finished"]) - _time(run["started"])) if run["finished"] else ""
    counts = (f"{run[name]:,}" for name in ("requests", "not_modified", "new", "changed", "gone", "failed", "gaps"))
    how = f"well: {came(run)}" if run["exit_code"] == 0 else ended(run).replace("\n", " ")
    return (
        str(run["id"]),
        f"{run['started'][:10]} {run['started'][11:16]}",
        took,
        *counts,
        "; ".join(filter(None, (how, run["expected"]))),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ago(past: timedelta) -> str:
    hours = int(past.total_seconds() // 3600)
    count, unit = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{count} {unit}{'' if count == 1 else 's'}"
