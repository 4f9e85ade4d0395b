"""Links of an export: map each address of the site to its file, and list the addresses that links lead to."""

from urllib.parse import SplitResult, urljoin, urlsplit

from export.file_names import Address, FileNames, parse_address
from export.page_rules import DEBATE_FILE, PageRules

WEB_SCHEMES = ("http", "https", "mailto")
IN_PROCESS_SITE = "http://localhost"  # the address of the site for requests in process
MOST_REMEMBERED = 20_000  # links


class ExportLinks:
    """The links of pages, and the addresses of the export that they were found to lead to (`found`, in order)."""

    def __init__(self, names: FileNames, rules: PageRules, base: str, own: frozenset[str]) -> None:
        """Take `base`, the address of publication (no final slash) or "", and `own`, the other files of the export."""
        self.names, self.rules, self.base, self.own = names, rules, base, own
        self.found: dict[str, None] = {}
        self._targets: dict[str, str | None] = {}  # of links that begin with a slash

    def queue_address(self, found: Address) -> str:
        """Return the file name of an address, which is one of the export's."""
        self.found[found.url] = None
        return self.names.name_file(found)

    def rewrite_link(self, href: str, page: Address, file: str) -> str | None:
        """Rewrite a link of a page for that page's file; None if it leads to nothing in the export."""
        if href.startswith("#"):
            return href
        href = href.removeprefix(IN_PROCESS_SITE) if href.startswith(f"{IN_PROCESS_SITE}/") else href
        if not href.startswith("/") or href.startswith("//"):
            parts = split_link(href)
            if parts.scheme or parts.netloc:
                return href if parts.scheme in WEB_SCHEMES else None
            if not (parts.path or "?" in href):
                return href
            href = page.path + href if href.startswith("?") else urljoin(page.path, href)
        target = self.find_target(href)
        return None if target is None else make_relative_link(file, target)

    def find_target(self, href: str) -> str | None:
        """Return the file, with a fragment, that a link from the root of the site leads to; None for none."""
        if href not in self._targets:
            if len(self._targets) >= MOST_REMEMBERED:
                self._targets.clear()
            self._targets[href] = self._resolve(href)
        return self._targets[href]

    def _resolve(self, href: str) -> str | None:
        parts, found = split_link(href), parse_address(urljoin("/", href))
        if found.path[1:] in self.own:
            return found.path[1:]
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        if not self.rules.is_exported(found):
            instead = self.rules.find_substitute(found)
            return self.find_target(instead if "#" in instead else instead + fragment) if instead else None
        if DEBATE_FILE.fullmatch(found.path):
            return self.names.name_file(found)
        return self.queue_address(found) + fragment

    def publish_link(self, href: str, file: str) -> str | None:
        """Rewrite a link within the site to its published address, or to a relative link if `base` is ""."""
        target = self.find_target(href)
        if target is None:
            return None
        name, mark, fragment = target.partition("#")
        at = f"{self.base}/{name.removesuffix('index.html')}" if self.base else make_relative_link(file, name)
        return at + mark + fragment


def split_link(href: str) -> SplitResult:
    """Split a link; a malformed one gets the scheme `wrong`."""
    try:
        return urlsplit(href)
    except ValueError:
        return SplitResult("wrong", "", "", "", "")


def make_relative_link(file: str, other: str) -> str:
    """Make a relative link from one file to another, whose fragment is kept.

    >>> make_relative_link("q/a/index.html", "debate/b/index.html#c"), make_relative_link("index.html", "q/a.bib")
    ('../../debate/b/index.html#c', 'q/a.bib')
    """
    here, there, same = file.split("/")[:-1], other.split("/"), 0
    while same < len(here) and same < len(there) - 1 and here[same] == there[same]:
        same += 1
    return "../" * (len(here) - same) + "/".join(there[same:])
