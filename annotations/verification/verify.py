"""Whether somebody said what a quotation says: the archive's answer, with every difference and the proof."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotations.anchoring.candidates import LONGEST
from annotations.text.quotation import QuotedPart
from annotations.text.quote_diff import Difference, changed
from annotations.text.sentences import sentences
from annotations.verification.compare import Compared, Place, compare, read
from annotations.verification.quote_location import Speech, passage
from annotations.verification.speech_search import Range, likely, on
from annotations.verification.verdict import Answer, Verdict, sentence
from db.citation import written

FOUND, PIECE = 0.75, 0.85  # how alike a quotation, and a piece of one, must be to a passage to count as it
SHORT, TRULY = 24, 0.9  # a quotation of fewer characters must be more alike
ITS_OWN = 0.1  # by how much less alike a passage of the named speaker may be than another's
KEPT = 0.95  # share of its words that a quotation must have of a passage that it cuts
NEARLY = 0.9  # what is less alike may be joined from several places
FEWEST = 3  # words of a sentence that is looked for alone
TITLE = re.compile("mr|mrs|ms|miss|dr|sir|dame|lord|lady|baroness|earl|viscount|the|rt|right|hon|honourable|of")
SPEECH = """
SELECT rowid, id, speaker, date, citation, url, coalesce(hansard_url, hansard_address), text FROM speeches
 WHERE rowid = ?
"""
EDITIONS = "SELECT source, received, text FROM editions WHERE speech_id = ? AND text <> ? ORDER BY received DESC"


class Match(NamedTuple):
    """A speech beside a quotation; `own` says that it is the named speaker's, or that nobody was named."""

    speech: Speech
    compared: Compared
    own: bool


class Search(NamedTuple):
    """Where is looked, for whom and under which names, and whether the archive keeps older wordings."""

    conn: sqlite3.Connection
    speaker: str | None
    speakers: Sequence[str]
    within: Range
    editions: bool


def verify(conn: sqlite3.Connection, quotation: str, speaker: str | None = None, date: str | None = None) -> Verdict:
    """Find a quotation among the speeches, all or a day's, and say what it is.

    Raises ValueError for a quotation without words and a date that is none.
    """
    pieces = read(quotation)
    if not pieces:
        raise ValueError("the quotation has no words")
    if len(quotation) > LONGEST:
        raise ValueError(f"the quotation has more than {LONGEST:,} characters: give it in pieces")
    kept = conn.execute("SELECT 1 FROM sqlite_schema WHERE name = 'editions'").fetchone()
    search = Search(conn, speaker, _names(conn, speaker), on(date), bool(kept))
    verdict = _verdict(search, quotation, pieces)
    if date and verdict.answer == "not found":
        elsewhere = _verdict(search._replace(within=on(None)), quotation, pieces)
        if elsewhere.answer != "not found":
            told = f"Not found on {written(date)}, but on another day. {elsewhere.sentence}"
            return verdict._replace(passages=elsewhere.passages, sentence=told)
    return verdict


def _names(conn: sqlite3.Connection, speaker: str | None) -> list[str]:
    if not speaker:
        return []
    names = conn.execute("SELECT DISTINCT speaker FROM speeches WHERE speaker IS NOT NULL")
    return [name for (name,) in names if _is(speaker, name)]


def _verdict(search: Search, quotation: str, pieces: Sequence[QuotedPart]) -> Verdict:
    matches = _matches(search, quotation, pieces)
    found = bool(matches and _found(matches[0].compared, _enough(quotation)))
    if not found or matches[0].compared.alike < NEARLY:
        joined = _joined(search, quotation, pieces)
        if joined and (not found or changed(joined.differences) < changed(matches[0].compared.differences)):
            return joined
    if found:
        return _settled(matches, search.speaker)
    nearest = [passage(each.speech, each.compared.places[0]) for each in matches[:1]]
    return _told(Verdict("not found", "", (), (), tuple(nearest), 0, ""))


def _found(compared: Compared, enough: float) -> bool:
    """Whether a passage is the quotation: each part like it, or all of it but for cuts made of the passage's words."""
    return min(place.alike for place in compared.places) >= enough or compared.kept >= KEPT


def _enough(quotation: str) -> float:
    return FOUND if len(quotation) >= SHORT else TRULY


def _matches(search: Search, quotation: str, pieces: Sequence[QuotedPart]) -> list[Match]:
    """The likely speeches beside a quotation, the most alike first: the named speaker's before another's."""
    found = []
    for rowid in likely(search.conn, [part.words for part in pieces], search.within, search.speakers):
        for speech in _wordings(search, rowid):
            if compared := compare(speech.text, quotation, pieces):
                found.append(Match(speech, compared, _is(search.speaker, speech.speaker)))
    return sorted(found, key=_rank, reverse=True)


def _rank(match: Match) -> tuple[float, int, bool, int]:
    alike = match.compared.alike + (ITS_OWN if match.own else 0)
    return alike, -len(match.compared.differences), not match.speech.edition, -match.speech.rowid


def _wordings(search: Search, rowid: int) -> Iterator[Speech]:
    """A speech as it stands today, and as it stood."""
    speech = Speech(*search.conn.execute(SPEECH, (rowid,)).fetchone())
    yield speech
    if search.editions:
        for source, received, text in search.conn.execute(EDITIONS, (speech.id, speech.text)):
            yield speech._replace(text=text, edition=f"that {source} gave on {written(received[:10])}")


def _is(named: str | None, speaker: str | None) -> bool:
    """Whether a speaker is the one who was named: every word of the name but titles is the speaker's too."""
    if not named:
        return True
    mine, its = (set(re.findall(r"\w+", (name or "").lower())) for name in (named, speaker))
    return bool(mine & its) and {word for word in mine if not TITLE.fullmatch(word)} <= its


def _settled(matches: Sequence[Match], speaker: str | None) -> Verdict:
    (speech, compared, own), *others = matches
    same = {
        other.speech.id
        for other in others
        if other.own == own and other.compared.alike == compared.alike and other.speech.id != speech.id
    }
    answer: Answer = "altered" if compared.differences else "typography" if compared.typography else "verbatim"
    passages = tuple(passage(speech, place) for place in compared.places)
    typography = () if compared.differences else compared.typography
    told = Verdict(answer, "", compared.differences, typography, passages, len(same), speech.edition)
    return _told(told if own else told._replace(answer="wrong speaker"), speaker)


def _told(verdict: Verdict, wrong: str | None = None) -> Verdict:
    return verdict._replace(sentence=sentence(verdict, wrong or ""))


def _joined(search: Search, quotation: str, pieces: Sequence[QuotedPart]) -> Verdict | None:
    """A quotation that stands nowhere as one, by its parts or sentences, where at least half of it is found."""
    bits = [part.words for part in pieces] if len(pieces) > 1 else [quotation[a:b] for a, b in sentences(quotation)]
    bits = [bit for bit in bits if len(re.findall(r"\w+", bit)) >= FEWEST]
    if len(bits) < 2:
        return None
    found = [_piece(search, bit) for bit in bits]
    there = [match for match in found if match]
    if 2 * sum(len(bit) for bit, match in zip(bits, found, strict=True) if match) < len(quotation):
        return None
    passages = tuple(passage(match.speech, place) for match in there for place in match.compared.places)
    joints = tuple(_joints(bits, found))
    printed = () if joints else tuple(dict.fromkeys(name for match in there for name in match.compared.typography))
    answer: Answer = "altered" if joints else "typography" if printed else "verbatim"
    edition = next((match.speech.edition for match in there if match.speech.edition), "")
    told = Verdict(answer, "", joints, printed, passages, 0, edition)
    return _told(told if any(match.own for match in there) else told._replace(answer="wrong speaker"), search.speaker)


def _piece(search: Search, words: str) -> Match | None:
    """Where a piece of a quotation stands, if it is that piece without doubt."""
    best = next(iter(_matches(search, words, read(words))), None)
    return best if best and best.compared.alike >= max(PIECE, _enough(words)) else None


def _joints(bits: Sequence[str], found: Sequence[Match | None]) -> Iterator[Difference]:
    """What was done to make one quotation of its pieces: added, joined, left out between, and changed in each."""
    last: tuple[Speech, Place] | None = None
    for bit, match in zip(bits, found, strict=True):
        if not match:
            yield Difference("added", bit, "")
            continue
        first = match.compared.places[0]
        if last and (last[0].id != match.speech.id or last[1].end > first.start):
            yield Difference("joined", bit, f"{match.speech.speaker or 'the record'}, {match.speech.citation}")
        elif last and re.search(r"\w", between := match.speech.text[last[1].end : first.start]):
            yield Difference("cut", "", between.strip())
        yield from match.compared.differences
        last = match.speech, match.compared.places[-1]
