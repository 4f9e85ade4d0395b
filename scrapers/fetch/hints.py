"""Hints for a crawl, from loaded records: the days that mention a topic, and the pages of its debates."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from db.archive import gaps
from db.exit_codes import EXIT_SET_UP
from db.records.source import Unavailable
from db.references import find_references
from db.statements.store import open_store
from scrapers.scope.interfaces import CrawlHints

MENTION_DAYS = "SELECT date FROM named UNION SELECT date FROM debates WHERE source <> 'theyworkforyou' ORDER BY 1"
MENTION_DEBATES = "SELECT DISTINCT debate_id FROM named ORDER BY id"
DEBATE_PAGES = """
SELECT DISTINCT substr(hansard_url, 1, instr(hansard_url || '#', '#') - 1) FROM speeches
 WHERE debate_id = ? AND hansard_url LIKE 'http%' ORDER BY rowid
"""


def read_day_hints(statements: Path, received: sqlite3.Connection) -> CrawlHints:
    """Return the days of loaded mentions, and the days that a search could not cover."""
    gap_days = {gap["start"] for gap in gaps.read_gaps(received) if gap["start"] and gap["start"] == gap["end"]}
    with closing(open_store(statements)) as conn:
        mention_days = {date for (date,) in conn.execute(MENTION_DAYS)}
    return CrawlHints(dates=tuple(sorted(mention_days | gap_days)))


def read_page_hints(statements: Path, references: Sequence[str]) -> CrawlHints:
    """Return the addresses of the pages of debates: those of `references`, or all that mention a topic.

    Raises Unavailable for a debate that is not held.
    """
    with closing(open_store(statements)) as conn:
        unknown = [reference for reference in references if not find_references(conn, reference)]
        if unknown:
            raise Unavailable(
                f"--debate {unknown[0]}: no such debate is held here, so its pages are not known", EXIT_SET_UP
            )
        referenced = [each.debate_id for reference in references for each in find_references(conn, reference)]
        debates = referenced if references else [id for (id,) in conn.execute(MENTION_DEBATES)]
        urls = [url for id in debates for (url,) in conn.execute(DEBATE_PAGES, (id,))]
    return CrawlHints(urls=tuple(dict.fromkeys(urls)))
