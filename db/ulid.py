"""Ids that sort by when they were made (ULID): 26 letters, the first ten a time; each later than the one before."""

import re
import secrets
import time

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's, in the order of their bytes
RANDOM = 80  # bits of a ULID below its milliseconds
NEW = re.compile(r"[0-9a-hjkmnp-tv-z]{26}", re.ASCII)  # an id that new_id made


def new_id() -> str:
    """An id like no other, for what is annotated, answered or marked now; later ones are higher."""
    return ulid(time.time_ns() // 1_000_000, "").lower()


def ulid(milliseconds: int, last: str) -> str:
    """A ULID of now; the one after the last, where the clock has not passed that."""
    number = milliseconds << RANDOM | secrets.randbits(RANDOM)
    if last:
        number = max(number, sum(LETTERS.index(letter) << 5 * n for n, letter in enumerate(reversed(last))) + 1)
    return "".join(LETTERS[number >> 5 * n & 31] for n in reversed(range(26)))
