"""The addresses at which a program writes, each with its fields, its answer and an example."""

from itertools import chain
from typing import Any, NamedTuple, get_args

from annotations.exchange.w3c_write import CONTEXT
from db.records.annotation import Stance
from db.records.guidance import Reading
from db.toml.field_checks import MAX_LENGTH

Schema = dict[str, Any]


class WriteEndpoint(NamedTuple):
    """An address to write to: its HTTP method, purpose, fields, required fields, and an example.

    `body_kind` is "json" for an object of those fields, "node" for a whole annotation, and "" for no body;
    `answer_schema` names the schema of the answer in ANSWERS ("" for no body). `any_of` lists sets of fields, of which
    one is also required.
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


def _make_object_schema(**properties: Schema) -> Schema:
    """Make the schema of an object with these properties, all required."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def make_body_schema(one: WriteEndpoint) -> Schema:
    """Make the schema of the JSON body of a request: a field that is not needed may be null."""
    needed = {*one.required, *chain.from_iterable(one.any_of)}
    fields = {name: field if name in needed else _allow_null(field) for name, field in one.fields.items()}
    shape: Schema = {"type": "object", "properties": fields, "required": list(one.required)}
    return shape | ({"anyOf": [{"required": list(names)} for names in one.any_of]} if one.any_of else {})


def _allow_null(field: Schema) -> Schema:
    return {"anyOf": [field, {"type": "null"}]}


ID: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
IDS: Schema = {"type": "array", "items": ID, "description": "the entries of the journal, in order"}
OFFSET: Schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999, "description": "in code points of /text/…"}
DONE_FIELDS: Schema = {
    "ok": {"const": True},
    "shown": {**FLAG, "description": "false if pages show it only after the running load"},
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
    "Entered": _make_object_schema(**DONE_FIELDS, id=ID, entry=ENTRY, address=ADDRESS),
    "Undone": _make_object_schema(**DONE_FIELDS, entries=IDS),
    "Decided": _make_object_schema(
        **DONE_FIELDS,
        entries=IDS,
        annotations=IDS,
        annotation={"type": ["string", "null"], "description": "what was made first"},
    ),
    "Batch": _make_object_schema(
        **DONE_FIELDS, entries=IDS, left_out={"type": "integer", "description": "decided by others meanwhile"}
    ),
    "Pass": _make_object_schema(**DONE_FIELDS, debate=ID, entry=ID, state={"enum": ["none", "open", "done"]}),
    "Node": NODE,
    "Refused": _make_object_schema(ok={"const": False}, error={"type": "string", "description": "a sentence"}),
    "NodeRefused": _make_object_schema(error={"type": "string", "description": "a sentence"}),
}
REASON_FIELD = {"reason": make_text_schema("the reason; it is public, and required for another person’s entry")}
SEEN_FIELD = {"seen": make_text_schema("the last entry about it that you saw: 409 if there is a later one; optional")}
ANNOTATION_FIELDS = {
    "exact": make_text_schema("the words, as the speaker’s; or give start and end"),
    "prefix": make_text_schema("the words before, if the quote occurs more than once"),
    "suffix": make_text_schema("the words after, if the quote occurs more than once"),
    "start": OFFSET,
    "end": {**OFFSET, "description": "the same, the end not included"},
    "point": make_text_schema("the id of a point, as /points.json has it"),
    "reading": {"enum": list(get_args(Reading))},
    "note": make_text_schema("why: the evidence, in Markdown"),
}
REPLY_FIELDS = {
    "stance": {"enum": list(get_args(Stance))},
    "text": make_text_schema("the answer, in Markdown", pattern=r"\S"),
}
MOMENT_FIELDS = {
    "source": make_text_schema("the address of the video"),
    "start": make_text_schema("when the speech starts, unless the address says so: 1:02:03, 62.5 or 1h2m3s"),
    "end": make_text_schema("when it ends"),
    "annotation": make_text_schema("the id of the annotation whose words are spoken"),
    "note": make_text_schema("a remark", maxLength=2000),
}
PASS_FIELDS = {"step": {"enum": ["begin", "finish", "leave", "reopen"]}}
VERDICT_FIELD = {"verdict": {"enum": ["accept", "reject"]}}
ONE_VERDICT_FIELD = {"verdict": {"enum": ["accept", "reject", "skip"]}}
BATCH_FILTERS = {
    key: make_text_schema(f"only suggestions of this {key}", minLength=1) for key in ("suggester", "rule", "point")
}
DECISION_FIELDS = {
    "key": make_text_schema("the suggestion’s id, from /statements/suggestions.json"),
    **ONE_VERDICT_FIELD,
    "keys": make_text_schema("ids of further suggestions of the same words, to decide together, with spaces between"),
    "reading": {**ANNOTATION_FIELDS["reading"], "description": "needed to accept"},
    **{key: ANNOTATION_FIELDS[key] for key in ("note", "exact")},
    "from": {**OFFSET, "description": "other words than those suggested: where they start"},
    "to": {**OFFSET, "description": "where they end, not included"},
    "choice": make_text_schema("the points that it is about, with spaces between; without it, the suggested one"),
    **REASON_FIELD,
}
BATCH_FIELDS = {
    "keys": make_text_schema("1 to 100 keys of suggestions, with spaces between", pattern=r"\S"),
    **VERDICT_FIELD,
    **BATCH_FILTERS,
}
BATCH_FIELDS |= {"reading": ANNOTATION_FIELDS["reading"], "note": ANNOTATION_FIELDS["note"], **REASON_FIELD}
REPAIR_FIELDS = {
    "annotation": make_text_schema("its id"),
    "verb": {"enum": ["confirm", "repair", "withdraw"]},
    "exact": make_text_schema("to repair it: the words that the reading is of"),
    "target": make_text_schema("to repair it: the speech they are in now, if that has changed"),
    "seen": make_text_schema("to confirm it: the words that you saw there"),
    **REASON_FIELD,
}
EXAMPLE_NOTE = {"reading": "said", "note": "Civility is asked for."}
EXAMPLE_DECISION = {"key": "9f86d081884c7d65", "verdict": "reject", "reason": "It is about letters."}
EXAMPLE_QUOTE = {
    "speech": "d-2008-06-22c-101-5",
    "exact": "that it be civil",
    "point": "participation-online/be-credible",
}
EXAMPLE_MOMENT = {"source": "https://media.example/1.webm", "start": "1:02"}
EXAMPLE_NODE: dict[str, object] = {
    "@context": CONTEXT,
    "type": "Annotation",
    "motivation": "replying",
    "body": [
        {"type": "TextualBody", "value": "It is asked of clerks alone.", "purpose": "replying"},
        {"type": "TextualBody", "value": "disputes", "purpose": "assessing"},
    ],
    "target": "https://dispatch-box.example/annotations/specimen-1",
}
EXAMPLE_REASON = {"reason": "Read again."}


def _describe_withdrawal(segment: str, thing: str) -> tuple[WriteEndpoint, WriteEndpoint]:
    """Describe the addresses that withdraw and restore one kind of thing, below /segment/."""
    away = WriteEndpoint(
        path=f"/{segment}/{{id}}/withdraw", about=f"Let {thing} go", fields=REASON_FIELD, example=EXAMPLE_REASON
    )
    return away, away._replace(path=f"/{segment}/{{id}}/restore", about=f"Take the withdrawal of {thing} back")


WRITE_ENDPOINTS = (
    WriteEndpoint(
        path="/annotate",
        about="Annotate words of a speech",
        fields={"speech": make_text_schema("its id"), **ANNOTATION_FIELDS},
        required=("speech", "point", "reading"),
        example={**EXAMPLE_QUOTE, **EXAMPLE_NOTE},
        success_status=201,
        any_of=(("exact",), ("start", "end")),
    ),
    WriteEndpoint(
        path="/q/{id}/edit",
        about="Edit your own annotation; fields left out stay as they are",
        fields={**ANNOTATION_FIELDS, **SEEN_FIELD},
        example={"note": "It asks for civility."},
    ),
    *_describe_withdrawal("q", "an annotation"),
    WriteEndpoint(
        path="/q/{id}/reply",
        about="Agree with an annotation, or dispute it",
        fields=REPLY_FIELDS,
        required=("stance", "text"),
        example={"stance": "disputes", "text": "It is asked of clerks alone."},
        success_status=201,
    ),
    WriteEndpoint(
        path="/reply/{id}/edit",
        about="Edit your own reply; fields left out stay as they are",
        fields={**REPLY_FIELDS, **SEEN_FIELD},
        example={"text": "Of clerks alone."},
    ),
    *_describe_withdrawal("reply", "a reply"),
    WriteEndpoint(
        path="/speech/{id}/moment",
        about="Link a speech to seconds of a video",
        fields=MOMENT_FIELDS,
        required=("source",),
        example=EXAMPLE_MOMENT,
        success_status=201,
    ),
    *_describe_withdrawal("moment", "a moment of a video"),
    WriteEndpoint(
        path="/undo",
        about="Undo your own entries, all together",
        fields={"entry": make_text_schema("1 to 50 ids, with spaces between", pattern=r"\S")},
        required=("entry",),
        example={"entry": "01JD000000000000000000000A"},
        answer_schema="Undone",
    ),
    WriteEndpoint(
        path="/debate/{id}/blind",
        about="Start or finish annotating a debate blind, or undo either",
        fields=PASS_FIELDS,
        required=("step",),
        example={"step": "begin"},
        answer_schema="Pass",
        success_status=201,
    ),
    WriteEndpoint(
        path="/review/decide",
        about="Accept, reject or skip a suggestion, or all suggestions of a sentence",
        fields=DECISION_FIELDS,
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
        example={"annotation": "specimen-1", "verb": "withdraw", **EXAMPLE_REASON},
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
        about="Replace your own annotation or reply",
        fields={},
        example=EXAMPLE_NODE,
        answer_schema="Node",
        body_kind="node",
    ),
    WriteEndpoint(
        path="/annotations/{id}",
        method="delete",
        about="Withdraw an annotation, or a reply; ?reason= for another’s",
        fields=REASON_FIELD,
        example={},
        answer_schema="",
        success_status=204,
        body_kind="",
    ),
)
