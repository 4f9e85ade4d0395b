"""View of the page "My notes": the notes by debate, and what needs its author's attention first."""

from collections.abc import Iterable, Mapping

from db.sqlite import Row
from web.http.visibility import BlindPass
from web.my_notes.queries import MOST_NOTES, OwnWork


def build_context(work: OwnWork, passes: Mapping[str, BlindPass]) -> Row:
    """Build the context of my_notes.html from a person's work and their passes by debate id."""
    active = [note for note in work.notes if note["status"] == "active"]
    broken = [note for note in active if note["anchor"] in ("changed", "lost")]
    return {
        **work._asdict(),
        "active": active,
        "broken": broken,
        "debates": group_by_debate(note for note in active if note not in broken),
        "withdrawn": [note for note in work.notes if note["status"] == "withdrawn"],
        "open_passes": [each for each in passes.values() if each.is_open],
        "done_passes": [each for each in passes.values() if each.done],
        "cut_off": len(work.notes) == MOST_NOTES,
    }


def group_by_debate(notes: Iterable[Row]) -> list[Row]:
    """Group notes by their debate, in the order of the first note of each: `id`, `title`, `date` and `notes`."""
    groups: dict[str, Row] = {}
    for note in notes:
        new = {"id": note["debate_id"], "title": note["title"], "date": note["date"], "notes": []}
        groups.setdefault(note["debate_id"], new)["notes"].append(note)
    return list(groups.values())
