"""Forms that the library against forged ones cannot read are turned away before it sees them."""

from typing import Any

import pytest

from web.middleware.request_guard import check_headers


@pytest.mark.parametrize("kind", [b"multipart/form-data", b"Multipart/Form-Data; boundary=q", b" multipart/mixed"])
def test_a_multipart_form_is_refused(kind: bytes) -> None:
    refusal = check_headers("POST", [(b"content-type", kind)])
    assert refusal is not None
    assert refusal[0] == 400


def test_an_ordinary_form_passes() -> None:
    assert check_headers("POST", [(b"content-type", b"application/x-www-form-urlencoded")]) is None


@pytest.mark.parametrize("method", ["TRACE", "MERGE", "POST"])
async def test_unknown_methods_are_answered_with_405(site: Any, method: str) -> None:
    for path in ("/statements.json", "/statements/debates.json", "/statements/debates_by_mentions.json"):
        answer = await site.client.request(method, path)
        assert answer.status_code == 405, path
