"""Reading of one page of Parliament's old site, or of several joined by <page url>."""

from lxml import etree

from db.records.hansard import Document, Heading
from db.records.source import ParseError, Response
from scrapers.sources.publications.page_addresses import SITE, HansardPage
from scrapers.sources.publications.page_blocks import BlockReader, read_page
from scrapers.sources.publications.print_conventions import format_column
from scrapers.sources.publications.turns import TurnReader


def read_document(response: Response, page: HansardPage) -> Document:
    """Read a page of a layout that is read. Raises ParseError with the place of anything unknown."""
    turns = TurnReader(page.kind, page.date)
    blocks = BlockReader(f"{SITE}{page.path}")
    try:
        for block in blocks.read_blocks(read_page(response.body)):
            turns.read_block(block)
        turns.close(response.body.count(b"\n") + 1)
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(response.name, str(error)) from error
    if not any(isinstance(item, Heading) or item.hansard_url for item in turns.items):
        first = next((f"{unit.place}: {unit.reason}" for unit in turns.refused), "it holds no heading and no turn")
        raise ParseError(response.name, first)
    return Document(
        name=response.name,
        series="",
        letter="",
        latest=True,
        bill=None,
        items=tuple(turns.items),
        redirects=(),
        continued=turns.continued,
        begins_paragraph=turns.begins_paragraph,
        last_column=format_column(page.kind, blocks.column),
        refused=tuple(turns.refused),
    )
