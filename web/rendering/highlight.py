"""A speech as safe HTML: paragraphs, tables and italics, with mentions and quotes marked."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree
from markupsafe import Markup, escape

from scrapers.parsing.markup import INVISIBLE, write_marks_as_text
from web.rendering.html_writer import HtmlWriter, MarkedSpan, remove_white_space

PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
INLINE = frozenset({"b", "em", "i", "small", "strong", "sub", "sup", "u"})
STRUCTURAL = frozenset({"table", "thead", "tbody", "tfoot", "tr", "ul", "ol"})  # elements without text of their own
BLOCKS = frozenset({"blockquote", "caption", "div", "li", "p", "td", "th"})
RENAMED = {
    "center": "div",
    **{f"h{n}": "p" for n in range(1, 7)},
}  # so that they do not mix with the headings of our page
TOP_BLOCKS = frozenset({"blockquote", "div", "ol", "p", "table", "ul"})
CLASSES = frozenset({"askedtoreply", "holdinganswer", "indent", "indentitalic", "italic", "numindent"})


class HtmlBlock(NamedTuple):
    """One paragraph, table or list as HTML, and the numbers of the notes whose quotes end in it."""

    html: Markup
    notes: tuple[int, ...]


def write_speech(text: str, markup: str | None, spans: Sequence[MarkedSpan]) -> Markup:
    """Write a speech as HTML with spans marked; `markup` is the source's, or None."""
    return Markup("\n").join(block.html for block in _write_blocks(text, markup, spans))


def write_blocks(text: str, markup: str | None, spans: Sequence[MarkedSpan]) -> Sequence[HtmlBlock]:
    """Write a speech block by block; ignore the markup if it does not contain the same words."""
    return _write_blocks_cached(text, markup, tuple(spans))


@lru_cache(maxsize=2048)  # speeches
def _write_blocks_cached(text: str, markup: str | None, spans: tuple[MarkedSpan, ...]) -> Sequence[HtmlBlock]:
    return _write_blocks(text, markup, spans)


def _write_blocks(text: str, markup: str | None, spans: Sequence[MarkedSpan]) -> list[HtmlBlock]:
    root = _parse_markup(text, markup)
    writer = HtmlWriter(text, spans)
    return [
        _finish_block(writer, html)
        for html in (_write_paragraphs(writer, text) if root is None else _write_top_blocks(writer, root))
    ]


def _finish_block(writer: HtmlWriter, html: str) -> HtmlBlock:
    done, writer.ended = tuple(writer.ended), []
    return HtmlBlock(Markup(html), done)


def _parse_markup(text: str, markup: str | None) -> etree._Element | None:
    if markup is None:
        return None
    try:
        root = etree.fromstring(f"<x>{markup}</x>", PARSER)
    except etree.XMLSyntaxError:
        return None
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    if _has_words(root, text):
        return root
    write_marks_as_text(root)  # the text of a speech is made of this
    for element in root.iter():
        element.text, element.tail = (INVISIBLE.sub("", words or "") for words in (element.text, element.tail))
    return root if _has_words(root, text) else None


def _has_words(root: etree._Element, text: str) -> bool:
    return remove_white_space("".join(map(str, root.itertext()))) == remove_white_space(text)


def _write_paragraphs(writer: HtmlWriter, text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            yield f"<p>{'<br>'.join(map(writer.write, paragraph.split(chr(10))))}</p>"


def _write_top_blocks(writer: HtmlWriter, root: etree._Element) -> Iterator[str]:
    """Yield the blocks at the top of the markup; words outside any block become paragraphs."""
    loose = writer.write(root.text) if root.text and root.text.strip() else ""
    for child in root:
        if RENAMED.get(name := _read_tag(child), name) in TOP_BLOCKS:
            if loose.strip():
                yield f"<p>{loose}</p>"
            yield _write_element(writer, child)
            loose = ""
        else:
            loose += _write_element(writer, child)
        loose += writer.write(child.tail or "")
    if loose.strip():
        yield f"<p>{loose}</p>"


def _read_tag(element: etree._Element) -> str:
    return str(element.tag).lower()


def _write_element(writer: HtmlWriter, element: etree._Element) -> str:
    """Write an element as HTML, with allowed tags, classes and attributes only."""
    name = _read_tag(element)
    if name == "br":
        return "<br>"
    inside = _write_content(writer, element, name in STRUCTURAL)
    tag = RENAMED.get(name, name)
    if tag == "p" and any(RENAMED.get(n := _read_tag(e), n) in TOP_BLOCKS for e in element.iterdescendants()):
        tag = "div"
    if tag == "table":
        return f'<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>{inside}</table></div>'
    if tag in INLINE or tag in STRUCTURAL or tag in BLOCKS:
        return f"<{tag}{_write_attributes(element, tag)}>{inside}</{tag}>"
    if name == "a":
        return _write_link(element.get("href", ""), inside)
    return f"<i>{inside}</i>" if element.get("class") == "italic" else inside


def _write_content(writer: HtmlWriter, element: etree._Element, holder: bool) -> str:
    bits = [] if holder and not (element.text or "").strip() else [writer.write(element.text or "")]
    for child in element:
        bits.append(_write_element(writer, child))
        if not holder or (child.tail or "").strip():
            bits.append(writer.write(child.tail or ""))
    return "".join(bits)


def _write_attributes(element: etree._Element, tag: str) -> str:
    if tag in ("td", "th"):
        spans = ((key, element.get(key, "")) for key in ("colspan", "rowspan"))
        return "".join(f' {key}="{int(n)}"' for key, n in spans if re.fullmatch(r"[1-9]\d?", n, re.ASCII))
    classes = [name for name in element.get("class", "").split() if name in CLASSES]
    classes += [kind for kind, key in (("motion", "pwmotiontext"), ("amendment", "amendmenttext")) if element.get(key)]
    return f' class="{" ".join(classes)}"' if classes and tag in TOP_BLOCKS else ""


def _write_link(href: str, inside: str) -> str:
    if not re.match(r"https?://[^\s/]", href, re.IGNORECASE):
        return inside
    return f'<a href="{escape(href.strip())}" rel="nofollow noopener">{inside}</a>'
