"""The decision whether two speeches of one day are the same turn: by speaker, by words, and by what a source says.

A redirect is a hint. `missing`, `removed` and `multiplecover` say where words may have gone, not that two speeches are
one; there speaker and words must agree. Other redirects say that a speech moved or was edited, and hold unless speaker
or words speak against it.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import Literal

from rapidfuzz import fuzz

from db.records.hansard import UNPROVEN_MATCHTYPES, Speech

DOUBTFUL_SCORE = 0.55  # likeness of words from which two turns may be one
SAME_PERSON_SCORE = 0.6  # enough if person or question number are the same
SHORT_TEXT = 25  # characters; shorter texts are often repeated
SAME_ADDRESS = "the same address"
OTHER_SPEAKER_SCORE = 0.7  # likeness of words from which a turn is the same although its speaker was corrected
CONTAINED_SCORE = 90  # likeness, of 100, of a shorter text to the most similar part of a longer one
TITLES = frozenset(
    {
        *("mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "baroness", "baron", "earl", "viscount"),
        *("the", "rt", "right", "hon", "honourable", "of", "qc", "kc", "mp"),
    }
)
FIRST_WORDS = 6
WORD = re.compile(r"\w+")
FindPerson = Callable[[Speech], str | None]  # the id of the person who spoke, if known
SpeakerMatch = Literal["same", "other", "unknown"]


def compare_speakers(one: Speech, other: Speech, find_person: FindPerson) -> SpeakerMatch:
    """Compare who spoke, by ids and then by names; a name that may be a form of the other is unknown."""
    if one.speaker is None or other.speaker is None:
        return "same" if one.speaker == other.speaker else "other"
    names = [_fold_name(each.speaker or "") for each in (one, other)]
    for mine, its in ((one.person_id, other.person_id), (one.member_id, other.member_id)):
        if mine and its and mine == its:
            return "same"
    persons = one.person_id or find_person(one), other.person_id or find_person(other)
    if all(persons):
        return "same" if persons[0] == persons[1] else "other"
    if names[0] == names[1]:
        return "same"
    if not names[0] or not names[1] or names[0] <= names[1] or names[1] <= names[0]:
        return "unknown"
    has_ids = bool(one.member_id and other.member_id)
    return "other" if has_ids or not names[0] & names[1] else "unknown"


def _fold_name(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold())) - TITLES


def judge_same_turn(old: Speech, new: Speech, matchtype: str, find_person: FindPerson) -> bool:
    """Return True if an earlier speech and one of today are the same turn; `matchtype` is what leads from it here."""
    who, alike = compare_speakers(old, new, find_person), compare_words(old.text, new.text)
    if matchtype in UNPROVEN_MATCHTYPES:
        return who == "same" and (alike >= SAME_PERSON_SCORE or _is_part(old.text, new.text))
    if who == "other":
        return _are_corrected_speakers(old, new, alike)
    if min(len(old.text), len(new.text)) < SHORT_TEXT:
        return True
    return alike >= DOUBTFUL_SCORE or _is_part(old.text, new.text)


def is_other_speech(one: Speech, other: Speech, find_person: FindPerson) -> bool:
    """Return True if both the speaker and the words speak against two turns being one, whatever their number is."""
    if compare_speakers(one, other, find_person) != "other":
        return False
    return not _are_corrected_speakers(one, other, compare_words(one.text, other.text))


def _are_corrected_speakers(one: Speech, other: Speech, alike: float) -> bool:
    """Return True if the words of two turns are so alike that one speaker is a correction of the other."""
    return alike >= OTHER_SPEAKER_SCORE and (alike == 1 or min(len(one.text), len(other.text)) >= SHORT_TEXT)


@lru_cache(maxsize=256)  # one pair is compared again and again while its turn is judged
def compare_words(one: str, other: str) -> float:
    """Compare two texts by their words in small letters: their likeness from 0 to 1."""
    return 1.0 if one == other else fuzz.ratio(fold_words(one), fold_words(other)) / 100


def _is_part(one: str, other: str) -> bool:
    """Return True if the shorter text stands in the longer one, nearly word for word; too short a text never does."""
    short, long = sorted((fold_words(one), fold_words(other)), key=len)
    return len(short) >= SHORT_TEXT and fuzz.partial_ratio(short, long) >= CONTAINED_SCORE


def fold_first_words(text: str) -> tuple[str, ...]:
    """Return the first words of a text in small letters: the same for texts with the same words, and soon made."""
    return tuple(match[0].casefold() for match in islice(WORD.finditer(text), FIRST_WORDS))


def fold_words(text: str) -> str:
    """Return the words of a text in small letters, separated by single spaces."""
    return " ".join(WORD.findall(text.lower()))
