"""Strict readers of JSON fields: the error for a missing field or a wrong type says where it is."""

from typing import Any

JsonObject = dict[str, Any]
NULL = type(None)


def require_object(value: object, where: str) -> JsonObject:
    """Return a value that must be an object. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError(f"{where} is {type(value).__name__}, not an object")
    return value


def require_field(of: JsonObject, key: str, where: str, *types: type) -> Any:
    """Return a field of an object, which must have one of the types given; true and false are not numbers.

    Raises ValueError.
    """
    if key not in of:
        raise ValueError(f"{where} lacks {key}")
    if type(of[key]) not in types:
        names = " or ".join("null" if each is NULL else each.__name__ for each in types)
        raise ValueError(f"{key} of {where} is {of[key]!r:.60}, not {names}")
    return of[key]


def require_text(of: JsonObject, key: str, where: str) -> str:
    """Return a field that must be text or null, stripped of white space; "" for null. Raises ValueError."""
    return (require_field(of, key, where, str, NULL) or "").strip()
