"""What a quotation is found to be, as records and in a sentence for a reader."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from annotations.text.quote_diff import Difference

Answer = Literal["verbatim", "typography", "altered", "wrong speaker", "not found"]
ONLY = {"case": "the capitals", "spelling": "the spelling", "punctuation": "the punctuation"}
MANY = {
    "case": ("capital", "capitals"),
    "spelling": ("spelling", "spellings"),
    "number": ("number changed", "numbers changed"),
    "word": ("word changed", "words changed"),
    "order": ("change of order", "changes of order"),
    "cut": ("cut", "cuts"),
    "added": ("addition", "additions"),
    "punctuation": ("punctuation mark", "punctuation marks"),
}


class Passage(NamedTuple):
    """Where words of a quotation stand: offsets in the speech's text (code points, end exclusive), and every address.

    Of an older wording (Verdict.edition) they are offsets in that. `alike` runs from 0 to 1; `address` is ours, `url`
    TheyWorkForYou's, and `fragment` leads there to the words themselves.
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
    """The answer, a sentence, what differs, and the passages: of a quotation that was not found the nearest one.

    `others` is the least number of further speeches that have the same words; `edition` tells where and when the
    quotation's wording was received, if it is not the speech's own today.
    """

    answer: Answer
    sentence: str
    differences: tuple[Difference, ...]
    typography: tuple[str, ...]
    passages: tuple[Passage, ...]
    others: int
    edition: str


def plain(verdict: Verdict) -> dict[str, object]:
    """A verdict as JSON has it: every field by its name."""
    rows = {key: [each._asdict() for each in getattr(verdict, key)] for key in ("differences", "passages")}
    return {**verdict._asdict(), **rows}


def sentence(verdict: Verdict, wrong: str = "") -> str:
    """One sentence for a reader; `wrong` is the speaker who was named and did not say it."""
    if not verdict.passages:
        return "Not found, nor anything near it."
    where = "; ".join(dict.fromkeys(f"{each.speaker or 'the record'}, {each.citation}" for each in verdict.passages))
    if verdict.answer == "not found":
        return f"Not found. The nearest passage, which is not the quotation: {where}."
    edition = f" That is the wording {verdict.edition}; the record has another now." if verdict.edition else ""
    how = _how(verdict.answer, verdict.differences, verdict.typography)
    if verdict.answer == "wrong speaker":
        said = "Verbatim" if not verdict.differences else how
        return f"{said}, but not by {wrong}: {where}.{edition}"
    others = f" The same words stand in others too, at least {verdict.others}." if verdict.others else ""
    return f"{how}: {where}.{edition}{others}"


def _how(answer: Answer, differences: Sequence[Difference], typography: Sequence[str]) -> str:
    if not differences:
        return f"Verbatim but for {_joined(typography)}" if typography else "Verbatim"
    kinds = Counter(each.kind for each in differences)
    if kinds.keys() <= ONLY.keys():
        return f"Verbatim but for {_joined([ONLY[kind] for kind in kinds])}"
    edges = [_edge(each) for each in differences if each.kind == "cut" and each.quoted]
    if len(edges) == len(differences):
        return f"Verbatim but for {_joined(edges)}"
    places = f"Joined from {kinds.pop('joined') + 1} places" if "joined" in kinds else ""
    changes = ", ".join(f"{count} {MANY[kind][count > 1]}" for kind, count in kinds.items())
    return f"{places or 'Altered'} ({changes})" if changes else places


def _edge(cut: Difference) -> str:
    opening = cut.said.lower().endswith(cut.quoted.lower())
    return "its opening, which is cut" if opening else "its ending, which is cut"


def _joined(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
