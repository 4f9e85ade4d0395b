"""The specimens with people of each role, whose programs ask by the protocol."""

import pytest

from accounts import store
from tests.support.sites import open_site
from web.protocol.responses import PROFILE


@pytest.fixture
def client(site, accounts_folder, root):
    return open_site(accounts_folder / "statements.db").client


@pytest.fixture
def ask(client, accounts_folder, monkeypatch, specimens):
    monkeypatch.setenv("QUOTES", str(specimens / "quotes"))
    with store.open_accounts(accounts_folder / "accounts.db") as conn:
        store.save_user(conn, "Bea", "seven quiet pamphlets", "annotator", 0)
        tokens = {name: store.make_token(conn, name, 0) for name in ("Ada", "Bea", "Rex", "Una")}

    async def ask(method, path, status, sent=None, by="Ada", **headers):
        named = {"Content-Type": PROFILE} | {key.replace("_", "-"): value for key, value in headers.items()}
        named |= {"Authorization": f"Bearer {tokens[by]}"} if by else {}
        body = {"content": sent} if isinstance(sent, bytes) else {"json": sent} if sent is not None else {}
        response = await client.request(method, path, headers=named, **body)
        assert status in (None, response.status_code), f"{method} {path}: {response.status_code}: {response.text[:300]}"
        return response

    return ask
