"""Where every curated quote stands today: from files and statements.db to rows."""

import sqlite3

from annotations.anchor import context, locate
from db.find import find
from db.notes import Placed
from db.records import Anchor, Annotation


def place(conn: sqlite3.Connection, annotation: Annotation) -> Placed:
    """An annotation with its speech, found by any gid that the speech ever had, and the place of its words in it."""
    quote = annotation.selector.exact or f"{annotation.selector.head} … {annotation.selector.tail}"
    speeches = [found.speech_id for found in find(conn, annotation.target) if found.speech_id]
    if len(speeches) != 1:
        what = "the archive has no such speech" if not speeches else f"the target names {len(speeches)} speeches"
        anchor = Anchor("lost", None, None, 0.0, f"{what}: {annotation.target}")
        return Placed(annotation, None, anchor, quote, annotation.selector.prefix, annotation.selector.suffix)
    text = conn.execute("SELECT text FROM speeches WHERE id = ?", (speeches[0],)).fetchone()[0]
    anchor = locate(text, annotation.selector)
    if anchor.start is None or anchor.end is None:
        return Placed(annotation, speeches[0], anchor, quote, annotation.selector.prefix, annotation.selector.suffix)
    return Placed(
        annotation, speeches[0], anchor, text[anchor.start : anchor.end], *context(text, anchor.start, anchor.end)
    )
