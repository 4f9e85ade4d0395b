"""Where links of the site lead in an export; what is led to is listed, to be asked for."""

import posixpath
from collections import deque
from urllib.parse import SplitResult, urljoin, urlsplit

from export.file_names import Address, Names, address
from export.page_rules import Rules

OUTSIDE = ("http", "https", "mailto")
ASSUMED = "http://localhost"  # what Datasette calls the site when it is asked in process


class Links:
    """The addresses that were led to, each with the name of its file; `waiting` are those not asked for yet."""

    def __init__(self, names: Names, rules: Rules, base: str, own: frozenset[str]) -> None:
        """`base` is where it will be published, no slash at its end, or empty; `own` are files beside the pages."""
        self.names, self.rules, self.base, self.own = names, rules, base, own
        self.waiting: deque[Address] = deque()
        self.files: dict[str, str] = {}

    def want(self, found: Address) -> str:
        """The name of the file of an address, which is asked for once."""
        if found.whole not in self.files:
            self.files[found.whole] = self.names.of(found)
            self.waiting.append(found)
        return self.files[found.whole]

    def lead(self, href: str, page: Address, file: str) -> str | None:
        """A link on a page, as it stands in that page's file; None where it leads to nothing in the export."""
        href = href.removeprefix(ASSUMED) if href.startswith(f"{ASSUMED}/") else href
        parts = split(href)
        if parts.scheme or parts.netloc:
            return href if parts.scheme in OUTSIDE else None
        if not (parts.path or "?" in href):
            return href
        found = address(page.path + href if href.startswith("?") else urljoin(page.path, href))
        if found.path[1:] in self.own:
            return relative(file, found.path[1:])
        if not self.rules.keep(found):
            instead = self.rules.instead(found)
            return self.lead(instead, page, file) if instead else None
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return relative(file, self.want(found)) + fragment

    def published(self, href: str, file: str) -> str | None:
        """A link within the site as one of the export: at `base`, or where there is none, as a link in a file."""
        whole = urlsplit(href)
        found = address(whole.path + (f"?{whole.query}" if whole.query else ""))
        if not self.rules.keep(found):
            return None
        name, fragment = self.want(found), f"#{whole.fragment}" if whole.fragment else ""
        at = f"{self.base}/{name.removesuffix('index.html')}" if self.base else relative(file, name)
        return at + fragment


def split(href: str) -> SplitResult:
    """The parts of a link; one that is written wrongly has a scheme that leads nowhere."""
    try:
        return urlsplit(href)
    except ValueError:
        return SplitResult("wrong", "", "", "", "")


def relative(file: str, other: str) -> str:
    """A link from one file to another.

    >>> relative("q/a/index.html", "debate/b/index.html"), relative("index.html", "q/a.bib")
    ('../../debate/b/index.html', 'q/a.bib')
    """
    return posixpath.relpath(other, posixpath.dirname(file) or ".")
