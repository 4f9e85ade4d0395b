"""TheyWorkForYou's XML as pieces, read by its opening and closing tags alone."""

import html
import re
from collections import Counter
from collections.abc import Iterator

from scrapers.audit.pieces import TAG, Piece, UnreadableError, list_words, read_fragment, remove_comments

ITEM = re.compile(
    r"<(speech|ques|reply|(?:oral|major|minor)-heading|divisioncount|division)(?=[\s/>])"
    r"""([^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*)>"""
)
ATTRIBUTE = re.compile(r"""(?<=\s)(id|speakername)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
TOTAL = re.compile(r"""\s(ayes|content|noes|not-content)\s*=\s*["']\s*0*(\d+)\s*["']""")
DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[(.*?)\]\s*)?>", re.DOTALL)
ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+(?:"([^"]*)"|'([^']*)')\s*>""")
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
INSTRUCTION = re.compile(r"<\?.*?\?>", re.DOTALL)
LISTS = frozenset({"bill", "committee", "witnesses"})


def read_xml_pieces(text: str, left_out: Counter[str]) -> Iterator[Piece]:
    """Yield a piece for each heading, turn and division, keyed by its id. Raises UnreadableError."""
    text = _resolve_entities(text)
    position, line, before, section = 0, 1, 1, ""
    while item := ITEM.search(text, position):
        yield from _read_between(text[position : item.start()], line, before, left_out)
        line += text.count("\n", position, item.end())
        before = line  # on which the opening tag ends
        name, attributes = item[1], item[2]
        end = item.end() if attributes.endswith("/") else text.find(f"</{name}>", item.end())
        if end < 0:
            raise UnreadableError(f"line {line}: <{name}> does not end")
        body = text[item.end() : end]
        found = {key: double or single for key, double, single in ATTRIBUTE.findall(attributes)}
        section = found.get("id", "") if name.endswith("heading") else section
        words, is_raised = read_fragment(body, left_out)
        if name.startswith("division"):
            words = f"{_read_totals(item[0] + body)} {words}"
        elif speaker := found.get("speakername"):
            words = f"{read_fragment(speaker, left_out)[0]} {words}"
        yield Piece(
            text=words,
            place=f"line {line}",
            key=found.get("id", ""),
            section=section,
            is_raised=is_raised,
        )
        position = end if attributes.endswith("/") else end + len(f"</{name}>")
        line += text.count("\n", item.end(), position)
    yield from _read_between(text[position:], line, before, left_out)


def _resolve_entities(text: str) -> str:
    """Return a document without its declarations and comments, with the same lines, and with its own entities read."""
    doctype = DOCTYPE.search(text)
    if doctype:
        declared = {name: double or single for name, double, single in ENTITY.findall(doctype[1] or "")}
        text = text[: doctype.start()] + "\n" * doctype[0].count("\n") + text[doctype.end() :]
        if declared:
            text = re.sub(r"&([\w.-]+);", lambda found: declared.get(found[1], found[0]), text)
    text = remove_comments(text)
    if "<![CDATA[" in text:
        text = CDATA.sub(lambda found: found[1].replace("&", "&amp;").replace("<", "&lt;"), text)
    return INSTRUCTION.sub("", text) if "<?" in text else text


def _read_totals(markup: str) -> str:
    totals: dict[str, str] = {}
    for name, figure in TOTAL.findall(markup):
        totals.setdefault({"content": "ayes", "not-content": "noes"}.get(name, name), figure)
    return f"{totals.get('ayes', '')} {totals.get('noes', '')}"


def _read_between(markup: str, line: int, before: int, left_out: Counter[str]) -> Iterator[Piece]:
    """Yield the words between two items: only lists of a committee may stand there.

    The place is the line on which the last element before them, outside all others, has begun: at first `before`.
    """
    if not markup.strip():
        return
    position = depth = begun = 0
    name = ""
    for tag in [*TAG.finditer(markup), None]:
        words = html.unescape(markup[position : tag.start() if tag else len(markup)]).strip()
        if words and depth and name in LISTS:
            left_out["committee list"] += len(list_words(words))
        elif words:
            place = line + markup.count("\n", 0, begun) if begun else before
            yield Piece(text=words, place=f"line {place}")
        if not tag:
            return
        if tag[0].startswith("</"):
            depth = max(0, depth - 1)
        elif not depth:
            name, begun = tag[1], tag.end()
        depth += not (tag[0].startswith("</") or tag[0].endswith("/>") or tag[1] == "publicwhip")
        position = tag.end()
