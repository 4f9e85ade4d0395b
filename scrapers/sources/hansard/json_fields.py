"""Strict readers of JSON and its fields: the error for a missing field or a wrong type says where it is."""

import json
import re
from typing import Any

from scrapers.parsing.size_limits import API_ANSWER, check_size

JsonObject = dict[str, Any]
NULL = type(None)
SURROGATE = re.compile("[\ud800-\udfff]")


def read_object(body: bytes) -> JsonObject:
    """Read an answer that must be one object, in which no object has a key twice. Raises ValueError."""
    check_size(body, API_ANSWER)
    return require_object(json.loads(body, object_pairs_hook=_build_object), "the answer")


def _build_object(pairs: list[tuple[str, Any]]) -> JsonObject:
    built = dict(pairs)
    if len(built) < len(pairs):
        keys = [key for key, _ in pairs]
        twin = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"an object has the key {twin!r:.60} twice")
    return built


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
    """Return a field that must be text or null, stripped of white space; "" for null. Raises ValueError.

    Half a surrogate pair, which no file can hold, is refused too.
    """
    text: str = (require_field(of, key, where, str, NULL) or "").strip()
    if not text.isascii() and SURROGATE.search(text):
        raise ValueError(f"{key} of {where} has half a surrogate pair: {text!r:.60}")
    return text
