"""What a program may write, and how: each address with its fields, for those who read the description of them."""

from typing import Any, NamedTuple, get_args

from db.payloads import LONG
from db.records import Reading, Stance

Schema = dict[str, Any]
OFFSET: Schema = {"type": "integer", "minimum": 0, "description": "in code points of /text/{speech}"}
REASON: Schema = {"type": "string", "description": "logged for all to read; needed for what another entered"}
SECURITY = {"bearer": {"type": "http", "scheme": "bearer", "description": "the token of an account: make token NAME=…"}}
ANNOTATION: Schema = {
    "type": "object",
    "description": "an annotation of the W3C Web Annotation model, as GET answers with it",
    "required": ["type", "target"],
}


class Written(NamedTuple):
    """An address that takes what is written: in which way, what it does, its fields, those needed, and its answer.

    `fields` is None where a whole annotation is sent, and empty where nothing is; `answers` is the status of success.
    """

    path: str
    method: str
    about: str
    fields: dict[str, Schema] | None
    needed: tuple[str, ...] = ()
    answers: int = 200


def text(about: str) -> Schema:
    """Some text, and what it says."""
    return {"type": "string", "maxLength": LONG, "description": about}


WORDS: dict[str, Schema] = {
    "exact": text("the words, as the speaker’s; or give start and end"),
    "prefix": text("the words before, where they stand several times"),
    "suffix": text("the words after, where they stand several times"),
    "start": OFFSET,
    "end": {**OFFSET, "description": "the same, the end not included"},
    "point": text("the id of a point, as /points.json has it"),
    "reading": {"enum": list(get_args(Reading))},
    "note": text("why: the evidence, in Markdown"),
}
ANSWER = {"stance": {"enum": list(get_args(Stance))}, "text": text("the answer, in Markdown")}
VIDEO = {
    "source": text("the address of the video"),
    "start": text("when the speech starts: 1:02:03, 62.5 or 1h2m3s"),
    "end": text("when it ends"),
    "annotation": text("the id of the annotation whose words are spoken"),
    "note": text("what there is to say of it"),
}
STEP = {"step": {"enum": ["begin", "finish", "leave", "reopen"]}}
WRITTEN = (
    Written("/annotate", "post", "Annotate words of a speech", {"speech": text("its id"), **WORDS}, ("speech",), 201),
    Written("/q/{id}/edit", "post", "Say one’s own annotation differently; what is left out stays", WORDS),
    Written("/q/{id}/withdraw", "post", "Let an annotation go", {"reason": REASON}),
    Written("/q/{id}/restore", "post", "Take a withdrawal back", {"reason": REASON}),
    Written("/q/{id}/reply", "post", "Agree with an annotation, or dispute it", ANSWER, ("stance", "text"), 201),
    Written("/undo", "post", "Undo entries of one’s own", {"entry": text("ids, with spaces between")}, ("entry",)),
    Written("/speech/{id}/moment", "post", "Tag the seconds of a video", VIDEO, ("source", "start"), 201),
    Written("/moment/{id}/withdraw", "post", "Let a moment go", {"reason": REASON}),
    Written("/moment/{id}/restore", "post", "Bring a moment back", {"reason": REASON}),
    Written("/debate/{id}/blind", "post", "Take a debate blind, finish, or undo either", STEP, ("step",), 201),
    Written("/annotations/", "post", "Make an annotation, or a reply to one, by the W3C protocol", None, (), 201),
    Written("/annotations/{id}", "put", "Put another annotation in the place of one’s own", None),
    Written("/annotations/{id}", "delete", "Withdraw an annotation, or take back a reply", {}, (), 204),
)


def operation(one: Written) -> Schema:
    """One way to write, as OpenAPI says it."""
    failing = {400: "It is not as it must be", 401: "No token, or one that does not count", 403: "You may not"}
    failing |= {409: "It cannot be so: the words do not stand there, or somebody was earlier"}
    failing |= {404: "There is no such thing here"} if "{" in one.path else {}
    failing |= {412: "It has changed since (If-Match)"} if one.method in ("put", "delete") else {}
    failing |= {415: "Sent as another media type", 422: "Not an annotation of this site"} if one.fields is None else {}
    answers = {str(status): {"description": why} for status, why in sorted({**failing, one.answers: "Done"}.items())}
    inside = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    found: Schema = {"summary": one.about, "security": [{"bearer": []}], "responses": answers}
    found |= {"parameters": [inside]} if "{" in one.path else {}
    if one.fields == {}:
        return found
    kind = "application/ld+json" if one.fields is None else "application/json"
    shape: Schema = ANNOTATION if one.fields is None else {"type": "object", "properties": one.fields}
    shape = {**shape, "required": list(one.needed)} if one.needed else shape
    return {**found, "requestBody": {"required": True, "content": {kind: {"schema": shape}}}}
