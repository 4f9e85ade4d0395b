"""The verdict on a quotation: records of its answer, differences and passages, and a sentence for a reader."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from urllib.parse import quote as percent_encode

from annotations.text.difference_grade import Grade, count_negations
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
    "omitted": ("omission at dots", "omissions at dots"),
    "replaced": ("replacement in brackets", "replacements in brackets"),
    "explained": ("addition in brackets", "additions in brackets"),
    "joined": ("joint", "joints"),
}
UNCERTAIN_LEADS = {
    "not found": "Not found. Closest match (not the same words)",
    "not held": "Not held: the archive has nothing of that day. Closest match, of another day",
    "recast": "Recast: not the record’s words, but the speaker said something similar",
    "too short": "Too short to tell, as so few words are found anywhere: name a speaker or a day. For example",
    "cannot tell": "Cannot tell, as the quotation has a mark that is not understood. Closest match",
}
GRAVEST_KINDS = ("number", "joined", "word", "cut", "added", "order")  # of those in substance
MAX_HEADLINE_WORDS = 12  # of a piece that a headline shows


class SpeechWording(NamedTuple):
    """A speech in one wording; `edition` says where and when it was received, and is "" for today's."""

    rowid: int
    id: str
    speaker: str | None
    person_id: str | None
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
    """The answer, a sentence, the differences and the passages; for one not found, the closest match if there is one.

    `grade` is the gravest of the differences. `left_out` holds words of weight that dots or brackets hide (negations,
    figures, names, units, conditions, modal verbs). `speaker_not_checked` is the name of a speaker who could not be
    resolved, "" for none: the words have their answer whoever is named. At least `others` more speeches have the same
    words; `edition` says where and when the quotation's wording was received, and is "" for today's.
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
    marked = verdict.answer == "altered" and is_all_marked(verdict.differences) and not verdict.left_out
    return marked or verdict.answer in ("verbatim", "typography")


def is_all_marked(differences: Sequence[Difference]) -> bool:
    """Return True if dots and brackets mark every difference; what stands beside them unmarked is no less altered."""
    return all(each.grade == "marked" for each in differences)


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
        return "Not found: nothing in this archive is close to it."
    where = "; ".join(dict.fromkeys(f"{each.speaker or 'the record'}, {each.citation}" for each in verdict.passages))
    edition = f" That is the wording {verdict.edition}; the record has another now." if verdict.edition else ""
    edition += _describe_unchecked_speaker(verdict.speaker_not_checked)
    if lead := UNCERTAIN_LEADS.get(verdict.answer):
        return f"{lead}: {where}.{edition}"
    how = _describe_answer(verdict)
    if verdict.answer == "other speaker":
        said = "Verbatim" if not verdict.differences else how
        return f"{said}, but not by {wrong_speaker}: {where}.{edition}"
    others = f" At least {verdict.others} more have the same words." if verdict.others else ""
    return f"{how}: {where}.{edition}{others}"


def _describe_unchecked_speaker(name: str) -> str:
    return f" Attributed to {name}: speaker not checked, as it is not certain who is meant." if name else ""


def _describe_answer(verdict: Verdict) -> str:
    """Describe the gravest difference in a reader's words, and count the others."""
    if not verdict.differences:
        return f"Verbatim but for {_list_names(verdict.typography)}" if verdict.typography else "Verbatim"
    kinds = Counter(each.kind for each in verdict.differences)
    changes = ", ".join(f"{count} {KIND_NAMES[kind][count > 1]}" for kind, count in kinds.items())
    if verdict.grade == "surface":
        return f"Verbatim but for {_list_names(_name_surface(verdict.differences))}"
    if verdict.grade == "edited":
        return f"Altered only as editors of speech do ({changes})"
    if verdict.grade == "marked" and not verdict.left_out:
        return f"Verbatim but for {_list_names(_name_marked(verdict.differences))} ({changes})"
    gravest = _find_gravest_difference(verdict.differences)
    if verdict.grade == "marked" or (verdict.left_out and not gravest):
        return f"Altered: dots or brackets hide “{_shorten_words(verdict.left_out[0])}” ({changes})"
    return f"Altered: {gravest} ({changes})"


def _name_marked(differences: Sequence[Difference]) -> list[str]:
    """Name what dots and brackets mark, and the lighter differences that nothing marks."""
    surface = _name_surface([each for each in differences if each.grade == "surface"])
    edited = ["what editors of speech change"] if any(each.grade == "edited" for each in differences) else []
    return ["what its dots or brackets mark", *edited, *surface]


def _name_surface(differences: Sequence[Difference]) -> list[str]:
    names = [
        _describe_cut(each) if each.kind == "cut" else MINOR_KIND_NAMES.get(each.kind, "the spelling")
        for each in differences
    ]
    return list(dict.fromkeys(names))


def _find_gravest_difference(differences: Sequence[Difference]) -> str:
    """Describe the gravest difference in substance: first a negation, then a figure, then other words."""
    grave = [each for each in differences if each.grade == "substance"]
    for each in (each for each in grave if each.kind != "joined"):  # a joint's words are all in the record
        if lost := count_negations(each.said) - count_negations(each.quoted):
            return f"“{next(iter(lost))}” is left out"
        if added := count_negations(each.quoted) - count_negations(each.said):
            return f"“{next(iter(added))}” is put in"
    first = min(
        grave, key=lambda each: GRAVEST_KINDS.index(each.kind) if each.kind in GRAVEST_KINDS else 9, default=None
    )
    return _describe_change(first, sum(each.kind == "joined" for each in grave)) if first else ""


def _describe_change(each: Difference, joints: int) -> str:
    quoted, said = (f"“{_shorten_words(words)}”" for words in (each.quoted, each.said))
    if each.kind == "joined":
        return f"joined from {joints + 1} places"
    if each.kind == "order":
        return "the words are in another order"
    if each.kind == "cut" and each.quoted:
        return _describe_cut(each)
    return (
        f"{quoted} for {said}"
        if each.quoted and each.said
        else f"{quoted if each.quoted else said} is " + ("put in" if each.quoted else "left out")
    )


def _shorten_words(words: str) -> str:
    """Return the words, or the first of many and dots."""
    found = words.split()
    return " ".join(found) if len(found) <= MAX_HEADLINE_WORDS else f"{' '.join(found[:MAX_HEADLINE_WORDS])} …"


def _describe_cut(cut: Difference) -> str:
    opening = cut.said.lower().endswith(cut.quoted.lower())
    return "its opening, which is cut" if opening else "its ending, which is cut"


def _list_names(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
