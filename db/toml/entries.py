"""Entries of TOML files, checked field by field; every fault is collected with its file, line, entry and field."""

from collections.abc import Callable, Iterator
from typing import Any, get_args

from db.toml.field_checks import MAX_LENGTH, MAX_NAME, find_text_problem
from db.toml.files import TomlFile, TomlPath

Check = Callable[[str], str]


class TomlEntry:
    """One table of a TOML file. A field with a fault is read as empty, and the fault is added to `faults`.

    `label` names the entry in messages, as "point code".
    """

    def __init__(self, file: TomlFile, faults: list[str], path: TomlPath = (), label: str = "") -> None:
        self._file, self._path, self.label, self._faults = file, path, label, faults
        table: Any = file.table
        for part in path:
            table = table[part]
        self.table: dict[str, Any] = table

    def refuse(self, what: str, key: str = "") -> None:
        """Add a fault of a field, or of the whole entry."""
        line = self._file.find_line((*self._path, key) if key else self._path)
        labels = [self.label] if self.label else []
        self._faults.append(": ".join([self._file.name, f"line {line}", *labels, f"{key} {what}" if key else what]))

    def refuse_other_keys(self, *known: str) -> None:
        """Refuse every key that is not known."""
        for key in self.table.keys() - set(known):
            self.refuse(f"is an unknown key; the keys are {', '.join(sorted(known))}", key)

    def read_text(self, key: str, check: Check = find_text_problem, default: str | None = None) -> str:
        """Read a text; without a default it must be there."""
        value = self.table.get(key)
        if value is None and default is not None:
            return default
        if value is None:
            self.refuse("is missing", key)
        elif not isinstance(value, str):
            self.refuse("must be text in quotation marks", key)
        elif problem := check(value):
            self.refuse(problem, key)
        else:
            return value
        return ""

    def read_optional(self, key: str, check: Check = find_text_problem) -> str | None:
        """Read a text that may be missing."""
        return self.read_text(key, check) if key in self.table else None

    def read_line(self, key: str, max_length: int = MAX_NAME, default: str | None = None) -> str:
        """Read a text of one line."""
        return self.read_text(key, lambda text: find_text_problem(text, max_length, one_line=True), default)

    def read_choice(self, key: str, words: Any, default: str | None = None) -> Any:
        """Read a text that must be one of a Literal's words."""
        choices = get_args(words)
        found = self.read_text(
            key, lambda text: "" if text in choices else f"must be one of {', '.join(choices)}", default
        )
        return found or choices[0]

    def read_number(self, key: str, default: float, low: float, high: float, what: str) -> float:
        """Read a number from `low` to `high`; a whole one where `low` is whole."""
        value = self.table.get(key, default)
        kinds = int if isinstance(low, int) else int | float
        if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
            self.refuse(f"must be {what}, not {str(value)[:50]}", key)
            return default
        return value

    def read_texts(self, key: str, check: Check = find_text_problem) -> tuple[str, ...]:
        """Read a list of texts, which may be missing."""
        values = self.table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            self.refuse("must be a list of texts in quotation marks", key)
            return ()
        for problem in filter(None, map(check, values)):
            self.refuse(problem, key)
        return tuple(values)

    def read_entries(self, key: str, kind: str = "", needed: bool = False) -> "Iterator[TomlEntry]":
        """Yield the tables of a list; `kind` labels each with its id."""
        tables = self.table.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self.refuse(f"must be [[{key}]], or tables in a list", key)
            return
        if needed and not tables:
            self.refuse(f"there is no [[{key}]]")
        for number, table in enumerate(tables):
            id = table.get("id")
            name = f"{kind} {str(id)[:100] if isinstance(id, str) else f'(number {number + 1})'}" if kind else key
            label = f"{self.label}: {name}" if self.label else name
            yield TomlEntry(self._file, self._faults, (*self._path, key, number), label)


def find_note_problem(text: str) -> str:
    """Return what is wrong with a note, which may be empty."""
    return find_text_problem(text, MAX_LENGTH) if text else ""
