"""Which notes of a debate are shown, what stands beside each, and the way from one to the next."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote as escaped

from db.rows import Row
from db.statements.debates import Whole
from web.debates.note_history import Told

CHOICES = {"point": "point_id", "reading": "reading", "creator": "creator"}  # what notes are chosen by: its column
STATUSES = ("exact", "moved", "changed", "disputed")
WAYS = ("inline", "off")  # of showing notes, besides in the margin
LONGEST = 200  # characters of what is asked for


def narrowed(read: Whole, speech: str | None, asked: Mapping[str, Any]) -> tuple[Row, Whole]:
    """How notes are shown and which, and the debate with these alone; their numbers stay what they were."""
    keys = (*CHOICES, "status")
    chosen = {key: (asked.get(key) or "").replace("\0", "")[:LONGEST] for key in ("notes", *keys)}
    chosen["notes"] = chosen["notes"] if chosen["notes"] in WAYS else ""
    every = [note for id, notes in read.notes.items() if speech in (None, id) for note in notes]
    fitting = [note for note in every if _fits(note, chosen)]
    kept = {note["number"] for note in fitting}
    notes = {id: [note for note in group if note["number"] in kept] for id, group in read.notes.items()}
    shown = {"way": chosen["notes"] or "margin", "asked": chosen, "choices": _choices(every), "left": len(fitting)}
    return {**shown, "all": len(every), "narrowed": any(chosen[key] for key in keys)}, read._replace(notes=notes)


def _fits(note: Row, chosen: Mapping[str, str]) -> bool:
    columns = all(chosen[key] in ("", note[column]) for key, column in CHOICES.items())
    return columns and (not chosen["status"] or chosen["status"] in _statuses(note))


def _statuses(note: Row) -> tuple[str, ...]:
    disputed = any(reply["stance"] == "disputes" for reply in note["replies"])
    return (note["anchor"], "disputed") if disputed else (note["anchor"],)


def _choices(every: Iterable[Row]) -> Row:
    """What there is to choose from, by what it is called in an address: its name on the page."""
    notes = list(every)
    titles = {"point": "point_title", "reading": "reading", "creator": "creator"}
    choices = {key: {note[column]: note[titles[key]] for note in notes} for key, column in CHOICES.items()}
    there = {status for note in notes for status in _statuses(note)}
    return {**choices, "status": {status: status for status in STATUSES if status in there}}


def told(read: Whole, speech: str | None, of: Told) -> Whole:
    """Each note with its history, who agrees and who disputes, and its neighbours; each speech with its mentions'."""
    every = [note for id, notes in read.notes.items() if speech in (None, id) for note in notes]
    around = neighbours([note["number"] for note in every])
    beside = {note["number"]: _beside(note, of) for note in every}
    notes = {
        id: [{**note, **beside.get(note["number"], {}), **around.get(note["number"], {})} for note in group]
        for id, group in read.notes.items()
    }
    mentioned = _mentioned(read, speech)
    speeches = [{**one, "mentioned": mentioned.get(one["id"])} for one in read.speeches]
    return read._replace(notes=notes, speeches=speeches)


def _beside(note: Row, of: Told) -> Row:
    history = of.history.get(note["id"], [])
    return {**sides(note["replies"]), "history": history, "address": f"/q/{escaped(note['id'], safe='')}"}


def neighbours(numbers: Sequence[int]) -> dict[int, Row]:
    """For each number the one before it and the one after it; None at the ends."""
    before, after = [None, *numbers][:-1], [*numbers, None][1:]
    return {n: {"previous": a, "next": b} for n, a, b in zip(numbers, before, after, strict=True)}


def _mentioned(read: Whole, speech: str | None) -> dict[str, Row]:
    """Speeches that name the topic: their first and last mention, and the number before and after those."""
    groups = [(id, [m["number"] for m in group]) for id, group in read.mentions.items() if speech in (None, id)]
    numbers = [number for _, group in groups for number in group]
    around = neighbours(numbers)
    return {
        id: {"first": group[0], "last": group[-1]}
        | {"previous": around[group[0]]["previous"], "next": around[group[-1]]["next"]}
        for id, group in groups
    }


def sides(replies: Iterable[Row]) -> Row:
    """Who agrees with a reading and who disputes it, each person once a side, in the order of their replies."""
    answers = [(reply["stance"], reply["creator"]) for reply in replies]
    return {
        side: list(dict.fromkeys(who for stance, who in answers if stance == side)) for side in ("agrees", "disputes")
    }
