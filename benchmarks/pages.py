"""Benchmarks of pages with ten thousand annotations over the record, and as many suggestions: CPU and bytes."""

import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from db.journal.entries import EntryDraft, append_entries, make_new_id, open_journal
from web.serve import open_site

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = ("ada", "rex", "una")
NOTES = 300  # annotations in one debate, as if every sentence were annotated
ROUNDS = 5
UNCACHED = {"Cookie": "own=1"}  # a request with a cookie is never answered from the page cache
PAGES = (
    *("/text/{speech}", "/", "/debates", "/debate/{debate}", "/speech/{speech}", "/q/{annotation}", "/guidance"),
    *("/guidance/participation-online/be-responsive", "/coverage", "/coverage?by=speaker", "/timeline", "/people"),
    *(
        "/review",
        "/review?suggester=rules",
        "/agreement",
        "/log",
        "/log.json",
        "/search?q=information",
        "/verify?quote=power+of+information",
    ),
    *("/statements/quotes_behind_a_count", "/feeds/annotations.atom", "/sitemap.xml"),
)
LONG_SPEECHES = "SELECT id, gid, debate_id, text FROM speeches WHERE length(text) > 200 ORDER BY id"
ONE_ANNOTATION = """
SELECT s.debate_id AS debate, a.speech_id AS speech, a.id AS annotation FROM annotations a
  JOIN speeches s ON s.id = a.speech_id WHERE s.debate_id = ? AND a.status = 'active' LIMIT 1
"""


def add_annotations(folder: Path, count: int) -> str:
    """Append `count` annotations of random words to journal.db at once; return the debate with most of them."""
    chance = random.Random(0)
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        points = [id for (id,) in conn.execute("SELECT id FROM guidance_points ORDER BY id")]
        speeches = conn.execute(LONG_SPEECHES).fetchall()
    [(debate, _)] = Counter(debate for _, _, debate, _ in speeches).most_common(1)
    debate_speeches = [speech for speech in speeches if speech[2] == debate]
    places = chance.choices(debate_speeches, k=min(NOTES, count)) + chance.choices(speeches, k=max(0, count - NOTES))
    drafts = [_make_draft(chance, gid, text, chance.choice(points)) for _, gid, _, text in places]
    with closing(open_journal(folder / "journal.db")) as journal:
        append_entries(journal, drafts)
    return str(debate)


def _make_draft(chance: random.Random, target: str, text: str, point: str) -> EntryDraft:
    start = end = 0
    while not text[start:end].strip():
        start = chance.randrange(len(text) - 100)
        end = start + chance.randrange(20, 90)
    around = {"prefix": text[max(0, start - 32) : start], "suffix": text[end : end + 32]}
    who, reading = chance.choice(PEOPLE), chance.choice(("said", "implied", "contradicts"))
    said = {"point": point, "reading": reading, "note": "A note.", "creator": who, "created": "2026-11-24"}
    selector = {"exact": text[start:end], "start": start, "end": end, **around}
    return EntryDraft(who, "annotate", {"id": make_new_id(), "target": target, "selector": selector, **said})


def add_suggestions(folder: Path, count: int) -> None:
    """Repeat the suggestions of the rules until there are `count` more, each with its own key."""
    with closing(sqlite3.connect(folder / "statements.db")) as conn, conn:
        columns = [name for _, name, *_ in conn.execute("PRAGMA table_info(suggestions)")]
        existing = [dict(zip(columns, row, strict=True)) for row in conn.execute("SELECT * FROM suggestions")]
        copies = (
            {**existing[n % len(existing)], "id": f"many-{n}", "key": f"{n:064x}"}
            for n in range(count if existing else 0)
        )
        conn.executemany(f"INSERT INTO suggestions VALUES ({', '.join(f':{name}' for name in columns)})", copies)


async def measure_pages(database: Path, debate: str) -> list[str]:
    """Print the cost of each page, uncached and cached; return the addresses of the pages."""
    site = open_site(database)
    one = (await site.get_database("statements").execute(ONE_ANNOTATION, [debate])).first()
    print("ms uncached  times /text      ms cached        kB")
    least, paths = 0.0, [page.format(**dict(one)) for page in PAGES]
    for path in paths:
        uncached, answer = await _measure_cpu(site, path, UNCACHED)
        cached, _ = await _measure_cpu(site, path, {})
        least, size = least or uncached, len(answer.content) / 1000
        print(f"{uncached:11.1f}  {uncached / least:11.1f}  {cached:13.2f}  {size:8.1f}  {answer.status_code}  {path}")
    return paths


async def _measure_cpu(site: Any, path: str, headers: dict[str, str]) -> tuple[float, Any]:
    """Return the minimum CPU milliseconds of ROUNDS requests, after a first one that does not count, and the answer."""
    answer = await site.client.get(path, headers=headers)
    used = []
    for _ in range(ROUNDS):
        started = time.process_time()
        answer = await site.client.get(path, headers=headers)
        used.append((time.process_time() - started) * 1000)
    return min(used), answer
