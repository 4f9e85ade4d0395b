"""The view of editions: differences from the edition that is shown, in a sentence and word by word."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from annotations.text.edition_diff import DifferenceCounts, WordRun, compare_editions, count_differences, has_same_words
from db.sqlite import Row

MOST_KEPT = 500  # comparisons of two wordings
NO_DIFFERENCE = DifferenceCounts(places=0, changed=0, added=0, removed=0, marks=0)


class DebateChanges(NamedTuple):
    """Changes to the speeches of one debate since they were first published.

    `changed` has a row for each speech whose words changed; `marks` counts speeches in which only punctuation did;
    `others` has, by speech id, the number of editions with other words than the one shown. `speakers` are the editions
    that name another speaker than the one shown, and `withdrawn` the speeches that were withdrawn.
    """

    changed: list[Row]
    marks: int
    others: Mapping[str, int]
    speakers: Sequence[Row] = ()
    withdrawn: Sequence[Row] = ()

    def count_places(self, speech_id: str | None = None) -> int:
        """Count the places where words changed, in one speech or in all (None)."""
        return sum(row["tally"].places for row in self.changed if speech_id in (None, row["speech_id"]))

    def count_differences(self, speech_id: str | None = None) -> int:
        """Count places, corrected speakers and withdrawn speeches, in one speech or in all (None)."""
        renamed = {row["speech_id"] for row in self.speakers if speech_id in (None, row["speech_id"])}
        return self.count_places(speech_id) + len(renamed) + (len(self.withdrawn) if speech_id is None else 0)

    def describe_others(self) -> dict[str, str]:
        """Say, by speech id, how many versions have other words, and whom editions name as the speaker instead."""
        told = {id: [_count_wordings(count)] for id, count in self.others.items()}
        for row in self.speakers:
            named = f"another version names {row['speaker'] or 'nobody'} as the speaker"
            if named not in told.setdefault(str(row["speech_id"]), []):
                told[str(row["speech_id"])].append(named)
        return {id: "; ".join(each) for id, each in told.items()}


def _count_wordings(count: int) -> str:
    return f"{count:,} other version differs" if count == 1 else f"{count:,} other versions differ"


def compare_with_shown(editions: Sequence[Row]) -> list[Row]:
    """Compare editions with the one that is shown: the others get `tally`, `told` (a sentence) and `runs`."""
    shown = _find_shown(editions)
    return [each if each is shown else compare_edition(each, shown) for each in editions]


def _find_shown(editions: Sequence[Row]) -> Row:
    return next(each for each in editions if each["best"])


def compare_edition(edition: Row, shown: Row) -> Row:
    """Compare one edition with the one shown, as compare_with_shown does."""
    runs, counted = compare_wordings(edition["text"], shown["text"])
    return {
        **edition,
        "tally": counted,
        "told": describe_difference(counted),
        "runs": runs if _has_differences(counted) else [],
    }


@lru_cache(maxsize=MOST_KEPT)
def compare_wordings(older: str, newer: str) -> tuple[Sequence[WordRun], DifferenceCounts]:
    """Compare two wordings; the result is kept, since they never change and take long to compare."""
    runs = compare_editions(older, newer) if older != newer else []
    return runs, count_differences(runs)


@lru_cache(maxsize=4 * MOST_KEPT)
def has_words_of(one: str, other: str) -> bool:
    """Return what has_same_words does; the result is kept too."""
    return has_same_words(one, other)


def compare_first(editions: Sequence[Row]) -> Row:
    """Compare the edition first published with the one shown; `told` is a sentence about the changes since.

    `runs` is empty if nothing changed, or if the first edition is the one shown.
    """
    first, shown = editions[0], _find_shown(editions)
    if first is shown:
        return {**first, "tally": NO_DIFFERENCE, "runs": [], "told": _describe_oldest(len(editions))}
    found = compare_edition(first, shown)
    counted: DifferenceCounts = found["tally"]
    if first.get("other_speaker") and not counted.places:
        names = f"It was first published as {first['speaker'] or 'nobody'}’s"
        return {**found, "told": f"{names}: the speaker has been corrected; no words have changed."}
    if counted.places:
        return {**found, "told": f"{count_words(counted)} since it was first published."}
    only = " Only punctuation differs." if counted.marks else ""
    return {**found, "told": f"No words have changed since it was first published.{only}"}


def _describe_oldest(count: int) -> str:
    if count == 1:
        return "Only one version is held, so there is nothing to compare it with."
    return "No older version is held, so no change is known."


def find_changes(debate: Sequence[Sequence[Row]], withdrawn: Sequence[Row] = ()) -> DebateChanges:
    """Find the changes in a debate, from the editions of each of its speeches and those that were withdrawn."""
    changed, others, marks = [], {}, 0
    speakers = [each for editions in debate for each in editions if each.get("other_speaker")]
    for editions in debate:
        shown = _find_shown(editions)
        if differing := sum(not has_words_of(each["text"], shown["text"]) for each in editions):
            others[str(shown["speech_id"])] = differing
        first = editions[0]
        if first["text"] == shown["text"]:
            continue
        if has_words_of(first["text"], shown["text"]):
            marks += _has_differences(compare_wordings(first["text"], shown["text"])[1])
        else:
            changed.append(compare_first(editions))
    return DebateChanges(changed=changed, marks=marks, others=others, speakers=speakers, withdrawn=withdrawn)


def summarise_changes(found: DebateChanges, compared: int, speeches: int) -> str:
    """Describe the changes in a debate in sentences; `compared` speeches have several editions."""
    gone = len(found.withdrawn)
    removed = f" {_count_speeches(gone)} {'was' if gone == 1 else 'were'} withdrawn." if gone else ""
    if not compared:
        only = "Only one version of each speech is held, so there is nothing to compare them with."
        return removed.lstrip() if gone else only
    of = f"{compared:,} of {speeches:,} speeches are held in more than one version"
    return f"{_summarise_words(found, of)}{removed}"


def _summarise_words(found: DebateChanges, of: str) -> str:
    renamed = len({each["speech_id"] for each in found.speakers})
    if renamed and not (found.changed or found.marks):
        return f"The speaker of {_count_speeches(renamed)} has been corrected; no words have changed; {of}."
    if not (found.changed or found.marks):
        return f"No speech is known to have changed since it was first published; {of}."
    only = f" In {_count_speeches(found.marks)} only punctuation changed." if found.marks else ""
    only += f" The speaker of {_count_speeches(renamed)} has been corrected." if renamed else ""
    if not found.changed:
        return f"No words have changed since this was first published; {of}.{only}"
    every = [each["tally"] for each in found.changed]
    total = DifferenceCounts(**{key: sum(getattr(each, key) for each in every) for key in DifferenceCounts._fields})
    return f"{count_words(total)}, in {_count_speeches(len(every))}, since this was first published; {of}.{only}"


def _count_speeches(count: int) -> str:
    return f"{count:,} speech" if count == 1 else f"{count:,} speeches"


def _has_differences(counted: DifferenceCounts) -> bool:
    return bool(counted.places or counted.marks)


def describe_difference(counted: DifferenceCounts) -> str:
    """Describe in a sentence how an edition differs from the one shown."""
    if counted.places:
        return f"{count_words(counted)} in the version shown."
    return "The same words; only punctuation differs." if counted.marks else "The same words."


def count_words(counted: DifferenceCounts) -> str:
    """Describe how many words differ; there must be a difference.

    >>> count_words(DifferenceCounts(2, 1, 0, 3, 0))
    '1 word changed and 3 removed'
    """
    counts = {"changed": counted.changed, "added": counted.added, "removed": counted.removed}
    named = [f"{count:,} {how}" for how, count in counts.items() if count]
    first = next(count for count in counts.values() if count)
    named[0] = named[0].replace(" ", " word " if first == 1 else " words ", 1)
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]


def make_edition_data(row: Row) -> dict[str, object]:
    """Turn an edition and its differences into data for JSON."""
    common = {key: value for key, value in row.items() if key not in ("position", "tally", "runs")}
    counted: DifferenceCounts = row.get("tally", NO_DIFFERENCE)
    differences: Sequence[WordRun] = row.get("runs", ())
    return {**common, "counts": counted._asdict(), "differences": [run._asdict() for run in differences]}
