"""Portraits of people, off unless PORTRAITS names a host: visitors' browsers fetch them, this server never does."""

import os

SOURCES = {  # name of the setting: the host, and the path by the number of a person or by Parliament's of a member
    "theyworkforyou": ("https://www.theyworkforyou.com", "/people-images/mpsL/{person}.jpg"),
    "parliament": ("https://members-api.parliament.uk", "/api/Members/{member}/Thumbnail"),
}


def find_portrait_host() -> str:
    """Return the only other host from which pages may show images; "" if portraits are off."""
    return SOURCES.get(os.environ.get("PORTRAITS", ""), ("", ""))[0]


def find_portrait(person_id: str, member: str | None = None) -> str:
    """Return the address of a portrait of person/N, or "".

    `member` is Parliament's number, without which Parliament has none.
    """
    host, path = SOURCES.get(os.environ.get("PORTRAITS", ""), ("", ""))
    number = person_id.removeprefix("person/")
    known = number.isdigit() and ("{member}" not in path or (member or "").isdigit())
    return host + path.format(person=number, member=member) if host and known else ""
