"""Matching of speeches between two sources: pairs of turns, each with a score and the evidence.

Sections are paired by Parliament's id, or by the turns that they share; turns by Parliament's two numbers, else in
order by their words. Equal words alone never decide, because editions differ. A number alone does not either: where
speaker and words both differ, the two turns are a doubt.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from db.gid import parse_old_page_id
from db.records.hansard import Debate, Division, Speech, Turn
from scrapers.load.same_turn import (
    DOUBTFUL_SCORE,
    SAME_PERSON_SCORE,
    SHORT_TEXT,
    FindPerson,
    compare_words,
    fold_words,
    is_other_speech,
)

SURE_SCORE = 0.8  # likeness of words from which two turns are one
MIN_SHARE = 0.5  # least share of the shorter section's turns, for two sections to be one


class TurnPair(NamedTuple):
    """Two turns, by their places in the two sections; sure if `score` is SURE_SCORE or more."""

    ours: int
    theirs: int
    score: float
    evidence: str


def find_counterpart(
    debates: Sequence[Debate], other: Debate, find_person: FindPerson
) -> tuple[int, list[TurnPair]] | None:
    """Find the place of another source's debate among ours, with the turns that both share; None if it has none."""
    theirs = [item for _, item in other.speeches]
    for place, debate in enumerate(debates):
        if other.section_id and other.section_id == debate.section_id:
            pairs = pair_turns([item for _, item in debate.speeches], theirs, find_person)
            # two sections of 2007 may have one id
            if _is_title_alike(debate, other) or any(pair.score >= SURE_SCORE for pair in pairs):
                return place, pairs
    best: tuple[float, int, list[TurnPair]] = (0.0, -1, [])
    for place in _list_candidates(debates, other):
        ours = [item for _, item in debates[place].speeches]
        pairs = pair_turns(ours, theirs, find_person)
        share = sum(pair.score >= SURE_SCORE for pair in pairs) / max(1, min(len(ours), len(theirs)))
        best = max(best, (share, place, pairs), key=lambda each: each[0])
    return (best[1], best[2]) if best[0] >= MIN_SHARE else None


def _list_candidates(debates: Sequence[Debate], other: Debate) -> list[int]:
    """List the places of debates of the same title, or with a number or a longer turn in common with the other."""
    marks = {mark for _, item in other.speeches for mark in _list_marks(item)}
    return [
        place
        for place, debate in enumerate(debates)
        if _is_title_alike(debate, other)
        or any(mark in marks for _, item in debate.speeches for mark in _list_marks(item))
    ]


def _is_title_alike(debate: Debate, other: Debate) -> bool:
    return fuzz.ratio(fold_words(debate.title), fold_words(other.title)) >= 90


def _list_marks(item: Turn) -> set[str]:
    words = fold_words(item.text) if isinstance(item, Speech) else ""
    return {*_list_identifiers(item), *([words] if len(words) > 2 * SHORT_TEXT else [])}


def pair_turns(ours: Sequence[Turn], theirs: Sequence[Turn], find_person: FindPerson) -> list[TurnPair]:
    """Pair the turns that two sections share, in order, each at most once. Pairs below SURE_SCORE are doubtful."""
    pairs, doubts = _pair_by_number(ours, theirs, find_person)
    fixed = _list_fixed_places(pairs)
    for before, after in zip([(-1, -1), *fixed], [*fixed, (len(ours), len(theirs))], strict=True):
        done = {pair.ours for pair in pairs}, {pair.theirs for pair in pairs}
        a = [n for n in range(before[0] + 1, after[0]) if n not in done[0]]
        b = [n for n in range(before[1] + 1, after[1]) if n not in done[1]]
        pairs += _pair_by_words(ours, theirs, a, b, find_person)
    done = {pair.ours for pair in pairs}, {pair.theirs for pair in pairs}
    return sorted([*pairs, *(each for each in doubts if each.ours not in done[0] and each.theirs not in done[1])])


def _pair_by_number(
    ours: Sequence[Turn], theirs: Sequence[Turn], find_person: FindPerson
) -> tuple[list[TurnPair], list[TurnPair]]:
    """Pair turns by their numbers; return the pairs, and the doubts, in which speaker and words both differ."""
    places = {id: n for n, item in enumerate(ours) for id in _list_identifiers(item)}
    pairs: dict[int, TurnPair] = {}
    doubts: list[TurnPair] = []
    for n, item in enumerate(theirs):
        shared = [id for id in _list_identifiers(item) if id in places and places[id] not in pairs]
        if not shared:
            continue
        place, evidence = places[shared[0]], f"the same {shared[0]}"
        mine = ours[place]
        if isinstance(mine, Speech) and isinstance(item, Speech) and is_other_speech(mine, item, find_person):
            names = f"{mine.speaker or 'nobody'} here and {item.speaker or 'nobody'} there"
            alike = round(min(compare_words(mine.text, item.text), SURE_SCORE - 0.01), 3)
            doubts.append(TurnPair(place, n, alike, f"{evidence}, but of {names}, and in other words"))
        else:
            pairs[place] = TurnPair(place, n, 1.0, evidence)
    return list(pairs.values()), doubts


def _list_identifiers(item: Turn) -> list[str]:
    """List a turn's identifiers in words: its address, Parliament's numbers, a division's number."""
    if isinstance(item, Division):
        return [f"address {item.gid}", f"division {item.number}", f"count of {item.ayes} to {item.noes}"]
    ids = [f"address {item.gid}"]
    if isinstance(item, Speech):
        turn = item.turn_id or parse_old_page_id(item.hansard_url)
        ids += [f"number of the turn {turn}"] if turn else []
        ids += [f"number of the paragraph {item.paragraph_id}"] if item.paragraph_id else []
    return ids


def _list_fixed_places(pairs: Sequence[TurnPair]) -> list[tuple[int, int]]:
    """List the places of pairs that are in the same order in both sections; other turns are aligned between them."""
    found: list[tuple[int, int]] = []
    for pair in sorted(pairs):
        if not found or pair.theirs > found[-1][1]:
            found.append((pair.ours, pair.theirs))
    return found


def _pair_by_words(
    ours: Sequence[Turn], theirs: Sequence[Turn], a: Sequence[int], b: Sequence[int], find_person: FindPerson
) -> list[TurnPair]:
    """Pair turns between two fixed pairs by the alignment, in order, whose turns are most alike."""
    if not a or not b:
        return []
    texts = [[_fold_turn(side[n]) for n in places] for side, places in ((ours, a), (theirs, b))]
    frequencies = [Counter(text) for text in texts]

    def score(x: int, y: int) -> tuple[float, str]:
        ratio = fuzz.ratio(texts[0][x], texts[1][y], score_cutoff=100 * DOUBTFUL_SCORE) / 100
        equally_frequent = frequencies[0][texts[0][x]] == frequencies[1][texts[0][x]]
        return _score_turns(ours[a[x]], theirs[b[y]], ratio, equally_frequent, find_person)

    scores = [[score(x, y) for y in range(len(b))] for x in range(len(a))]
    return [TurnPair(a[x], b[y], *scores[x][y]) for x, y in _find_best_path([[s for s, _ in row] for row in scores])]


def _fold_turn(item: Turn) -> str:
    return fold_words(item.text) if isinstance(item, Speech) else ""


def _score_turns(
    ours: Turn, theirs: Turn, ratio: float, equally_frequent: bool, find_person: FindPerson
) -> tuple[float, str]:
    """Score from 0 to 1 how surely two turns are one, by words, persons and question numbers; return the evidence."""
    if not (isinstance(ours, Speech) and isinstance(theirs, Speech)) or ratio < DOUBTFUL_SCORE:
        return 0.0, ""
    one, other = find_person(ours), find_person(theirs)
    evidence = f"in order, {ratio:.0%} of the words alike"
    if one and other and one != other:
        return min(ratio, SURE_SCORE - 0.01), f"{evidence}, but of {one} here and of {other} there"
    question = ours.question_number if ours.question_number == theirs.question_number else None
    if (one and one == other) or question:
        why = f"{evidence}, question {question}" if question else f"{evidence}, both of {one}"
        return (max(ratio, SURE_SCORE) if ratio >= SAME_PERSON_SCORE else ratio), why
    if len(ours.text) < SHORT_TEXT and not equally_frequent:
        return min(ratio, SURE_SCORE - 0.01), f"{evidence}, but few words, which are not said as often in both"
    return ratio, evidence


def _find_best_path(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Find the pairs, rising on both sides, with the greatest sum of scores (Needleman-Wunsch; a gap costs nothing)."""
    rows, columns = len(scores), len(scores[0])
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for x in range(rows - 1, -1, -1):
        for y in range(columns - 1, -1, -1):
            here = scores[x][y] + best[x + 1][y + 1] if scores[x][y] else 0.0
            best[x][y] = max(best[x + 1][y], best[x][y + 1], here)
    path, x, y = [], 0, 0
    while x < rows and y < columns:
        if scores[x][y] and best[x][y] == scores[x][y] + best[x + 1][y + 1]:
            path.append((x, y))
            x, y = x + 1, y + 1
        elif best[x][y] == best[x + 1][y]:
            x += 1
        else:
            y += 1
    return path
