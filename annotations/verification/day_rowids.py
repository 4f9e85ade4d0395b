"""The rowids of the speeches of a day."""

from typing import NamedTuple

from db.statements.store import KIND_ORDER, ROWIDS_PER_DAY, compute_first_rowid

ALL_ROWIDS = (0, (1 << 63) - 1)


class RowidRange(NamedTuple):
    """The first and the last rowid of the speeches to search."""

    first: int
    last: int


def find_rowid_range(date: str | None) -> RowidRange:
    """Return the range of the rowids of a day's speeches, or of all for None. Raises ValueError for a wrong date."""
    if date is None:
        return RowidRange(*ALL_ROWIDS)
    try:
        return RowidRange(
            compute_first_rowid(KIND_ORDER[0], date), compute_first_rowid(KIND_ORDER[-1], date) + ROWIDS_PER_DAY - 1
        )
    except ValueError as error:
        raise ValueError(f"{date} is not a date: write it as 2008-06-18") from error
