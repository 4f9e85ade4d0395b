"""Crawling of sources: each once in a run, every response archived before it is parsed."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from db.archive import gaps
from db.archive import responses as archive
from db.exit_codes import EXIT_TRY_LATER
from db.records.source import WHOLE_SOURCE, WORDS_MISSING, FileEntry, Gap, Response, Unavailable
from db.records.topic import Topic
from scrapers.fetch.http.politeness import PolitenessPolicy
from scrapers.fetch.locations import EMPTY_FOLDER, LISTING, make_name_filter, open_location
from scrapers.fetch.progress import Progress
from scrapers.scope.interfaces import CrawlHints, Location, Site
from scrapers.sources.registry import PRIMARY_SOURCE, REGISTRY, CrawlFiles, Source

DEFAULT_SOURCES = tuple(source.id for source in REGISTRY.values() if not source.optional)
VANISHED_FILES = "(files no longer listed)"


def is_folder(address: str) -> bool:
    """Return True if an address is that of a folder on this machine."""
    return address.lower().startswith("file:")


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
        return PRIMARY_SOURCE in self.sources and not (self.sweep or is_folder(self.addresses["parldata"]))


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


def _open_gap(context: CrawlContext, gap: Gap, renew: bool = False) -> None:
    gaps.open_gap(context.received, gap, context.run, renew)
    archive.mark_for_retry(context.received, gap.source, gap.name.removesuffix(WORDS_MISSING))
    context.counts["gaps"] += 1


def _crawl_site(context: CrawlContext, source: Source, topics: Sequence[Topic], hints: CrawlHints) -> None:
    url = "" if source.crawl_with_key and not context.settings.key else _find_address(context, source)
    if not url:
        context.notices.append(f"{source.id} was not asked: it needs a key, in TWFY_API_KEY")
        return
    site = _open_site(context, source, url)
    still_open: set[str] = set()
    answered: set[str] = set()
    for topic in topics:
        for number, found in enumerate(_crawl_topic(context, source, site, topic, hints), 1):
            context.progress(f"{source.id}, {topic.id}", number, 0, found.name)
            if isinstance(found, Gap):
                still_open.add(found.name)
                _open_gap(context, found)
            else:
                answered.add(found.name)
                context.counts[archive.store_response(context.received, found)] += 1
                context.counts["asked"] += 1
    for name in answered:
        if (gap_name := f"{name}{WORDS_MISSING}") not in still_open:
            gaps.close_gaps(context.received, source.id, "", "9999", gap_name)
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


@dataclass
class FileCrawl:
    """One crawl of a source's files: those that are new or changed, by name, what was listed, and what is missing."""

    fresh: dict[str, FileEntry] = field(default_factory=dict)
    patterns: set[str] = field(default_factory=set)
    vanished: set[str] = field(default_factory=set)
    skipped: dict[str, Gap] = field(default_factory=dict)

    def skip(self, gap: Gap) -> None:
        """Note a file that cannot be fetched."""
        self.skipped[gap.name] = gap


def _crawl_files(
    context: CrawlContext, source: Source, crawl: CrawlFiles, topics: Sequence[Topic], hints: CrawlHints | None
) -> None:
    found = FileCrawl()
    location = open_location(source.id, _find_address(context, source), context.folder / "incoming", found.skip)
    try:
        for topic in topics:
            stage = f"{source.id}, {topic.id}"
            context.progress(stage, 0, 0, f"asking {location.url}")
            only_fresh = location._replace(list=partial(_list_fresh, context, source, location, found))
            for number, response in enumerate(crawl(only_fresh, topic, hints), 1):
                stored = archive.store_response(context.received, response, found.fresh[response.name])
                context.counts[stored] += 1
                context.counts["bytes"] += len(response.body)
                context.progress(stage, number, len(found.fresh), response.name)
                _check_budget(context)
    finally:
        _settle_file_gaps(context, source, found, topics)


def _list_fresh(
    context: CrawlContext, source: Source, location: Location, found: FileCrawl, patterns: Sequence[str]
) -> list[FileEntry]:
    """List the files that are new or changed since they were last stored; note them, and those that are missing."""
    listed = list(location.list(patterns)) if patterns else []
    fresh = archive.filter_changed_files(context.received, source.id, listed)
    context.counts.update(asked=len(listed), unchanged=len(listed) - len(fresh))
    found.fresh.update((file.name, file) for file in fresh)
    found.patterns.update(patterns)
    if LISTING in found.skipped:
        return fresh  # what is not listed may be there
    names = {file.name for file in listed} | {gap.name for gap in found.skipped.values()}
    known = (name for name in archive.list_known_files(context.received, source.id) if name not in names)
    is_wanted = make_name_filter(patterns)
    unread = tuple(name for name in found.skipped if name.endswith("/") and name != EMPTY_FOLDER)  # folders
    found.vanished.update(name for name in known if is_wanted(name) and not (unread and name.startswith(unread)))
    return fresh


def _settle_file_gaps(context: CrawlContext, source: Source, found: FileCrawl, topics: Sequence[Topic]) -> None:
    """Close the gaps of files that are no longer odd, and open one for files that are no longer there."""
    missing = sorted(found.vanished)
    if missing:
        files = "1 file that was" if len(missing) == 1 else f"{len(missing):,} files that were"
        reason = f"{files} there before and listed no more: {', '.join(missing[:3])}"
        found.skipped.pop(EMPTY_FOLDER, None)  # the same, in other words
        found.skip(Gap(source=source.id, name=VANISHED_FILES, what="the files", start="", end="", reason=reason))
    was_listed = make_name_filter(found.patterns)
    for row in gaps.read_gaps(context.received):
        whole = row["name"] in (VANISHED_FILES, EMPTY_FOLDER, LISTING) and found.patterns
        if row["source"] == source.id and row["name"] not in found.skipped and (whole or was_listed(row["name"])):
            gaps.close_gap(context.received, row["id"])
    start, end = _find_window(topics)
    for gap in found.skipped.values():
        day = re.search(r"\d{4}-\d\d-\d\d", gap.name)
        dates = {"start": day[0], "end": day[0]} if day else {"start": start, "end": end}
        _open_gap(context, gap._replace(**dates), renew=True)


def _check_budget(context: CrawlContext) -> None:
    if context.counts["bytes"] > context.settings.manners.bytes:
        most = f"{context.settings.manners.bytes / 1e6:,.0f} MB"
        raise Unavailable(
            f"the {most} that one run may fetch are used up: the next run goes on from here", EXIT_TRY_LATER
        )
