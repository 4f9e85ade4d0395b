"""Speeches that their source dropped (table withdrawn_speeches): by any address, by words, and by debate."""

import json
import re
import sqlite3

from db.citation import format_date
from db.gid import list_possible_gids, remove_letter
from db.references import follow_redirects
from db.sqlite import Row, read_first_row, read_rows

BY_ADDRESS = "SELECT * FROM withdrawn_speeches WHERE gid = ? ORDER BY withdrawn DESC, id DESC LIMIT 1"
OF_DEBATE = "SELECT * FROM withdrawn_speeches WHERE debate_id = ? ORDER BY id"
WITH_WORDS = """
SELECT * FROM withdrawn_speeches w
 WHERE date = coalesce(?, date) AND EXISTS (SELECT 1 FROM json_each(?) WHERE instr(lower(w.text), value)) ORDER BY id
"""
MAX_WORDS = 4  # longest words of a quotation, one of which a speech must have
NAMES = {"theyworkforyou": "TheyWorkForYou"}


def find_withdrawn_speech(conn: sqlite3.Connection, reference: str) -> Row | None:
    """Return the row of the withdrawn speech that a reference means, by any address that it had; None if there is none.

    Raises RedirectLoopError.
    """
    for gids in list_possible_gids(reference):
        for gid in filter(None, (form for each in gids for form in (each, remove_letter(each)))):
            if row := read_first_row(conn, BY_ADDRESS, (follow_redirects(conn, gid),)):
                return row
    return None


def list_withdrawn_of_debate(conn: sqlite3.Connection, debate_id: str) -> list[Row]:
    """List the withdrawn speeches that stood in a debate."""
    return read_rows(conn, OF_DEBATE, (debate_id,))


def find_withdrawn_words(conn: sqlite3.Connection, words: str, date: str | None = None) -> list[Row]:
    """Find the withdrawn speeches, of all dates or of one, that have one of the longest words of a quotation.

    A caller compares their texts with the quotation. There are few such speeches, so that no index is needed.
    """
    longest = sorted(set(re.findall(r"[a-z0-9]+", words.lower())), key=lambda word: (-len(word), word))[:MAX_WORDS]
    return read_rows(conn, WITH_WORDS, (date, json.dumps(longest)))


def describe_withdrawal(row: Row) -> str:
    """Say in words who withdrew a speech and when: "withdrawn by TheyWorkForYou on 8 December 2009"."""
    return f"withdrawn by {NAMES.get(row['source'], row['source'])} on {format_date(row['withdrawn'][:10])}"
