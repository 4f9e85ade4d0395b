"""The two foldings of text: of its typography, with a map to the original offsets, and of its words.

`fold_typography` removes the marks of typographers, printers and editors, and keeps words and capitals; quotes are
found and compared in its result. `fold_words` keeps only the words, in lower case; rules and suggestion keys use it.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from annotations.text.figure_signs import CURRENCY, NARROW

SHAPES = {"'": "‘’", '"': "“”", "-": "—–‑−"}  # the marks whose shape differs between editions
LOOKALIKES = {"'": '‘’‚‛′`´"“”„‟″«»\x91\x92\x93\x94', "-": "\u2010‑‒–—―−\x96\x97", "I": "\u0130"}  # each one character
EVERY_SHAPE, EVERY_ALIKE = (
    [(c, plain) for plain, many in table.items() for c in many] for table in (SHAPES, LOOKALIKES)
)
COLUMN = r"\d{1,2} [A-Z][a-z]{2,8} \d{4} ?: ?Column \d+[A-Z]*"
NOTED = r"\[ ?(?:Laughter|Interruption|Applause|Official Report|Vol(?:ume)?\b|H(?:on|ON)\. M(?:embers|EMBERS))"
NOTE = rf"{NOTED}[^\]\n]{{0,120}}\]"
NOTES = re.compile(f"{NOTED}|{COLUMN}")
# Soft hyphens, characters without width, marks of the direction of writing, and control characters other than spaces.
UNPRINTED = "\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
SPACE, HIDDEN = r"(?:\s|&nbsp;|Â(?=\s))", f"[{UNPRINTED}]"
# This lookahead rejects most characters at once, which is five times faster on the text of a day.
HERE = rf"(?=[\s\-\[.…&Ââ\d{UNPRINTED}\ufb00-\ufb06])(?! [^\W\d])(?!\.(?! ?\.))(?!\d(?!\d? [A-Z]))"
CHANGES = (
    rf"(?P<column>\s*(?:{COLUMN}|(?<=\n)Column \d+[A-Z]*(?=\n))\s*)"
    rf"|(?P<note>\s?-?{NOTE}-?)"
    rf"|(?P<dash>(?:\s|{HIDDEN})*-(?:[\s-]|{HIDDEN})*)"
    rf"|(?P<space>{SPACE}(?:{SPACE}|{HIDDEN})+|[^\S ]|&nbsp;)"
    r"|(?P<dots>…|\.(?: ?\.){2,})"
    r"|(?P<entity>&(?:\#\d{1,6}|[a-zA-Z]{2,8});)"
    r"|(?P<broken>Â(?=[\s£'])|â€.)"
    rf"|(?P<hidden>{HIDDEN}+)"
    r"|(?P<joined>[\ufb00-\ufb06])"
)
CHANGE = re.compile(f"{HERE}(?:{CHANGES})")
# Spelt out, because a search for a set of characters is four times faster than one for [^\S ].
WHITE = r"\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
SPOT = re.compile(rf"[{WHITE}\-\[…&Ââ{UNPRINTED}\ufb00-\ufb06]")
RARE = ("  ", "..", ". .", ": Column", ":Column")  # changes that begin with none of those characters
MARKED = re.compile(rf"{HERE}(?:{CHANGES})|(?P<marked>\w[\u0300-\u036f]+)")
PLAIN = {"column": " ", "note": "", "dash": "-", "space": " ", "dots": "...", "hidden": ""}
FIGURE = re.compile(rf"[{CURRENCY}]?\.?\d")
SPACED_SIGN = re.compile(rf"−[ {NARROW}]|[-–‑][{NARROW}]")
SIGN = re.compile(
    r"−\Z|(?:(?<=[\s(\[“‘\"'])|(?<![\s\S]))[-\u2010‑‒–]\Z"
    rf"|(?:(?<=[^\d] )|(?<=[(\[“‘\"'])|(?<![\s\S]))(?:{SPACED_SIGN.pattern})\Z"
)
SIGN_REACH = 10
# A hyphen with a space on both sides is a sign behind a word that a value follows, else a dash.
PARTED_SIGN = re.compile(r"\b(?:to|by|at|of|from|than|between|below|above) ([-–‑]) \Z")
BROKEN = {"â€'": "-", "â€¦": "...", "Â": ""}  # UTF-8 that was read as Windows-1252

UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))  # soft hyphens, and characters without width
GAP = re.compile(r"[\W_]+")
WORD = re.compile(r"[\w\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]+")
Span = tuple[int, int]


class FoldedText(NamedTuple):
    """A folded text with its changes: `at` and `size` in the folded text, `start` and `end` in the original.

    Offsets are code points, end exclusive; each list has one item a change, in order.
    """

    text: str
    at: list[int]
    size: list[int]
    start: list[int]
    end: list[int]

    def find_text_start(self, place: int) -> int:
        """Return the offset in the original text of words that begin at an offset of the folded text."""
        n = bisect_right(self.at, place) - 1
        past = place - self.at[n] - self.size[n] if n >= 0 else place
        return past if n < 0 else self.end[n] + past if past >= 0 else self.start[n]

    def find_text_end(self, place: int) -> int:
        """Return the offset in the original text, end exclusive, of words that end at an offset of the folded text."""
        n = bisect_right(self.at, place - 1) - 1
        return self.end[n] + max(0, place - self.at[n] - self.size[n]) if n >= 0 else place

    def find_folded_offset(self, offset: int) -> int:
        """Return the offset in the folded text of an original offset; within a change, the offset of its beginning."""
        n = bisect_right(self.start, offset) - 1
        if n < 0:
            return offset
        return self.at[n] + (self.size[n] + offset - self.end[n] if offset >= self.end[n] else 0)


def unify_marks(text: str) -> str:
    """Give quotation marks and dashes one shape each; the length stays."""
    if not text.isascii():
        for shape, plain in EVERY_SHAPE:  # several times faster than str.translate()
            text = text.replace(shape, plain)
    return text


def fold_typography(text: str, notes: bool = False) -> FoldedText:
    """Fold the typography of a text: unify similar marks and white space, and remove hidden marks.

    Column marks, interruptions and notes of corrections are removed too, unless `notes` is set: nobody said them. The
    sign before a figure is no dash: every shape of it becomes a minus, and the white space before it stays.
    """
    original = text
    for character, plain in EVERY_ALIKE:
        text = text.replace(character, plain)
    bits: list[str] = []
    changes: list[tuple[int, int, int, int]] = []
    done = at = 0
    for match in _find_changes(text):
        start, end = match.span()
        plain = _find_replacement(match, notes)
        if plain == "-" and _is_minus(original, start, end):
            plain = " −" if match[0][0].isspace() else "−"
        if plain != match[0]:
            at += start - done
            bits += (text[done:start], plain)
            changes.append((at, len(plain), start, end))
            at, done = at + len(plain), end
    ats, sizes, starts, ends = ([change[n] for change in changes] for n in range(4))
    return FoldedText(text="".join([*bits, text[done:]]), at=ats, size=sizes, start=starts, end=ends)


def _find_changes(text: str) -> Iterator[re.Match[str]]:
    """Yield every place that may have to change; in most texts one quick search finds the few there are."""
    if not unicodedata.is_normalized("NFC", text):
        yield from MARKED.finditer(text)
    elif any(rare in text for rare in RARE):
        yield from CHANGE.finditer(text)
    else:
        done = 0
        for spot in SPOT.finditer(text):
            at = spot.start()
            if at < done:
                continue
            spaced = at > done and text[at - 1] == " " and CHANGE.match(text, at - 1)
            if match := spaced or CHANGE.match(text, at):
                done = match.end()
                yield match


def _is_minus(text: str, start: int, end: int) -> bool:
    """Return True if the dash in a span is the sign of the figure after it, not a range and not a writer's dash."""
    dash, before = text[start:end].lstrip(), text[:start][-1:]
    spaced = len(dash) < end - start
    opens = text[start] == " " and not before.isdigit() if spaced else not before.isalnum()
    if opens and (SPACED_SIGN.fullmatch(dash) or PARTED_SIGN.search(text, max(0, start - SIGN_REACH), end)):
        dash = dash[0]
    if len(dash) != 1 or dash not in "-−–‑" or not FIGURE.match(text, end):
        return False
    if dash == "−" or (spaced and not before.isdigit()):
        return spaced or not before.isalnum()
    return not spaced and (not before or before in "([£$€\"'“‘")


def find_sign(text: str, at: int) -> int:
    """Return the offset of the minus that belongs to the figure at an offset of a text as printed; -1 for none."""
    if match := SIGN.search(text, max(0, at - 2), at):
        return match.start()
    parted = PARTED_SIGN.search(text, max(0, at - SIGN_REACH), at)
    return parted.start(1) if parted else -1


def _find_replacement(match: re.Match[str], notes: bool) -> str:
    kind = match.lastgroup or ""
    if notes and kind in ("column", "note"):
        return re.sub(r"\s+", " ", match[0])
    if kind in PLAIN:
        return PLAIN[kind]
    if kind == "entity":
        mark = html.unescape(match[0])
        return "'" if mark in LOOKALIKES["'"] else mark
    if kind == "broken":
        return BROKEN.get(match[0], "'")
    return unicodedata.normalize("NFKC" if kind == "joined" else "NFC", match[0])


class WordIndex(NamedTuple):
    """Folded words with one space between; `starts` are their offsets in it, `places` their spans in the original."""

    text: str
    starts: tuple[int, ...]
    places: tuple[Span, ...]

    def find_word(self, at: int) -> int:
        """Return the number, from 0, of the word that holds an offset of the folded text."""
        return bisect_right(self.starts, at) - 1


def fold_words(text: str) -> str:
    """Reduce a text to lower-case letters and figures, with one space between words, whatever edition printed it.

    The keys of suggestions are made from this: another result would orphan the decisions in every journal.

    >>> fold_words("The Ta\\u00adsk-force’s “ﬁrst”  Report")
    'the task force s first report'
    """
    plain = unicodedata.normalize("NFKC", text.translate(UNSEEN)).casefold()
    return GAP.sub(" ", unicodedata.normalize("NFKC", plain)).strip()


_fold_word = lru_cache(maxsize=1 << 16)(fold_words)


def index_words(text: str, start: int = 0, end: int | None = None) -> WordIndex:
    """Fold the words of a part of a text and record their places: code points of the whole text, end exclusive."""
    words, starts, places, at = [], [], [], 0
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        for word in _fold_word(match[0]).split():
            words.append(word)
            starts.append(at)
            places.append(match.span())
            at += len(word) + 1
    return WordIndex(" ".join(words), tuple(starts), tuple(places))
