"""Fields of JSON read strictly: one that is missing, or of another type, is named with its place."""

from typing import Any

Table = dict[str, Any]
NOTHING = type(None)


def table(value: object, where: str) -> Table:
    """A value that must be an object. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError(f"{where} is {type(value).__name__}, not an object")
    return value


def field(of: Table, key: str, where: str, *types: type) -> Any:
    """The field of an object, of one of the types named. Raises ValueError; true and false are no numbers."""
    if key not in of:
        raise ValueError(f"{where} lacks {key}")
    if type(of[key]) not in types:
        names = " or ".join("null" if each is NOTHING else each.__name__ for each in types)
        raise ValueError(f"{key} of {where} is {of[key]!r:.60}, not {names}")
    return of[key]


def text(of: Table, key: str, where: str) -> str:
    """A field that is text or null, without white space at its ends; "" for null. Raises ValueError."""
    return (field(of, key, where, str, NOTHING) or "").strip()
