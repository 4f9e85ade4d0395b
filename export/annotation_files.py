"""The files of annotations: one in each exchange format, and the journal as lines of JSON."""

import json
import sqlite3
from pathlib import Path

from annotations.exchange.formats import FORMATS
from annotations.exchange.gather import Asked, gather
from db.journal.entries import read_journal
from export import rewrite_html as rewrite
from export.links import Links
from export.output_folder import Folder

FILES = {
    "w3c": "exchange/annotations.jsonld",
    "hypothesis": "exchange/hypothesis.json",
    "csv": "exchange/annotations.csv",
    "refi": "exchange/annotations.qdpx",
    "refi-codebook": "exchange/guidance.qdc",
}
JOURNAL = "journal.jsonl"


def exchanged(conn: sqlite3.Connection, folder: Folder, links: Links, stamp: str, base: str) -> None:
    """Write every annotation that is not withdrawn, with its replies, in each format."""
    bundle = gather(conn, Asked(), stamp)
    for form, name in FILES.items():
        body = FORMATS[form].write(bundle, base)
        folder.write(name, rewrite.jsonld(body, base, links) if form == "w3c" else body)


def journal(path: Path, folder: Folder) -> int:
    """Write the journal, one entry a line as ASCII JSON, oldest first; return the number of entries."""
    entries = read_journal(path)
    with folder.place(JOURNAL).open("w", encoding="utf-8", newline="\n") as file:
        for entry in entries:
            file.write(json.dumps(entry._asdict()) + "\n")
    folder.written(JOURNAL)
    return len(entries)
