"""What a person decides about a suggestion, as entries for the journal; each keeps which version made it."""

from typing import Any

from db.journal import Draft
from db.records import Reading, Selector
from db.rows import Row


def accepted(
    one: Row, target: str, selector: Selector, actor: str, reading: Reading, note: str, id: str, created: str
) -> list[Draft]:
    """The entries that make an annotation of a suggestion (a row of suggestions) and record why, to go in together."""
    annotation = {
        "id": id,
        "target": target,
        "selector": selector_of(selector),
        "point": one["point_id"],
        "reading": reading,
        "note": note,
        "creator": actor,
        "created": created,
    }
    return [Draft(actor, "annotate", annotation), Draft(actor, "confirm", {**_made(one, target), "annotation": id})]


def rejected(one: Row, target: str, actor: str, reason: str) -> list[Draft]:
    """The entry that rejects a suggestion."""
    return [Draft(actor, "reject", {**_made(one, target), "reason": reason})]


def selector_of(selector: Selector) -> dict[str, Any]:
    """A selector as a payload holds it."""
    return {key: getattr(selector, key) for key in ("exact", "prefix", "suffix", "start", "end")}


def _made(one: Row, target: str) -> dict[str, Any]:
    """What a decision keeps of a suggestion: its key, and what made it, in which version."""
    rule = {"rule": one["rule"]} if one["rule"] else {}
    made = {"suggester": one["suggester"], "version": one["version"], **rule, "score": one["score"]}
    return {"suggestion": one["key"], **made, "point": one["point_id"], "target": target, "exact": one["exact"]}
