"""The words of a quotation and of the record, each with its place, so that what is shown is cut from its text.

Signs that carry meaning belong to their figure: a minus, a currency, a fraction, a range.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from annotations.text.figure_signs import COMPARED, CURRENCY, RAISED
from annotations.text.normalize import Span, find_sign, fold_typography
from annotations.text.quotation import DOTS, GAP, INSERTION, LETTER, SIC

STAND_IN = "\x04"  # stands for the words that a writer put in brackets
FIGURE = (
    rf"[{COMPARED}]*[{CURRENCY}]?(?:(?<![\w.])\.)?\d(?:(?:[\d,./:^·-]| : )*\d)?"
    rf"(?:[{RAISED}]+|[mM]|[bB]n|[kK]|[tT]n)?(?!\w|[.,:]\d)"
)
# The raised number of a note, behind a word or a year: no power.
NOTE_NUMBER = re.compile(
    rf"(?:(?<=[^\W\d_]{{3}})(?<!metre)(?<!metres)(?<!mile)(?<!miles)(?<!feet)(?<!inch)(?<!yard)(?<!yards)"
    rf"|(?<=\b1[6-9]\d\d)|(?<=\b20\d\d))(?:\^\d{{1,2}}|[{RAISED}]{{1,2}})(?![\w^])"
)
BROKEN_WORD = re.compile(r"(?<=[a-z])-(?=[a-z])")
LINE_MARK = re.compile(r"^[ \t]*[>•▪*#]+[ \t]+(?!\d)", re.MULTILINE)  # of mails and lists
TOKEN = re.compile(rf"{FIGURE}|\d[\d,]*(?:st|nd|rd|th|[A-Z])(?!\w)|\d[\d,.]*\d|\w+(?:'\w+)*|[^\w\s'−-]")
PRIME = re.compile("[′'’´]{2}|[″\"”]|[′'’´]")  # the marks of feet and inches, and of minutes and seconds
YEAR = re.compile(r"(?<!\d)\d{4}\Z")  # so many feet or inches are more likely a year
SIGNED = re.compile(rf"[{CURRENCY}]?\d")  # what a sign may stand before
FEET = re.compile(r"\d['’´]\Z"), re.compile(r" ?\d+[½¼¾]?(?:[″\"”]|''|’’)")


class QuoteWord(NamedTuple):
    """A folded word, figure or mark, and its place in the original text (code points, end exclusive)."""

    folded: str
    start: int
    end: int


def read_words(text: str, start: int = 0, end: int | None = None, notes: bool = False) -> list[QuoteWord]:
    """Read the words of a part of a text as it is written; a sign beside the part's edge belongs to its figure."""
    end = len(text) if end is None else end
    part = fold_typography(text[start:end], notes)
    return _find_words(
        text, part.text, lambda first, last: (start + part.find_text_start(first), start + part.find_text_end(last))
    )


def read_quotation(quotation: str, notes: bool = False) -> list[QuoteWord]:
    """Read the words of a quotation: dots become GAP, words in brackets STAND_IN; [T]he is one word, [sic] is none."""
    folded = fold_typography(quotation, notes)
    text = folded.text
    places = [(folded.find_text_start(n), folded.find_text_end(n + 1)) for n in range(len(text))]
    text, places = _join_broken_lines(quotation, text, places)
    text, places = _replace_marks(text, places, DOTS, lambda match: f"{match[1]}{GAP}")
    text, places = _replace_marks(text, places, SIC, lambda match: "")
    text, places = _replace_marks(text, places, LETTER, lambda match: match[1] or match[2])
    text, places = _replace_marks(text, places, INSERTION, lambda match: f" {STAND_IN}")
    marks = [match.span() for match in LINE_MARK.finditer(quotation)]
    words = _find_words(quotation, text, lambda first, last: (places[first][0], places[last - 1][1]))
    return [word for word in words if not any(start <= word.start < end for start, end in marks)]


def _join_broken_lines(quotation: str, text: str, places: Sequence[Span]) -> tuple[str, list[Span]]:
    """Join the words that a hyphen parts at the end of a line; the record's own hyphen is no difference of words."""
    ends = {
        match.start()
        for match in BROKEN_WORD.finditer(text)
        if "\n" in quotation[places[match.start()][0] : places[match.start()][1]]
    }
    kept = [n for n in range(len(text)) if n not in ends] if ends else range(len(text))
    return "".join(text[n] for n in kept), [places[n] for n in kept]


def split_parts(words: Sequence[QuoteWord]) -> list[list[QuoteWord]]:
    """Split the words of a quotation at its dots into the parts that have words."""
    parts: list[list[QuoteWord]] = [[]]
    for word in words:
        if word.folded == GAP:
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if any(re.search(r"\w", word.folded) for word in part)]


def cut_words(text: str, words: Sequence[QuoteWord]) -> str:
    """Cut words out of their text as they are written there; "" for none."""
    return text[words[0].start : words[-1].end].strip() if words else ""


def _replace_marks(
    text: str, places: Sequence[Span], pattern: re.Pattern[str], write: Callable[[re.Match[str]], str]
) -> tuple[str, list[Span]]:
    """Replace what a pattern matches; every character of the new words has the place of the whole match."""
    bits, spans, done = [], [], 0
    for match in pattern.finditer(text):
        words = write(match)
        bits += [text[done : match.start()], words]
        spans += [*places[done : match.start()], *[(places[match.start()][0], places[match.end() - 1][1])] * len(words)]
        done = match.end()
    return "".join([*bits, text[done:]]), [*spans, *places[done:]]


def _find_words(original: str, text: str, find_place: Callable[[int, int], Span]) -> list[QuoteWord]:
    """Read the words of a folded text; `find_place` returns the original place of a folded one."""
    text = NOTE_NUMBER.sub(lambda match: " " * len(match[0]), text)
    return [
        _sign_figure(original, QuoteWord(match[0].strip("_") or "_", *find_place(*match.span())))
        for match in TOKEN.finditer(text)
    ]


def _sign_figure(text: str, word: QuoteWord) -> QuoteWord:
    """Return a figure with the minus before it and the feet or inches after it; a dash between words is no minus."""
    if not SIGNED.match(word.folded):
        return word
    if (mark := PRIME.match(text, word.end)) and _is_prime(text, mark):
        prime = "″" if mark[0] in '″"”' or len(mark[0]) > 1 else "′"
        word = QuoteWord(word.folded + prime, word.start, mark.end())
    start = find_sign(text, word.start)
    return QuoteWord(f"-{word.folded}", start, word.end) if start >= 0 else word


def _is_prime(text: str, mark: re.Match[str]) -> bool:
    """Return True for a mark after a figure that is no quotation mark: none is open, or feet and inches are told."""
    if mark[0] in "′″′′":
        return True
    before = text[: mark.start()]
    feet, inches = FEET
    if YEAR.search(before):
        return False
    if feet.search(before[-2:] + mark[0]) and inches.match(text, mark.end()):
        return True
    if re.search(r"\d(?:['’´]|′) ?\d+[½¼¾]?\Z", before[-8:]):
        return True
    if mark[0] == '"':
        return before.count('"') % 2 == 0
    return mark[0] in ("'", "''") and not re.search(r"(?<!\w)['‘]\w", before) and not text[mark.end() :][:1].isalpha()
