"""Crawling of sources: each once in a run, every response archived before it is parsed."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from db.archive import gaps
from db.archive import responses as archive
from db.exit_codes import EXIT_TRY_LATER
from db.records.source import FileEntry, Gap, Response, Unavailable
from db.records.topic import Topic
from scrapers.fetch.http.politeness import PolitenessPolicy
from scrapers.fetch.locations import open_location
from scrapers.fetch.progress import Progress
from scrapers.scope.interfaces import CrawlHints, Location, Site
from scrapers.sources.registry import PRIMARY_SOURCE, REGISTRY, CrawlFiles, Source

DEFAULT_SOURCES = tuple(source.id for source in REGISTRY.values() if not source.optional)
WHOLE_SOURCE = "(the whole source)"


class CrawlSettings(NamedTuple):
    """Settings of a crawl: its sources, their addresses by name of the setting, and limits of politeness.

    `sweep` reads every day of the topics' dates; `again` also requests documents that are not due again.
    """

    addresses: Mapping[str, str]
    key: str
    manners: PolitenessPolicy
    sources: tuple[str, ...]
    sweep: bool
    again: bool
    whole: bool  # every topic, kind and date of the file of topics

    @property
    def is_led_by_days(self) -> bool:
        """True if TheyWorkForYou's files are fetched only for days that are known to mention a topic."""
        return PRIMARY_SOURCE in self.sources and not (self.sweep or self.addresses["parldata"].startswith("file:"))


class CrawlContext(NamedTuple):
    """State of one run's crawl: archive.db, counts, and the sources that were unavailable (`problems`).

    Documents requested at `since` (UTC), the start of an interrupted run, or later are not requested again.
    """

    received: sqlite3.Connection
    folder: Path
    settings: CrawlSettings
    run: int | None
    since: str
    counts: Counter[str]
    problems: list[Unavailable]
    notices: list[str]
    progress: Progress


def crawl_source(context: CrawlContext, source: Source, topics: Sequence[Topic], hints: CrawlHints | None) -> None:
    """Crawl one source, if the settings name it. If it is unavailable, enter a gap and return."""
    if source.id not in context.settings.sources:
        return
    try:
        if source.crawl_files:
            _crawl_files(context, source, source.crawl_files, topics, hints)
        else:
            _crawl_site(context, source, topics, hints or CrawlHints())
    except Unavailable as error:
        context.problems.append(error)
        start, end = _find_window(topics)
        _open_gap(
            context,
            Gap(source=source.id, name=WHOLE_SOURCE, what=WHOLE_SOURCE, start=start, end=end, reason=str(error)),
        )
    else:
        gaps.close_gaps(context.received, source.id, "", "9999", WHOLE_SOURCE)


def _find_window(topics: Sequence[Topic]) -> tuple[str, str]:
    return min((t.start for t in topics), default=""), max((t.end for t in topics), default="")


def _open_gap(context: CrawlContext, gap: Gap) -> None:
    gaps.open_gap(context.received, gap, context.run)
    archive.mark_for_retry(context.received, gap.source, gap.name)
    context.counts["gaps"] += 1


def _crawl_site(context: CrawlContext, source: Source, topics: Sequence[Topic], hints: CrawlHints) -> None:
    url = "" if source.crawl_with_key and not context.settings.key else _find_address(context, source)
    if not url:
        context.notices.append(f"{source.id} was not asked: it needs a key, in TWFY_API_KEY")
        return
    site = _open_site(context, source, url)
    still_open: set[str] = set()
    for topic in topics:
        for number, found in enumerate(_crawl_topic(context, source, site, topic, hints), 1):
            context.progress(f"{source.id}, {topic.id}", number, 0, found.name)
            if isinstance(found, Gap):
                still_open.add(found.name)
                _open_gap(context, found)
            else:
                context.counts[archive.store_response(context.received, found)] += 1
                context.counts["asked"] += 1
    if context.settings.whole:  # every older gap was just requested again
        gaps.close_other_gaps(context.received, source.id, *_find_window(topics), still_open)


def _find_address(context: CrawlContext, source: Source) -> str:
    return context.settings.addresses[source.address.setting]


def _open_site(context: CrawlContext, source: Source, url: str) -> Site:
    from scrapers.fetch.http import client  # imports requests, which a crawl of files does not need

    settings = context.settings
    return client.open_site(
        source.id,
        url,
        settings.manners._replace(**source.limits),
        archive.open_source_memory(context.received, source.id),
        context.counts,
        since=context.since,
        again=settings.again,
    )


def _crawl_topic(
    context: CrawlContext, source: Source, site: Site, topic: Topic, hints: CrawlHints
) -> Iterator[Response | Gap]:
    if source.crawl_with_key:
        return source.crawl_with_key(site, topic, hints, context.settings.key)
    assert source.crawl_site
    return source.crawl_site(site, topic, hints)


def _crawl_files(
    context: CrawlContext, source: Source, crawl: CrawlFiles, topics: Iterable[Topic], hints: CrawlHints | None
) -> None:
    location = open_location(source.id, _find_address(context, source), context.folder / "incoming")
    for topic in topics:
        stage = f"{source.id}, {topic.id}"
        context.progress(stage, 0, 0, f"asking {location.url}")
        fresh: dict[str, FileEntry] = {}
        only_fresh = location._replace(list=partial(_list_fresh, context, source, location, fresh))
        for number, response in enumerate(crawl(only_fresh, topic, hints), 1):
            context.counts[archive.store_response(context.received, response, fresh[response.name])] += 1
            context.counts["bytes"] += len(response.body)
            context.progress(stage, number, len(fresh), response.name)
            _check_budget(context)


def _list_fresh(
    context: CrawlContext, source: Source, location: Location, fresh: dict[str, FileEntry], patterns: Sequence[str]
) -> list[FileEntry]:
    """List the files that are new or changed since they were last stored, and add them to `fresh` by name."""
    listed = list(location.list(patterns)) if patterns else []
    found = archive.filter_changed_files(context.received, source.id, listed)
    context.counts.update(asked=len(listed), unchanged=len(listed) - len(found))
    fresh.update((file.name, file) for file in found)
    return found


def _check_budget(context: CrawlContext) -> None:
    if context.counts["bytes"] > context.settings.manners.bytes:
        most = f"{context.settings.manners.bytes / 1e6:,.0f} MB"
        raise Unavailable(
            f"the {most} that one run may fetch are used up: the next run goes on from here", EXIT_TRY_LATER
        )
