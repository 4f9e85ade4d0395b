"""Parliament's old pages as pieces, read line by line between the tags that divide blocks."""

import re
from collections import Counter
from collections.abc import Iterator

from scrapers.audit.pieces import INLINE_TAG, TAG, Piece, list_words, lower_tags, read_fragment, remove_comments

MARK = re.compile(r"""<a\s[^<>]*name=["']?(?:\d{13,15}|column_)|<notus-date""", re.IGNORECASE)
BODY = re.compile(r"<body(?=[\s>])", re.IGNORECASE)
SITE_LINK = re.compile(
    r"<a\s[^<>]*href=[^<>]*>\s*(?:<[^<>]*>\s*)*(?:next|previous|home page|contents|index|back to top)\b", re.IGNORECASE
)
WITHOUT_WORDS = re.compile(r"<(head|script|style)(?=[\s>])(?:(?!<\1[\s>]).)*?</\1\s*>", re.DOTALL)
COLUMN = re.compile(
    r"<(b|p)(?=[\s>])[^<>]*>((?:<[^<>]*>|\s)*)"
    r"((?:\d{1,2}\s+\w+\s+\d{4}\s?:\s?)?Column\s+\w+(?:\s?(?:-|–|—|&#15[01];)\s?continued)?)((?:\s|<[^<>]*>)*)</\1\s*>(?:(?:-|–|—|&#15[01];|\s)*continued)?",
    re.IGNORECASE,
)
TIME = re.compile(r"\W*(?:\d{1,2}(?:[.:]\s?\d{1,2})?\s?[ap]\.?\s?m\.?|(?:12\s)?(?:noon|midnight))\W*", re.IGNORECASE)
FRONT = re.compile(
    r"House of (?:Commons|Lords)|Westminster Hall|Grand Committee|Written (?:Ministerial )?Statements"
    r"|Written Answers(?: to Questions)?|Prayers?\b.*|(?:The House|Parliament|The Committee) (?:being )?met\b.*"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s\d.*|\[.* in the Chair\s?\]",
    re.IGNORECASE | re.DOTALL,
)
NUMBER_BEFORE = re.compile(
    r"(?:\s|</?a\b[^<>]*>)*(?:(?:[A-Z]?\d{1,3}\.|\*)\s*(?:\[\d{3,7}\])?|\[\d{3,7}\])(?=(?:\s|</?a\b[^<>]*>)*<b[\s>])"
    r"|(?:\s|</?a\b[^<>]*>)*<b>(?:\s|</?a\b[^<>]*>)*(?:[QST]?\d{1,3}\.\s*(?:\[\d{3,7}\])?|\*)(?=\s*[A-Z])",
    re.IGNORECASE,
)
NUMBER_AFTER = re.compile(r"\[(?:HL)?\d{3,7}\]\s*$")
DIVISION = re.compile(r"\W*Division No\b.*", re.IGNORECASE | re.DOTALL)
LIST_LINE = re.compile(
    r"AYES|NOES|(?:NOT.)?CONTENTS|Tellers? for the (?:Ayes|Noes|Contents|Not.Contents)\W*", re.IGNORECASE
)
TELLERS_BEFORE = re.compile(r"\s*Tellers? for the (?:Ayes|Noes|Contents|Not.Contents)\W*", re.IGNORECASE)
AND_BETWEEN = re.compile(r"\band\b")
AND_AFTER = re.compile(r"(?<!\s)\s+and\s*$")


def read_page_pieces(text: str, left_out: Counter[str]) -> Iterator[Piece]:
    """Yield the pieces of a page in reading order; those of times, columns and numbers have rules."""
    text = WITHOUT_WORDS.sub(lambda found: "\n" * found[0].count("\n"), remove_comments(lower_tags(text)))
    text = _cut_frame(text, left_out)
    text = COLUMN.sub(lambda found: f"<column/>{found[3]}<end-column/>", text)
    position, line, tag, is_list, division = 0, 1, "", False, ""
    for found in [*_find_block_tags(text), None]:
        markup = text[position : found.start() if found else len(text)]
        for piece in _read_line(markup, tag, is_list, left_out):
            is_list = piece.rule == "division list" or (is_list and piece.rule in ("column", "time"))
            if DIVISION.fullmatch(piece.text.strip()):
                division = f"line {line}"
            elif not (piece.rule or _is_name(piece.text)):
                division = ""
            yield piece._replace(place=f"line {line}", around=(division,) if division else ())
        if found:
            line += text.count("\n", position, found.end())
            position, tag = found.end(), found[1].lower()


def _is_name(text: str) -> bool:
    """Return True for a line as a list of names has it: "Ash, Mr. A." """
    return "," in text and len(text.split()) < 9


def _find_block_tags(text: str) -> Iterator[re.Match[str]]:
    return (found for found in TAG.finditer(text) if not INLINE_TAG.fullmatch(found[0]))


def _cut_frame(text: str, left_out: Counter[str]) -> str:
    """Blank what the site prints round a whole document: before the first mark, and from its links after the last."""
    marks = [found.start() for found in MARK.finditer(text)] if BODY.search(text) else []
    if not marks:
        return text
    start = text.rfind("<", 0, marks[0] + 1)
    link = re.compile(rf"<hr(?=[\s/>])|{SITE_LINK.pattern}", re.IGNORECASE).search(text, marks[-1])
    end = link.start() if link else len(text)
    left_out["frame"] += sum(len(list_words(TAG.sub(" ", each))) for each in (text[:start], text[end:]))
    return "\n" * text.count("\n", 0, start) + text[start:end]


def _read_line(markup: str, tag: str, is_list: bool, left_out: Counter[str]) -> Iterator[Piece]:
    """Yield the pieces of the words between two tags of blocks; `tag` is the name in the first."""
    number = NUMBER_BEFORE.match(markup)
    if number:
        yield Piece(text=read_fragment(number[0], left_out)[0], place="", rule="question number")
        markup = markup[number.end() :]
    text, is_raised = read_fragment(markup, left_out)
    words = text.strip()
    if not words:
        return
    if (tellers := TELLERS_BEFORE.match(text)) and text[tellers.end() :].strip():
        yield Piece(text=tellers[0], place="", rule="division list")
        for name in AND_BETWEEN.split(text[tellers.end() :]):
            yield Piece(text=name, place="", is_raised=is_raised)
        left_out["division list"] += len(AND_BETWEEN.findall(text))
        return
    rule = _find_rule(words, tag)
    after = (AND_AFTER if is_list else NUMBER_AFTER).search(text) if not rule else None
    yield Piece(text=text[: after.start()] if after else text, place="", rule=rule, is_raised=is_raised)
    if after:
        yield Piece(text=after[0], place="", rule="division list" if is_list else "question number")


def _find_rule(words: str, tag: str) -> str:
    if tag == "column":
        return "column"
    if tag == "h5" and TIME.fullmatch(words):
        return "time"
    if LIST_LINE.fullmatch(words) or DIVISION.fullmatch(words):
        return "division list"
    return "front matter" if tag in ("h1", "h2", "h3", "h4", "h5", "center") and FRONT.fullmatch(words) else ""
