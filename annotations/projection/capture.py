"""The capture of words to annotate: they are found in a speech of statements.db before anything is entered."""

import sqlite3
from itertools import takewhile
from typing import NamedTuple

from annotations.anchoring.locate import cut_context, locate_quote, widen_selector
from db.journal.entries import JournalError
from db.records.annotation import PROVEN, Anchor, Selector
from db.references import find_references
from db.statements.quarantine import is_unread
from db.statements.withdrawn_speeches import find_withdrawn_speech

UNREAD = "the speech came, but could not be read"  # how the evidence begins where it is in quarantine


class CapturedWords(NamedTuple):
    """Words to annotate: the speech's gid, the selector of the words in it, and the anchor that proves them."""

    target: str
    selector: Selector
    anchor: Anchor


def capture_words(conn: sqlite3.Connection, target: str, selector: Selector) -> CapturedWords:
    """Find words in the speech that a target names, and return them with the selector of the text's own words.

    Words that are at the offsets of the selector, but cut a word or a number there, are widened to whole words.
    Where the words are not found (`exact` or `moved`), the selector is returned as given. Raises JournalError where the
    archive has no such speech.
    """
    gid, text = find_speech(conn, target)
    selector = widen_selector(text, selector)
    anchor = locate_quote(text, selector)
    if anchor.state not in PROVEN or anchor.start is None or anchor.end is None:
        return CapturedWords(gid, selector, anchor)
    return CapturedWords(gid, make_selector(text, anchor.start, anchor.end), anchor)


def capture_words_on_page(conn: sqlite3.Connection, target: str, selector: Selector) -> CapturedWords:
    """Find words that were selected on a page, in the speech or in the debate whose page it is.

    Programs that annotate pages name the page alone: their offsets count its text, and the words may be in any speech
    of the debate. A speech that the target names is looked at first. Raises JournalError where the archive has no such
    page, or several of its speeches hold the words alike.
    """
    found = find_references(conn, target)
    if len(found) != 1 or not (found[0].speech_id is None or "://" in target):
        return capture_words(conn, target, selector)
    named = capture_words(conn, target, selector) if found[0].speech_id else None
    if named and named.anchor.state in PROVEN:
        return named
    wanted = selector._replace(start=None, end=None)
    gids = conn.execute("SELECT gid FROM speeches WHERE debate_id = ? ORDER BY position", (found[0].debate_id,))
    captured = [capture_words(conn, gid, wanted) for (gid,) in gids.fetchall()]
    held = [each for each in captured if each.anchor.state in PROVEN]
    agreement = [_measure_agreement(each.selector, wanted) for each in held]
    best = [each for each, length in zip(held, agreement, strict=True) if length == max(agreement)]
    if len(best) > 1:
        raise JournalError(f"{len(best)} speeches of the debate hold these words: {target}")
    nearest = best[0] if best else named
    if nearest is None:
        raise JournalError(f"no speech of the debate holds these words: {target}")
    return nearest


def _measure_agreement(found: Selector, wanted: Selector) -> int:
    """Return how many characters next to the words, before and after, are alike; white space does not count."""
    pairs = (
        ("".join(found.prefix.split())[::-1], "".join(wanted.prefix.split())[::-1]),
        ("".join(found.suffix.split()), "".join(wanted.suffix.split())),
    )
    return sum(len(list(takewhile(lambda both: both[0] == both[1], zip(*pair, strict=False)))) for pair in pairs)


def find_speech(conn: sqlite3.Connection, target: str) -> tuple[str, str]:
    """Return the gid and the text of the one speech that a target names today. Raises JournalError."""
    speech_id, problem = find_speech_id(conn, target)
    if not speech_id:
        raise JournalError(f"{problem}: {target}")
    gid, text = conn.execute("SELECT gid, text FROM speeches WHERE id = ?", (speech_id,)).fetchone()
    return str(gid), str(text)


def find_speech_id(conn: sqlite3.Connection, target: str) -> tuple[str | None, str]:
    """Return the id of the one speech that a target names today; else None and the reason."""
    speeches = [found.speech_id for found in find_references(conn, target) if found.speech_id]
    if len(speeches) == 1:
        return speeches[0], ""
    if speeches:
        return None, f"the target names {len(speeches)} speeches"
    if is_unread(conn, target):
        return None, UNREAD
    withdrawn = find_withdrawn_speech(conn, target)
    return None, f"the speech was {withdrawn['withdrawal']}" if withdrawn else "the archive has no such speech"


def make_selector(text: str, start: int, end: int) -> Selector:
    """Make the selector of the words from start to end of a text, with the words around them."""
    prefix, suffix = cut_context(text, start, end)
    return Selector(exact=text[start:end], prefix=prefix, suffix=suffix, start=start, end=end)
