"""Times of day as Parliament prints them."""

import re

from scrapers.parsing.markup import collapse_space

PRINTED = re.compile(
    r"([01]?\d)(?:[.:] ?([0-5]?\d))? ?([ap])\.? ?m\.?|(?:12 ?)?(noon|midnight)", re.IGNORECASE | re.ASCII
)


def parse_printed_time(words: str, before: str | None = None) -> str | None:
    """Return a printed time ("3.09 pm", "12 noon", "Midnight") as HH:MM:SS, or None if the words are no time.

    Minutes below ten may have one digit: 3.2 pm is two minutes past three. Hours count from the sitting's day: five
    past midnight after an evening (`before`) is 24:05:00, and midnight is always 24:00:00.

    >>> [parse_printed_time(words) for words in ("3.2 pm", "7 pm", "12.15 am", "Noon", "13 pm")]
    ['15:02:00', '19:00:00', '00:15:00', '12:00:00', None]
    """
    match = PRINTED.fullmatch(collapse_space(words))
    if not match or (match[1] and not 1 <= int(match[1]) <= 12):
        return None
    hour, minute = (12, 0) if match[4] else (int(match[1]) % 12, int(match[2] or 0))
    hour += 12 if (match[3] or "").lower() == "p" or (match[4] or "").lower() == "midnight" else 0
    time = f"{hour:02}:{minute:02}:00"
    return f"{hour + 24:02}:{minute:02}:00" if before and before >= "12" and time < "12" else time
