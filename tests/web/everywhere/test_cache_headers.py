"""What browsers and proxies may keep of every kind of answer, one row each."""

import pytest

from tests.support.visitors import get_session_cookies

A_MINUTE, HOUR, OWN = "public, max-age=60", "public, max-age=3600", "private, no-store"
AS_DATA = {"Accept": "application/ld+json"}
DEBATE = "/debate/d-2008-06-22c-101-3"
FOR_ALL = [
    *("/", DEBATE, "/debates", "/search?q=forum", "/q/specimen-1", "/coverage", "/guidance", "/log"),
    *("/coverage.csv", "/log.json", "/agreement.json", "/points.json", "/api/openapi.json", "/sitemap.xml"),
    *("/llms.txt", "/text/d-2008-06-22c-101-5", "/review", "/feeds/annotations.atom", "/annotations/specimen-1"),
]
TAGGED = ("/feeds/annotations.atom", "/annotations/specimen-1")  # they tell their tag to readers too
NEVER_PUBLIC = ["/nothing", "/q/nothing", "/debate/nothing", "/healthz", "/statements?sql=select+nonsense"]


@pytest.mark.parametrize("path", FOR_ALL)
async def test_public_answers_are_cached_for_a_minute_with_an_etag_and_private_ones_are_not(client, path):
    answer = await client.get(path, headers=AS_DATA if path.startswith("/annotations") else {})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, A_MINUTE)
    assert answer.headers["etag"]
    assert {"Cookie", "Authorization"} <= set(answer.headers["vary"].split(", "))
    assert "set-cookie" not in answer.headers
    own = await client.get(path, cookies={"session": "x"}, headers=AS_DATA if path.startswith("/annotations") else {})
    assert (own.headers["cache-control"], "etag" in own.headers) == (OWN, path in TAGGED)


@pytest.mark.parametrize("path", NEVER_PUBLIC)
async def test_errors_and_current_data_have_no_etag_and_are_not_cached_long(client, path):
    headers = (await client.get(path)).headers
    assert "etag" not in headers
    assert headers.get("cache-control", A_MINUTE) in (A_MINUTE, "no-store", OWN)


async def test_answers_to_forms_are_not_cached(client):
    cookies = await get_session_cookies(client, "Rex")
    sent = {"csrftoken": cookies["ds_csrftoken"]}
    for path, fields, status in (
        ("/annotate", {"exact": "zebra"}, 404),
        ("/undo", {}, 400),
        ("/review/decide", {}, 400),
    ):
        answer = await client.post(path, data={**sent, **fields}, cookies=cookies)
        assert (answer.status_code, answer.headers["cache-control"]) == (status, OWN), path


async def test_forms_without_sign_in_are_redirected_or_refused_and_not_cached(client):
    led = await client.post("/annotate", data={"exact": "zebra"})
    assert (led.status_code, led.headers["cache-control"]) == (303, OWN)
    assert led.headers["location"].startswith("/sign-in?to=")
    for path in ("/undo", "/review/decide"):
        answer = await client.post(path, data={})
        assert (answer.status_code, answer.headers["cache-control"]) == (401, OWN), path
