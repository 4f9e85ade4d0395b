"""One round of asking: each source in its turn, and all that comes is stored before anyone reads it."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from db.archive import gaps
from db.archive import responses as archive
from db.records.errors import LATER, Unavailable
from db.records.source import Gap, Listed, Response
from db.records.topic import Topic
from scrapers.fetch.http.client import open_site
from scrapers.fetch.http.politeness import Manners
from scrapers.fetch.interfaces import Leads, Location, Site
from scrapers.fetch.locations import open_location
from scrapers.fetch.progress import Progress
from scrapers.sources import hansard, people, publications, theyworkforyou, theyworkforyou_api

ORDER = ("people", "hansard", "theyworkforyou_api", "theyworkforyou", "publications")
USUAL = ORDER[:-1]  # pages are asked for by name only
EVERYTHING = "(the whole source)"
MANNERS: dict[str, dict[str, Any]] = {  # what differs from the usual
    "theyworkforyou_api": {"hosts": ("theyworkforyou.com", "www.theyworkforyou.com")},
    "publications": {"refusals": 1},
}
Crawl = Callable[[Site, Topic, Leads], Iterator[Response | Gap]]


class Settings(NamedTuple):
    """Whom to ask, where and how; `sweep` reads every day of the window, `again` what need not be asked again, too."""

    parldata: str
    hansard: str
    twfy_api: str
    publications: str
    key: str
    manners: Manners
    sources: tuple[str, ...]
    sweep: bool
    again: bool
    whole: bool  # every topic, kind and date of the file of topics

    @property
    def led(self) -> bool:
        """Whether TheyWorkForYou's files are asked for on days that are known to name a topic, and not on all."""
        return "theyworkforyou" in self.sources and not (self.sweep or self.parldata.startswith("file:"))


class Round(NamedTuple):
    """One run's asking: where it stores, what it counts, and what it could not ask."""

    received: sqlite3.Connection
    folder: Path
    settings: Settings
    run: int | None
    since: str  # what was asked for from then on is not asked for again: the beginning of a run that was interrupted
    counts: Counter[str]
    problems: list[Unavailable]
    said: list[str]
    progress: Progress


def ask(here: Round, source: str, topics: Sequence[Topic], leads: Leads | None) -> None:
    """Ask one source about topics, if it is wanted. One that cannot be asked is a gap, and the others go on."""
    if source not in here.settings.sources:
        return
    try:
        if source in FILES:
            _ask_files(here, source, topics, leads)
        else:
            _ask_site(here, source, topics, leads or Leads())
    except Unavailable as error:
        here.problems.append(error)
        _open(here, Gap(source, EVERYTHING, EVERYTHING, *_window(topics), str(error)))
    else:
        gaps.close_gaps(here.received, source, "", "9999", EVERYTHING)


def _window(topics: Sequence[Topic]) -> tuple[str, str]:
    return min((t.start for t in topics), default=""), max((t.end for t in topics), default="")


def _open(here: Round, gap: Gap) -> None:
    gaps.open_gap(here.received, gap, here.run)
    archive.distrust(here.received, gap.source, gap.name)
    here.counts["gaps"] += 1


def _ask_site(here: Round, source: str, topics: Sequence[Topic], leads: Leads) -> None:
    crawl, url = _service(here, source)
    if not url:
        here.said.append(f"{source} was not asked: it needs a key, in TWFY_API_KEY")
        return
    memory = archive.memory(here.received, source)
    manners = here.settings.manners._replace(**MANNERS.get(source, {}))
    site = open_site(source, url, manners, memory, here.counts, since=here.since, again=here.settings.again)
    still: set[str] = set()
    for topic in topics:
        for number, came in enumerate(crawl(site, topic, leads), 1):
            here.progress(f"{source}, {topic.id}", number, 0, came.name)
            if isinstance(came, Gap):
                still.add(came.name)
                _open(here, came)
            else:
                here.counts[archive.keep(here.received, came)] += 1
                here.counts["asked"] += 1
    if here.settings.whole:  # whatever was a gap before was asked for again just now
        gaps.settle(here.received, source, *_window(topics), still)


def _service(here: Round, source: str) -> tuple[Crawl, str]:
    """How a web service is crawled, and its address; none where it cannot be asked."""
    s = here.settings
    services: dict[str, tuple[Crawl, str]] = {
        hansard.SOURCE: (hansard.crawl, s.hansard),
        theyworkforyou_api.SOURCE: (partial(theyworkforyou_api.crawl, key=s.key), s.twfy_api if s.key else ""),
        publications.SOURCE: (publications.crawl, s.publications),
    }
    return services[source]


def _ask_files(here: Round, source: str, topics: Iterable[Topic], leads: Leads | None) -> None:
    location = open_location(source, here.settings.parldata, here.folder / "incoming")
    crawl = FILES[source]
    for topic in topics:
        here.progress(f"{source}, {topic.id}", 0, 0, f"asking {location.url}")
        unseen: dict[str, Listed] = {}
        fresh = partial(_fresh, here, source, location, unseen)
        found = crawl(location._replace(list=fresh), topic, leads)
        for number, response in enumerate(found, 1):
            here.counts[archive.keep(here.received, response, unseen[response.name])] += 1
            here.counts["bytes"] += len(response.body)
            here.progress(f"{source}, {topic.id}", number, len(unseen), response.name)
            _hold_to_budget(here)


def _fresh(
    here: Round, source: str, location: Location, unseen: dict[str, Listed], patterns: Sequence[str]
) -> list[Listed]:
    """The listed files that are not known as they are."""
    listed = list(location.list(patterns)) if patterns else []
    found = archive.unseen(here.received, source, listed)
    here.counts.update(asked=len(listed), unchanged=len(listed) - len(found))
    unseen.update((file.name, file) for file in found)
    return found


def _hold_to_budget(here: Round) -> None:
    if here.counts["bytes"] > here.settings.manners.bytes:
        most = f"{here.settings.manners.bytes / 1e6:,.0f} MB"
        raise Unavailable(f"the {most} that one run may fetch are used up: the next run goes on from here", LATER)


FILES: dict[str, Callable[[Location, Topic, Leads | None], Iterator[Response]]] = {
    people.SOURCE: people.crawl,
    theyworkforyou.SOURCE: theyworkforyou.crawl,
}
