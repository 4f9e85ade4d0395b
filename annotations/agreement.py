"""How far people who annotated the same debates, each unseen by the others, agree: point by point, and where not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from annotations.alpha import nominal, unitised
from annotations.sentences import sentences

ENOUGH = 20  # sentences marked by somebody: with fewer, one sentence more or less turns alpha about
Unit = tuple[str, int, int]  # a sentence: speech, start and end


class Marked(NamedTuple):
    """Words of a speech that a person read as bearing on a point."""

    person: str
    speech_id: str
    start: int
    end: int
    point_id: str
    reading: str
    annotation_id: str


class Read(NamedTuple):
    """A debate that several people have finished: who, and its speeches with their text, in order."""

    debate_id: str
    people: frozenset[str]
    speeches: tuple[tuple[str, str], ...]


class Pair(NamedTuple):
    """Two people on one point: passages that meet, of those the ones read alike, those of one alone; unitised alpha."""

    one: str
    other: str
    both: int
    alike: int
    only_one: int
    only_other: int
    unitised: float | None


class Disagreement(NamedTuple):
    """A sentence that people do not mark alike: the reading of each who passed the debate, None for no mark."""

    debate_id: str
    speech_id: str
    words: str
    readings: dict[str, str | None]


class Agreement(NamedTuple):
    """One point: sentences that were read by several, those that anybody marked, alpha over the sentences, and pairs.

    `warning` says why the numbers may mean nothing; it is empty where they are many enough.
    """

    point_id: str
    people: tuple[str, ...]
    debates: int
    sentences: int
    marked: int
    nominal: float | None
    pairs: tuple[Pair, ...]
    disagreements: tuple[Disagreement, ...]
    warning: str


def agreements(reads: Sequence[Read], marks: Iterable[Marked]) -> Iterator[Agreement]:
    """The agreement on each point that anybody marked in debates that several people have finished."""
    shared = [read for read in reads if len(read.people) > 1]
    people = {speech: read.people for read in shared for speech, _ in read.speeches}
    by_point: dict[str, list[Marked]] = defaultdict(list)
    for mark in marks:
        if mark.person in people.get(mark.speech_id, ()):
            by_point[mark.point_id].append(mark)
    units = {read.debate_id: list(_units(read)) for read in shared}
    for point_id, found in sorted(by_point.items()):
        yield _agreement(point_id, shared, units, found)


def _units(read: Read) -> Iterator[tuple[Unit, str]]:
    for speech_id, text in read.speeches:
        for start, end in sentences(text):
            yield (speech_id, start, end), text[start:end]


def _agreement(
    point_id: str, shared: Sequence[Read], units: Mapping[str, list[tuple[Unit, str]]], marks: Sequence[Marked]
) -> Agreement:
    by_speech: dict[str, list[Marked]] = defaultdict(list)
    for mark in marks:
        by_speech[mark.speech_id].append(mark)
    values, differing, marked = [], [], 0
    for read in shared:
        for unit, words in units[read.debate_id]:
            given = _readings(unit, read.people, by_speech[unit[0]])
            values.append([reading or "" for reading in given.values()])
            marked += any(given.values())
            if len(set(given.values())) > 1:
                differing.append(Disagreement(read.debate_id, unit[0], words, given))
    people = tuple(sorted({person for read in shared for person in read.people}))
    pairs = tuple(pair for two in combinations(people, 2) if (pair := _pair(*two, shared, by_speech)))
    counts = (len(shared), len(values), marked)
    return Agreement(point_id, people, *counts, nominal(values), pairs, tuple(differing), _warning(marked))


def _readings(unit: Unit, people: Iterable[str], marks: Iterable[Marked]) -> dict[str, str | None]:
    """How each person reads a sentence: the readings of the words marked in it, None where they marked none."""
    _, start, end = unit
    found: dict[str, set[str]] = {person: set() for person in sorted(people)}
    for mark in marks:
        if mark.person in found and mark.start < end and start < mark.end:
            found[mark.person].add(mark.reading)
    return {person: " and ".join(sorted(readings)) or None for person, readings in found.items()}


def _pair(one: str, other: str, shared: Sequence[Read], marks: Mapping[str, Sequence[Marked]]) -> Pair | None:
    """Two people in the debates that both have finished; None where there is none."""
    both = [read for read in shared if {one, other} <= read.people]
    if not both:
        return None
    cuts: dict[str, dict[str, list[tuple[int, int]]]] = {person: defaultdict(list) for person in (one, other)}
    mine: dict[str, list[Marked]] = {one: [], other: []}
    length = 0
    for speech_id, text in (speech for read in both for speech in read.speeches):
        for mark in marks.get(speech_id, ()):
            if mark.person in mine:
                mine[mark.person].append(mark)
                cuts[mark.person][mark.reading].append((length + mark.start, length + mark.end))
        length += len(text) + 1  # speeches never touch
    meeting = [(a, [b for b in mine[other] if _meet(a, b)]) for a in mine[one]]
    met = [a for a, found in meeting if found]
    alike = sum(any(a.reading == b.reading for b in found) for a, found in meeting)
    alone = sum(not any(_meet(a, b) for a in mine[one]) for b in mine[other])
    return Pair(one, other, len(met), alike, len(meeting) - len(met), alone, unitised(cuts[one], cuts[other], length))


def _meet(one: Marked, other: Marked) -> bool:
    return one.speech_id == other.speech_id and one.start < other.end and other.start < one.end


def _warning(marked: int) -> str:
    if marked >= ENOUGH:
        return ""
    sentences = "1 sentence is" if marked == 1 else f"{marked} sentences are"
    why = f"below {ENOUGH}, one more or less turns alpha about, so read the list rather than the number"
    return f"only {sentences} marked by anybody: {why}"
