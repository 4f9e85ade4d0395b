"""The files of annotations: one in each exchange format, and the journal as lines of JSON."""

import json
import sqlite3
from pathlib import Path

from annotations.exchange.bundle_queries import ExportFilter, read_bundle
from annotations.exchange.formats import FORMATS
from db.journal.entries import read_journal
from export import answer_rewriter as rewrite
from export.links import ExportLinks
from export.output_folder import OutputFolder

FILES = {
    "w3c": rewrite.COLLECTION,
    "hypothesis": "exchange/hypothesis.json",
    "csv": "exchange/annotations.csv",
    "refi": "exchange/annotations.qdpx",
    "refi-codebook": "exchange/guidance.qdc",
}
JOURNAL = "journal.jsonl"


def write_exchange_files(
    conn: sqlite3.Connection, folder: OutputFolder, links: ExportLinks, stamp: str, base: str
) -> None:
    """Write every annotation that is not withdrawn, with its replies, in each format."""
    bundle = read_bundle(conn, ExportFilter(), stamp)
    for form, name in FILES.items():
        body = FORMATS[form].write(bundle, base)
        folder.write_file(name, rewrite.rewrite_jsonld(body, base, links) if form == "w3c" else body)


def write_journal(path: Path, folder: OutputFolder) -> int:
    """Write the journal, one entry a line as ASCII JSON, oldest first; return the number of entries."""
    entries = read_journal(path)
    with folder.reserve_path(JOURNAL).open("w", encoding="utf-8", newline="\n") as file:
        for entry in entries:
            file.write(json.dumps(entry._asdict()) + "\n")
    folder.record_file(JOURNAL)
    return len(entries)
