"""The view of editions: what differs from the wording that is shown, in a sentence and word by word."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from annotations.text.edition_diff import Run, Tally, runs, same_words, tally
from db.sqlite import Row

NOTHING = Tally(places=0, changed=0, added=0, removed=0, marks=0)


class Changes(NamedTuple):
    """What changed in the speeches of one debate since they were first published.

    `changed` has a row a speech whose words changed; `marks` counts speeches in which only punctuation did; `others`
    has the ids of speeches of which some edition has other words than those shown, and how many do.
    """

    changed: list[Row]
    marks: int
    others: Mapping[str, int]

    def count_places(self, speech_id: str | None = None) -> int:
        """Count the places where words changed, in one speech or in all."""
        return sum(row["tally"].places for row in self.changed if speech_id in (None, row["speech_id"]))


def beside(editions: Sequence[Row]) -> list[Row]:
    """Compare editions with the one that is shown: each other gets a tally, a sentence (told) and runs."""
    shown = _shown(editions)
    return [each if each is shown else compared(each, shown) for each in editions]


def _shown(editions: Sequence[Row]) -> Row:
    return next(each for each in editions if each["best"])


def compared(edition: Row, shown: Row) -> Row:
    """Compare one edition with the wording shown."""
    found = runs(edition["text"], shown["text"]) if edition["text"] != shown["text"] else []
    counted = tally(found)
    return {**edition, "tally": counted, "told": told(counted), "runs": found if _differs(counted) else []}


def since_first(editions: Sequence[Row]) -> Row:
    """Compare the edition first published with the wording shown; its sentence (told) says what changed since.

    It has no `runs` where nothing changed, or nothing older than the wording shown is held.
    """
    first, shown = editions[0], _shown(editions)
    if first is shown:
        return {**first, "tally": NOTHING, "runs": [], "told": _oldest(len(editions))}
    found = compared(first, shown)
    counted: Tally = found["tally"]
    if counted.places:
        return {**found, "told": f"{amount(counted)} since it was first published."}
    only = " Only punctuation differs." if counted.marks else ""
    return {**found, "told": f"Not a word has changed since it was first published.{only}"}


def _oldest(count: int) -> str:
    if count == 1:
        return "This archive holds one edition alone, so there is nothing to compare it with."
    return "Nothing older than the wording shown is held here, so nothing is known to have changed."


def changes(debate: Sequence[Sequence[Row]]) -> Changes:
    """Find what changed in a debate, from the editions of each of its speeches."""
    changed, others, marks = [], {}, 0
    for editions in debate:
        shown = _shown(editions)
        if differing := sum(not same_words(each["text"], shown["text"]) for each in editions):
            others[str(shown["speech_id"])] = differing
        first = editions[0]
        if first["text"] == shown["text"]:
            continue
        if same_words(first["text"], shown["text"]):
            marks += _differs(tally(runs(first["text"], shown["text"])))
        else:
            changed.append(since_first(editions))
    return Changes(changed, marks, others)


def sum_up(found: Changes, compared: int, speeches: int) -> str:
    """Say what changed in a debate in a sentence or two, of which so many speeches (compared) have several editions."""
    if not compared:
        return "This archive holds one edition of each speech alone, so there is nothing to compare them with."
    of = f"{compared:,} of {speeches:,} speeches are held in more than one edition"
    if not (found.changed or found.marks):
        return f"No speech is known to have changed since it was first published; {of}."
    only = f" In {_speeches(found.marks)} only punctuation changed." if found.marks else ""
    if not found.changed:
        return f"Not a word has changed since this was first published; {of}.{only}"
    every = [each["tally"] for each in found.changed]
    total = Tally._make(map(sum, zip(*every, strict=True)))
    return f"{amount(total)}, in {_speeches(len(every))}, since this was first published; {of}.{only}"


def _speeches(count: int) -> str:
    return f"{count:,} speech" if count == 1 else f"{count:,} speeches"


def _differs(counted: Tally) -> bool:
    return bool(counted.places or counted.marks)


def told(counted: Tally) -> str:
    """Say how an edition differs from the wording shown, in a sentence."""
    if counted.places:
        return f"{amount(counted)} in the wording shown."
    return "The same words; only punctuation differs." if counted.marks else "The same words."


def amount(counted: Tally) -> str:
    """Say how many words differ.

    >>> amount(Tally(2, 1, 0, 3, 0))
    '1 word changed and 3 removed'
    """
    counts = {"changed": counted.changed, "added": counted.added, "removed": counted.removed}
    named = [f"{count:,} {how}" for how, count in counts.items() if count]
    first = next(count for count in counts.values() if count)
    named[0] = named[0].replace(" ", " word " if first == 1 else " words ", 1)
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]


def as_data(row: Row) -> dict[str, Any]:
    """Turn an edition with what differs into data for JSON."""
    kept = {key: value for key, value in row.items() if key not in ("position", "tally", "runs")}
    counted: Tally = row.get("tally", NOTHING)
    differences: Sequence[Run] = row.get("runs", ())
    return {**kept, "counts": counted._asdict(), "differences": [run._asdict() for run in differences]}
