"""The ids in a debate as it came: the words that a search found must be in it, and it names its divisions."""

import json
from collections.abc import Collection, Iterator
from typing import Any

MAX_NAMED = 3  # contributions that a reason names


def explain_missing_words(body: bytes, contributions: Collection[str]) -> str:
    """Explain which of the contributions that a search found are not in an answer; "" if all are.

    `contributions` are Parliament's ids in lower case; if there are none, the debate was found by its title.
    """
    try:
        came = {_read_id(item) for item in _list_items(json.loads(body))}
    except (ValueError, RecursionError):
        return "the answer cannot be read"
    if not came:
        return "a search found it, and it came without a word"
    missing = sorted(set(contributions) - came)
    if not missing:
        return ""
    named = ", ".join(missing[:MAX_NAMED])
    return f"a search found {len(contributions):,} contributions in it, and {len(missing):,} did not come: {named}"


def list_division_ids(body: bytes) -> list[str]:
    """List the ids of the divisions that a debate and the debates inside it name; none if it cannot be read."""
    try:
        items = list(_list_items(json.loads(body)))
    except (ValueError, RecursionError):
        return []
    named = (item for item in items if isinstance(item, dict) and item.get("ItemType") == "Division")
    return [id for item in named if (id := _read_id(item))]


def _list_items(debate: Any) -> Iterator[Any]:
    """Yield each item of a debate and of the debates inside it."""
    if not isinstance(debate, dict):
        return
    items, inside = debate.get("Items"), debate.get("ChildDebates")
    yield from items if isinstance(items, list) else ()
    for child in inside if isinstance(inside, list) else ():
        yield from _list_items(child)


def _read_id(item: Any) -> str:
    """Return the id of an item in lower case, or "" for an item without one."""
    id = item.get("ExternalId") if isinstance(item, dict) else None
    return id.lower() if isinstance(id, str) else ""
