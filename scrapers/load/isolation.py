"""Isolation of faults: which parts of something make the whole fail, so that the others are loaded."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from db.sqlite import DATABASE_ERRORS, INTEGRITY_ERRORS, OPERATIONAL_ERRORS

Part = TypeVar("Part")
Result = TypeVar("Result")
FORESEEN: tuple[type[Exception], ...] = (  # of an odd input, not of the program
    *(RecursionError, OverflowError, MemoryError),
    *INTEGRITY_ERRORS,
)
ReportFault = Callable[[str, Exception], None]  # with the name of what failed


class Failure(NamedTuple):
    """An exception that an attempt ended with."""

    error: Exception


def catch_failure(attempt: Callable[[], Result]) -> Result | Failure:
    """Attempt something on a document; return whatever exception that raises, but for those of disk and database."""
    try:
        return attempt()
    except Exception as error:
        if is_of_surroundings(error):
            raise
        return Failure(error)


def is_of_surroundings(error: Exception) -> bool:
    """Return True for an error of the disk or the database, which is no fault of a document."""
    return isinstance(error, (OSError, OPERATIONAL_ERRORS)) or type(error) in DATABASE_ERRORS


def isolate_faults(
    parts: Sequence[Part], attempt: Callable[[Sequence[Part]], object]
) -> tuple[list[Part], list[tuple[Part, Exception]]]:
    """Find the parts with which an attempt fails; return the others, which do well together, and the failures.

    `attempt` is called with some of the parts, in order, and must leave nothing behind. Of two parts that only fail
    together, the later one is at fault.
    """
    sound: list[Part] = []
    failed: list[tuple[Part, Exception]] = []

    def admit(chunk: Sequence[Part]) -> None:
        found = catch_failure(lambda: attempt([*sound, *chunk]))
        if not isinstance(found, Failure):
            sound.extend(chunk)
            return
        if len(chunk) == 1:
            failed.append((chunk[0], found.error))
            return
        middle = len(chunk) // 2
        admit(chunk[:middle])
        admit(chunk[middle:])

    if parts:
        admit(parts)
    return sound, failed


def describe_failure(error: Exception) -> str:
    """Describe an exception for the quarantine: as a fault of the program, unless the input can cause it."""
    words = f"{type(error).__name__}: {error}"
    return f"it cannot be held ({words})" if isinstance(error, FORESEEN) else f"the program failed at it ({words})"
