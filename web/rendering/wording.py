"""The wording of times, numbers and counts for readers, and of long texts on one line."""


def format_time(text: str) -> str:
    """Write 11:30:00 as 11.30 am; a sitting's hours may pass midnight."""
    hour, minute = (int(part) for part in text.split(":")[:2])
    return f"{(hour - 1) % 12 + 1}.{minute:02} {'am' if hour % 24 < 12 else 'pm'}"


def format_number(count: int) -> str:
    """Write 1234 as 1,234."""
    return f"{count:,}"


def format_count(count: int, one: str, many: str = "") -> str:
    """Write a number with its noun: 1 quote, 2 quotes."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def shorten(text: str, most: int) -> str:
    """Put a text on one line of at most so many characters, cut after a word.

    >>> shorten("one  two\\nthree", 9)
    'one two …'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rpartition(' ')[0] or line[: most - 2]} …"
