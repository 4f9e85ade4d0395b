"""The rule files of annotations/rules/: TOML in git, read strictly."""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from annotations.curated.toml_files import (
    ANNOTATIONS_FOLDER,
    CuratedError,
    EntryPlace,
    read_files,
    refuse_repeated_ids,
)
from annotations.suggesters.terms import list_alternatives
from db.records.guidance import Near, Rule, RuleScope
from db.toml.entries import TomlEntry, find_note_problem
from db.toml.field_checks import find_id_problem, find_text_problem

RULES_FOLDER = ANNOTATIONS_FOLDER / "rules"
KEYS = ("id", "point", "all", "any", "none", "near", "about", "within", "score", "note")
MAX_TERM = 2_000  # characters of a term with its alternatives
LIST_NAME = re.compile(r"@([a-z0-9-]+)")
TermLists = Mapping[str, str]
MIN_SCORE = 1e-9
MAX_GAP = 1_000  # words between two terms


def read_rules(folder: Path, points: Collection[str] | None) -> list[Rule]:
    """Read every rule of a folder, file by file in the file's order. Raises CuratedError.

    `points` are the ids of the points that there are; None where they are not known.
    """
    faults: list[str] = []
    places: list[EntryPlace] = []
    lists = _read_term_lists(folder, faults)

    def read_file(_: str, file: TomlEntry) -> Iterable[Rule]:
        file.refuse_other_keys("rule", "terms")
        for entry in file.read_entries("rule", "rule", needed="terms" not in file.table):
            rule = _read_rule(entry, points, lists)
            places.append((rule.id, entry))
            yield rule

    rules = read_files(folder, read_file, faults)
    refuse_repeated_ids(places)
    if faults:
        raise CuratedError(dict.fromkeys(faults))  # a file is read twice, for its lists and for its rules
    return rules


def _read_rule(entry: TomlEntry, points: Collection[str] | None, lists: TermLists) -> Rule:
    def read_terms(key: str) -> tuple[str, ...]:
        return _read_terms(entry, key, lists)

    entry.refuse_other_keys(*KEYS)
    point = entry.read_line("point")
    if point and points is not None and point not in points:
        entry.refuse(f"leads to no point: there is no point {point}", "point")
    if not any(entry.table.get(key) for key in ("all", "any", "near")):
        entry.refuse("give all, any or near: words that must be there")
    return Rule(
        id=entry.read_text("id", find_id_problem),
        point_id=point,
        all=read_terms("all"),
        any=read_terms("any"),
        none=read_terms("none"),
        near=tuple(_read_near(each, lists) for each in entry.read_entries("near")),
        about=read_terms("about"),
        within=entry.read_choice("within", RuleScope, "sentence"),
        score=entry.read_number("score", 0.5, MIN_SCORE, 1.0, "a number above 0 and at most 1, such as 0.5"),
        note=entry.read_text("note", find_note_problem, ""),
    )


def _read_term_lists(folder: Path, faults: list[str]) -> TermLists:
    """Read the lists of terms that rules share: the tables [terms] of all files."""
    lists: dict[str, str] = {}

    def read_file(_: str, file: TomlEntry) -> Iterable[str]:
        terms = file.table.get("terms", {})
        if not isinstance(terms, dict):
            file.refuse("must be a table of names with terms", "terms")
            return
        for name, term in terms.items():
            if find_id_problem(name) or not isinstance(term, str) or name in lists:
                file.refuse(f"{name} must be a name of small letters, given once, with a term as text", "terms")
            elif problem := _find_term_problem(term):
                file.refuse(f"{name} {problem}", "terms")
            else:
                lists[name] = term
            yield name

    read_files(folder, read_file, faults)
    return lists


def _read_terms(entry: TomlEntry, key: str, lists: TermLists) -> tuple[str, ...]:
    """Read the terms of a rule, with the lists that they name by @name in the place of the name."""

    def expand(match: re.Match[str]) -> str:
        if match[1] not in lists:
            entry.refuse(f"names a list that no file has: @{match[1]}", key)
        return lists.get(match[1], match[1])

    expanded = [LIST_NAME.sub(expand, term) for term in entry.read_texts(key)]
    for problem in filter(None, map(_find_term_problem, expanded)):
        entry.refuse(problem, key)
    return tuple(expanded)


def _find_term_problem(term: str) -> str:
    if problem := find_text_problem(term, MAX_TERM, one_line=True):
        return problem
    try:
        list_alternatives(term)  # compiling the hundreds of terms takes 50 ms, and most are never searched for
    except ValueError as error:
        return f"cannot be used: {error}"
    return ""


def _read_near(entry: TomlEntry, lists: TermLists) -> Near:
    entry.refuse_other_keys("terms", "words")
    terms = _read_terms(entry, "terms", lists)
    if len(terms) != 2:
        entry.refuse("must be two terms", "terms")
        terms = ("", "")
    return Near(
        (terms[0], terms[1]), int(entry.read_number("words", -1, 0, MAX_GAP, "how many words may come between"))
    )
