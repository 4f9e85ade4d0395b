"""Every source, registered once: functions to fetch, name and parse its documents, and its description on pages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from db.records.hansard import Document
from db.records.source import Gap, Response
from db.records.topic import Topic
from scrapers.scope import kinds as folders
from scrapers.scope.interfaces import CrawlHints, Location, Site
from scrapers.sources import hansard, people, publications, theyworkforyou, theyworkforyou_api

CrawlFiles = Callable[[Location, Topic, CrawlHints | None], Iterator[Response]]
CrawlSite = Callable[[Site, Topic, CrawlHints], Iterator[Response | Gap]]
CrawlWithKey = Callable[[Site, Topic, CrawlHints, str], Iterator[Response | Gap]]


class SourceAddress(NamedTuple):
    """A setting with the address of a source: its name, the default address, and a description for the help."""

    setting: str
    usual: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source that can be fetched, by exactly one of the three `crawl` functions.

    `hints` are needed before the source is fetched: the days that mention a topic, or the pages of its debates.
    An `optional` source is fetched only on request. `limits` are the fields of the politeness policy that differ from
    the default.
    """

    id: str
    version: int
    address: SourceAddress
    hints: Literal["none", "days", "pages"] = "none"
    optional: bool = False
    limits: Mapping[str, Any] = field(default_factory=dict)
    crawl_files: CrawlFiles | None = None
    crawl_site: CrawlSite | None = None
    crawl_with_key: CrawlWithKey | None = None


@dataclass(frozen=True, kw_only=True)
class SpeechSource(Source):
    """A source whose documents hold speeches and are loaded day by day.

    `rank` orders editions, the best source first. `edition` is the name of editions if the files have no letter.
    """

    rank: int
    parse_document_name: Callable[[str], tuple[str, str] | None]  # from a document's name to its kind and date
    parse: Callable[[Response], Document]
    title: str
    url: str
    edition: str = ""


LICENCE = "Open Parliament Licence v3.0"
PRIMARY_SOURCE = theyworkforyou.SOURCE
PARLDATA = SourceAddress(
    "parldata", "rsync://data.theyworkforyou.com/parldata", "rsync://host/module or file:///folder of scrapedxml/"
)
REGISTRY: dict[str, Source] = {  # in the order in which a run fetches them
    source.id: source
    for source in (
        Source(id=people.SOURCE, version=people.VERSION, address=PARLDATA, crawl_files=people.crawl),
        SpeechSource(
            id=hansard.SOURCE,
            version=hansard.VERSION,
            address=SourceAddress("hansard", "https://hansard-api.parliament.uk", "Parliament's Hansard API"),
            crawl_site=hansard.crawl,
            rank=4,
            parse_document_name=hansard.parse_document_name,
            parse=hansard.parse,
            title="Hansard (Parliament's API)",
            url="https://hansard.parliament.uk/",
            edition="api",
        ),
        SpeechSource(
            id=theyworkforyou_api.SOURCE,
            version=theyworkforyou_api.VERSION,
            address=SourceAddress(
                "twfy_api",
                "https://www.theyworkforyou.com/api",
                "TheyWorkForYou's API, asked with the key in TWFY_API_KEY",
            ),
            limits={"hosts": ("theyworkforyou.com", "www.theyworkforyou.com")},
            crawl_with_key=theyworkforyou_api.crawl,
            rank=2,
            parse_document_name=theyworkforyou_api.parse_document_name,
            parse=theyworkforyou_api.parse,
            title="TheyWorkForYou's API",
            url="https://www.theyworkforyou.com/api/",
            edition="api",
        ),
        SpeechSource(
            id=PRIMARY_SOURCE,
            version=theyworkforyou.VERSION,
            address=PARLDATA,
            hints="days",
            crawl_files=theyworkforyou.crawl,
            rank=1,
            parse_document_name=folders.parse_document_name,
            parse=theyworkforyou.parse,
            title="TheyWorkForYou (ParlParse XML)",
            url="https://www.theyworkforyou.com/",
        ),
        SpeechSource(
            id=publications.SOURCE,
            version=publications.VERSION,
            address=SourceAddress("publications", "http://www.publications.parliament.uk", "Parliament's old pages"),
            hints="pages",
            optional=True,
            limits={"refusals": 1},
            crawl_site=publications.crawl,
            rank=3,
            parse_document_name=publications.parse_document_name,
            parse=publications.parse,
            title="Hansard as first published (publications.parliament.uk)",
            url="https://publications.parliament.uk/",
            edition="page",
        ),
    )
}
ADDRESSES = tuple(dict.fromkeys(source.address for source in REGISTRY.values()))
SOURCES = {  # those with speeches, the best first
    source.id: source
    for source in sorted(
        (source for source in REGISTRY.values() if isinstance(source, SpeechSource)), key=lambda source: source.rank
    )
}


def describe_sources() -> list[dict[str, str]]:
    """Return the rows of the table of sources, without the attribution that they share."""
    return [{"id": s.id, "title": s.title, "url": s.url, "licence": LICENCE} for s in SOURCES.values()]
