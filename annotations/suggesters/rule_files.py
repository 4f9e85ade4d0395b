"""The rule files of annotations/rules/: TOML in git, read strictly."""

from collections.abc import Collection, Iterable
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
KEYS = ("id", "point", "all", "any", "none", "near", "within", "score", "note")
MAX_TERM = 1_000  # characters of a term with its alternatives
MIN_SCORE = 1e-9
MAX_GAP = 1_000  # words between two terms


def read_rules(folder: Path, points: Collection[str] | None) -> list[Rule]:
    """Read every rule of a folder, file by file in the file's order. Raises CuratedError.

    `points` are the ids of the points that there are; None where they are not known.
    """
    faults: list[str] = []
    places: list[EntryPlace] = []

    def read_file(_: str, file: TomlEntry) -> Iterable[Rule]:
        file.refuse_other_keys("rule")
        for entry in file.read_entries("rule", "rule", needed=True):
            rule = _read_rule(entry, points)
            places.append((rule.id, entry))
            yield rule

    rules = read_files(folder, read_file, faults)
    refuse_repeated_ids(places)
    if faults:
        raise CuratedError(faults)
    return rules


def _read_rule(entry: TomlEntry, points: Collection[str] | None) -> Rule:
    entry.refuse_other_keys(*KEYS)
    point = entry.read_line("point")
    if point and points is not None and point not in points:
        entry.refuse(f"leads to no point: there is no point {point}", "point")
    if not any(entry.table.get(key) for key in ("all", "any", "near")):
        entry.refuse("give all, any or near: words that must be there")
    return Rule(
        id=entry.read_text("id", find_id_problem),
        point_id=point,
        all=entry.read_texts("all", _find_term_problem),
        any=entry.read_texts("any", _find_term_problem),
        none=entry.read_texts("none", _find_term_problem),
        near=tuple(_read_near(each) for each in entry.read_entries("near")),
        within=entry.read_choice("within", RuleScope, "sentence"),
        score=entry.read_number("score", 0.5, MIN_SCORE, 1.0, "a number above 0 and at most 1, such as 0.5"),
        note=entry.read_text("note", find_note_problem, ""),
    )


def _find_term_problem(term: str) -> str:
    if problem := find_text_problem(term, MAX_TERM, one_line=True):
        return problem
    try:
        list_alternatives(term)  # compiling the hundreds of terms takes 50 ms, and most are never searched for
    except ValueError as error:
        return f"cannot be used: {error}"
    return ""


def _read_near(entry: TomlEntry) -> Near:
    entry.refuse_other_keys("terms", "words")
    terms = entry.read_texts("terms", _find_term_problem)
    if len(terms) != 2:
        entry.refuse("must be two terms", "terms")
        terms = ("", "")
    return Near(
        (terms[0], terms[1]), int(entry.read_number("words", -1, 0, MAX_GAP, "how many words may stand between"))
    )
