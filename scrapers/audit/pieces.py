"""The words of a document in pieces, as the audit reads them; and the rules by which words may be in no record."""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from unicodedata import normalize

RULES = {  # words that a document has and its records have not, each with the reason
    "struck": "words in <s>, <strike> and <del> are crossed out in the source: no one said them",
    "refused": "words of parts that the parser refused; they are listed in quarantine",
    "time": "a clock time between two turns is a field of the turns after it",
    "column": "the number of a column of the official report is a field of the turns after it",
    "question number": "a number printed beside a question is a field of the question",
    "division list": "AYES, NOES, tellers and totals are fields of the division and of its votes",
    "front matter": "the house, the day and how the sitting began come before the first heading of a page",
    "frame": "links, titles and addresses of the site around a page are not part of the record",
    "committee list": "members, clerks and witnesses of a committee are listed beside its turns, not spoken",
    "navigation": "headings above a debate in every answer of the Hansard API are in the records once",
}
WORD = re.compile(r"[^\W_]+(?:[.,:/]\d[^\W_]*)*|[-\u2010-\u2013\u2212+±£$€%<>=]")
TAG = re.compile(r"""</?([A-Za-z][\w:-]*)[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
PARAGRAPH = re.compile(r"</?p(?=[\s>])[^<>]*>")
INLINE_TAG = re.compile(  # the rest stand between words; the first look-ahead passes over tables, which are long
    r"</?(?!t[abdhr])(?:[aibuqs]|em|span|phrase|su[bp]|strong|small|abbr|big|cite|code|data|font|img|ins|mark|member"
    r"|nobr|del|strike|time|tt|acronym|dfn|kbd|samp|var|wbr)(?=[\s/>])[^<>]*>"
)
CAPITAL_TAG = re.compile(r"</?[A-Z]\w*")
STRUCK = re.compile(r"<(s|strike|del)(?=[\s>])[^<>]*>(?:(?!<\1[\s>]).)*?</\1\s*>", re.DOTALL)  # the innermost
COLUMN_NUMBER = re.compile(r"<col(?=[\s>])[^<>]*>\s*(\d+[A-Z]*)\s*</col\s*>")  # where a printed column begins
RAISED = re.compile(r"<su[bp](?=[\s>])")
DEGREE = re.compile(r"(\d\s*)<sup>\s*[o0º]\s*</sup>(?=\s*[CF]\b)", re.IGNORECASE)
WINDOWS_1252 = {n: bytes([n]).decode("cp1252") for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
CHARACTERS = {**WINDOWS_1252, **dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF), "")}  # the latter have no width
TRANSLATED = re.compile("[\x80-\x9f\xad\u200b\u2060\ufeff]")
UNREADABLE = re.compile("[\x00-\x08\x0e-\x1b\ud800-\udfff\ufffd-\uffff]")


class Piece(NamedTuple):
    """Words that stand together in a document.

    `rule` names the rule by which they may be in no record, or is empty. `key` is the source's id of them, if it has
    one; `section` is the id of the debate in which they stand, and `around` are the places of debates around it.
    `is_raised` means that figures above or below the line are among them.
    """

    text: str
    place: str
    rule: str = ""
    key: str = ""
    section: str = ""
    is_raised: bool = False
    around: tuple[str, ...] = ()


class UnreadableError(ValueError):
    """A document of which the independent reading can make nothing."""


def read_fragment(markup: str, left_out: Counter[str]) -> tuple[str, bool]:
    """Return the text of a fragment of markup, and True if it has figures above or below the line.

    Words that are struck out are counted in `left_out`.
    """
    text, is_raised = PARAGRAPH.sub(" ", markup), False
    if "<" in text:
        text = remove_comments(lower_tags(text))
        while STRUCK.search(text):
            left_out["struck"] += sum(len(list_words(TAG.sub(" ", each[0]))) for each in STRUCK.finditer(text))
            text = STRUCK.sub("", text)
        if "<col" in text:
            left_out["column"] += sum(len(list_words(column)) for column in COLUMN_NUMBER.findall(text))
            text = COLUMN_NUMBER.sub(" ", text)
        is_raised = RAISED.search(text) is not None
        text = TAG.sub(" ", INLINE_TAG.sub("", DEGREE.sub(r"\1°", text) if is_raised else text))
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii() and TRANSLATED.search(text):
        text = text.translate(CHARACTERS)
    return text, is_raised


def remove_comments(markup: str) -> str:
    """Return markup without its comments, but with their line ends; one that never ends stays."""
    parts, position = [], 0
    while (start := markup.find("<!--", position)) >= 0 and (end := markup.find("-->", start + 4)) >= 0:
        parts += [markup[position:start], "\n" * markup.count("\n", start, end)]
        position = end + 3
    return "".join([*parts, markup[position:]]) if parts else markup


def lower_tags(markup: str) -> str:
    """Return markup with the names of its elements in small letters."""
    return CAPITAL_TAG.sub(lambda found: found[0].lower(), markup) if CAPITAL_TAG.search(markup) else markup


def list_words(text: str) -> list[str]:
    """List the words, figures and signs of a text in order."""
    return WORD.findall(UNREADABLE.sub("", text.translate(CHARACTERS) if TRANSLATED.search(text) else text))


def condense(words: Iterable[str]) -> str:
    """Join words without the marks and spaces with which raised figures are written."""
    return normalize("NFKC", "".join(words)).replace("\u2044", "/")


def decode(body: bytes) -> str:
    """Decode a document as JSON, by its XML declaration, as UTF-8, or as Windows-1252."""
    if body.lstrip()[:1] in (b"{", b"["):
        return body.decode(json.detect_encoding(body), "surrogatepass")
    declared = re.match(rb"""\s*<\?xml[^>]*encoding=["']([\w.-]+)""", body)
    encodings = [declared[1].decode()] if declared else ["utf-8-sig"]
    if encodings[0].lower().replace("_", "-") in ("iso-8859-1", "latin-1", "latin1"):
        encodings = ["cp1252", "latin-1"]
    for encoding in [*encodings, "cp1252"]:
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("latin-1")
