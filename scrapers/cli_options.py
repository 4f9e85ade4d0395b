"""The options of the commands that ask sources: whom, what for, and how."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from pathlib import Path

import click

from db.records.topic import Topic
from scrapers.fetch.crawl_sources import ORDER, USUAL, Settings
from scrapers.fetch.http.politeness import Manners, agent
from scrapers.run import Wanted
from scrapers.scope.kinds import KINDS
from scrapers.scope.topics import FILE, read_topics

PLACES = {
    "parldata": ("rsync://data.theyworkforyou.com/parldata", "rsync://host/module or file:///folder of scrapedxml/"),
    "hansard": ("https://hansard-api.parliament.uk", "Parliament's Hansard API"),
    "twfy_api": ("https://www.theyworkforyou.com/api", "TheyWorkForYou's API, asked with the key in TWFY_API_KEY"),
    "publications": ("http://www.publications.parliament.uk", "Parliament's old pages"),
}
KIND = click.Choice(list(KINDS))
DAY = click.DateTime(formats=["%Y-%m-%d"])
Verb = Callable[..., None]

topics_option = click.option(
    "--topics",
    "file",
    envvar="TOPICS",
    default=FILE,
    type=click.Path(path_type=Path),
    help="File of topics (or TOPICS); scrapers/topics.toml where left out.",
)
everything_option = click.option(
    "--everything", is_flag=True, envvar="EVERYTHING", help="Keep all debates, not only those that name a topic."
)
NARROWING = (
    topics_option,
    click.option("--topic", "ids", multiple=True, help="Only this topic; repeatable; all where left out."),
    click.option("--from", "start", type=DAY, help="First date (YYYY-MM-DD); the topic's own where left out."),
    click.option("--to", "end", type=DAY, help="Last date (YYYY-MM-DD); the topic's own where left out."),
    click.option("--kind", "kinds", multiple=True, type=KIND, help="Only this kind; more may follow."),
    click.argument("more_kinds", nargs=-1, type=KIND, metavar="[KIND]..."),
)
ASKING = (
    click.option(
        *("--source", "sources"),
        multiple=True,
        type=click.Choice(ORDER),
        help=f"Only this source; repeatable. Left out: {', '.join(USUAL)}.",
    ),
    click.option(
        *("--sweep/--no-sweep",),
        envvar="SWEEP",
        default=None,
        help="Read the XML of every day, not only of those on which the topic is known to be named (or SWEEP=1). "
        "On where dates or kinds are named, or the XML is in a folder.",
    ),
    click.option("--again", is_flag=True, help="Ask for everything again, however long ago it was said."),
    click.option("--debate", "debates", multiple=True, help="Ask publications for this debate's pages; repeatable."),
    *(
        click.option(
            f"--{name.replace('_', '-')}", envvar=name.upper(), default=url, show_default=True, help=f"{what}."
        )
        for name, (url, what) in PLACES.items()
    ),
    click.option("--contact", envvar="CONTACT", default="", help="Whom sources may write to (or CONTACT)."),
    click.option("--project-url", envvar="PROJECT_URL", default="", help="Where they may read of it (or PROJECT_URL)."),
    click.option("--pause", envvar="PAUSE", default=1.0, show_default=True, help="Seconds between two requests."),
    click.option("--max-requests", default=5000, show_default=True, help="Requests of one run to web services."),
    click.option("--max-megabytes", default=4000, show_default=True, help="What one run may fetch."),
    click.option("--recent-days", default=60, show_default=True, help="What is younger is asked for in every run."),
)


def asking(verb: Verb) -> Verb:
    """Give a verb the options that narrow what is asked for and say how, and pass it `settings` and `wanted`."""

    @everything_option
    @wraps(verb)
    def asked(
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
        narrow = bool(start or end or kinds or more_kinds)
        narrowed = _narrowed(topics, ids, [*kinds, *more_kinds], start, end)
        settings, rest = _settings(others, narrow, whole=not (narrow or ids))
        verb(settings=settings, wanted=Wanted(narrowed, list(topics.values()), everything, debates), **rest)

    for option in (*ASKING[::-1], *NARROWING[::-1]):
        asked = option(asked)
    return asked


def _settings(options: dict[str, object], narrow: bool, whole: bool) -> tuple[Settings, dict[str, object]]:
    """The settings that options make, and the options that are none of them."""
    take = options.pop
    manners = Manners(
        agent(str(take("project_url")), str(take("contact"))),
        pause=float(str(take("pause"))),
        requests=int(str(take("max_requests"))),
        bytes=int(str(take("max_megabytes"))) * 1_000_000,
        recent_days=int(str(take("recent_days"))),
    )
    sweep, sources = take("sweep"), take("sources")
    settings = Settings(
        **{name: str(take(name)) for name in PLACES},
        key=os.environ.get("TWFY_API_KEY", "").strip(),  # no option: a command line is there for all to see
        manners=manners,
        sources=tuple(sources) if isinstance(sources, tuple) and sources else USUAL,
        sweep=narrow if sweep is None else bool(sweep),
        again=bool(take("again")),
        whole=whole,
    )
    return settings, options


def _narrowed(
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
