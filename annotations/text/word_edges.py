"""The edges of words and numbers: whether a place in a text cuts one in two, and the whole words around a place.

A number is whole with its sign, currency, decimals, range, unit of scale and per cent: "5" is not a number of "15",
"2.5", "−5", "10—15", "5%", "5 million" or "twenty-five". A word is whole with its negating prefix and its contraction:
"compliant" is no word of "non-compliant", nor "can" of "can't". All functions read folded texts and the record's own.
"""

import re

REACH = 24  # characters on each side of a place that decide
LETTER, HIDDEN = r"[^\W_]", "[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]*"
HYPHEN, DASH, APOSTROPHE = "[-\u2010\u2011–]", "[-\u2010-\u2014−]", "['’‘]"
SIGN = "[−+±£$€¥¢<>≤≥≈~]"
UNITS = "one|two|three|four|five|six|seven|eight|nine|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
SCALE = "hundred|thousand|million|billion|trillion|bn|tn"
NUMBER = rf"(?:\d|\b(?:{UNITS}|{TEENS}|{TENS}|{SCALE}))"
PREFIX = "non|un|anti|ex|dis|mis|ill|pseudo|quasi|semi|half|vice|counter"
CONTRACTED = "(?:s|t|d|m|ll|re|ve)"
# The text before a place, and the text after it, between which a word or a number goes on.
JOINTS = tuple(
    (re.compile(rf"(?:{left})\Z", re.IGNORECASE), re.compile(right, re.IGNORECASE))
    for left, right in (
        (rf"{NUMBER}\s?", rf"\s?(?:{SCALE})\b"),
        (rf"\b(?:{SCALE})(?:\sand)?\s?", rf"\s?(?:and\s)?(?:{NUMBER})\b"),
        (r"\d\s?", r"\s?per ?cent\b"),
        (r"\d\s?per\s?", r"\s?cent\b"),
        (rf"\b(?:{TENS})", rf"(?:{HYPHEN}|\s)(?:{UNITS})\b"),
        (rf"\b(?:{TENS})(?:{HYPHEN}|\s)", rf"(?:{UNITS})\b"),
        (f"{LETTER}{HIDDEN}", f"{HIDDEN}{LETTER}"),
        (r"\d", rf"(?:[.,:/]|{DASH})\d|[%‰°]"),
        (rf"\d(?:[.,:/]|{DASH})", r"\d"),
        (rf"{SIGN}|(?:^|[\s(\[£$€]){HYPHEN}|(?:^|[\s(\[]|{SIGN})\.", r"\d"),
        (rf"{SIGN}|(?:^|[\s(\[]){HYPHEN}", r"[£$€¥]?\.?\d"),
        (rf"\b(?:{PREFIX})", f"{HYPHEN}{LETTER}"),
        (rf"\b(?:{PREFIX}){HYPHEN}", LETTER),
        (LETTER, rf"{HYPHEN}(?:free|less)\b"),
        (f"{LETTER}{HYPHEN}", r"(?:free|less)\b"),
        (LETTER, rf"{APOSTROPHE}{CONTRACTED}\b"),
        (f"{LETTER}{APOSTROPHE}", rf"{CONTRACTED}\b"),
        (r"\b[A-Z]", f"{APOSTROPHE}{LETTER}"),
        (rf"\b[A-Z]{APOSTROPHE}", LETTER),
    )
)
SPACED_JOINTS = JOINTS[:6]  # those that may have white space on one side


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
    joints = SPACED_JOINTS if left[-1].isspace() or right[0].isspace() else JOINTS
    return any(after.match(right) and before.search(left) for before, after in joints)


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
