"""Health of the archive from its runs, in words that tell "nothing new" from "broken"."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from db.citation import format_date
from db.sqlite import Row

DEFAULT_INTERVAL = "24h"  # between two runs, if no setting gives another
PATIENCE = 1.5  # intervals after the last run at which the archive is stale
UNITS = {"m": "minutes", "h": "hours", "d": "days"}

HealthState = Literal["well", "stale", "failing", "never ran", "under way"]


class ArchiveHealth(NamedTuple):
    """State of the archive, a sentence on it, and the times (UTC) of the last success and the next run (None: now)."""

    state: HealthState
    sentence: str
    last_success: str | None
    next_due: str | None

    @property
    def ok(self) -> bool:
        """True if the archive needs no attention."""
        return self.state in ("well", "under way")


def parse_age(text: str) -> timedelta:
    """Parse a length of time such as 90m, 36h or 2d. Raises ValueError.

    >>> parse_age("36h")
    datetime.timedelta(days=1, seconds=43200)
    """
    match = re.fullmatch(r"([0-9]{1,5})([mhd])", text.strip())
    if not match or int(match[1]) == 0:
        raise ValueError(f"{text!r} is not a length of time: write it like 90m, 36h or 2d")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def assess_health(
    runs: Sequence[Row], topics: Iterable[Row], open_gaps: int, now: datetime, every: timedelta
) -> ArchiveHealth:
    """Assess the archive by its runs (newest first), the topics with actual and expected mentions, and open gaps."""
    success = find_last_success(runs)
    due = f"{_parse_time(success) + every:%Y-%m-%dT%H:%M:%SZ}" if success else None
    state, sentence = _assess_runs(runs, success, now, every)
    short = describe_shortfall(topics)
    if state == "well" and short:
        state, sentence = "failing", f"{short}: not everything was fetched, or a source has changed"
    gaps = "" if not open_gaps or describe_open_gaps(open_gaps) in sentence else f"; {describe_open_gaps(open_gaps)}"
    return ArchiveHealth(state=state, sentence=f"{sentence}{gaps}.", last_success=success, next_due=due)


def describe_open_gaps(count: int) -> str:
    """Describe the number of open gaps in words.

    >>> describe_open_gaps(1)
    '1 gap is open'
    """
    return f"{count:,} {'gap is' if count == 1 else 'gaps are'} open"


def find_last_success(runs: Sequence[Row]) -> str | None:
    """Find the end (UTC) of the last run that ended well; None if none did."""
    return next((run["finished"] for run in runs if run["finished"] and run["exit_code"] == 0), None)


def describe_shortfall(topics: Iterable[Row]) -> str:
    """Describe the topics that have fewer mentions than expected; "" if none has."""
    return "; ".join(
        f"{topic['title']}: {topic['mentions']:,} mentions, where at least {topic['expected']:,} are expected"
        for topic in topics
        if topic["mentions"] < topic["expected"]
    )


def explain_staleness(runs: Sequence[Row], limit: timedelta, now: datetime, falls: Sequence[Row] = ()) -> str:
    """Explain in a sentence that the last success is too long ago, or that a count fell; "" if all is well.

    `falls` are the gaps that are open since something is less than it was. Fewer mentions than expected are a failure,
    however well the last run ended.
    """
    short = next((run["expected"] for run in runs if run["finished"]), "")
    if short or falls:
        fallen = (f"{fall['what']}: {fall['reason']}" for fall in falls)
        return "; ".join([*filter(None, [short]), *fallen])
    success = find_last_success(runs)
    if success and now - _parse_time(success) <= limit:
        return ""
    last = f" The last update {describe_end(runs[0])}." if runs else " No runs yet."
    since = f"since {format_time(success)}, {_describe_past(now - _parse_time(success))} ago" if success else "yet"
    return f"no complete update {since}.{last}"


def _assess_runs(runs: Sequence[Row], success: str | None, now: datetime, every: timedelta) -> tuple[HealthState, str]:
    if not runs:
        return "never ran", "Not updated yet: `dispatch-box scrape` starts an update"
    last = runs[0]
    if not last["finished"] and now - _parse_time(last["started"]) < every:
        return "under way", f"An update that began on {format_time(last['started'])} is running"
    if not last["finished"] or last["exit_code"] != 0:
        well = (
            f"; the last complete update was on {format_time(success)}" if success else "; none has been completed yet"
        )
        return "failing", f"The last update {describe_end(last)}{well}"
    if now - _parse_time(last["finished"]) > every * PATIENCE:
        past = _describe_past(now - _parse_time(last["finished"]))
        return "stale", f"Last updated on {format_time(last['finished'])}, {past} ago"
    return "well", f"Last updated on {format_time(last['finished'])}: {describe_arrivals(last)}"


def describe_end(run: Row) -> str:
    """Describe how a run ended, as the end of a sentence."""
    if not run["finished"]:
        return f"began on {format_time(run['started'])} and has not finished"
    if run["exit_code"] == 0:
        return f"finished on {format_time(run['finished'])}"
    return f"was incomplete on {format_time(run['finished'])}: {explain_failure(run)}"


def explain_failure(run: Row) -> str:
    """Explain why a run did not end well."""
    what = "document or part of one" if run["failed"] == 1 else "documents or parts of them"
    failed = f"{run['failed']:,} {what} could not be read"
    reasons = [run["message"], failed if run["failed"] else ""]
    return ("; ".join(filter(None, reasons)) or f"exit code {run['exit_code']}").rstrip(".")


def describe_arrivals(run: Row) -> str:
    """Describe the documents of a run: the numbers new, changed and gone, or "nothing new"."""
    counts = (f"{run[name]:,} {name}" for name in ("new", "changed", "gone") if run[name])
    return ", ".join(counts) or "nothing new"


def format_time(time: str) -> str:
    """Write a time of the archive for a reader: 22 November 2026 at 06:05 UTC."""
    return f"{format_date(time[:10])} at {time[11:16]} UTC"


def _parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _describe_past(past: timedelta) -> str:
    hours = int(past.total_seconds() // 3600)
    count, unit = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{count} {unit}{'' if count == 1 else 's'}"
