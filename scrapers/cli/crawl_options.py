"""Options of the verbs that crawl sources: sources, topics, dates, kinds and politeness."""

import os
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import wraps
from pathlib import Path

import click

from db.cli import read_argument
from db.records.topic import Topic
from scrapers.cli.options import everything_option, topic_option, topics_option
from scrapers.fetch.crawl_sources import DEFAULT_SOURCES, CrawlSettings, is_folder
from scrapers.fetch.http.politeness import PolitenessPolicy, build_user_agent
from scrapers.run import RunRequest
from scrapers.scope.kinds import KINDS
from scrapers.scope.topics import read_topics
from scrapers.sources.registry import ADDRESSES, REGISTRY

KIND_CHOICE = click.Choice(list(KINDS))
DATE_TYPE = click.DateTime(formats=["%Y-%m-%d"])
Verb = Callable[..., None]

SCOPE_OPTIONS = (
    topics_option,
    topic_option,
    click.option("--from", "start", type=DATE_TYPE, help="First date (YYYY-MM-DD). Default: the topic's own."),
    click.option("--to", "end", type=DATE_TYPE, help="Last date (YYYY-MM-DD). Default: the topic's own."),
    click.option("--kind", "kinds", multiple=True, type=KIND_CHOICE, help="Only this kind; repeatable."),
    click.argument("more_kinds", nargs=-1, type=KIND_CHOICE, metavar="[KIND]..."),
)
CRAWL_OPTIONS = (
    click.option(
        *("--source", "sources"),
        multiple=True,
        type=click.Choice(list(REGISTRY)),
        help=f"Only this source; repeatable. Default: {', '.join(DEFAULT_SOURCES)}; "
        "if the XML is in a folder, that folder alone, and the sources whose address is given.",
    ),
    click.option(
        *("--sweep/--no-sweep",),
        envvar="SWEEP",
        default=None,
        help="Read the XML of every day, not only of the days known to mention the topic (or SWEEP=1). "
        "On if dates or kinds are given, or if the XML is in a folder.",
    ),
    click.option("--again", is_flag=True, help="Fetch everything again, however old it is."),
    click.option("--debate", "debates", multiple=True, help="Fetch this debate's pages from publications; repeatable."),
    *(
        click.option(
            f"--{address.setting.replace('_', '-')}",
            envvar=address.setting.upper(),
            help=f"{address.what} (or {address.setting.upper()}). Default: {address.usual}.",
        )
        for address in ADDRESSES
    ),
    click.option("--contact", envvar="CONTACT", default="", help="Contact given to the sources (or CONTACT)."),
    click.option(
        "--project-url", envvar="PROJECT_URL", default="", help="Project page given to them (or PROJECT_URL)."
    ),
    click.option("--pause", envvar="PAUSE", default=1.0, show_default=True, help="Seconds between two requests."),
    click.option("--max-requests", default=5000, show_default=True, help="Most requests to web services in one run."),
    click.option("--max-megabytes", default=4000, show_default=True, help="Most megabytes to fetch in one run."),
    click.option(
        "--recent-days", default=60, show_default=True, help="Check debates up to this many days old on every run."
    ),
)


def crawl_options(verb: Verb) -> Verb:
    """Give a verb the options of a crawl, and pass it their values as `settings` and `request`."""

    @everything_option
    @wraps(verb)
    def run_verb(
        file: Path,
        ids: Sequence[str],
        kinds: Sequence[str],
        more_kinds: Sequence[str],
        start: datetime | None,
        end: datetime | None,
        everything: bool,
        debates: Sequence[str],
        **others: object,
    ) -> None:
        topics = read_topics(file)
        is_narrow = bool(start or end or kinds or more_kinds)
        narrowed = _narrow_topics(topics, ids, [*kinds, *more_kinds], start, end)
        settings, rest = _split_settings(others, is_narrow, whole=not (is_narrow or ids))
        if not settings.key and all(REGISTRY[id].crawl_with_key for id in settings.sources):
            raise click.UsageError(f"{', '.join(settings.sources)} needs a key, in TWFY_API_KEY")
        request = RunRequest(
            fetched_topics=narrowed, loaded_topics=list(topics.values()), everything=everything, debates=debates
        )
        verb(settings=settings, request=request, **rest)

    for option in (*CRAWL_OPTIONS[::-1], *SCOPE_OPTIONS[::-1]):
        run_verb = option(run_verb)
    return run_verb


def _split_settings(
    options: dict[str, object], is_narrow: bool, whole: bool
) -> tuple[CrawlSettings, dict[str, object]]:
    """Split a verb's options into the settings of a crawl and the other options."""
    take = options.pop
    given = {address.setting: take(address.setting) for address in ADDRESSES}
    addresses = {address.setting: read_argument(str(given[address.setting] or address.usual)) for address in ADDRESSES}
    manners = PolitenessPolicy(
        agent=build_user_agent(str(take("project_url")), str(take("contact"))),
        pause=float(str(take("pause"))),
        requests=int(str(take("max_requests"))),
        bytes=int(str(take("max_megabytes"))) * 1_000_000,
        recent_days=int(str(take("recent_days"))),
    )
    sweep, named = take("sweep"), take("sources")
    with_address = {setting for setting, address in given.items() if address}
    settings = CrawlSettings(
        addresses=addresses,
        key=os.environ.get("TWFY_API_KEY", "").strip(),  # not an option, because other users can see command lines
        manners=manners,
        sources=tuple(named)
        if isinstance(named, tuple) and named
        else choose_sources(addresses["parldata"], with_address),
        sweep=is_narrow if sweep is None else bool(sweep),
        again=bool(take("again")),
        whole=whole,
    )
    return settings, options


def choose_sources(parldata: str, given: Collection[str]) -> tuple[str, ...]:
    """Choose the sources if the user names none: with a folder, no service but those whose address is `given`."""
    if not is_folder(parldata):
        return DEFAULT_SOURCES
    return tuple(id for id in DEFAULT_SOURCES if REGISTRY[id].address.setting in {"parldata", *given})


def _narrow_topics(
    topics: dict[str, Topic], ids: Sequence[str], kinds: Sequence[str], start: datetime | None, end: datetime | None
) -> list[Topic]:
    if start and end and start > end:
        raise click.UsageError(f"--from {start:%Y-%m-%d} is after --to {end:%Y-%m-%d}")
    for id in ids:
        if id not in topics:
            raise click.UsageError(f"there is no topic {id!r}; there are: {', '.join(topics)}")
    return [
        topic._replace(
            kinds=tuple(kind for kind in topic.kinds if not kinds or kind in kinds),
            start=f"{start:%Y-%m-%d}" if start else topic.start,
            end=f"{end:%Y-%m-%d}" if end else topic.end,
        )
        for topic in topics.values()
        if not ids or topic.id in ids
    ]
