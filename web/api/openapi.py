"""The OpenAPI 3.1 description of the addresses for programs."""

import re
from collections.abc import Sequence

from db.records.source import LICENCE_URL
from web.api.read_endpoints import ReadEndpoint
from web.api.record_schemas import RECORD_SCHEMAS
from web.api.verdict_schema import VERDICT
from web.api.write_endpoints import ANSWERS, WRITE_ENDPOINTS, Schema, WriteEndpoint, make_body_schema

JSON, LD = "application/json", "application/ld+json"
BEARER = {"type": "http", "scheme": "bearer", "description": "the token of an account: dispatch-box user token NAME"}
COMPONENTS = {"securitySchemes": {"bearer": BEARER}, "schemas": {**ANSWERS, **RECORD_SCHEMAS, "Verdict": VERDICT}}
REFUSALS = {
    400: "The request is not valid",
    401: "No token, or an invalid one",
    403: "Your account may not do this",
    404: "Not found",
    405: "This address cannot be written to",
    409: "Conflict: the words are not there, or someone else was first",
    410: "Withdrawn",
    411: "Content-Length is missing",
    412: "It has changed since (If-Match)",
    413: "Too long",
    415: "Wrong media type",
    422: "Not an annotation of this site",
}
TAGS = {  # by the first part of the path
    **dict.fromkeys(
        ("text", "sentences", "speech", "debate", "debates.json", "people", "people.json", "search.json"), "record"
    ),
    **dict.fromkeys(("points.json", "coverage.csv"), "guidance"),
    **dict.fromkeys(("annotations", "q", "moment", "reply", "annotate", "undo", "log.json"), "notes"),
    **dict.fromkeys(("agreement", "agreement.csv", "agreement.json"), "agreement"),
    **dict.fromkeys(("feeds", "sitemap.xml"), "feeds"),
    **dict.fromkeys(("statements", "statements.json"), "tables"),
}
PROTOCOL_STATUSES = (410, 412, 422)


def describe_api(endpoints: Sequence[ReadEndpoint], base: str) -> Schema:
    """Make the OpenAPI document; `base` is the address of the site."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dispatch Box",
            "version": "1",
            "description": "Offsets count Unicode code points, the end not included. Writing needs a token.",
            "license": {"name": "Open Parliament Licence v3.0", "url": LICENCE_URL},
        },
        "servers": [{"url": base.rstrip("/") or "/"}],
        "components": COMPONENTS,
        "paths": _describe_paths(endpoints),
    }


def _describe_paths(endpoints: Sequence[ReadEndpoint]) -> dict[str, dict[str, object]]:
    """Describe the methods of each path."""
    paths: dict[str, dict[str, object]] = {each.path: {"get": _describe_reading(each)} for each in endpoints}
    for one in WRITE_ENDPOINTS:
        paths.setdefault(one.path, {})[one.method] = _describe_writing(one)
    return paths


def _identify(method: str, path: str) -> Schema:
    """Make the name of an operation, which is its method and path in words, and its tag."""
    words = [word for word in re.split(r"[^A-Za-z]+", path) if word]
    first = path.split("/")[1]
    return {"operationId": "_".join((method, *words)), "tags": [TAGS.get(first, first.partition(".")[0])]}


def _describe_reading(each: ReadEndpoint) -> Schema:
    """Describe an address to read: its parameters, in path and query, and its answers."""
    names = [part.partition("}")[0] for part in each.path.split("{")[1:]]
    text = {"type": "string"}
    inside = [{"name": name, "in": "path", "required": True, "schema": text} for name in names]
    query = [_describe_parameter(name, about) for name, about in each.query.items()]
    schema = {"schema": {"$ref": f"#/components/schemas/{each.answer_schema}"}} if each.answer_schema else {}
    return {
        **_identify("get", each.path),
        "summary": each.about,
        "security": [],
        "description": f"Example: {each.example}" if each.example else "There is no example yet.",
        "parameters": [*inside, *query],
        "responses": {
            "200": {"description": each.about, "content": {each.media_type: schema}},
            **({"400": {"description": "The request cannot be answered"}} if names or query else {}),
            **({"404": {"description": "Not found"}} if names or query else {}),
        },
    }


def _describe_parameter(name: str, about: str) -> Schema:
    """Describe a query parameter; ?format=json is required and has only that value."""
    number = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    schema = number if about.startswith("number") else {"const": "json"} if about == "json" else {"type": "string"}
    return {"name": name, "in": "query", "required": about == "json", "description": about, "schema": schema}


def _describe_writing(one: WriteEndpoint) -> Schema:
    """Describe an address to write to: its parameters, body and answers."""
    by_protocol = one.path.startswith("/annotations/")
    error = "NodeRefused" if by_protocol else "Refused"
    statuses = [status for status in REFUSALS if by_protocol or status not in PROTOCOL_STATUSES]
    answers = {str(status): _describe_answer(REFUSALS[status], error if status != 405 else "") for status in statuses}
    answers[str(one.success_status)] = _describe_answer(
        "Done", one.answer_schema, LD if one.answer_schema == "Node" else JSON
    )
    if one.answer_schema == "Node":
        answers["202"] = _describe_answer(
            "Saved; it is shown once the load that is running has finished", "NodeRefused"
        )
    found: Schema = {**_identify(one.method, one.path), "summary": one.about}
    found |= {"security": [{"bearer": []}], "responses": dict(sorted(answers.items()))}
    return {**found, "parameters": list(_list_parameters(one)), **_describe_body(one)}


def _describe_answer(why: str, schema: str, media: str = JSON) -> Schema:
    """Describe an answer with a schema of COMPONENTS; "" for an answer without a body."""
    content = {"content": {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}} if schema else {}
    return {"description": why, **content}


def _list_parameters(one: WriteEndpoint) -> list[Schema]:
    """List the parameters beside the body: the id in the path, the query, and If-Match."""
    found: list[Schema] = []
    if "{" in one.path:
        found.append({"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}})
    if not one.body_kind:
        found += [{"name": name, "in": "query", "schema": field} for name, field in one.fields.items()]
    if one.method in ("put", "delete"):
        tags = {"type": "string", "description": "the ETag of the version you changed: 412 if there is a newer one"}
        found.append({"name": "If-Match", "in": "header", "schema": tags})
    return found


def _describe_body(one: WriteEndpoint) -> Schema:
    """Describe the body of a request, with an example; {} if it has none."""
    if not one.body_kind:
        return {}
    shape = {"$ref": "#/components/schemas/Node"} if one.body_kind == "node" else make_body_schema(one)
    content = {LD if one.body_kind == "node" else JSON: {"schema": shape, "example": one.example}}
    return {"requestBody": {"required": True, "content": content}}
