"""Portraits of people, off unless PORTRAITS names a host: visitors' browsers fetch them, this server never does."""

import os

ADDRESSES = {  # by the setting; person is the number of person/N, member is Parliament's own number of a member
    "theyworkforyou": "https://www.theyworkforyou.com/people-images/mpsL/{person}.jpg",
    "parliament": "https://members-api.parliament.uk/api/Members/{member}/Thumbnail",
}


def find_portrait_host() -> str:
    """Return the only other host from which pages may show images; "" if portraits are off."""
    return "/".join(_read_setting().split("/")[:3])


def find_portrait(person_id: str, member: str | None = None) -> str:
    """Return the address of a portrait of person/N, or "".

    `member` is Parliament's number, without which Parliament has none.
    """
    address, number = _read_setting(), person_id.removeprefix("person/")
    known = number.isdigit() and ("{member}" not in address or (member or "").isdigit())
    return address.format(person=number, member=member) if known else ""


def _read_setting() -> str:
    return ADDRESSES.get(os.environ.get("PORTRAITS", ""), "")
