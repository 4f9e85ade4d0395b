"""Checks of single fields of files that people write: each returns what is wrong, or "" for nothing."""

import re
from datetime import UTC, datetime
from datetime import date as Date

MAX_LENGTH = 20_000  # characters of a quote, a note or a reply
MAX_NAME = 200  # characters of a name
MAX_ID = 300  # characters of the id of a note or reply
MAX_TITLE = 1_000  # characters of a title or an address
ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
DATE_PATTERN = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
TIME_PATTERN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
WEB_ADDRESS = re.compile(r"https?://[^\s/?#\\<>\"]+(?:[/?#][^\s\\<>\"]*)?", re.IGNORECASE)
UNWRITABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no XML may hold it
LINE_END = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")


def find_text_problem(text: str, max_length: int = MAX_LENGTH, one_line: bool = False) -> str:
    r"""Return what is wrong with a text: nothing to read, too long, or a character that is no text.

    >>> find_text_problem(" "), find_text_problem("a\x00b"), find_text_problem("a\nb", one_line=True)
    ('is empty', 'holds U+0000 at character 2, which is no text', 'must be one line')
    """
    if not text.strip():
        return "is empty"
    if len(text) > max_length:
        return f"has {len(text)} characters, and may have {max_length}"
    if problem := find_unwritable(text):
        return problem
    return "must be one line" if one_line and LINE_END.search(text) else ""


def find_unwritable(text: str) -> str:
    """Return where a text holds a character that is no text: a control character, or half of one."""
    if found := UNWRITABLE.search(text):
        return f"holds U+{ord(found[0]):04X} at character {found.start() + 1}, which is no text"
    return ""


def find_id_problem(id: str) -> str:
    """Return what is wrong with an id of a curated file.

    >>> find_id_problem("be-civil-2"), find_id_problem("Be civil")
    ('', "must be small letters, digits and hyphens, at most 100, not 'Be civil'")
    """
    if ID_PATTERN.fullmatch(id):
        return ""
    return f"must be small letters, digits and hyphens, at most 100, not {id[:50]!r}"


def find_note_id_problem(id: str) -> str:
    """Return what is wrong with the id of a note or reply, which may be another program's.

    >>> find_note_id_problem("A_1"), find_note_id_problem("a b")
    ('', "'a b' must be 1 to 300 characters without white space, and not only dots")
    """
    if len(id) <= MAX_ID and not re.search(r"\s", id) and not find_text_problem(id) and id not in (".", ".."):
        return ""
    return f"{id[:50]!r} must be 1 to {MAX_ID} characters without white space, and not only dots"


def find_date_problem(text: str, with_time: bool = True) -> str:
    """Return what is wrong with a date: a year, month or day of the calendar, or also a time with its zone.

    >>> find_date_problem("2008-06"), find_date_problem("2008-06-23T09:30:00+01:00")
    ('', '')
    >>> find_date_problem("22.11.2026")
    "'22.11.2026' is no date: write 2008-06-23, 2008-06 or 2008"
    """
    try:
        if DATE_PATTERN.fullmatch(text):
            Date.fromisoformat(f"{text}-01-01"[:10])
            return ""
        if with_time and TIME_PATTERN.fullmatch(text):
            datetime.fromisoformat(text).astimezone(UTC)
            return ""
    except (ValueError, OverflowError):
        pass
    return f"{text[:50]!r} is no date: write 2008-06-23, 2008-06 or 2008"


def find_address_problem(address: str) -> str:
    """Return what is wrong with the address of a web page.

    >>> find_address_problem("https://example.org/a?b#c"), find_address_problem("javascript:alert(1)")
    ('', "'javascript:alert(1)' is no web address: it must begin with https:// or http://")
    """
    if problem := find_text_problem(address, MAX_TITLE, one_line=True):
        return problem
    if WEB_ADDRESS.fullmatch(address):
        return ""
    return f"{address[:50]!r} is no web address: it must begin with https:// or http://"
