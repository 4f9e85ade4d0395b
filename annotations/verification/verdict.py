"""The verdict on a quotation: records of its answer, differences and passages, and a sentence for a reader."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from urllib.parse import quote as percent_encode

from annotations.text.quote_diff import Difference

VerdictAnswer = Literal[
    "verbatim",  # the record's words
    "typography",  # the record's words but for what printers choose
    "altered",  # the record's words with differences; the grade tells how grave
    "recast",  # the writer's own words for what the named speaker said
    "other speaker",  # the record's words, altered or not, but somebody else's
    "withdrawn",  # words that the source took back
    "not found",
    "not held",  # the archive has nothing of that day
    "too short",  # so few words are found anywhere: name a speaker and a day
    "cannot tell",  # the quotation has a mark or sign that is not understood
]
Grade = Literal["", "surface", "edited", "marked", "substance"]  # "" for no difference; the gravest is the last
MAX_WHOLE_FRAGMENT, FRAGMENT_END_WORDS = 80, 5  # characters of a whole fragment; of longer words, this many at each end
MINOR_KIND_NAMES = {"case": "the capitals", "spelling": "the spelling", "punctuation": "the punctuation"}
KIND_NAMES = {
    "case": ("capital", "capitals"),
    "spelling": ("spelling", "spellings"),
    "number": ("number changed", "numbers changed"),
    "word": ("word changed", "words changed"),
    "order": ("change of order", "changes of order"),
    "cut": ("cut", "cuts"),
    "added": ("addition", "additions"),
    "punctuation": ("punctuation mark", "punctuation marks"),
}


class SpeechWording(NamedTuple):
    """A speech in one wording; `edition` says where and when it was received, and is "" for today's."""

    rowid: int
    id: str
    speaker: str | None
    date: str
    citation: str
    url: str | None
    hansard_url: str | None
    text: str
    edition: str = ""


class Passage(NamedTuple):
    """A place of a quotation's words in a speech: offsets (code points, end exclusive), words, addresses.

    For an older wording (Verdict.edition) the offsets are in that wording. `alike` is the similarity, from 0 to 1.
    `address` is on this site, `url` is TheyWorkForYou's, and `fragment` leads there to the words themselves.
    """

    speech_id: str
    speaker: str | None
    date: str
    citation: str
    start: int
    end: int
    words: str
    alike: float
    address: str
    url: str | None
    hansard_url: str | None
    fragment: str | None


class Verdict(NamedTuple):
    """The answer, a sentence, the differences and the passages; for a quotation not found, the nearest passage.

    `grade` is the gravest of the differences. `left_out` holds words of weight (a negation, figure, name or unit) that
    dots or brackets hide. `speaker_not_checked` is the name of a speaker who could not be resolved, "" for none: the
    words have their answer whoever is named. At least `others` more speeches have the same words; `edition` says where
    and when the quotation's wording was received, and is "" for today's.
    """

    answer: VerdictAnswer
    grade: Grade
    sentence: str
    speaker_not_checked: str
    left_out: tuple[str, ...]
    differences: tuple[Difference, ...]
    typography: tuple[str, ...]
    passages: tuple[Passage, ...]
    others: int
    edition: str


def is_faithful(verdict: Verdict) -> bool:
    """Return True for a quotation that a writer may stand by; the exit code of `verify` is 0 for those alone."""
    if verdict.speaker_not_checked:
        return False
    marked = verdict.answer == "altered" and verdict.grade == "marked" and not verdict.left_out
    return marked or verdict.answer in ("verbatim", "typography")


def cite_passage(speech: SpeechWording, start: int, end: int, alike: float) -> Passage:
    """Cite a place in a speech: its words and addresses; an older wording has no fragment, as no page shows it."""
    words = speech.text[start:end]
    target = speech.url or speech.hansard_url
    return Passage(
        speech_id=speech.id,
        speaker=speech.speaker,
        date=speech.date,
        citation=speech.citation,
        start=start,
        end=end,
        words=words,
        alike=round(alike, 4),
        address=f"/speech/{speech.id}",
        url=speech.url,
        hansard_url=speech.hansard_url,
        fragment=make_text_fragment(target, words) if target and not speech.edition else None,
    )


def make_text_fragment(url: str, words: str) -> str:
    """Return an address at which a browser scrolls to the words: all of them, or the first and the last of many.

    >>> make_text_fragment("https://example.org/d?id=1#g2", "hard-working")
    'https://example.org/d?id=1#g2:~:text=hard%2Dworking'
    """
    pieces = [words] if len(words) <= MAX_WHOLE_FRAGMENT and "\n" not in words else _take_ends(words)
    directive = ",".join(percent_encode(each, safe="").replace("-", "%2D") for each in pieces)
    page, _, anchor = url.partition("#")
    return f"{page}#{anchor}:~:text={directive}"


def _take_ends(words: str) -> list[str]:
    """Return the first and the last words, each within its own line, as a text fragment needs them."""
    lines = words.strip().split("\n")
    return [" ".join(lines[0].split()[:FRAGMENT_END_WORDS]), " ".join(lines[-1].split()[-FRAGMENT_END_WORDS:])]


def make_verdict_data(verdict: Verdict) -> dict[str, object]:
    """Convert a verdict to JSON values: every field by its name."""
    rows = {key: [each._asdict() for each in getattr(verdict, key)] for key in ("differences", "passages")}
    return {**verdict._asdict(), **rows}


def write_verdict_sentence(verdict: Verdict, wrong_speaker: str = "") -> str:
    """Write one sentence for a reader; `wrong_speaker` is the named speaker who did not say it."""
    if not verdict.passages:
        return "Not found, nor anything near it."
    where = "; ".join(dict.fromkeys(f"{each.speaker or 'the record'}, {each.citation}" for each in verdict.passages))
    if verdict.answer == "not found":
        return f"Not found. The nearest passage, which is not the quotation: {where}."
    edition = f" That is the wording {verdict.edition}; the record has another now." if verdict.edition else ""
    how = _describe_answer(verdict.answer, verdict.differences, verdict.typography)
    if verdict.answer == "other speaker":
        said = "Verbatim" if not verdict.differences else how
        return f"{said}, but not by {wrong_speaker}: {where}.{edition}"
    edition += _describe_unchecked_speaker(verdict.speaker_not_checked)
    others = f" The same words stand in others too, at least {verdict.others}." if verdict.others else ""
    return f"{how}: {where}.{edition}{others}"


def _describe_unchecked_speaker(name: str) -> str:
    return f" Attributed to {name}, who is not known here: speaker not checked." if name else ""


def _describe_answer(answer: VerdictAnswer, differences: Sequence[Difference], typography: Sequence[str]) -> str:
    if not differences:
        return f"Verbatim but for {_list_names(typography)}" if typography else "Verbatim"
    kinds = Counter(each.kind for each in differences)
    if kinds.keys() <= MINOR_KIND_NAMES.keys():
        return f"Verbatim but for {_list_names([MINOR_KIND_NAMES[kind] for kind in kinds])}"
    edges = [_describe_cut(each) for each in differences if each.kind == "cut" and each.quoted]
    if len(edges) == len(differences):
        return f"Verbatim but for {_list_names(edges)}"
    places = f"Joined from {kinds.pop('joined') + 1} places" if "joined" in kinds else ""
    changes = ", ".join(f"{count} {KIND_NAMES[kind][count > 1]}" for kind, count in kinds.items())
    return f"{places or 'Altered'} ({changes})" if changes else places


def _describe_cut(cut: Difference) -> str:
    opening = cut.said.lower().endswith(cut.quoted.lower())
    return "its opening, which is cut" if opening else "its ending, which is cut"


def _list_names(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
