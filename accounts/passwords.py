"""Passwords as scrypt hashes; each says how it was made, so that the cost can rise."""

import base64
import hashlib
import secrets
import unicodedata

COST, BLOCKS, LANES = 2**15, 8, 3  # scrypt's N, r and p: 32 MiB, about a quarter of a second
SHORTEST, LONGEST = 12, 1000  # characters
ROOM = 2**26  # bytes that one hash may use


def weak(password: str, name: str) -> str:
    """Why a password will not do; empty where it will. Any characters may be in it."""
    if len(password) < SHORTEST:
        return (
            f"it has {len(password)} characters; give at least {SHORTEST}, such as a few words that nobody would guess"
        )
    if len(password) > LONGEST:
        return f"it has more than {LONGEST} characters"
    return (
        "it is little more than the name"
        if len(set(password)) < 5 or name.casefold() * 2 in password.casefold()
        else ""
    )


def hashed(password: str, cost: int = COST) -> str:
    """A password's hash, with its salt and how it was made."""
    salt = secrets.token_bytes(16)
    made = _scrypt(password, salt, cost, BLOCKS, LANES)
    return "$".join(
        ["scrypt", f"{cost}", f"{BLOCKS}", f"{LANES}", *(base64.b64encode(b).decode() for b in (salt, made))]
    )


def matches(password: str, kept: str) -> bool:
    """Whether a password is the one that a hash was made of."""
    _, cost, blocks, lanes, salt, made = kept.split("$")
    tried = _scrypt(password, base64.b64decode(salt), int(cost), int(blocks), int(lanes))
    return secrets.compare_digest(tried, base64.b64decode(made))


def _scrypt(password: str, salt: bytes, cost: int, blocks: int, lanes: int) -> bytes:
    typed = unicodedata.normalize("NFKC", password).encode()
    return hashlib.scrypt(typed, salt=salt, n=cost, r=blocks, p=lanes, maxmem=ROOM, dklen=32)
