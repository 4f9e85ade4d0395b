"""People whose name or office a search has, for the list above its speeches."""

import json
import sqlite3
from collections.abc import Iterator

from db.citation import format_date
from db.sqlite import Row, read_first_row, read_rows
from web.search.understanding import OfficeSpell, Understanding

MAX_PEOPLE = 6
BY_NAME = """
SELECT speaker, person_id, count(*) AS speeches, max(rowid) AS newest FROM speeches
 WHERE speaker IN (SELECT value FROM json_each(?)) GROUP BY 1, 2 ORDER BY speeches DESC
"""
BY_OFFICE = """
SELECT speaker, person_id, max(rowid) AS newest, min(office) AS held FROM speeches
 WHERE office IN (SELECT value FROM json_each(?)) AND speaker IS NOT NULL GROUP BY 1, 2 ORDER BY newest DESC
"""
BY_PERSON = """
SELECT p.id AS person_id, coalesce(p.name, s.speaker) AS speaker, s.rowid AS newest,
       (SELECT count(*) FROM speeches WHERE person_id = p.id) AS speeches
  FROM persons p JOIN speeches s ON s.rowid = (SELECT max(rowid) FROM speeches WHERE person_id = p.id) WHERE p.id = ?
"""
LAST_SEAT = "SELECT party, constituency FROM speeches WHERE rowid = ?"
EXAMPLE = """
SELECT s.speaker, s.citation FROM annotations a CROSS JOIN speeches s ON s.id = a.speech_id
 WHERE a.status = 'active' AND a.anchor IN ('exact', 'moved') AND s.speaker IS NOT NULL
 ORDER BY coalesce(a.modified, a.created) DESC, a.id DESC LIMIT 1
"""
OPEN_DAYS = ("0000-01-01", "9999-12-31")


def find_people(conn: sqlite3.Connection, understood: Understanding) -> list[Row]:
    """Find the people whom a search names, by name, person or office, one more than MAX_PEOPLE if there are more.

    Each has `speaker`, `person_id`, party and seat of their newest speech, and `speeches` or `held`.
    """
    people: dict[str, Row] = {}
    for one in _list_people(conn, understood):
        people.setdefault(one["person_id"] or one["speaker"], one)
        if len(people) > MAX_PEOPLE:
            break
    return [{**one, **(read_first_row(conn, LAST_SEAT, (one["newest"],)) or {})} for one in people.values()]


def _list_people(conn: sqlite3.Connection, understood: Understanding) -> Iterator[Row]:
    speaker, office = understood.speaker, understood.office
    names = [*(speaker.names if speaker else ()), *understood.namesakes]
    yield from read_rows(conn, BY_NAME, (json.dumps(names),)) if names else ()
    for person in speaker.persons if speaker else ():
        yield from read_rows(conn, BY_PERSON, (person,))
    if office:
        yield from read_rows(conn, BY_OFFICE, (json.dumps(office.printed),))
        for spell in sorted(office.held, key=lambda spell: spell.first, reverse=True):
            for row in read_rows(conn, BY_PERSON, (spell.person_id,)):
                yield {**row, "speeches": None, "held": write_spell(spell)}


def write_spell(spell: OfficeSpell) -> str:
    """Write an office with the days of its holder.

    >>> write_spell(OfficeSpell("person/1", "Clerk of Works", "2007-06-28", "9999-12-31"))
    'Clerk of Works, from 28 June 2007'
    """
    first, last = ("" if day in OPEN_DAYS else format_date(day) for day in (spell.first, spell.last))
    days = [f"from {first}" if first else "", f"to {last}" if last else ""]
    return ", ".join(filter(None, (spell.office, " ".join(filter(None, days)))))


def read_example(conn: sqlite3.Connection) -> Row:
    """Read a speaker and a citation that are examples of a search: those of a quote; {} without one."""
    return read_first_row(conn, EXAMPLE) or {}
