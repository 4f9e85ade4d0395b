"""From what machines propose to rows that a person can decide: the gate, the key, and one suggestion a place."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from annotations.anchoring.locate import context, locate
from annotations.suggesters import rules
from annotations.suggesters.key import fold, suggestion_key
from db.records.annotation import Selector, Spoken, Suggestion
from db.records.guidance import Point, Rule
from db.statements.suggestions import Proposed, candidates, kept, points, replace, spoken, suggesters

EACH = 40  # speeches that search gives for a point
SHORTEST = 4  # letters of a word that search looks for


def proposed(speech: Spoken, suggester: str, suggestion: Suggestion) -> Proposed:
    """A suggestion about a speech, with its key, its words and those around them."""
    start, end = suggestion.start, suggestion.end
    words = speech.text[start:end]
    key = suggestion_key(suggester, suggestion.point_id, words)
    return Proposed(suggestion, speech.speech_id, suggester, key, words, *context(speech.text, start, end))


def by_rules(speeches: Iterable[Spoken], made: Sequence[Rule]) -> Iterator[Proposed]:
    """What the rules propose in speeches."""
    for speech in speeches:
        for suggestion in rules.suggest(speech.text, made):
            yield proposed(speech, rules.NAME, suggestion)


def likely(
    conn: sqlite3.Connection, speeches: Sequence[Spoken], made: Sequence[Point], debate: str | None
) -> list[Spoken]:
    """The speeches that search finds for the words of any point, the likeliest first, EACH of them a point."""
    best: dict[str, int] = {}
    for point in made:
        words = sorted({w for w in fold(f"{point.title} {point.paraphrase}").split() if len(w) >= SHORTEST})
        for rank, id in enumerate(candidates(conn, words, EACH, debate)):
            best[id] = min(rank, best.get(id, rank))
    return sorted((each for each in speeches if each.speech_id in best), key=lambda each: best[each.speech_id])


def fewer(made: Iterable[Proposed], done: Collection[str], each: int) -> Iterator[Proposed]:
    """Of suggestions in order, the first so many of every point that nobody has decided, and all that are decided."""
    undecided: Counter[str] = Counter()
    for one in made:
        undecided[one.suggestion.point_id] += one.key not in done
        if one.key in done or undecided[one.suggestion.point_id] <= each:
            yield one


def still(each: Proposed, speech: Spoken | None) -> Proposed | None:
    """A suggestion as it stands in today's text of its speech; None where its words do not stand there any more."""
    if not speech:
        return None
    place = (each.suggestion.start, each.suggestion.end)
    anchor = locate(speech.text, Selector(each.exact, each.prefix, each.suffix, *place))
    if anchor.state not in ("exact", "moved") or anchor.start is None or anchor.end is None:
        return None
    return proposed(speech, each.suggester, each.suggestion._replace(start=anchor.start, end=anchor.end))


def once(made: Iterable[Proposed]) -> list[Proposed]:
    """One suggestion for each point and place, the surest, in the order that they came in."""
    best: dict[tuple[str, str, int], Proposed] = {}
    for each in made:
        place = (each.speech_id, each.suggestion.point_id, each.suggestion.start)
        if place not in best or each.suggestion.score > best[place].suggestion.score:
            best[place] = each
    return list(best.values())


def refresh(conn: sqlite3.Connection, made: Iterable[Proposed]) -> None:
    """After a load, in its transaction: save what the rules propose, and what the others did where its words stand."""
    speeches = {speech.speech_id: speech for speech in spoken(conn)}
    known = {point.id for point in points(conn)}
    for name in suggesters(conn):
        again = [still(each, speeches.get(each.speech_id)) for each in kept(conn, name)]
        replace(conn, name, once(each for each in again if each and each.suggestion.point_id in known))
    replace(conn, rules.NAME, made)
