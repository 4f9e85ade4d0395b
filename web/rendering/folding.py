"""Folding of texts and names for search: without accents and capitals."""

import re
import unicodedata

BEYOND_LATIN = re.compile("[\u00aa-\u1fff\ufb00-\uffff]")  # letters that may have accents, or are written as others
ACCENTS = re.compile("[\u0300-\u036f]+")


def fold_text(text: str) -> str:
    """Return a text without accents and capitals; most have no accents, which is quick.

    >>> fold_text("Siân Ffrydwen")
    'sian ffrydwen'
    """
    if not text.isascii() and BEYOND_LATIN.search(text):
        text = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return text.lower()


def fold_words(text: str) -> list[str]:
    """Return the words of a text without accents, apostrophes and capitals, for comparison.

    >>> fold_words("Siân O’Brien-Smith")
    ['sian', 'obrien', 'smith']
    """
    return re.findall(r"[^\W_]+", re.sub(r"['’]", "", fold_text(text)))
