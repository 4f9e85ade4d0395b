"""The look of a verdict: its tone, which a colour, an icon and a word tell, and examples to try."""

import re
from typing import Literal

from annotations.verification.verdict import Verdict

Tone = Literal["verbatim", "altered", "missing"]
UNFOUND = ("not found", "not held", "recast", "cannot tell")  # answers with a closest match alone
MOON = "The moon is made of green cheese, and the Government will bring some of it back."


def choose_tone(verdict: Verdict) -> Tone:
    """Choose the tone of a verdict: green for the record's words, red for words that it lacks, amber between."""
    if verdict.answer in ("not found", "not held"):
        return "missing"
    light = verdict.answer == "altered" and verdict.grade in ("surface", "marked") and not verdict.left_out
    exact = verdict.answer in ("verbatim", "typography") or light
    return "verbatim" if exact and not verdict.speaker_not_checked else "altered"


def find_lead(sentence: str) -> str:
    """Return the first words of a verdict's sentence, which say what it is.

    >>> find_lead("Altered: “not” is left out: A. Name, HC Deb c1."), find_lead("Not found. Closest match")
    ('Altered', 'Not found')
    """
    return re.split(r"[:.,]", sentence, maxsplit=1)[0]


def list_examples(words: str | None) -> list[tuple[str, str]]:
    """List quotations to try, each with its name: words that somebody quoted, the same altered, and words of nobody.

    >>> [name for name, _ in list_examples("They must of course adhere to the code.")]
    ['a quotation from this archive', 'the same with words left out', 'words that no one said']
    """
    parts = (words or "").split()
    altered = " ".join(parts[: len(parts) // 2] + parts[len(parts) // 2 + 2 :])
    known = [("a quotation from this archive", " ".join(parts)), ("the same with words left out", altered)]
    return [*(known if len(parts) > 6 else []), ("words that no one said", MOON)]
