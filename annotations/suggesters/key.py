"""What a suggestion is known by, so that what people decided once is never asked again."""

import hashlib
import re
import unicodedata

UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))  # soft hyphens, and what has no width
GAP = re.compile(r"[\W_]+")


def fold(words: str) -> str:
    """Words as every edition prints them alike: small letters and figures alone, parted by one space.

    >>> fold("The Ta\\u00adsk-force’s “ﬁrst”  Report")
    'the task force s first report'
    """
    plain = unicodedata.normalize("NFKC", words.translate(UNSEEN)).casefold()
    return GAP.sub(" ", unicodedata.normalize("NFKC", plain)).strip()


def suggestion_key(suggester: str, point_id: str, words: str) -> str:
    """Hex of the sha256 over suggester, point and folded words: not the version, not the place, not the typography."""
    return hashlib.sha256("\0".join((suggester, point_id, fold(words))).encode()).hexdigest()
