"""The texts README.txt and LICENCE.txt of an export."""

from collections.abc import Sequence
from pathlib import Path

from db.records.source import LICENCE_URL
from web.http.site_url import LOCAL_URL

LICENCE_FILE = Path(__file__).with_name("open-parliament-licence.txt")
README = """Dispatch Box: what was said in Parliament, what guidance says, and which quotes are about which point
================================================================================================

This folder is a copy of an archive: debates of the UK Parliament on a topic, in the words of the official record, the
points of guidance that they touch, and the quotes that are about each point, with the evidence. It needs no server, no
network and no other program. Texts are UTF-8, times are UTC.

Copy of           the archive at {stamp}, the time of the newest thing in it:
                  {held}
Address           {address}

How to read it
--------------

Open index.html in a browser, from a disk or from any host of plain files. find/index.html searches it. Each page is in
the folder of its address: what was /q/a is q/a/index.html. Where a disk cannot hold an id as a name, the name ends in ~
and 16 letters and digits; the page has the id in its title.

index.html             the first page
data/index.html        what is in each file and table
statements.db          everything that the pages show, for SQLite 3.37 or later; schema.sql explains each column
datapackage.json       every table as CSV in data/, each column described (Frictionless Data Package). There a
                       cell without a value holds \\N (see missingValues), and an empty cell is an empty text. Read
                       them with a program: a spreadsheet may take what begins with = for a formula.
exchange/              every annotation as W3C Web Annotation, Hypothesis, CSV for spreadsheets and REFI-QDA (.qdpx),
                       and the citations of all quotes (.bib .ris .csl.json)
debate/                each debate, and beside it the same as data (.json .csv), its citation with those of its quotes
                       (.bib .ris), and its annotations as JSON-LD (.jsonld)
q/, speech/            each quote, and each speech that is quoted
text/, moment/, feeds/ the plain texts that quotes are counted in, moments of videos as JSON-LD, and Atom feeds.
                       Offsets count Unicode code points, the end not included.
journal.jsonl          {journal}
                       What was withdrawn is in statements.db and data/, marked so, though no page shows it.
LICENCE.txt            the licence, and whom to credit
SHA256SUMS             the checksum of every other file

How to cite it
--------------

What someone said: cite the official report, as the page of each speech and each quote does, for instance
"HC Deb 18 June 2008 c929". A note: give its author and the id of the quote, which never changes. This copy: give
"Dispatch Box, as of {stamp}", its address, and the checksum of SHA256SUMS, which no other copy has.

How to check it
---------------

sha256sum -c SHA256SUMS           (macOS: shasum -a 256 -c SHA256SUMS; Windows: Get-FileHash FILE, one by one)
sha256sum SHA256SUMS              the checksum of this copy. The same data gives the same bytes.

What is not here
----------------

What needs a server: checking a quote, your own SQL, filtering notes and annotating. For SQL there is
`python -m datasette statements.db` (datasette.io); Dispatch Box itself does the rest.
"""
JOURNAL_TEXT = """everything people entered, {count}, oldest first: each with its id, time, actor, kind,
                       payload and hash. The hash is sha256 over the hash before it, id, time, actor, kind and payload
                       (JSON, keys sorted, no white space), joined by line ends."""
LICENCE = """The words of Parliament
-----------------------

{attribution}

{url}

The notes
---------

Notes and summaries are by people who use Dispatch Box; each says who wrote it. They come without a licence. Nothing
here is official.

The licence in full
-------------------

{full}"""


def write_readme(stamp: str, held: str, base: str, entries: int | None) -> str:
    """Write README.txt; `entries` is the number of journal entries, None where the journal is left out."""
    none = "not part of this copy"
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
