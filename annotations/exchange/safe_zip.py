"""The reader of untrusted zip files and XML: in memory, within limits of size and number, and without DTDs.

Limits hold before a directory of files or a tree of elements is built. Nothing is unpacked to the disk: the name of a
file in the zip is only looked up.
"""

import io
import lzma
import re
import zipfile
import zlib

from lxml import etree

from annotations.exchange.bundle import ExchangeError
from annotations.exchange.field_readers import find_repeated

MAX_FILES = 10_000  # files in one zip
MAX_UNPACKED = 256 << 20  # bytes of all files that are read of one zip
MAX_MEMBER = 12 << 20  # bytes of one file that is read
MAX_TAGS = 250_000  # tags of one XML document, and attributes
DIRECTORY_ENTRY = b"PK\x01\x02"  # begins every entry of a zip's directory
DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
DAMAGE_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, OverflowError)
ZIP_ERRORS = (*DAMAGE_ERRORS, RuntimeError, NotImplementedError)  # a password, or an unknown compression


class ZipFiles:
    """The files of a zip, each unpacked when it is read. Raises ExchangeError where it is damaged or too large."""

    def __init__(self, body: bytes) -> None:
        if (number := body.count(DIRECTORY_ENTRY)) > MAX_FILES:
            raise ExchangeError(f"the zip has {number} files, and may have {MAX_FILES}")
        self._left = MAX_UNPACKED
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except ZIP_ERRORS as error:
            raise ExchangeError(f"the zip cannot be unpacked: {error}") from error
        names = [member.filename for member in self._zip.infolist() if not member.is_dir()]
        if twice := find_repeated(names):
            raise ExchangeError(f"the zip has two files called {twice[:100]}")
        self._names = frozenset(names)

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, or None where there is none; never more than the limits, whatever the zip states."""
        if name not in self._names:
            return None
        limit, what = min((MAX_MEMBER, name[:100]), (self._left, "the zip"))
        try:
            with self._zip.open(name) as file:
                body = file.read(limit + 1)
        except ZIP_ERRORS as error:
            raise ExchangeError(f"the zip cannot be unpacked: {error}") from error
        if len(body) > limit:
            most = MAX_UNPACKED if what == "the zip" else MAX_MEMBER
            raise ExchangeError(f"{what} unpacks to more than {most >> 20} MiB")
        self._left -= len(body)
        return body


def find_source_file(files: ZipFiles, name: str) -> bytes:
    """Return a file of a project's folder of sources, spelt either way. Raises ExchangeError."""
    for folder in ("sources", "Sources"):
        if (body := files.read(f"{folder}/{name}")) is not None:
            return body
    raise ExchangeError(f"sources/{name[:100]}: the zip has no such file")


def read_xml(name: str, body: bytes) -> etree._Element:
    """Parse an XML document in UTF-8; first refuse one with a DTD or too many tags. Raises ExchangeError."""
    if DTD.search(body):
        raise ExchangeError(f"{name}: it has a DTD, which no project needs")
    if (number := max(body.count(b"<"), body.count(b"="))) > MAX_TAGS:
        raise ExchangeError(f"{name}: it has {number} tags or attributes, and may have {MAX_TAGS}: split it")
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ExchangeError(f"{name}: this is not XML in UTF-8: {error}") from error
