"""Parliament's own Hansard API (hansard-api.parliament.uk): `crawl` finds debates, `parse` reads one.

Facts about the service: README.md, "The walk of the data". It needs no key.
"""

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote

from db.records.hansard import Document
from db.records.source import DocumentUnavailable, Gap, ParseError, Response, make_words_gap
from db.records.topic import Topic
from scrapers.scope.interfaces import CrawlHints, Request, Site
from scrapers.sources.hansard import document_names as names
from scrapers.sources.hansard.found_words import explain_missing_words, list_division_ids
from scrapers.sources.hansard.search import FoundDebate, search_debates

SOURCE = names.SOURCE
VERSION = 5  # increased whenever the same bytes would give different records


def parse_document_name(name: str) -> tuple[str, str] | None:
    """Return the kind and date (the unit of loading) in a debate's name, or None for the answer to a search."""
    return names.parse_document_name(name)


def crawl(fetch: Site, topic: Topic, hints: CrawlHints) -> Iterator[Response | Gap]:
    """Search for a topic, then fetch each debate found, once; yield every answer and every gap.

    A debate that came without the words that were found in it is a gap as well.
    """
    debates: dict[tuple[str, str], FoundDebate] = {}
    contributions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for found in search_debates(fetch, topic):
        if not isinstance(found, FoundDebate):
            yield found
        elif found.kind in (*topic.kinds, names.UNKNOWN):
            key = (found.date, found.ext.lower())
            if key not in debates or debates[key].kind == names.UNKNOWN:
                debates[key] = found
            contributions[key] |= {found.contribution} - {""}
    asked: set[str] = set()
    for key, found in sorted(debates.items()):
        name = names.make_document_name(found.kind, found.date, found.ext)
        what, date = found.title or found.ext, found.date
        try:
            response = fetch.get(Request(name=name, path=f"debates/debate/{quote(found.ext)}.json", date=date))
        except DocumentUnavailable as missed:
            yield Gap(source=SOURCE, name=name, what=what, start=date, end=date, reason=missed.reason)
        else:
            yield response
            yield from _fetch_divisions(fetch, found, response, asked) if found.kind != names.UNKNOWN else ()
            if reason := explain_missing_words(response.body, contributions[key]):
                yield make_words_gap(response, what, date, reason)


def _fetch_divisions(fetch: Site, found: FoundDebate, response: Response, asked: set[str]) -> Iterator[Response | Gap]:
    """Fetch the votes of each division that a debate names, once in a crawl; `asked` has the names of those before."""
    for ext in dict.fromkeys(list_division_ids(response.body)):
        name = names.make_division_name(found.kind, found.date, ext)
        if name in asked or not names.SECTION_ID.fullmatch(ext):
            continue
        asked.add(name)
        try:
            yield fetch.get(Request(name=name, path=f"debates/division/{quote(ext)}.json", date=found.date))
        except DocumentUnavailable as missed:
            what = f"division {ext} of {found.title or found.ext}"
            yield Gap(source=SOURCE, name=name, what=what, start=found.date, end=found.date, reason=missed.reason)


def parse(response: Response) -> Document:
    """Read one debate and the debates inside it, or one division. Raises ParseError for anything missing or unknown."""
    from scrapers.sources.hansard.debates import read_document  # loads bs4, which no other source needs
    from scrapers.sources.hansard.divisions import read_division

    expected = parse_document_name(response.name)
    if not expected:
        raise ParseError(response.name, "the name is not that of a debate")
    try:
        return (read_division if names.is_division_name(response.name) else read_document)(response, expected)
    except RecursionError as error:
        raise ParseError(response.name, "it is nested too deeply") from error
    except ValueError as error:
        raise ParseError(response.name, str(error)) from error
