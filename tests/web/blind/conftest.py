"""The specimens with people of each role, some of whom annotate blind."""

import pytest

from accounts import store
from annotations.commands.archive_paths import find_archive_paths
from tests.support.blind import DEBATE
from tests.support.sites import open_site
from tests.support.users import copy_site


@pytest.fixture(autouse=True)
def quotes(monkeypatch, specimens):
    monkeypatch.setenv("QUOTES", str(specimens / "quotes"))


@pytest.fixture
def folder(tmp_path, site_db):
    return copy_site(site_db, tmp_path, Ada="annotator", Bob="annotator", Rex="reviewer", Una="reader")


@pytest.fixture
def ds(site, folder, root):
    return open_site(folder / "statements.db")


@pytest.fixture
def places(ds):
    return find_archive_paths(ds)


@pytest.fixture
def tokens(folder):
    with store.open_accounts(folder / "accounts.db") as conn:
        names = ("Ada", "Bob", "Rex", "Una")
        return {name: {"Authorization": f"Bearer {store.make_token(conn, name, 0)}"} for name in names}


@pytest.fixture
def step(ds, tokens):
    async def take(who, what="begin", debate=DEBATE, **more):
        return await ds.client.post(f"/debate/{debate}/blind", json={"step": what, **more}, headers=tokens[who])

    return take
