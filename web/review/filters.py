"""The filters of the review queue, and the texts of its forms, as an address or a form gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.journal.entries import JournalEntry, JournalError
from db.toml.field_checks import MAX_LENGTH
from web.review.queue import FILTERS

NAMES = {"suggester": "by", "version": "version", "rule": "rule", "document": "", "point": "", "debate": ""}


def read_filters(asked: Mapping[str, object]) -> dict[str, str]:
    """Read the filters of an address or a form; empty ones are left out."""
    found = {key: str(asked.get(key) or "").replace("\0", "")[:300].strip() for key in FILTERS}
    return {key: value for key, value in found.items() if value}


def describe_filters(narrowed: Mapping[str, str], choices: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Describe the filters that are set, each by the name of its value; "" if none is."""
    named = [
        f"{words} {dict(choices.get(key, ())).get(narrowed[key], narrowed[key])}".strip()
        for key, words in NAMES.items()
        if key in narrowed
    ]
    named += [f"at least {_write_share(narrowed['score'])} likely"] if "score" in narrowed else []
    return "; ".join([*named, *(["skipped by you"] if "skipped" in narrowed else [])])


def _write_share(score: str) -> str:
    try:
        return f"{float(score):.0%}"
    except (ValueError, OverflowError):
        return score


def join_ends(entries: Sequence[JournalEntry]) -> str:
    """Join the ids of the first and the last of entries made together, for an address."""
    return ".".join(dict.fromkeys((entries[0].id, entries[-1].id)))


def split_ends(text: str | None) -> list[str]:
    """Read the ids that `join_ends` joined; none where there are none."""
    return [part for part in (text or "")[:60].split(".") if part]


def read_text(fields: Mapping[str, Any], name: str) -> str:
    """Read a text of a form, with line ends as \\n. Raises JournalError where it is too long."""
    text = str(fields.get(name) or "").replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > MAX_LENGTH:
        raise JournalError(f"the {name} is longer than {MAX_LENGTH:,} characters; nothing was saved")
    return text
