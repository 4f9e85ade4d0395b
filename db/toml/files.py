"""TOML files that people write: found in a folder, read within limits, and the line of every entry and key."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

MAX_SIZE = 4 << 20  # bytes of one file
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TOMLLIB_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)
KEY_PART = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
DOTTED_KEY = rf"{KEY_PART}(?:[ \t]*\.[ \t]*{KEY_PART})*"
STATEMENT = re.compile(rf"[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<header>{DOTTED_KEY})|(?P<key>{DOTTED_KEY})[ \t]*=)")
TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'|#[^\n]*|[\[{]|[\]}]|\n",
    re.DOTALL,
)
TomlPath = tuple[str | int, ...]


class TomlError(ValueError):
    """A TOML file or folder that cannot be read; the message names it, and the line where there is one."""


class TomlFile(NamedTuple):
    """A TOML file: its name for messages, its table, and the line of every header and key by its path."""

    name: str
    table: dict[str, Any]
    lines: Mapping[TomlPath, int]

    def find_line(self, path: TomlPath) -> int:
        """Return the line of a key or entry; the line of what it is in, where it has none of its own."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def list_toml_files(folder: Path) -> list[Path]:
    """List the TOML files of a folder by name, without hidden ones. Raises TomlError where it cannot be listed."""
    try:
        return sorted(
            path for path in folder.iterdir() if path.suffix.lower() == ".toml" and not path.name.startswith(".")
        )
    except OSError as error:
        raise TomlError(f"{folder}: {_explain(error)}") from error


def read_toml(path: Path, name: str = "") -> TomlFile:
    """Read a TOML file, with or without a byte order mark; `name` is for messages. Raises TomlError."""
    name = (name or path.name).encode(errors="backslashreplace").decode()
    text = _decode(name, _read_bytes(name, path))
    try:
        return TomlFile(name, tomllib.loads(text), dict(locate_keys(text)))
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"{name}: {_place_error(str(error), text)}") from error
    except RecursionError as error:
        raise TomlError(f"{name}: it is nested too deeply") from error
    except ValueError as error:  # a number of thousands of digits, or a date that is none
        raise TomlError(f"{name}: {error}") from error


def _read_bytes(name: str, path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise TomlError(f"{name}: it is no file")
    try:
        with path.open("rb") as file:
            body = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise TomlError(f"{name}: {_explain(error)}") from error
    if len(body) > MAX_SIZE:
        raise TomlError(f"{name}: it is larger than {MAX_SIZE >> 20} MiB: split it")
    return body


def _decode(name: str, body: bytes) -> str:
    if body.startswith(UTF_16_MARKS):
        raise TomlError(f"{name}: line 1: this is UTF-16: save it as UTF-8")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise TomlError(f"{name}: line {line}: this is not UTF-8: save it as UTF-8") from error


def _explain(error: OSError) -> str:
    return "it is not there" if isinstance(error, FileNotFoundError) else error.strerror or str(error)


def _place_error(message: str, text: str) -> str:
    r"""Put the line of a fault first.

    >>> _place_error("Invalid value (at line 3, column 5)", ""), _place_error("No '=' (at end of document)", "a\n")
    ('line 3: Invalid value', "line 2: No '='")
    """
    found = TOMLLIB_PLACE.fullmatch(message)
    return f"line {found[2] or text.count(chr(10)) + 1}: {found[1]}" if found else message


def locate_keys(text: str) -> Iterator[tuple[TomlPath, int]]:
    r"""Yield the path and line of every header and key of a valid TOML text.

    >>> list(locate_keys('a = 1\n[[b]]\n"c".d = [\n]\n[[b]]\n'))
    [(('a',), 1), (('b', 0), 2), (('b', 0, 'c', 'd'), 3), (('b', 1), 5)]
    """
    counts: dict[TomlPath, int] = defaultdict(int)
    here: TomlPath = ()
    position, line = 0, 1
    while position < len(text):
        if found := STATEMENT.match(text, position):
            parts = _split_key(found["header"] or found["key"])
            if found["open"]:
                here = _follow_header(parts, counts, is_array=found["open"] == "[[")
            yield (here if found["open"] else (*here, *parts)), line
        end = _find_statement_end(text, position)
        line += text.count("\n", position, end)
        position = end


def _split_key(key: str) -> TomlPath:
    parts = re.findall(KEY_PART, key)
    return tuple(tomllib.loads(f"x = {part}")["x"] if part[0] in "\"'" else part for part in parts)


def _follow_header(parts: TomlPath, counts: dict[TomlPath, int], is_array: bool) -> TomlPath:
    """Return the path of a header, with the number of the last entry after each name of an array of tables."""
    path: TomlPath = ()
    for number, part in enumerate(parts, 1):
        path += (part,)
        if is_array and number == len(parts):
            counts[path] += 1
        if path in counts:
            path += (counts[path] - 1,)
    return path


def _find_statement_end(text: str, start: int) -> int:
    """Return the place after the line end that ends a statement: not one within brackets or text."""
    depth = 0
    for token in TOKEN.finditer(text, start):
        if token[0] == "\n" and depth <= 0:
            return token.end()
        depth += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))
    return len(text)
