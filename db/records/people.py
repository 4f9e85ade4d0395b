"""People as the register of members names them: names, memberships and offices."""

from typing import NamedTuple


class PersonName(NamedTuple):
    """One name of a person, put together for a reader; `start` and `end` may be parts of dates, empty where open."""

    note: str
    name: str
    start: str
    end: str


class Person(NamedTuple):
    """A person as the register has them: "person/11309", with identifiers elsewhere as (scheme, identifier)."""

    id: str
    names: tuple[PersonName, ...]
    identifiers: tuple[tuple[str, str], ...]


class Membership(NamedTuple):
    """One spell of a person in a house: "member/1919" or "lord/100633"; a new one for each parliament and party.

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
    """An office that a person held, with a department or committee; whoever held it is named by one of two ids."""

    id: str
    person_id: str | None
    membership_id: str | None
    role: str | None
    department: str | None
    start: str
    end: str


class Register(NamedTuple):
    """What one document of the register of people says; `moved` are ids given up for others."""

    name: str
    persons: tuple[Person, ...] = ()
    memberships: tuple[Membership, ...] = ()
    offices: tuple[Office, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
