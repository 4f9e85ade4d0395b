"""The words of an export that are no page: README.txt and LICENCE.txt."""

from collections.abc import Sequence
from pathlib import Path

from db.records import LICENCE_URL
from db.site import HERE

FULL = Path(__file__).with_name("open-parliament-licence.txt")
README = """Dispatch Box: what was said in Parliament, what guidance says, and which words bear on which point
====================================================================================================

This folder is a copy of an archive, whole and without a server. Open index.html in a browser, from a disk or from any
host of plain files.

What it is of     the archive as it stood at {stamp} (UTC), the time of the newest thing in it:
                  {held}
How to check it   sha256sum -c SHA256SUMS    (macOS: shasum -a 256 -c SHA256SUMS)
                  Every file but SHA256SUMS itself is in it. The same data gives the same bytes.
Its address       {address}

index.html             the first page; every page stands in the folder of its address, as index.html
statements.db          everything that the pages show, for SQLite 3.37 or later; schema.sql explains each column
datapackage.json       every table as CSV in data/, described (Frictionless Data Package). In these files a cell without
                       a value holds \\N (missingValues tells), an empty cell is an empty text, and nothing else is
                       changed: read them with a program. A spreadsheet may take what begins with = for a formula.
exchange/              every annotation as W3C Web Annotation, Hypothesis, CSV for spreadsheets and REFI-QDA (.qdpx)
annotations/           each annotation, reply and moment of a video, as JSON-LD
journal.jsonl          {journal}
                       What was withdrawn is in statements.db and data/, marked so, though no page shows it.
q/, text/, feeds/      each quote with its citations (.bib .ris .json .txt), the plain texts that quotes are counted in,
                       and Atom feeds. Offsets count Unicode code points, the end not included.
LICENCE.txt            what you may do with it

find/index.html searches it in the browser. What needs a server is not here: verifying a quotation, questions of your
own in SQL, notes chosen by point or creator, and annotating. All of it comes back with the program:
`python -m datasette statements.db` lets you ask in SQL, and Dispatch Box itself does the rest.
"""
JOURNALLED = """what people did, {count}, oldest first: each with its id, time, actor, kind,
                       payload and hash. The hash is sha256 over the hash before it, id, time, actor, kind and payload
                       (JSON, keys sorted, no white space), joined by line ends."""
LICENCE = """The words of Parliament
-----------------------

{attribution}

{url}

The notes
---------

Notes and paraphrases are Dispatch Box's own, and its readers': whose each is stands beside it. No licence is given for
them here. Nothing here has an official status.

The licence in full
-------------------

{full}"""


def readme(stamp: str, held: str, base: str, entries: int | None) -> str:
    """What the folder is, of which data, and how to check it; `entries` of the journal, None where that is left out."""
    none = "left out of this copy: there is no such file"
    told = none if entries is None else JOURNALLED.format(count="1 entry" if entries == 1 else f"{entries} entries")
    unknown = f"not told when it was made: ids and citations name {HERE}"
    return README.format(stamp=stamp, held=held, address=f"{base}/" if base else unknown, journal=told)


def licence(attribution: Sequence[str]) -> str:
    """Whom to name, whose the notes are, and the Open Parliament Licence."""
    return LICENCE.format(attribution="\n".join(attribution), url=LICENCE_URL, full=FULL.read_text(encoding="utf-8"))
