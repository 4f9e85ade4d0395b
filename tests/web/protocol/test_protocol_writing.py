"""The W3C Annotation Protocol at /annotations/, as its list of MUSTs for writing has it."""

import json
import socket
from asyncio import gather
from threading import Barrier
from uuid import uuid4

import pytest

from annotations.commands import journal_writer as writer
from tests.support.protocol import (
    ROOT,
    answer,
    count_total,
    get_location_path,
    make_point_body,
    make_quote_target,
    note,
    words,
)
from tests.support.visitors import send_sign_in
from web.protocol.responses import JSONLD, LDP, PROFILE


async def test_a_posted_annotation_is_created_below_the_container_and_returned_as_stored(ask):
    before, name = await count_total(ask), f"urn:uuid:{uuid4()}"
    made = await ask("POST", ROOT, 201, note(id="https://example.org/a/1", canonical=name), Slug="../mine")
    told, body = made.headers, made.json()
    assert told["location"] == told["content-location"] == body["id"]
    assert body["id"].startswith(f"http://localhost{ROOT}")
    assert told["etag"].startswith('"')
    assert told["link"] == f'<{LDP}Resource>; rel="type"'
    assert told["allow"] == "GET, HEAD, OPTIONS, PUT, DELETE"
    assert told["content-type"] == PROFILE
    assert (body["canonical"], body["via"]) == (name, "https://example.org/a/1")
    assert body["creator"]["name"] == "Ada"
    got = await ask("GET", get_location_path(made), 200, Cookie="x=1")
    assert (got.json(), got.headers["etag"]) == (body, told["etag"])
    assert await count_total(ask) == before + 1
    await ask("POST", ROOT, 409, note(canonical=name))


async def test_only_the_author_may_put_and_only_with_a_current_etag(ask):
    made = await ask("POST", ROOT, 201, note())
    tag, changed = made.headers["etag"], {**made.json(), "body": [make_point_body(), words("implied", "assessing")]}
    await ask("PUT", get_location_path(made), 403, changed, by="Bea")
    await ask("PUT", get_location_path(made), 412, changed, If_Match='"stale"')
    await ask("PUT", get_location_path(made), 412, changed, If_Match=f"W/{tag}")
    put = await ask("PUT", get_location_path(made), 200, changed, If_Match=f'"stale", {tag}')
    assert put.headers["etag"] != tag
    assert "implied" in put.text
    await ask("PUT", get_location_path(made), 412, made.json(), If_Match=tag)
    await ask("PUT", get_location_path(made), 200, made.json())
    await ask("PUT", f"{ROOT}nothing", 404, changed)


async def test_deleted_annotations_are_gone(ask):
    made = await ask("POST", ROOT, 201, note())
    await ask("DELETE", get_location_path(made), 403, by="Bea")
    await ask("DELETE", get_location_path(made), 412, If_Match='"stale"')
    assert (await ask("DELETE", get_location_path(made), 204, If_Match=made.headers["etag"])).content == b""
    for method in ("GET", "DELETE"):
        await ask(method, get_location_path(made), 410, Cookie="x=1")
    await ask("PUT", get_location_path(made), 410, note())


async def test_a_reply_is_posted_changed_and_taken_back_by_its_author_or_with_a_reason_by_a_reviewer(ask):
    to = "http://localhost/annotations/specimen-1"
    made = await ask("POST", ROOT, 201, answer(to), by="Bea")
    assert made.json()["motivation"] == "replying"
    await ask("PUT", get_location_path(made), 403, answer(to, "agrees"))
    silent = {**answer(to), "body": [words(" ", "replying"), words("agrees", "assessing")]}
    for other, status in ((answer(f"{to}0"), 409), (note(), 409), (silent, 422)):
        assert " " in (await ask("PUT", get_location_path(made), status, other, by="Bea")).text
    put = await ask("PUT", get_location_path(made), 200, answer(to, "agrees"), by="Bea", If_Match=made.headers["etag"])
    assert put.json()["body"][1]["value"] == "agrees"
    await ask("PUT", get_location_path(made), 412, answer(to), by="Bea", If_Match=made.headers["etag"])
    await ask("DELETE", get_location_path(made), 403)
    await ask("DELETE", get_location_path(made), 400, by="Rex")
    before = await count_total(ask)
    await ask("DELETE", f"{get_location_path(made)}?reason=No.", 204, by="Rex", If_Match=put.headers["etag"])
    await ask("GET", get_location_path(made), 410, Cookie="x=1")
    assert await count_total(ask) == before - 1
    await ask("POST", ROOT, 422, answer("http://localhost/annotations/nothing"))
    gone = await ask("POST", ROOT, 201, note())
    await ask("DELETE", get_location_path(gone), 204)
    await ask("POST", ROOT, 422, answer(gone.json()["id"]))


@pytest.mark.parametrize(("method", "done"), [("PUT", 200), ("DELETE", 204)])
@pytest.mark.parametrize("what", [note(), answer("http://localhost/annotations/specimen-1")])
async def test_of_two_simultaneous_writes_only_one_succeeds(ask, monkeypatch, method, done, what):
    made = await ask("POST", ROOT, 201, what)
    together, enter = Barrier(2), writer.enter_drafts

    def wait(*given):
        together.wait(60)
        return enter(*given)

    monkeypatch.setattr(writer, "enter_drafts", wait)
    said = {"commenting", "replying"}
    bodies = [[words(text, one["purpose"]) if one["purpose"] in said else one for one in what["body"]] for text in "AB"]
    sent = [{**what, "body": body} for body in bodies]
    told = await gather(
        *(ask(method, get_location_path(made), None, body, If_Match=made.headers["etag"]) for body in sent)
    )
    assert sorted(each.status_code for each in told) == [done, 412]


async def test_a_preflight_request_lists_allowed_methods_and_headers(ask):
    for path, allowed in ((ROOT, "POST"), (f"{ROOT}specimen-1", "PUT")):
        asked = {"Origin": "https://example.org", "Access_Control_Request_Method": allowed}
        told = (await ask("OPTIONS", path, 200, by=None, **asked)).headers
        assert allowed in told["access-control-allow-methods"]
        assert {"Authorization", "If-Match"} <= set(told["access-control-allow-headers"].split(", "))
        assert "access-control-allow-credentials" not in told
    assert (await ask("OPTIONS", ROOT, 200, by=None)).headers["accept-post"].startswith(JSONLD)


async def test_writing_needs_a_token_of_the_right_role(ask, client):
    before = await count_total(ask)
    assert (await ask("POST", ROOT, 401, note(), by=None)).headers["www-authenticate"] == "Bearer"
    signed, cookies = await send_sign_in(client)
    jar = f"session={signed.cookies['session']}; ds_csrftoken={cookies['ds_csrftoken']}"
    for method, path in (("POST", ROOT), ("PUT", f"{ROOT}specimen-1"), ("DELETE", f"{ROOT}specimen-1")):
        asked = await ask(method, path, 401, note(), by=None, Cookie=jar)
        assert asked.headers["www-authenticate"] == "Bearer"
    await ask("POST", ROOT, 403, note(), by="Una")
    await ask("PATCH", f"{ROOT}specimen-1", 405, note())
    await ask("POST", f"{ROOT}specimen-1", 405, note(), X_HTTP_Method_Override="DELETE")
    assert await count_total(ask) == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 200_000, 400),
        (b"\xff", 400),
        (b"[1]", 400),
        (b"null", 400),
        (b'{"type": "Annotation", "target": NaN}', 422),
        (b"x" * 1_000_001, 413),
        (note(type="Person"), 422),
        (note(target=[make_quote_target(), make_quote_target()]), 422),
        (note(target={**make_quote_target(), "selector": {"type": "CssSelector", "value": "p"}}), 422),
        (note(target=make_quote_target("words that nobody ever said")), 422),
        (note(target=make_quote_target("\ud800")), 422),
        (note(body=[make_point_body(), make_point_body(), words("said", "assessing")]), 422),
        (note(body=[make_point_body("nowhere/at-all"), words("said", "assessing")]), 422),
        (note(body="said"), 422),
        (note(creator={"name": "Bea"}), 422),
        (note(canonical="https://example.org/1"), 422),
        (note(canonical=["x"]), 422),
        (note(canonical="urn:uuid:..", id=".."), 422),
    ],
)
async def test_invalid_bodies_are_refused_with_a_sentence_and_nothing_is_written(ask, body, status):
    before = await count_total(ask)
    refused = await ask("POST", ROOT, status, body if isinstance(body, bytes) else json.dumps(body).encode())
    assert " " in refused.text
    assert await count_total(ask) == before


@pytest.mark.parametrize("context", ["http://127.0.0.1:9/x", {"exact": "http://127.0.0.1:9/y"}, None, 7])
async def test_a_context_is_never_fetched(ask, context, monkeypatch):
    def reached(*where):
        raise AssertionError(f"asked for {where}")

    monkeypatch.setattr(socket.socket, "connect", reached)
    monkeypatch.setattr(socket, "getaddrinfo", reached)
    assert (await ask("POST", ROOT, 201, note(**{"@context": context}))).json()["@context"]


@pytest.mark.parametrize("id", ["%2E%2E%2Fx", "a%2Fb", "%F0%9F%92%A9", "%ff", "%00", "%ED%A0%80"])
async def test_an_id_that_is_not_there_is_not_found(ask, id):
    for method in ("PUT", "DELETE"):
        await ask(method, f"{ROOT}{id}", 404, note() if method == "PUT" else None)
