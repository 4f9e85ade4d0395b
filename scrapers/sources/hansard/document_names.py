"""The names that we give to documents of Hansard's API, and the kinds that its sections are."""

import re
from datetime import date as Date

SOURCE = "hansard"
UNKNOWN = "unknown"  # the kind of a section that we do not know: its debates are archived, and refused when parsed
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
EXT = re.compile(r"[\w.-]*\w[\w.-]*", re.ASCII)  # digits, a GUID, or a word with a date
NAME = re.compile(rf"([a-z]+)/(\d{{4}}-\d\d-\d\d)/({EXT.pattern})", re.ASCII)


def kind_of(section: str, house: str) -> str | None:
    """The kind of a section ("Commons Chamber") of a house, or None where we do not know it."""
    return SECTIONS.get(section.strip().lower(), {}).get(house.strip().lower())


def name_of(kind: str, date: str, ext: str) -> str:
    """The name of a debate's document; Parliament's own id is compared in small letters."""
    return f"{kind}/{date}/{ext.lower()}"


def unit(name: str) -> tuple[str, str] | None:
    """Kind and date of a debate's document, the unit of loading; None for the answer to a search."""
    match = NAME.fullmatch(name)
    return (match[1], match[2]) if match and match[1] in KINDS | {UNKNOWN} else None


def day_of(stamp: object) -> str:
    """The date of a stamp without a zone ("2008-11-12T00:00:00"). Raises ValueError."""
    if not isinstance(stamp, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d(?:T.*)?", stamp, re.ASCII):
        raise ValueError(f"{stamp!r} is no date")
    return Date.fromisoformat(stamp[:10]).isoformat()
