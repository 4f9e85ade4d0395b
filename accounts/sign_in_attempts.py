"""Sign-in attempts: count those that failed or are running, and let a browser or an address wait after too many.

No limit is of a name alone, so that nobody can lock a person out by trying their name. A browser in which the person
has signed in before has a limit of its own, so that not even somebody at the same address can.

Every function's `now` is in seconds since 1970.
"""

import sqlite3
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from db.sqlite import begin_write

WINDOW = 15 * 60  # seconds in which attempts are counted
MAX_ATTEMPTS = {"browser": 10, "both": 10, "address": 30}  # in a window; "both" are for one name from one address


class Attempt(NamedTuple):
    """A counted attempt: its keys by kind, its rows, and the seconds to wait before another one; 0 if it may go on."""

    keys: dict[str, str]
    rows: tuple[int, ...] = ()
    wait: int = 0


def make_keys(name: str, address: str, browser: str = "") -> dict[str, str]:
    """Make the keys by which an attempt to sign in is counted, by kind.

    `browser` identifies a browser in which this name has signed in before; "" if it has not.
    """
    who, where = name.casefold()[:60], _find_network(address)
    if browser:
        return {"browser": f"browser:{browser}:{who}"}
    return {"both": f"both:{where}:{who}", "address": f"address:{where}"}


def count_attempt(conn: sqlite3.Connection, keys: dict[str, str], now: int) -> Attempt:
    """Count an attempt, unless one of its keys has too many already: then say how long to wait."""
    with begin_write(conn) as db:
        attempts = db.table("attempts")
        attempts.delete_where("time <= ?", [now - WINDOW])
        for kind, key in keys.items():
            times = conn.execute("SELECT time FROM attempts WHERE key = ? ORDER BY time", (key,)).fetchall()
            if len(times) >= MAX_ATTEMPTS[kind]:
                return Attempt(keys, wait=int(times[-MAX_ATTEMPTS[kind]][0]) + WINDOW - now)
        rows = [attempts.insert({"key": key, "time": now}).last_rowid or 0 for key in keys.values()]
        return Attempt(keys, tuple(rows))


def forget_attempt(conn: sqlite3.Connection, attempt: Attempt) -> None:
    """Delete an attempt that was right, and the failed ones for its name here; others of the address still count."""
    own = [key for kind, key in attempt.keys.items() if kind != "address"]
    with begin_write(conn) as db:
        for row in attempt.rows:
            db.table("attempts").delete_where("rowid = ?", [row])
        for key in own:
            db.table("attempts").delete_where("key = ?", [key])


def _find_network(address: str) -> str:
    """Return the part of an address that is counted: for IPv6 the network of one household (/64)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)
