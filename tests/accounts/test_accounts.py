"""Accounts: passwords, roles, tokens, the limit on trying, and the forms and programs that may write."""

import stat

import httpx
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from datasette import hookimpl
from datasette.plugins import pm

from accounts import passwords, store
from accounts.__main__ import cli
from tests.support.sites import open_site
from tests.support.users import PASSWORD
from tests.support.visitors import send_sign_in
from web.http import auth as guard


@pytest.fixture
def ds(site, accounts_folder, root):
    return open_site(accounts_folder / "statements.db")


@pytest.fixture
def client(ds):
    return ds.client


def test_only_the_right_password_matches_the_stored_hash():
    kept = passwords.hash_password(PASSWORD)
    assert passwords.verify_password(PASSWORD, kept)
    assert not passwords.verify_password(PASSWORD + " ", kept)
    assert kept != passwords.hash_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaaaaaa", "AdaAdaAdaAda", "x" * 1001])
def test_a_weak_password_is_refused(accounts_folder, password):
    with (
        store.open_accounts(accounts_folder / "accounts.db") as conn,
        pytest.raises(store.AccountError, match="too weak"),
    ):
        store.save_user(conn, "Ada", password, "reader", 0)


@pytest.mark.parametrize("name", ["", " Ada", "Ada ", "Ada\n", "A" * 61, "A\u202eda", "A\0", "<b>", "A\u200bda"])
def test_a_confusing_name_is_refused(accounts_folder, name):
    with (
        store.open_accounts(accounts_folder / "accounts.db") as conn,
        pytest.raises(store.AccountError, match="is not a name"),
    ):
        store.save_user(conn, name, PASSWORD, "reader", 0)


def test_the_command_line_manages_accounts_and_never_takes_a_password_as_argument(tmp_path):
    def run(*arguments, typed=""):
        return CliRunner().invoke(cli, [*arguments, "--db-dir", str(tmp_path)], input=typed)

    made = run("user", "Ada", "--role", "reviewer", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "Ada can now sign in as reviewer." in made.output
    assert PASSWORD not in made.output
    assert stat.S_IMODE((tmp_path / "accounts.db").stat().st_mode) == 0o600
    token = run("token", "ada").output.strip()
    assert token.encode() not in (tmp_path / "accounts.db").read_bytes()
    assert run("list").output == "Ada\treviewer\t1 token\n"
    assert run("revoke", "Ada").output == "1 session or token ended.\n"
    assert run("remove", "Ada").exit_code == 0
    assert run("list").output == "no accounts yet; make one: dispatch-box user add NAME\n"


@pytest.mark.parametrize("verb", ["token", "revoke", "remove"])
def test_a_name_that_no_account_has_is_an_error(tmp_path, verb):
    result = CliRunner().invoke(cli, [verb, "Aad", "--db-dir", str(tmp_path)])
    assert isinstance(result.exception, store.AccountError)
    assert "there is no account Aad" in str(result.exception)


def test_listing_accounts_makes_no_folder(tmp_path):
    result = CliRunner().invoke(cli, ["list", "--db-dir", str(tmp_path / "typo")])
    assert result.exit_code != 0
    assert not (tmp_path / "typo").exists()


def test_a_wrong_name_is_told_before_a_password_is_asked_for(tmp_path):
    result = CliRunner().invoke(cli, ["user", "<b>", "--db-dir", str(tmp_path)])
    assert isinstance(result.exception, store.AccountError)
    assert "Password" not in result.output


def test_too_many_attempts_must_wait_whether_or_not_the_name_exists(accounts_folder):
    with store.open_accounts(accounts_folder / "accounts.db") as conn:
        for name in ("Ada", "Nobody"):
            assert {store.try_password(conn, name, "wrong", "10.0.0.1", 100) for _ in range(10)} == {None}
            assert store.try_password(conn, name, PASSWORD, "10.0.0.1", 160) == 15 * 60 - 60
        assert store.try_password(conn, "Ada", PASSWORD, "10.0.0.1", 100 + 15 * 60) == store.Actor("Ada", "annotator")
        for number in range(30):
            assert store.try_password(conn, "Una", PASSWORD, f"2001:db8::{number}", 5000) == store.Actor(
                "Una", "reader"
            )
            assert store.try_password(conn, f"n{number}", "wrong", f"2001:db8::{number}", 5000) is None
        assert store.try_password(conn, "Rex", PASSWORD, "2001:db8::ffff", 5000) == 15 * 60


def test_nobody_can_lock_a_person_out_by_trying_their_name(accounts_folder):
    ada = store.Actor("Ada", "annotator")
    with store.open_accounts(accounts_folder / "accounts.db") as conn:
        for number in range(150):
            assert store.try_password(conn, "Ada", "wrong", f"10.0.{number}.1", 100) is None
        assert store.try_password(conn, "Ada", PASSWORD, "10.1.0.9", 100) == ada
        assert {store.try_password(conn, "Ada", "wrong", "10.1.0.9", 100) for _ in range(11)} == {None, 15 * 60}
        assert store.try_password(conn, "Ada", PASSWORD, "10.1.0.9", 100, browser="b1") == ada
        assert {store.try_password(conn, "Ada", "wrong", "10.1.0.9", 100, browser="b1") for _ in range(11)} == {
            None,
            15 * 60,
        }
        assert store.try_password(conn, "Ada", PASSWORD, "10.1.0.9", 100, browser="b2") == ada


def test_a_new_password_ends_sessions_and_tokens(accounts_folder):
    with store.open_accounts(accounts_folder / "accounts.db") as conn:
        session, token, other = (
            store.start_session(conn, "Ada", 1),
            store.make_token(conn, "ada", 1),
            store.make_token(conn, "Rex", 1),
        )
        store.save_user(conn, "ADA", "eight quiet pamphlets", "annotator", 2)
        assert store.find_session_actor(conn, session, 3) is None
        assert store.find_token_actor(conn, token) is None
        assert store.find_token_actor(conn, other) == store.Actor("Rex", "reviewer")


async def test_a_browser_in_which_the_person_signed_in_has_its_own_limit(client):
    answer, cookies = await send_sign_in(client)
    cookies |= dict(answer.cookies)
    for _ in range(11):
        refused, _ = await send_sign_in(client, "Ada", "wrong wrong wrong")
    assert refused.status_code == 429
    page = await client.get("/sign-in", cookies=cookies)
    token = BeautifulSoup(page.text, "html.parser").select_one("form.account [name=csrftoken]")["value"]
    sent = {"csrftoken": token, "name": "ada", "password": PASSWORD}
    assert (await client.post("/sign-in", data={**sent, "name": "Rex"}, cookies=cookies)).status_code == 303
    assert (await client.post("/sign-in", data=sent, cookies=cookies)).status_code == 303


async def test_signing_in_sets_an_http_only_cookie_and_signing_out_ends_the_session(client):
    response, cookies = await send_sign_in(client, to="/debates?year=2008")
    assert (response.status_code, response.headers["location"]) == (303, "/debates?year=2008")
    set_cookie = response.headers["set-cookie"]
    assert "HttpOnly" in set_cookie
    assert "samesite=lax" in set_cookie.lower()
    assert "Secure" not in set_cookie
    cookies |= dict(response.cookies)
    page = await client.get("/debates", cookies=cookies)
    assert page.headers["cache-control"] == "private, no-store"
    out = BeautifulSoup(page.text, "html.parser").select_one("form.account-out")
    assert "Ada" in out.text
    token = out.find("input")["value"]
    assert (await client.post("/sign-out", data={}, cookies=cookies)).status_code == 403
    assert (await client.get("/sign-out", cookies=cookies)).status_code == 405
    assert (await client.post("/sign-out", data={"csrftoken": token}, cookies=cookies)).status_code == 303
    assert "account-out" not in (await client.get("/debates", cookies=cookies)).text


async def test_behind_tls_every_cookie_is_secure(ds):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=ds.app())) as client:
        page = await client.get("https://localhost/sign-in")
    assert page.headers["set-cookie"].endswith("; HttpOnly; Secure")


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client):
    answers = [(await send_sign_in(client, name, "wrong wrong wrong"))[0] for name in ("Ada", "Nobody")]
    told = [BeautifulSoup(answer.text, "html.parser").select_one("#problem").text for answer in answers]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert told[0] == told[1]


async def test_too_many_attempts_are_answered_with_the_time_to_wait(client):
    for _ in range(10):
        await send_sign_in(client, "Ada", "wrong wrong wrong")
    response, _ = await send_sign_in(client)
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 900


async def test_a_form_of_another_site_cannot_sign_in(client):
    sent = {"name": "Ada", "password": PASSWORD, "csrftoken": "x"}
    assert (await client.post("/sign-in", data=sent)).status_code == 403


@pytest.mark.parametrize("to", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/sign-out", ""])
async def test_signing_in_never_leads_to_another_site(client, to):
    assert (await send_sign_in(client, to=to))[0].headers["location"] == "/"


def test_roles_have_the_permissions_of_the_metadata(ds):
    ada, rex, una = ({"id": n, "role": r} for n, r in (("Ada", "annotator"), ("Rex", "reviewer"), ("Una", "reader")))
    assert [guard.may_act(ds, who, "annotate") for who in (ada, rex, una, None)] == [True, True, False, False]
    assert [guard.may_act(ds, who, "review") for who in (ada, rex, una, None)] == [False, True, False, False]
    assert guard.may_act(ds, ada, "edit own", owner="Ada")
    assert not guard.may_act(ds, rex, "edit own", owner="Ada")
    with pytest.raises(KeyError):
        guard.may_act(ds, ada, "fly")


@pytest.fixture
def route(ds):
    """A page that writes, for annotators."""

    @guard.accept_writes("annotate")
    async def wrote(datasette, request, posted):
        return await guard.answer_done(
            request, {"by": posted.actor["id"], "note": posted.fields["note"]}, "/debates", 201
        )

    class Plugin:
        __name__ = "wrote"

        @staticmethod
        @hookimpl
        def register_routes():
            return [(r"^/wrote$", wrote)]

    pm.register(Plugin(), name="wrote")
    yield
    pm.unregister(name="wrote")


async def test_only_a_token_or_a_form_with_its_csrf_token_can_write(route, accounts_folder, root):
    client = open_site(accounts_folder / "statements.db").client
    with store.open_accounts(accounts_folder / "accounts.db") as conn:
        tokens = {name: {"Authorization": f"Bearer {store.make_token(conn, name, 0)}"} for name in ("Ada", "Una")}
    response = await client.post("/wrote", json={"note": "n"}, headers=tokens["Ada"])
    assert (response.status_code, response.json()) == (201, {"ok": True, "by": "Ada", "note": "n"})
    assert (await client.post("/wrote", json={"note": "n"}, headers=tokens["Una"])).status_code == 403
    wrong = await client.post("/wrote", json={"note": "n"}, headers={"Authorization": "Bearer box_x"})
    assert (wrong.status_code, wrong.headers["www-authenticate"]) == (401, "Bearer")
    assert (
        await client.post("/wrote", content=b"[1]", headers={**tokens["Ada"], "Content-Type": "application/json"})
    ).status_code == 400
    answer, cookies = await send_sign_in(client)
    cookies |= dict(answer.cookies)
    assert (await client.post("/wrote", data={"note": "n"}, cookies=cookies)).status_code == 403
    only = {"session": cookies["session"]}
    stolen = await client.post("/wrote", data={"note": "n"}, cookies=only, headers={"Authorization": "Bearer x"})
    assert stolen.status_code == 401
    sent = {"note": "n", "csrftoken": cookies["ds_csrftoken"]}
    assert (await client.post("/wrote", data=sent, cookies=cookies)).headers["location"] == "/debates"
    assert (await client.post("/wrote", data=sent)).status_code == 401
