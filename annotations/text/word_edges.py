"""The edges of words and numbers: whether a place in a text cuts one in two, and the whole words around a place.

A number is whole with its sign, currency, decimals, range, power, unit of scale and per cent, with a space between or
without: "5" is not a number of "15", "2.5", "−5", "10—15", "5 %", "£ 5", "5^6", "3 : 5", "5 million" or "twenty-five".
A word is whole with its negating prefix and its contraction: "compliant" is no word of "non-compliant", nor "can" of
"can't". All functions read folded texts and the record's own.
"""

import re
from collections.abc import Iterator
from functools import cache

from annotations.text.figure_signs import COMPARED, CURRENCY, NARROW, OPERATING, VULGAR

REACH = 28  # characters on each side of a place that decide
LETTER, HIDDEN = r"[^\W_]", "[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]*"
HYPHEN, DASH, APOSTROPHE = "[-\u2010\u2011–]", "[-\u2010-\u2014−]", "['’‘]"
SPACE, GAP = f"[ {NARROW}]", f"[ {NARROW}]?"
LIMIT = f"[{COMPARED}{CURRENCY}]"  # before a figure, or parted from it by a space
SIGN = f"[−+{COMPARED}{CURRENCY}]"
AFTER = f"(?:[%‰‱°{VULGAR}]|[{CURRENCY}](?!{GAP}\\d))"  # behind a figure, or parted from it by a space
BETWEEN = f"[.,:·‧∙⋅⁄∕∶*±{OPERATING}]"  # between two figures
OPERATOR = f"[:∶x*±{OPERATING}]"  # between two figures, parted from the first by a space
UNITS = "one|two|three|four|five|six|seven|eight|nine|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
SCALE = "hundred|thousand|million|billion|trillion|bn|tn|lakh|crore|dozen"
NUMBER = rf"(?:\d|\b(?:nought|zero|{UNITS}|{TEENS}|{TENS}|{SCALE}))"
NEXT_NUMBER = rf"(?:[{CURRENCY}]?{GAP}\d|(?:nought|zero|{UNITS}|{TEENS}|{TENS}|{SCALE})\b)"
SHARES = "halves|thirds|quarters|fifths|sixths|sevenths|eighths|ninths|tenths|hundredths"
SHARE = rf"(?:half|third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|{SHARES})(?![\w-])"
# Not a year, whose raised figure is a note's.
BASE = r"(?:(?<!\b1[6-9]\d)(?<!\b20\d)\d|\b(?:[a-z]|[cdkm]m|ft|yd))"
PREFIX = "non|un|anti|ex|dis|mis|ill|pseudo|quasi|semi|half|vice|counter|pre|post|pro|sub|mid|over|under"
CONTRACTED = "(?:s|t|d|m|ll|re|ve)"


def _split_phrase(*parts: str) -> Iterator[tuple[str, str]]:
    """Yield the text before and after each space of a phrase; the space may be in either."""
    for n in range(1, len(parts)):
        yield r"\s".join(parts[:n]) + r"\s?", r"\s?" + r"\s".join(parts[n:])


# The text before a place, and the text after it, between which a word or a number goes on: with white space, then not.
SPACED = (
    *_split_phrase(NUMBER, rf"(?:{SCALE})s?\b"),
    *_split_phrase(rf"\b(?:{SCALE})", NEXT_NUMBER),
    *_split_phrase(rf"\b(?:{SCALE})", "and", NEXT_NUMBER),
    *_split_phrase(NUMBER, r"per ?cent\b"),
    *_split_phrase(NUMBER, "per", r"cent\b"),
    *_split_phrase(NUMBER, "and", "(?:a|one|two|three)", SHARE),
    *_split_phrase(NUMBER, "and", f"(?:one|two|three){HYPHEN}{SHARE}"),
    *_split_phrase(r"\bhalf", "an?", rf"(?:{SCALE})\b"),
    *_split_phrase(r"\bhalf", "a", r"per ?cent\b"),
    *_split_phrase(NUMBER, "point", NEXT_NUMBER),
    *_split_phrase(r"\bminus", NEXT_NUMBER),
    *_split_phrase(rf"[{CURRENCY}]{GAP}\d[\d.,]*", r"[mk]\b"),
    (rf"\b(?:{TENS})", rf"(?:{HYPHEN}|\s)(?:{UNITS})\b"),
    (rf"\b(?:{TENS})(?:{HYPHEN}|\s)", rf"(?:{UNITS})\b"),
    (rf"\b(?:{UNITS})", rf"(?:{HYPHEN}|\s)(?:{SHARES})\b"),
    (rf"\b(?:{UNITS})(?:{HYPHEN}|\s)", rf"(?:{SHARES})\b"),
    (r"\bone", rf"(?:{HYPHEN}|\s){SHARE}"),
    (rf"\bone(?:{HYPHEN}|\s)", SHARE),
    (rf"\d{GAP}", f"{GAP}{AFTER}"),
    (rf"\d{GAP}°{GAP}", rf"{GAP}[CFK]\b"),
    (rf"(?:{LIMIT}|−){GAP}", rf"{GAP}\.?\d"),
    (rf"(?:^|[\s(\[]){HYPHEN}[{NARROW}]?", rf"[{NARROW}]?\.?\d"),
    (rf"\b(?:to|by|at|of|from|than|between|below|above) {HYPHEN} ?", rf" ?[{CURRENCY}]?\.?\d"),
    (r"\d", rf"{SPACE}{OPERATOR}{GAP}\d"),
    (rf"\d{SPACE}", rf"{OPERATOR}{GAP}\d"),
    (rf"\d{SPACE}{OPERATOR}{GAP}", rf"{GAP}\d"),
    (rf"\d[{NARROW}]?", rf"[{NARROW}]?\d\d\d(?!\d)"),
    (rf"{BASE}{GAP}", rf"{GAP}[\^_]{DASH}?{LETTER}"),
    (rf"\d[′″]{GAP}", rf"{GAP}\d+[½¼¾]?[′″]"),
)
UNSPACED = (
    (f"{LETTER}{HIDDEN}", f"{HIDDEN}{LETTER}"),
    (r"\d", rf"(?:{BETWEEN}|{DASH})\d|{APOSTROPHE}\d\d\d(?!\d)|\+(?![\w+])|/[-–]"),
    (rf"[\d{VULGAR}]", "[′″]"),
    (rf"\d(?:{BETWEEN}|{DASH})", r"\d"),
    (r"\d/", "[-–]"),
    (rf"\d{APOSTROPHE}", r"\d\d\d(?!\d)"),
    (rf"{SIGN}|(?:^|[\s(\[{CURRENCY}]){HYPHEN}|(?:^|[\s(\[]|{SIGN})\.", r"\d"),
    (rf"{SIGN}|(?:^|[\s(\[]){HYPHEN}", rf"[{CURRENCY}]?{GAP}\.?\d"),
    (r"[\^_]", rf"(?:{DASH}|\+)?{LETTER}"),
    (rf"[\^_](?:{DASH}|\+)", LETTER),
    (r"\b[A-Z]{1,3}", rf"[{CURRENCY}]\d"),
    (LETTER, "[⁺⁻]"),
    ("[⁺⁻]", LETTER),
    (rf"\b(?:{PREFIX})", f"{HYPHEN}{LETTER}"),
    (rf"\b(?:{PREFIX}){HYPHEN}", LETTER),
    (LETTER, rf"{HYPHEN}(?:free|less)\b"),
    (f"{LETTER}{HYPHEN}", r"(?:free|less)\b"),
    (LETTER, rf"{APOSTROPHE}{CONTRACTED}\b"),
    (f"{LETTER}{APOSTROPHE}", rf"{CONTRACTED}\b"),
    (r"\b[A-Z]", f"{APOSTROPHE}{LETTER}"),
    (rf"\b[A-Z]{APOSTROPHE}", LETTER),
)
EVERYWHERE = (*SPACED, *UNSPACED)


@cache  # they take longer to compile than all else takes to start
def _compile_joints(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((left, re.compile(right, re.IGNORECASE)) for left, right in pairs)


@cache
def _compile_before(left: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{left})\Z", re.IGNORECASE)


def is_inside_word(text: str, at: int) -> bool:
    """Return True if an offset cuts a word or a number of the text in two.

    >>> [is_inside_word("unfair by 2.5%", at) for at in (2, 6, 11, 12, 13)]
    [True, False, True, True, True]
    """
    if not 0 < at < len(text):
        return False
    if text[at - 1].isalnum() and text[at].isalnum():
        return True
    left, right = text[max(0, at - REACH) : at], text[at : at + REACH]
    joints = _compile_joints(SPACED if left[-1].isspace() or right[0].isspace() else EVERYWHERE)
    return any(after.match(right) and _compile_before(before).search(left) for before, after in joints)


def widen_to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span of a text, in code points, until it cuts no word and no number.

    >>> widen_to_words("It was unfair to some.", 9, 16)
    (7, 16)
    """
    while start < end and is_inside_word(text, start):
        start -= 1
    while start < end and is_inside_word(text, end):
        end += 1
    return start, end
