"""Hints for a crawl, from what is loaded already: the days that name a topic, and the pages of its debates."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from db.archive import gaps
from db.references import find_references
from db.statements.store import open_store
from scrapers.scope.interfaces import CrawlHints

DAYS = "SELECT date FROM named UNION SELECT date FROM debates WHERE source <> 'theyworkforyou' ORDER BY 1"
NAMED = "SELECT DISTINCT debate_id FROM named ORDER BY id"
PAGES = """
SELECT DISTINCT substr(hansard_url, 1, instr(hansard_url || '#', '#') - 1) FROM speeches
 WHERE debate_id = ? AND hansard_url LIKE 'http%' ORDER BY rowid
"""


def read_day_hints(statements: Path, received: sqlite3.Connection) -> CrawlHints:
    """Return the days on which what is loaded names a topic, and the days that a search could not cover."""
    unknown = {gap["start"] for gap in gaps.read_gaps(received) if gap["start"] and gap["start"] == gap["end"]}
    with closing(open_store(statements)) as conn:
        named = {date for (date,) in conn.execute(DAYS)}
    return CrawlHints(dates=tuple(sorted(named | unknown)))


def read_page_hints(statements: Path, references: Sequence[str]) -> CrawlHints:
    """Return the addresses of the pages of debates: those that `references` name, or all that name a topic."""
    with closing(open_store(statements)) as conn:
        found = [each.debate_id for reference in references for each in find_references(conn, reference)]
        debates = found if references else [id for (id,) in conn.execute(NAMED)]
        urls = [url for id in debates for (url,) in conn.execute(PAGES, (id,))]
    return CrawlHints(urls=tuple(dict.fromkeys(urls)))
