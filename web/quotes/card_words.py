"""The words of a quote on its card, where long ones are cut, with "…" for what is left out."""

import re
from itertools import islice

from annotations.text.sentences import find_sentences

TURN = re.compile(
    r"\b(?:not|n[’']t|never|no|nor|neither|none|nobody|nothing|but|however|although|though|yet|unless|except|without|"
    r"only|if|hardly|cannot|rather|instead|otherwise|far from|fail\w*|den(?:y|ies|ied))\b|\w+n[’']t\b",
    re.IGNORECASE,
)  # words that may turn what stands before them
PAUSE = re.compile(r"[,;:—–](?=\s)|\s[—–](?=\s)")


def cut_words(words: str, most: int) -> str:
    """Cut a quote to at most so many characters; "" where no beginning of it can stand by itself.

    It is cut after a sentence, else at a pause or a word of its first sentence, and never before words that may turn
    the meaning of what is kept: those of the same sentence, or the next one.

    >>> cut_words("We agree. They wait here for us.", 20), cut_words("I agree with him, but not today.", 20)
    ('We agree. …', '')
    """
    line = " ".join(words.split())
    if len(line) <= most:
        return line
    ends = [end for _, end in find_sentences(line) if end <= most - 2]
    for end in reversed(ends):
        if not TURN.search(_read_next_sentence(line, end)):
            return f"{line[:end].rstrip()} …"
    return "" if ends else _cut_sentence(line, most)


def _cut_sentence(line: str, most: int) -> str:
    """Cut within the first sentence, at its last pause that fits or else at a word; "" if what follows may turn it."""
    sentence = line[: next((end for _, end in find_sentences(line)), len(line))]
    pauses = [found.start() for found in PAUSE.finditer(sentence) if most // 2 < found.start() <= most - 2]
    at = pauses[-1] if pauses else sentence.rfind(" ", 0, most - 2)
    turned = TURN.search(sentence[at:]) or TURN.search(_read_next_sentence(line, len(sentence)))
    return "" if at <= 0 or turned else f"{sentence[:at].rstrip(' ,;:—–')} …"


def _read_next_sentence(line: str, end: int) -> str:
    """Return the sentence after an offset, and the one after that."""
    rest = line[end:]
    bounds = list(islice(find_sentences(rest), 2))
    return rest[: bounds[-1][1]] if bounds else rest
