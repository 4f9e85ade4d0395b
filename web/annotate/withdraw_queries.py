"""What is withdrawn and restored: an annotation, a reply or a moment, whose it is, and who let it go last."""

import sqlite3
from urllib.parse import quote as escaped

from db.rows import Row, first
from web.annotate.queries import onward

# by what stands first in its address: its table, what an entry calls it, its column of the history
THINGS = {
    "q": ("annotations", "annotation", "iif(h.reply_id IS NULL AND h.moment_id IS NULL, h.annotation_id, NULL)"),
    "reply": ("replies", "reply", "h.reply_id"),
    "moment": ("moments", "moment", "h.moment_id"),
}
WITHDRAWN = "h.kind = 'withdraw' AND NOT h.undone AND h.problem = '' ORDER BY h.id DESC LIMIT 1"


def held(conn: sqlite3.Connection, of: str, id: str) -> Row | None:
    """One of the THINGS, withdrawn or not, with `withdrawn_by` (the last, or None); None where nobody ever made it.

    Who let it go counts also for somebody who annotates blind, and so is not shown it.
    """
    table, _, column = THINGS[of]
    by = f"(SELECT h.actor FROM main.annotation_history h WHERE {column} = t.id AND {WITHDRAWN}) AS withdrawn_by"
    return first(conn, f"SELECT t.*, {by} FROM {table} t WHERE t.id = ?", (id,))


def page_of(of: str, one: Row, entry: str = "") -> str:
    """The page that shows one of the THINGS, and tells what an entry of the journal did with it."""
    if of == "moment":
        return f"/speech/{escaped(one['speech_id'])}/moment" if one["speech_id"] else "/log"
    there = onward(one["annotation_id"] if of == "reply" else one["id"], [entry] if entry else ())
    return f"{there}#{escaped(one['id'])}" if of == "reply" else there
