"""One way to write, as OpenAPI 3.1 says it."""

from itertools import chain

from web.api.write_endpoints import ANSWERS, Schema, Written

JSON, LD = "application/json", "application/ld+json"
BEARER = {"type": "http", "scheme": "bearer", "description": "the token of an account: make token NAME=…"}
COMPONENTS = {"securitySchemes": {"bearer": BEARER}, "schemas": ANSWERS}
FAILING = {
    400: "It is not as it must be",
    401: "No token, or one that does not count",
    403: "You may not",
    404: "There is no such thing here",
    405: "Nothing is written at such an address",
    409: "It cannot be so: the words do not stand there, or somebody was earlier",
    410: "It was withdrawn",
    411: "Sent without its length",
    412: "It has changed since (If-Match)",
    413: "Longer than is taken at once",
    415: "Sent as another media type",
    422: "Not an annotation of this site",
}
BY_PROTOCOL = (410, 412, 415, 422)


def operation(one: Written) -> Schema:
    """Its fields, its answers, and an example of what is sent."""
    by_protocol = one.path.startswith("/annotations/")
    error = "NodeRefused" if by_protocol else "Refused"
    statuses = [status for status in FAILING if by_protocol or status not in BY_PROTOCOL]
    answers = {str(status): _answer(FAILING[status], error if status != 405 else "") for status in statuses}
    answers[str(one.answers)] = _answer("Done", one.answer, LD if one.answer == "Node" else JSON)
    if one.answer == "Node":
        answers["202"] = _answer("Entered; it shows once the record is loaded that is loading now", "NodeRefused")
    found: Schema = {"summary": one.about, "security": [{"bearer": []}], "responses": dict(sorted(answers.items()))}
    return {**found, "parameters": list(_parameters(one)), **_body(one)}


def _answer(why: str, schema: str, media: str = JSON) -> Schema:
    content = {"content": {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}} if schema else {}
    return {"description": why, **content}


def _parameters(one: Written) -> list[Schema]:
    found: list[Schema] = []
    if "{" in one.path:
        found.append({"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}})
    if not one.sent:
        found += [{"name": name, "in": "query", "schema": field} for name, field in one.fields.items()]
    if one.method in ("put", "delete"):
        tags = {"type": "string", "description": "the ETag of what you had: 412 where there is something else now"}
        found.append({"name": "If-Match", "in": "header", "schema": tags})
    return found


def _or_null(field: Schema) -> Schema:
    """What may be left out may also be null."""
    return {"anyOf": [field, {"type": "null"}]}


def _body(one: Written) -> Schema:
    if not one.sent:
        return {}
    needed = {*one.needed, *chain.from_iterable(one.any_of)}
    fields = {name: field if name in needed else _or_null(field) for name, field in one.fields.items()}
    shape: Schema = {"type": "object", "properties": fields, "required": list(one.needed)}
    shape |= {"anyOf": [{"required": list(fields)} for fields in one.any_of]} if one.any_of else {}
    if one.sent == "node":
        shape = {"$ref": "#/components/schemas/Node"}
    content = {LD if one.sent == "node" else JSON: {"schema": shape, "example": one.example}}
    return {"requestBody": {"required": True, "content": content}}
