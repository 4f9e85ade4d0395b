"""The verification of a quotation against the archive: from its words to a verdict with every difference.

speech_search finds likely speeches, speech_matches compares them with the quotation, and verdict makes the result.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence

from annotations.anchoring.candidates import MAX_COMPARED_LENGTH
from annotations.text.difference_grade import GRADES, find_gravest, find_weighty_words
from annotations.text.printed_quotation import blank_attribution
from annotations.text.quotation import QuotedPart
from annotations.text.quote_diff import Difference, count_changed_letters, sort_hidden_words
from annotations.text.quote_words import cut_words, read_quotation, split_parts
from annotations.text.sentences import find_sentences
from annotations.verification.compare import Comparison, PartPlace, read_quoted_parts
from annotations.verification.speaker_names import SpeakerCheck
from annotations.verification.speaker_register import SpokenBy, read_named_speaker
from annotations.verification.speech_matches import QuotationSearch, SpeechMatch, find_matches
from annotations.verification.speech_search import MAX_SPEECHES
from annotations.verification.verdict import (
    Passage,
    SpeechWording,
    Verdict,
    VerdictAnswer,
    cite_passage,
    write_verdict_sentence,
)
from annotations.verification.withdrawn_words import judge_withdrawn_words
from db.citation import format_date
from db.statements.quarantine import count_unread_of_day
from db.statements.rowid_filters import find_rowid_range

MIN_SIMILARITY, MIN_PIECE_SIMILARITY = 0.75, 0.85  # of a passage to the quotation, or to a piece of it
SHORT_LENGTH, MIN_SHORT_SIMILARITY = 24, 0.9  # a shorter quotation needs a greater similarity
MIN_VERBATIM_SHARE = 0.95  # of a quotation that is found with cuts
SURELY_WHOLE = 0.9  # a less similar quotation may be joined from several places
MAX_FEW_WORDS = 2  # words that are found anywhere
MIN_RECAST, MIN_UNNAMED_RECAST = 0.54, 0.7  # similarity of a recast to what the named speaker said that day, or anybody
# Of a closest match to a quotation that is not found. Of 118 sentences from elsewhere none came above 0.58; of those of
# the record in which 3 words in 10 were replaced, 9 in 10 stayed above 0.6.
MIN_CLOSEST = 0.6
UNREADABLE = re.compile(r"[\ufffd{}]|\[[^\]]*(?:\[|$)|^[^\[]*\]")  # damaged letters, and brackets without the other
MAX_BRACKETS = 100  # of a quotation; each is looked at with all after it
MIN_PIECE_WORDS = 3  # words of a piece that is searched for alone
HELD_QUERY = "SELECT 1 FROM speeches WHERE rowid BETWEEN ? AND ? LIMIT 1"


def verify_quotation(
    conn: sqlite3.Connection, quotation: str, speaker: str | None = None, date: str | None = None
) -> Verdict:
    """Find a quotation among all speeches, or a day's, and return the verdict.

    Raises ValueError for a quotation without words, longer than MAX_COMPARED_LENGTH or with more than MAX_BRACKETS, for
    a speaker that is named by no words, and for a wrong date.
    """
    pieces = read_quoted_parts(quotation)
    if not pieces:
        raise ValueError("the quotation has no words")
    if len(quotation) > MAX_COMPARED_LENGTH:
        raise ValueError(f"the quotation has more than {MAX_COMPARED_LENGTH:,} characters: give it in pieces")
    if quotation.count("[") > MAX_BRACKETS:
        raise ValueError(f"the quotation has more than {MAX_BRACKETS} brackets: give it in pieces")
    if speaker is not None and not speaker.strip():
        raise ValueError("the speaker is empty: give a name, an office or a party, or leave it out")
    editions = conn.execute("SELECT 1 FROM sqlite_schema WHERE name = 'editions'").fetchone()
    within, named = find_rowid_range(date), read_named_speaker(conn, speaker) if speaker else None
    search = QuotationSearch(
        conn=conn,
        speaker=speaker or "",
        named=named,
        within=within,
        own=named.find_own_rowids(date) if named and date else (),
        editions=bool(editions),
    )
    verdict = _judge_quotation(search, quotation, pieces, date)
    if verdict.answer not in ("verbatim", "typography"):
        words = blank_attribution(quotation)
        if words != quotation and (pieces := read_quoted_parts(words)):
            without = _judge_quotation(search, words, pieces, date)
            if not _goes_on_with(conn, without, quotation[len(words.rstrip()) :]):
                verdict = min(verdict, without, key=_rank_verdict)
    return verdict


def _goes_on_with(conn: sqlite3.Connection, verdict: Verdict, ending: str) -> bool:
    """Return True if the record goes on after the words as an ending does, which is then not the writer's own."""
    if not (word := re.match(r"\W*(\w+)", ending)):
        return False
    for passage in verdict.passages:
        for (text,) in conn.execute("SELECT text FROM speeches WHERE id = ?", (passage.speech_id,)):
            following = re.match(r"\W*(\w+)", text[passage.end :])
            if following and following[1].lower() == word[1].lower():
                return True
    return False


def _rank_verdict(verdict: Verdict) -> tuple[bool, int]:
    return verdict.answer in ("not found", "not held", "recast"), GRADES.index(verdict.grade)


def _judge_quotation(
    search: QuotationSearch, quotation: str, pieces: Sequence[QuotedPart], date: str | None
) -> Verdict:
    """Judge a quotation as it is given, and with a doubt where it is too short or has marks that are not understood."""
    verdict = judge_withdrawn_words(
        search.conn,
        quotation,
        pieces,
        date,
        _decide_verdict(search, quotation, pieces),
        is_found=lambda compared: _is_found(compared, _choose_min_similarity(quotation)),
        is_own=lambda name, day: not search.named or search.named.check(SpokenBy(name, None, day)) == "same",
    )
    if date and verdict.answer == "not found":
        return _tell_unread(search.conn, date, _look_elsewhere(search, quotation, pieces, date, verdict))
    if (
        not (search.speaker or date)
        and verdict.answer != "not found"
        and len(re.findall(r"\w+", quotation)) <= MAX_FEW_WORDS
    ):
        return _answer_doubt(verdict, "too short")
    if UNREADABLE.search(quotation) and verdict.answer in ("altered", "recast", "other speaker"):
        return _answer_doubt(verdict, "cannot tell")
    return verdict


def _look_elsewhere(
    search: QuotationSearch, quotation: str, pieces: Sequence[QuotedPart], date: str, verdict: Verdict
) -> Verdict:
    """Answer for a day without the quotation: whether the day is held, and whether another day has the words."""
    held = search.conn.execute(HELD_QUERY, tuple(search.within)).fetchone()
    lead = f"Not found on {format_date(date)}" if held else f"Not held: the archive has nothing of {format_date(date)}"
    answer: VerdictAnswer = "not found" if held else "not held"
    elsewhere = _decide_verdict(search._replace(within=find_rowid_range(None), own=()), quotation, pieces)
    if elsewhere.answer not in ("not found", "recast"):
        return verdict._replace(
            answer=answer, passages=elsewhere.passages, sentence=f"{lead}, but on another day. {elsewhere.sentence}"
        )
    return verdict if held else verdict._replace(answer=answer, passages=(), sentence=f"{lead}.")


def _tell_unread(conn: sqlite3.Connection, date: str, verdict: Verdict) -> Verdict:
    """Add to a verdict that parts of the day's record, where the words may stand, could not be read."""
    unread = count_unread_of_day(conn, date)
    if not unread:
        return verdict
    parts = "1 part" if unread == 1 else f"{unread:,} parts"
    told = f"{parts} of the record of {format_date(date)} could not be read, and may have the words."
    return verdict._replace(sentence=f"{verdict.sentence} {told}")


def _answer_doubt(verdict: Verdict, answer: VerdictAnswer) -> Verdict:
    """Return a verdict that tells only why there is none, with the places found."""
    doubtful = verdict._replace(answer=answer, grade="", differences=(), typography=(), left_out=())
    return doubtful._replace(sentence=write_verdict_sentence(doubtful))


def _decide_verdict(search: QuotationSearch, quotation: str, pieces: Sequence[QuotedPart]) -> Verdict:
    matches, speeches = find_matches(search, quotation, pieces)
    found = bool(matches and _is_found(matches[0].compared, _choose_min_similarity(quotation)))
    if not found or matches[0].compared.alike < SURELY_WHOLE:
        joined = _judge_pieces(search, quotation, pieces)
        if joined and (
            not found
            or count_changed_letters(joined.differences) < count_changed_letters(matches[0].compared.differences)
        ):
            return joined
    if found:
        return _judge_speech(search, matches, speeches)
    nearest = tuple(_make_passage(each.speech, each.compared.places[0]) for each in matches[:1])
    if matches and _is_recast(search, matches[0]):
        return _make_verdict("recast", nearest, speaker=search.speaker, spoken_by=matches[0].spoken_by)
    return _make_verdict("not found", tuple(each for each in nearest if each.alike >= MIN_CLOSEST))


def _is_recast(search: QuotationSearch, match: SpeechMatch) -> bool:
    """Return True if the writer's words are like the nearest passage, which is the named speaker's if one is named."""
    resolved = search.own and match.spoken_by == "same"
    return match.spoken_by != "other" and match.compared.alike >= (MIN_RECAST if resolved else MIN_UNNAMED_RECAST)


def _is_found(compared: Comparison, enough: float) -> bool:
    """Return True if a passage is the quotation: every part is similar, or nearly all its words are the passage's."""
    return min(place.alike for place in compared.places) >= enough or compared.verbatim_share >= MIN_VERBATIM_SHARE


def _choose_min_similarity(quotation: str) -> float:
    return MIN_SIMILARITY if len(quotation) >= SHORT_LENGTH else MIN_SHORT_SIMILARITY


def _weigh_checks(search: QuotationSearch, matches: Sequence[SpeechMatch], compared: int = 0) -> SpeakerCheck:
    """Return one check for the speeches that have a quotation: somebody else's only if all surely are.

    Of a role, such as a party, not every speech is looked at: as many as MAX_SPEECHES `compared` speeches are not all
    that have the words, and speeches that only have the like say nothing of the others.
    """
    checks = {match.spoken_by for match in matches}
    if checks == {"other"}:
        alike = all(find_gravest([each.grade for each in m.compared.differences]) != "substance" for m in matches)
        few = compared < MAX_SPEECHES and alike
        complete = search.own or not search.named or not search.named.is_role or few
        return "other" if complete else "not checked"
    return "same" if "same" in checks else "not checked"


def _judge_speech(search: QuotationSearch, matches: Sequence[SpeechMatch], speeches: int) -> Verdict:
    (speech, compared, spoken_by), *others = matches
    same = {
        other.speech.id
        for other in others
        if other.spoken_by == spoken_by and other.compared.alike == compared.alike and other.speech.id != speech.id
    }
    answer: VerdictAnswer = "altered" if compared.differences else "typography" if compared.typography else "verbatim"
    passages = tuple(_make_passage(speech, place) for place in compared.places)
    typography = () if compared.differences else compared.typography
    return _make_verdict(
        answer,
        passages,
        differences=compared.differences,
        typography=typography,
        left_out=compared.left_out,
        others=len(same),
        edition=speech.edition,
        speaker=search.speaker,
        spoken_by=_weigh_checks(search, matches[:1], speeches),
    )


def _make_passage(speech: SpeechWording, place: PartPlace) -> Passage:
    return cite_passage(speech, start=place.start, end=place.end, alike=place.alike)


def _make_verdict(
    answer: VerdictAnswer,
    passages: tuple[Passage, ...],
    *,
    differences: tuple[Difference, ...] = (),
    typography: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
    others: int = 0,
    edition: str = "",
    speaker: str = "",
    spoken_by: SpeakerCheck = "same",
) -> Verdict:
    """Make a verdict with its sentence; `spoken_by` says whether the words are the named speaker's."""
    verdict = Verdict(
        answer="other speaker" if spoken_by == "other" else answer,
        grade=find_gravest([each.grade for each in differences]),
        sentence="",
        speaker_not_checked=speaker if spoken_by == "not checked" else "",
        left_out=left_out,
        differences=differences,
        typography=typography,
        passages=passages,
        others=others,
        edition=edition,
    )
    return verdict._replace(sentence=write_verdict_sentence(verdict, speaker))


def _judge_pieces(search: QuotationSearch, quotation: str, pieces: Sequence[QuotedPart]) -> Verdict | None:
    """Judge a quotation that is nowhere as a whole by its parts or sentences; None if less than half is found."""
    parts = split_parts(read_quotation(quotation))
    bits = (
        [cut_words(quotation, part) for part in parts]
        if len(parts) > 1
        else [quotation[a:b] for a, b in find_sentences(quotation)]
    )
    bits = [bit for bit in bits if len(re.findall(r"\w+", bit)) >= MIN_PIECE_WORDS]
    if len(bits) < 2:
        return None
    found = [_match_piece(search, bit) for bit in bits]
    matches = [match for match in found if match]
    if 2 * sum(len(bit) for bit, match in zip(bits, found, strict=True) if match) < len(quotation):
        return None
    passages = tuple(_make_passage(match.speech, place) for match in matches for place in match.compared.places)
    joints = tuple(_list_joints(bits, found, dotted=len(parts) > 1))
    hidden = [word for each in joints if each.kind == "omitted" for word in find_weighty_words(each.said)]
    printed = () if joints else tuple(dict.fromkeys(name for match in matches for name in match.compared.typography))
    answer: VerdictAnswer = "altered" if joints else "typography" if printed else "verbatim"
    edition = next((match.speech.edition for match in matches if match.speech.edition), "")
    return _make_verdict(
        answer,
        passages,
        differences=joints,
        typography=printed,
        left_out=tuple(sort_hidden_words([*hidden, *(word for match in matches for word in match.compared.left_out)])),
        edition=edition,
        speaker=search.speaker,
        spoken_by=_weigh_checks(search, matches),
    )


def _match_piece(search: QuotationSearch, words: str) -> SpeechMatch | None:
    """Find the speech that certainly has a piece of a quotation; None where there is none."""
    best = next(iter(find_matches(search, words, read_quoted_parts(words)).best), None)
    return best if best and best.compared.alike >= max(MIN_PIECE_SIMILARITY, _choose_min_similarity(words)) else None


def _list_joints(bits: Sequence[str], found: Sequence[SpeechMatch | None], *, dotted: bool) -> Iterator[Difference]:
    """Yield the differences of a quotation made of pieces: added, joined, cut between them, and changed in each."""
    last: tuple[SpeechWording, PartPlace] | None = None
    for bit, match in zip(bits, found, strict=True):
        if not match:
            yield Difference("added", bit, "")
            continue
        first = match.compared.places[0]
        if last and (last[0].id != match.speech.id or last[1].end > first.start):
            yield Difference("joined", bit, f"{match.speech.speaker or 'the record'}, {match.speech.citation}")
        elif last and re.search(r"\w", between := match.speech.text[last[1].end : first.start]):
            yield (
                Difference("omitted", "…", between.strip(), "marked")
                if dotted
                else Difference("cut", "", between.strip())
            )
        yield from match.compared.differences
        last = match.speech, match.compared.places[-1]
