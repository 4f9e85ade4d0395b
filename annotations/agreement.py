"""How far people who annotated the same debates, each unseen by the others, agree: point by point, and where not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from annotations.alpha import nominal, unitised
from annotations.sentences import sentences

ENOUGH = 20  # sentences marked by somebody: with fewer, one sentence more or less turns alpha about
Units = Mapping[str, Sequence[tuple[int, int]]]  # start and end of each sentence, by speech


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


class Place(NamedTuple):
    """The text that two people have both read: where each speech starts in it, and its length."""

    one: str
    other: str
    starts: Mapping[str, int]
    length: int


class Pair(NamedTuple):
    """Two people on one point: passages that meet, of those the ones read alike, those of one alone; unitised alpha."""

    one: str
    other: str
    both: int
    alike: int
    only_one: int
    only_other: int
    unitised: float | None


class Compared(NamedTuple):
    """A sentence that somebody marked: the reading of each who passed the debate, None for no mark."""

    debate_id: str
    speech_id: str
    words: str
    readings: dict[str, str | None]


class Agreement(NamedTuple):
    """One point: sentences that were read by several, those that anybody marked, alpha over the sentences, and pairs.

    `disagreements` and `agreed` are the marked ones that people read differently, and all alike, in their order.

    `warning` says why the numbers may mean nothing; it is empty where they are many enough.
    """

    point_id: str
    people: tuple[str, ...]
    debates: int
    sentences: int
    marked: int
    nominal: float | None
    pairs: tuple[Pair, ...]
    disagreements: tuple[Compared, ...]
    agreed: tuple[Compared, ...]
    warning: str


def agreements(reads: Sequence[Read], marks: Iterable[Marked]) -> Iterator[Agreement]:
    """The agreement on each point that anybody marked in debates that several people have finished."""
    shared = [read for read in reads if len(read.people) > 1]
    people = {speech: read.people for read in shared for speech, _ in read.speeches}
    by_point: dict[str, list[Marked]] = defaultdict(list)
    for mark in marks:
        if mark.person in people.get(mark.speech_id, ()):
            by_point[mark.point_id].append(mark)
    units = {speech: list(sentences(text)) for read in shared for speech, text in read.speeches}
    places = list(_places(shared))
    for point_id, found in sorted(by_point.items()):
        yield _agreement(point_id, shared, units, places, found)


def _places(shared: Sequence[Read]) -> Iterator[Place]:
    """Each two people with the debates that both have finished as one text."""
    for one, other in combinations(sorted({person for read in shared for person in read.people}), 2):
        starts, length = {}, 0
        for speech_id, text in (speech for read in shared if {one, other} <= read.people for speech in read.speeches):
            starts[speech_id] = length
            length += len(text) + 1  # speeches never touch
        if starts:
            yield Place(one, other, starts, length)


def _agreement(
    point_id: str, shared: Sequence[Read], units: Units, places: Sequence[Place], marks: Sequence[Marked]
) -> Agreement:
    by_speech: dict[str, list[Marked]] = defaultdict(list)
    for mark in marks:
        by_speech[mark.speech_id].append(mark)
    compared = [each for read in shared for each in _compared(read, units, by_speech)]
    unmarked: Counter[int] = Counter()
    for read in shared:
        unmarked[len(read.people)] += sum(len(units[speech]) for speech, _ in read.speeches)
    sentences = unmarked.total()
    unmarked.subtract(len(each.readings) for each in compared)
    alpha = nominal(([reading or "" for reading in each.readings.values()] for each in compared), unmarked)
    people = tuple(sorted({person for read in shared for person in read.people}))
    pairs = tuple(_pair(place, by_speech) for place in places)
    differing = tuple(each for each in compared if len(set(each.readings.values())) > 1)
    alike = tuple(each for each in compared if len(set(each.readings.values())) == 1)
    counts = (len(shared), sentences, len(compared))
    return Agreement(point_id, people, *counts, alpha, pairs, differing, alike, _warning(len(compared)))


def _compared(read: Read, units: Units, marks: Mapping[str, Sequence[Marked]]) -> Iterator[Compared]:
    """The sentences of a debate that anybody marked."""
    for speech_id, text in read.speeches:
        if found := marks.get(speech_id):
            for start, end in units[speech_id]:
                given = _readings(start, end, read.people, found)
                if any(given.values()):
                    yield Compared(read.debate_id, speech_id, text[start:end], given)


def _readings(start: int, end: int, people: Iterable[str], marks: Iterable[Marked]) -> dict[str, str | None]:
    """How each person reads a sentence: the readings of the words marked in it, None where they marked none."""
    found: dict[str, set[str]] = {person: set() for person in sorted(people)}
    for mark in marks:
        if mark.start < end and start < mark.end and mark.person in found:
            found[mark.person].add(mark.reading)
    return {person: " and ".join(sorted(readings)) or None for person, readings in found.items()}


def _pair(place: Place, marks: Mapping[str, Sequence[Marked]]) -> Pair:
    """Two people in the debates that both have finished."""
    one, other, starts, length = place
    cuts: dict[str, dict[str, list[tuple[int, int]]]] = {person: defaultdict(list) for person in (one, other)}
    marked = met = alike = alone = 0
    for speech_id, found in marks.items():
        if speech_id in starts:
            for mark in found:
                if mark.person in cuts:
                    at = starts[speech_id]
                    cuts[mark.person][mark.reading].append((at + mark.start, at + mark.end))
            mine, theirs = ([mark for mark in found if mark.person == person] for person in (one, other))
            meeting = [[b for b in theirs if _meet(a, b)] for a in mine]
            marked += len(mine)
            met += sum(map(bool, meeting))
            alike += sum(any(a.reading == b.reading for b in them) for a, them in zip(mine, meeting, strict=True))
            alone += sum(not any(_meet(a, b) for a in mine) for b in theirs)
    return Pair(one, other, met, alike, marked - met, alone, unitised(cuts[one], cuts[other], length))


def _meet(one: Marked, other: Marked) -> bool:
    return one.speech_id == other.speech_id and one.start < other.end and other.start < one.end


def _warning(marked: int) -> str:
    if marked >= ENOUGH:
        return ""
    sentences = "1 sentence is" if marked == 1 else f"{marked} sentences are"
    why = f"below {ENOUGH}, one more or less turns alpha about, so read the list rather than the number"
    return f"only {sentences} marked by anybody: {why}"
