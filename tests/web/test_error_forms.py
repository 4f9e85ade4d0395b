"""Errors come in the form that was asked for, and methods that an address does not take get 405 with Allow."""

import re

import httpx
import pytest

HTML, JSON, TEXT = "text/html", "application/json", "text/plain"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
ERRORS = (  # address, header Accept, status, media type
    ("/q/nothing", BROWSER, 404, HTML),
    ("/q/nothing", "", 404, HTML),
    ("/q/nothing", JSON, 404, JSON),
    ("/q/nothing", "application/ld+json", 404, JSON),
    ("/q/nothing.json", BROWSER, 404, JSON),
    ("/q/nothing.jsonld", "", 404, JSON),
    ("/q/nothing.bib", "", 404, TEXT),
    ("/q/nothing.ris", BROWSER, 404, TEXT),
    ("/moment/nothing.jsonld", "", 404, JSON),
    ("/debate/nothing", JSON, 404, JSON),
    ("/debate/nothing", BROWSER, 404, HTML),
    ("/debate/nothing/changes?format=json", "", 404, JSON),
    ("/text/nothing", "", 404, TEXT),
    ("/people/999999", JSON, 404, JSON),
    ("/guidance/nothing", JSON, 404, JSON),
    ("/agreement/nothing.json", "", 404, JSON),
    ("/sentences/nothing.json", "", 404, JSON),
    ("/sitemap-99999.xml", "", 404, TEXT),
    ("/statements/nothing.json", "", 404, JSON),
    ("/statements/nothing", JSON, 404, JSON),
    ("/statements/nothing", BROWSER, 404, HTML),
    ("/statements.csv", "", 400, TEXT),
    ("/statements/speeches.json?_where=1", "", 400, JSON),
    ("/statements/speeches?_where=1", BROWSER, 400, TEXT),
    ("/coverage?as_of=x", JSON, 400, JSON),
    ("/coverage.csv?as_of=x", "", 400, TEXT),
    ("/nothing", JSON, 404, JSON),
    ("/nothing.json", "", 404, JSON),
    ("/nothing", BROWSER, 404, HTML),
)


@pytest.mark.parametrize(("address", "accept", "status", "media"), ERRORS)
async def test_an_error_has_the_form_that_was_asked_for(site, address, accept, status, media):
    answer = await site.client.get(address, headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (status, media)
    assert media != JSON or (answer.json()["ok"] is False and re.search(r"\w+", answer.json()["error"]))


READ, FORM, SEND = "GET, HEAD, OPTIONS", "GET, HEAD, POST, OPTIONS", "POST, OPTIONS"
ALLOWED = {
    **dict.fromkeys(("/", "/debates", "/debate/x", "/search", "/verify", "/q/specimen-1", "/coverage.csv"), READ),
    **dict.fromkeys(
        ("/log.json", "/feeds/log.atom", "/api/openapi.json", "/healthz", "/review", "/speech/x/editions"), READ
    ),
    **dict.fromkeys(("/statements", "/statements.json", "/statements/speeches", "/static/dispatchbox.css"), READ),
    **dict.fromkeys(
        ("/-/metadata.json", "/-/plugins", "/-/static/app.css", "/robots.txt", "/favicon.ico", "/.json"), READ
    ),
    **dict.fromkeys(("/annotate", "/sign-in", "/q/specimen-1/edit", "/q/specimen-1/reply", "/debate/x/blind"), FORM),
    **dict.fromkeys(("/undo", "/sign-out", "/review/decide", "/q/specimen-1/withdraw", "/moment/x/restore"), SEND),
}


@pytest.mark.parametrize("path", ALLOWED)
async def test_other_methods_get_405_and_options_gets_what_is_allowed(site, path):
    for method in {"POST", "PUT", "DELETE", "PATCH", "TRACE", "MERGE"} - set(ALLOWED[path].split(", ")):
        answer = await site.client.request(method, path)
        assert (answer.status_code, answer.headers.get("allow")) == (405, ALLOWED[path]), method
    options = await site.client.request("OPTIONS", path)
    assert (options.status_code, options.headers["allow"], options.content) == (204, ALLOWED[path], b"")


@pytest.mark.parametrize("path", ["/", "/debates", "/q/nothing", "/statements/speeches.json", "/log.json", "/verify"])
async def test_head_is_get_without_a_body(site, path):
    app, bodies = site.app(), []

    async def serve(scope, receive, send):
        async def note_body(message):  # httpx itself leaves the body of an answer to HEAD out
            bodies.append(message.get("body", b""))
            await send(message)

        await app(scope, receive, note_body)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=serve), base_url="http://localhost") as client:
        get = await client.get(path)
        assert b"".join(bodies) == get.content != b""
        bodies.clear()
        head = await client.head(path)
    assert (head.status_code, head.headers["content-type"]) == (get.status_code, get.headers["content-type"])
    assert len(bodies) > 1
    assert b"".join(bodies) == b""
