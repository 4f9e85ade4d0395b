"""Searches to try where one finds nothing: other spellings, fewer words, a wider search, a check of the quotation."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from web.rendering.folding import fold_words
from web.search.kept_words import list_printed_names, list_stems
from web.search.queries import FILTERS, count_speeches
from web.search.query_parser import SearchTerm, list_required_terms, remove_terms
from web.search.speaker_words import find_surname
from web.search.understanding import Understanding, understand_search

MAX_WORDS = 6  # of a search that are each left out once
MIN_LIKENESS = 0.7  # of a word to one that was said, from 0 to 1
MIN_LENGTH = 3  # letters of a word that is looked up
MIN_QUOTATION = 5  # words in a row that may be a quotation
MIN_STEM_LIKENESS, MAX_STEMS = 60, 12  # of a word to a stem, and stems whose words are looked at
MAX_PLACES = 12  # of a stem in which its words are looked at
WIDER = {"house": "in both Houses", "kind": "in debates of any kind", "year": "in any year", "speaker": "by anyone"}
PLACES = """
CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_places USING fts5vocab ('main', 'speeches_fts', 'instance')
"""
SAID = "SELECT 1 FROM speeches_fts WHERE speeches_fts MATCH ? LIMIT 1"
FORMS = f"""
SELECT s.text, p.offset FROM (SELECT doc, offset FROM temp.search_places WHERE term = ? LIMIT {MAX_PLACES}) p
  JOIN speeches s ON s.rowid = p.doc
"""


class SearchToTry(NamedTuple):
    """A search to try: what is typed, with which filters, how it differs, and how many speeches it finds.

    `is_all` is False where there may be more.
    """

    typed: str
    filters: Mapping[str, str]
    why: str
    speeches: int
    is_all: bool


def suggest_searches(
    conn: sqlite3.Connection, understood: Understanding, filters: Mapping[str, str]
) -> list[SearchToTry]:
    """Suggest searches that find something, where this one finds nothing."""
    terms = [term for term in list_required_terms(understood.node) if not term.prefix]
    return [
        *_suggest_wider(conn, understood, filters),
        *_suggest_spellings(conn, understood, filters, terms),
        *(_suggest_fewer(conn, understood, filters, terms) if len(terms) <= MAX_WORDS else ()),
    ]


def may_be_quotation(typed: str) -> bool:
    """Return True if a text is long enough to be a quotation that can be checked."""
    return len(re.findall(r"\w+", typed)) >= MIN_QUOTATION


def _suggest_wider(
    conn: sqlite3.Connection, understood: Understanding, filters: Mapping[str, str]
) -> Iterator[SearchToTry]:
    """Suggest the same search without each filter, or without any."""
    given = [key for key in FILTERS if filters[key]]
    wider = [{**filters, key: ""} for key in given] + ([dict.fromkeys(FILTERS, "")] if len(given) > 1 else [])
    for each in wider:
        count, is_all = count_speeches(conn, understood, each)
        if count:
            left_out = [key for key in given if not each[key]]
            why = WIDER[left_out[0]] if len(left_out) == 1 else "everywhere"
            yield SearchToTry(typed=understood.typed, filters=each, why=why, speeches=count, is_all=is_all)
            return


def _suggest_spellings(
    conn: sqlite3.Connection, understood: Understanding, filters: Mapping[str, str], terms: Iterable[SearchTerm]
) -> Iterator[SearchToTry]:
    """Suggest the search with each word that nobody said in a spelling that somebody did, or as a name."""
    spelled = understood.typed
    for term in terms:
        for word in term.words.split():
            if better := find_spelling(conn, word):
                spelled = re.sub(rf"\b{re.escape(word)}\b", better, spelled, count=1)
    if spelled != understood.typed:
        count, is_all = count_speeches(conn, understand_search(conn, spelled), filters)
        if count:
            yield SearchToTry(typed=spelled, filters=filters, why="did you mean", speeches=count, is_all=is_all)


def find_spelling(conn: sqlite3.Connection, word: str) -> str | None:
    """Find the likest word of the speeches or surname of a speaker for a word that no speech has; None for others."""
    folded = "".join(fold_words(word))
    if len(folded) < MIN_LENGTH or conn.execute(SAID, (f'"{word}"',)).fetchone():
        return None
    forms = {find_surname(name): MAX_PLACES for name in list_printed_names(conn)}
    for stem in _list_near_stems(conn, folded):
        for form, count in _count_forms(conn, stem).items():
            forms[form] = forms.get(form, 0) + count
    likeness = OSA.normalized_similarity
    found = process.extract(folded, forms.keys(), scorer=likeness, score_cutoff=MIN_LIKENESS, limit=None)
    best = max(found, key=lambda one: (round(one[1], 2), forms[one[0]]), default=None)
    return best[0] if best else None


def _list_near_stems(conn: sqlite3.Connection, word: str) -> list[str]:
    """List the stems of the index that have the same first letter and are likest; they are shorter than words."""
    near = process.extract(
        word, list_stems(conn, word[0]), scorer=fuzz.ratio, score_cutoff=MIN_STEM_LIKENESS, limit=MAX_STEMS
    )
    return [stem for stem, *_ in near]


def _count_forms(conn: sqlite3.Connection, stem: str) -> Counter[str]:
    """Count the words of a stem in a few places: the index has stems alone."""
    conn.execute(PLACES)
    forms: Counter[str] = Counter()
    for text, offset in conn.execute(FORMS, (stem,)):
        words = re.findall(r"[^\W_]+", text)
        forms.update([words[offset].lower()] if offset < len(words) else [])
    return forms


def _suggest_fewer(
    conn: sqlite3.Connection, understood: Understanding, filters: Mapping[str, str], terms: Iterable[SearchTerm]
) -> Iterator[SearchToTry]:
    """Suggest the search without each of its words."""
    for term in terms:
        node = remove_terms(understood.node, [term])
        fewer = understood._replace(words=understood.words._replace(node=node))
        count, is_all = count_speeches(conn, fewer, filters)
        if count:
            words = r"\W+".join(map(re.escape, term.words.split()))
            typed = " ".join(re.sub(rf"[\"“”]?\b{words}\b[\"“”]?", " ", understood.typed, count=1).split())
            why = f"without “{term.words}”"
            yield SearchToTry(typed=typed, filters=filters, why=why, speeches=count, is_all=is_all)
