"""Speeches that their source dropped (table withdrawn_speeches): by any address, by words, and by debate."""

import json
import re
import sqlite3

from db.citation import format_date
from db.gid import list_possible_gids, make_short_id, remove_letter
from db.references import follow_redirects
from db.sqlite import Row, read_first_row, read_rows

# With its debate's title, and the debate of the speech that has its address today, where that is used again
WITHDRAWN = """
SELECT w.*, coalesce(d.title, w.citation) AS title, (SELECT debate_id FROM speeches s WHERE s.gid = w.gid) AS reused_in
  FROM withdrawn_speeches w LEFT JOIN debates d ON d.id = w.debate_id
"""
BY_ADDRESS = f"{WITHDRAWN} WHERE w.gid = ? ORDER BY w.withdrawn DESC, w.id DESC LIMIT 1"
OF_DEBATE = f"{WITHDRAWN} WHERE coalesce(reused_in, w.debate_id) = ? ORDER BY w.id"
NEWEST = f"{WITHDRAWN} ORDER BY w.withdrawn DESC, w.id DESC LIMIT ?"
WITH_WORDS = f"""
{WITHDRAWN}
 WHERE w.date = coalesce(?, w.date) AND EXISTS (SELECT 1 FROM json_each(?) WHERE instr(lower(w.text), value))
 ORDER BY w.id
"""
MAX_WORDS = 4  # longest words of a quotation, one of which a speech must have
NAMES = {"theyworkforyou": "TheyWorkForYou"}


def find_withdrawn_speech(conn: sqlite3.Connection, reference: str) -> Row | None:
    """Find the withdrawn speech that a reference means, by any address that it had; None if there is none.

    A row has also `id`, `title` (of its debate), `withdrawal` in words and `address`, the page with its last words:
    its own, or that of the changes to the debate where another speech has its address today.

    Raises RedirectLoopError.
    """
    for gids in list_possible_gids(reference):
        for gid in filter(None, (form for each in gids for form in (each, remove_letter(each)))):
            if row := read_first_row(conn, BY_ADDRESS, (follow_redirects(conn, gid),)):
                return _describe_row(row)
    return None


def list_withdrawn_of_debate(conn: sqlite3.Connection, debate_id: str) -> list[Row]:
    """List the withdrawn speeches that stood in a debate, or whose address is used again in it."""
    return [_describe_row(row) for row in read_rows(conn, OF_DEBATE, (debate_id,))]


def list_last_withdrawn(conn: sqlite3.Connection, most: int) -> list[Row]:
    """List the speeches that were withdrawn last, last first."""
    return [_describe_row(row) for row in read_rows(conn, NEWEST, (most,))]


def has_withdrawn_speeches(conn: sqlite3.Connection) -> bool:
    """Return True if a statements.db keeps withdrawn speeches; one of an earlier version does not."""
    return bool(conn.execute("SELECT 1 FROM sqlite_schema WHERE name = 'withdrawn_speeches'").fetchone())


def find_withdrawn_words(conn: sqlite3.Connection, words: str, date: str | None = None) -> list[Row]:
    """Find the withdrawn speeches, of all dates or of one, that have one of the longest words of a quotation.

    A caller compares their texts with the quotation. There are few such speeches, so that no index is needed.
    """
    longest = sorted(set(re.findall(r"[a-z0-9]+", words.lower())), key=lambda word: (-len(word), word))[:MAX_WORDS]
    return [_describe_row(row) for row in read_rows(conn, WITH_WORDS, (date, json.dumps(longest)))]


def describe_withdrawal(row: Row) -> str:
    """Say in words who withdrew a speech and when: "withdrawn by TheyWorkForYou on 8 December 2009"."""
    return f"withdrawn by {NAMES.get(row['source'], row['source'])} on {format_date(row['withdrawn'][:10])}"


def _describe_row(row: Row) -> Row:
    id, reused_in = make_short_id(row["gid"]), row["reused_in"]
    address = f"/debate/{reused_in}/changes#withdrawn-{id}" if reused_in else f"/speech/{id}"
    return {**row, "id": id, "withdrawal": describe_withdrawal(row), "address": address}
