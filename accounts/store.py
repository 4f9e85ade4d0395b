"""The database accounts.db: users, with their sessions and tokens.

Every function's `now` is in seconds since 1970.
"""

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from accounts.passwords import explain_weakness, hash_password, verify_password
from accounts.sign_in_attempts import count_attempt, forget_attempt, make_keys
from db.records.source import UserMistake
from db.sqlite import begin_write, connect, connect_to_read, get_database, is_read_only, run_script

ROLES = ("reader", "annotator", "reviewer")
NAME_PATTERN = re.compile(r"\w(?:[\w .'-]{0,58}[\w.])?")
SESSION_LIFETIME = 14 * 24 * 3600  # seconds that a session lasts
HAS_TABLES = "SELECT 1 FROM sqlite_schema"
TOKEN_PREFIX = "box_"  # prefix of every token, so that a leaked one is recognised


class AccountError(UserMistake):
    """Raised if an account cannot be made or found; the message says why, and what to do."""


class Actor(NamedTuple):
    """A person who signed in, or a program that acts for a person."""

    name: str
    role: str


@contextmanager
def open_accounts(path: Path) -> Iterator[sqlite3.Connection]:
    """Open accounts.db; create it if it is missing, readable only by its owner (mode 600).

    Where it cannot be written, it is opened only to be read.
    """
    new = not path.exists()
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    open_file = connect_to_read if is_read_only(path) else connect
    conn = open_file(path, isolation_level=None, timeout=10)
    try:
        conn.execute("PRAGMA foreign_keys = ON")
        if not conn.execute(HAS_TABLES).fetchone():
            _create_tables(conn)
        yield conn
    finally:
        conn.close()


def _create_tables(conn: sqlite3.Connection) -> None:
    """Create every table in one transaction; a second process finds it done."""
    with begin_write(conn) as db:
        if not conn.execute(HAS_TABLES).fetchone():
            run_script(db, Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))


def check_name(name: str) -> None:
    """Raise AccountError for what no account can be called."""
    if not NAME_PATTERN.fullmatch(name):
        raise AccountError(f"{name!r} is not a name: give 1 to 60 letters, digits, spaces and . ' - _")


def save_user(conn: sqlite3.Connection, name: str, password: str, role: str, now: int) -> None:
    """Create an account, or set the password and role of one, and end its sessions and tokens. Raises AccountError."""
    check_name(name)
    if role not in ROLES:
        raise AccountError(f"{role!r} is not a role: give one of {', '.join(ROLES)}")
    if why := explain_weakness(password, name):
        raise AccountError(f"that password is too weak: {why}")
    with begin_write(conn) as db:
        revoke_access(conn, name)
        found = conn.execute("SELECT created FROM users WHERE name = ?", (name,)).fetchone()
        created = found[0] if found else now
        row = {"name": name, "role": role, "password": hash_password(password), "created": created}
        db.table("users").upsert(row, pk="name")


def remove_user(conn: sqlite3.Connection, name: str) -> None:
    """Delete an account with its sessions and tokens; what the person wrote stays. Raises AccountError."""
    with begin_write(conn) as db:
        users = db.table("users")
        if not users.count_where("name = ?", [name]):
            raise AccountError(f"there is no account {name}")
        users.delete_where("name = ?", [name])


def find_user(conn: sqlite3.Connection, name: str) -> str:
    """Return the name of an account as it was made, in whatever case it is given. Raises AccountError."""
    found = conn.execute("SELECT name FROM users WHERE name = ?", (name,)).fetchone()
    if found is None:
        raise AccountError(f"there is no account {name}: dispatch-box user add {name or 'NAME'}")
    return str(found[0])


def list_users(conn: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """List every account by name: name, role, and number of tokens."""
    count = "SELECT count(*) FROM tokens AS t WHERE t.name = users.name"
    return conn.execute(f"SELECT name, role, ({count}) FROM users ORDER BY name").fetchall()


def try_password(
    conn: sqlite3.Connection, name: str, password: str, address: str, now: int, browser: str = ""
) -> Actor | int | None:
    """Return the account if the password is right, None if not, or the seconds to wait after too many attempts.

    A name without an account takes as long. An attempt counts before its outcome is known, so that simultaneous ones
    cannot evade the limit; a right one is forgotten. `browser` identifies one in which the name has signed in before.
    """
    attempt = count_attempt(conn, make_keys(name, address, browser), now)
    if attempt.wait:
        return attempt.wait
    found = conn.execute("SELECT name, role, password FROM users WHERE name = ?", (name,)).fetchone()
    if found is None:
        hash_password(password[:1000])
        return None
    if not verify_password(password, found[2]):
        return None
    forget_attempt(conn, attempt)
    return Actor(found[0], found[1])


def start_session(conn: sqlite3.Connection, name: str, now: int) -> str:
    """Start a session and return the secret for its cookie; only the secret's hash is stored."""
    secret = secrets.token_urlsafe(32)
    with begin_write(conn) as db:
        db.table("sessions").delete_where("expires <= ?", [now])
        db.table("sessions").insert({"hash": _hash_secret(secret), "name": name, "expires": now + SESSION_LIFETIME})
    return secret


def end_session(conn: sqlite3.Connection, secret: str) -> None:
    """End a session; its cookie is no longer valid."""
    get_database(conn).table("sessions").delete_where("hash = ?", [_hash_secret(secret)])


def find_session_actor(conn: sqlite3.Connection, secret: str, now: int) -> Actor | None:
    """Find the account of a session by the secret of its cookie; None if it is unknown or has expired."""
    query = "SELECT u.name, u.role FROM sessions AS s JOIN users AS u USING (name) WHERE s.hash = ? AND s.expires > ?"
    found = conn.execute(query, (_hash_secret(secret), now)).fetchone()
    return Actor(*found) if found else None


def make_token(conn: sqlite3.Connection, name: str, now: int) -> str:
    """Make a token for programs that act for an account; only its hash is stored. Raises AccountError."""
    owner = find_user(conn, name)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    get_database(conn).table("tokens").insert({"hash": _hash_secret(token), "name": owner, "created": now})
    return token


def find_token_actor(conn: sqlite3.Connection, token: str) -> Actor | None:
    """Find the account of a token; None if the token is unknown."""
    query = "SELECT u.name, u.role FROM tokens AS t JOIN users AS u USING (name) WHERE t.hash = ?"
    found = conn.execute(query, (_hash_secret(token),)).fetchone()
    return Actor(*found) if found else None


def revoke_access(conn: sqlite3.Connection, name: str) -> int:
    """Delete every token and session of an account, in whatever case its name is given; return their number."""
    where, revoked = "name = ? COLLATE NOCASE", 0
    with begin_write(conn) as db:
        for table in (db.table("tokens"), db.table("sessions")):
            revoked += table.count_where(where, [name])
            table.delete_where(where, [name])
    return revoked


def _hash_secret(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
