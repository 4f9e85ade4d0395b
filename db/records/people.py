"""People of the register: names, memberships and offices."""

from typing import NamedTuple

from db.records.source import RefusedUnit


class PersonName(NamedTuple):
    """A name of a person, joined from its parts; `start` and `end` may be partial dates, empty if open."""

    note: str
    name: str
    start: str
    end: str


class Person(NamedTuple):
    """A person in the register: "person/11309", with identifiers elsewhere as (scheme, identifier)."""

    id: str
    names: tuple[PersonName, ...]
    identifiers: tuple[tuple[str, str], ...]


class Membership(NamedTuple):
    """One period of a person in a house: "member/1919" or "lord/100633"; each parliament and party has a new one.

    `house` is commons or lords, or the register's own word for another body.
    """

    id: str
    person_id: str
    house: str
    party: str | None
    constituency: str | None
    start: str
    end: str


class Office(NamedTuple):
    """An office of a person, with a department or committee; the holder is named by one of the two ids."""

    id: str
    person_id: str | None
    membership_id: str | None
    role: str | None
    department: str | None
    start: str
    end: str


class Register(NamedTuple):
    """The people in one document of the register; `moved` are ids replaced by others, `refused` bad entries."""

    name: str
    persons: tuple[Person, ...] = ()
    memberships: tuple[Membership, ...] = ()
    offices: tuple[Office, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    refused: tuple[RefusedUnit, ...] = ()


SpeakerKey = tuple[str, str, str, str]  # member_id and person_id of the source, "" for none; house; date


class ResolvedSpeaker(NamedTuple):
    """A speaker on a day, by the register: the last columns of a row of speeches, after the person.

    `unresolved` says why the membership is not known.
    """

    person_id: str | None
    source_person_id: str | None
    membership_id: str | None
    party: str | None
    constituency: str | None
    offices: str | None
    unresolved: str | None


NO_SPEAKER = ResolvedSpeaker._make([None] * 7)  # of procedure and divisions
