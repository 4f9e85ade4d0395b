"""The reader of untrusted zip files and XML: in memory, within limits of size, and without DTDs."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO

from lxml import etree

from annotations.exchange.bundle import ExchangeError
from annotations.exchange.field_readers import find_repeated

MAX_FILES = 20_000  # files in one zip
DAMAGE_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, OverflowError)
MAX_UNPACKED = 256 << 20  # bytes of all files of one zip, unpacked


def unpack_zip(body: bytes) -> dict[str, bytes]:
    """Unpack a zip: its files by name. Raises ExchangeError where it is damaged, or unpacks to too much."""
    found: dict[str, bytes] = {}
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as zipped:
            members = [member for member in zipped.infolist() if not member.is_dir()]
            if len(members) > MAX_FILES:
                raise ExchangeError(f"the zip has {len(members)} files, and may have {MAX_FILES}")
            if twice := find_repeated(member.filename for member in members):
                raise ExchangeError(f"the zip has two files called {twice[:100]}")
            for member in members:
                with zipped.open(member) as file:
                    found[member.filename] = _read_bounded(file, left)
                left -= len(found[member.filename])
    except (
        *DAMAGE_ERRORS,
        RuntimeError,
        NotImplementedError,
    ) as error:  # of zipfile: a password, or an unknown compression
        raise ExchangeError(f"the zip cannot be unpacked: {error}") from error
    return found


def _read_bounded(file: IO[bytes], left: int) -> bytes:
    """Read a file, but no more than `left` bytes, whatever size the zip states. Raises ExchangeError."""
    body = file.read(left + 1)
    if len(body) > left:
        raise ExchangeError(f"the zip unpacks to more than {MAX_UNPACKED >> 20} MiB")
    return body


def find_source_file(files: Mapping[str, bytes], name: str) -> bytes:
    """Return a file of a project's folder of sources, spelt either way. Raises ExchangeError."""
    for folder in ("sources", "Sources"):
        if (body := files.get(f"{folder}/{name}")) is not None:
            return body
    raise ExchangeError(f"sources/{name[:100]}: the zip has no such file")


def read_xml(name: str, body: bytes) -> etree._Element:
    """Parse an XML document, and refuse one with a DTD. Raises ExchangeError."""
    parser = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ExchangeError(f"{name}: this is not XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise ExchangeError(f"{name}: it has a DTD, which no project needs")
    return root
