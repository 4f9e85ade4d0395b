"""Zip files and XML that others wrote, read in memory within bounds: nothing is put on a disk, no DTD is taken."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO

from lxml import etree

from annotations.exchange.bundle import ExchangeError

MEMBERS = 20_000  # files in one zip
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, OverflowError)
UNPACKED = 256 << 20  # bytes of all of them together, unpacked


def unzip(body: bytes) -> dict[str, bytes]:
    """Every file of a zip by its name there. Raises ExchangeError where it is damaged, or unpacks to too much."""
    found: dict[str, bytes] = {}
    left = UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as zipped:
            members = [member for member in zipped.infolist() if not member.is_dir()]
            if len(members) > MEMBERS:
                raise ExchangeError(f"the zip has {len(members)} files, and may have {MEMBERS}")
            for member in members:
                with zipped.open(member) as file:
                    found[member.filename] = _some(file, left)
                left -= len(found[member.filename])
    except (*DAMAGED, RuntimeError, NotImplementedError) as error:  # zipfile's of a password, or of a packing unknown
        raise ExchangeError(f"the zip cannot be unpacked: {error}") from error
    return found


def _some(file: IO[bytes], left: int) -> bytes:
    """What a file holds, but no more than is left: what a zip says of its sizes is not believed."""
    body = file.read(left + 1)
    if len(body) > left:
        raise ExchangeError(f"the zip unpacks to more than {UNPACKED >> 20} MiB")
    return body


def member(files: Mapping[str, bytes], name: str) -> bytes:
    """A file of a project's folder of sources, however that is written. Raises ExchangeError."""
    for folder in ("sources", "Sources"):
        if (body := files.get(f"{folder}/{name}")) is not None:
            return body
    raise ExchangeError(f"sources/{name[:100]}: the zip has no such file")


def read_xml(name: str, body: bytes) -> etree._Element:
    """An XML document without a DTD. Raises ExchangeError."""
    parser = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ExchangeError(f"{name}: this is not XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise ExchangeError(f"{name}: it has a DTD, which no project needs")
    return root
