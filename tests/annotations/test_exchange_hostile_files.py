"""Damaged or malicious files: each is read, or refused with one error."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange import field_readers as fields
from annotations.exchange.bundle import ATTRIBUTION, Bundle, ExchangeError, ExportedAnnotation
from annotations.exchange.formats import FORMATS
from db.records.annotation import Anchor, Annotation, Reply
from tests.support.bundles import BASE, MADE, POINT, RULES, make_selector, speech

READ = {name: format.read for name, format in FORMATS.items() if format.read}
JSON = {"w3c": READ["w3c"], "hypothesis": READ["hypothesis"]}
TEXT = speech("Be civil, be fair.")
REPLY = Reply("r-1", "agrees", "So.", "B. Specimen", "2008", None)
NOTED = Annotation(
    "a-1", TEXT.gid, make_selector(TEXT, 3, 8), POINT.id, "said", "N", "A. Specimen", "2008", None, "journal", (REPLY,)
)
BUNDLE = Bundle((ExportedAnnotation(NOTED, Anchor("exact", 3, 8, 1.0, ""), TEXT),), (RULES,), ATTRIBUTION, MADE)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "value", "x"]), inner),
    max_leaves=5,
)
each_format = pytest.mark.parametrize("form", READ)


@each_format
@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(form: str, body: bytes) -> None:
    with suppress(ExchangeError):
        READ[form](body)


@each_format
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(form: str, data: st.DataObject) -> None:
    body = bytearray(FORMATS[form].write(BUNDLE, BASE))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    with suppress(ExchangeError):
        READ[form](bytes(body))


@pytest.mark.parametrize("form", JSON)
@given(data=st.data(), value=VALUES)
def test_any_value_in_any_place_is_read_or_refused(form: str, data: st.DataObject, value: Any) -> None:
    document = json.loads(FORMATS[form].write(BUNDLE, BASE))
    holder, key = data.draw(st.sampled_from(list(list_places(document))))
    holder[key] = value
    with suppress(ExchangeError):
        JSON[form](json.dumps(document).encode())


def list_places(value: Any) -> Any:
    """Yield the container and the key of every value in a document."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from list_places(value[key])


@pytest.mark.parametrize("form", JSON)
def test_a_number_of_too_many_digits_is_refused(form: str) -> None:
    with pytest.raises(ExchangeError, match="this is not JSON: Exceeds the limit"):
        JSON[form](b"[" + b"9" * 10_000 + b"]")


@pytest.mark.parametrize("form", JSON)
def test_half_a_character_is_refused(form: str) -> None:
    body = FORMATS[form].write(BUNDLE, BASE).replace(b'"N"', b'"\\ud83d"')
    with pytest.raises(ExchangeError, match="holds half a character at 0"):
        JSON[form](body)


@each_format
def test_a_field_that_is_too_long_is_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "MAX_LENGTH", 4)
    with pytest.raises(ExchangeError, match="characters, and may have 4"):
        READ[form](FORMATS[form].write(BUNDLE, BASE))


@each_format
def test_a_file_with_too_many_entries_is_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "MAX_ENTRIES", 0)
    with pytest.raises(ExchangeError, match="and a file may have 0: part it"):
        READ[form](FORMATS[form].write(BUNDLE, BASE))
