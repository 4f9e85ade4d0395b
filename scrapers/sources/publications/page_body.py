"""The bytes of a page of publications.parliament.uk as a tree that holds the page's own words alone."""

import re

from lxml import etree, html

from scrapers.parsing.markup import Element, squeeze

NUMBERED = re.compile(r"\d{13,15}")  # Parliament's own number of what stands there: date, batch and sequence
GUIDE = re.compile(r"(?:next|previous|home page|contents|index|back to top)\b.*", re.IGNORECASE)


def read_page(body: bytes) -> Element:
    """The root of a page in UTF-8 or Windows-1252, without the site's frame round a whole document.

    Raises ValueError, etree.LxmlError; a page without any number or column is none of Hansard (a challenge, an error).
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    parser = html.HTMLParser(encoding="utf-8")
    root: Element = html.document_fromstring(text.encode("utf-8"), parser=parser)
    if fatal := [entry for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL]:
        raise ValueError(f"line {fatal[0].line}: {fatal[0].message}")
    marks = [element for element in root.iter("a", "notus-date") if _is_mark(element)]
    if not marks:
        raise ValueError("it holds neither a numbered anchor nor a column: this is no page of Hansard")
    return _within_frame(marks[0], marks[-1]) if b"<body" in body.lower() else root


def _is_mark(element: Element) -> bool:
    name = element.get("name") or ""
    return element.tag == "notus-date" or name.startswith("column_") or NUMBERED.fullmatch(name) is not None


def _within_frame(first: Element, last: Element) -> Element:
    """What holds all marks, without what stands before the first, and from the site's links after the last."""
    above = set(last.iterancestors())
    content = next(ancestor for ancestor in first.iterancestors() if ancestor in above)
    children = list(content)
    start = next(n for n, child in enumerate(children) if first in child.iter())
    end = max(n for n, child in enumerate(children) if last in child.iter())
    guides = (n for n in range(end + 1, len(children)) if _is_guide(children[n]))
    content.text = None
    for child in [*children[:start], *children[next(guides, len(children)) :]]:
        content.remove(child)
    return content


def _is_guide(element: Element) -> bool:
    links = element.xpath("descendant-or-self::a[@href]")
    return element.tag == "hr" or any(GUIDE.match(squeeze("".join(link.itertext()))) for link in links)
