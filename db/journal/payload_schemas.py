"""JSON schemas of journal entries, kind by kind; docs/journal.md says the same in words.

Ids are the writer's own (any text without white space), times are UTC, offsets are code points of the speech's text,
end exclusive. A payload has no other keys than those listed here. An entry's own actor and time say who entered it and
when; an annotation's creator and created say whose reading it is: if it was imported, another person's, and earlier.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date as Date
from functools import cache
from typing import TYPE_CHECKING, Any

from db.toml.field_checks import MAX_LENGTH, find_date_problem, find_unwritable

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

Schema = dict[str, Any]

ACTOR_PATTERN = re.compile(r"[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]{0,198}[^\s\x00-\x1f\x7f])?")
ID: Schema = {
    "type": "string",
    "pattern": r"^(?!\.{1,2}$)[^\s\x00-\x1f\x7f]{1,300}\Z",
}  # . and .. cannot be a part of an address
WORDS: Schema = {"type": "string", "pattern": r"\S", "maxLength": MAX_LENGTH}
NOTE: Schema = {"type": "string", "maxLength": MAX_LENGTH}
NAME: Schema = {
    "type": "string",
    "pattern": r"^[^\S\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*\Z",
    "maxLength": 200,
}
DATE: Schema = {
    "type": "string",
    "pattern": r"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$",
    "format": "date of the calendar",
}
VIA: Schema = {"anyOf": [{"type": "null"}, ID]}
OFFSET: Schema = {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 0}]}
SECONDS: Schema = {"anyOf": [{"type": "null"}, {"type": "number", "minimum": 0}]}
READING: Schema = {"enum": ["said", "implied", "contradicts"]}


def _record(needed: Schema, optional: Schema | None = None) -> Schema:
    """Return the schema of an object with these keys and no others."""
    return {
        "type": "object",
        "properties": {**needed, **(optional or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


SELECTOR = _record({"exact": WORDS}, {"prefix": NOTE, "suffix": NOTE, "start": OFFSET, "end": OFFSET})
AUTHOR: Schema = {"creator": NAME, "created": DATE}
SUGGESTION: Schema = {"suggestion": ID, "suggester": NAME, "version": NAME, "point": ID}
SUGGESTION_DETAILS: Schema = {"rule": NAME, "target": ID, "exact": WORDS, "score": {"type": "number"}, "reason": NOTE}
REASON: Schema = {"reason": NOTE}
SUBJECT: Schema = {"annotation": ID, "reply": ID, "moment": ID}
ONLY_SUBJECT: dict[str, Schema] = {
    key: {"properties": {other: False for other in SUBJECT if other != key}} for key in SUBJECT
}
REPLY_OR_ANNOTATION: Schema = {
    "if": {"required": ["reply"]},
    "then": ONLY_SUBJECT["reply"],
    "else": {"required": ["annotation"]},
}
ONE_SUBJECT: Schema = {"if": {"required": ["moment"]}, "then": ONLY_SUBJECT["moment"], "else": REPLY_OR_ANNOTATION}
STANCE: Schema = {"enum": ["agrees", "disputes"]}
EDITABLE_FIELDS: Schema = {
    "annotation": ID,
    "target": ID,
    "selector": SELECTOR,
    "point": ID,
    "reading": READING,
    "note": NOTE,
    "via": VIA,
}

PAYLOADS: dict[str, Schema] = {
    # enter a reading: these words of that speech bear on this point
    "annotate": _record(
        {"id": ID, "target": ID, "selector": SELECTOR, "point": ID, "reading": READING, "note": NOTE, **AUTHOR},
        {"via": VIA},
    ),
    # change one's own annotation or reply; fields without a key stay as they are
    "edit": {
        "if": {"required": ["reply"]},
        "then": {**_record({"reply": ID}, {"stance": STANCE, "text": WORDS, "via": VIA}), "minProperties": 2},
        "else": {**_record({"annotation": ID}, EDITABLE_FIELDS), "minProperties": 2},
    },
    # answer an annotation
    "reply": _record({"id": ID, "annotation": ID, "stance": STANCE, "text": WORDS, **AUTHOR}, {"via": VIA}),
    # accept a suggestion (`annotation` was made from it), or confirm changed words as the speaker's
    # (`target` is today's address of a speech whose speaker was corrected)
    "confirm": {
        "oneOf": [
            _record(SUGGESTION, {**SUGGESTION_DETAILS, "annotation": ID}),
            _record({"annotation": ID, "selector": SELECTOR}, {"target": ID, **REASON}),
        ]
    },
    # reject a suggestion (`annotation` was made instead)
    "reject": _record(SUGGESTION, {**SUGGESTION_DETAILS, "annotation": ID}),
    # put a suggestion off: it leaves the actor's queue, and stays in that of everyone else
    "skip": _record(SUGGESTION, SUGGESTION_DETAILS),
    # move an annotation to other words; its reading stays
    "repair": _record({"annotation": ID, "selector": SELECTOR}, {"target": ID, **REASON}),
    # stop showing an annotation, a reply or a moment; show it again
    "withdraw": {**_record({}, {**SUBJECT, **REASON}), **ONE_SUBJECT},
    "restore": {**_record({}, {**SUBJECT, **REASON}), **ONE_SUBJECT},
    # cancel one of the actor's own entries; cancelling an undo gives its entry effect again
    "undo": _record({"entry": ID}, REASON),
    # tag the seconds of a video (W3C media fragment: source#t=start,end) in which a speech or a quote is spoken
    "moment": _record(
        {"id": ID, "target": ID, "source": ID, "start": {"type": "number", "minimum": 0}, **AUTHOR},
        {"end": SECONDS, "annotation": VIA, "note": NOTE},
    ),
    # begin the actor's blind pass over a debate (its id): until it is done, other people's notes on it are hidden
    "begin": _record({"debate": ID}),
    # say that the clock is right, although the last entries have other times
    "clock": _record({}, REASON),
    # finish a pass over a debate (its id); `creator` is the person if it is not the actor
    "done": _record({"debate": ID}, {"creator": NAME}),
}


def find_draft_problem(actor: str, kind: str, payload: object) -> str | None:
    r"""Return what is wrong with a draft of an entry, as one line for readers; None if nothing is.

    This is stricter than the schemas, which entries made by earlier versions of this program fit.

    >>> find_draft_problem("ada", "withdraw", {"annotation": "a", "reason": "\x00"})
    'withdraw: reason holds U+0000 at character 1, which is no text'
    """
    if problem := find_problem(actor, kind, payload):
        return problem
    for key, text in _list_texts(payload):
        problem = find_unwritable(text) or (key == "created" and find_date_problem(text)) or ""
        if problem:
            return f"{kind}: {key} {problem}"
    return None


def _list_texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in a payload with its key."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _list_texts(each, str(name))


@cache
def _validator(kind: str) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator, FormatChecker  # it takes long to import, and only entries need it

    formats = FormatChecker(())
    formats.checks(str(DATE["format"]), ValueError)(_is_calendar_date)
    return Draft202012Validator(PAYLOADS[kind], format_checker=formats)


def _is_calendar_date(value: object) -> bool:
    return not isinstance(value, str) or bool(Date.fromisoformat(f"{value}-01-01"[:10]))


def find_problem(actor: str, kind: str, payload: object) -> str | None:
    r"""Return how an entry does not fit the schema of its kind, as one line for readers; None if it does.

    >>> find_problem("ada", "withdraw", {"annotation": "a 1"})
    "withdraw: annotation: 'a 1' does not match '^(?!\\\\.{1,2}$)[^\\\\s\\\\x00-\\\\x1f\\\\x7f]{1,300}\\\\Z'"
    """
    if not ACTOR_PATTERN.fullmatch(actor):
        return f"{actor!r} is no name of an actor: 1 to 200 characters, none of them a control character"
    if kind not in PAYLOADS:
        return f"{kind!r} is no kind of entry; the kinds are {', '.join(PAYLOADS)}"
    error = next(iter(sorted(_validator(kind).iter_errors(payload), key=lambda each: list(map(str, each.path)))), None)
    if not error:
        return None
    where = ".".join(map(str, error.absolute_path))
    is_date = isinstance(error.schema, dict) and error.schema.get("format") == DATE["format"]
    what = f"{error.instance!r:.50} is no date: write 2008-06-23" if is_date else error.message[:300]
    return f"{kind}: {f'{where}: ' if where else ''}{what}"
