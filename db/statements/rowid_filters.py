"""Filters and counts by house, kind, year and day that need only rowids (store.compute_first_rowid), not rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date as Date
from typing import Any, NamedTuple

from db.citation import HOUSES, find_house
from db.statements.store import KIND_ORDER, ROWIDS_PER_DAY, compute_first_rowid

DAY_KIND = f"/ {ROWIDS_PER_DAY}"  # appended to a rowid in SQL: 16 times the day, plus the kind
ROWID_CONDITION = f"{{rowid}} BETWEEN :from AND :to AND (1 << ({{rowid}} {DAY_KIND} & 15)) & :kinds"
MAX_ROWID = 1 << 62
DATE_ROWIDS = 16 * ROWIDS_PER_DAY  # of all kinds of one date


class RowidRange(NamedTuple):
    """The first and the last rowid of speeches."""

    first: int
    last: int


def find_rowid_range(date: str | None) -> RowidRange:
    """Return the range of the rowids of a day's speeches, or of all for None. Raises ValueError for a wrong date."""
    if date is None:
        return RowidRange(0, MAX_ROWID)
    try:
        first, last_kind = (compute_first_rowid(kind, date) for kind in (KIND_ORDER[0], KIND_ORDER[-1]))
    except ValueError as error:
        raise ValueError(f"{date} is not a date: write it as 2008-06-18") from error
    return RowidRange(first, last_kind + ROWIDS_PER_DAY - 1)


def make_filter_values(filters: Mapping[str, str]) -> dict[str, int]:
    """Return the values for WHERE: filters by house, kind and year (empty: all; unknown: none)."""
    house, kind, year = (filters.get(key, "") for key in ("house", "kind", "year"))
    kinds = [n for n, each in enumerate(KIND_ORDER) if kind in ("", each) and house in ("", HOUSES.get(each))]
    if not year:
        start, end = 0, MAX_ROWID
    elif year.isascii() and year.isdigit() and len(year) == 4 and "1000" <= year < "9999":
        start, end = (compute_first_rowid(KIND_ORDER[0], f"{int(year) + n}-01-01") for n in (0, 1))
    else:
        start, end = 1, 0
    return {"from": start, "to": end - 1, "kinds": sum(1 << n for n in kinds)}


def find_day_kind(day_kind: int) -> tuple[str, str]:
    """Return the date and the kind of a rowid / ROWIDS_PER_DAY."""
    return Date.fromordinal(day_kind >> 4).isoformat(), KIND_ORDER[day_kind & 15]


def is_chosen(day_kind: int, values: Mapping[str, Any]) -> bool:
    """Return True if a rowid / ROWIDS_PER_DAY matches the values of filters, and is of the days `first` to `last`."""
    first = day_kind * ROWIDS_PER_DAY
    kept = values["from"] <= first <= values["to"] and 1 << (day_kind & 15) & values["kinds"]
    return bool(kept) and values["first"] <= find_day_kind(day_kind)[0] <= values["last"]


def tally_counts(counts: Iterable[tuple[int, int]]) -> dict[str, dict[str, int]]:
    """Turn counts by rowid / ROWIDS_PER_DAY into counts by house, kind and year, newest year first."""
    houses: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    years: Counter[str] = Counter()
    for day_kind, count in counts:
        date, kind = find_day_kind(day_kind)
        kinds[kind] += count
        houses[find_house(kind)] += count
        years[date[:4]] += count
    by_year = dict(sorted(years.items(), reverse=True))
    return {"house": dict(houses.most_common()), "kind": dict(kinds.most_common()), "year": by_year}
