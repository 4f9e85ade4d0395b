"""The specimens with people of each role, and visitors who have signed in."""

import shutil

import pytest

from accounts import store
from tests.support.sites import open_site
from tests.support.users import make_accounts
from tests.support.visitors import Visitor
from web.http.auth import make_csrf_token


@pytest.fixture
def folder(tmp_path, site_db, specimens, monkeypatch):
    monkeypatch.setenv("QUOTES", str(specimens / "quotes"))
    shutil.copy(site_db, tmp_path / "statements.db")
    return tmp_path


@pytest.fixture
def tokens(folder):
    made = make_accounts(folder, Ada="annotator", Bea="annotator", Rex="reviewer", Una="reader")
    return {name: {"Authorization": f"Bearer {token}"} for name, token in made.items()}


@pytest.fixture
def ds(site, folder, tokens, root):
    return open_site(folder / "statements.db")


@pytest.fixture
def client(ds):
    return ds.client


@pytest.fixture
def visitor(client, folder, tokens):
    async def signed_in(name):
        cookies = dict((await client.get("/sign-in")).cookies)
        with store.open_accounts(folder / "accounts.db") as conn:
            cookies["session"] = store.start_session(conn, name, 2**31)
        cookies["ds_csrftoken"] = make_csrf_token(client.ds, cookies["session"])
        return Visitor(client, cookies)

    return signed_in


@pytest.fixture
async def ada(visitor):
    return await visitor("Ada")
