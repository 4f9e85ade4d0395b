"""The words of a speech as safe HTML: its paragraphs, tables and italics, with mentions and quotes marked in place."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree
from markupsafe import Markup, escape

from web.rendering.html_writer import HtmlWriter, MarkedSpan, remove_white_space

PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
INLINE = frozenset({"b", "em", "i", "small", "strong", "sub", "sup", "u"})
HOLDERS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "ul", "ol"})  # no words of their own
OTHERS = frozenset({"blockquote", "caption", "div", "li", "p", "td", "th"})
RENAMED = {"center": "div", **{f"h{n}": "p" for n in range(1, 7)}}  # a page's own headings must stay in order
TOP = frozenset({"blockquote", "div", "ol", "p", "table", "ul"})
CLASSES = frozenset({"askedtoreply", "holdinganswer", "indent", "indentitalic", "italic", "numindent"})


class HtmlBlock(NamedTuple):
    """One paragraph, table or list as HTML, and the numbers of the notes whose quotes end in it."""

    html: Markup
    notes: tuple[int, ...]


def write_speech(text: str, markup: str | None, spans: Sequence[MarkedSpan]) -> Markup:
    """Write a speech as HTML with its spans marked; `markup` is the source's own, or None."""
    return Markup("\n").join(block.html for block in _blocks(text, markup, spans))


def write_blocks(text: str, markup: str | None, spans: Sequence[MarkedSpan]) -> Sequence[HtmlBlock]:
    """Write the same block by block; the text alone if the markup does not hold the same words."""
    return _remembered(text, markup, tuple(spans))


@lru_cache(maxsize=2048)  # speeches
def _remembered(text: str, markup: str | None, spans: tuple[MarkedSpan, ...]) -> Sequence[HtmlBlock]:
    return _blocks(text, markup, spans)


def _blocks(text: str, markup: str | None, spans: Sequence[MarkedSpan]) -> list[HtmlBlock]:
    root = _tree(text, markup)
    pen = HtmlWriter(text, spans)
    return [_block(pen, html) for html in (_paragraphs(pen, text) if root is None else _top(pen, root))]


def _block(pen: HtmlWriter, html: str) -> HtmlBlock:
    done, pen.ended = tuple(pen.ended), []
    return HtmlBlock(Markup(html), done)


def _tree(text: str, markup: str | None) -> etree._Element | None:
    if markup is None:
        return None
    try:
        root = etree.fromstring(f"<x>{markup}</x>", PARSER)
    except etree.XMLSyntaxError:
        return None
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    return root if remove_white_space("".join(map(str, root.itertext()))) == remove_white_space(text) else None


def _paragraphs(pen: HtmlWriter, text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            yield f"<p>{'<br>'.join(map(pen.write, paragraph.split(chr(10))))}</p>"


def _top(pen: HtmlWriter, root: etree._Element) -> Iterator[str]:
    """Yield the blocks at the top of the markup; words outside any block are paragraphs of their own."""
    loose = pen.write(root.text) if root.text and root.text.strip() else ""
    for child in root:
        if RENAMED.get(name := _name(child), name) in TOP:
            if loose.strip():
                yield f"<p>{loose}</p>"
            yield _element(pen, child)
            loose = ""
        else:
            loose += _element(pen, child)
        loose += pen.write(child.tail or "")
    if loose.strip():
        yield f"<p>{loose}</p>"


def _name(element: etree._Element) -> str:
    return str(element.tag).lower()


def _element(pen: HtmlWriter, element: etree._Element) -> str:
    """Write an element as HTML: only tags, classes and attributes named here are ever written."""
    name = _name(element)
    if name == "br":
        return "<br>"
    inside = _inside(pen, element, name in HOLDERS)
    tag = RENAMED.get(name, name)
    if tag == "p" and any(RENAMED.get(n := _name(e), n) in TOP for e in element.iterdescendants()):
        tag = "div"
    if tag == "table":
        return f'<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>{inside}</table></div>'
    if tag in INLINE or tag in HOLDERS or tag in OTHERS:
        return f"<{tag}{_attributes(element, tag)}>{inside}</{tag}>"
    if name == "a":
        return _link(element.get("href", ""), inside)
    return f"<i>{inside}</i>" if element.get("class") == "italic" else inside


def _inside(pen: HtmlWriter, element: etree._Element, holder: bool) -> str:
    bits = [] if holder and not (element.text or "").strip() else [pen.write(element.text or "")]
    for child in element:
        bits.append(_element(pen, child))
        if not holder or (child.tail or "").strip():
            bits.append(pen.write(child.tail or ""))
    return "".join(bits)


def _attributes(element: etree._Element, tag: str) -> str:
    if tag in ("td", "th"):
        spans = ((key, element.get(key, "")) for key in ("colspan", "rowspan"))
        return "".join(f' {key}="{int(n)}"' for key, n in spans if re.fullmatch(r"[1-9]\d?", n, re.ASCII))
    classes = [name for name in element.get("class", "").split() if name in CLASSES]
    classes += [kind for kind, key in (("motion", "pwmotiontext"), ("amendment", "amendmenttext")) if element.get(key)]
    return f' class="{" ".join(classes)}"' if classes and tag in TOP else ""


def _link(href: str, inside: str) -> str:
    if not re.match(r"https?://[^\s/]", href, re.IGNORECASE):
        return inside
    return f'<a href="{escape(href.strip())}" rel="nofollow noopener">{inside}</a>'
