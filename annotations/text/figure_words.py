"""Figures and numbers in words: which are the same number, however they are printed.

34,000 and 34000, five and 5, £5m and £5 million, 5 km and 5 kilometres, 5th May 2009 and May 5, 2009 are. What differs
by a sign, a currency, a unit or a digit is not.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from annotations.text.figure_signs import COMPARED, CURRENCY, ENDING, OPERATING, RAISED


def list_words(words: str) -> list[str]:
    """List the words of a text, for tables of words in code."""
    return words.split()


SMALL = list_words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
MANY = {"hundred", "thousand", "million", "billion", "trillion"}
VALUES = {**{word: n for n, word in enumerate(SMALL)}, **{word: 10 * n for n, word in enumerate(TENS, 2)}}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SHORT_MANY = {"k": "thousand", "m": "million", "bn": "billion", "tn": "trillion"}
ORDINALS = list_words(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINAL_VALUES = {word: f"{n}{ ({1: 'st', 2: 'nd', 3: 'rd'}.get(n, 'th')) }" for n, word in enumerate(ORDINALS, 1)}
MONTHS = list_words("january february march april may june july august september october november december")
SHORT_UNITS = {
    "km": "kilometres",
    "kms": "kilometres",
    "cm": "centimetres",
    "mm": "millimetres",
    "kg": "kilograms",
    "kgs": "kilograms",
    "kilogrammes": "kilograms",
    "kilometers": "kilometres",
    "p": "pence",
    "ha": "hectares",
    "hrs": "hours",
    "yrs": "years",
    "mins": "minutes",
    "kw": "kilowatts",
    "gw": "gigawatts",
}
FIGURE = re.compile(rf"-?[{COMPARED}]*[{CURRENCY}]?\.?\d")
SIGNS = re.compile(rf"[{CURRENCY}{ENDING}{COMPARED}{OPERATING}^µ]")
CASED_UNIT = r"(?:m(?:wh?|hz|v|a|j|pa|g|s|n|l|t)|[kmgt]i?b(?:ps|/s)?|[kmgt]bit)"
CASED_UNITS = re.compile(rf"\d*{CASED_UNIT}", re.IGNORECASE)
CASED_UNITS_ALONE = re.compile(rf"(?<![^\W\d_]){CASED_UNIT}(?![^\W\d_])", re.IGNORECASE)
NUMBERED = re.compile(rf"\d|\b(?:{'|'.join([*VALUES, *MANY, *ORDINALS])})\b", re.IGNORECASE)
MONTH = "|".join(MONTHS)
ORDINAL = "(?:st|nd|rd|th)"
LOWERED = {ord("₀") + n: str(n) for n in range(10)}
RAISED_FIGURES = re.compile(f"[{RAISED}]+")
REMEMBERED = 1 << 14  # foldings: one quotation is compared with many places that have the same words
Rewrite = tuple[str, str | Callable[[re.Match[str]], str]]
NOTATION: tuple[Rewrite, ...] = (  # how the same number is printed, in small letters
    (r"(?<=\d),(?=\d{3}(?!\d))", ""),
    (r" ?\^ ?(?=[\w+-])", "^"),
    (r"(?<=[a-z])_(?=\d)", ""),
    (r"(?<=\d)·(?=\d)", "."),
    (r"(?<![\d.,])\.(?=\d)", "0."),
    (rf"([{CURRENCY}]) (?=\d)", r"\1"),
    (r"\b(?:per ?cent\b(?: \.)?|pc\b)", "%"),
    (r"(?<=\d) (?=%)", ""),
)
WORDED: tuple[Rewrite, ...] = (  # numbers in words; after these, words with a value are figures
    (r"\bhalf an? (?=(?:million|billion|trillion)\b)", "0.5 "),
    (r"\b(?:an?|one) (?=(?:hundred|thousand|million|billion|trillion)\b)", "1 "),
    (rf"([{CURRENCY}]\d[\d.]*) (?=(?:k|m|bn|tn)\b)", r"\1"),
    (r"(?<=\d)(k|m|bn|tn)\b", lambda match: f" {SHORT_MANY[match[1]]}"),
    (r"(?<!\S)-(?=\S)", "minus "),
    (r"(?<=\d)-(?=\d)", " to "),
)
JOINED: tuple[Rewrite, ...] = (  # figures with what stands beside them
    (
        r"\b(\d{1,3}) hundred(?: and (\d\d?)| (\d\d?))?(?![\w.])",
        lambda match: _add_hundreds(match),
    ),
    (r"(\d+(?:\.\d+)?) (thousand|million|billion|trillion)\b", lambda match: _write_scale(match)),
    (rf"(?<![{CURRENCY}\d.,])(\d[\d.]*) pounds\b(?! (?:of|in)\b)", r"£\1"),
    (rf"(?<![{CURRENCY}\d.,])(\d[\d.]*) dollars\b", r"$\1"),
    (rf"(?<![{CURRENCY}\d.,])(\d[\d.]*) euros?\b", r"€\1"),
    (r"\b([ap]) ?\.? ?m\b(?: \.)?", r"\1m"),
    (r"(?<=\d)(?=[ap]m\b)", " "),
    (r"\b(\d\d?):(\d\d)(?= [ap]m\b)", r"\1.\2"),
    (rf"(?<=\d) ?({'|'.join(SHORT_UNITS)})\b", lambda match: f" {SHORT_UNITS[match[1]]}"),
    (rf"\b(?:the )?(\d\d?){ORDINAL}?(?: of)? ({MONTH})\b", r"\1 \2"),
    (rf"\b({MONTH}) (?:the )?(\d\d?){ORDINAL}?(?: ,)?(?= \d{{4}}|$)", r"\2 \1"),
    (rf"(?<=\d) (?={CASED_UNIT}\b)", ""),
)


def fold_figures(words: Sequence[str]) -> str:
    """Fold how figures are printed, without a change of a sign or unit: 34,000 and 34000, 80 per cent. and 80%."""
    return _fold_figures(" ".join(words).lower())


@lru_cache(maxsize=REMEMBERED)
def _fold_figures(text: str) -> str:
    if text.isalpha() and text not in ("percent", "pc"):
        return text
    text = RAISED_FIGURES.sub(_lower_figures, text.translate(LOWERED).replace("×", "x").replace(" : ", ":"))
    return _replace(text, NOTATION).strip()


def fold_numbers(words: Sequence[str]) -> str:
    """Fold figures and numbers in words: five and 5, £5m and £5 million, 10-15 and 10 to 15."""
    return _fold_numbers(fold_figures(words))


@lru_cache(maxsize=REMEMBERED)
def _fold_numbers(text: str) -> str:
    text = re.sub(rf"\b({'|'.join(TENS)}) ({'|'.join(SMALL[1:10])})\b", _add_values, text)
    text = re.sub(rf"\b({'|'.join(TENS)}) ({'|'.join(ORDINALS[:9])})\b", _add_ordinal, text)
    text = _replace(text, WORDED)
    text = " ".join(str(VALUES.get(word, ORDINAL_VALUES.get(word, word))) for word in text.split())
    return _replace(text, JOINED)


def is_same_number(mine: Sequence[str], its: Sequence[str]) -> bool:
    """Return True for words with the same figures, numbers in words, units and dates, and the same other words."""
    texts = " ".join(mine), " ".join(its)
    if not all(NUMBERED.search(text) for text in texts) or fold_numbers(mine) != fold_numbers(its):
        return False
    units = (CASED_UNITS_ALONE.findall(text) for text in texts)
    return not any(has_cased_unit(one, other) for one, other in zip(*units, strict=False))


def is_number(word: str) -> bool:
    """Return True for a figure, a number in words, or a sign that belongs to figures."""
    return bool(FIGURE.match(word) or SIGNS.fullmatch(word) or word.lower() in VALUES or word.lower() in MANY)


def has_cased_unit(one: str, other: str) -> bool:
    """Return True for two units that only capitals tell apart, as mW and MW, or Mb and MB."""
    if not (CASED_UNITS.fullmatch(one) and one.lower() == other.lower()):
        return False
    pairs = zip(one.lstrip("0123456789"), other.lstrip("0123456789"), strict=True)
    return any(a != b for a, b in pairs if a.lower() in "mb")


def _replace(text: str, table: Sequence[Rewrite]) -> str:
    for pattern, instead in table:
        text = re.sub(pattern, instead, text)
    return text


def _lower_figures(match: re.Match[str]) -> str:
    """Write raised figures as the record does: 10⁻⁶ as 10^-6."""
    return "^" + unicodedata.normalize("NFKC", match[0]).replace("−", "-")


def _write_scale(match: re.Match[str]) -> str:
    """Write a figure with its scale as one number: 1.5 million as 1500000."""
    return f"{(Decimal(match[1]) * SCALES[match[2]]).normalize():f}"


def _add_hundreds(match: re.Match[str]) -> str:
    return str(int(match[1]) * 100 + int(match[2] or match[3] or 0))


def _add_values(match: re.Match[str]) -> str:
    return str(VALUES[match[1]] + VALUES[match[2]])


def _add_ordinal(match: re.Match[str]) -> str:
    return f"{VALUES[match[1]] // 10}{ORDINAL_VALUES[match[2]]}"
