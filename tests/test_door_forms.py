"""Forms that the library against forged ones cannot read are turned away before it sees them."""

import pytest

from plugins.door import refused


@pytest.mark.parametrize("kind", [b"multipart/form-data", b"Multipart/Form-Data; boundary=q", b" multipart/mixed"])
def test_a_form_in_parts_is_turned_away(kind: bytes) -> None:
    told = refused("POST", {b"content-type": kind})
    assert told is not None
    assert told[0] == 400


def test_an_ordinary_form_passes() -> None:
    assert refused("POST", {b"content-type": b"application/x-www-form-urlencoded"}) is None
