"""File names for addresses of the site: safe on every file system, and a different one for each address."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,79}", re.ASCII)
PLAIN_LOWER = re.compile(r"[a-z0-9_][a-z0-9_-]{0,79}", re.ASCII)
RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|index", re.IGNORECASE)  # the first are devices on Windows
UNSAFE = re.compile(r"[^A-Za-z0-9_]+", re.ASCII)
FILE = re.compile(r"(?P<stem>[^/]+)\.(?P<ending>atom|csv|bib|ris|json|txt|jsonld|css|js|png)", re.ASCII)
HASHED_FOLDERS = ("/static/", "/-/static/")  # folders whose query is only a hash for browser caches
FORMS = {"json"}  # ?format= of a page
DEFAULT_QUESTIONS = {("by", "month"), ("notes", "on")}  # query parameters with the default value of a page


class Address(NamedTuple):
    """An address of the site: its path without a final slash, and its query, sorted, without empty values."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """The address with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def parse_address(text: str) -> Address:
    """Parse an address, which begins with a slash; drop its fragment.

    >>> parse_address("/coverage?year=&by=speaker#top").url, parse_address("/debates/").url
    ('/coverage?by=speaker', '/debates')
    """
    parts = urlsplit(text)
    asks = () if parts.path.startswith(HASHED_FOLDERS) else tuple(sorted({*parse_qsl(parts.query)} - DEFAULT_QUESTIONS))
    return Address(parts.path.rstrip("/") or "/", asks)


def make_safe_name(text: str) -> str:
    """Make a part of a file name: the text itself if it is plain, else its plain characters and a hash.

    >>> make_safe_name("d-2008-06-18d-929-4"), make_safe_name("../../x")
    ('d-2008-06-18d-929-4', 'x~9cdf6a50100a862e')
    """
    return text if PLAIN.fullmatch(text) and not RESERVED.fullmatch(text) else make_hashed_name(text)


def make_hashed_name(text: str) -> str:
    """Join the plain characters of a text and its hash; the result differs from every plain name."""
    plain = UNSAFE.sub("-", text).strip("-")[:40].rstrip("-")
    return f"{plain}~{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


class FileNames:
    """The file name of each address: the same whichever other addresses there are, and whoever asks first.

    File systems may ignore case, so a name with capitals stays plain only if its id was given; of given ids that differ
    only in case, the first in order does. Others get a hash.
    """

    def __init__(self, quotes: Iterable[str] = (), others: Mapping[str, Iterable[str]] = MappingProxyType({})) -> None:
        """Take the ids of quotes, which are pages even if they end like file names, and `others` by their folder."""
        self.quotes = frozenset(quotes)
        self.spelt = {folder: _choose_spellings(ids) for folder, ids in {**others, "q/": self.quotes}.items()}

    def name_file(self, address: Address) -> str:
        """Return the file name of an address, with slashes between folders."""
        *folders, last = [part for part in address.path.removeprefix("/-").split("/")[1:] if part] or [""]
        folder = ""
        for part in folders:
            folder += f"{self._name_part(folder, unquote(part))}/"
        raw, form = unquote(last), dict(address.query).get("format", "")
        file = None if folder == "q/" and raw in self.quotes else FILE.fullmatch(last)
        if file:
            stem = self._name_part(folder, unquote(file["stem"]))
            return (
                f"{folder}{'/'.join(filter(None, [stem, ','.join(_name_questions(address.query))]))}.{file['ending']}"
            )
        if folder == "text/":
            return f"text/{self._name_part(folder, raw)}.txt"
        folder += f"{self._name_part(folder, raw)}/" if last else ""
        asked = _name_questions([(key, value) for key, value in address.query if key != "format"])
        return f"{folder}{','.join(asked) or 'index'}.{form if form in FORMS else 'html'}"

    def _name_part(self, folder: str, raw: str) -> str:
        """Return the name of one part in a folder, with a hash where another part may have the name."""
        name = make_safe_name(raw)
        if name != raw or name == self.spelt.get(folder, {}).get(name.casefold(), name.lower()):
            return name
        return make_hashed_name(raw)


def _choose_spellings(ids: Iterable[str]) -> dict[str, str]:
    """Return the id with capitals that keeps each plain name, by that name in small letters."""
    found: dict[str, str] = {}
    for id in sorted(ids):
        if id != id.lower() and make_safe_name(id) == id:
            found.setdefault(id.casefold(), id)
    return found


def _name_questions(asks: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> list[str]:
    """Make the parts of a file name for a query: key=value if all are plain, else a hash."""
    if all(PLAIN_LOWER.fullmatch(part) for ask in asks for part in ask):
        return [f"{key}={value}" for key, value in asks]
    return [f"asked{make_hashed_name(urlencode(asks))}"]
