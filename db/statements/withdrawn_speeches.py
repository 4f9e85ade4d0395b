"""Speeches that their source dropped (table withdrawn_speeches): by any address, by words, and by debate."""

import re
import sqlite3
from collections.abc import Iterator

from db.citation import format_date
from db.gid import list_possible_gids, remove_letter
from db.references import follow_redirects
from db.sqlite import Row, read_first_row, read_rows

BY_ADDRESS = "SELECT * FROM withdrawn_speeches WHERE gid = ? ORDER BY withdrawn DESC, id DESC LIMIT 1"
OF_DEBATE = "SELECT * FROM withdrawn_speeches WHERE debate_id = ? ORDER BY id"
OF_DATE = "SELECT * FROM withdrawn_speeches WHERE date = coalesce(?, date) AND text LIKE ? ESCAPE '!' ORDER BY id"
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


def find_withdrawn_words(conn: sqlite3.Connection, words: str, date: str | None = None) -> Iterator[Row]:
    """Yield the withdrawn speeches, of all dates or of one, that have the longest word of a quotation.

    A caller compares their texts with the quotation. There are few such speeches, so that no index is needed.
    """
    longest = max(re.findall(r"[^\W_]+", words), key=len, default="")
    if longest:
        yield from read_rows(conn, OF_DATE, (date, f"%{longest}%"))


def describe_withdrawal(row: Row) -> str:
    """Say in words who withdrew a speech and when: "withdrawn by TheyWorkForYou on 8 December 2009"."""
    return f"withdrawn by {NAMES.get(row['source'], row['source'])} on {format_date(row['withdrawn'][:10])}"
