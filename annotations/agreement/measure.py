"""The agreement of people who annotated the same debates blind: point by point, with every disagreement."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from annotations.agreement.alpha import compute_nominal_alpha, compute_unitised_alpha
from annotations.text.sentences import find_sentences

FEWEST_SENTENCES = 20  # marked sentences: with fewer, a single sentence changes alpha too much
SentenceSpans = Mapping[str, Sequence[tuple[int, int]]]  # start and end of each sentence, by speech


class BlindMark(NamedTuple):
    """Words of a speech that a person read as bearing on a point."""

    person: str
    speech_id: str
    start: int
    end: int
    point_id: str
    reading: str
    annotation_id: str


class FinishedDebate(NamedTuple):
    """A debate that several people have finished: who, and its speeches with their text, in order."""

    debate_id: str
    people: frozenset[str]
    speeches: tuple[tuple[str, str], ...]


class SharedText(NamedTuple):
    """The text that two people have both read: where each speech starts in it, and its length, in characters."""

    one: str
    other: str
    starts: Mapping[str, int]
    length: int


class PairAgreement(NamedTuple):
    """Two people on one point: passages that overlap, those of them read alike, those of one alone; unitised alpha."""

    one: str
    other: str
    both: int
    alike: int
    only_one: int
    only_other: int
    unitised: float | None


class MarkedSentence(NamedTuple):
    """A marked sentence with the reading of each person who finished the debate; None for no mark."""

    debate_id: str
    speech_id: str
    words: str
    readings: dict[str, str | None]


class PointAgreement(NamedTuple):
    """One point: the numbers of sentences read by several people and of those marked, alpha over them, and pairs.

    `disagreements` and `agreed` are the marked sentences that people read differently, and alike, in order. `warning`
    says why the numbers may mean nothing; it is empty where enough sentences are marked.
    """

    point_id: str
    people: tuple[str, ...]
    debates: int
    sentences: int
    marked: int
    nominal: float | None
    pairs: tuple[PairAgreement, ...]
    disagreements: tuple[MarkedSentence, ...]
    agreed: tuple[MarkedSentence, ...]
    warning: str


def measure_agreement(reads: Sequence[FinishedDebate], marks: Iterable[BlindMark]) -> Iterator[PointAgreement]:
    """Yield the agreement on each point that is marked in debates that several people have finished."""
    shared = [read for read in reads if len(read.people) > 1]
    people = {speech: read.people for read in shared for speech, _ in read.speeches}
    by_point: dict[str, list[BlindMark]] = defaultdict(list)
    for mark in marks:
        if mark.person in people.get(mark.speech_id, ()):
            by_point[mark.point_id].append(mark)
    units = {speech: list(find_sentences(text)) for read in shared for speech, text in read.speeches}
    places = list(_shared_texts(shared))
    for point_id, found in sorted(by_point.items()):
        yield _agreement(point_id, shared, units, places, found)


def _shared_texts(shared: Sequence[FinishedDebate]) -> Iterator[SharedText]:
    """Yield each two people with the debates that both have finished, as one text."""
    for one, other in combinations(sorted({person for read in shared for person in read.people}), 2):
        starts, length = {}, 0
        for speech_id, text in (speech for read in shared if {one, other} <= read.people for speech in read.speeches):
            starts[speech_id] = length
            length += len(text) + 1  # speeches never touch
        if starts:
            yield SharedText(one=one, other=other, starts=starts, length=length)


def _agreement(
    point_id: str,
    shared: Sequence[FinishedDebate],
    units: SentenceSpans,
    places: Sequence[SharedText],
    marks: Sequence[BlindMark],
) -> PointAgreement:
    by_speech: dict[str, list[BlindMark]] = defaultdict(list)
    by_person: dict[str, dict[str, list[BlindMark]]] = defaultdict(lambda: defaultdict(list))
    for mark in marks:
        by_speech[mark.speech_id].append(mark)
        by_person[mark.person][mark.speech_id].append(mark)
    compared = [each for read in shared for each in _marked_sentences(read, units, by_speech)]
    unmarked: Counter[int] = Counter()
    for read in shared:
        unmarked[len(read.people)] += sum(len(units[speech]) for speech, _ in read.speeches)
    sentences = unmarked.total()
    unmarked.subtract(len(each.readings) for each in compared)
    alpha = compute_nominal_alpha(
        ([reading or "" for reading in each.readings.values()] for each in compared), unmarked
    )
    people = tuple(sorted({person for read in shared for person in read.people}))
    pairs = tuple(_pair(place, by_person) for place in places)
    differing = tuple(each for each in compared if len(set(each.readings.values())) > 1)
    alike = tuple(each for each in compared if len(set(each.readings.values())) == 1)
    return PointAgreement(
        point_id=point_id,
        people=people,
        debates=len(shared),
        sentences=sentences,
        marked=len(compared),
        nominal=alpha,
        pairs=pairs,
        disagreements=differing,
        agreed=alike,
        warning=_describe_weakness(len(compared)),
    )


def _marked_sentences(
    read: FinishedDebate, units: SentenceSpans, marks: Mapping[str, Sequence[BlindMark]]
) -> Iterator[MarkedSentence]:
    """Yield the sentences of a debate that anybody marked."""
    for speech_id, text in read.speeches:
        if found := marks.get(speech_id):
            for start, end in units[speech_id]:
                in_it = [m for m in found if m.start < end and start < m.end and m.person in read.people]
                if in_it:
                    yield MarkedSentence(
                        read.debate_id, speech_id, text[start:end], _readings_by_person(read.people, in_it)
                    )


def _readings_by_person(people: Iterable[str], marks: Iterable[BlindMark]) -> dict[str, str | None]:
    """Return each person's readings of a sentence, by the words marked in it; None where nothing is marked."""
    found: dict[str, set[str]] = {person: set() for person in sorted(people)}
    for mark in marks:
        found[mark.person].add(mark.reading)
    return {person: " and ".join(sorted(readings)) or None for person, readings in found.items()}


def _pair(place: SharedText, marks: Mapping[str, Mapping[str, Sequence[BlindMark]]]) -> PairAgreement:
    """Compare two people in the debates that both have finished; `marks` are everybody's, by person and speech."""
    one, other, starts, length = place
    mine, theirs = ({s: found for s, found in marks.get(who, {}).items() if s in starts} for who in (one, other))
    meeting = [(a, [b for b in theirs.get(s, ()) if _overlap(a, b)]) for s, found in mine.items() for a in found]
    met = sum(bool(them) for _, them in meeting)
    alike = sum(any(a.reading == b.reading for b in them) for a, them in meeting)
    alone = sum(not any(_overlap(a, b) for a in mine.get(s, ())) for s, found in theirs.items() for b in found)
    cuts_of_one, cuts_of_other = (_cuts(found, starts) for found in (mine, theirs))
    return PairAgreement(
        one=one,
        other=other,
        both=met,
        alike=alike,
        only_one=len(meeting) - met,
        only_other=alone,
        unitised=compute_unitised_alpha(cuts_of_one, cuts_of_other, length),
    )


def _cuts(
    marks: Mapping[str, Sequence[BlindMark]], starts: Mapping[str, int]
) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Return one person's passages by reading, as spans of the whole text."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for speech, own in marks.items():
        for mark in own:
            found[mark.reading].append((starts[speech] + mark.start, starts[speech] + mark.end))
    return found


def _overlap(one: BlindMark, other: BlindMark) -> bool:
    return one.speech_id == other.speech_id and one.start < other.end and other.start < one.end


def _describe_weakness(marked: int) -> str:
    if marked >= FEWEST_SENTENCES:
        return ""
    sentences = "1 sentence is" if marked == 1 else f"{marked} sentences are"
    why = f"below {FEWEST_SENTENCES}, one more or less turns alpha about, so read the list rather than the number"
    return f"only {sentences} marked by anybody: {why}"
