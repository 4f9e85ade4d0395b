"""TheyWorkForYou's register of people: people.json and ministers*.json, in its own variant of the Popolo format."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date as Date
from typing import TypeVar

from db.gid import GID_PREFIX
from db.records.people import Membership, Office, Person, PersonName, Register
from db.records.source import ParseError, RefusedUnit, Response
from db.records.topic import Topic
from scrapers.scope.interfaces import CrawlHints, Location

SOURCE = "people"
VERSION = 2  # increased whenever the same bytes would give different records
NAME = re.compile(r"(?:members/)?((people|ministers)[\w-]*\.json)", re.ASCII)
PATTERNS = ("people.json", "ministers*.json", "members/people.json", "members/ministers*.json")
DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
MAX_LENGTH = 10_000  # characters of a text
CHAMBERS = {"house-of-commons": "commons", "house-of-lords": "lords"}
Entry = dict[str, object]
Record = TypeVar("Record", Person, Membership, Office)
Each = TypeVar("Each")


def crawl(fetch: Location, topic: Topic, hints: CrawlHints | None) -> Iterator[Response]:
    """Yield the new or changed documents of the register, which are the same for every topic."""
    yield from fetch.read(list(fetch.list(PATTERNS)))


def parse_document_name(name: str) -> str | None:
    """Return the file name ("ministers.json") of a register document in any folder, or None for another file."""
    match = NAME.fullmatch(name)
    return match[1] if match else None


def parse(response: Response) -> Register:
    """Read one document, ignoring keys that are not needed. Raises ParseError."""
    match = NAME.fullmatch(response.name)
    if not match:
        raise ParseError(response.name, "the name is not people.json or ministers*.json")
    try:
        file = json.loads(response.body)
        if not isinstance(file, dict):
            raise ValueError("it is not an object with lists of persons and memberships")
        register = _read_people(file) if match[2] == "people" else _read_ministers(file)
    except (ValueError, RecursionError) as error:
        raise ParseError(response.name, str(error)) from error
    return register._replace(name=response.name)


def _read_people(file: Entry) -> Register:
    refused: list[RefusedUnit] = []
    parties = _read_organizations(file, refused)
    posts = dict(_read_each(file, "posts", lambda post: (_read_id(post), post), refused))
    persons, moved = _read_records(file, "persons", _read_person, refused)
    memberships, also_moved = _read_records(
        file, "memberships", lambda entry: _read_membership(entry, posts, parties), refused
    )
    return Register(
        name="",
        persons=tuple(persons),
        memberships=tuple(memberships),
        moved=(*moved, *also_moved),
        refused=tuple(refused),
    )


def _read_ministers(file: Entry) -> Register:
    refused: list[RefusedUnit] = []
    departments = _read_organizations(file, refused)
    offices, _ = _read_records(file, "memberships", lambda entry: _read_office(entry, departments), refused)
    return Register(name="", offices=tuple(offices), refused=tuple(refused))


def _read_records(
    file: Entry, key: str, read: Callable[[Entry], Record], refused: list[RefusedUnit]
) -> tuple[list[Record], list[tuple[str, str]]]:
    """Read the entries of a list: records, and pairs of ids for those that were replaced; refuse what cannot be read.

    Of entries with one id that differ, none is known to be right: each is refused.
    """

    def read_entry(entry: Entry) -> Record | tuple[str, str]:
        return (_read_id(entry), _read_id(entry, "redirect")) if "redirect" in entry else read(entry)

    entries = list(_read_each(file, key, read_entry, refused))
    moved = [each for each in entries if not isinstance(each, Person | Membership | Office)]
    found: dict[str, list[Record]] = {}
    for each in entries:
        if isinstance(each, Person | Membership | Office):
            found.setdefault(each.id, []).append(each)
    for id, twins in found.items():
        if any(twin != twins[0] for twin in twins):
            refused.append(
                RefusedUnit(unit="person", place=id, reason=f"the id {id} stands {len(twins)} times in {key}")
            )
    return [twins[0] for twins in found.values() if all(twin == twins[0] for twin in twins)], moved


def _read_each(file: Entry, key: str, read: Callable[[Entry], Each], refused: list[RefusedUnit]) -> Iterator[Each]:
    """Yield each entry of a list as it is read; refuse those that cannot be."""
    found = file.get(key)
    if not isinstance(found, list):
        raise ValueError(f"the document: {key} is not a list")
    for number, entry in enumerate(found):
        place = f"{key}[{number}]"
        try:
            if not isinstance(entry, dict):
                raise ValueError(f"{place} is not an object")
            place = _read_text(entry, "id") or place
            yield read(entry)
        except ValueError as error:
            refused.append(RefusedUnit(unit="person", place=place, reason=str(error)))


def _read_organizations(file: Entry, refused: list[RefusedUnit]) -> dict[str, str]:
    """Read the names of parties or departments, by slug."""
    if "organizations" not in file:
        return {}
    pairs = _read_each(file, "organizations", lambda entry: (_read_id(entry), _read_text(entry, "name")), refused)
    return {id: name for id, name in pairs if name}


def _read_person(entry: Entry) -> Person:
    names = _read_entries(entry, "other_names") if "other_names" in entry else iter(())
    identifiers = _read_entries(entry, "identifiers") if "identifiers" in entry else iter(())
    pairs = {(_require_text(each, "scheme"), _require_text(each, "identifier")): None for each in identifiers}
    return Person(_read_id(entry), tuple(map(_read_name, names)), tuple(pairs))


def _read_name(entry: Entry) -> PersonName:
    prefix, given, family, lord, of = (
        _read_text(entry, key) or ""
        for key in ("honorific_prefix", "given_name", "family_name", "lordname", "lordofname")
    )
    parts = [prefix, lord, f"of {of}" if of else ""] if lord or of else [given, family]
    name = " ".join(filter(None, parts)) or _read_text(entry, "name") or ""
    return PersonName(
        _read_text(entry, "note") or "", name, _read_date(entry, "start_date"), _read_date(entry, "end_date")
    )


def _read_membership(entry: Entry, posts: dict[str, Entry], parties: dict[str, str]) -> Membership:
    """Read a membership; the house is in the post for a seat, and in the membership itself for a peer."""
    post_id, party = _read_text(entry, "post_id"), _read_text(entry, "on_behalf_of_id")
    if post_id and _strip_namespace(post_id) not in posts:
        raise ValueError(f"{_read_id(entry)}: there is no post {post_id}")
    post = posts[_strip_namespace(post_id)] if post_id else {}
    body = _read_text(post, "organization_id") or _read_text(entry, "organization_id") or ""
    area = post.get("area")
    return Membership(
        id=_read_id(entry),
        person_id=_read_id(entry, "person_id"),
        house=CHAMBERS.get(body, body),
        party=party and parties.get(party, party),
        constituency=_read_text(area, "name") if isinstance(area, dict) else None,
        start=_read_date(entry, "start_date"),
        end=_read_date(entry, "end_date"),
    )


def _read_office(entry: Entry, departments: dict[str, str]) -> Office:
    """Read an office; since 2010 the role itself names the department, and the organization is a whole chamber."""
    role, body = _read_text(entry, "role"), _read_text(entry, "organization_id")
    person, membership = _read_text(entry, "person_id"), _read_text(entry, "membership_id")
    if not person and not membership:
        raise ValueError(f"{_read_id(entry)}: person_id is missing")
    return Office(
        id=_read_id(entry),
        person_id=person and _strip_namespace(person),
        membership_id=membership and _strip_namespace(membership),
        role=role,
        department=None if not body or (role and body in CHAMBERS) else departments.get(body, body),
        start=_read_date(entry, "start_date"),
        end=_read_date(entry, "end_date"),
    )


def _read_entries(entry: Entry, key: str) -> Iterator[Entry]:
    found = entry.get(key)
    if not isinstance(found, list):
        raise ValueError(f"{entry.get('id', 'the document')}: {key} is not a list")
    for number, each in enumerate(found):
        if not isinstance(each, dict):
            raise ValueError(f"{entry.get('id', 'the document')}: {key}[{number}] is not an object")
        yield each


def _read_text(entry: Entry, key: str) -> str | None:
    """Return a text, or a number as text; None if it is missing, null or empty. Raises ValueError."""
    value = entry.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{entry.get('id', key)}: {key} is {value!r}, which is no text")
    text = str(value)
    text.encode()  # raises for half a surrogate pair, which JSON can hold but a database cannot
    if "\0" in text or len(text) > MAX_LENGTH:
        raise ValueError(f"{key} is {text[:100]!r}, which cannot be stored")
    return text


def _require_text(entry: Entry, key: str) -> str:
    value = _read_text(entry, key)
    if value is None:
        raise ValueError(f"{entry.get('id', 'an entry')}: {key} is missing")
    return value


def _read_id(entry: Entry, key: str = "id") -> str:
    return _strip_namespace(_require_text(entry, key))


def _strip_namespace(id: str) -> str:
    """Return an id without its namespace ("member/1919"), as in the speeches."""
    return id.removeprefix(GID_PREFIX)


def _read_date(entry: Entry, key: str) -> str:
    value = _read_text(entry, key) or ""
    if value and not _is_date(value):
        raise ValueError(f"{entry.get('id', 'a name')}: {key} is {value!r}, which is no date")
    return value


def _is_date(text: str) -> bool:
    """Return True for a day that there is, or a month or year."""
    try:
        return bool(DATE.fullmatch(text) and Date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text))
    except ValueError:
        return False
