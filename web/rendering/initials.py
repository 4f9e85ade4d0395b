"""Initials of people, for the faces beside their names."""

TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rt", "hon", "right", "the", "rev"}


def write_initials(name: str | None) -> str:
    """Write the first letters of the first and last word of a name, without titles and without a peer's place.

    >>> write_initials("Mr. Tom Watson"), write_initials("Lord Gravesby of Larrow"), write_initials(None)
    ('TW', 'LG', '?')
    """
    words = [word for word in (name or "").partition(" of ")[0].split() if word[0].isalpha()]
    words = [word for word in words if word.rstrip(".").casefold() not in TITLES] or words
    return "".join(word[0].upper() for word in (*words[:1], *words[1:][-1:])) or "?"
