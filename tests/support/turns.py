"""Turns of an invented debate."""

from db.records.hansard import Speech

HEDGES = "The hedges of the county are in hand and will be cut before the swans come back in March."
FERRY = "My officials have answered the ferrymen on their forum, openly and under their own names."
BRIDGE = "No bridge will be built this year, for the stone that was promised has not come down the river."
SWAN = "Swans are a matter for the Warden, who has told the House of every one of them since the spring."
PAGE = "http://www.publications.parliament.uk/pa/cm200708/cmhansrd/cm080622/debtext/80622-0001.htm#"


def turn(gid: str, text: str, **fields: str) -> Speech:
    usual = dict.fromkeys(Speech._fields, None) | {"kind": "speech", "damage": ""}
    return Speech(**{**usual, "gid": gid, "text": text, "speaker": "A. Specimen", **fields})


def by_member(speech: Speech) -> str | None:
    return speech.member_id


def find_no_person(speech: Speech) -> None:
    """Return no person: nobody is known."""
