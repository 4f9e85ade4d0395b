"""What somebody fills in to annotate: from fields to drafts, with a sentence for every mistake."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from db.journal.payload_schemas import LONG
from db.records.annotation import Selector

TEXTS = ("speech", "exact", "prefix", "suffix", "point", "reading", "note", "id", "mark", "seen")
AROUND = 500  # characters of what stands before or after a quote that are looked at
PLACE = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
READINGS = {
    "said": "the words say what the point says",
    "implied": "it follows from the words, though they do not say it",
    "contradicts": "the words say, or imply, the opposite",
}
STANCES = ("agrees", "disputes")
NO_POINT = "There is no such point of guidance here: choose one of the list."


class Asked(NamedTuple):
    """What was filled in, as text; start and end (code points, end exclusive) are None where not given."""

    texts: dict[str, str]
    start: int | None
    end: int | None
    malformed: dict[str, str]


def asked(fields: Mapping[str, Any]) -> Asked:
    """What a form, an address or a JSON object says. A place that was chosen (START-END) goes before start and end."""
    texts = {name: text(fields.get(name)) for name in TEXTS}
    texts |= {name: texts[name].strip() for name in TEXTS if name not in ("prefix", "suffix")}
    texts |= {"prefix": texts["prefix"][-AROUND:], "suffix": texts["suffix"][:AROUND]}
    wrong = {name: "Send text here." for name in TEXTS if not isinstance(fields.get(name), str | None)}
    chosen = PLACE.fullmatch(text(fields.get("take") or fields.get("place")))
    if chosen:
        return Asked({**texts, "exact": "", "prefix": "", "suffix": ""}, int(chosen[1]), int(chosen[2]), wrong)
    places = [_offset(fields.get(name)) for name in ("start", "end")]
    if any(place == -1 for place in places):
        wrong["exact"] = "Start and end are numbers of characters, counted from 0: leave both out, or mend them."
    start, end = (None if place == -1 else place for place in places)
    if start is None or end is None:
        return Asked(texts, None, None, wrong)
    return Asked(texts, start, end, wrong)


def text(value: object) -> str:
    """Text that can be kept and shown: line ends as one, no control characters, no halves of characters."""
    lines = str(value if isinstance(value, str | int) else "").replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(each for each in whole if each in "\n\t" or unicodedata.category(each) != "Cc")


def _offset(value: object) -> int | None:
    """A number of characters; None where nothing is given, -1 where it is no such number."""
    if value is None or value == "":
        return None
    given = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def selector(speech: str, asked: Asked) -> Selector | None:
    """The words that somebody means in a speech's text; None where no words are given."""
    exact, start, end = asked.texts["exact"], asked.start, asked.end
    there = speech[start:end] if start is not None and end is not None and start < end <= len(speech) else ""
    if start is not None and there.strip() and (not exact or there.split() == exact.split()):
        first = start + len(there) - len(there.lstrip())
        return Selector(there.strip(), asked.texts["prefix"], asked.texts["suffix"], first, first + len(there.strip()))
    if not exact:
        return None
    if asked.texts["prefix"] or asked.texts["suffix"]:
        return Selector(exact, asked.texts["prefix"], asked.texts["suffix"], start, end)
    return Selector(exact)


def mistakes(asked: Asked, points: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with all but the words, as a sentence for each field."""
    found = dict(asked.malformed)
    if asked.texts["point"] not in points:
        found["point"] = (
            "Choose the point of guidance that the words bear on." if not asked.texts["point"] else NO_POINT
        )
    if asked.texts["reading"] not in READINGS:
        found["reading"] = "Choose how the words bear on the point: said, implied or contradicts."
    if len(asked.texts["note"]) > LONG:
        found["note"] = f"The note has {len(asked.texts['note']):,} characters; {LONG:,} is the most. Shorten it."
    return found


def answer_mistakes(filled: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a reply, as a sentence for each field."""
    found = {}
    if filled["stance"] not in STANCES:
        found["stance"] = "Choose whether you agree or dispute."
    if not filled["text"]:
        found["text"] = "Say why: a reply has words."
    if len(filled["text"]) > LONG:
        found["text"] = f"The reply has {len(filled['text']):,} characters; {LONG:,} is the most. Shorten it."
    return found
