"""The registry of exchange formats; the code of each is in one or two modules of this package."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from annotations.exchange import akoma_ntoso as akn
from annotations.exchange import csv_format as csv
from annotations.exchange import hypothesis, refi_read, w3c_read
from annotations.exchange import refi_write as refi
from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle import Bundle, FileItem

JSON_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
W3C_MEMBERS = re.compile(rb'"(?:@context|motivation)"\s*:')
HEAD_SIZE = 65_536  # bytes at the beginning of a file, by which its format is recognized


class Format(NamedTuple):
    """One format: title, writer (of a bundle, with the site's address), reader if any, file endings and media type.

    `read_untagged` reads a file in which annotations may lack guidance point and reading, with those to use instead.
    """

    title: str
    write: Callable[[Bundle, str], bytes]
    read: Callable[[bytes], Sequence[FileItem]] | None
    endings: tuple[str, ...]
    media_type: str
    read_untagged: Callable[[bytes, str, str], Sequence[FileItem]] | None = None


FORMATS = {
    "w3c": Format(
        title="W3C Web Annotation",
        write=w3c.write_bundle,
        read=w3c_read.read_items,
        endings=(".jsonld",),
        media_type="application/ld+json",
    ),
    "hypothesis": Format(
        title="Hypothesis",
        write=hypothesis.write_bundle,
        read=hypothesis.read_items,
        endings=(".json",),
        media_type="application/json",
        read_untagged=hypothesis.read_items,
    ),
    "csv": Format(
        title="CSV",
        write=csv.write_bundle,
        read=csv.read_items,
        endings=(".csv",),
        media_type="text/csv; charset=utf-8",
    ),
    "refi": Format(
        title="REFI-QDA project",
        write=refi.write_project,
        read=refi_read.read_items,
        endings=(".qdpx",),
        media_type="application/zip",
    ),
    "akn": Format(
        title="Akoma Ntoso",
        write=akn.write_debate,
        read=None,
        endings=(".akn", ".xml"),
        media_type="application/akn+xml",
    ),
    "refi-codebook": Format(
        title="REFI-QDA codebook", write=refi.write_codebook, read=None, endings=(".qdc",), media_type="application/xml"
    ),
}


def recognize_format(head: bytes) -> Format | None:
    """Recognize the format of a file that can be imported by its first HEAD_SIZE bytes; None if it is of none.

    >>> recognize_format(b'{"@context": "http://www.w3.org/ns/anno.jsonld"}').title, recognize_format(b"Dear Ada")
    ('W3C Web Annotation', None)
    """
    if head.startswith(b"PK\x03\x04"):
        return FORMATS["refi"]
    if JSON_TEXT.match(head):
        return FORMATS["w3c" if W3C_MEMBERS.search(head) else "hypothesis"]
    columns = set(re.findall(rb"\w+", head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]))
    return FORMATS["csv"] if {name.encode() for name in csv.REQUIRED_COLUMNS} <= columns else None
