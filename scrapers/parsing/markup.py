"""From a source's markup to plain text: the only maker of speech text, and readers that state how many they expect."""

import re

from lxml import etree

Element = etree._Element
PARSER = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False)
BREAK = "\u2029"  # stands for <br/> while text is made: white space in a cell, a new paragraph elsewhere
LISTS = frozenset({"ul", "ol"})
BLOCKS = LISTS | {"p", "table", "div", "blockquote", "center", "h1", "h2", "h3", "h4", "h5", "h6"}
# Committee files write &#145; to &#151;, which XML reads as control characters; they mean Windows-1252.
C1 = {n: bytes([n]).decode("cp1252") for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
C1_BYTES = bytes(range(0x80, 0xA0))
C1_UTF8 = re.compile(rb"\xc2[\x80-\x9f]")
BARE_AMPERSAND = re.compile(rb"&(?!#\d+;|#[xX][0-9a-fA-F]+;|\w+;)")
C1_REFERENCE = re.compile(rb"&#0*1(?:2[89]|[345]\d);|&#x0*[89][0-9a-fA-F];")


class WrongCount(ValueError):
    """A selector met another number of elements than it states."""


def escaped(body: bytes) -> bytes:
    """XML in which an ampersand that begins no reference is written as one; upstream puts names in unescaped.

    >>> escaped(b'<ques speakername="Ash &amp; Elm & Oak"/>')
    b'<ques speakername="Ash &amp; Elm &amp; Oak"/>'
    """
    return BARE_AMPERSAND.sub(b"&amp;", body)


def read_xml(body: bytes) -> Element:
    """The root of an XML document; C1 characters become what they mean. Raises etree.XMLSyntaxError, ValueError."""
    if not body.strip():
        raise ValueError("the file is empty")
    root = etree.fromstring(body, PARSER)
    if C1_REFERENCE.search(body) or _has_c1(body):
        for element in root.iter(etree.Element):
            if element.text:
                element.text = element.text.translate(C1)
            if element.tail:
                element.tail = element.tail.translate(C1)
            for name, value in element.items():
                element.set(name, value.translate(C1))
    return root


def _has_c1(body: bytes) -> bool:
    if b"ISO-8859-1" in body[:100].upper():
        return len(body.translate(None, C1_BYTES)) < len(body)
    return C1_UTF8.search(body) is not None


def one(node: Element, path: str) -> Element:
    """The one element at an XPath below a node; raises WrongCount naming path, count and line otherwise."""
    found = node.findall(path)
    if len(found) != 1:
        raise WrongCount(f"line {node.sourceline}: <{node.tag!s}> has {len(found)} of {path}, not 1")
    return found[0]


def some(node: Element, path: str) -> list[Element]:
    """The elements at an XPath below a node, one or more; raises WrongCount where there is none."""
    found = node.findall(path)
    if not found:
        raise WrongCount(f"line {node.sourceline}: <{node.tag!s}> has no {path}")
    return found


def squeeze(text: str | None) -> str:
    """Runs of white space to one space, none at the ends."""
    if not text:
        return ""
    if text.isascii() and not ("  " in text or "\n" in text or "\t" in text or "\r" in text):
        return text.strip(" ")  # the same, three times as fast
    return " ".join(text.split())


def line(element: Element) -> str:
    """The text of an element as one line."""
    return squeeze(_words(element))


def words_of(item: Element) -> tuple[str, str | None]:
    """The plain text of an item, and its own markup where that says more; None where all is bare paragraphs."""
    found = []
    loose = item.text and item.text.strip()
    for child in item:
        if (
            child.tag != "p"
            or len(child)
            or child.get("class")
            or child.get("pwmotiontext")
            or child.get("amendmenttext")
        ):
            markup = source_markup(item)
            return plain_text(item), markup
        if text := squeeze(child.text):
            found.append(text)
        loose = loose or (child.tail and child.tail.strip())
    return (plain_text(item) if loose else "\n\n".join(found)), None


def source_markup(item: Element) -> str:
    """The markup inside an element, as the source wrote it (entities resolved)."""
    whole = etree.tostring(item, encoding="unicode", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("<")].strip()


def plain_text(item: Element) -> str:
    """The words inside an element, and nothing but the words.

    Paragraphs are joined by a blank line; runs of white space become one space; a table is one paragraph, a row a
    line, cells joined by a tab; a list item is a line. Marks every <br/> in the tree, so take source_markup first.
    """
    for br in item.iter("br"):
        br.tail = BREAK + (br.tail or "")
    return "\n\n".join(_paragraphs(item))


def _paragraphs(element: Element) -> list[str]:
    found: list[str] = []
    loose = element.text or ""  # words outside any block run on until the next block
    for child in element:
        tag = child.tag
        if tag in BLOCKS:
            if loose and not loose.isspace():
                found += _cut(loose)
            found += _cut(_words(child)) if tag == "p" else _block(child)
            loose = child.tail or ""
        else:  # a comment has no words, only a tail
            loose += (_words(child) if isinstance(tag, str) else "") + (child.tail or "")
    return found + _cut(loose)


def _block(element: Element) -> list[str]:
    if element.tag == "table":
        return [text] if (text := _table(element)).strip() else []
    if element.tag in LISTS:
        return [text] if (text := "\n".join(filter(None, map(_cell, element.iterchildren("li"))))) else []
    return _paragraphs(element)


def _words(element: Element) -> str:
    if len(element):
        return etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return element.text or ""


def _cut(text: str) -> list[str]:
    if BREAK in text:
        return [squeezed for part in text.split(BREAK) if (squeezed := squeeze(part))]
    squeezed = squeeze(text)
    return [squeezed] if squeezed else []


def _table(table: Element) -> str:
    groups = [part for part in table if part.tag != "caption"]
    rows = [row for part in groups for row in ([part] if part.tag == "tr" else part.iterchildren("tr"))]
    lines = ["\t".join([_cell(cell) for cell in row.iterchildren("td", "th")]) for row in rows]
    return "\n".join(filter(None, [line(caption) for caption in table.findall("caption")] + lines))


def _cell(element: Element) -> str:
    """The text of a cell or a list item as one line; paragraphs in it are parted by a space."""
    if not len(element):
        return squeeze(element.text)
    if any(child.tag in BLOCKS for child in element):
        return squeeze(" ".join(_paragraphs(element)))
    return line(element)
