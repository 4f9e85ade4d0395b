"""The texts README.txt and LICENCE.txt of an export."""

from collections.abc import Sequence
from pathlib import Path

from db.records.source import LICENCE_URL
from web.http.site_url import LOCAL_URL

LICENCE_FILE = Path(__file__).with_name("open-parliament-licence.txt")
README = """Dispatch Box: what was said in Parliament, what guidance says, and which words bear on which point
====================================================================================================

This folder is a copy of an archive: debates of the UK Parliament on a topic, in the words of the official record, the
points of guidance that people looked for in them, and which words were found to bear on which point, with the proof.
Nothing in it needs a server, a network or the program that made it. Texts are UTF-8, times are UTC.

What it is of     the archive as it stood at {stamp}, the time of the newest thing in it:
                  {held}
Its address       {address}

How to read it
--------------

Open index.html in a browser, from a disk or from any host of plain files. find/index.html searches it. A page stands in
the folder of its address: what was /q/a is q/a/index.html. Where a disk cannot hold an id as a name, the name ends in ~
and 16 letters and digits; the page has the id in its title.

index.html             the first page
data/index.html        what is in each file and table
statements.db          everything that the pages show, for SQLite 3.37 or later; schema.sql explains each column
datapackage.json       every table as CSV in data/, each column described (Frictionless Data Package). There a
                       cell without a value holds \\N (missingValues tells), an empty cell is an empty text, and
                       nothing else is changed: read them with a program, for a spreadsheet may take what begins with =
                       for a formula.
exchange/              every annotation as W3C Web Annotation, Hypothesis, CSV for spreadsheets and REFI-QDA (.qdpx)
annotations/, moment/  each annotation, reply and moment of a video alone, as JSON-LD
q/, text/, feeds/      each quote with its citations (.bib .ris .json .txt), the plain texts that quotes are counted in,
                       and Atom feeds. Offsets count Unicode code points, the end not included.
journal.jsonl          {journal}
                       What was withdrawn is in statements.db and data/, marked so, though no page shows it.
LICENCE.txt            what you may do with it, and whom to name
SHA256SUMS             the sum of every other file

How to cite it
--------------

What somebody said: cite the official report, as the page of each speech and each quote does, for instance
"HC Deb 18 June 2008 c929". A reading of it: name whose it is, and the quote's id, which stays. This copy: name
"Dispatch Box, as of {stamp}", its address, and the sum of SHA256SUMS, which no other copy has.

How to check it
---------------

sha256sum -c SHA256SUMS           (macOS: shasum -a 256 -c SHA256SUMS; Windows: Get-FileHash FILE, one by one)
sha256sum SHA256SUMS              the sum that names this copy. The same data gives the same bytes.

What is not here
----------------

What needs a server: verifying a quotation, questions of your own in SQL, notes chosen by point or creator, and
annotating. `python -m datasette statements.db` (datasette.io) lets you ask in SQL; Dispatch Box itself does the rest.
"""
JOURNAL_TEXT = """what people did, {count}, oldest first: each with its id, time, actor, kind,
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


def write_readme(stamp: str, held: str, base: str, entries: int | None) -> str:
    """Write README.txt; `entries` is the number of journal entries, None where the journal is left out."""
    none = "left out of this copy: there is no such file"
    journal = (
        none if entries is None else JOURNAL_TEXT.format(count="1 entry" if entries == 1 else f"{entries} entries")
    )
    unknown = f"not given when it was made: ids and citations name {LOCAL_URL}"
    return README.format(stamp=stamp, held=held, address=f"{base}/" if base else unknown, journal=journal)


def write_licence(attribution: Sequence[str]) -> str:
    """Write LICENCE.txt: the attribution, the ownership of notes, and the Open Parliament Licence."""
    return LICENCE.format(
        attribution="\n".join(attribution), url=LICENCE_URL, full=LICENCE_FILE.read_text(encoding="utf-8")
    )
