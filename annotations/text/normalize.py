"""A text without what typographers, printers and editors put into it, and the way back to the text's own offsets."""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

ALIKE = {"'": '‘’‚‛′`´"“”„‟″«»\x91\x92\x93\x94', "-": "\u2010‑‒–—―−\x96\x97", "I": "\u0130"}  # each one character
SAME = {character: plain for plain, alike in ALIKE.items() for character in alike}
COLUMN = r"\d{1,2} [A-Z][a-z]{2,8} \d{4} ?: ?Column \d+[A-Z]*"
NOTED = r"\[ ?(?:Laughter|Interruption|Applause|Official Report|Vol(?:ume)?\b|H(?:on|ON)\. M(?:embers|EMBERS))"
NOTE = rf"{NOTED}[^\]\n]{{0,120}}\]"
NOTES = re.compile(f"{NOTED}|{COLUMN}")
SPACE, HIDDEN = r"(?:\s|&nbsp;|Â(?=\s))", r"[\u00ad\u200b-\u200d\u2060\ufeff]"
# What most characters are not is told at once, which is five times faster on a day's text.
HERE = r"(?=[\s\-\[.…&Ââ\d\u00ad\u200b-\u200d\u2060\ufeff\ufb00-\ufb06])(?! [^\W\d])(?!\.(?! ?\.))(?!\d(?!\d? [A-Z]))"
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
# Spelt out, for the search for a set of characters is four times faster than one for [^\S ].
WHITE = r"\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
SPOT = re.compile(rf"[{WHITE}\-\[…&Ââ\u00ad\u200b-\u200d\u2060\ufeff\ufb00-\ufb06]")
RARE = ("  ", "..", ". .", ": Column", ":Column")  # changes that begin with what is no such spot
MARKED = re.compile(rf"{HERE}(?:{CHANGES})|(?P<marked>\w[\u0300-\u036f]+)")
PLAIN = {"column": " ", "note": "", "dash": "-", "space": " ", "dots": "...", "hidden": ""}
BROKEN = {"â€'": "-", "â€¦": "...", "Â": ""}  # UTF-8 that was read as Windows-1252


class Folded(NamedTuple):
    """A folded text, and each change of it: where its words stand there, how many they are, and what they stand for."""

    text: str
    at: list[int]
    size: list[int]
    start: list[int]
    end: list[int]

    def begins(self, place: int) -> int:
        """The offset in the text of the words that begin at an offset of the folded text."""
        n = bisect_right(self.at, place) - 1
        past = place - self.at[n] - self.size[n] if n >= 0 else place
        return past if n < 0 else self.end[n] + past if past >= 0 else self.start[n]

    def ends(self, place: int) -> int:
        """The offset in the text, end exclusive, of the words that end at an offset of the folded text."""
        n = bisect_right(self.at, place - 1) - 1
        return self.end[n] + max(0, place - self.at[n] - self.size[n]) if n >= 0 else place

    def place(self, offset: int) -> int:
        """The offset in the folded text of an offset in the text; of one within a change, where the change begins."""
        n = bisect_right(self.start, offset) - 1
        if n < 0:
            return offset
        return self.at[n] + (self.size[n] + offset - self.end[n] if offset >= self.end[n] else 0)


def fold(text: str, notes: bool = False) -> Folded:
    """Fold a text: marks alike are one, white space is one space, and what is no word of a speaker's is away.

    That is soft hyphens, and column marks, interruptions and notes of corrections, which stay where `notes` is set.
    """
    for character, plain in SAME.items():  # several times faster than str.translate()
        text = text.replace(character, plain)
    bits: list[str] = []
    changes: list[tuple[int, int, int, int]] = []
    done = at = 0
    for match in _changes(text):
        start, end = match.span()
        plain = _plain(match, notes)
        if plain != match[0]:
            at += start - done
            bits += (text[done:start], plain)
            changes.append((at, len(plain), start, end))
            at, done = at + len(plain), end
    return Folded("".join([*bits, text[done:]]), *([change[n] for change in changes] for n in range(4)))


def _changes(text: str) -> Iterator[re.Match[str]]:
    """Every place where something may have to change: in most texts these are few, and looked for at once."""
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


def _plain(match: re.Match[str], notes: bool) -> str:
    kind = match.lastgroup or ""
    if notes and kind in ("column", "note"):
        return re.sub(r"\s+", " ", match[0])
    if kind in PLAIN:
        return PLAIN[kind]
    if kind == "entity":
        return html.unescape(match[0])
    if kind == "broken":
        return BROKEN.get(match[0], "'")
    return unicodedata.normalize("NFKC" if kind == "joined" else "NFC", match[0])
