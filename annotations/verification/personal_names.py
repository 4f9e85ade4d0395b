"""Names of people as the record, the register and the press print them, and how surely two of them agree."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from annotations.verification.given_names import are_same_given_name, collect_words

LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
APOSTROPHES = re.compile("['’‘ʼ`´]")
POSSESSIVE = re.compile(r"['’ʼ]s\b")
TITLES = collect_words(
    "mr mrs ms miss mx dr prof professor sir dame rt right hon honourable rev revd reverend captain capt colonel col"
    " major lt lieutenant commander cdr general gen admiral brigadier cllr councillor the late gallant learned noble"
    " his her excellency"
)
LORDS = collect_words("lord baron earl viscount marquess marquis duke")
LADIES = collect_words("lady baroness countess viscountess marchioness duchess")
SUFFIXES = collect_words(
    "mp mps msp ms am mep mla td qc kc sc obe cbe mbe kbe dbe gbe kcmg gcmg dcmg cmg kcb gcb dcb cb cvo kcvo ch om dl"
    " jp frs fba pc kt kg bt bart baronet esq esquire phd dsc dso mc jr jnr junior sr snr senior"
)
NO_NAME = collect_words(
    "and or of for to in said says by from with who as an a on at is was speaker member members minister secretary"
    " chairman chair leader prime government chancellor mps party about against after"
    " versus vs via through"
)
NOT_SPOKEN_BY = collect_words(  # words that say that a name is not, or may not be, the speaker's
    "not no non never nobody neither nor but except unlike like without instead rather than anti pseudo fake alias aka"
    " quoting quotes quote quoted misquoting misquoted citing cites cited paraphrasing paraphrased paraphrases echoing"
    " echoes repeating repeats relaying recalling channelling imitating imitated mimicking impersonating impersonator"
    " parodying parody mocking attributed misattributed wrongly falsely allegedly alleged reportedly reported"
    " supposedly supposed apparently purportedly purported critic critics impostor lookalike ghostwriter behalf"
)
PARTICLES = collect_words("de la le du des di da dos del van von der den ten ter ap ab ferch mac bin ibn al el y nee")
SMALL_WORDS = PARTICLES | TITLES | SUFFIXES | LORDS | LADIES | {"of"}
SEVERAL = re.compile("[&+/=]")
WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")


class NameAgreement(IntEnum):
    """The degree to which two names agree; from FULL on, they name one person if nobody else has that name."""

    NONE = 0  # no word in common that may be a surname
    KIN = 1  # a surname in common, but another given name, title or place
    PARTIAL = 2  # a surname alone, or with an initial
    FULL = 3  # the given name, or a short form of it, and the surname
    EXACT = 4  # the same words


class PersonalName(NamedTuple):
    """A name in folded words; of a peer, `peer` is lord or lady, and `place` follows "of"."""

    words: tuple[str, ...]
    place: tuple[str, ...] = ()
    peer: str = ""


def fold_name(text: str) -> str:
    """Fold a name to plain lower-case letters, digits and single spaces; apostrophes join, other marks divide.

    >>> fold_name("Siân  O’Brien-Jones, M.P.")
    'sian obrien jones m p'
    """
    plain = text.lower() if text.isascii() else _remove_accents(text)
    plain = APOSTROPHES.sub("", POSSESSIVE.sub("", plain))
    return " ".join(re.findall(r"[^\W_]+", plain))


def _remove_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(
        each for each in letters if not unicodedata.combining(each) and unicodedata.category(each) != "Cf"
    )
    return letters.translate(LETTERS)


@lru_cache(maxsize=4096)
def read_personal_name(text: str) -> PersonalName | None:
    """Read a name without its titles and letters after it; None where words cannot be a name, or are more than one."""
    if SEVERAL.search(text) or _has_other_words(text):
        return None
    words = _strip_titles(re.sub(r"\bm p$", "mp", fold_name(text)).split())
    peer = ""
    if len(words) > 1 and words[0] in LORDS | LADIES:
        peer = "lord" if words.pop(0) in LORDS else "lady"
    name, place = words, list[str]()
    if peer and "of" in words:
        cut = words.index("of")
        name, place = words[:cut], words[cut + 1 :]
    name, place = (name, place) if name else (place, [])
    if not name or not 1 <= len(name) <= 6 or (NO_NAME | NOT_SPOKEN_BY) & {*name} or re.search(r"\d", "".join(name)):
        return None
    return PersonalName(tuple(name), tuple(place), peer)


def _has_other_words(text: str) -> bool:
    """Return True if words in small letters, which are no part of a name, stand among words with capitals."""
    words = WORD.findall(unicodedata.normalize("NFC", text))
    small = {fold_name(word) for word in words if word[0].islower() and not word.startswith("ff")}
    return bool(small - SMALL_WORDS) and any(word[0].isupper() for word in words)


def _strip_titles(words: list[str]) -> list[str]:
    while len(words) > 1 and words[-1] in SUFFIXES:
        words = words[:-1]
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    return words


def compare_names(mine: PersonalName, its: PersonalName) -> NameAgreement:
    """Return how surely a name as somebody gives it is a name that is known of a person."""
    if mine == its:
        return NameAgreement.EXACT
    shared = _count_shared_ending(mine.words, its.words)
    if not shared:
        return NameAgreement.KIN if _may_share_surname(mine, its) else NameAgreement.NONE
    if (mine.peer and its.peer and mine.peer != its.peer) or (mine.place and its.place and mine.place != its.place):
        return NameAgreement.KIN
    my_given, its_given = mine.words[:-shared], its.words[:-shared]
    if not my_given or not its_given:
        return _compare_surnames(mine, its, bool(my_given))
    return _compare_given_names(my_given, its_given)


def have_different_names(mine: str | None, its: str | None) -> bool:
    """Return True if both names are read and do not agree."""
    one, other = read_personal_name(mine) if mine else None, read_personal_name(its) if its else None
    return one is not None and other is not None and compare_names(one, other) < NameAgreement.PARTIAL


def _count_shared_ending(mine: tuple[str, ...], its: tuple[str, ...]) -> int:
    count = 0
    while count < min(len(mine), len(its)) and mine[-1 - count] == its[-1 - count]:
        count += 1
    return count


def _may_share_surname(mine: PersonalName, its: PersonalName) -> bool:
    """Return True where one name has the other's last word, which may be a part of its surname, or its place."""
    return bool({mine.words[-1]} & {*its.words, *its.place} or {its.words[-1]} & {*mine.words, *mine.place})


def _compare_surnames(mine: PersonalName, its: PersonalName, given: bool) -> NameAgreement:
    if mine.words == its.words and mine.peer and its.peer:
        return NameAgreement.PARTIAL  # Lord Hunt, for Lord Hunt of Kings Heath
    if given:  # James Gordon Brown, for Gordon Brown
        is_longer = 1 < len(its.words) == len(mine.words) - 1 and not its.peer
        return NameAgreement.FULL if is_longer else NameAgreement.KIN
    return NameAgreement.KIN if mine.peer and not its.peer else NameAgreement.PARTIAL  # a peerage may have come later


def _compare_given_names(mine: tuple[str, ...], its: tuple[str, ...]) -> NameAgreement:
    if (
        len(mine) > 1
        and len(its) > 1
        and not are_same_given_name(mine[1], its[1])
        and are_same_given_name(mine[0], its[0])
    ):
        return NameAgreement.KIN  # Angela C. Smith is not Angela E. Smith
    agreeing = [word for word in mine if any(are_same_given_name(word, other) for other in its)]
    if not agreeing or not (are_same_given_name(mine[0], its[0]) or mine[0] in its or its[0] in mine):
        return NameAgreement.KIN
    known = any(
        len(word) > 1 and any(len(other) > 1 and are_same_given_name(word, other) for other in its) for word in mine
    )
    return NameAgreement.FULL if known else NameAgreement.PARTIAL
