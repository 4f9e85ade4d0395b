"""A final slash leads to the address without it, never to another site."""

from typing import Any

import pytest

from web.middleware.trailing_slash import remove_final_slash

DEBATE, SPEECH, POINT = "/debate/d-2008-06-22c-101-3", "/speech/d-2008-06-22c-101-5", "/guidance/participation-online"


@pytest.mark.parametrize(
    "path",
    [
        *(f"{DEBATE}/changes", f"{SPEECH}/editions", f"{SPEECH}/moment", f"{DEBATE}/blind", "/q/specimen-1", POINT),
        *(f"{POINT}/be-credible", "/q/specimen-1.bib", "/text/d-2008-06-22c-101-5", "/people", "/people/990002"),
        *("/feeds", "/feeds/changes.atom", "/api", "/api/openapi.json", "/verify", "/search", "/coverage.csv", "/log"),
        *("/annotations/specimen-1", "/statements/debates", "/statements", "/debates", "/sitemap.xml", "/nothing"),
    ],
)
async def test_a_final_slash_leads_to_the_address_without(site: Any, path: str) -> None:
    for slashed in (f"{path}/", f"{path}///", f"{path}/?as_of=2026-01"):
        answer = await site.client.get(slashed)
        assert answer.status_code in (301, 302), slashed
        assert answer.headers["location"] == slashed.replace("/?", "?").rstrip("/")
        assert answer.content == b""


@pytest.mark.parametrize("path", ["/", "/annotations/"])
async def test_an_address_with_a_slash_of_its_own_stays(site: Any, path: str) -> None:
    assert (await site.client.get(path)).status_code == 200


async def test_what_is_sent_is_not_redirected(site: Any) -> None:
    assert (await site.client.post("/verify/", data={"quote": "x"})).status_code != 301


@pytest.mark.parametrize(
    ("raw", "target"),
    [
        (b"/debate/x/", "/debate/x"),
        (b"/debate//x//", "/debate//x"),
        (b"/caf%C3%A9/", "/caf%C3%A9"),
        (b"//evil.example/", ""),
        (b"///evil.example//", ""),
        (b"/\\evil.example/", ""),
        (b"/x/..\\evil.example/", ""),
        (b"/\tevil.example/", ""),
        (b"/x\r\nLocation:y/", ""),
        (b"//", ""),
    ],
)
def test_the_address_without_slash_is_on_this_site(raw: bytes, target: str) -> None:
    assert remove_final_slash({"path": raw.decode(), "raw_path": raw}) == target


@pytest.mark.parametrize("raw", ["//evil.example/", "/%5Cevil.example/", "/%2Fevil.example/", "/q/%2F", "/q/a%2F"])
async def test_no_slash_leads_to_another_site_or_round_in_a_circle(site: Any, raw: str) -> None:
    answer = await site.client.get(f"http://localhost{raw}")
    location = answer.headers.get("location", "")
    assert not location.startswith(("//", "/\\", "http"))
    assert location != raw
