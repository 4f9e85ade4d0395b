"""Texts that visitors type, cleaned for storage."""

import unicodedata


def clean_text(value: object) -> str:
    """Clean a text for storage: unify line ends, drop control characters, and replace halves of surrogate pairs."""
    lines = str(value if isinstance(value, str | int) else "").replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(each for each in whole if each in "\n\t" or unicodedata.category(each) != "Cc")
