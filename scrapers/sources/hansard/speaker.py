"""Who is speaking, as Hansard prints it: "Name (Seat) (Party)", "The Minister for X (Name)", or the name alone."""

import re
from typing import NamedTuple

PRINTED = re.compile(r"([^()]+?)\s*((?:\([^()]*\)\s*)*)", re.ASCII)
GROUP = re.compile(r"\(([^()]*)\)")
# What stands before a bracket and is an office: the bracket behind it holds the name.
OFFICE = re.compile(
    r"\b(?:Minister|Secretary|Speaker|Chair|Chairman|Chairwoman|Solicitor|Attorney|Advocate|Comptroller|Treasurer"
    r"|Chancellor|Commissioner|Leader|Paymaster|President|Whip|Spokesman|Spokesperson|Member representing)\b"
    r"|^The (?!(?:Lord )?(?:Arch)?[Bb]ishop|Earl|Countess|Duke|Duchess|Marquess|Marchioness|Viscount|Baroness|Lord of"
    r"|Master of|Reverend)"
)


class Speaker(NamedTuple):
    """The name in an attribution, and the office printed before it, where one is."""

    name: str | None
    office: str | None


def read_speaker(attribution: str) -> Speaker:
    """The name and the office in an attribution; all of it is the name where it has no bracket.

    >>> read_speaker("The Minister for Public Pamphlets (Dorothea Quillfeather)")
    Speaker(name='Dorothea Quillfeather', office='The Minister for Public Pamphlets')
    >>> read_speaker("Peter Dowd (Bootle) (Lab)"), read_speaker("The Earl of Penmarrow (CB)").name
    (Speaker(name='Peter Dowd', office=None), 'The Earl of Penmarrow')
    """
    printed = attribution.strip().rstrip(":").rstrip()
    match = PRINTED.fullmatch(printed)
    if not match:
        return Speaker(printed or None, None)
    first = next((group.strip() for group in GROUP.findall(match[2])), "")
    if first and OFFICE.search(match[1]):
        return Speaker(first, match[1])
    return Speaker(match[1], None)
