"""Links of an export: map each address of the site to its file, and queue linked pages for the crawl."""

import posixpath
from collections import deque
from urllib.parse import SplitResult, urljoin, urlsplit

from export.file_names import Address, Names, address
from export.page_rules import Rules

OUTSIDE = ("http", "https", "mailto")
ASSUMED = "http://localhost"  # the address of the site for requests in process


class Links:
    """The addresses found so far with their file names (`files`), and those not yet requested (`waiting`)."""

    def __init__(self, names: Names, rules: Rules, base: str, own: frozenset[str]) -> None:
        """Take `base`, the address of publication (no final slash) or "", and `own`, the files beside the pages."""
        self.names, self.rules, self.base, self.own = names, rules, base, own
        self.waiting: deque[Address] = deque()
        self.files: dict[str, str] = {}

    def want(self, found: Address) -> str:
        """Return the file name of an address, and queue the address the first time."""
        if found.whole not in self.files:
            self.files[found.whole] = self.names.of(found)
            self.waiting.append(found)
        return self.files[found.whole]

    def lead(self, href: str, page: Address, file: str) -> str | None:
        """Rewrite a link of a page for that page's file; None where it leads to nothing in the export."""
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
        """Rewrite a link within the site to its published address, or a relative link where `base` is ""."""
        whole = urlsplit(href)
        found = address(whole.path + (f"?{whole.query}" if whole.query else ""))
        if not self.rules.keep(found):
            return None
        name, fragment = self.want(found), f"#{whole.fragment}" if whole.fragment else ""
        at = f"{self.base}/{name.removesuffix('index.html')}" if self.base else relative(file, name)
        return at + fragment


def split(href: str) -> SplitResult:
    """Split a link; a malformed one gets a scheme that leads nowhere."""
    try:
        return urlsplit(href)
    except ValueError:
        return SplitResult("wrong", "", "", "", "")


def relative(file: str, other: str) -> str:
    """Make a relative link from one file to another.

    >>> relative("q/a/index.html", "debate/b/index.html"), relative("index.html", "q/a.bib")
    ('../../debate/b/index.html', 'q/a.bib')
    """
    return posixpath.relpath(other, posixpath.dirname(file) or ".")
