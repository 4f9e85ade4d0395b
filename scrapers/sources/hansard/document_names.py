"""Names in the archive for debates of Hansard's API, and the kind of each of its sections."""

import re
from datetime import date as Date

SOURCE = "hansard"
UNKNOWN = "unknown"  # the kind of an unknown section: its debates are archived, and refused when parsed
SECTIONS = {
    "commons chamber": {"commons": "debates"},
    "lords chamber": {"lords": "lordspages"},
    "westminster hall": {"commons": "westminhall"},
    "grand committee": {"lords": "grandcommittee"},
    "written answers": {"commons": "wrans", "lords": "lordswrans"},
    "written statements": {"commons": "wms", "lords": "lordswms"},
    "public bill committees": {"commons": "standing"},
    "general committees": {"commons": "standing"},
    "petitions": {"commons": "petitions"},
    "ministerial corrections": {"commons": "corrections"},
    "written corrections": {"commons": "corrections", "lords": "corrections"},
}
KINDS = frozenset(kind for houses in SECTIONS.values() for kind in houses.values())
SECTION_ID = re.compile(r"[\w.-]*\w[\w.-]*", re.ASCII)  # digits, a GUID, or a word with a date
DOCUMENT_NAME = re.compile(rf"([a-z]+)/(\d{{4}}-\d\d-\d\d)/(division/)?({SECTION_ID.pattern})", re.ASCII)


def find_kind(section: str, house: str) -> str | None:
    """Return the kind of a section ("Commons Chamber") of a house, or None if it is unknown."""
    return SECTIONS.get(section.strip().lower(), {}).get(house.strip().lower())


def make_document_name(kind: str, date: str, ext: str) -> str:
    """Make the name of a debate's document, with Parliament's own id in lower case."""
    return f"{kind}/{date}/{ext.lower()}"


def make_division_name(kind: str, date: str, ext: str) -> str:
    """Make the name of a division's document, with Parliament's own id in lower case."""
    return f"{kind}/{date}/division/{ext.lower()}"


def is_division_name(name: str) -> bool:
    """Return True for the name of a division's document."""
    match = DOCUMENT_NAME.fullmatch(name)
    return bool(match and match[3])


def parse_document_name(name: str) -> tuple[str, str] | None:
    """Return the kind and date (the unit of loading) in a debate's or division's name, or None for a search's."""
    match = DOCUMENT_NAME.fullmatch(name)
    return (match[1], match[2]) if match and match[1] in KINDS | {UNKNOWN} else None


def parse_date(stamp: object) -> str:
    """Return the date of a timestamp without a zone ("2008-11-12T00:00:00"). Raises ValueError."""
    if not isinstance(stamp, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d(?:T.*)?", stamp, re.ASCII):
        raise ValueError(f"{stamp!r} is no date")
    return Date.fromisoformat(stamp[:10]).isoformat()
