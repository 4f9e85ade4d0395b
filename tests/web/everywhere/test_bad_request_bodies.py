"""Whatever is sent to a page that writes, the answer is a sentence and never an error of the server's."""

import re
from itertools import chain

import pytest
from datasette.plugins import pm

from accounts import store
from db.journal.entries import EntryDraft
from db.journal.payload_schemas import find_problem
from tests.support.profiles import NIGHTLY
from tests.support.sites import open_site
from tests.support.visitors import send_sign_in

pytestmark = pytest.mark.slow

FORM = "application/x-www-form-urlencoded"
DEEP = b"[" * 200_000
BODIES = {
    "nothing": (None, b""),
    "no kind": (None, b"a=b"),
    "another kind": ("text/plain", b"words"),
    "parts": ("multipart/form-data; boundary=q", b"--q\r\n\r\n--q--"),
    "parts without a boundary": ("multipart/form-data", b"x"),
    "not UTF-8": (FORM, b"note=\xff"),
    "not UTF-8, escaped": (FORM, b"note=%ff"),
    "a token that is not ASCII": (FORM, "csrftoken=é".encode()),
    "a token that is not ASCII, escaped": (FORM, b"csrftoken=%C3%A9"),
    "two tokens": (FORM, b"csrftoken=a&csrftoken=b"),
    "an array": ("application/json", b"[1]"),
    "null": ("application/json", b"null"),
    "deep": ("application/json", DEEP),
    "broken": ("application/json", b'{"a":'),
    "JSON that is not UTF-8": ("application/json", b'{"a": "\xff"}'),
    "many fields": (FORM, b"&".join(b"f%d=1" % n for n in range(80_000))),
    "too long": (FORM, b"a=" + b"x" * 1_000_001),
    "NUL": (FORM, b"id=%00&to=%00&speech=%00&exact=%00&name=%00&password=%00&note=%00&entry=%00&start=%00"),
    "lone surrogates": (
        "application/json",
        b"{%s}" % b",".join(b'"%s":"\\ud800"' % n for n in (b"exact", b"speech", b"point", b"note", b"entry", b"text")),
    ),
    "objects for words": (
        "application/json",
        b"{%s}"
        % b",".join(b'"%s":{}' % n for n in (b"exact", b"speech", b"point", b"note", b"entry", b"text", b"start")),
    ),
}
READ = re.compile(r"editions|\(\?!|\.jsonld|\.atom")  # addresses that name such a page only to leave it out, and files
PATHS = [
    "/sign-in", "/sign-out", "/undo", "/annotate", "/review", "/review/decide", "/review/batch", "/review/mend",
    "/review/changed", "/annotations/", "/annotations/specimen-1", "/q/specimen-1/edit", "/q/specimen-1/withdraw",
    "/q/specimen-1/restore", "/q/specimen-1/reply", "/debate/x/blind", "/speech/2008-06-22c.101.5/moment",
    "/moment/x/withdraw", "/moment/x/restore", "/verify", "/", "/log", "/reply/specimen-1-r1/edit",
    "/reply/specimen-1-r1/withdraw",
]  # fmt: skip


@pytest.fixture
async def asking(site, accounts_folder, root):
    """A client, and the headers of nobody, of a reviewer signed in, and of a reviewer's program."""
    client = open_site(accounts_folder / "statements.db").client
    with store.open_accounts(accounts_folder / "accounts.db") as conn:
        token = store.make_token(conn, "Rex", 0)
    answer, cookies = await send_sign_in(client, "Rex")
    cookies |= dict(answer.cookies)
    signed = "; ".join(f"{name}={value}" for name, value in cookies.items())
    own = {"Cookie": signed, "X-CSRFToken": cookies["ds_csrftoken"]}
    return client, [{}, {"Cookie": signed}, own, {"Authorization": f"Bearer {token}"}]


@pytest.mark.parametrize("path", PATHS)
async def test_no_body_makes_the_server_fail(asking, path):
    client, visitors = asking
    for turn, (what, (kind, body)) in enumerate(BODIES.items(), start=PATHS.index(path)):
        for number in choose_visitors(turn, len(visitors)):
            sent = {**visitors[number], **({"Content-Type": kind} if kind else {})}
            response = await client.post(path, content=body, headers=sent)
            where = f"{path}, {what}, visitor {number}: {response.status_code}: {response.text[:300]}"
            assert response.status_code < 500, where
            assert "Traceback" not in response.text, where
            assert response.status_code < 400 or re.search(r"\w+ \w+", response.text), where


def choose_visitors(turn, number):
    """Choose by day one visitor for each path and body, all in turn; at night all of them."""
    return range(number) if NIGHTLY else [turn % number]


def test_every_route_that_takes_a_form_is_tried(site):
    routes = chain.from_iterable(each or [] for each in pm.hook.register_routes(datasette=site))
    ways = re.compile(r"sign-|undo|annot|/edit|withdraw|restore|reply|blind|moment|decide|batch|mend")
    patterns = [pattern for pattern, _ in routes if ways.search(pattern) and not READ.search(pattern)]
    assert patterns
    assert [each for each in patterns if not any(re.match(each, path) for path in (*PATHS, "/annotations"))] == []


@pytest.mark.parametrize("id", [".", ".."])
def test_an_id_that_no_address_can_name_is_refused(id):
    draft = EntryDraft("ada", "withdraw", {"annotation": id})
    assert find_problem(draft.actor, draft.kind, draft.payload)
    assert not find_problem(draft.actor, draft.kind, {"annotation": "..."})


@pytest.mark.parametrize("key", ["id", "target", "point", "creator", "created", "via"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\x00"])
def test_a_line_end_in_a_one_line_field_is_refused(key, end):
    said = {"id": "a", "target": "t", "selector": {"exact": "w"}, "point": "p", "reading": "said", "note": ""}
    said |= {"creator": "Ada", "created": "2009", "via": "https://a.example/"}
    assert not find_problem("ada", "annotate", said)
    assert find_problem("ada", "annotate", {**said, key: said[key] + end})


def test_a_long_invalid_name_is_refused_quickly():
    made = {"creator": "a" * 900_000 + "\nb", "debate": "d"}
    assert find_problem("ada", "done", made)
