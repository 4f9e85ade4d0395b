"""The fields of the annotation form: read from a form, an address or JSON, and check them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from db.records.annotation import Selector
from db.toml.field_checks import MAX_LENGTH
from web.http.auth import clean_text

TEXT_FIELDS = ("speech", "exact", "prefix", "suffix", "point", "reading", "note", "id", "mark", "seen")
CONTEXT_LENGTH = 500  # characters of the prefix and of the suffix that are used
PLACE_PATTERN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
READINGS = {
    "said": "the words say so",
    "implied": "it follows from the words",
    "contradicts": "the words say or imply the opposite",
}
NO_POINT = "There is no such point of guidance: choose one from the list."


class FormFields(NamedTuple):
    """The fields as text; `start` and `end` (code points, end exclusive) are None if not given.

    `malformed` has a sentence for each field of the wrong type.
    """

    texts: dict[str, str]
    start: int | None
    end: int | None
    malformed: dict[str, str]


def read_form_fields(fields: Mapping[str, object]) -> FormFields:
    """Read the fields of a form, an address or a JSON object; a chosen place (START-END) overrides start and end."""
    texts = {name: clean_text(fields.get(name)) for name in TEXT_FIELDS}
    texts |= {name: texts[name].strip() for name in TEXT_FIELDS if name not in ("prefix", "suffix")}
    texts |= {"prefix": texts["prefix"][-CONTEXT_LENGTH:], "suffix": texts["suffix"][:CONTEXT_LENGTH]}
    wrong = {name: "Send text here." for name in TEXT_FIELDS if not isinstance(fields.get(name), str | None)}
    chosen = PLACE_PATTERN.fullmatch(clean_text(fields.get("take") or fields.get("place")))
    if chosen:
        return FormFields({**texts, "exact": "", "prefix": "", "suffix": ""}, int(chosen[1]), int(chosen[2]), wrong)
    offsets = [_parse_offset(fields.get(name)) for name in ("start", "end")]
    if any(offset == -1 for offset in offsets):
        wrong["exact"] = "Start and end are numbers of characters, counted from 0: leave both out, or correct them."
    start, end = (None if offset == -1 else offset for offset in offsets)
    if start is None or end is None:
        return FormFields(texts, None, None, wrong)
    return FormFields(texts, start, end, wrong)


def _parse_offset(value: object) -> int | None:
    """Parse an offset in code points; None if empty, -1 if it is not a whole number of at most 9 digits."""
    if value is None or value == "":
        return None
    given = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def make_selector(speech: str, filled: FormFields) -> Selector | None:
    """Make a selector of the form's words in a speech's text; None if it gives no words."""
    exact, start, end = filled.texts["exact"], filled.start, filled.end
    there = speech[start:end] if start is not None and end is not None and start < end <= len(speech) else ""
    if start is not None and there.strip() and (not exact or there.split() == exact.split()):
        first = start + len(there) - len(there.lstrip())
        exact, start, end = there.strip(), first, first + len(there.strip())
        return Selector(exact=exact, prefix=filled.texts["prefix"], suffix=filled.texts["suffix"], start=start, end=end)
    if not exact:
        return None
    if filled.texts["prefix"] or filled.texts["suffix"]:
        return Selector(exact=exact, prefix=filled.texts["prefix"], suffix=filled.texts["suffix"], start=start, end=end)
    return Selector(exact=exact)


def find_mistakes(filled: FormFields, points: Mapping[str, object]) -> dict[str, str]:
    """Check every field but the words; return a sentence for each mistake, by field."""
    found = dict(filled.malformed)
    if filled.texts["point"] not in points:
        none = "Choose a point of guidance."
        found["point"] = NO_POINT if filled.texts["point"] else none
    if filled.texts["reading"] not in READINGS:
        found["reading"] = "Choose a reading: said, implied or contradicts."
    if len(filled.texts["note"]) > MAX_LENGTH:
        found["note"] = (
            f"The note has {len(filled.texts['note']):,} characters; {MAX_LENGTH:,} is the most. Shorten it."
        )
    return found
