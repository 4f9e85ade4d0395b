"""Sign-in attempts: count those that failed or are running, and make a person wait if there are too many.

Every function's `now` is in seconds since 1970.
"""

import sqlite3
from ipaddress import ip_address, ip_network
from typing import NamedTuple

WINDOW = 15 * 60  # seconds in which attempts are counted
MAX_ATTEMPTS = {
    "name": 100,
    "both": 10,
    "address": 30,
}  # attempts in a window; "both" are for one name from one address


class AttemptKeys(NamedTuple):
    """The keys by which an attempt is counted: the name, the name with the address, and the address."""

    name: str
    both: str
    address: str


def make_keys(name: str, address: str) -> AttemptKeys:
    """Make the keys of an attempt to sign in as `name` from an internet address."""
    who, where = name.casefold()[:60], _find_network(address)
    return AttemptKeys(f"name:{who}", f"both:{where}:{who}", f"address:{where}")


def count_attempt(conn: sqlite3.Connection, keys: AttemptKeys, now: int) -> int:
    """Count an attempt and return 0; if one of its keys has too many, return the seconds to wait instead."""
    conn.execute("BEGIN IMMEDIATE")
    with conn:
        conn.execute("DELETE FROM attempts WHERE time <= ?", (now - WINDOW,))
        for kind, key in keys._asdict().items():
            times = conn.execute("SELECT time FROM attempts WHERE key = ? ORDER BY time", (key,)).fetchall()
            if len(times) >= MAX_ATTEMPTS[kind]:
                return int(times[-MAX_ATTEMPTS[kind]][0]) + WINDOW - now
        conn.executemany("INSERT INTO attempts VALUES (?, ?)", [(key, now) for key in keys])
    return 0


def forget_attempts(conn: sqlite3.Connection, keys: AttemptKeys) -> None:
    """Delete the attempts for a name, after it has signed in; those of the address still count."""
    conn.execute("DELETE FROM attempts WHERE key IN (?, ?)", (keys.name, keys.both))


def _find_network(address: str) -> str:
    """Return the part of an address that is counted: for IPv6 the network of one household (/64)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)
