"""The search of an export, without a server: an index as a script, and the script that searches it."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from export.file_names import parse_address
from export.links import ExportLinks, make_relative_link
from export.output_folder import OutputFolder

PAGE, SCRIPT, ENTRIES = "find/index.html", "find/find.js", "find/entries.js"
MAX_INDEX_SIZE = 30_000_000  # characters of speeches that browsers can handle
TEXT_SIZE = "SELECT coalesce(sum(length(text)), 0) FROM speeches"
GUIDANCE = """
SELECT p.id, p.title, d.title, p.paraphrase FROM guidance_points p JOIN guidance_documents d ON d.id = p.document_id
 ORDER BY d.position, p.position
"""
PEOPLE = "SELECT id, name, party FROM speaker_counts ORDER BY name, id"
DEBATES = "SELECT id, title, citation, section FROM debates ORDER BY rowid DESC"
SPEECHES = """
SELECT d.id, s.id, coalesce(s.speaker, 'In the proceedings'), d.title, s.citation, s.text
  FROM speeches s JOIN debates d ON d.id = s.debate_id WHERE s.text <> '' ORDER BY s.rowid DESC
"""
IndexEntry = tuple[str, str, str, str]  # a link from the search page, a title, a description, and text


def write_search(conn: sqlite3.Connection, folder: OutputFolder, links: ExportLinks) -> None:
    """Write the search script and the index, entry by entry."""
    folder.write_file(SCRIPT, Path(__file__).with_name("search.js").read_bytes())
    with folder.reserve_path(ENTRIES).open("w", encoding="utf-8", newline="\n") as file:
        file.write("const ENTRIES = [\n")
        for entry in _list_entries(conn, links):
            file.write(f"{json.dumps(entry)},\n")
        file.write("];\n")
    folder.record_file(ENTRIES)


def has_speech_texts(conn: sqlite3.Connection) -> bool:
    """Return True if the index includes the texts of speeches."""
    return int(conn.execute(TEXT_SIZE).fetchone()[0]) <= MAX_INDEX_SIZE


def _list_entries(conn: sqlite3.Connection, links: ExportLinks) -> Iterator[IndexEntry]:
    """Yield the entries of the index: points of guidance, people, debates, and speeches if there is room."""
    for id, title, of, words in conn.execute(GUIDANCE):
        yield _make_link(links, f"/guidance/{id}"), title, f"Point of guidance: {of}", words
    for id, name, party in conn.execute(PEOPLE):
        yield _make_link(links, f"/people/{id.removeprefix('person/')}"), name, party or "Person", ""
    for id, title, citation, section in conn.execute(DEBATES):
        yield _make_link(links, f"/debate/{id}"), title, citation, section
    if has_speech_texts(conn):
        for debate, id, speaker, title, citation, words in conn.execute(SPEECHES):
            yield f"{_make_link(links, f'/debate/{debate}')}#{id}", speaker, f"{citation}, in {title}", words


def _make_link(links: ExportLinks, path: str) -> str:
    return make_relative_link(PAGE, links.queue_address(parse_address(path)))
