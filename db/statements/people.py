"""The register of people in statements.db, and the person of each speaker on the day: by ids, never by names."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from db.records.people import Register, ResolvedSpeaker, SpeakerKey
from db.sqlite import begin_write
from db.statements.row_builders import QuarantinedDocument

SOURCE = "people"
TABLES = ("person_names", "person_ids", "offices", "memberships", "persons", "people_redirects", "people_documents")
ASK_FOR_SPEAKER = "INSERT OR IGNORE INTO temp.asked (member_id, named_id, house, date) VALUES (?, ?, ?, ?)"
RESOLVED_SPEAKERS = """
SELECT member_id, named_id, house, date, coalesce(person_id, nullif(named_id, '')), named_id, membership_id, party,
       constituency, offices, reason
  FROM temp.asked
"""
Document = tuple[str, str, int]  # name, sha256 of its newest bytes, version of the parser
Row = tuple[Any, ...]


def read_documents(conn: sqlite3.Connection) -> list[Document]:
    """Return the documents that the register was loaded from; none if speeches are still to be looked up in them."""
    found = conn.execute("SELECT name, sha256, version, resolved FROM people_documents ORDER BY name").fetchall()
    return [(name, digest, version) for name, digest, version, _ in found] if all(row[3] for row in found) else []


def read_register_mark(conn: sqlite3.Connection) -> str:
    """Return a text that changes whenever the register does."""
    return json.dumps(conn.execute("SELECT name, sha256, version FROM people_documents ORDER BY name").fetchall())


def save_register(
    conn: sqlite3.Connection,
    registers: Sequence[Register],
    documents: Sequence[Document],
    quarantined: Sequence[QuarantinedDocument],
) -> None:
    """Replace the register with the people of all documents, in one transaction."""
    with begin_write(conn) as db:
        for name in TABLES:
            db.table(name).delete_where()
        db.table("quarantine").delete_where("source = ?", [SOURCE])
        for name, rows in _build_rows(registers).items():
            if rows:  # 100,000 in the whole register: 3.5 µs each, and 9 with insert_all
                conn.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        marks = ({"name": name, "sha256": digest, "version": n, "resolved": 0} for name, digest, n in documents)
        db.table("people_documents").insert_all(marks)
        bad = ({"id": n, **q._asdict()} for n, q in enumerate(quarantined, 1))  # no day has such low rowids
        db.table("quarantine").insert_all(bad)


def _build_rows(registers: Iterable[Register]) -> dict[str, list[Row]]:
    """Build the rows of the register by table, in the order of their columns."""
    persons = {p.id: p for register in registers for p in register.persons}
    memberships = {m.id: m for register in registers for m in register.memberships}
    targets = _follow_redirects(
        dict(pair for register in registers for pair in register.moved), {*persons, *memberships}
    )
    holders = {m.id: targets.get(m.person_id) or m.person_id for m in memberships.values()}
    offices = {}  # by id: of an office in two documents, the later document counts
    for office in (each for register in registers for each in register.offices):
        membership = office.membership_id or ""
        person = office.person_id or holders.get(targets.get(membership) or membership)
        if person:
            offices[office.id] = (office, targets.get(person) or person)
    main_names = {
        id: _find_newest_name([n for n in p.names if n.note == "Main"] or list(p.names)) for id, p in persons.items()
    }
    unnamed = {*holders.values(), *(person for _, person in offices.values())} - persons.keys()
    names = [(p.id, n.note, n.name, *_widen_dates(n.start, n.end)) for p in persons.values() for n in p.names]
    return {
        "persons": [*main_names.items(), *((id, None) for id in sorted(unnamed))],
        "person_names": [(number, *name) for number, name in enumerate(names, 1)],
        "person_ids": [(*pair, p.id) for p in persons.values() for pair in p.identifiers],
        "memberships": [
            (*(m.id, holders[m.id], m.house, m.party, m.constituency, m.start, m.end), *_widen_dates(m.start, m.end))
            for m in memberships.values()
        ],
        "offices": [
            (o.id, person, o.role, o.department, o.start, o.end, *_widen_dates(o.start, o.end))
            for o, person in offices.values()
        ],
        "people_redirects": list(targets.items()),
    }


def _find_newest_name(names: list[Any]) -> str:
    return max(names, key=lambda name: _widen_dates(name.start, name.end)[::-1]).name if names else ""


def _follow_redirects(moved: Mapping[str, str], known: set[str]) -> dict[str, str | None]:
    """Return the target of each redirect by old id; None if it goes round in a circle or leads to nothing known."""
    targets: dict[str, str | None] = {}
    for old in moved:
        current, seen = old, {old}
        while current in moved and moved[current] not in seen:
            current = moved[current]
            seen.add(current)
        targets[old] = current if current in known else None
    return targets


def _widen_dates(start: str, end: str) -> tuple[str, str]:
    """Return the first and last day of two dates that may be partial (the widest reading), or empty (open).

    >>> _widen_dates("1957", "1992-05")
    ('1957-01-01', '1992-05-31')
    """
    return start + "0000-01-01"[len(start) :], end + "9999-12-31"[len(end) :]


def make_person_finder(conn: sqlite3.Connection) -> Callable[[str | None, str | None], str | None]:
    """Return a function that finds person/N from a source's member_id and person_id, regardless of the day."""
    known: dict[str, str | None] = {id: id for (id,) in conn.execute("SELECT id FROM persons")}
    known.update(conn.execute("SELECT id, person_id FROM memberships").fetchall())
    for old, id in conn.execute("SELECT old_id, id FROM people_redirects"):
        known[old] = known.get(id) if id else None
    numbers = "SELECT 'mnis/' || identifier, person_id FROM person_ids WHERE scheme = 'datadotparl_id'"
    for number, person in conn.execute(numbers):
        known[number] = person if number not in known else None  # a number that two persons share identifies neither

    def find(member_id: str | None, person_id: str | None) -> str | None:
        return known.get(member_id or "") or known.get(person_id or "")

    return find


def add_offices(speeches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to speeches `held`, the day's offices not printed beside the name, and `new`, True at a member's first turn.

    An unresolved speaker has no offices.
    """
    seen: set[str | None] = {None}
    extended = []
    for speech in speeches:
        member = speech["membership_id"]
        held = list_unprinted_offices(speech["offices"], speech["office"]) if member else []
        extended.append({**speech, "new": member not in seen, "held": held})
        seen.add(member)
    return extended


def list_unprinted_offices(offices: str | None, printed: str | None) -> list[str]:
    """List the offices of a speech (separated by "; ") that are not in the printed office.

    >>> list_unprinted_offices("Minister, Cabinet Office; Liaison Committee", "The Minister, Cabinet Office")
    ['Liaison Committee']
    """
    printed_words = (printed or "").casefold()
    return [office for office in (offices or "").split("; ") if office and office.casefold() not in printed_words]


def resolve_all_speakers(conn: sqlite3.Connection) -> None:
    """Add to every speech and vote the person and membership on the day, when the register has changed.

    Printed names and offices are not changed. Repeating it changes nothing. It works within an open transaction too.
    """
    with begin_write(conn) as db:
        for statement in _read_statements():
            for each in dict.fromkeys((statement, _ask_past_speeches(statement))):
                db.execute(each)
        db.execute("UPDATE people_documents SET resolved = 1")


def _ask_past_speeches(statement: str) -> str:
    """Return the same statement about past_speeches; one about votes is the same."""
    return statement if "votes" in statement else re.sub(r"\bspeeches\b", "past_speeches", statement)


def find_speakers(conn: sqlite3.Connection, keys: Iterable[SpeakerKey]) -> dict[SpeakerKey, ResolvedSpeaker]:
    """Find the person and membership of each speaker on the day, for rows that are still to be written."""
    for statement in _read_statements():
        if not re.search(r"\b(speeches|votes)\b", statement):
            conn.execute(statement)
        if statement.startswith("DELETE"):
            conn.executemany(ASK_FOR_SPEAKER, keys)
    return {row[:4]: ResolvedSpeaker._make(row[4:]) for row in conn.execute(RESOLVED_SPEAKERS)}


@cache
def _read_statements() -> list[str]:
    """Return the statements of resolve_people.sql, without comments."""
    script = re.sub("--.*", "", Path(__file__).with_name("resolve_people.sql").read_text(encoding="utf-8"))
    return [statement.strip() for statement in script.split(";\n\n")]
