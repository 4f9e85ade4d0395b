"""JSON bodies are checked against the schemas that are published, and each mistake names its field."""

import pytest
from jsonschema import Draft202012Validator

from web.api.write_endpoints import WRITE_ENDPOINTS, make_body_schema
from web.http.body_schema import find_mistakes

ENDPOINTS = {one.path: make_body_schema(one) for one in WRITE_ENDPOINTS if one.body_kind == "json"}
VALUES = (None, True, 0, -1, 1.5, 10**12, "", " ", "x", "said", "x" * 20_001, [], ["x"], {}, {"a": 1})
MISTAKES = {
    "text must be a text": ("/q/{id}/reply", {"stance": "agrees", "text": -1144411514}),
    "text must not be empty": ("/q/{id}/reply", {"stance": "agrees", "text": " "}),
    "stance is missing": ("/q/{id}/reply", {"text": "x"}),
    "stance must be agrees or disputes": ("/q/{id}/reply", {"stance": "AGREES", "text": "x"}),
    "exact, or start and end must be given": ("/annotate", {"speech": "s", "point": "p", "reading": "said"}),
    "start must be a whole number": ("/q/{id}/edit", {"start": "12"}),
    "end must be from 0 to 999999999": ("/q/{id}/edit", {"end": -1}),
    "note must be a text": ("/q/{id}/edit", {"note": ["x"]}),
}


@pytest.mark.parametrize("sentence", MISTAKES)
def test_a_mistake_names_its_field(sentence):
    path, body = MISTAKES[sentence]
    assert list(find_mistakes(ENDPOINTS[path], body)) == [sentence]


@pytest.mark.parametrize("path", ENDPOINTS)
def test_what_the_published_schema_refuses_is_a_mistake_and_nothing_else(path):
    schema, example = ENDPOINTS[path], next(one.example for one in WRITE_ENDPOINTS if one.path == path)
    judge = Draft202012Validator(schema)
    bodies = [{**example, name: value} for name in schema["properties"] for value in VALUES]
    for body in (example, {}, *bodies):
        assert (list(find_mistakes(schema, body)) == []) == judge.is_valid(body), body
