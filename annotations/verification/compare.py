"""The comparison of a quotation with one text: the places of its parts, their similarity, and every difference."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from annotations.anchoring.candidates import Candidate, FoldedQuote, find_exact, find_similar
from annotations.text.difference_grade import (
    MODAL,
    find_weighty_words,
    rewrite_contractions,
)
from annotations.text.normalize import LOOKALIKES, NOTE, NOTES, UNPRINTED, FoldedText, fold_typography, fold_words
from annotations.text.quotation import INSERTION, QuotedPart, divide_quotation
from annotations.text.quote_diff import (
    Difference,
    Wording,
    compare_wordings,
    count_changed_letters,
    find_left_out,
    sort_hidden_words,
)
from annotations.text.quote_words import (
    STAND_IN,
    QuoteWord,
    read_quotation,
    read_words,
    split_parts,
)
from annotations.text.sentences import find_sentences
from annotations.text.word_edges import is_inside_word, widen_to_words
from annotations.verification.edge_brackets import find_replaced_end, find_replaced_start
from annotations.verification.quotation_edges import CLOSING, OUTER, check_ending, check_opening, find_denial

SAID_BY_OTHERS = re.compile(r"(?<!\bI )(?<!\b[Ww]e )\b(?:said|says|thinks|thought|told)\b")
SHORT_ANSWER = re.compile(r"(No|Never|Not)(?: \w+)?[.!]")  # to what is asked before it
MAX_FEW_WORDS = 3  # that dots hide, of which a modal verb is one of weight
DENIAL = re.compile("not|no|never", re.IGNORECASE)
BARE_NOTE = re.compile(r"\[ ?(?:Laughter|Interruption|Applause)[.!]? ?\]")  # a note without words of its own
NOTE_REACH = 200  # characters beside a passage in which a note of the record stands with it
RECORD_NOTE = re.compile(NOTE)
MAX_FITTED, MAX_FITTED_WORDS = 3, 60  # similar places that are fitted, and words of a part that is
MIN_FITTED_SIMILARITY = 0.4
MAX_EDGE_WORDS = 6  # by which the beginning of a place is moved at most
EDITED_SIMILARITY = 0.95  # at least, of words that differ only as editors change them
ORDER_TOLERANCE = 0.02  # a place in order may be this much less similar than the best
QUOTES, DASHES = (f"[{re.escape(plain + LOOKALIKES[plain])}]" for plain in "'-")
TYPOGRAPHY = (
    ("the dashes", re.compile(rf"\s*{DASHES}+\s*")),
    ("the quotation marks", re.compile(QUOTES)),
    ("ligatures and soft hyphens", re.compile(f"[{UNPRINTED}\ufb00-\ufb06]")),
)


class PartPlace(NamedTuple):
    """A part of a quotation in a text: offsets (code points, end exclusive), and similarity, 0 to 1."""

    start: int
    end: int
    alike: float


class FoundParts(NamedTuple):
    """The places of a text where each part of a quotation may be, before one is chosen and fitted.

    `wordings` and `parts` are of the quotation; `bare` parts are without the brackets at their edges. `alike` is the
    similarity, 0 to 1, of the most similar places.
    """

    text: str
    folded: FoldedText
    notes: bool
    wordings: list[Wording]
    parts: Sequence[QuotedPart]
    bare: list[QuotedPart]
    places: list[list[Candidate]]
    alike: float


class Comparison(NamedTuple):
    """A quotation beside a text: the places of its parts, their similarity together (0 to 1), and the differences.

    `verbatim_share` is the share, 0 to 1, of the quotation's letters that are the record's, regardless of cuts.
    `typography` names the kinds of printers' marks that differ; `left_out` lists the words of weight that dots or
    brackets hide.
    """

    places: tuple[PartPlace, ...]
    alike: float
    verbatim_share: float
    differences: tuple[Difference, ...]
    typography: tuple[str, ...]
    left_out: tuple[str, ...]


def read_quoted_parts(quotation: str) -> list[QuotedPart]:
    """Read the parts of a quotation, with a stand-in for words in brackets; a quotation of a note alone is one part."""
    words = fold_typography(quotation, notes=True).text.strip(" '")
    return divide_quotation(quotation, stand_in=STAND_IN) or (
        [QuotedPart(words=words)] if re.search(r"\w", words) else []
    )


def compare_quotation(text: str, quotation: str, parts: Sequence[QuotedPart]) -> Comparison | None:
    """Compare a quotation with the most similar places of a text; None where a part of it is not found."""
    found = find_parts(text, quotation, parts)
    return compare_parts(found) if found else None


def find_parts(text: str, quotation: str, parts: Sequence[QuotedPart]) -> FoundParts | None:
    """Find the places of a text where each part of a quotation may be; None where one is nowhere."""
    mine = _read_quotation(quotation)
    notes = mine.notes
    folded = fold_typography(text, notes)
    wordings = mine.wordings
    if len(wordings) != len(parts) or any(find_exact(folded.text, FoldedQuote(mine.plain.strip(CLOSING)))):
        first, last = parts[0], parts[-1]
        plain = mine.plain.lstrip(CLOSING)
        parts = [QuotedPart(words=plain, more_before=first.more_before, more_after=last.more_after)]
        wordings = mine.whole
    elif notes:
        notes, folded = False, fold_typography(text)
    bare = [
        part._replace(words=part.words.strip(f" {CLOSING}{STAND_IN}")) if STAND_IN in part.words else part
        for part in parts
    ]
    places = []
    for part in bare:
        places.append(_find_candidates(folded.text, part))
        if not places[-1]:
            return None
    return FoundParts(
        text=text,
        folded=folded,
        notes=notes,
        wordings=wordings,
        parts=parts,
        bare=bare,
        places=places,
        alike=_weigh_parts(parts, [max(each.alike for each in found) for found in places]),
    )


class _ReadQuotation(NamedTuple):
    """A quotation read once for all texts: folded, and its words part by part, and as one part where dots are words.

    `notes` is set where it has notes of the record.
    """

    notes: bool
    plain: str
    wordings: list[Wording]
    whole: list[Wording]


@lru_cache(maxsize=16)
def _read_quotation(quotation: str) -> _ReadQuotation:
    notes = bool(NOTES.search(quotation))
    return _ReadQuotation(
        notes=notes,
        plain=fold_typography(quotation, notes).text.strip(" '"),
        wordings=[Wording(quotation, _strip_closing(part)) for part in split_parts(read_quotation(quotation))],
        whole=[Wording(quotation, _strip_closing(read_words(quotation, notes=notes)))],
    )


def compare_parts(found: FoundParts) -> Comparison:
    """Choose the place of each part that was found, fit it, and name every difference."""
    text, places = found.text, list[PartPlace]()
    for part, mine, candidates in zip(found.bare, found.wordings, found.places, strict=True):
        after = places[-1].end if places else 0
        best = _choose_place(text, found.folded, candidates, after)
        nearest = dict.fromkeys([best, *candidates[:MAX_FITTED]])
        located = [_locate_part(text, found.folded, each, part) for each in nearest]
        place = located[0] if best.alike == 1 else _fit_place(text, mine, located, found.notes)
        places.append(_cover_brackets(text, mine, place, after))
    return _describe_places(text, found.wordings, found.parts, tuple(places), found.notes)


def _weigh_parts(parts: Sequence[QuotedPart], alike: Sequence[float]) -> float:
    """Return the similarity of parts together, each weighed by its length."""
    sizes = [len(part.words) for part in parts]
    return sum(each * size for each, size in zip(alike, sizes, strict=True)) / sum(sizes)


def _fit_place(text: str, mine: Wording, located: Sequence[PartPlace], notes: bool) -> PartPlace:
    """Return a place where nothing differs in substance, its edges moved by a few words; else the first place.

    Similar letters mislead where editors wrote contractions out or changed a form of address. "am going" is as like
    "not going" as "am not going", which is the place where that alone is left out.
    """
    if len(mine.words) > MAX_FITTED_WORDS:
        return located[0]

    def differ(place: PartPlace) -> list[Difference]:
        its = Wording(text, _strip_closing(read_words(text, place.start, place.end, notes)))
        return [each for each in compare_wordings(mine, its) if each.grade == "substance"]

    def rank(place: PartPlace) -> int:
        return sum(max(len(each.quoted), len(each.said)) for each in differ(place))

    for place in located:
        if place.alike < MIN_FITTED_SIMILARITY:
            continue
        from_start = min(
            [place, *(place._replace(start=start) for start in _find_nearby_starts(text, place))], key=rank
        )
        ends = _find_nearby_ends(text, from_start)
        fitted = min([from_start, *(from_start._replace(end=end) for end in ends)], key=rank)
        if not rank(fitted):
            return fitted._replace(alike=max(fitted.alike, EDITED_SIMILARITY))
    wider = (located[0]._replace(start=start) for start in _find_nearby_starts(text, located[0]))
    denied = (place for place in wider if (found := differ(place)) and all(map(_is_denial_left_out, found)))
    return next(denied, located[0])


def _is_denial_left_out(each: Difference) -> bool:
    return not each.quoted and bool(DENIAL.fullmatch(each.said))


def _find_nearby_starts(text: str, place: PartPlace) -> Iterator[int]:
    """Yield the beginnings of up to six words before a place, and of its second word, but none inside a number."""
    before = [match.start() for match in re.finditer(r"(?<!\S)\S", text[: place.start])]
    second = re.compile(r"\S+\s+(?=\S)").match(text, place.start, place.end)
    found = [*reversed(before[-MAX_EDGE_WORDS:]), *([second.end()] if second else [])]
    yield from (start for start in found if not is_inside_word(text, start))


def _find_nearby_ends(text: str, place: PartPlace) -> Iterator[int]:
    """Yield the ends of the four words after a place, and of those before its last four, but none inside a number."""
    after = islice(re.finditer(r"\S+", text[place.end : place.end + 60]), 4)
    before = [place.start + match.start() for match in re.finditer(r"\s+", text[place.start : place.end])]
    found = [*(place.end + match.end() for match in after), *before[-1:-5:-1]]
    yield from (end for end in found if not is_inside_word(text, end))


def _cover_brackets(text: str, mine: Wording, place: PartPlace, after: int) -> PartPlace:
    """Widen the place of a part by the words of the record for which brackets at its edges stand."""
    start, end = place.start, place.end
    if mine.words[0].folded == STAND_IN:
        wide = find_replaced_start(text, start, mine.cut(0, 1))
        start = wide if start < after else max(wide, min(start, after))
    if mine.words[-1].folded == STAND_IN:
        end = find_replaced_end(text, end, mine.cut(len(mine.words) - 1, len(mine.words)))
    return place._replace(start=start, end=end)


def _describe_places(
    text: str, wordings: Sequence[Wording], parts: Sequence[QuotedPart], places: tuple[PartPlace, ...], notes: bool
) -> Comparison:
    sizes = [len(part.words) for part in parts]
    differing = list(_find_differences(text, wordings, parts, places, notes))
    weighty = [each for each in differing if each.grade]
    marks = list(_compare_typography(wordings[0].text, [text[place.start : place.end] for place in places]))
    hidden = [*find_left_out(weighty), *_find_omitted_words(text, places)]
    if parts[0].more_before and (denial := find_denial(text, places[0].start, len(wordings[0].words))):
        hidden.append(denial)
    return Comparison(
        places=places,
        alike=_weigh_parts(parts, [place.alike for place in places]),
        verbatim_share=1 - min(1.0, count_changed_letters(weighty) / sum(sizes)),
        differences=tuple(weighty),
        typography=(*marks, *(["how figures are printed"] if len(weighty) < len(differing) else [])),
        left_out=tuple(sort_hidden_words(hidden)),
    )


def _strip_closing(words: Sequence[QuoteWord]) -> list[QuoteWord]:
    """Drop the marks at both ends that a quotation's writer may have set."""
    marks = [not word.folded.strip(CLOSING) for word in words]
    first = next((n for n, mark in enumerate(marks) if not mark), len(words))
    last = next((n for n in range(len(words), first, -1) if not marks[n - 1]), first)
    return list(words[first:last])


def _find_candidates(text: str, part: QuotedPart) -> list[Candidate]:
    core = part.words.rstrip(CLOSING) or part.words
    wanted = FoldedQuote(core, cuts=(part.cut_before, part.cut_after))
    if exact := list(find_exact(text, wanted)):
        return exact
    small = text.lower()
    if len(small) == len(text) and (alike := list(find_exact(small, wanted._replace(quote=core.lower())))):
        return [each._replace(alike=EDITED_SIMILARITY) for each in alike]
    edited = [
        each._replace(alike=EDITED_SIMILARITY)
        for words in _rewrite_contractions(core)
        for each in find_exact(text, wanted._replace(quote=words))
    ]
    return [*edited, *find_similar(text, wanted)]


@lru_cache(maxsize=64)
def _rewrite_contractions(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rewrite_contractions(words)))


def _choose_place(text: str, folded: FoldedText, found: Sequence[Candidate], after: int) -> Candidate:
    """Choose, of the most similar places, the first after the preceding part, which ends at `after`.

    A place that cuts a word or a figure from its sign comes last.
    """
    best = max(each.alike for each in found)

    def rank(each: Candidate) -> tuple[bool, bool, int]:
        place = folded.find_text_start(each.start), folded.find_text_end(each.end)
        return each.start < after, any(is_inside_word(text, edge) for edge in place), each.start

    return min((each for each in found if each.alike >= best - ORDER_TOLERANCE), key=rank)


def _locate_part(text: str, folded: FoldedText, each: Candidate, part: QuotedPart) -> PartPlace:
    """Return the place of a candidate in the text itself, with the closing marks that the quotation has there too."""
    closing = part.words[len(part.words.rstrip(CLOSING)) :]
    same = next(n for n in range(len(closing), -1, -1) if folded.text.startswith(closing[:n], each.end))
    start, end = folded.find_text_start(each.start), folded.find_text_end(each.end + same)
    words = text[start:end]
    start, end = end - len(words.lstrip()), start + len(words.rstrip())
    wide_start, wide_end = widen_to_words(text, start, end)
    return PartPlace(start if part.cut_before else wide_start, end if part.cut_after else wide_end, each.alike)


def _find_differences(
    text: str, wordings: Sequence[Wording], parts: Sequence[QuotedPart], places: Sequence[PartPlace], notes: bool
) -> Iterator[Difference]:
    for n, (mine, place) in enumerate(zip(wordings, places, strict=True)):
        its = Wording(text, _strip_closing(read_words(text, place.start, place.end, notes)))
        found = compare_wordings(mine, its)
        if n == 0:
            found = check_opening(mine, its, parts[0], found)
        else:
            yield from _find_omission(text, wordings[n - 1], mine, places[n - 1], place)
        yield from found
    for mine, part, place in zip(wordings, parts, places, strict=True):
        yield from check_ending(mine, text, part, (place.start, place.end))
    if not notes:
        yield from _find_invented_notes(wordings[0].text, text, places)


def _find_omission(
    text: str, before: Wording, after: Wording, left: PartPlace, right: PartPlace
) -> Iterator[Difference]:
    """Yield what dots stand for; or another order, where the second part stands before the first."""
    if right.start < left.end:
        yield Difference("order", after.cut(0, len(after.words)), text[right.start : right.end])
    elif re.search(r"\w", between := text[left.end : right.start].strip()):
        dots = before.text[before.words[-1].end : after.words[0].start].strip()
        yield Difference("omitted", dots, between, "marked")


def _find_omitted_words(text: str, places: Sequence[PartPlace]) -> Iterator[str]:
    """Yield the words of weight between the parts of a quotation: of sentences that it cuts, and of short answers."""
    for left, right in pairwise(places):
        for start, end in find_sentences(text):
            opening = start < left.end < end
            if left.end <= start < end <= right.start and (answer := SHORT_ANSWER.fullmatch(text[start:end])):
                yield answer[1]
            if left.end < right.start and (opening or left.end <= start < right.start < end):
                hidden = text[max(start, left.end) : min(end, right.start)]
                yield from find_weighty_words(hidden, begins_sentence=not opening)
                words = re.findall(r"[^\W\d]+", hidden)
                if len(words) <= MAX_FEW_WORDS:
                    yield from (word for word in words if MODAL.fullmatch(word))
                    yield from SAID_BY_OTHERS.findall(hidden)


def _find_invented_notes(quotation: str, text: str, places: Sequence[PartPlace]) -> Iterator[Difference]:
    """Yield the notes of a quotation that have words of their own and do not stand in the record."""
    said = text[max(0, places[0].start - NOTE_REACH) : places[-1].end + NOTE_REACH]
    held = {fold_words(note[0]) for note in RECORD_NOTE.finditer(said)}
    for note in RECORD_NOTE.finditer(quotation):
        if not BARE_NOTE.fullmatch(note[0]) and fold_words(note[0]) not in held:
            yield Difference("added", note[0], "")


def _compare_typography(quotation: str, said: Sequence[str]) -> Iterator[str]:
    """Yield the names of the kinds of printers' marks that differ."""
    record = "\n".join(said)
    if list(map(fold_words, NOTES.findall(quotation))) != list(map(fold_words, NOTES.findall(record))):
        yield "what the record puts in between"
    mine, its = (INSERTION.sub("", words).strip(OUTER + CLOSING) for words in (quotation, record))
    for name, marks in TYPOGRAPHY:
        if marks.findall(mine) != marks.findall(its):
            yield name
