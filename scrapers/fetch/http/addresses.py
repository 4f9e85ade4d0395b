"""Addresses of services and files, read so strictly that no two programs can read different hosts in one.

Programs differ over backslashes, control characters, user names, signs in other scripts and odd numbers: an address
that holds one of these is refused and not interpreted.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urldefrag, urljoin, urlsplit

MAX_LENGTH = 8000  # characters of an address
PORTS = {"http": 80, "https": 443, "rsync": 873}
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
AUTHORITY = (
    rf"(?P<host>(?:{LABEL}\.)*[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?|(?:(?:0|[1-9]\d{{0,2}})\.){{3}}(?:0|[1-9]\d{{0,2}})|\[[0-9a-f:]+\])"
    r"(?::(?P<port>[1-9]\d{0,4}))?"
)
WEB_ADDRESS = re.compile(rf"(?P<scheme>https?)://{AUTHORITY}(?P<rest>[/?#].*)?", re.ASCII | re.IGNORECASE)
RSYNC_ADDRESS = re.compile(rf"(?P<scheme>rsync)://{AUTHORITY}(?P<rest>/[\w.~%+,=@ -][\w.~%+,=@ /-]*)", re.IGNORECASE)
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE)


class Origin(NamedTuple):
    """Scheme, host and port of an address, in lower case: what is connected to."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def netloc(self) -> str:
        """Host, and port if it is not the scheme's own."""
        return str(self).partition("://")[2]


def read_origin(url: str) -> Origin:
    """Read the origin of an address of the web. Raises ValueError for one that two programs might read differently.

    >>> str(read_origin("HTTPS://api.example:443/a?b"))
    'https://api.example'
    """
    return _match_address(WEB_ADDRESS, url)


def check_web_service(url: str) -> Origin:
    """Return the origin of a web service in the settings. Raises ValueError if requests cannot be made below it."""
    origin = read_origin(url)
    if "?" in url or "#" in url:
        raise ValueError("an address below which is asked has no ? and no #")
    return origin


def check_rsync_address(url: str) -> Origin:
    """Return the origin of rsync://host[:port]/module[/path]. Raises ValueError."""
    origin = _match_address(RSYNC_ADDRESS, url)
    if ".." in urlsplit(url).path.split("/"):
        raise ValueError("it leads upwards, with ..")
    return origin


def read_folder_address(url: str) -> Path:
    """Return the folder of a file:/// address, whose path is percent-encoded. Raises ValueError.

    >>> read_folder_address("file:///srv/a%23b").as_posix()
    '/srv/a#b'
    """
    match = re.fullmatch(r"file://(?:localhost)?(?P<path>/.*)", url, re.IGNORECASE)
    if not match or FORBIDDEN.search(url):
        raise ValueError("write file:///folder, with what is no letter percent-encoded")
    if "?" in url or "#" in url:
        raise ValueError("write ? in a folder's name as %3F, and # as %23")
    path = os.fsdecode(unquote_to_bytes(match["path"].encode("utf-8", "surrogateescape")))
    if "\0" in path:
        raise ValueError("no folder's name holds a zero byte")
    return Path(path)


def resolve_redirect(url: str, location: str) -> str:
    """Return the target of a redirect from an address, without a fragment. Raises ValueError for an unclear one.

    >>> resolve_redirect("http://api.example/a/b", "c?d#e")
    'http://api.example/a/c?d'
    """
    if not location or len(location) > MAX_LENGTH or FORBIDDEN.search(location) or "\ufffd" in location:
        raise ValueError("it has no address that is clear")
    if SCHEME.match(location):
        target = location
    elif location.startswith("//"):
        target = f"{read_origin(url).scheme}:{location}"
    else:
        target = urljoin(url, location)
    target = urldefrag(quote(target, safe=PRINTABLE)).url
    read_origin(target)
    return target


def hide_user(url: str) -> str:
    """Return an address without the part in which a name and a password may stand, to be shown.

    A password may hold any sign, so that everything before the last @ is left out.

    >>> hide_user("http://ada:secret@api.example/a"), hide_user("rsync://ada:s/x@data.example/parldata")
    ('http://...@api.example/a', 'rsync://...@data.example/parldata')
    """
    return re.sub(r"^([^:/\\]*:?[/\\]*).*@", r"\1...@", url, flags=re.DOTALL)


def _match_address(pattern: re.Pattern[str], url: str) -> Origin:
    match = None if len(url) > MAX_LENGTH or FORBIDDEN.search(url) else pattern.fullmatch(url)
    if not match:
        raise ValueError("it has no plain scheme, host and port, without a user's name")
    scheme, port = match["scheme"].lower(), int(match["port"] or 0)
    if port > 65535:
        raise ValueError(f"there is no port {port}")
    return Origin(scheme, match["host"].lower(), port or PORTS[scheme])
