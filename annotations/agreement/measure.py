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
    """A debate, the people who have finished it, and its speeches (id and text), in order."""

    debate_id: str
    people: frozenset[str]
    speeches: tuple[tuple[str, str], ...]


class SharedText(NamedTuple):
    """The debates that two people have both finished, as one text: each speech's start, and the length."""

    one: str
    other: str
    starts: Mapping[str, int]
    length: int


class PairAgreement(NamedTuple):
    """Two people on one point: numbers of passages of both, of those read alike, and of one alone; unitised alpha."""

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


def measure_agreement(debates: Sequence[FinishedDebate], marks: Iterable[BlindMark]) -> Iterator[PointAgreement]:
    """Yield the agreement on each point that is marked in debates that several people have finished."""
    shared = [debate for debate in debates if len(debate.people) > 1]
    people = {speech: debate.people for debate in shared for speech, _ in debate.speeches}
    by_point: dict[str, list[BlindMark]] = defaultdict(list)
    for mark in marks:
        if mark.person in people.get(mark.speech_id, ()):
            by_point[mark.point_id].append(mark)
    sentences = {speech: list(find_sentences(text)) for debate in shared for speech, text in debate.speeches}
    texts = list(_join_shared_texts(shared))
    for point_id, point_marks in sorted(by_point.items()):
        yield _measure_point(point_id, shared, sentences, texts, point_marks)


def _join_shared_texts(shared: Sequence[FinishedDebate]) -> Iterator[SharedText]:
    """Yield the shared text of each two people who have finished the same debates."""
    for one, other in combinations(sorted({person for debate in shared for person in debate.people}), 2):
        starts, length = {}, 0
        for speech_id, text in (
            speech for debate in shared if {one, other} <= debate.people for speech in debate.speeches
        ):
            starts[speech_id] = length
            length += len(text) + 1  # speeches never touch
        if starts:
            yield SharedText(one=one, other=other, starts=starts, length=length)


def _measure_point(
    point_id: str,
    shared: Sequence[FinishedDebate],
    sentence_spans: SentenceSpans,
    texts: Sequence[SharedText],
    marks: Sequence[BlindMark],
) -> PointAgreement:
    by_speech: dict[str, list[BlindMark]] = defaultdict(list)
    by_person: dict[str, dict[str, list[BlindMark]]] = defaultdict(lambda: defaultdict(list))
    for mark in marks:
        by_speech[mark.speech_id].append(mark)
        by_person[mark.person][mark.speech_id].append(mark)
    compared = [each for debate in shared for each in _find_marked_sentences(debate, sentence_spans, by_speech)]
    unmarked: Counter[int] = Counter()
    for debate in shared:
        unmarked[len(debate.people)] += sum(len(sentence_spans[speech]) for speech, _ in debate.speeches)
    sentences = unmarked.total()
    unmarked.subtract(len(each.readings) for each in compared)
    alpha = compute_nominal_alpha(
        ([reading or "" for reading in each.readings.values()] for each in compared), unmarked
    )
    people = tuple(sorted({person for debate in shared for person in debate.people}))
    pairs = tuple(_compare_pair(text, by_person) for text in texts)
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


def _find_marked_sentences(
    debate: FinishedDebate, sentence_spans: SentenceSpans, marks: Mapping[str, Sequence[BlindMark]]
) -> Iterator[MarkedSentence]:
    """Yield the sentences of a debate that anybody marked."""
    for speech_id, text in debate.speeches:
        if speech_marks := marks.get(speech_id):
            for start, end in sentence_spans[speech_id]:
                sentence_marks = [
                    m for m in speech_marks if m.start < end and start < m.end and m.person in debate.people
                ]
                if sentence_marks:
                    yield MarkedSentence(
                        debate.debate_id, speech_id, text[start:end], _collect_readings(debate.people, sentence_marks)
                    )


def _collect_readings(people: Iterable[str], marks: Iterable[BlindMark]) -> dict[str, str | None]:
    """Return the readings of a sentence by person; None where the person marked nothing."""
    found: dict[str, set[str]] = {person: set() for person in sorted(people)}
    for mark in marks:
        found[mark.person].add(mark.reading)
    return {person: " and ".join(sorted(readings)) or None for person, readings in found.items()}


def _compare_pair(shared: SharedText, marks: Mapping[str, Mapping[str, Sequence[BlindMark]]]) -> PairAgreement:
    """Compare two people in the debates that both have finished; `marks` are all marks by person and speech."""
    one, other, starts, length = shared
    mine, theirs = ({s: found for s, found in marks.get(who, {}).items() if s in starts} for who in (one, other))
    compared = [(a, [b for b in theirs.get(s, ()) if _has_overlap(a, b)]) for s, found in mine.items() for a in found]
    both = sum(bool(overlapping) for _, overlapping in compared)
    alike = sum(any(a.reading == b.reading for b in overlapping) for a, overlapping in compared)
    alone = sum(not any(_has_overlap(a, b) for a in mine.get(s, ())) for s, found in theirs.items() for b in found)
    spans_of_one, spans_of_other = (_collect_spans(found, starts) for found in (mine, theirs))
    return PairAgreement(
        one=one,
        other=other,
        both=both,
        alike=alike,
        only_one=len(compared) - both,
        only_other=alone,
        unitised=compute_unitised_alpha(spans_of_one, spans_of_other, length),
    )


def _collect_spans(
    marks: Mapping[str, Sequence[BlindMark]], starts: Mapping[str, int]
) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Return one person's passages by reading, as spans of the whole text."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for speech, own in marks.items():
        for mark in own:
            found[mark.reading].append((starts[speech] + mark.start, starts[speech] + mark.end))
    return found


def _has_overlap(one: BlindMark, other: BlindMark) -> bool:
    return one.speech_id == other.speech_id and one.start < other.end and other.start < one.end


def _describe_weakness(marked: int) -> str:
    if marked >= FEWEST_SENTENCES:
        return ""
    sentences = "1 sentence is" if marked == 1 else f"{marked} sentences are"
    why = (
        f"below {FEWEST_SENTENCES}, one more or less changes alpha completely, so read the list rather than the number"
    )
    return f"only {sentences} marked at all: {why}"
