"""Fictional people with accounts, for tests of pages on which people write."""

import shutil

from accounts import store

PASSWORD = "seven quiet pamphlets"


def make_accounts(folder, **roles):
    """Make accounts by name and role in a folder; a token of each, by name."""
    with store.open_accounts(folder / "accounts.db") as conn:
        for name, role in roles.items():
            store.save_user(conn, name, PASSWORD, role, 0)
        return {name: store.make_token(conn, name, 0) for name in roles}


def copy_site(site_db, folder, **roles):
    """A copy of a site in a folder, with such accounts: the folder."""
    shutil.copy(site_db, folder / "statements.db")
    make_accounts(folder, **roles)
    return folder
