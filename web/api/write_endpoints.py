"""The addresses at which a program writes, each with its fields, its answer and an example."""

from typing import Any, NamedTuple, get_args

from annotations.exchange.w3c_write import CONTEXT
from db.journal.payload_schemas import LONG
from db.records.annotation import Stance
from db.records.guidance import Reading

Schema = dict[str, Any]


class Written(NamedTuple):
    """An address to write to: its HTTP method, what it does, its fields, those needed, and an example.

    `sent` is "json" for an object of those fields, "node" for a whole annotation, and "" for no body; `answers` is the
    status of success, and `answer` names its body among the ANSWERS ("" for none). `any_of` lists sets of fields, of
    which one is needed besides.
    """

    path: str
    method: str
    about: str
    fields: dict[str, Schema]
    needed: tuple[str, ...]
    example: dict[str, Any]
    answer: str = "Entered"
    answers: int = 200
    sent: str = "json"
    any_of: tuple[tuple[str, ...], ...] = ()


def text(about: str, **more: Any) -> Schema:
    """Make the schema of a text."""
    return {"type": "string", "maxLength": LONG, "description": about, **more}


def _object(**properties: Schema) -> Schema:
    """Make the schema of an object that has all of these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


ID: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
IDS: Schema = {"type": "array", "items": ID, "description": "the entries of the journal, in order"}
OFFSET: Schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999, "description": "in code points of /text/…"}
DONE: Schema = {
    "ok": {"const": True},
    "shown": {**FLAG, "description": "false where pages show it only once a load is over"},
}
ENTRY: Schema = {
    "type": ["string", "null"],
    "description": "the entry of the journal; null where nothing was to be changed",
}
ADDRESS: Schema = {"type": "string", "description": "the page that shows it"}
NODE: Schema = {
    "type": "object",
    "description": "an annotation of the W3C Web Annotation model, as GET answers with it",
    "required": ["type", "target"],
    "properties": {
        "type": {"anyOf": [{"const": "Annotation"}, {"type": "array", "contains": {"const": "Annotation"}}]},
        "target": {"type": ["object", "string"]},
    },
}
ANSWERS: dict[str, Schema] = {
    "Entered": _object(**DONE, id=ID, entry=ENTRY, address=ADDRESS),
    "Undone": _object(**DONE, entries=IDS),
    "Decided": _object(**DONE, entries=IDS, annotation={"type": ["string", "null"], "description": "what was made"}),
    "Batch": _object(**DONE, entries=IDS, left_out={"type": "integer", "description": "decided by others meanwhile"}),
    "Pass": _object(**DONE, debate=ID, entry=ID, state={"enum": ["none", "open", "done"]}),
    "Node": NODE,
    "Refused": _object(ok={"const": False}, error={"type": "string", "description": "a sentence"}),
    "NodeRefused": _object(error={"type": "string", "description": "a sentence"}),
}
REASON = {"reason": text("why; it is logged for all to read, and needed for what another entered")}
SEEN = {"seen": text("the last entry that you saw of it: refused with 409 where there is a later one; or left out")}
WORDS = {
    "exact": text("the words, as the speaker’s; or give start and end"),
    "prefix": text("the words before, where they stand several times"),
    "suffix": text("the words after, where they stand several times"),
    "start": OFFSET,
    "end": {**OFFSET, "description": "the same, the end not included"},
    "point": text("the id of a point, as /points.json has it"),
    "reading": {"enum": list(get_args(Reading))},
    "note": text("why: the evidence, in Markdown"),
}
REPLY = {"stance": {"enum": list(get_args(Stance))}, "text": text("the answer, in Markdown", pattern=r"\S")}
VIDEO = {
    "source": text("the address of the video"),
    "start": text("when the speech starts: 1:02:03, 62.5 or 1h2m3s"),
    "end": text("when it ends"),
    "annotation": text("the id of the annotation whose words are spoken"),
    "note": text("what there is to say of it", maxLength=2000),
}
STEP = {"step": {"enum": ["begin", "finish", "leave", "reopen"]}}
VERDICT = {"verdict": {"enum": ["accept", "reject"]}}
NARROWED = {key: text(f"only suggestions of this {key}", minLength=1) for key in ("suggester", "rule", "point")}
DECISION = {
    "key": text("the suggestion’s, as /statements/suggestions.json has it"),
    **VERDICT,
    **{key: WORDS[key] for key in ("reading", "note", "exact")},
    "from": {**OFFSET, "description": "other words than those suggested: where they start"},
    "to": {**OFFSET, "description": "where they end, not included"},
    "choice": text("another point than the suggested"),
    **REASON,
}
SEVERAL = {"keys": text("1 to 100 keys of suggestions, with spaces between", pattern=r"\S"), **VERDICT, **NARROWED}
SEVERAL |= {"reading": WORDS["reading"], "note": WORDS["note"], **REASON}
MENDED = {
    "annotation": text("its id"),
    "verb": {"enum": ["confirm", "repair", "withdraw"]},
    "exact": text("to repair it: the words that the reading is of"),
    "target": text("to repair it: the speech that they stand in now, where that is another"),
    "seen": text("to confirm it: the words that you saw there"),
    **REASON,
}
NOTED = {"reading": "said", "note": "Civility is asked for."}
SUGGESTED = {"key": "9f86d081884c7d65", "verdict": "reject", "reason": "It is about letters."}
QUOTED = {"speech": "d-2008-06-22c-101-5", "exact": "that it be civil", "point": "participation-online/be-credible"}
FILM = {"source": "https://media.example/1.webm", "start": "1:02"}
PUT: dict[str, Any] = {
    "@context": CONTEXT,
    "type": "Annotation",
    "motivation": "replying",
    "body": [
        {"type": "TextualBody", "value": "It is asked of clerks alone.", "purpose": "replying"},
        {"type": "TextualBody", "value": "disputes", "purpose": "assessing"},
    ],
    "target": "https://dispatch-box.example/annotations/specimen-1",
}
READ_AGAIN = {"reason": "Read again."}


def _withdraw_and_restore(of: str, what: str) -> tuple[Written, Written]:
    """Describe how one kind of thing is withdrawn and restored."""
    away = Written(
        path=f"/{of}/{{id}}/withdraw",
        method="post",
        about=f"Let {what} go",
        fields=REASON,
        needed=(),
        example=READ_AGAIN,
    )
    return away, away._replace(path=f"/{of}/{{id}}/restore", about=f"Take the withdrawal of {what} back")


WRITTEN = (
    Written(
        path="/annotate",
        method="post",
        about="Annotate words of a speech",
        fields={"speech": text("its id"), **WORDS},
        needed=("speech", "point", "reading"),
        example={**QUOTED, **NOTED},
        answers=201,
        any_of=(("exact",), ("start", "end")),
    ),
    Written(
        path="/q/{id}/edit",
        method="post",
        about="Say one’s own annotation differently; what is left out stays",
        fields={**WORDS, **SEEN},
        needed=(),
        example={"note": "It asks for civility."},
    ),
    *_withdraw_and_restore("q", "an annotation"),
    Written(
        path="/q/{id}/reply",
        method="post",
        about="Agree with an annotation, or dispute it",
        fields=REPLY,
        needed=("stance", "text"),
        example={"stance": "disputes", "text": "It is asked of clerks alone."},
        answers=201,
    ),
    Written(
        path="/reply/{id}/edit",
        method="post",
        about="Say one’s own reply differently; what is left out stays",
        fields={**REPLY, **SEEN},
        needed=(),
        example={"text": "Of clerks alone."},
    ),
    *_withdraw_and_restore("reply", "a reply"),
    Written(
        path="/speech/{id}/moment",
        method="post",
        about="Tag the seconds of a video",
        fields=VIDEO,
        needed=("source", "start"),
        example=FILM,
        answers=201,
    ),
    *_withdraw_and_restore("moment", "a moment of a video"),
    Written(
        path="/undo",
        method="post",
        about="Undo entries of one’s own, together",
        fields={"entry": text("1 to 50 ids, with spaces between", pattern=r"\S")},
        needed=("entry",),
        example={"entry": "01JD000000000000000000000A"},
        answer="Undone",
    ),
    Written(
        path="/debate/{id}/blind",
        method="post",
        about="Take a debate blind, finish, or undo either",
        fields=STEP,
        needed=("step",),
        example={"step": "begin"},
        answer="Pass",
        answers=201,
    ),
    Written(
        path="/review/decide",
        method="post",
        about="Accept or reject a suggestion",
        fields=DECISION,
        needed=("key", "verdict"),
        example=SUGGESTED,
        answer="Decided",
    ),
    Written(
        path="/review/batch",
        method="post",
        about="Decide several suggestions of one suggester, rule or point",
        fields=SEVERAL,
        needed=("keys", "verdict"),
        example={"keys": "9f86d081884c7d65", "verdict": "reject", "suggester": "rules"},
        answer="Batch",
        any_of=tuple((key,) for key in NARROWED),
    ),
    Written(
        path="/review/mend",
        method="post",
        about="Confirm, repair or withdraw an annotation whose words changed",
        fields=MENDED,
        needed=("annotation", "verb"),
        example={"annotation": "specimen-1", "verb": "withdraw", **READ_AGAIN},
        answer="Undone",
    ),
    Written(
        path="/annotations/",
        method="post",
        about="Make an annotation, or a reply to one, by the W3C protocol",
        fields={},
        needed=(),
        example=PUT,
        answer="Node",
        answers=201,
        sent="node",
    ),
    Written(
        path="/annotations/{id}",
        method="put",
        about="Put another in the place of one’s own annotation or reply",
        fields={},
        needed=(),
        example=PUT,
        answer="Node",
        answers=200,
        sent="node",
    ),
    Written(
        path="/annotations/{id}",
        method="delete",
        about="Withdraw an annotation, or a reply; ?reason= for another’s",
        fields=REASON,
        needed=(),
        example={},
        answer="",
        answers=204,
        sent="",
    ),
)
