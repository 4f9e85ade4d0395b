"""A division in an answer of Hansard's API: its totals, and the vote of each member, with the tellers.

The debate names its divisions by their ids. Tellers are listed with their side, and the totals of the Commons leave
them out.
"""

import re
from collections.abc import Iterator

from db.citation import build_hansard_address
from db.gid import HANSARD_GID_PATTERN, make_hansard_gid
from db.records.hansard import Division, Document, Vote
from db.records.source import Response
from scrapers.parsing.markup import collapse_space
from scrapers.parsing.vote_counts import describe_mismatch
from scrapers.scope.kinds import KINDS
from scrapers.sources.hansard.document_names import parse_date
from scrapers.sources.hansard.item_html import replace_invalid_characters
from scrapers.sources.hansard.items import UNKNOWN_TIMECODE, read_time
from scrapers.sources.hansard.json_fields import (
    NULL,
    JsonObject,
    read_object,
    require_field,
    require_object,
    require_text,
)

SIDES = {"commons": ("aye", "no"), "lords": ("content", "not-content")}
WHERE = "the division"


def read_division(response: Response, expected: tuple[str, str]) -> Document:
    """Read a division of a house and date expected. Raises ValueError."""
    answer, (kind, date) = read_object(response.body), expected
    ext, house = require_text(answer, "ExternalId", WHERE), require_text(answer, "House", WHERE)
    if ext.lower() != response.name.rpartition("/")[2]:
        raise ValueError(f"it is division {ext}, which is another one")
    if kind not in KINDS or (house.lower(), parse_date(answer.get("Date"))) != (KINDS[kind].house, date):
        raise ValueError(f"it is of {house}, {answer.get('Date')}, which its name contradicts")
    gid = make_hansard_gid(date, ext)
    if not HANSARD_GID_PATTERN.fullmatch(gid):
        raise ValueError(f"{ext!r} is no id of a division")
    return Document(
        name=response.name,
        series=ext.lower(),
        letter="",
        latest=True,
        bill=None,
        items=(_make_division(answer, gid, house, date),),
        redirects=(),
        is_vote_list=True,
    )


def _make_division(answer: JsonObject, gid: str, house: str, date: str) -> Division:
    ayes, noes = (_read_count(answer, key) for key in ("AyesCount", "NoesCount"))
    sides = zip(("AyeMembers", "NoeMembers"), SIDES[house.lower()], strict=True)
    votes = tuple(vote for key, side in sides for vote in _read_votes(answer, key, side))
    time, damage = _read_time(answer)
    section, title = (require_text(answer, key, WHERE) for key in ("DebateSectionExtId", "DebateSection"))
    number = require_field(answer, "Number", WHERE, str, int, NULL)
    return Division(
        gid=gid,
        number="" if number is None else collapse_space(str(number)),
        ayes=ayes,
        noes=noes,
        votes=votes,
        time=time,
        column=None,
        hansard_url=build_hansard_address(house, date, section, title) if section else None,
        damage=" ".join(filter(None, (damage, describe_mismatch(votes, ayes, noes)))),
    )


def _read_count(answer: JsonObject, key: str) -> int:
    count = require_field(answer, key, WHERE, int, str)  # some answers give numbers as strings
    if not re.fullmatch(r"\d{1,4}", str(count), re.ASCII):
        raise ValueError(f"{key} of {WHERE} is {count!r:.60}, which is no count of votes")
    return int(count)


def _read_votes(answer: JsonObject, key: str, side: str) -> Iterator[Vote]:
    for n, each in enumerate(require_field(answer, key, WHERE, list)):
        where = f"{key}[{n}]"
        member = require_object(each, where)
        id = require_field(member, "MemberId", where, int, NULL)
        name = require_text(member, "ListAs", where) or require_text(member, "DisplayAs", where)
        if not name:
            raise ValueError(f"{where} has no name")
        yield Vote(
            name=collapse_space(replace_invalid_characters(name)),
            vote=side,
            teller=require_field(member, "IsTeller", where, bool),
            member_id=f"mnis/{id}" if id else None,
            person_id=None,
            proxy=None,
        )


def _read_time(answer: JsonObject) -> tuple[str | None, str]:
    """Return the time of a division, if it has one, and what is wrong with it in words."""
    printed = require_text(answer, "Time", WHERE) if answer.get("DivisionHasTime") else ""
    try:
        return (read_time(printed) if printed else None), ""
    except ValueError:
        return None, UNKNOWN_TIMECODE.format(printed[:60])
