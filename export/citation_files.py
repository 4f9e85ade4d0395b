"""Files of citations and data: of each debate with all that was quoted of it, and of the whole collection."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle import Bundle
from annotations.exchange.bundle_queries import list_attribution, read_annotations
from db.sqlite import read_rows
from db.statements import moments
from db.statements.debates import read_debate
from export import answer_rewriter as rewrite
from export.links import ExportLinks
from export.output_folder import OutputFolder
from web.files.routes import write_record
from web.quotes.queries import read_quote
from web.quotes.routes import cite_quote
from web.rendering.citation_formats import Citation, make_csl_item, write_bibtex, write_ris

FORMS = ("bib", "ris", "json", "csv", "jsonld")  # of a debate; the last only where something of it is quoted
WRITERS = {"bib": write_bibtex, "ris": write_ris}
QUOTES = "SELECT id FROM annotations WHERE status = 'active' ORDER BY speech_id IS NULL, speech_id, start, id"
QUOTES_OF_DEBATE = """
SELECT a.id FROM speeches s JOIN annotations a ON a.speech_id = s.id
 WHERE s.debate_id = ? AND a.status = 'active' ORDER BY s.position, a.start, a.id
"""
MOMENTS_OF_DEBATE = f"{moments.SHOWN_MOMENTS} AND s.debate_id = ? ORDER BY m.id"
COLLECTED = {"bib": "exchange/quotes.bib", "ris": "exchange/quotes.ris", "csl": "exchange/quotes.csl.json"}


def make_debate_files(conn: sqlite3.Connection, id: str, site: str, links: ExportLinks) -> Iterator[tuple[str, bytes]]:
    """Make the files of a debate, each with its ending; nothing for what is no debate of today."""
    record = read_debate(conn, id)
    if not record:
        return
    quotes = [quote for (quote,) in conn.execute(QUOTES_OF_DEBATE, (id,))]
    cited = list(_cite_quotes(conn, quotes, site))
    for form in FORMS[:-1]:
        body = write_record(record, None, form, site).body
        quoted = (WRITERS[form](each) for each in cited) if form in WRITERS else ()
        yield form, "".join([body if isinstance(body, str) else body.decode(), *quoted]).encode()
    if quotes:
        yield FORMS[-1], rewrite.rewrite_jsonld(_write_jsonld(conn, id, quotes, site), site, links)


def write_collected_citations(conn: sqlite3.Connection, folder: OutputFolder, site: str) -> None:
    """Write the citations of all quotes, in each format, one after the other."""
    quotes = [id for (id,) in conn.execute(QUOTES)]
    for form, write in WRITERS.items():
        with folder.reserve_path(COLLECTED[form]).open("w", encoding="utf-8", newline="") as file:
            file.writelines(write(cited) for cited in _cite_quotes(conn, quotes, site))
        folder.record_file(COLLECTED[form])
    with folder.reserve_path(COLLECTED["csl"]).open("w", encoding="utf-8") as file:
        items = (json.dumps(make_csl_item(cited), ensure_ascii=False) for cited in _cite_quotes(conn, quotes, site))
        file.write("[")
        file.writelines(f"{',' if number else ''}\n{item}" for number, item in enumerate(items))
        file.write("\n]\n")
    folder.record_file(COLLECTED["csl"])


def _cite_quotes(conn: sqlite3.Connection, ids: Iterable[str], site: str) -> Iterator[Citation]:
    for id in ids:
        if found := read_quote(conn, id):
            yield cite_quote(found, site)


def _write_jsonld(conn: sqlite3.Connection, debate: str, quotes: Sequence[str], site: str) -> bytes:
    """Write the annotations of a debate, with their replies and the moments of videos, as a collection."""
    found = read_annotations(conn, quotes)
    shown = read_rows(conn, MOMENTS_OF_DEBATE, (debate,))
    bundle = Bundle(
        annotations=tuple(found[id] for id in quotes),
        guidance=(),
        attribution=list_attribution(conn),
        exported="",
        moments=tuple((moments.make_moment(row), row["speech_id"]) for row in shown),
    )
    return w3c.write_bundle(bundle, site)
