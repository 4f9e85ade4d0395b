"""Requests that a browser of a signed-in person may be made to send by another site: none of them writes."""

import pytest

from accounts import store
from db.journal.entries import read_journal
from tests.support.note_forms import GOOD
from tests.support.sites import open_site
from tests.support.users import PASSWORD
from tests.support.visitors import get_session_cookies

OWN = "http://localhost"
FORM = "application/x-www-form-urlencoded"
PAGES = ("/annotate", "/undo", "/sign-out", "/q/specimen-1/reply")
FIELDS = {**GOOD, "entry": "x", "stance": "agrees", "text": "x"}
ORIGINS = (
    *("null", "", "https://evil.example", "http://localhost.evil.example", "http://localhost:9", "https://localhost"),
    *(
        "file://",
        "http://localhost@evil.example",
        "http://127.0.0.1",
        "http://[::1]",
        "localhost",
        "http://localhost,x",
    ),
)
SITES = ("cross-site", "same-site", "", "SAME-ORIGIN", "same-origin, cross-site", "x")
# headers of a request with the right token, each of which gives it away
WRONG_HEADERS = (
    *([("origin", origin)] for origin in ORIGINS),
    *([("sec-fetch-site", site)] for site in SITES),
    *([("origin", OWN), ("sec-fetch-site", site)] for site in SITES),
    [("origin", OWN), ("origin", "https://evil.example")],
    [("origin", "https://evil.example"), ("origin", OWN)],
    [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-origin")],
    [("host", "evil.example"), ("origin", "http://evil.example")],
    [("x-forwarded-host", "evil.example"), ("origin", "http://evil.example")],
    [("host", "localhost"), ("host", "evil.example")],
    [("authorization", "Bearer "), ("origin", "https://evil.example")],
    [("authorization", "bearer x"), ("origin", "https://evil.example")],
    [("authorization", "Basic x"), ("origin", "https://evil.example")],
    [("x-csrftoken", "x")],
)
# content types of a request without a token, with what it sends
WRONG_BODIES = (
    *(
        (kind, b"a=b")
        for kind in ("text/plain", "", FORM, f"{FORM}; charset=utf-7", f"{FORM}, text/plain", "a/b", "*/*")
    ),
    *((kind, b'{"a": "b"}') for kind in ("text/plain", "application/json", "application/json;x", "text/json", FORM)),
    *(
        (kind, b"--q\r\n\r\nx\r\n--q--")
        for kind in ("multipart/form-data; boundary=q", "multipart/form-data", "multipart/x")
    ),
)
PATHS = (
    *(
        "/./annotate",
        "//annotate",
        "/annotate/",
        "/%61nnotate",
        "/annotate%2f",
        "/annotate;x",
        "/ANNOTATE",
        "/annotate%00",
    ),
    *(
        "/annotations/../annotate",
        "/annotations/%2e%2e/annotate",
        "/annotations/..%2fannotate",
        "/annotations//annotate",
    ),
    *(
        "/annotate?_method=POST",
        "/annotate?csrftoken=x",
        "/x/../annotate",
        "/annotate%20",
        "/annotate%23",
        "/\\annotate",
    ),
    *(
        "/q/specimen-1/./reply",
        "/q/specimen-1//reply",
        "/q//reply",
        "/q/x%2f..%2fspecimen-1/reply",
        "/annotations/;/annotate",
    ),
)
METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "MERGE")
OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")


class Target:
    """A person signed in, whose browser sends what another site wants."""

    def __init__(self, client, folder, cookies):
        self.client, self.folder, self.cookies = client, folder, cookies

    async def send(self, path, headers=(), cookies=None, method="POST", **body):
        jar = "; ".join(f"{name}={value}" for name, value in (cookies or self.cookies).items())
        body = body or {"data": {**FIELDS, "csrftoken": self.cookies["ds_csrftoken"]}}
        return await self.client.request(method, path, headers=[*headers, ("cookie", jar)], **body)

    async def check(self, answer):
        where = (answer.request.method, str(answer.request.url), answer.request.headers, answer.status_code)
        to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
        read = answer.request.method in ("GET", "HEAD", "OPTIONS") or answer.status_code in (301, 302, 308)
        assert 400 <= answer.status_code < 500 or to_sign_in or read, where
        assert read_journal(self.folder / "journal.db") == [], where


@pytest.fixture
async def target(accounts_folder):
    client = open_site(accounts_folder / "statements.db").client
    target = Target(client, accounts_folder, await get_session_cookies(client, "Ada"))
    yield target
    with store.open_accounts(accounts_folder / "accounts.db") as conn:
        assert store.find_session_actor(conn, target.cookies["session"], 0) is not None
    assert (await target.send("/annotate", [("origin", OWN), ("sec-fetch-site", "same-origin")])).status_code == 303
    assert len(read_journal(accounts_folder / "journal.db")) == 1


async def test_wrong_headers_with_the_right_token(target):
    for number, headers in enumerate(WRONG_HEADERS):
        for page in {PAGES[number % len(PAGES)], "/annotate"}:
            answer = await target.send(page, headers)
            assert answer.status_code in (400, 401, 403), headers
            await target.check(answer)


async def test_wrong_tokens(target):
    bea = (await get_session_cookies(target.client, "Rex"))["ds_csrftoken"]
    stray = (await target.client.get("/sign-in")).cookies["ds_csrftoken"]
    own = target.cookies["ds_csrftoken"]
    for token in (None, "", "x", bea, stray, own[:-1], own + "x", own.upper(), f"{own} ", f"{own}\x00", "é"):
        fields = FIELDS if token is None else {**FIELDS, "csrftoken": token}
        for planted in (target.cookies, {**target.cookies, "ds_csrftoken": token or ""}):
            if token is None or (planted["ds_csrftoken"].isascii() and planted["ds_csrftoken"].isprintable()):
                answer = await target.send("/annotate", cookies=planted, data=fields)
                assert answer.status_code in (400, 403), token
                await target.check(answer)
    for body in ({"data": FIELDS}, {"json": {**FIELDS, "csrftoken": stray}}):
        await target.check(await target.send(f"/annotate?csrftoken={own}", **body))


async def test_bodies_of_other_kinds_without_a_token(target):
    for number, (kind, content) in enumerate(WRONG_BODIES):
        for page in {PAGES[number % len(PAGES)], "/annotate"}:
            answer = await target.send(page, [("content-type", kind)] if kind else (), content=content)
            assert answer.status_code in (400, 403, 415), (kind, page)
            await target.check(answer)
    answer = await target.send("/annotate", [("authorization", "Bearer x")])
    assert answer.status_code == 401  # a request with a token has no session
    both = [("transfer-encoding", "chunked"), ("content-length", "3")]
    assert (await target.send("/annotate", both, content=b"a=b")).status_code == 411
    two = [("content-type", "text/plain"), ("content-type", FORM)]
    assert (await target.send("/annotate", two, content=b"a=b")).status_code == 400


async def test_other_ways_to_write_an_address_or_a_method(target):
    for path in PATHS:
        await target.check(await target.send(path, data=FIELDS))
    for method in METHODS:
        for page in PAGES[:2]:
            await target.check(await target.send(f"{page}?exact=x&entry=x", method=method))
    for name in OVERRIDES:
        for method in ("GET", "PUT"):
            await target.check(await target.send("/undo?entry=x", [(name, "POST")], method=method))


COOKIES = (
    *(
        "a,b=1; ",
        "=; ",
        ";;;",
        "x; ",
        '"; ',
        "$Path=/; ",
        "a=b=c; ",
        "session; ",
        "ds_csrftoken=x; ",
        "a(b)=1; ",
        'q="a;b"; ',
    ),
)


async def test_odd_cookies_of_a_neighbouring_host_neither_fail_nor_hide_the_session(target):
    own = "; ".join(f"{name}={value}" for name, value in target.cookies.items())
    for odd in COOKIES:
        for jar in (odd + own, f"{own}; {odd}"):
            page = await target.client.get("/sign-in", headers={"cookie": jar})
            assert (page.status_code, "account-out" in page.text) == (200, True), jar
        await target.check(await target.client.post("/annotate", headers={"cookie": odd + own}, data=FIELDS))


async def test_another_site_cannot_sign_a_person_in(target):
    stray = (await target.client.get("/sign-in")).cookies["ds_csrftoken"]
    fields = {"name": "Rex", "password": PASSWORD}
    for headers in ([("origin", "https://evil.example")], [("origin", "null")], [("sec-fetch-site", "cross-site")]):
        answer = await target.client.post("/sign-in", data={**fields, "csrftoken": stray}, headers=headers)
        assert (answer.status_code, "session" in answer.cookies) == (403, False)
    for token in ("", "x", stray):  # a token without its cookie
        assert (await target.client.post("/sign-in", data={**fields, "csrftoken": token})).status_code == 403


async def test_a_site_that_does_not_know_its_address_says_so(target):
    here = [("host", "box.example"), ("origin", "http://box.example")]
    assert "BASE_URL" in (await target.send("/annotate", here)).text


async def test_a_program_of_another_site_writes_with_a_token_alone(accounts_folder):
    client = open_site(accounts_folder / "statements.db").client
    with store.open_accounts(accounts_folder / "accounts.db") as conn:
        token = store.make_token(conn, "Ada", 0)
    headers = {"Authorization": f"Bearer {token}", "Origin": "https://tool.example"}
    assert (await client.post("/annotate", json=GOOD, headers=headers)).status_code == 201
    assert len(read_journal(accounts_folder / "journal.db")) == 1
