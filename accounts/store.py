"""accounts.db: users, the sessions and tokens that stand for them, and how often somebody tried to sign in."""

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple

from accounts.passwords import hashed, matches, weak

ROLES = ("reader", "annotator", "reviewer")
NAME = re.compile(r"\w(?:[\w .'-]{0,58}[\w.])?")
LIFETIME = 14 * 24 * 3600  # seconds that a session lasts
WINDOW = 15 * 60  # seconds in which attempts are counted
MOST = {"name": 100, "both": 10, "address": 30}  # attempts in a window; "both" are those for a name from an address
TOKEN = "box_"  # what a token begins with, so that it is known where it leaks


class AccountError(ValueError):
    """An account that cannot be made or found; the message says why, and what to do."""


class Actor(NamedTuple):
    """Somebody who signed in, or a program of theirs."""

    name: str
    role: str


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open accounts.db, making it where it is not there, for its owner's eyes alone."""
    new = not path.exists()
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    conn = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        conn.execute("PRAGMA foreign_keys = ON")
        if not conn.execute("SELECT 1 FROM sqlite_master").fetchone():
            schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
            conn.executescript(f"BEGIN IMMEDIATE; {schema} COMMIT;")
        yield conn
    finally:
        conn.close()


def save_user(conn: sqlite3.Connection, name: str, password: str, role: str, now: int) -> None:
    """Make an account, or give one another password and role, which ends its sessions. Raises AccountError."""
    if not NAME.fullmatch(name):
        raise AccountError(f"{name!r} is no name: letters, digits, spaces and . ' - _, at most 60")
    if role not in ROLES:
        raise AccountError(f"{role!r} is no role: one of {', '.join(ROLES)}")
    if why := weak(password, name):
        raise AccountError(f"that password will not do: {why}")
    conn.execute("BEGIN IMMEDIATE")
    with conn:
        conn.execute("DELETE FROM sessions WHERE name = ?", (name,))
        conn.execute(
            "INSERT INTO users VALUES (?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET role = excluded.role, password = excluded.password",
            (name, role, hashed(password), now),
        )


def remove_user(conn: sqlite3.Connection, name: str) -> None:
    """Take an account away with its sessions and tokens; what they wrote stays. Raises AccountError."""
    if not conn.execute("DELETE FROM users WHERE name = ?", (name,)).rowcount:
        raise AccountError(f"there is no account {name}")


def users(conn: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """Every account: name, role, and how many tokens it has."""
    count = "SELECT count(*) FROM tokens AS t WHERE t.name = users.name"
    return conn.execute(f"SELECT name, role, ({count}) FROM users ORDER BY name").fetchall()


def try_password(conn: sqlite3.Connection, name: str, password: str, address: str, now: int) -> Actor | int | None:
    """Whose password it is; None where it is nobody's; the seconds to wait where too many were tried.

    It takes as long for a name that has no account. An attempt counts before it is known how it ends, so that many at
    once are no way round. So few are let try from one address that they do not keep a name's owner out from another.
    """
    who, where = name.casefold()[:60], _network(address)
    keys = {"name": f"name:{who}", "both": f"both:{where}:{who}", "address": f"address:{where}"}
    if wait := _counted(conn, keys, now):
        return wait
    found = conn.execute("SELECT name, role, password FROM users WHERE name = ?", (name,)).fetchone()
    if found is None:
        hashed(password[:1000])
        return None
    if not matches(password, found[2]):
        return None
    conn.execute("DELETE FROM attempts WHERE key IN (?, ?)", (keys["name"], keys["both"]))
    return Actor(found[0], found[1])


def _counted(conn: sqlite3.Connection, keys: dict[str, str], now: int) -> int:
    """Count an attempt for each key; or the seconds until there is room for one."""
    conn.execute("BEGIN IMMEDIATE")
    with conn:
        conn.execute("DELETE FROM attempts WHERE time <= ?", (now - WINDOW,))
        for kind, key in keys.items():
            times = conn.execute("SELECT time FROM attempts WHERE key = ? ORDER BY time", (key,)).fetchall()
            if len(times) >= MOST[kind]:
                return int(times[-MOST[kind]][0]) + WINDOW - now
        conn.executemany("INSERT INTO attempts VALUES (?, ?)", [(key, now) for key in keys.values()])
    return 0


def _network(address: str) -> str:
    """An address as attempts are counted: of the later internet protocol, the network of one household."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


def start_session(conn: sqlite3.Connection, name: str, now: int) -> str:
    """Begin a session; returns what its cookie holds, of which only the hash is kept."""
    secret = secrets.token_urlsafe(32)
    conn.execute("DELETE FROM sessions WHERE expires <= ?", (now,))
    conn.execute("INSERT INTO sessions VALUES (?, ?, ?)", (_hash(secret), name, now + LIFETIME))
    return secret


def end_session(conn: sqlite3.Connection, secret: str) -> None:
    """End a session, wherever its cookie may still be."""
    conn.execute("DELETE FROM sessions WHERE hash = ?", (_hash(secret),))


def of_session(conn: sqlite3.Connection, secret: str, now: int) -> Actor | None:
    """Whose session a cookie stands for."""
    query = "SELECT u.name, u.role FROM sessions AS s JOIN users AS u USING (name) WHERE s.hash = ? AND s.expires > ?"
    found = conn.execute(query, (_hash(secret), now)).fetchone()
    return Actor(*found) if found else None


def make_token(conn: sqlite3.Connection, name: str, now: int) -> str:
    """A token with which programs act for an account; only its hash is kept. Raises AccountError."""
    found = conn.execute("SELECT name FROM users WHERE name = ?", (name,)).fetchone()
    if found is None:
        raise AccountError(f"there is no account {name}: make user NAME={name}")
    token = TOKEN + secrets.token_urlsafe(32)
    conn.execute("INSERT INTO tokens VALUES (?, ?, ?)", (_hash(token), found[0], now))
    return token


def of_token(conn: sqlite3.Connection, token: str) -> Actor | None:
    """For whom a program acts."""
    query = "SELECT u.name, u.role FROM tokens AS t JOIN users AS u USING (name) WHERE t.hash = ?"
    found = conn.execute(query, (_hash(token),)).fetchone()
    return Actor(*found) if found else None


def revoke(conn: sqlite3.Connection, name: str) -> int:
    """Take every token and session of an account away; returns how many there were."""
    return sum(
        conn.execute(f"DELETE FROM {table} WHERE name = ?", (name,)).rowcount for table in ("tokens", "sessions")
    )


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
