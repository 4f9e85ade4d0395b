"""The only module that makes the text of a speech from a source's markup; also strict readers of XML elements."""

import re
from collections.abc import Iterator
from copy import deepcopy
from unicodedata import normalize

from lxml import etree

from scrapers.parsing.size_limits import XML_FILE, check_size

Element = etree._Element
PARSER = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False)
UTF8_PARSER = etree.XMLParser(  # whatever encoding the file names
    resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
)
BREAK = "\u2029"  # stands for <br/> while text is made: a space in a cell, a new paragraph elsewhere
LISTS = frozenset({"ul", "ol"})
CELLS = frozenset({"td", "th", "li", "caption"})
BLOCKS = LISTS | {
    *("p", "table", "div", "blockquote", "center", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("pre", "dl", "dt", "dd", "figure", "figcaption", "address", "section", "article"),
}
STRUCK = ("s", "strike", "del")  # words that the source has struck out: nobody said them
SCRIPT_MARKS = {"sup": "^", "sub": "_"}
REWRITTEN = ("br", "col", *STRUCK, *SCRIPT_MARKS)
SIGN = "[-+\u2010-\u2015\u2212]"
SIGNED, FIGURE_FIRST = re.compile(rf"({SIGN})\s*(?=[^\W_])"), re.compile(rf"{SIGN}?\d")
ORDINAL = re.compile(r"(?:st|nd|rd|th|[sd]|er|re|i?[eè]me|e)\W*", re.IGNORECASE)  # [sd]: shillings and pence too
DEGREE, TEMPERATURE = ("o", "0", "\u00ba"), re.compile(r"\s*[CF]\b")
CONTINUED = re.compile(r"[^\W_]|[.,]\d")  # text that would be read as a part of the figures before it
SLASH = re.compile(r"\s*[/\u2044]\s*(\d*)")
FRACTION = re.compile(r"\s*(\d+)\s*[/\u2044]\s*(\d+)\s*")
FRACTIONS = {normalize("NFKC", each).replace("\u2044", "/"): each for each in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"}
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # where a line may break: no part of a word
# Committee files write &#145; to &#151;, which XML reads as control characters; they mean Windows-1252.
C1 = {n: bytes([n]).decode("cp1252") for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
C1_BYTES = bytes(range(0x80, 0xA0))
C1_UTF8 = re.compile(rb"\xc2[\x80-\x9f]")
BARE_AMPERSAND = re.compile(rb"&(?!#\d+;|#[xX][0-9a-fA-F]+;|\w+;)")
C1_REFERENCE = re.compile(rb"&#(?:x0*([89][0-9a-fA-F])|0*(1(?:2[89]|[345]\d)));")
INVALID_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not allowed in XML


class ElementCountError(ValueError):
    """Raised when an element has more or fewer children of a path than expected."""


def escape_ampersands(body: bytes) -> bytes:
    """Escape each ampersand that begins no reference, because some files hold names that were never escaped.

    >>> escape_ampersands(b'<ques speakername="Ash &amp; Elm & Oak"/>')
    b'<ques speakername="Ash &amp; Elm &amp; Oak"/>'
    """
    return BARE_AMPERSAND.sub(b"&amp;", body)


def read_xml(body: bytes) -> Element:
    """Parse an XML document and return its root, with C1 control characters read as Windows-1252.

    Raises etree.XMLSyntaxError, and ValueError for an empty file and for one that is too large.
    """
    if not body.strip():
        raise ValueError("the file is empty")
    check_size(body, XML_FILE)
    if C1_REFERENCE.search(body):
        body = C1_REFERENCE.sub(_correct_reference, body)
    if b"ISO-8859-1" in body[:100].upper():
        if len(body.translate(None, C1_BYTES)) < len(body):
            return etree.fromstring(body.decode("latin-1").translate(C1).encode(), UTF8_PARSER)
    elif C1_UTF8.search(body):
        body = C1_UTF8.sub(lambda match: match[0].decode().translate(C1).encode(), body)
    return etree.fromstring(body, PARSER)


def _correct_reference(match: re.Match[bytes]) -> bytes:
    number = int(match[1], 16) if match[1] else int(match[2])
    return b"&#%d;" % ord(C1.get(number, chr(number)))


def find_one(node: Element, path: str) -> Element:
    """Return the only element at an XPath below a node. Raises ElementCountError, with path, count and line."""
    found = node.findall(path)
    if len(found) != 1:
        raise ElementCountError(f"line {node.sourceline}: <{node.tag!s}> has {len(found)} of {path}, not 1")
    return found[0]


def collapse_space(text: str | None) -> str:
    """Replace each run of white space with one space, strip the ends, and remove INVISIBLE characters."""
    if not text:
        return ""
    if text.isascii() and not ("  " in text or "\n" in text or "\t" in text or "\r" in text):
        return text.strip(" ")  # the same result, three times as fast
    return " ".join((text if text.isascii() else INVISIBLE.sub("", text)).split())


def read_as_line(element: Element) -> str:
    """Return the text of an element as one line."""
    if len(element) and next(element.iter(*SCRIPT_MARKS, *STRUCK), None) is not None:
        element = deepcopy(element)
        write_marks_as_text(element)
    return collapse_space(_read_raw_text(element))


def read_text_and_markup(item: Element) -> tuple[str, str | None]:
    """Return the plain text of an item, and its source markup, or None if it holds only bare paragraphs."""
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
            markup = read_source_markup(item)
            return make_plain_text(item), markup
        if text := collapse_space(child.text):
            found.append(text)
        loose = loose or (child.tail and child.tail.strip())
    return (make_plain_text(item) if loose else "\n\n".join(found)), None


def read_source_markup(item: Element) -> str:
    """Return the markup inside an element as the source wrote it, with entities resolved."""
    whole = etree.tostring(item, encoding="unicode", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("<")].strip()


def make_plain_text(item: Element) -> str:
    """Return the words inside an element as plain text.

    A blank line separates paragraphs; each run of white space becomes one space; a table is one paragraph with a line
    a row and a tab between cells; a list item is one line. A superscript fraction is a fraction (2½), other superscript
    figures after a word or a number have a caret (10^6), and words struck out are left out. Changes the tree, so read
    the source markup first.
    """
    if next(item.iterdescendants(*REWRITTEN), None) is not None:
        write_marks_as_text(item)
        for br in item.iter("br"):
            br.tail = BREAK + (br.tail or "")
        for column in item.iter("col"):  # the number of a printed column, which nobody says
            column.text = " "
    return "\n\n".join(_read_paragraphs(item))


def write_marks_as_text(item: Element) -> None:
    """Write a tree as its plain text has it: nothing struck out, and no meaning in what is raised.

    Nobody says what is struck out. Figures above or below the line are written within it so that they keep their
    meaning: a fraction as ½ or 5/16, other figures after a word or number as 10^6, with their sign; letters after a
    figure as 10^n, but 19th; letters after letters stay, and so do figures after a letter below it (CO2).
    """
    for struck in list(item.iter(*STRUCK)):
        tail = struck.tail
        struck.clear()
        struck.tail = tail
    for script in list(item.iter(*SCRIPT_MARKS)):
        words = _read_raw_text(script)
        before = INVISIBLE.sub("", _find_text_before(script, item))
        if fraction := FRACTION.fullmatch(words) or _take_denominator(script, words):
            written = _write_fraction(fraction[1], fraction[2], before[-1:])
            _replace_words(script, written + (" " if _find_text_after(script, item)[:1].isdigit() else ""))
            continue
        after = _find_text_after(script, item)
        written = _write_script(str(script.tag), SIGNED.sub(r"\1", collapse_space(words)), before, after)
        if written:
            is_run_on = written != "°" and CONTINUED.match(after)
            _replace_words(script, written + (" " if is_run_on else ""))


def _write_script(tag: str, words: str, before: str, after: str) -> str:
    """Write what is above or below the line with a mark before it; "" where it needs none."""
    is_after_figure = before.rstrip()[-1:].isdigit()
    if tag == "sup" and is_after_figure and words in DEGREE and TEMPERATURE.match(after):
        return "°"
    if is_after_figure and _begins_with_letter(words) and not ORDINAL.fullmatch(words):
        return f"{SCRIPT_MARKS[tag]}{words}" if not before[-1].isspace() else ""
    if not FIGURE_FIRST.match(words) or not before or (before[-1].isspace() and not is_after_figure):
        return ""
    is_read_as_one = tag == "sub" and not is_after_figure and words[0].isdigit()  # CO2
    return "" if is_read_as_one else f"{SCRIPT_MARKS[tag]}{words}"


def _begins_with_letter(words: str) -> bool:
    return re.sub(f"^{SIGN}", "", words)[:1].isalpha()


def _take_denominator(script: Element, words: str) -> re.Match[str] | None:
    """Match the fraction that a superscript, a slash and a subscript or plain figures make; remove the latter two."""
    below, tail = script.getnext(), script.tail or ""
    slash = SLASH.match(tail)
    if script.tag != "sup" or not slash or not words.strip().isdigit():
        return None
    is_below = not slash[1] and below is not None and below.tag == "sub" and slash.end() == len(tail)
    found = FRACTION.fullmatch(f"{words}/{_read_raw_text(below) if is_below and below is not None else slash[1]}")
    if found and is_below and below is not None:
        _replace_words(below, "")
    if found:
        script.tail = tail[slash.end() :]
    return found


def _write_fraction(above: str, below: str, before: str) -> str:
    written = f"{above}/{below}"
    return FRACTIONS.get(written) or (f" {written}" if before.isalnum() else written)


def _replace_words(element: Element, words: str) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "span", words, tail


def _find_text_before(element: Element, item: Element) -> str:
    """Return text that ends where an inline element begins, in its block; "" at the beginning of the block."""
    while element is not item and element.tag not in BLOCKS | CELLS:
        before = element.getprevious()
        while before is not None:
            if before.tag in BLOCKS or before.tag == "br":
                return before.tail or ""
            if text := (_read_raw_text(before) if isinstance(before.tag, str) else "") + (before.tail or ""):
                return text
            before = before.getprevious()
        parent = element.getparent()
        if parent is None or parent.text:
            return (parent.text or "") if parent is not None else ""
        element = parent
    return ""


def _find_text_after(element: Element, item: Element) -> str:
    """Return text that begins where an inline element ends, in its block; "" at the end of the block."""
    while element is not item and element.tag not in BLOCKS | CELLS:
        if element.tail:
            return element.tail
        if (after := element.getnext()) is not None:
            if after.tag in BLOCKS or after.tag == "br":
                return ""
            if isinstance(after.tag, str) and (text := _read_raw_text(after)):
                return text
        onward = after if after is not None else element.getparent()
        if onward is None:
            return ""
        element = onward
    return ""


def _read_paragraphs(element: Element) -> list[str]:
    found: list[str] = []
    loose = element.text or ""  # words outside any block continue until the next block
    for child in element:
        tag = child.tag
        is_parted = len(child) > 0 and _holds_block(child)
        if tag in BLOCKS or is_parted:
            if loose and not loose.isspace():
                found += _split_at_breaks(loose)
            found += _read_block(child) if is_parted or tag != "p" else _split_at_breaks(_read_raw_text(child))
            loose = child.tail or ""
        else:  # a comment has no words, only a tail
            loose += (_read_raw_text(child) if isinstance(tag, str) else "") + (child.tail or "")
    return found + _split_at_breaks(loose)


def _holds_block(element: Element) -> bool:
    return next(element.iterdescendants(*BLOCKS), None) is not None


def _read_block(element: Element) -> list[str]:
    if element.tag == "table":
        return [text] if (text := _read_table(element)).strip() else []
    if element.tag in LISTS:
        return [text] if (text := "\n".join(_list_lines(element))) else []
    return _read_paragraphs(element)


def _list_lines(element: Element) -> Iterator[str]:
    """Yield a line for each item of a list, and of lists directly within it."""
    for child in element.iterchildren("li", *LISTS):
        if child.tag in LISTS:
            yield from _list_lines(child)
        elif text := _read_cell(child):
            yield text


def _read_raw_text(element: Element) -> str:
    if len(element):
        return etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return element.text or ""


def _split_at_breaks(text: str) -> list[str]:
    if BREAK in text:
        return [squeezed for part in text.split(BREAK) if (squeezed := collapse_space(part))]
    squeezed = collapse_space(text)
    return [squeezed] if squeezed else []


def _read_table(table: Element) -> str:
    groups = [part for part in table if part.tag != "caption"]
    rows = [row for part in groups for row in ([part] if part.tag == "tr" else part.iterchildren("tr"))]
    lines = ["\t".join([_read_cell(cell) for cell in row.iterchildren("td", "th")]) for row in rows]
    return "\n".join(filter(None, [read_as_line(caption) for caption in table.findall("caption")] + lines))


def _read_cell(element: Element) -> str:
    """Return the text of a cell or a list item as one line, with a space between its paragraphs."""
    if not len(element):
        return collapse_space(element.text)
    if _holds_block(element):
        return collapse_space(" ".join(_read_paragraphs(element)))
    return read_as_line(element)
