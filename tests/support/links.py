"""Every address that a page of ours leads to by a link, a source or a form that is sent by GET."""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup

from tests.support.profiles import scale

HOST = "http://localhost"
DATASETTE_PAGES = ("/statements", "/-/")  # pages of its own, with endless filters: asked for, but not followed
FILES = ("/static/", "/text/", "/sentences/", "/feeds/")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MAX_PATHS_ALIKE = scale(30, 10_000)  # addresses of as many parts, and the same first one
MAX_ALIKE = 1  # addresses that are asked for of each path and set of names after the ?


class Link(NamedTuple):
    """Where a link stands, and where it leads: a path with what follows the ?, and a #fragment or nothing."""

    page: str
    to: str
    fragment: str


class Crawl:
    """A walk through the site as one visitor: pages by address, answers that are no page, links, and what is wrong."""

    def __init__(self, client, cookies):
        self.client, self.cookies = client, cookies
        self.status, self.ids, self.bodies = {}, {}, {}
        self.links, self.wrong, self.alike = [], [], {}

    async def walk(self, *starts):
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            if path in self.status or not self.wanted(path):
                continue
            waiting += await self.follow(path)
        return self

    def wanted(self, path):
        """Whether an address is one of the first few of its kind."""
        parts = urlsplit(path)
        if parts.path.startswith("/static/"):
            return True
        if not parts.query:
            kind = (parts.path.split("/")[1], parts.path.count("/"))
            self.alike[kind] = self.alike.get(kind, 0) + 1
            return self.alike[kind] <= MAX_PATHS_ALIKE
        kind = (parts.path.split("/")[1], frozenset(parse_qs(parts.query, keep_blank_values=True)))
        self.alike[kind] = self.alike.get(kind, 0) + 1
        return self.alike[kind] <= MAX_ALIKE

    async def follow(self, path):
        """Ask for a page, and return where its links lead."""
        answer = await self.client.get(path, cookies=self.cookies)
        self.status[path] = answer.status_code
        if answer.is_redirect:
            return [self.noted(path, answer.headers["location"])]
        if "text/html" not in answer.headers["content-type"]:
            return []
        self.bodies[path], soup = answer.text, BeautifulSoup(answer.text, "lxml")
        self.ids[path] = {tag.get("id") or tag.get("name") for tag in soup.select("[id], a[name]")}
        self.wrong += [(path, what) for what in find_html_faults(soup)]
        if path.startswith(DATASETTE_PAGES):
            return []
        found = [self.noted(path, tag[name]) for tag, name in list_link_attributes(soup)]
        return [to for to in found if to]

    def noted(self, page, href):
        """Where a link on a page leads; None for another site."""
        if not href.strip() or href.strip() == "#":
            self.wrong.append((page, href, "is empty"))
        whole, fragment = urldefrag(urljoin(HOST + page, href))
        if not whole.startswith(f"{HOST}/"):
            return None
        to = whole.removeprefix(HOST)
        self.links.append(Link(page, to, fragment.partition(":~:")[0]))  # without the words to mark
        return to


def list_link_attributes(soup):
    """Tags with the name of their attribute that is an address a browser may GET."""
    for tag in soup.select("[href]"):
        yield tag, "href"
    for tag in soup.select("[src]"):
        yield tag, "src"
    for tag in soup.select("form[action]:not([method=post])"):
        yield tag, "action"


def find_html_faults(soup):
    """What an HTML checker says that is cheap to tell: ids that are there twice, and headings that are missing."""
    yield from (f"#{id} twice" for id, count in Counter(tag["id"] for tag in soup.select("[id]")).items() if count > 1)
    levels = [int(tag.name[1]) for tag in soup.find_all(HEADINGS)]
    yield from (f"h{below} after h{above}" for above, below in pairwise([0, *levels]) if below > above + 1)
    yield from ("a section without heading" for tag in soup.select("section") if not tag.find(HEADINGS))
