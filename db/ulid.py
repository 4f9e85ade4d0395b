"""ULIDs: ids of 26 letters that sort by time, since the first ten letters are the time in milliseconds."""

import re
import secrets
import time

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's, in the order of their bytes
RANDOM_BITS = 80  # bits of a ULID below its milliseconds
NEW_ID_PATTERN = re.compile(r"[0-9a-hjkmnp-tv-z]{26}", re.ASCII)  # an id made by make_new_id


def make_new_id() -> str:
    """Make an id in lower case for an annotation, reply or moment; later ids are higher."""
    return make_ulid(time.time_ns() // 1_000_000, "").lower()


def make_ulid(milliseconds: int, last: str) -> str:
    """Make a ULID of a time in milliseconds that is higher than `last` (empty if there is none)."""
    number = milliseconds << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
    if last:
        number = max(number, sum(LETTERS.index(letter) << 5 * n for n, letter in enumerate(reversed(last))) + 1)
    return "".join(LETTERS[number >> 5 * n & 31] for n in reversed(range(26)))
