"""The understanding of a search: which of its words are a speaker's name or an office, and which are to be found.

Words in quotation marks are never a name or an office, so that a visitor undoes either by quotation marks.
"""

import json
import re
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from db.sqlite import Row, read_rows
from db.statements.debates import group_rows
from db.statements.rowid_filters import find_rowid_range
from web.rendering.folding import fold_words
from web.search.kept_words import list_printed_names, list_printed_offices
from web.search.places import FoundPlaces, find_places
from web.search.query_parser import (
    Node,
    ParsedSearch,
    SearchGroup,
    SearchTerm,
    list_required_terms,
    parse_search,
    remove_terms,
)
from web.search.snippets import read_marks
from web.search.speaker_words import (
    MeaningfulWords,
    find_longest_run,
    list_name_forms,
    list_name_words,
    list_office_forms,
)

MIN_NAME_SHARE = 0.7  # of the places of a word that have a capital, for it to be a surname first
MAX_SAMPLED = 8  # speeches in which that is looked up
REGISTERED_NAMES = """
SELECT n.person_id AS id, n.name FROM person_names n
 WHERE n.name LIKE '%' || ? || '%' ESCAPE '\\' AND EXISTS (SELECT 1 FROM speeches WHERE person_id = n.person_id)
"""
REGISTERED_OFFICES = """
SELECT role || coalesce(', ' || department, '') AS office, person_id, first, last FROM offices
 WHERE role LIKE ? || '%' ESCAPE '\\'
"""
SPEAKS = "SELECT 1 FROM speeches WHERE person_id = ? LIMIT 1"
SAMPLE = f"""
SELECT highlight(speeches_fts, 0, ?, ?) FROM speeches_fts WHERE speeches_fts MATCH ?
 ORDER BY rowid DESC LIMIT {MAX_SAMPLED}
"""


class SpeakerNarrowing(NamedTuple):
    """A speaker named in a search: the words typed, the names as printed, and the ids of persons known by it."""

    typed: str
    names: tuple[str, ...]
    persons: tuple[str, ...]


class OfficeSpell(NamedTuple):
    """One person's time in an office by the register, of days; 0000-01-01 and 9999-12-31 if it is open."""

    person_id: str
    office: str
    first: str
    last: str


class OfficeNarrowing(NamedTuple):
    """An office named in a search: the words typed, the offices as printed, and who held it by the register."""

    typed: str
    printed: tuple[str, ...]
    held: tuple[OfficeSpell, ...]


class Understanding(NamedTuple):
    """A search as it was understood.

    `words` are what is looked for in speeches, titles, points and notes: all that were typed but for names and offices.
    `places` are what the search names outright; if it is an address or a citation, no words are looked for.
    `namesakes` are speakers whose surname is one of the words, but a word first.
    """

    typed: str
    words: ParsedSearch
    speaker: SpeakerNarrowing | None = None
    office: OfficeNarrowing | None = None
    places: FoundPlaces = FoundPlaces()
    namesakes: tuple[str, ...] = ()

    @property
    def node(self) -> Node | None:
        """The tree of the words."""
        return self.words.node

    @property
    def is_empty(self) -> bool:
        """True if nothing in speeches is looked for."""
        return not (self.words.node or self.speaker or self.office)


def understand_search(conn: sqlite3.Connection, typed: str) -> Understanding:
    """Understand a search by the names, offices and places of the archive. Any text is safe."""
    parsed = parse_search(typed)
    places = find_places(conn, typed.replace("\0", ""))
    if places.kind and places.kind != "question":
        return Understanding(typed=typed, words=ParsedSearch(None), places=places)
    found = Understanding(typed=typed, words=parsed, places=places)
    return _take_speaker(conn, _take_office(conn, found))


def _list_plain_words(node: Node | None) -> list[tuple[str, SearchTerm]]:
    """List the words that may be a name or an office, each with its term."""
    plain = [term for term in list_required_terms(node) if not term.exact and not term.prefix]
    return [(word, term) for term in plain for word in fold_words(term.words)]


def _take_run(
    understood: Understanding, run: MeaningfulWords, words: Sequence[tuple[str, SearchTerm]]
) -> ParsedSearch | None:
    """Return the search without the words of a run; None if a term has other words too, or only absence is left."""
    taken = [term for _, term in words[run.first : run.last]]
    others = [term for _, term in (*words[: run.first], *words[run.last :])]
    node = understood.node
    left = remove_terms(node, taken)
    only_absence = left is None and isinstance(node, SearchGroup) and bool(node.without)
    if only_absence or any(term in others for term in taken):
        return None
    return understood.words._replace(node=left)


def _write_typed(run: MeaningfulWords, words: Sequence[tuple[str, SearchTerm]]) -> str:
    return " ".join(dict.fromkeys(term.words for _, term in words[run.first : run.last]))


def _take_office(conn: sqlite3.Connection, understood: Understanding) -> Understanding:
    """Take the words of an office, two at least, out of the words to be found."""
    words = _list_plain_words(understood.node)
    if len(words) < 2:
        return understood
    forms = [(form, office) for office in list_printed_offices(conn) for form in list_office_forms(office)]
    registered = _read_registered_offices(conn, [word for word, _ in words])
    forms += [(form, office) for office in registered for form in list_office_forms(office)]
    run = find_longest_run([word for word, _ in words], forms)
    if not run or not (left := _take_run(understood, run, words)):
        return understood
    spells = [spell for office in run.meaning for spell in registered.get(office, ())]
    speaks = {person: conn.execute(SPEAKS, (person,)).fetchone() for person in {spell["person_id"] for spell in spells}}
    held = tuple(OfficeSpell(**spell) for spell in spells if speaks[spell["person_id"]])
    office = OfficeNarrowing(_write_typed(run, words), run.meaning, held)
    return understood._replace(words=left, office=office)


def _read_registered_offices(conn: sqlite3.Connection, words: Sequence[str]) -> dict[str, list[Row]]:
    """Read the spells of offices whose role begins with one of the words, by office."""
    spells = [
        row for word in dict.fromkeys(words) for row in read_rows(conn, REGISTERED_OFFICES, (_escape_like(word),))
    ]
    return group_rows(spells, "office")


def _make_range(spell: OfficeSpell) -> tuple[str, int, int]:
    start, end = (find_rowid_range(max(day, "0001-01-01")) for day in (spell.first, spell.last))
    return spell.person_id, start.first, end.last


def _take_speaker(conn: sqlite3.Connection, understood: Understanding) -> Understanding:
    """Take the words of a speaker's name out of the words to be found.

    A surname alone is a name only where speeches write it with a capital: "green" is a colour first.
    """
    words = _list_plain_words(understood.node)
    plain = [word for word, _ in words]
    if not plain:
        return understood
    near = [name for name in list_printed_names(conn) if not list_name_words(name).isdisjoint(plain)]
    printed = [(form, name) for name in near for form in list_name_forms(name)]
    registered = [(form, row) for row in _read_registered_names(conn, plain) for form in list_name_forms(row["name"])]
    ids = [(form, str(row["id"])) for form, row in registered]
    run = find_longest_run(plain, [*printed, *ids])
    if not run or not (left := _take_run(understood, run, words)):
        return understood
    persons = {id for _, id in ids}
    names = tuple(each for each in run.meaning if each not in persons)
    if run.last - run.first == 1 and not _is_written_as_name(conn, plain[run.first]):
        return understood._replace(namesakes=names)
    speaker = SpeakerNarrowing(_write_typed(run, words), names, tuple(each for each in run.meaning if each in persons))
    return understood._replace(words=left, speaker=speaker)


def _read_registered_names(conn: sqlite3.Connection, words: Sequence[str]) -> Iterator[Row]:
    for word in dict.fromkeys(words):
        if len(word) > 1:
            yield from read_rows(conn, REGISTERED_NAMES, (_escape_like(word),))


def _is_written_as_name(conn: sqlite3.Connection, word: str) -> bool:
    """Return True if most speeches write a word with a capital, or none has it."""
    opening, closing = secrets.token_hex(8), secrets.token_hex(8)
    capitals = others = 0
    for (marked,) in conn.execute(SAMPLE, (opening, closing, f'"{word}"')):
        found = read_marks(marked, opening, closing)
        for start, end in found.places:
            if start == 0 or re.search(r"[.!?:“\"\n]\s*$", found.text[max(0, start - 3) : start]):
                continue  # any word has a capital there
            is_capital = found.text[start:end][:1].isupper()
            capitals, others = capitals + is_capital, others + (not is_capital)
    return capitals >= MIN_NAME_SHARE * (capitals + others)


def _escape_like(word: str) -> str:
    return re.sub(r"([%_\\])", r"\\\1", word)


def make_narrowing_values(understood: Understanding) -> dict[str, str]:
    """Return the values of the conditions by which a speaker and an office narrow a search."""
    speaker, office = understood.speaker, understood.office
    return {
        "names": json.dumps(speaker.names if speaker else ()),
        "persons": json.dumps(speaker.persons if speaker else ()),
        "offices": json.dumps(office.printed if office else ()),
        "held": json.dumps([_make_range(spell) for spell in office.held] if office else []),
    }
