"""Differences of two editions as safe HTML: removed words struck through, added ones underlined, the rest shortened."""

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from annotations.text.edition_diff import WordRun

LONG_STRETCH, CONTEXT = 40, 12  # words: longer unchanged stretches are cut to this many at each end
TAGS = {"removed": ("del", "removed"), "added": ("ins", "added")}
WORD = re.compile(r"\S+")
Piece = tuple[str, str]  # kind, text


def render_redline(found: Sequence[WordRun], whole: bool = False) -> Markup:
    """Write runs of words as paragraphs; unless `whole`, shorten long unchanged stretches."""
    paragraphs: list[list[Markup]] = [[]]
    for kind, text in _separate_changes(found if whole else _shorten(found)):
        for n, part in enumerate(text.split("\n\n")):
            paragraphs += [[]] if n else []
            paragraphs[-1] += [_write_piece(kind, part)] if part else []
    lines = (Markup("").join(each).strip() for each in paragraphs)
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in lines if line)


def _separate_changes(pieces: Iterator[Piece] | Sequence[WordRun]) -> Iterator[Piece]:
    """Yield the pieces, with a space between removed words and the words that replace them."""
    before = ""
    for kind, text in pieces:
        if kind == "added" and before and not before[-1].isspace():
            yield "same", " "
        yield kind, text
        before = text if kind == "removed" else ""


def _shorten(found: Sequence[WordRun]) -> Iterator[Piece]:
    last = len(found) - 1
    for n, (kind, text) in enumerate(found):
        words = list(WORD.finditer(text)) if kind == "same" else []
        if len(words) <= LONG_STRETCH:
            yield kind, text
            continue
        start = words[CONTEXT - 1].end() if n else 0
        end = words[-CONTEXT].start() if n < last else len(text)
        left = len(WORD.findall(text[start:end]))
        yield "same", f"{text[:start]} "
        yield "skipped", f"… {left:,} words the same …"
        yield "same", ("\n\n" if "\n\n" in text[start:end] else " ") + text[end:]


def _write_piece(kind: str, text: str) -> Markup:
    words = escape(text).replace("\n", Markup("<br>")).replace("\t", "\u2003")
    if kind == "skipped":
        return Markup('<span class="skipped">{}</span>').format(words)
    if kind not in TAGS:
        return words
    tag, said = TAGS[kind]
    core = words.strip()
    before, after = words.split(core, 1) if core else (words, "")
    mark = Markup('<span class="unseen"> [{}: </span>{}<span class="unseen">] </span>').format(said, core)
    return Markup(f"{{}}<{tag}>{{}}</{tag}>{{}}").format(before, mark, after)
