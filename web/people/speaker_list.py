"""The list of speakers as a visitor narrows and orders it, and spells of membership: without database or request."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from db.sqlite import Row
from web.rendering.folding import fold_text
from web.rendering.parties import find_party

PAGE_SIZE = 100  # speakers
ORDERS = {"": "most mentions", "quotes": "most quotes", "turns": "most speeches", "name": "name"}
GAP = timedelta(days=60)  # between two memberships of one spell: a dissolution
FIRST_DAY, LAST_DAY = "0000-01-01", "9999-12-31"  # of what is open


class SpeakerList(NamedTuple):
    """One page of the speakers who match; `houses` and `parties` count all speakers by what one may choose."""

    people: list[Row]
    total: int
    more: bool
    houses: Mapping[str, int]
    parties: Mapping[str, int]


def list_speakers(speakers: Sequence[Row], filters: Mapping[str, str], page: int) -> SpeakerList:
    """Choose the speakers of a `name`, `house` and `party` ("" matches all), in an `order` of ORDERS."""
    houses = Counter(house for row in speakers for house in list_houses(row))
    parties = Counter(party for row in speakers for party in list_parties(row))
    found = [row for row in speakers if _matches(row, filters)]
    if filters["order"] == "name":
        found.sort(key=lambda row: (_get_surname(row["name"]), row["name"]))
    elif filters["order"] in ORDERS and filters["order"]:
        found.sort(key=lambda row: -row[filters["order"]])
    shown = found[PAGE_SIZE * (page - 1) : PAGE_SIZE * page]
    return SpeakerList(
        people=shown,
        total=len(found),
        more=len(found) > PAGE_SIZE * page,
        houses=dict(sorted(houses.items())),
        parties=dict(sorted(parties.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _matches(row: Row, filters: Mapping[str, str]) -> bool:
    words = fold_text(filters["name"]).split()
    return (
        all(word in fold_text(row["name"]) for word in words)
        and filters["house"] in ("", *list_houses(row))
        and filters["party"] in ("", *list_parties(row))
    )


def list_houses(row: Row) -> list[str]:
    """List the Houses of a speaker's memberships."""
    return list(dict.fromkeys(each["house"] for each in row["memberships"]))


def list_parties(row: Row) -> list[str]:
    """List a speaker's parties by their names for readers, in the order of time."""
    parties = (find_party(each["party"]) for each in row["memberships"])
    return list(dict.fromkeys(party.name for party in parties if party))


def _get_surname(name: str) -> str:
    """Return what a name is ordered by: its last word, or that before the place of a peer."""
    return fold_text(name.partition(" of ")[0]).split()[-1:][0] if name.strip() else ""


def merge_memberships(memberships: Iterable[Row]) -> list[Row]:
    """Merge memberships that follow one another with the same House, party and seat into spells, newest first.

    A general election ends one membership and begins the next.
    """
    spells: list[Row] = []
    for each in memberships:
        same = spells and all(spells[-1][key] == each[key] for key in ("house", "party", "constituency"))
        if same and _follows(spells[-1]["last"], each["first"]):
            spells[-1] = {**spells[-1], "end": each["end"], "last": each["last"]}
        else:
            spells.append(dict(each))
    return spells[::-1]


def _follows(last: str, first: str) -> bool:
    if last == LAST_DAY or first == FIRST_DAY:
        return True
    return date.fromisoformat(first) - date.fromisoformat(last) <= GAP
