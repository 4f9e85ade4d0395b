"""The kinds of the record, and TheyWorkForYou's folders of them: how their files are named, and which to ask for."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from db.records.topic import Topic


class Kind(NamedTuple):
    """One series of the record: how its files in the folder of its name begin, and where the site shows them.

    TheyWorkForYou has no folder of a kind whose `prefix` is empty.
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
NAME = re.compile(r"scrapedxml/(\w+)/([a-z]+)((?:\d+[\d-]*_[\w-]+_)?)(\d{4}-\d\d-\d\d)([a-z]*)\.xml", re.ASCII)


def patterns(topic: Topic, days: Iterable[str] | None = None) -> list[str]:
    """Path patterns (* is any run of characters but a slash) of a topic's kinds, on some days or on all of its."""
    dates = globs(topic.start, topic.end) if days is None else [f"{day}*" for day in days]
    return [
        f"scrapedxml/{kind}/{KINDS[kind].prefix}{'*_' if kind == 'standing' else ''}{glob}.xml"
        for kind in topic.kinds
        if KINDS[kind].prefix
        for glob in dates
    ]


def unit(name: str) -> tuple[str, str] | None:
    """Kind and date of a file name, the unit of loading; None where it is no file of ours."""
    match = NAME.fullmatch(name)
    if not match or match[1] not in KINDS or KINDS[match[1]].prefix != match[2]:
        return None
    return match[1], match[4]


def name_of(file: str) -> str | None:
    """The name in scrapedxml of a file known by its last part alone (debates2008-06-18d.xml), or None."""
    names = (f"scrapedxml/{kind}/{file}" for kind in KINDS)
    return next((name for name in names if unit(name)), None)


def globs(start: str, end: str) -> list[str]:
    """Globs of the days from start to end, inclusive (YYYY-MM-DD), each open at its end for a letter.

    >>> globs("2007-12-31", "2009-01-01")
    ['2007-12-31*', '2008-*', '2009-01-01*']
    """
    return list(_globs(date.fromisoformat(start), date.fromisoformat(end)))


def _globs(day: date, last: date) -> Iterator[str]:
    while day <= last:
        if (day.month, day.day) == (1, 1) and (end := day.replace(month=12, day=31)) <= last:
            yield f"{day:%Y}-*"
        elif day.day == 1 and (end := day.replace(day=monthrange(day.year, day.month)[1])) <= last:
            yield f"{day:%Y-%m}-*"
        else:
            end = day
            yield f"{day:%Y-%m-%d}*"
        day = end + timedelta(days=1)
