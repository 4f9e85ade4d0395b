"""The comparison of a document's records with the independent reading of its bytes."""

import re
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from db.records.hansard import Division, Document, Heading, Item
from db.records.refusal import list_refused_gids
from db.records.source import Response
from scrapers.audit.json_readings import read_api_pieces, read_debate_pieces
from scrapers.audit.page_reading import read_page_pieces
from scrapers.audit.pieces import Piece, UnreadableError, condense, decode, list_words
from scrapers.audit.xml_reading import read_xml_pieces

MAX_FAULTS = 20  # a document with more is refused whole
MAX_STEPS = 2_000_000  # so that no document can take minutes
FIRST_WORDS = 6
LINES = re.compile(r"lines (\d{1,7}) to (\d{1,7})", re.ASCII)
READERS: dict[str, Callable[[str, Counter[str]], Iterator[Piece]]] = {
    "theyworkforyou": read_xml_pieces,
    "theyworkforyou_api": read_api_pieces,
    "hansard": read_debate_pieces,
    "publications": read_page_pieces,
}
KEYED = frozenset({"theyworkforyou", "theyworkforyou_api"})  # sources whose pieces have the gids of their records


class AuditFault(NamedTuple):
    """A difference between the records and the document: the record at fault, or None for words in no record."""

    item: Item | None
    place: str
    reason: str
    gid: str | None = None


class Audit(NamedTuple):
    """The result of an audit: the number of words compared, those left out by each rule, and the faults."""

    words: int
    left_out: Counter[str]
    faults: list[AuditFault]


class _Record(NamedTuple):
    item: Item
    text: str


def compare_records(response: Response, document: Document) -> Audit:
    """Compare the records of a document with an independent reading of its bytes.

    Raises UnreadableError where that reading can make nothing of them.
    """
    left_out: Counter[str] = Counter()
    try:
        pieces = list(READERS[response.source](decode(response.body), left_out))
    except UnreadableError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise UnreadableError(f"an independent reading fails: {error!r}") from error
    records = [_Record(item, _read_words(response.source, item)) for item in document.items]
    refused = {place for unit in document.refused for place in _list_places(unit.place)}
    refused |= set(map(_shorten, list_refused_gids(document.refused)))
    comparison = (_KeyedComparison if response.source in KEYED else _OrderedComparison)(pieces, left_out, refused)
    older = [_Record(item, _read_words(response.source, item)) for item in document.obsolete]
    comparison.compare(records, older)
    return Audit(comparison.words, left_out, comparison.faults)


def _list_places(place: str) -> list[str]:
    """List the single places of a refused unit, which may be "lines 3 to 5"."""
    lines = LINES.fullmatch(place)
    return [f"line {line}" for line in range(int(lines[1]), int(lines[2]) + 1)] if lines else [place]


def _read_words(source: str, item: Item) -> str:
    """Return all words of a record that stand in the document, in their order there."""
    if isinstance(item, Heading):
        return item.text
    if isinstance(item, Division):
        names = " ".join(vote.name for vote in item.votes)
        return names if source == "publications" else f"{item.ayes} {item.noes} {names}"
    name = item.attribution or item.speaker
    return f"{name} {item.text}" if name else item.text


def _shorten(gid: str) -> str:
    return gid.rpartition("/")[2].lower()


class _Comparison(ABC):
    """The faults found so far. `refused` holds the places and short gids of what the parser refused."""

    def __init__(self, pieces: Sequence[Piece], left_out: Counter[str], refused: set[str]) -> None:
        self.pieces = pieces
        self.left_out = left_out
        self.refused = refused
        self.faults: list[AuditFault] = []
        self.words = 0

    @abstractmethod
    def compare(self, records: Sequence[_Record], older: Sequence[_Record]) -> None:
        """Compare all records with all pieces; `older` are records of obsolete words."""

    def leave_out(self, piece: Piece) -> None:
        """Count the words of a piece that is in no record, or enter a fault if no rule allows that."""
        words = list_words(piece.text)
        if not words:
            return
        if piece.rule or self._is_refused(piece):
            self.left_out[piece.rule or "refused"] += len(words)
        else:
            self._add(None, piece, f"the words {_quote(words)} are in no record")

    def _is_refused(self, piece: Piece) -> bool:
        return bool(self.refused & {piece.place, _shorten(piece.key), _shorten(piece.section), *piece.around} - {""})

    def _add(self, item: Item | None, piece: Piece | None, reason: str) -> None:
        if len(self.faults) == MAX_FAULTS:
            raise UnreadableError(f"more than {MAX_FAULTS} records differ from it; the first: {self.faults[0].reason}")
        gid = item.gid if item else (piece.key if piece else None)
        self.faults.append(AuditFault(item, piece.place if piece else "in no place", reason, gid or None))


class _KeyedComparison(_Comparison):
    """The comparison of records and pieces that have the same keys."""

    def compare(self, records: Sequence[_Record], older: Sequence[_Record]) -> None:
        waiting: dict[str, list[_Record]] = defaultdict(list)
        for record in (*records, *older):
            waiting[_shorten(record.item.gid)].append(record)
        order: dict[str, int] = {}
        keys = [_shorten(piece.key) for piece in self.pieces]
        last = {key: number for number, key in enumerate(keys)}
        for number, (key, piece) in enumerate(zip(keys, self.pieces, strict=True)):
            order.setdefault(key, number)
            candidates = waiting.get(key, [])
            counts = [_count_words_if_equal(piece, record.text) for record in candidates]
            found = next((n for n, count in enumerate(counts) if count is not None), None)
            if found is not None:
                del candidates[found]
                self.words += counts[found] or 0
            elif candidates and last[key] == number:
                record = candidates.pop(0)
                self._add(record.item, piece, _describe_difference(list_words(record.text), list_words(piece.text)))
            else:
                self.leave_out(piece)
        for record in (record for left in waiting.values() for record in left):
            self._add(record.item, None, f"the words {_quote(list_words(record.text))} are nowhere in the document")
        self._check_order([record for record in records if _shorten(record.item.gid) in order], order)

    def _check_order(self, records: Sequence[_Record], order: dict[str, int]) -> None:
        highest = -1
        for record in records:
            number = order[_shorten(record.item.gid)]
            if number < highest:
                self._add(record.item, self.pieces[number], "it comes after what follows it in the document")
            highest = max(highest, number)


class _OrderedComparison(_Comparison):
    """The comparison of records and pieces in the order in which they stand."""

    steps = 0  # comparisons of a record with a piece

    def compare(self, records: Sequence[_Record], older: Sequence[_Record]) -> None:
        position = 0
        for record in (*records, *older):
            words = list_words(record.text)
            self.words += len(words)
            start, end = self._find(position, words)
            if end is None:
                piece = next((p for p in self.pieces[position:] if not p.rule and list_words(p.text)), None)
                self._add(record.item, piece, _describe_difference(words, list_words(piece.text) if piece else []))
                continue
            for piece in self.pieces[position:start]:
                self.leave_out(piece)
            position = end
        for piece in self.pieces[position:]:
            self.leave_out(piece)

    def _find(self, position: int, words: list[str]) -> tuple[int, int | None]:
        """Find the pieces that hold a record's words: the first one, and the one after the last, or None."""
        for start in range(position, len(self.pieces)) if words else ():
            skipped: list[Piece] = []
            end = self._match(start, words, skipped)
            if end is not None:
                for piece in skipped:
                    self.leave_out(piece)
                return start, end
        return position, None if words else position

    def _match(self, start: int, words: list[str], skipped: list[Piece]) -> int | None:
        taken, number = 0, start
        while taken < len(words):
            self.steps += 1
            if number == len(self.pieces):
                return None
            if self.steps > MAX_STEPS:
                raise UnreadableError("too many parts of it are alike to tell them apart")
            after = _take_words(self.pieces[number], words, taken)
            piece = self.pieces[number]
            if after is None and (number == start or not (piece.rule or self._is_refused(piece))):
                return None
            if after is None:
                skipped.append(piece)
            taken = taken if after is None else after
            number += 1
        return number


def _count_words_if_equal(piece: Piece, text: str) -> int | None:
    """Return the number of words of a piece if they are those of a text, or None."""
    own = piece.text.split()
    if own == text.split():
        return len(own)
    words = list_words(text)
    return len(words) if _take_words(piece, words, 0) == len(words) else None


def _take_words(piece: Piece, words: list[str], start: int) -> int | None:
    """Return the number of the word after those that a piece has in common with a record, or None if one differs."""
    own = list_words(piece.text)
    end = start + len(own)
    if words[start:end] == own:
        return end
    if not piece.is_raised:
        return None
    wanted, found, end = condense(own), "", start
    while len(found) < len(wanted) and end < len(words):
        found += condense([words[end]])
        end += 1
    return end if found == wanted else None


def _describe_difference(record: list[str], document: list[str]) -> str:
    """Describe where the words of a record begin to differ from those of the document."""
    same = 0
    while same < min(len(record), len(document)) and record[same] == document[same]:
        same += 1
    start = max(0, same - 2)
    here, there = _quote(record[start:]), _quote(document[start:])
    return f"the record has {here} where the document has {there}"


def _quote(words: list[str]) -> str:
    if not words:
        return "nothing"
    return f"“{' '.join(words[:FIRST_WORDS])}”" if len(words) <= FIRST_WORDS else f"“{' '.join(words[:FIRST_WORDS])} …”"
