"""Descriptions of the columns of statements.db, as the comments of schema.sql give them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from db.sqlite import split_statements

SCHEMA = Path(__file__).with_name("schema.sql")
CREATE_STATEMENT = re.compile(r"^CREATE (TABLE|VIEW) (\w+).*\n((?:.*\n)*)", re.MULTILINE)
COPIED_TABLE = re.compile(r"\bSELECT \* FROM (\w+)")  # a view with the columns of a table
COLUMN_PATTERNS = {"TABLE": re.compile(r" {2}([a-z]\w*) "), "VIEW": re.compile(r"  .*?(\w+),?\s*$")}
CONTINUATION_INDENT = " " * 4  # least indent of a line that continues a description


@cache
def read_column_descriptions() -> Mapping[str, Mapping[str, str]]:
    """Return the description of every column by table or view, then by name.

    A comment after a column describes it, with the lines below that hold nothing but comments. A view `SELECT * FROM` a
    table has the descriptions of that table.

    >>> read_column_descriptions()["speeches"]["words"]
    'Number of words in text, separated by white space'
    """
    descriptions: dict[str, Mapping[str, str]] = {}
    for statement in split_statements(SCHEMA.read_text(encoding="utf-8")):
        if create := CREATE_STATEMENT.search(statement):
            kind, name, body = create.groups()
            copied = COPIED_TABLE.search(statement)
            descriptions[name] = (
                descriptions[copied[1]] if copied else _describe(COLUMN_PATTERNS[kind], body.splitlines())
            )
    return descriptions


def _describe(column: re.Pattern[str], lines: Iterable[str]) -> dict[str, str]:
    comments: dict[str, list[str]] = {}
    for name, comment in _read_comments(column, lines):
        comments.setdefault(name, []).append(comment)
    return {name: " ".join(parts) for name, parts in comments.items()}


def _read_comments(column: re.Pattern[str], lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    name = ""
    for line in lines:
        code, dashes, comment = line.partition("-- ")
        if match := column.match(code):
            name = match[1]
        if dashes and name and (match or line.startswith(CONTINUATION_INDENT)):
            yield name, comment.strip()
