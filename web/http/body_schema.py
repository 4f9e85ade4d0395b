"""Check of a JSON body against its published schema: the keywords of JSON Schema that our descriptions use."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
NOT_EMPTY = r"\S"  # the pattern of a text that is not blank
TYPES: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "string": ("a text", (str,)),
    "integer": ("a whole number", (int,)),
    "boolean": ("true or false", (bool,)),
    "array": ("a list", (list,)),
    "object": ("an object", (dict,)),
    "null": ("null", (type(None),)),
}


def find_mistakes(schema: Schema, value: object, name: str = "") -> Iterator[str]:
    """Yield each mistake of a value as a sentence without a full stop that names the field.

    >>> list(find_mistakes({"properties": {"text": {"type": "string"}}}, {"text": -1}))
    ['text must be a text']
    """
    if "anyOf" in schema:
        yield from _check_alternatives(schema["anyOf"], value, name)
    if "type" in schema and not _has_type(schema["type"], value):
        kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        yield f"{name} must be {' or '.join(TYPES[kind][0] for kind in kinds)}"
    elif problem := _find_problem(schema, value):
        yield f"{name} {problem}"
    elif isinstance(value, dict):
        yield from _check_properties(schema, value)


def _check_alternatives(alternatives: list[Schema], value: object, name: str) -> Iterator[str]:
    """Yield the mistakes by the first alternative, or the fields of which some are missing, if none fits."""
    if all(any(find_mistakes(one, value, name)) for one in alternatives):
        if all(one.keys() == {"required"} for one in alternatives):
            yield f"{', or '.join(' and '.join(one['required']) for one in alternatives)} must be given"
        else:
            yield from find_mistakes(alternatives[0], value, name)


def _has_type(kinds: str | list[str], value: object) -> bool:
    wanted = [kinds] if isinstance(kinds, str) else kinds
    return any(isinstance(value, TYPES[kind][1]) and (kind == "boolean" or type(value) is not bool) for kind in wanted)


def _find_problem(schema: Schema, value: object) -> str:
    """Return what is wrong with a value of the right type; "" if nothing is."""
    choices = [schema["const"]] if "const" in schema else schema.get("enum")
    if choices is not None and value not in choices:
        return f"must be {' or '.join(map(str, choices))}"
    if isinstance(value, str):
        return _find_problem_of_text(schema, value)
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"must be from {schema.get('minimum', 'any number')} to {schema.get('maximum', 'any number')}"
    return ""


def _find_problem_of_text(schema: Schema, text: str) -> str:
    if len(text) > schema.get("maxLength", len(text)):
        return f"must have at most {schema['maxLength']:,} characters"
    pattern = schema.get("pattern", "")
    if len(text) < schema.get("minLength", 0) or (pattern == NOT_EMPTY and not re.search(pattern, text)):
        return "must not be empty"
    return "" if re.search(pattern, text) else f"must match {pattern}"


def _check_properties(schema: Schema, value: Mapping[str, object]) -> Iterator[str]:
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{name} is missing"
    for name, part in schema.get("properties", {}).items():
        if name in value:
            yield from find_mistakes(part, value[name], name)
