"""Readers of single fields of files from other programs: each checks type and size, and names the fault."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from datetime import date as Date
from typing import Any, get_args

from annotations.exchange.bundle import ExchangeError
from db.records.annotation import Selector
from db.toml.field_checks import MAX_LENGTH

MAX_ENTRIES = 50_000  # entries in one file
MAX_TEXT_MEMORY = 32 << 20  # bytes of a whole file's text
MAX_BRACKETS = 300_000  # objects and arrays in one JSON file
MAX_VALUES = 400_000  # values in one JSON file: commas, those in texts too
OFFSET = re.compile(r"\d{1,12}", re.ASCII)
DATE_PATTERN = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


def read_json(body: bytes) -> Any:
    """Parse a JSON file in UTF-8, with or without a byte order mark. Raises ExchangeError.

    An object with one key twice is refused: readers differ in which of the two they follow. Too many values are refused
    before they are parsed.
    """
    if body.count(b"{") + body.count(b"[") > MAX_BRACKETS or body.count(b",") > MAX_VALUES:
        raise ExchangeError(f"it has more than {MAX_BRACKETS} objects and arrays, or {MAX_VALUES} values: split it")
    text = decode_text(body)
    try:
        return json.loads(text, object_pairs_hook=_make_object)
    except json.JSONDecodeError as error:
        raise ExchangeError(f"line {error.lineno}: this is not JSON: {error.msg}") from error
    except ExchangeError:
        raise
    except ValueError as error:
        raise ExchangeError(f"this is not JSON: {error}") from error  # a number of thousands of digits
    except RecursionError as error:
        raise ExchangeError("line 1: the JSON is nested too deeply") from error


def decode_text(body: bytes) -> str:
    """Decode a file in UTF-8, with or without a byte order mark. Raises ExchangeError."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExchangeError(f"byte {error.start}: this is not UTF-8: save it as UTF-8") from error
    if sys.getsizeof(text) > MAX_TEXT_MEMORY:  # one rare character makes every character of a text larger
        raise ExchangeError(f"its text takes more than {MAX_TEXT_MEMORY >> 20} MiB: split it")
    return text


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = find_repeated(key for key, _ in pairs)
        raise ExchangeError(f"an object has the key {twice[:50]!r} twice")
    return found


def find_repeated(names: Iterable[str]) -> str:
    """Return the first name that is there twice, or "" for none; empty names do not count."""
    return next((name for name, count in Counter(names).items() if name and count > 1), "")


def check_count(what: str, number: int) -> None:
    """Refuse more entries than one file may have. Raises ExchangeError."""
    if number > MAX_ENTRIES:
        raise ExchangeError(f"there are {number} {what}, and a file may have {MAX_ENTRIES}: split it")


def read_object(where: str, value: object) -> Mapping[str, Any]:
    """Return a JSON object. Raises ExchangeError."""
    if not isinstance(value, dict):
        raise ExchangeError(f"{where}: here must be an object, not {type(value).__name__}")
    return value


def read_array(where: str, value: object) -> list[Any]:
    """Return a JSON array; a single value stands for an array of one, null for an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def read_texts(where: str, value: object) -> list[str]:
    """Return the texts in an array, or a single text as a list of one; other values are left out."""
    return [each for each in read_array(where, value) if isinstance(each, str)]


def group_by_type(where: str, nodes: Iterable[object]) -> dict[str, Mapping[str, Any]]:
    """Return JSON objects, by their `type`; one with several types is there several times. Raises ExchangeError."""
    tables = [read_object(where, node) for node in nodes]
    return {name: node for node in tables for name in read_texts(where, node.get("type"))}


def read_text(where: str, key: str, value: object, default: str | None = None) -> str:
    """Return a text; without a default it must not be missing or empty. Raises ExchangeError."""
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not (value or default is not None):
        raise ExchangeError(f"{where}: {key} is missing" if not value else f"{where}: {key} must be text")
    if len(value) > MAX_LENGTH:
        raise ExchangeError(f"{where}: {key} has {len(value)} characters, and may have {MAX_LENGTH}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ExchangeError(f"{where}: {key} holds half a character at {error.start}") from error
    return value


def read_optional_text(where: str, key: str, value: object) -> str | None:
    """Return a text, or None where it is missing or empty. Raises ExchangeError."""
    return read_text(where, key, value, "") or None


def read_offset(where: str, key: str, value: object) -> int | None:
    """Return an offset in code points, or None where it is missing. Raises ExchangeError."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 40:
        raise ExchangeError(f"{where}: {key} must be a whole number from 0")
    return value


def parse_offset(text: str) -> int | None:
    """Parse an offset that is written as text, in the digits 0 to 9 alone; None where it is none.

    >>> parse_offset("10"), parse_offset("1_0"), parse_offset("١٠"), parse_offset("")
    (10, None, None, None)
    """
    return int(text) if OFFSET.fullmatch(text) else None


def read_selector(where: str, words: Mapping[str, Any], at: Mapping[str, Any]) -> Selector:
    """Make a selector of a quote (exact, prefix, suffix) and its offsets (start, end), if any. Raises ExchangeError."""
    return Selector(
        exact=read_text(where, "exact", words.get("exact")),
        prefix=read_text(where, "prefix", words.get("prefix"), ""),
        suffix=read_text(where, "suffix", words.get("suffix"), ""),
        start=read_offset(where, "start", at.get("start")),
        end=read_offset(where, "end", at.get("end")),
    )


def read_choice(where: str, key: str, value: object, words: Any) -> Any:
    """Return a value that must be one of a Literal's words. Raises ExchangeError."""
    if value not in get_args(words):
        raise ExchangeError(f"{where}: {key} must be one of {', '.join(get_args(words))}, not {value!r:.50}")
    return value


def format_time(written: str) -> str | None:
    """Convert a date or time to xsd:dateTime in UTC (2008-06-23T00:00:00Z); None where it is neither.

    >>> format_time("2008-06"), format_time("2008-06-23T09:30:00+01:00"), format_time("one day")
    ('2008-06-01T00:00:00Z', '2008-06-23T08:30:00Z', None)
    """
    try:
        if day := DATE_PATTERN.fullmatch(written):
            return f"{Date(int(day[1]), int(day[2] or 1), int(day[3] or 1))}T00:00:00Z"
        time = datetime.fromisoformat(written)
        utc = (time.replace(tzinfo=UTC) if time.tzinfo is None else time).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc.replace(tzinfo=None).isoformat() + "Z"
