"""Sitemaps (sitemaps.org): every page of the record, of guidance and of people."""

import sqlite3

from lxml import etree

from db.sqlite import Row, read_rows
from web.people.queries import choose_speakers_query
from web.urls import path_for

MAP_SIZE = 2_000  # addresses of one sitemap; the protocol allows 50,000, which take half a second
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
FRONT = (
    *map(path_for, ("home", "debates", "guidance", "coverage")),
    f"{path_for('coverage')}?by=speaker",
    *map(path_for, ("timeline", "people", "feeds", "api")),
)
PAGES = """
SELECT 'document' AS page, id, NULL AS changed FROM guidance_documents
 UNION ALL SELECT 'point', id, NULL FROM guidance_points
 UNION ALL SELECT 'person', substr(person_id, 8), NULL FROM (
   SELECT id AS person_id FROM ({everybody}) WHERE id GLOB 'person/[0-9]*' ORDER BY 1)
 UNION ALL SELECT 'debate', id, substr(received, 1, 10) FROM debates
 LIMIT :most OFFSET :skip
"""
COUNT = """
SELECT (SELECT count(*) FROM guidance_documents) + (SELECT count(*) FROM guidance_points)
       + (SELECT count(*) FROM debates)
       + (SELECT count(*) FROM ({everybody}))
"""


def count_maps(conn: sqlite3.Connection) -> int:
    """Count the sitemaps that are needed for every page; the front pages are in the first."""
    pages = int(conn.execute(COUNT.format(everybody=choose_speakers_query(conn))).fetchone()[0]) + len(FRONT)
    return (pages + MAP_SIZE - 1) // MAP_SIZE


def read_sitemap(conn: sqlite3.Connection, number: int | None) -> tuple[int, list[Row]]:
    """Count the sitemaps, and read the addresses of `number`, or of the only one; [] if there are several."""
    count = count_maps(conn)
    return count, read_paths(conn, number or 1) if number or count == 1 else []


def read_paths(conn: sqlite3.Connection, number: int) -> list[Row]:
    """Read the addresses of a sitemap (from 1), each with the day of its last change or None; [] past the last."""
    front = [{"path": path, "changed": None} for path in FRONT] if number == 1 else []
    skip = MAP_SIZE * (number - 1) - (len(FRONT) if number > 1 else 0)
    pages = PAGES.format(everybody=choose_speakers_query(conn))
    found = read_rows(conn, pages, {"most": MAP_SIZE - len(front), "skip": skip})
    return [*front, *({"path": path_for(row["page"], id=row["id"]), "changed": row["changed"]} for row in found)]


def write_sitemap(kind: str, found: list[Row], base: str) -> bytes:
    """Write a urlset of pages or a sitemapindex, in UTF-8; `base` is the site's address without a final slash."""
    root = etree.Element(kind, nsmap={None: NAMESPACE})
    for row in found:
        one = etree.SubElement(root, "url" if kind == "urlset" else "sitemap")
        etree.SubElement(one, "loc").text = base + row["path"]
        if row["changed"]:
            etree.SubElement(one, "lastmod").text = row["changed"]
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
