"""Rewrite an answer of the site as a file of an export: link to files, and remove what needs a server."""

import json
import re
from html import escape
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from lxml import etree, html

from export.file_names import Address
from export.links import ExportLinks, split_link
from export.output_folder import ExportError
from export.page_rules import ACTION_PATTERN

SCRIPTS = ("/static/dispatchbox.js", "/find/entries.js", "/find/find.js")  # scripts that work without a server
ATTRIBUTES = {"a": "href", "link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src"}
ATTRIBUTES |= {"video": "src", "audio": "src", "embed": "src", "track": "src"}
ATOM = "{http://www.w3.org/2005/Atom}"
STYLE_URL = re.compile(rb'url\("(/[^"]*)"\)')
COLLECTION = "exchange/annotations.jsonld"  # the file that has every annotation and reply
DEAD_LINK_TITLE = "Not in this copy: it needs the program that made it"
REDIRECT_PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Moved</title>
<meta http-equiv="refresh" content="0; url={0}"></head>
<body><main><h1>Moved</h1><p>This is now <a href="{0}">at another address</a>.</p></main></body></html>
"""
Element = Any  # lxml's types of html elements are not public


def rewrite_page(body: bytes, at: Address, file: str, links: ExportLinks) -> bytes:
    """Rewrite a page: link to files, and remove forms and scripts that need a server, and dead links."""
    root = parse_page(body, at)
    for form in list(root.iter("form")):
        if form.get("role") == "search" and (target := links.rewrite_link(form.get("action", ""), at, file)):
            form.set("action", target)  # the page of search of the export itself
        else:
            _remove_form(form)
    for element in list(root.iter(*ATTRIBUTES)):
        _rewrite_link(element, at, file, links)
    for element in root.iter():
        element.attrib.pop("data-notes", None)  # in an export, each layout of notes has its own file
    _set_addresses(root, file, links)
    text = html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    return f"{text}\n".encode()


def parse_page(body: bytes, at: Address) -> Element:
    """Parse a page. Raises ExportError if a part would be lost."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    root = html.document_fromstring(body, parser=parser)
    if lost := [error.message for error in parser.error_log if error.level_name == "FATAL"]:
        raise ExportError(f"{at.url} cannot be read whole: {lost[0].strip()}")
    return root


def make_redirect_page(target: str) -> bytes:
    """Make a page that redirects to another file."""
    return REDIRECT_PAGE.format(escape(target)).encode()


def rewrite_feed(body: bytes, file: str, links: ExportLinks, site: str) -> bytes:
    """Rewrite an Atom feed: its links within the site lead to files."""
    root = etree.fromstring(body)
    for link in root.iter(f"{ATOM}link"):
        href = str(link.get("href"))
        if href.startswith(f"{site}/"):
            link.set("href", links.publish_link(href.removeprefix(site), file) or links.publish_link("/", file) or "")
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def rewrite_jsonld(body: bytes, base: str, links: ExportLinks) -> bytes:
    """Rewrite JSON-LD: ids that are files of the export become the addresses of these files."""
    return json.dumps(_rewrite_ids(json.loads(body), base, links), ensure_ascii=False, indent=1).encode()


def rewrite_style(body: bytes, at: Address, file: str, links: ExportLinks) -> bytes:
    """Rewrite a style sheet: its imports lead to files."""

    def rewrite(match: re.Match[bytes]) -> bytes:
        return b'url("%s")' % (links.rewrite_link(match[1].decode(), at, file) or "").encode()

    return STYLE_URL.sub(rewrite, body)


def _rewrite_ids(value: Any, base: str, links: ExportLinks) -> Any:
    """Rewrite every address of the site in a JSON value; drop an id that has none in the export."""
    if isinstance(value, dict):
        found = {key: _rewrite_ids(each, base, links) for key, each in value.items()}
        gone = found.get("id", "") is None
        return {key: each for key, each in found.items() if not (gone and key == "id")}
    if isinstance(value, list):
        return [_rewrite_ids(each, base, links) for each in value]
    if isinstance(value, str) and value.startswith(f"{base}/"):
        return _publish_id(value, base, links)
    return value


def _publish_id(value: str, base: str, links: ExportLinks) -> str | None:
    """Return an id's address in the export; None for a table; the collection's id stays."""
    path = value.removeprefix(base)
    at = split_link(path)
    if path.startswith("/statements/"):
        return None
    if at.path in ("/", "/annotations/"):
        return value
    if path.startswith("/annotations/"):
        return f"{base}/{COLLECTION}#{path.removeprefix('/annotations/')}"
    whole = links.publish_link(path, "")
    return value if whole is None else whole if links.base else f"{base}/{whole}"


def _rewrite_link(element: Element, at: Address, file: str, links: ExportLinks) -> None:
    """Rewrite the link of an element, or remove the element if the link leads to nothing in the export."""
    name = ATTRIBUTES[element.tag]
    href = element.get(name)
    if href is None:
        return
    if element.tag == "script" and split_link(href).path not in SCRIPTS:
        element.drop_tree()
        return
    target = links.rewrite_link(href, at, file)
    if target is not None and (element.tag in ("a", "link") or not split_link(target).netloc):
        element.set(name, target)
    elif element.tag != "a":
        element.drop_tree()
    elif ACTION_PATTERN.fullmatch(split_link(href).path):
        _remove(element)
    else:
        _unlink(element)


def _unlink(element: Element) -> None:
    """Turn a dead link into plain text, with a title that explains it."""
    element.tag = "span"
    for key in ("href", "rel", "type", "aria-label", "aria-current"):
        element.attrib.pop(key, None)
    element.set("title", DEAD_LINK_TITLE)


def _remove(element: Element) -> None:
    """Remove an element, and its line if that has nothing else."""
    line = element.getparent()
    element.drop_tree()
    if line is not None and line.tag in ("p", "li") and not len(line) and not line.text_content().strip(" \n,.·"):
        line.drop_tree()


def _remove_form(form: Element) -> None:
    """Remove a form; keep the heading and the filled fields of a canned query's form."""
    if "sql" in form.get("class", "").split():
        parts = [html.tostring(h2, encoding="unicode", with_tail=False) for h2 in form.xpath(".//h2")[:1]]
        given = [(i.get("name"), i.get("value")) for i in form.xpath(".//input[@type='text']") if i.get("value")]
        parts += [f"<p>{escape(f'{name}: {value}')}</p>" for name, value in given]
        for part in parts:
            form.addprevious(html.fragment_fromstring(part))
    parent = form.getparent()
    form.drop_tree()
    if parent is not None and parent.tag == "details":
        parent.drop_tree()


def _set_addresses(root: Element, file: str, links: ExportLinks) -> None:
    """Set the canonical address of a page, and the others in its head, if the address of publication is known."""
    for link in root.xpath("//link[@rel='canonical']"):
        link.drop_tree()
    if not links.base:
        return
    href = f"{links.base}/{file.removesuffix('index.html')}"
    root.head.append(html.Element("link", rel="canonical", href=href))
    for tag in root.xpath("//meta[@property='og:url']"):
        tag.set("content", href)
    for tag in root.xpath("//meta[@property='og:image']"):
        tag.set("content", _publish_address(tag.get("content"), links) or "")
    for script in root.xpath("//script[@type='application/ld+json']"):
        script.text = str(htmlsafe_json_dumps(_publish_addresses(json.loads(script.text), links)))


def _publish_addresses(value: Any, links: ExportLinks) -> Any:
    """Rewrite every address of the site in JSON-LD; leave out those that the export does not have."""
    if isinstance(value, dict):
        found = {key: _publish_addresses(each, links) for key, each in value.items()}
        return {key: each for key, each in found.items() if each is not None}
    if isinstance(value, list):
        return [_publish_addresses(each, links) for each in value]
    return _publish_address(value, links) if isinstance(value, str) else value


def _publish_address(value: str, links: ExportLinks) -> str | None:
    return links.publish_link(value.removeprefix(links.base), "") if value.startswith(f"{links.base}/") else value
