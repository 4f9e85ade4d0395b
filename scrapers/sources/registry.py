"""Every source, best first: how its documents are read, and what is to be said of it wherever its words are."""

from collections.abc import Callable
from typing import NamedTuple

from db.records.hansard import Document
from db.records.source import Response
from scrapers.scope import kinds as folders
from scrapers.sources import hansard, publications, theyworkforyou, theyworkforyou_api


class Source(NamedTuple):
    """A source whose documents are loaded. `edition` names what it gives, where its files have no letter."""

    id: str
    version: int
    unit: Callable[[str], tuple[str, str] | None]
    parse: Callable[[Response], Document]
    title: str
    url: str
    edition: str = ""


LICENCE = "Open Parliament Licence v3.0"
XML = theyworkforyou.SOURCE
SOURCES = {
    source.id: source
    for source in (
        Source(
            *(XML, theyworkforyou.VERSION, folders.unit, theyworkforyou.parse),
            *("TheyWorkForYou (ParlParse XML)", "https://www.theyworkforyou.com/"),
        ),
        Source(
            *(theyworkforyou_api.SOURCE, theyworkforyou_api.VERSION, theyworkforyou_api.unit, theyworkforyou_api.parse),
            *("TheyWorkForYou's API", "https://www.theyworkforyou.com/api/", "api"),
        ),
        Source(
            *(publications.SOURCE, publications.VERSION, publications.unit, publications.parse),
            *("Hansard as first published (publications.parliament.uk)", "https://publications.parliament.uk/", "page"),
        ),
        Source(
            *(hansard.SOURCE, hansard.VERSION, hansard.unit, hansard.parse),
            *("Hansard (Parliament's API)", "https://hansard.parliament.uk/", "api"),
        ),
    )
}


def described() -> list[dict[str, str]]:
    """The rows of the table of sources, but for the attribution that all of them share."""
    return [{"id": s.id, "title": s.title, "url": s.url, "licence": LICENCE} for s in SOURCES.values()]
