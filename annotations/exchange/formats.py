"""Formats of exchange: one module or two a format, and its entry here."""

from collections.abc import Callable
from typing import NamedTuple

from annotations.exchange import akoma_ntoso as akn
from annotations.exchange import csv_format as csv
from annotations.exchange import hypothesis, refi_read, w3c_read
from annotations.exchange import refi_write as refi
from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle import Bundle, Item


class Format(NamedTuple):
    """How a bundle and the site's address become a file, how that is read (if it is), and how such files are named."""

    title: str
    write: Callable[[Bundle, str], bytes]
    read: Callable[[bytes], list[Item]] | None
    endings: tuple[str, ...]
    media: str


FORMATS = {
    "w3c": Format("W3C Web Annotation", w3c.write, w3c_read.read, (".jsonld",), "application/ld+json"),
    "hypothesis": Format("Hypothesis", hypothesis.write, hypothesis.read, (".json",), "application/json"),
    "csv": Format("CSV", csv.write, csv.read, (".csv",), "text/csv; charset=utf-8"),
    "refi": Format("REFI-QDA project", refi.write_project, refi_read.read, (".qdpx",), "application/zip"),
    "akn": Format("Akoma Ntoso", akn.write, None, (".akn", ".xml"), "application/akn+xml"),
    "refi-codebook": Format("REFI-QDA codebook", refi.write_codebook, None, (".qdc",), "application/xml"),
}
