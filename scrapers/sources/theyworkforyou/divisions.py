"""Divisions in TheyWorkForYou's XML, and how its elements give times and ids."""

import re

from db import gid as gids
from db.records.hansard import Division, Vote
from scrapers.parsing.markup import Element, line, one

TIME = re.compile(r"0?(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


def known(id: str | None) -> str | None:
    """A member's or person's id without its namespace ("member/1919"); None for nobody and for "unknown"."""
    return None if not id or id == "unknown" else id.removeprefix(gids.PREFIX)


def clock(element: Element) -> str | None:
    """The last clock mark before an element as HH:MM:SS, local; None where it has none. Raises ValueError."""
    value = element.get("time", "")
    if value in ("", "unknown"):
        return None
    match = TIME.fullmatch(value)
    if not match:
        raise ValueError(f"line {element.sourceline}: <{element.tag!s}> has the unknown time {value!r}")
    return f"{int(match[1]):02}:{match[2]}:{match[3] or '00'}"


def division(element: Element) -> Division:
    """A division; in committees the count itself is the item and holds the lists."""
    count = element if element.tag == "divisioncount" else one(element, "divisioncount")
    get = count.get
    return Division(
        gid=element.attrib["id"],
        number=element.attrib["divnumber"],
        ayes=int(get("ayes") or count.attrib["content"]),
        noes=int(get("noes") or count.attrib["not-content"]),
        votes=tuple(map(_vote, element.iter("mpname", "lord"))),
        time=clock(element),
        column=element.get("colnum") or None,
        hansard_url=element.get("url") or None,
    )


def _vote(element: Element) -> Vote:
    get = element.get
    member, person, proxy = get("id") or get("memberid"), get("person_id"), get("proxy")
    return Vote(
        name=line(element),
        vote=element.attrib["vote"],
        teller=get("teller") == "yes",
        member_id=member and known(member),
        person_id=person and known(person),
        proxy=proxy and known(proxy),
    )
