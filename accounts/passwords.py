"""Passwords as scrypt hashes; each hash records its costs, so that they can rise later."""

import base64
import hashlib
import secrets
import unicodedata

COST, BLOCKS, LANES = 2**15, 8, 3  # scrypt's N, r and p: 32 MiB, about a quarter of a second
MIN_LENGTH, MAX_LENGTH = 12, 1000  # characters
MAX_MEMORY = 2**26  # bytes of memory that one hash may use


def explain_weakness(password: str, name: str) -> str:
    """Return why a password is too weak, or "" if it is strong enough; any characters are allowed."""
    if len(password) < MIN_LENGTH:
        short = f"it has {len(password)} characters; give at least {MIN_LENGTH}"
        return f"{short}, such as a few words that no one would guess"
    if len(password) > MAX_LENGTH:
        return f"it has more than {MAX_LENGTH} characters"
    simple = len(set(password)) < 5 or name.casefold() * 2 in password.casefold()
    return "it is little more than the name" if simple else ""


def hash_password(password: str, cost: int = COST) -> str:
    """Hash a password; return the hash with its salt and costs, joined by $."""
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, cost, BLOCKS, LANES)
    return "$".join(
        ["scrypt", f"{cost}", f"{BLOCKS}", f"{LANES}", *(base64.b64encode(b).decode() for b in (salt, digest))]
    )


def verify_password(password: str, stored: str) -> bool:
    """Return True if a stored hash was made from this password."""
    _, cost, blocks, lanes, salt, expected = stored.split("$")
    actual = _scrypt(password, base64.b64decode(salt), int(cost), int(blocks), int(lanes))
    return secrets.compare_digest(actual, base64.b64decode(expected))


def _scrypt(password: str, salt: bytes, cost: int, blocks: int, lanes: int) -> bytes:
    typed = unicodedata.normalize("NFKC", password).encode()
    return hashlib.scrypt(typed, salt=salt, n=cost, r=blocks, p=lanes, maxmem=MAX_MEMORY, dklen=32)
