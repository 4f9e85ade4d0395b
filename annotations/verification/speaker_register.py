"""The people whom an attribution may mean, read from statements.db: the register, and who speaks on a day."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from annotations.verification.personal_names import (
    NameAgreement,
    PersonalName,
    compare_names,
    fold_name,
    read_personal_name,
)
from annotations.verification.speaker_names import (
    Attribution,
    KnownSpeaker,
    SpeakerCheck,
    has_roles,
    judge_speaker,
    may_be_meant,
    read_attribution,
)
from db.sqlite import Row, read_rows
from db.statements.rowid_filters import find_rowid_range

MAX_MEANT = 40  # people of a day whom a name or role may mean
DAY_QUERY = """
SELECT speaker, person_id, unresolved IS NULL AS resolved, office, offices, party, constituency
  FROM speeches
 WHERE rowid BETWEEN ? AND ? AND speaker IS NOT NULL
 GROUP BY speaker, person_id, office
"""
ARCHIVE_QUERY = "SELECT DISTINCT speaker, person_id FROM speeches WHERE speaker IN (SELECT value FROM json_each(?))"
PRINTED_QUERY = "SELECT DISTINCT speaker FROM speeches WHERE person_id IN (SELECT value FROM json_each(?))"
SITTING_QUERY = """
SELECT person_id, party, constituency FROM memberships
 WHERE house IN ('commons', 'lords') AND ? BETWEEN first AND last
"""
OFFICES_QUERY = """
SELECT person_id, coalesce(role || ', ' || department, role, department) AS office FROM offices
 WHERE ? BETWEEN first AND last
"""
WRITTEN_LATER_QUERY = """
SELECT EXISTS (SELECT 1 FROM offices WHERE first >= ?1 OR last BETWEEN ?1 AND '9999-01-01')
    OR EXISTS (SELECT 1 FROM memberships WHERE first >= ?1 OR last BETWEEN ?1 AND '9999-01-01')
"""
ROLES_QUERY = """
SELECT rowid, speaker, unresolved IS NULL AS resolved, office, offices, party, constituency
  FROM speeches
 WHERE rowid IN (SELECT value FROM json_each(?)) AND speaker IS NOT NULL
 ORDER BY rowid
"""
OWN_ROWIDS_QUERY = "SELECT rowid, speaker, person_id FROM speeches WHERE rowid BETWEEN ? AND ? ORDER BY rowid"


class SpokenBy(NamedTuple):
    """The speaker of a speech as it stands in its row: the printed name, the person by the register, and the day."""

    speaker: str | None
    person_id: str | None
    date: str


@dataclass
class NamedSpeaker:
    """A person or role to whom a quotation is attributed, with the people of each day as far as they are read."""

    conn: sqlite3.Connection
    asked: Attribution
    register: dict[str, list[str]]  # names of all times by person, of those whose name has a word of the attribution
    archive: list[tuple[str, str | None]]  # printed names with such a word, each with its person
    days: dict[str, dict[str, KnownSpeaker]] = field(default_factory=dict)
    meant: dict[str, dict[str, KnownSpeaker]] = field(default_factory=dict)  # those of each day who may be meant
    checks: dict[SpokenBy, SpeakerCheck] = field(default_factory=dict)

    @property
    def is_role(self) -> bool:
        """Return True where a role such as a party is named, that several people may have, and no person's name."""
        return bool(self.asked.roles) and not any(len(name.words) > 1 or name.peer for name in self.asked.names)

    def check(self, speech: SpokenBy) -> SpeakerCheck:
        """Decide whether a speech is the named speaker's; one without a speaker is nobody's, which is not checked."""
        if not speech.speaker or not (self.asked.names or self.asked.roles or self.asked.perhaps):
            return "not checked"
        name_alone = self.asked.names and not (self.asked.roles or self.asked.claims)
        if name_alone and read_personal_name(speech.speaker) == self.asked.names[0]:
            return "same"
        if speech not in self.checks:
            people = self._read_day(speech.date)
            key = speech.person_id or speech.speaker
            speaker = people.get(key) or KnownSpeaker(key=key, names=(speech.speaker,))
            speaker = speaker._replace(names=(speech.speaker, *speaker.names))
            others = [each for other, each in self.meant[speech.date].items() if other != key]
            self.checks[speech] = judge_speaker(self.asked, speaker, others)
        return self.checks[speech]

    def find_own_rowids(self, date: str) -> list[int]:
        """Find all speeches of the named speaker on a day; none where as many may be meant as by a party's name."""
        self._read_day(date)
        if len(self.meant[date]) > MAX_MEANT:
            return []
        rows = self.conn.execute(OWN_ROWIDS_QUERY, find_rowid_range(date))
        return [
            rowid
            for rowid, speaker, person in rows
            if (person or speaker) in self.meant[date] and self.check(SpokenBy(speaker, person, date)) == "same"
        ]

    def list_printed_names(self) -> list[str]:
        """List the names in this archive, of any day, that may be the named speaker's."""
        wanted = (*self.asked.names, *self.asked.perhaps)
        agreeing = [
            id for id, names in self.register.items() if any(_agree(name, read) for name in names for read in wanted)
        ]
        rows = self.conn.execute(PRINTED_QUERY, (json.dumps(agreeing),))
        printed = {name for (name,) in rows if name}
        return sorted(printed | {name for name, _ in self.archive if any(_agree(name, read) for read in wanted)})

    def select_by_role(self, rowids: Iterable[int]) -> list[int]:
        """Select the speeches whose speaker has, by the row alone, the roles by which somebody is named."""
        rows = read_rows(self.conn, ROLES_QUERY, (json.dumps([*rowids]),))
        return [row["rowid"] for row in rows if self.asked.roles and has_roles(_read_row(row), self.asked.roles)]

    def _read_day(self, date: str) -> dict[str, KnownSpeaker]:
        if date not in self.days:
            self.days[date] = {each.key: each for each in _read_people(self, date)}
            self.meant[date] = {key: each for key, each in self.days[date].items() if may_be_meant(self.asked, each)}
        return self.days[date]


def _agree(name: str, wanted: PersonalName) -> bool:
    read = read_personal_name(name)
    return read is not None and compare_names(wanted, read) >= NameAgreement.PARTIAL


def read_named_speaker(conn: sqlite3.Connection, attribution: str) -> NamedSpeaker:
    """Read an attribution, and the names of the register and the archive that have a word in common with it."""
    parties = [party for (party,) in conn.execute("SELECT DISTINCT party FROM memberships WHERE party IS NOT NULL")]
    asked = read_attribution(attribution, parties)
    words = {word for name in (*asked.names, *asked.perhaps) for word in (*name.words, *name.place) if len(word) > 1}
    register: dict[str, list[str]] = defaultdict(list)
    for person, name in conn.execute("SELECT person_id, name FROM person_names"):
        if words & {*fold_name(name).split()}:
            register[person].append(name)
    printed = [name for (name,) in conn.execute("SELECT DISTINCT speaker FROM speeches WHERE speaker IS NOT NULL")]
    sharing = [name for name in printed if words & {*fold_name(name).split()}]
    archive = conn.execute(ARCHIVE_QUERY, (json.dumps(sharing),)).fetchall()
    return NamedSpeaker(conn=conn, asked=asked, register=register, archive=[(row[0], row[1]) for row in archive])


def _read_people(named: NamedSpeaker, date: str) -> Iterator[KnownSpeaker]:
    """Yield all who speak on a day, all who hold an office then, and all of any day with a name like the one asked."""
    conn = named.conn
    spoke: dict[str, list[Row]] = defaultdict(list)
    for row in read_rows(conn, DAY_QUERY, find_rowid_range(date)):
        spoke[row["person_id"] or row["speaker"]].append(row)
    archive: dict[str, list[str]] = defaultdict(list)
    for name, person in named.archive:
        archive[person or name].append(name)
    offices = _read_offices(conn, date)
    sitting = {person: (party, seat) for person, party, seat in conn.execute(SITTING_QUERY, (date,))}
    keys = dict.fromkeys([*spoke, *archive, *named.register, *offices])
    names = _read_names(conn, keys)
    for key in keys:
        rows = spoke.get(key, [])
        party, seat = sitting.get(key, (None, None))
        yield KnownSpeaker(
            key=key,
            names=(*(row["speaker"] for row in rows), *archive.get(key, []), *names.get(key, [])),
            offices=(*_list_offices(rows), *offices.get(key, [])),
            parties=_list_known([party, *(row["party"] for row in rows)]),
            seats=_list_known([seat, *(row["constituency"] for row in rows)]),
            registered=key in names,
            sat=key in sitting,
            spoke=bool(rows),
        )


def _read_row(row: Row) -> KnownSpeaker:
    return KnownSpeaker(
        key=row["speaker"],
        names=(row["speaker"],),
        offices=tuple(_list_offices([row])),
        parties=_list_known([row["party"]]),
        seats=_list_known([row["constituency"]]),
    )


def _list_offices(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the offices of the rows of a speaker: as printed beside the name, by the register, or in its place."""
    for row in rows:
        yield row["speaker"]
        if row["office"]:
            yield row["office"]
        if row["resolved"]:
            yield from (row["offices"] or "").split("; ")


def _list_known(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _read_offices(conn: sqlite3.Connection, date: str) -> dict[str, list[str]]:
    """Read the offices of a day by person; none where the register may be older than the day."""
    offices: dict[str, list[str]] = defaultdict(list)
    if conn.execute(WRITTEN_LATER_QUERY, (date,)).fetchone()[0]:
        for person, office in conn.execute(OFFICES_QUERY, (date,)):
            offices[person].append(office or "")
    return offices


def _read_names(conn: sqlite3.Connection, keys: Iterable[str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    query = "SELECT person_id, name FROM person_names WHERE person_id IN (SELECT value FROM json_each(?))"
    for person, name in conn.execute(query, (json.dumps([*keys]),)):
        names[person].append(name)
    return names
