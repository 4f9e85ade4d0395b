"""Reading the pages of an export, and the links among its files, for tests."""

import posixpath
from urllib.parse import unquote, urlsplit

from lxml import html

LINKS = "//@href | //@src | //@action | //@poster | //@cite"


def pages(folder):
    return sorted(folder.rglob("*.html"))


def read(path):
    return html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def find_broken_links(folder):
    """Every link that leads to no file of the folder, to no anchor of that file, or to no web address."""
    trees = {path.relative_to(folder).as_posix(): read(path) for path in pages(folder)}
    anchors = {name: set(tree.xpath("//@id | //@name")) for name, tree in trees.items()}
    for name, tree in trees.items():
        for href in map(str, tree.xpath(LINKS)):
            parts = urlsplit(href)
            if parts.scheme in ("http", "https", "mailto"):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path) or "."))
            target = target if parts.path else name
            there = (
                not parts.scheme and not parts.netloc and not target.startswith("..") and (folder / target).is_file()
            )
            if not there or (parts.fragment and unquote(parts.fragment) not in anchors[target]) or parts.query:
                yield name, href
