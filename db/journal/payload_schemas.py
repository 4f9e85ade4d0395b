"""JSON schemas of journal entries, kind by kind; docs/journal.md says the same in words.

Ids are the writer's own (any text without white space), times are UTC, offsets are code points of the speech's text,
end exclusive. A payload has no other keys than those named here. An entry's own actor and time say who entered it, and
when; an annotation's creator and created say whose reading it is: of an imported one, another person's, earlier.
"""

import re
from datetime import date as Date
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

Schema = dict[str, Any]
MAX_LENGTH = 20_000  # characters of a quote, a note or a reply
FORMATS = FormatChecker(())

ACTOR_PATTERN = re.compile(r"[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]{0,198}[^\s\x00-\x1f\x7f])?")
ID: Schema = {"type": "string", "pattern": r"^(?!\.{1,2}$)[^\s\x00-\x1f\x7f]{1,300}\Z"}  # no address names . or ..
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


@FORMATS.checks("date of the calendar", ValueError)
def _of_the_calendar(value: object) -> bool:
    return not isinstance(value, str) or bool(Date.fromisoformat(f"{value}-01-01"[:10]))


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
MADE: Schema = {"suggestion": ID, "suggester": NAME, "version": NAME, "point": ID}
SEEN: Schema = {"rule": NAME, "target": ID, "exact": WORDS, "score": {"type": "number"}, "reason": NOTE}
WHY: Schema = {"reason": NOTE}
OF: Schema = {"annotation": ID, "reply": ID, "moment": ID}
ALONE: dict[str, Schema] = {key: {"properties": {other: False for other in OF if other != key}} for key in OF}
OF_REPLY: Schema = {"if": {"required": ["reply"]}, "then": ALONE["reply"], "else": {"required": ["annotation"]}}
ONE_OF_THEM: Schema = {"if": {"required": ["moment"]}, "then": ALONE["moment"], "else": OF_REPLY}
STANCE: Schema = {"enum": ["agrees", "disputes"]}
EDITED: Schema = {
    "annotation": ID,
    "target": ID,
    "selector": SELECTOR,
    "point": ID,
    "reading": READING,
    "note": NOTE,
    "via": VIA,
}

PAYLOADS: dict[str, Schema] = {
    # a person's reading: these words of that speech bear on this point
    "annotate": _record(
        {"id": ID, "target": ID, "selector": SELECTOR, "point": ID, "reading": READING, "note": NOTE, **AUTHOR},
        {"via": VIA},
    ),
    # the author of an annotation or a reply changes it; keys left out stay as they are
    "edit": {
        "if": {"required": ["reply"]},
        "then": {**_record({"reply": ID}, {"stance": STANCE, "text": WORDS, "via": VIA}), "minProperties": 2},
        "else": {**_record({"annotation": ID}, EDITED), "minProperties": 2},
    },
    # an answer to an annotation
    "reply": _record({"id": ID, "annotation": ID, "stance": STANCE, "text": WORDS, **AUTHOR}, {"via": VIA}),
    # either a suggestion is accepted (`annotation` is what was made of it), or a changed wording is the speaker's
    "confirm": {
        "oneOf": [_record(MADE, {**SEEN, "annotation": ID}), _record({"annotation": ID, "selector": SELECTOR}, WHY)]
    },
    # a suggestion is rejected (`annotation` is what was made instead)
    "reject": _record(MADE, {**SEEN, "annotation": ID}),
    # the same reading, of words put in another place
    "repair": _record({"annotation": ID, "selector": SELECTOR}, {"target": ID, **WHY}),
    # of an annotation, of a reply, or of a moment
    "withdraw": {**_record({}, {**OF, **WHY}), **ONE_OF_THEM},
    "restore": {**_record({}, {**OF, **WHY}), **ONE_OF_THEM},
    # an entry of the actor's own has no effect any more; of an undo: it has again
    "undo": _record({"entry": ID}, WHY),
    # seconds of a video (W3C media fragment: source#t=start,end) in which a speech is given, or an annotation's words
    "moment": _record(
        {"id": ID, "target": ID, "source": ID, "start": {"type": "number", "minimum": 0}, **AUTHOR},
        {"end": SECONDS, "annotation": VIA, "note": NOTE},
    ),
    # the actor's blind pass over a debate (its id) begins: until it is done, other people's notes on it are hidden
    "begin": _record({"debate": ID}),
    # one person's pass over a debate (its id) is finished; `creator` if it is not the actor's own
    "done": _record({"debate": ID}, {"creator": NAME}),
}


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(PAYLOADS[kind], format_checker=FORMATS)


def find_problem(actor: str, kind: str, payload: object) -> str | None:
    r"""Return what is wrong with a draft of an entry, as one line for readers; None if nothing is.

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
    return f"{kind}: {f'{where}: ' if where else ''}{error.message[:300]}"
