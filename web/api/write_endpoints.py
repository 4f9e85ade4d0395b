"""The addresses at which a program writes, each with its fields, its answer and an example."""

from typing import Any, NamedTuple, get_args

from annotations.exchange.w3c_write import CONTEXT
from db.journal.payload_schemas import MAX_LENGTH
from db.records.annotation import Stance
from db.records.guidance import Reading

Schema = dict[str, Any]


class WriteEndpoint(NamedTuple):
    """An address to write to: its HTTP method, what it does, its fields, those needed, and an example.

    `sent` is "json" for an object of those fields, "node" for a whole annotation, and "" for no body; `answers` is the
    status of success, and `answer` names its body among the ANSWERS ("" for none). `any_of` lists sets of fields, of
    which one is needed besides.
    """

    path: str
    about: str
    fields: dict[str, Schema]
    example: dict[str, Any]
    method: str = "post"
    required: tuple[str, ...] = ()
    answer_schema: str = "Entered"
    success_status: int = 200
    body_kind: str = "json"
    any_of: tuple[tuple[str, ...], ...] = ()


def make_text_schema(about: str, **more: Any) -> Schema:
    """Make the schema of a text."""
    return {"type": "string", "maxLength": MAX_LENGTH, "description": about, **more}


def _object(**properties: Schema) -> Schema:
    """Make the schema of an object that has all of these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


ID: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
IDS: Schema = {"type": "array", "items": ID, "description": "the entries of the journal, in order"}
OFFSET: Schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999, "description": "in code points of /text/…"}
DONE_FIELDS: Schema = {
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
    "Entered": _object(**DONE_FIELDS, id=ID, entry=ENTRY, address=ADDRESS),
    "Undone": _object(**DONE_FIELDS, entries=IDS),
    "Decided": _object(
        **DONE_FIELDS, entries=IDS, annotation={"type": ["string", "null"], "description": "what was made"}
    ),
    "Batch": _object(
        **DONE_FIELDS, entries=IDS, left_out={"type": "integer", "description": "decided by others meanwhile"}
    ),
    "Pass": _object(**DONE_FIELDS, debate=ID, entry=ID, state={"enum": ["none", "open", "done"]}),
    "Node": NODE,
    "Refused": _object(ok={"const": False}, error={"type": "string", "description": "a sentence"}),
    "NodeRefused": _object(error={"type": "string", "description": "a sentence"}),
}
REASON = {"reason": make_text_schema("why; it is logged for all to read, and needed for what another entered")}
SEEN_FIELD = {
    "seen": make_text_schema(
        "the last entry that you saw of it: refused with 409 where there is a later one; or left out"
    )
}
WORDS = {
    "exact": make_text_schema("the words, as the speaker’s; or give start and end"),
    "prefix": make_text_schema("the words before, where they stand several times"),
    "suffix": make_text_schema("the words after, where they stand several times"),
    "start": OFFSET,
    "end": {**OFFSET, "description": "the same, the end not included"},
    "point": make_text_schema("the id of a point, as /points.json has it"),
    "reading": {"enum": list(get_args(Reading))},
    "note": make_text_schema("why: the evidence, in Markdown"),
}
REPLY = {"stance": {"enum": list(get_args(Stance))}, "text": make_text_schema("the answer, in Markdown", pattern=r"\S")}
VIDEO = {
    "source": make_text_schema("the address of the video"),
    "start": make_text_schema("when the speech starts: 1:02:03, 62.5 or 1h2m3s"),
    "end": make_text_schema("when it ends"),
    "annotation": make_text_schema("the id of the annotation whose words are spoken"),
    "note": make_text_schema("what there is to say of it", maxLength=2000),
}
STEP = {"step": {"enum": ["begin", "finish", "leave", "reopen"]}}
VERDICT = {"verdict": {"enum": ["accept", "reject"]}}
BATCH_FILTERS = {
    key: make_text_schema(f"only suggestions of this {key}", minLength=1) for key in ("suggester", "rule", "point")
}
DECISION = {
    "key": make_text_schema("the suggestion’s, as /statements/suggestions.json has it"),
    **VERDICT,
    **{key: WORDS[key] for key in ("reading", "note", "exact")},
    "from": {**OFFSET, "description": "other words than those suggested: where they start"},
    "to": {**OFFSET, "description": "where they end, not included"},
    "choice": make_text_schema("another point than the suggested"),
    **REASON,
}
BATCH_FIELDS = {
    "keys": make_text_schema("1 to 100 keys of suggestions, with spaces between", pattern=r"\S"),
    **VERDICT,
    **BATCH_FILTERS,
}
BATCH_FIELDS |= {"reading": WORDS["reading"], "note": WORDS["note"], **REASON}
REPAIR_FIELDS = {
    "annotation": make_text_schema("its id"),
    "verb": {"enum": ["confirm", "repair", "withdraw"]},
    "exact": make_text_schema("to repair it: the words that the reading is of"),
    "target": make_text_schema("to repair it: the speech that they stand in now, where that is another"),
    "seen": make_text_schema("to confirm it: the words that you saw there"),
    **REASON,
}
EXAMPLE_NOTE = {"reading": "said", "note": "Civility is asked for."}
EXAMPLE_DECISION = {"key": "9f86d081884c7d65", "verdict": "reject", "reason": "It is about letters."}
EXAMPLE_QUOTE = {
    "speech": "d-2008-06-22c-101-5",
    "exact": "that it be civil",
    "point": "participation-online/be-credible",
}
EXAMPLE_MOMENT = {"source": "https://media.example/1.webm", "start": "1:02"}
EXAMPLE_NODE: dict[str, Any] = {
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


def _withdraw_and_restore(of: str, what: str) -> tuple[WriteEndpoint, WriteEndpoint]:
    """Describe how one kind of thing is withdrawn and restored."""
    away = WriteEndpoint(path=f"/{of}/{{id}}/withdraw", about=f"Let {what} go", fields=REASON, example=READ_AGAIN)
    return away, away._replace(path=f"/{of}/{{id}}/restore", about=f"Take the withdrawal of {what} back")


WRITE_ENDPOINTS = (
    WriteEndpoint(
        path="/annotate",
        about="Annotate words of a speech",
        fields={"speech": make_text_schema("its id"), **WORDS},
        required=("speech", "point", "reading"),
        example={**EXAMPLE_QUOTE, **EXAMPLE_NOTE},
        success_status=201,
        any_of=(("exact",), ("start", "end")),
    ),
    WriteEndpoint(
        path="/q/{id}/edit",
        about="Say one’s own annotation differently; what is left out stays",
        fields={**WORDS, **SEEN_FIELD},
        example={"note": "It asks for civility."},
    ),
    *_withdraw_and_restore("q", "an annotation"),
    WriteEndpoint(
        path="/q/{id}/reply",
        about="Agree with an annotation, or dispute it",
        fields=REPLY,
        required=("stance", "text"),
        example={"stance": "disputes", "text": "It is asked of clerks alone."},
        success_status=201,
    ),
    WriteEndpoint(
        path="/reply/{id}/edit",
        about="Say one’s own reply differently; what is left out stays",
        fields={**REPLY, **SEEN_FIELD},
        example={"text": "Of clerks alone."},
    ),
    *_withdraw_and_restore("reply", "a reply"),
    WriteEndpoint(
        path="/speech/{id}/moment",
        about="Tag the seconds of a video",
        fields=VIDEO,
        required=("source", "start"),
        example=EXAMPLE_MOMENT,
        success_status=201,
    ),
    *_withdraw_and_restore("moment", "a moment of a video"),
    WriteEndpoint(
        path="/undo",
        about="Undo entries of one’s own, together",
        fields={"entry": make_text_schema("1 to 50 ids, with spaces between", pattern=r"\S")},
        required=("entry",),
        example={"entry": "01JD000000000000000000000A"},
        answer_schema="Undone",
    ),
    WriteEndpoint(
        path="/debate/{id}/blind",
        about="Take a debate blind, finish, or undo either",
        fields=STEP,
        required=("step",),
        example={"step": "begin"},
        answer_schema="Pass",
        success_status=201,
    ),
    WriteEndpoint(
        path="/review/decide",
        about="Accept or reject a suggestion",
        fields=DECISION,
        required=("key", "verdict"),
        example=EXAMPLE_DECISION,
        answer_schema="Decided",
    ),
    WriteEndpoint(
        path="/review/batch",
        about="Decide several suggestions of one suggester, rule or point",
        fields=BATCH_FIELDS,
        required=("keys", "verdict"),
        example={"keys": "9f86d081884c7d65", "verdict": "reject", "suggester": "rules"},
        answer_schema="Batch",
        any_of=tuple((key,) for key in BATCH_FILTERS),
    ),
    WriteEndpoint(
        path="/review/mend",
        about="Confirm, repair or withdraw an annotation whose words changed",
        fields=REPAIR_FIELDS,
        required=("annotation", "verb"),
        example={"annotation": "specimen-1", "verb": "withdraw", **READ_AGAIN},
        answer_schema="Undone",
    ),
    WriteEndpoint(
        path="/annotations/",
        about="Make an annotation, or a reply to one, by the W3C protocol",
        fields={},
        example=EXAMPLE_NODE,
        answer_schema="Node",
        success_status=201,
        body_kind="node",
    ),
    WriteEndpoint(
        path="/annotations/{id}",
        method="put",
        about="Put another in the place of one’s own annotation or reply",
        fields={},
        example=EXAMPLE_NODE,
        answer_schema="Node",
        body_kind="node",
    ),
    WriteEndpoint(
        path="/annotations/{id}",
        method="delete",
        about="Withdraw an annotation, or a reply; ?reason= for another’s",
        fields=REASON,
        example={},
        answer_schema="",
        success_status=204,
        body_kind="",
    ),
)
