"""The names of files that stand for addresses of the site: safe on every file system, each for one address."""

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,79}", re.ASCII)
LOW = re.compile(r"[a-z0-9_][a-z0-9_-]{0,79}", re.ASCII)
RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|index", re.IGNORECASE)  # the first are devices on Windows
UNSAFE = re.compile(r"[^A-Za-z0-9_]+", re.ASCII)
FILE = re.compile(r"(?P<stem>[^/]+)\.(?P<ending>atom|csv|bib|ris|json|txt|jsonld|css|js)", re.ASCII)
CACHING = ("/static/", "/-/static/")  # what is asked of these is only a hash, for browsers
FORMS = {"json"}  # ?format= of a page
ANYWAY = {("by", "month"), ("notes", "margin")}  # what a page is without being asked


class Address(NamedTuple):
    """An address of the site: its path, without a slash at its end, and what it asks, sorted, nothing empty."""

    path: str
    asks: tuple[tuple[str, str], ...] = ()

    @property
    def whole(self) -> str:
        """The address as it is asked for."""
        return f"{self.path}?{urlencode(self.asks)}" if self.asks else self.path


def address(text: str) -> Address:
    """An address from its text, which begins with a slash; a fragment is no part of it.

    >>> address("/coverage?year=&by=speaker#top").whole, address("/debates/").whole
    ('/coverage?by=speaker', '/debates')
    """
    parts = urlsplit(text)
    asks = () if parts.path.startswith(CACHING) else tuple(sorted({*parse_qsl(parts.query)} - ANYWAY))
    return Address(parts.path.rstrip("/") or "/", asks)


def safe(text: str) -> str:
    """A part of a name: the text itself where that is plain; else what is plain of it, and a hash of the whole.

    >>> safe("d-2008-06-18d-929-4"), safe("../../x")
    ('d-2008-06-18d-929-4', 'x~9cdf6a50100a862e')
    """
    return text if PLAIN.fullmatch(text) and not RESERVED.fullmatch(text) else hashed(text)


def hashed(text: str) -> str:
    """What is plain of a text, and a hash of the whole; no plain text is the same."""
    plain = UNSAFE.sub("-", text).strip("-")[:40].rstrip("-")
    return f"{plain}~{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


class Names:
    """Names that were given. Two that differ in capitals alone are told apart, for file systems that do not."""

    def __init__(self, ids: frozenset[str] = frozenset()) -> None:
        """`ids` are those of annotations: such an id is a page, even where it ends as a file does."""
        self.ids = ids
        self.given: dict[tuple[str, str], str] = {}

    def of(self, of: Address) -> str:
        """The name of the file, with slashes between its folders."""
        *folders, last = [part for part in of.path.removeprefix("/-").split("/")[1:] if part] or [""]
        folder = ""
        for part in folders:
            folder += f"{self._one(folder, unquote(part))}/"
        raw, form = unquote(last), dict(of.asks).get("format", "")
        file = None if folder == "q/" and raw in self.ids else FILE.fullmatch(last)
        if file:
            stem = self._one(folder, unquote(file["stem"]))
            return f"{folder}{'/'.join(filter(None, [stem, ','.join(_asked(of.asks))]))}.{file['ending']}"
        if of.path.startswith(("/text/", "/annotations/")):
            return f"{folder}{self._one(folder, raw)}.{'txt' if folder == 'text/' else 'jsonld'}"
        folder += f"{self._one(folder, raw)}/" if last else ""
        asked = _asked([(key, value) for key, value in of.asks if key != "format"])
        return f"{folder}{','.join(asked) or 'index'}.{form if form in FORMS else 'html'}"

    def _one(self, folder: str, raw: str) -> str:
        name = safe(raw)
        return name if self.given.setdefault((folder, name.casefold()), raw) == raw else hashed(raw)


def _asked(asks: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> list[str]:
    """What is asked as a part of a name: with each value where all are plain, else by a hash."""
    if all(LOW.fullmatch(part) for ask in asks for part in ask):
        return [f"{key}={value}" for key, value in asks]
    return [f"asked{hashed(urlencode(asks))}"]
