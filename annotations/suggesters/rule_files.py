"""The rule files of annotations/rules/: TOML in git, read strictly."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, get_args

from annotations.curated.toml_files import ANNOTATIONS_FOLDER, ID_PATTERN, CuratedError, read_toml
from annotations.suggesters.terms import compile_term
from db.records.guidance import Near, Rule, RuleScope

RULES_FOLDER = ANNOTATIONS_FOLDER / "rules"
KEYS = {"id", "point", "all", "any", "none", "near", "within", "score", "note"}


def read_rules(folder: Path, points: Collection[str]) -> list[Rule]:
    """Read every rule of a folder, file by file in the file's order. Raises CuratedError."""
    rules = [
        _read_rule(f"{path.name}: rule {table.get('id', '(no id)')}", table, points)
        for path in sorted(folder.glob("*.toml"))
        for table in _read_tables(path)
    ]
    ids = [rule.id for rule in rules]
    if duplicates := sorted({id for id in ids if ids.count(id) > 1}):
        raise CuratedError(f"rules: two rules have the id {duplicates[0]}")
    return rules


def _read_tables(path: Path) -> list[dict[str, Any]]:
    table = read_toml(path)
    entries = table.get("rule")
    if table.keys() != {"rule"} or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise CuratedError(f"{path.name}: it must hold [[rule]] entries and nothing else")
    return entries


def _read_rule(where: str, table: dict[str, Any], points: Collection[str]) -> Rule:
    if unknown := table.keys() - KEYS:
        raise CuratedError(f"{where}: unknown key {sorted(unknown)[0]}; the keys are {', '.join(sorted(KEYS))}")
    if not isinstance(table.get("id"), str) or not ID_PATTERN.fullmatch(table["id"]):
        raise CuratedError(f"{where}: the id must be small letters, digits and hyphens")
    if table.get("point") not in points:
        raise CuratedError(f"{where}: there is no point {table.get('point')}")
    score = table.get("score", 0.5)
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 < score <= 1:
        raise CuratedError(f"{where}: score must be a number above 0 and at most 1, such as 0.5")
    rule = Rule(
        id=table["id"],
        point_id=table["point"],
        all=_read_terms(where, "all", table),
        any=_read_terms(where, "any", table),
        none=_read_terms(where, "none", table),
        near=tuple(_read_near(f"{where}: near", entry) for entry in table.get("near", ())),
        within=_read_scope(where, table.get("within", "sentence")),
        score=score,
        note=str(table.get("note", "")),
    )
    if not (rule.all or rule.any or rule.near):
        raise CuratedError(f"{where}: give all, any or near: words that must be there")
    return rule


def _read_terms(where: str, key: str, table: dict[str, Any]) -> tuple[str, ...]:
    terms = table.get(key, [])
    if not isinstance(terms, list) or not all(isinstance(term, str) for term in terms):
        raise CuratedError(f"{where}: {key} must be a list of terms in quotation marks")
    try:
        for term in terms:
            compile_term(term)
    except ValueError as error:
        raise CuratedError(f"{where}: {key}: {error}") from error
    return tuple(terms)


def _read_near(where: str, entry: object) -> Near:
    if not isinstance(entry, dict) or entry.keys() != {"terms", "words"} or not isinstance(entry["words"], int):
        raise CuratedError(f"{where}: write {{ terms = [one, other], words = how many may stand between }}")
    terms = _read_terms(where, "terms", entry)
    if len(terms) != 2 or entry["words"] < 0:
        raise CuratedError(f"{where}: give two terms, and how many words may stand between")
    return Near((terms[0], terms[1]), entry["words"])


def _read_scope(where: str, value: object) -> RuleScope:
    known: tuple[RuleScope, ...] = get_args(RuleScope)
    for each in known:
        if value == each:
            return each
    raise CuratedError(f"{where}: within must be one of {', '.join(known)}")
