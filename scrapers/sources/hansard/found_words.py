"""Comparison of what a search found with the debate that came: words that were found must be in it."""

import json
from collections.abc import Collection, Iterator
from typing import Any

MAX_NAMED = 3  # contributions that a reason names


def explain_missing_words(body: bytes, contributions: Collection[str]) -> str:
    """Explain which of the contributions that a search found are not in an answer; "" if all are.

    `contributions` are Parliament's ids in lower case; if there are none, the debate was found by its title.
    """
    try:
        came = set(_list_item_ids(json.loads(body)))
    except (ValueError, RecursionError):
        return "the answer cannot be read"
    if not came:
        return "a search found it, and it came without a word"
    missing = sorted(set(contributions) - came)
    if not missing:
        return ""
    named = ", ".join(missing[:MAX_NAMED])
    return f"a search found {len(contributions):,} contributions in it, and {len(missing):,} did not come: {named}"


def _list_item_ids(debate: Any) -> Iterator[str]:
    """Yield the id of each item of a debate and of the debates inside it, or "" for an item without one."""
    if not isinstance(debate, dict):
        return
    items, inside = debate.get("Items"), debate.get("ChildDebates")
    for item in items if isinstance(items, list) else ():
        id = item.get("ExternalId") if isinstance(item, dict) else None
        yield id.lower() if isinstance(id, str) else ""
    for child in inside if isinstance(inside, list) else ():
        yield from _list_item_ids(child)
