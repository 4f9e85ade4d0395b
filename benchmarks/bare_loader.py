"""The simplest loader possible: lxml, sqlite3 and FTS5, without checks, sources or redirects."""

import sqlite3
import sys
from pathlib import Path

from lxml import etree

PARSER = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False)
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE speeches (
  id INTEGER PRIMARY KEY, gid TEXT, kind TEXT, speaker TEXT, time TEXT, column TEXT, url TEXT, text TEXT
);
CREATE VIRTUAL TABLE speeches_fts USING fts5 (
  text, content='speeches', content_rowid='id', tokenize='porter unicode61'
);
"""


def read_text(element: etree._Element) -> str:
    """Return the text inside an element."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def load_files(parldata: Path, database: Path) -> None:
    """Load every turn of every file, obsolete ones too."""
    conn = sqlite3.connect(database)
    conn.executescript(SCHEMA)
    for path in sorted(parldata.glob("scrapedxml/*/*.xml")):
        root = etree.fromstring(path.read_bytes(), PARSER)
        rows = []
        for turn in root:
            if turn.tag in ("speech", "ques", "reply"):
                get = turn.get
                text = "\n\n".join([" ".join(read_text(part).split()) for part in turn])
                rows.append((get("id"), turn.tag, get("speakername"), get("time"), get("colnum"), get("url"), text))
        conn.executemany("INSERT INTO speeches VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", rows)
        conn.commit()
    conn.execute("INSERT INTO speeches_fts (speeches_fts) VALUES ('rebuild')")
    conn.commit()


if __name__ == "__main__":
    load_files(Path(sys.argv[1]), Path(sys.argv[2]))
