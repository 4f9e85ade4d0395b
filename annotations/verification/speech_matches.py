"""The speeches that may be the source of a quotation, compared with it: the most similar first."""

import re
import sqlite3
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from annotations.text.quotation import QuotedPart
from annotations.verification.compare import Comparison, FoundParts, compare_parts, find_parts
from annotations.verification.personal_names import have_different_names
from annotations.verification.speaker_names import SpeakerCheck
from annotations.verification.speaker_register import NamedSpeaker, SpokenBy
from annotations.verification.speech_search import find_likely_speeches
from annotations.verification.verdict import SpeechWording
from db.citation import format_date
from db.sqlite import read_rows
from db.statements.rowid_filters import RowidRange

SPEAKER_BONUS = {"same": 0.1, "not checked": 0.001, "other": 0.0}  # similarity added to passages by their speaker
MAX_FAINT, MIN_ALIKE = 3, 0.54  # texts that are compared though less similar
MIN_SHARED_WORDS = 0.6  # share of a quotation's letters in words of a text that may be as similar as one found
MAX_FITTED_GAIN = 0.12  # similarity that a place gains at most when it is fitted; real ones gained 0.06
SURELY_FOUND = 0.9  # similarity of a text that is surely the source, or as good
SPEECH_QUERY = """
SELECT rowid, id, speaker, person_id, date, citation, url, coalesce(hansard_url, hansard_address) AS hansard_url, text
  FROM speeches
 WHERE rowid = ?
"""
EDITIONS_QUERY = """
SELECT source, received, text, other_speaker, speaker FROM editions
 WHERE speech_id = ? AND (text <> ? OR speaker <> ? OR other_speaker) ORDER BY received DESC
"""


class SpeechMatch(NamedTuple):
    """A speech compared with a quotation; `spoken_by` says if it is the named speaker's, "same" if nobody was named."""

    speech: SpeechWording
    compared: Comparison
    spoken_by: SpeakerCheck


class SpeechMatches(NamedTuple):
    """The matches that may be the quotation, the best first, and the number of speeches that have all its parts."""

    best: list[SpeechMatch]
    speeches: int


class QuotationSearch(NamedTuple):
    """The database, the named speaker as given and as read, the speeches to search, and whether editions exist.

    `own` are the named speaker's speeches of the day, if a day is given.
    """

    conn: sqlite3.Connection
    speaker: str
    named: NamedSpeaker | None
    within: RowidRange
    own: Sequence[int]
    editions: bool


def find_matches(search: QuotationSearch, quotation: str, pieces: Sequence[QuotedPart]) -> SpeechMatches:
    """Compare the likely speeches with a quotation; the most similar first, the named speaker's before another's.

    Every text is looked through once. Differences are named only where a text may be the best: a place that is fitted
    gains little.
    """
    likely = find_likely_speeches(search.conn, [part.words for part in pieces], search.within, search.named, search.own)
    found = _find_parts(search, likely, quotation, pieces)
    compared: dict[str, Comparison] = {}
    matches: list[SpeechMatch] = []
    best = 0.0
    for speech, parts, spoken_by in sorted(found, key=lambda each: -each[1].alike - SPEAKER_BONUS[each[2]]):
        faint = len(matches) >= MAX_FAINT and parts.alike < MIN_ALIKE
        if faint or parts.alike + SPEAKER_BONUS[spoken_by] + MAX_FITTED_GAIN < best:
            break
        comparison = compared.get(speech.text) or compare_parts(parts)
        compared[speech.text] = comparison
        matches.append(SpeechMatch(speech, comparison, spoken_by))
        best = max(best, _rank_match(matches[-1])[0])
    return SpeechMatches(sorted(matches, key=_rank_match, reverse=True), len({speech.id for speech, _, _ in found}))


def _find_parts(
    search: QuotationSearch, likely: Sequence[int], quotation: str, pieces: Sequence[QuotedPart]
) -> list[tuple[SpeechWording, FoundParts, SpeakerCheck]]:
    """Find the parts of a quotation in every wording of speeches, as far as they have them all.

    After a text that has nearly all, those that have few of the words are passed over.
    """
    seen: dict[str, FoundParts | None] = {}
    found = []
    words = {word for part in pieces for word in re.findall(r"\w+", part.words.lower())}
    best = 0.0
    for speech in (wording for rowid in likely for wording in _read_wordings(search, rowid)):
        if speech.text not in seen:
            if best >= SURELY_FOUND and _measure_share(words, speech.text) < MIN_SHARED_WORDS:
                continue
            seen[speech.text] = find_parts(speech.text, quotation, pieces)
        if parts := seen[speech.text]:
            found.append((speech, parts, _check_speaker(search, speech)))
            best = max(best, parts.alike)
    return found


def _measure_share(words: Set[str], text: str) -> float:
    """Return the share, 0 to 1, of the letters of words that stand in a text."""
    text = text.lower()
    return sum(len(word) for word in words if word in text) / sum(map(len, words))


def _rank_match(match: SpeechMatch) -> tuple[float, int, bool, int]:
    alike = match.compared.alike + SPEAKER_BONUS[match.spoken_by]
    return alike, -len(match.compared.differences), not match.speech.edition, -match.speech.rowid


def _read_wordings(search: QuotationSearch, rowid: int) -> Iterator[SpeechWording]:
    """Yield a speech in today's wording, and in each earlier one."""
    [row] = read_rows(search.conn, SPEECH_QUERY, (rowid,))
    speech = SpeechWording(**row)
    yield speech
    if search.editions:
        asked = (speech.id, speech.text, speech.speaker)
        for source, received, text, other, speaker in search.conn.execute(EDITIONS_QUERY, asked):
            edition = f"that {source} gave on {format_date(received[:10])}"
            earlier = speech._replace(text=text, edition=edition)
            if other or have_different_names(speaker, speech.speaker):
                edition += f" under the name of {speaker or 'nobody'}, where {speech.speaker or 'nobody'} is named now"
                yield earlier._replace(speaker=speaker, person_id=None, edition=edition)
            elif text != speech.text:
                yield earlier


def _check_speaker(search: QuotationSearch, speech: SpeechWording) -> SpeakerCheck:
    if not search.named:
        return "same"
    return search.named.check(SpokenBy(speech.speaker, speech.person_id, speech.date))
