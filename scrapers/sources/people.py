"""TheyWorkForYou's register of people: people.json and ministers*.json, Popolo's shape with ways of its own."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from db.gid import PREFIX
from db.records.errors import ParseError
from db.records.people import Membership, Office, Person, PersonName, Register
from db.records.source import Response
from db.records.topic import Topic
from scrapers.fetch.interfaces import Leads, Location

SOURCE = "people"
VERSION = 1  # raised whenever the same bytes would give other records
NAME = re.compile(r"(?:members/)?((people|ministers)[\w-]*\.json)", re.ASCII)
PATTERNS = ("people.json", "ministers*.json", "members/people.json", "members/ministers*.json")
DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
CHAMBERS = {"house-of-commons": "commons", "house-of-lords": "lords"}
Entry = dict[str, object]


def crawl(fetch: Location, topic: Topic, leads: Leads | None) -> Iterator[Response]:
    """Yield the register's documents that `fetch` finds worth reading; they are the same for every topic."""
    yield from fetch.read(list(fetch.list(PATTERNS)))


def document(name: str) -> str | None:
    """Which document of the register a name is, in whichever folder ("ministers.json"); None where it is none."""
    match = NAME.fullmatch(name)
    return match[1] if match else None


def parse(response: Response) -> Register:
    """Read one document; keys that are not asked for are left alone. Raises ParseError."""
    match = NAME.fullmatch(response.name)
    if not match:
        raise ParseError(response.name, "the name is not people.json or ministers*.json")
    try:
        file = json.loads(response.body)
        if not isinstance(file, dict):
            raise ValueError("it is not an object with lists of persons and memberships")
        register = _people(file) if match[2] == "people" else _ministers(file)
        _refuse_twins(register)
        return register._replace(name=response.name)
    except (ValueError, RecursionError) as error:
        raise ParseError(response.name, str(error)) from error


def _people(file: Entry) -> Register:
    parties = _organizations(file)
    posts = {_id(post): post for post in _entries(file, "posts")}
    persons, memberships = list(_entries(file, "persons")), list(_entries(file, "memberships"))
    return Register(
        name="",
        persons=tuple(_person(entry) for entry in persons if "redirect" not in entry),
        memberships=tuple(_membership(entry, posts, parties) for entry in memberships if "redirect" not in entry),
        moved=_moved([*persons, *memberships]),
    )


def _ministers(file: Entry) -> Register:
    departments = _organizations(file)
    entries = list(_entries(file, "memberships"))
    offices = tuple(_office(entry, departments) for entry in entries if "redirect" not in entry)
    return Register(name="", offices=offices)


def _refuse_twins(register: Register) -> None:
    for records in (register.persons, register.memberships, register.offices):
        for id, times in Counter(record.id for record in records).items():
            if times > 1:
                raise ValueError(f"the id {id} stands {times} times")


def _moved(entries: Iterable[Entry]) -> tuple[tuple[str, str], ...]:
    return tuple((_id(entry), _id(entry, "redirect")) for entry in entries if "redirect" in entry)


def _organizations(file: Entry) -> dict[str, str]:
    """Names of parties or departments by their slugs."""
    entries = _entries(file, "organizations") if "organizations" in file else iter(())
    return {_id(entry): name for entry in entries if (name := _text(entry, "name"))}


def _person(entry: Entry) -> Person:
    names = _entries(entry, "other_names") if "other_names" in entry else iter(())
    identifiers = _entries(entry, "identifiers") if "identifiers" in entry else iter(())
    pairs = {(_needed(each, "scheme"), _needed(each, "identifier")): None for each in identifiers}
    return Person(_id(entry), tuple(map(_name, names)), tuple(pairs))


def _name(entry: Entry) -> PersonName:
    prefix, given, family, lord, of = (
        _text(entry, key) or "" for key in ("honorific_prefix", "given_name", "family_name", "lordname", "lordofname")
    )
    parts = [prefix, lord, f"of {of}" if of else ""] if lord or of else [given, family]
    name = " ".join(filter(None, parts)) or _text(entry, "name") or ""
    return PersonName(_text(entry, "note") or "", name, _date(entry, "start_date"), _date(entry, "end_date"))


def _membership(entry: Entry, posts: dict[str, Entry], parties: dict[str, str]) -> Membership:
    """One membership; a seat's post says of which house it is, and a peer's membership says it itself."""
    post_id, party = _text(entry, "post_id"), _text(entry, "on_behalf_of_id")
    if post_id and _short(post_id) not in posts:
        raise ValueError(f"{_id(entry)}: there is no post {post_id}")
    post = posts[_short(post_id)] if post_id else {}
    body = _text(post, "organization_id") or _text(entry, "organization_id") or ""
    area = post.get("area")
    return Membership(
        id=_id(entry),
        person_id=_id(entry, "person_id"),
        house=CHAMBERS.get(body, body),
        party=party and parties.get(party, party),
        constituency=_text(area, "name") if isinstance(area, dict) else None,
        start=_date(entry, "start_date"),
        end=_date(entry, "end_date"),
    )


def _office(entry: Entry, departments: dict[str, str]) -> Office:
    """One office; since 2010 the role says the department itself, and a whole chamber stands in its place."""
    role, body = _text(entry, "role"), _text(entry, "organization_id")
    person, membership = _text(entry, "person_id"), _text(entry, "membership_id")
    if not person and not membership:
        raise ValueError(f"{_id(entry)}: person_id is missing")
    return Office(
        id=_id(entry),
        person_id=person and _short(person),
        membership_id=membership and _short(membership),
        role=role,
        department=None if not body or (role and body in CHAMBERS) else departments.get(body, body),
        start=_date(entry, "start_date"),
        end=_date(entry, "end_date"),
    )


def _entries(entry: Entry, key: str) -> Iterator[Entry]:
    found = entry.get(key)
    if not isinstance(found, list):
        raise ValueError(f"{entry.get('id', 'the document')}: {key} is not a list")
    for number, each in enumerate(found):
        if not isinstance(each, dict):
            raise ValueError(f"{entry.get('id', 'the document')}: {key}[{number}] is not an object")
        yield each


def _text(entry: Entry, key: str) -> str | None:
    """A text, or a number as one; None where it is missing, null or empty. Raises ValueError."""
    value = entry.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{entry.get('id', key)}: {key} is {value!r}, which is no text")
    str(value).encode()  # half a surrogate pair, which JSON can hold and a database cannot
    return str(value)


def _needed(entry: Entry, key: str) -> str:
    value = _text(entry, key)
    if value is None:
        raise ValueError(f"{entry.get('id', 'an entry')}: {key} is missing")
    return value


def _id(entry: Entry, key: str = "id") -> str:
    return _short(_needed(entry, key))


def _short(id: str) -> str:
    """An id without its namespace ("member/1919"), as the speeches have it."""
    return id.removeprefix(PREFIX)


def _date(entry: Entry, key: str) -> str:
    value = _text(entry, key) or ""
    if value and not DATE.fullmatch(value):
        raise ValueError(f"{entry.get('id', 'a name')}: {key} is {value!r}, which is no date")
    return value
