"""The kinds (series) of the record, with TheyWorkForYou's folders, file names and path patterns for each."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from db.records.topic import Topic


class Kind(NamedTuple):
    """One series of the record: the prefix of its file names, the area of its gids, its house and its path on the site.

    TheyWorkForYou has no folder for a kind with an empty `prefix`.
    """

    prefix: str
    area: str
    house: str
    path: str


KINDS = {
    "debates": Kind("debates", "debate", "commons", "debates"),
    "westminhall": Kind("westminster", "westminhall", "commons", "whall"),
    "wrans": Kind("answers", "wrans", "commons", "wrans"),
    "wms": Kind("ministerial", "wms", "commons", "wms"),
    "lordspages": Kind("daylord", "lords", "lords", "lords"),
    "lordswrans": Kind("lordswrans", "wrans", "lords", "wrans"),
    "lordswms": Kind("lordswms", "wms", "lords", "wms"),
    "standing": Kind("standing", "standing", "commons", "pbc"),
    "grandcommittee": Kind("", "", "lords", ""),
    "petitions": Kind("", "", "commons", ""),
    "corrections": Kind("", "", "commons", ""),
}
WRITTEN_ANSWERS = frozenset({"wrans", "lordswrans"})
DOCUMENT_NAME = re.compile(r"scrapedxml/(\w+)/([a-z]+)((?:\d+[\d-]*_[\w-]+_)?)(\d{4}-\d\d-\d\d)([a-z]*)\.xml", re.ASCII)


def list_path_patterns(topic: Topic, days: Iterable[str] | None = None) -> list[str]:
    """Return path patterns for a topic's kinds, on the days given or on all days of the topic.

    In a pattern * stands for any run of characters except a slash.
    """
    dates = list_date_globs(topic.start, topic.end) if days is None else [f"{day}*" for day in days]
    return [
        f"scrapedxml/{kind}/{KINDS[kind].prefix}{'*_' if kind == 'standing' else ''}{glob}.xml"
        for kind in topic.kinds
        if KINDS[kind].prefix
        for glob in dates
    ]


def parse_document_name(name: str) -> tuple[str, str] | None:
    """Return the kind and date (the unit of loading) in a file's path, or None if it is not a file of the record."""
    match = DOCUMENT_NAME.fullmatch(name)
    if not match or match[1] not in KINDS or KINDS[match[1]].prefix != match[2]:
        return None
    return match[1], match[4]


def find_document_name(file: str) -> str | None:
    """Return the path in scrapedxml of a file given by its last part alone (debates2008-06-18d.xml), or None."""
    names = (f"scrapedxml/{kind}/{file}" for kind in KINDS)
    return next((name for name in names if parse_document_name(name)), None)


def list_date_globs(start: str, end: str) -> list[str]:
    """Return the fewest globs that match every day from start to end (YYYY-MM-DD, inclusive) and no other day.

    Each ends with * to match any letter of a file.

    >>> list_date_globs("2007-12-31", "2009-01-01")
    ['2007-12-31*', '2008-*', '2009-01-01*']
    >>> list_date_globs("9999-12-31", "9999-12-31")
    ['9999-12-31*']
    """
    return list(_iterate_globs(date.fromisoformat(start), date.fromisoformat(end)))


def _iterate_globs(day: date, last: date) -> Iterator[str]:
    while day <= last:
        if (day.month, day.day) == (1, 1) and (end := day.replace(month=12, day=31)) <= last:
            yield f"{day:%Y}-*"
        elif day.day == 1 and (end := day.replace(day=monthrange(day.year, day.month)[1])) <= last:
            yield f"{day:%Y-%m}-*"
        else:
            end = day
            yield f"{day:%Y-%m-%d}*"
        if end == date.max:
            return
        day = end + timedelta(days=1)
