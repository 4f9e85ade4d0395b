"""The view of a debate's page: turn the data into the template's context, without database or request."""

from collections.abc import Iterable, Mapping, Sequence

from db.sqlite import Row
from db.statements import moments
from db.statements.debates import DebateRecord
from web.debates.queries import DebatePage
from web.http.as_of_date import AsOf
from web.http.datasette_types import Arguments
from web.rendering.speech_blocks import write_speech_blocks, write_speeches, write_title
from web.urls import url_for

CHOICE_COLUMNS = {"point": "point_id", "reading": "reading", "creator": "creator"}  # filter of notes: its column
STATUSES = ("exact", "moved", "changed", "disputed")
LAYOUTS = ("end", "off")  # of notes, besides the default, beside their words
MAX_LENGTH = 200  # characters of a filter


def build_context(model: DebatePage, speech_id: str | None, args: Arguments, as_of: AsOf | None) -> Row:
    """Build the context of debate.html, for a debate or for one speech of it.

    `args` are the query parameters that filter the notes and choose their layout.
    """
    shown, record = choose_notes(model.record, speech_id, args)
    shown["asked"]["as_of"] = as_of.date if as_of else ""
    record = record._replace(notes={}) if shown["way"] == "off" else record
    record = connect_notes(record, speech_id, model.history)
    record = record._replace(speeches=moments.add_moments(record.speeches, model.moments, record.notes))
    return {
        "debate": record.debate,
        "title": write_title(record),
        **_build_addresses(record.debate["id"], speech_id),
        "divisions": record.divisions,
        "votes": record.votes,
        "others": model.changes.describe_others(),
        "withdrawn": model.changes.withdrawn,
        "unread": model.unread,
        "changed": model.changes.count_differences(speech_id),
        "shown": shown,
        "lost": [note for note in model.lost if speech_id in (None, note["speech_id"])],
        **(_build_speech_context(record, speech_id) if speech_id else _build_debate_context(record)),
    }


def _build_addresses(debate_id: str, speech_id: str | None) -> Row:
    if speech_id:
        return {"own_address": url_for("speech", id=speech_id), "editions_address": url_for("editions", id=speech_id)}
    return {"own_address": url_for("debate", id=debate_id), "editions_address": url_for("changes", id=debate_id)}


def _build_speech_context(record: DebateRecord, id: str) -> Row:
    speech = next(each for each in record.speeches if each["id"] == id)
    mentions, notes = record.mentions.get(id, []), record.notes.get(id, [])
    alone = {**speech, "new_time": True, "new_column": True, "blocks": write_speech_blocks(speech, mentions, notes)}
    return {"speech": speech, "speeches": [alone], "mentions": mentions, "notes": notes}


def _build_debate_context(record: DebateRecord) -> Row:
    mentions, notes = (
        [row for group in groups.values() for row in group] for groups in (record.mentions, record.notes)
    )
    return {"speech": None, "speeches": write_speeches(record), "mentions": mentions, "notes": notes}


def choose_notes(record: DebateRecord, speech_id: str | None, args: Arguments) -> tuple[Row, DebateRecord]:
    """Filter the notes of a debate or of one speech; notes keep their numbers.

    Return context about the filters (`way`, `asked`, `choices`, `left`, `all`, `narrowed`), and the debate with only
    the chosen notes.
    """
    keys = (*CHOICE_COLUMNS, "status")
    chosen = {key: (args.get(key) or "").replace("\0", "")[:MAX_LENGTH] for key in ("notes", *keys)}
    chosen["notes"] = chosen["notes"] if chosen["notes"] in LAYOUTS else ""
    every = _list_notes(record, speech_id)
    fitting = [note for note in every if _is_chosen(note, chosen)]
    numbers = {note["number"] for note in fitting}
    notes = {id: [note for note in group if note["number"] in numbers] for id, group in record.notes.items()}
    shown = {"way": chosen["notes"] or "on", "asked": chosen, "choices": _list_choices(every), "left": len(fitting)}
    shown |= {"all": len(every), "narrowed": any(chosen[key] for key in keys)}
    return shown, record._replace(notes=notes)


def _list_notes(record: DebateRecord, speech_id: str | None) -> list[Row]:
    return [note for id, notes in record.notes.items() if speech_id in (None, id) for note in notes]


def _is_chosen(note: Row, chosen: Mapping[str, str]) -> bool:
    columns = all(chosen[key] in ("", note[column]) for key, column in CHOICE_COLUMNS.items())
    return columns and (not chosen["status"] or chosen["status"] in _list_statuses(note))


def _list_statuses(note: Row) -> tuple[str, ...]:
    disputed = any(reply["stance"] == "disputes" for reply in note["replies"])
    return (note["anchor"], "disputed") if disputed else (note["anchor"],)


def _list_choices(notes: Sequence[Row]) -> Row:
    """List the choices of each filter: values of the address, each with its name on the page."""
    titles = {"point": "point_title", "reading": "reading", "creator": "creator"}
    choices = {key: {note[column]: note[titles[key]] for note in notes} for key, column in CHOICE_COLUMNS.items()}
    there = {status for note in notes for status in _list_statuses(note)}
    return {**choices, "status": {status: status for status in STATUSES if status in there}}


def connect_notes(record: DebateRecord, speech_id: str | None, history: Mapping[str, list[Row]]) -> DebateRecord:
    """Add history, supporters and neighbours to each note, and the mentions' numbers to each speech.

    `history` has the journal entries by annotation id.
    """
    every = _list_notes(record, speech_id)
    around = find_neighbours([note["number"] for note in every])
    described = {note["number"]: _describe_note(note, history) for note in every}
    notes = {
        id: [{**note, **described.get(note["number"], {}), **around.get(note["number"], {})} for note in group]
        for id, group in record.notes.items()
    }
    mentioned = _number_mentions(record, speech_id)
    spoken = [{**speech, "mentioned": mentioned.get(speech["id"])} for speech in record.speeches]
    return record._replace(notes=notes, speeches=spoken)


def _describe_note(note: Row, history: Mapping[str, list[Row]]) -> Row:
    address = url_for("quote", id=note["id"])
    return {**group_stances(note["replies"]), "history": history.get(note["id"], []), "address": address}


def find_neighbours(numbers: Sequence[int]) -> dict[int, Row]:
    """Return the `previous` and `next` number of each number; None at the ends."""
    before, after = [None, *numbers][:-1], [*numbers, None][1:]
    return {n: {"previous": a, "next": b} for n, a, b in zip(numbers, before, after, strict=True)}


def _number_mentions(record: DebateRecord, speech_id: str | None) -> dict[str, Row]:
    """Return the first and last mention of each speech with mentions, and the mentions before and after those."""
    groups = [(id, [m["number"] for m in group]) for id, group in record.mentions.items() if speech_id in (None, id)]
    around = find_neighbours([number for _, group in groups for number in group])
    return {
        id: {"first": group[0], "last": group[-1]}
        | {"previous": around[group[0]]["previous"], "next": around[group[-1]]["next"]}
        for id, group in groups
    }


def group_stances(replies: Iterable[Row]) -> Row:
    """List who `agrees` and who `disputes`, each person once a side, in the order of their replies."""
    answers = [(reply["stance"], reply["creator"]) for reply in replies]
    return {
        side: list(dict.fromkeys(who for stance, who in answers if stance == side)) for side in ("agrees", "disputes")
    }
