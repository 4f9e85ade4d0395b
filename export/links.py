"""Links of an export: map each address of the site to its file, and queue linked pages for the crawl."""

import posixpath
from collections import deque
from urllib.parse import SplitResult, urljoin, urlsplit

from export.file_names import Address, FileNames, parse_address
from export.page_rules import PageRules

WEB_SCHEMES = ("http", "https", "mailto")
IN_PROCESS_SITE = "http://localhost"  # the address of the site for requests in process


class ExportLinks:
    """The addresses found so far with their file names (`files`), and those not yet requested (`waiting`)."""

    def __init__(self, names: FileNames, rules: PageRules, base: str, own: frozenset[str]) -> None:
        """Take `base`, the address of publication (no final slash) or "", and `own`, the other files of the export."""
        self.names, self.rules, self.base, self.own = names, rules, base, own
        self.waiting: deque[Address] = deque()
        self.files: dict[str, str] = {}

    def queue_address(self, found: Address) -> str:
        """Return the file name of an address, and queue the address the first time."""
        if found.url not in self.files:
            self.files[found.url] = self.names.name_file(found)
            self.waiting.append(found)
        return self.files[found.url]

    def rewrite_link(self, href: str, page: Address, file: str) -> str | None:
        """Rewrite a link of a page for that page's file; None if it leads to nothing in the export."""
        href = href.removeprefix(IN_PROCESS_SITE) if href.startswith(f"{IN_PROCESS_SITE}/") else href
        parts = split_link(href)
        if parts.scheme or parts.netloc:
            return href if parts.scheme in WEB_SCHEMES else None
        if not (parts.path or "?" in href):
            return href
        found = parse_address(page.path + href if href.startswith("?") else urljoin(page.path, href))
        if found.path[1:] in self.own:
            return make_relative_link(file, found.path[1:])
        if not self.rules.is_exported(found):
            instead = self.rules.find_substitute(found)
            return self.rewrite_link(instead, page, file) if instead else None
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return make_relative_link(file, self.queue_address(found)) + fragment

    def publish_link(self, href: str, file: str) -> str | None:
        """Rewrite a link within the site to its published address, or to a relative link if `base` is ""."""
        whole = urlsplit(href)
        found = parse_address(whole.path + (f"?{whole.query}" if whole.query else ""))
        if not self.rules.is_exported(found):
            return None
        name, fragment = self.queue_address(found), f"#{whole.fragment}" if whole.fragment else ""
        at = f"{self.base}/{name.removesuffix('index.html')}" if self.base else make_relative_link(file, name)
        return at + fragment


def split_link(href: str) -> SplitResult:
    """Split a link; a malformed one gets the scheme `wrong`."""
    try:
        return urlsplit(href)
    except ValueError:
        return SplitResult("wrong", "", "", "", "")


def make_relative_link(file: str, other: str) -> str:
    """Make a relative link from one file to another.

    >>> make_relative_link("q/a/index.html", "debate/b/index.html"), make_relative_link("index.html", "q/a.bib")
    ('../../debate/b/index.html', 'q/a.bib')
    """
    return posixpath.relpath(other, posixpath.dirname(file) or ".")
