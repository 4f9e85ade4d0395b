"""The JSON schema of the answer of `verify`: made from the words and fields of the verdict itself."""

from typing import get_args

from annotations.text.difference_grade import Grade
from annotations.text.quote_diff import DifferenceKind
from annotations.verification.verdict import VerdictAnswer
from web.api.write_endpoints import OFFSET, Schema

WORDS: Schema = {"type": "string"}
ADDRESS: Schema = {"type": ["string", "null"], "description": "an address; null where there is none"}
COUNT: Schema = {"type": "integer", "minimum": 0}


def _make_strict_schema(about: str, **properties: Schema) -> Schema:
    """Make the schema of an object with these properties and no other, all required."""
    named: dict[str, object] = {"properties": properties, "required": list(properties), "additionalProperties": False}
    return {"type": "object", "description": about, **named}


GRADE: Schema = {"enum": list(get_args(Grade)), "description": "how serious; empty for no difference"}
DIFFERENCE = _make_strict_schema(
    "One difference; its words are cut from their texts, and empty where a side has none",
    kind={"enum": list(get_args(DifferenceKind))},
    quoted={**WORDS, "description": "the words of the quotation"},
    said={**WORDS, "description": "the words of the record; of a joint, who spoke and where"},
    grade=GRADE,
)
PASSAGE = _make_strict_schema(
    "A place in a speech that has the words, or the closest match",
    speech_id=WORDS,
    speaker={"type": ["string", "null"], "description": "as printed; null in the proceedings"},
    date={**WORDS, "pattern": r"^\d{4}-\d\d-\d\d$"},
    citation=WORDS,
    start=OFFSET,
    end={**OFFSET, "description": "the same, the end not included"},
    words={**WORDS, "description": "the record’s own"},
    alike={"type": "number", "minimum": 0, "maximum": 1, "description": "similarity to the quotation"},
    address={**WORDS, "description": "the speech on this site"},
    url={**ADDRESS, "description": "the speech at TheyWorkForYou"},
    hansard_url={**ADDRESS, "description": "the official report"},
    fragment={**ADDRESS, "description": "an address at which a browser scrolls to the words"},
)
VERDICT = _make_strict_schema(
    "Whether the words were said",
    answer={"enum": list(get_args(VerdictAnswer))},
    grade={**GRADE, "description": "the most serious of the differences; empty for none"},
    sentence={**WORDS, "description": "the verdict for a reader, as the page and the command line print it"},
    speaker_not_checked={**WORDS, "description": "the speaker asked for who could not be resolved; empty for none"},
    left_out={"type": "array", "items": WORDS, "description": "words of weight that dots or brackets hide"},
    differences={"type": "array", "items": DIFFERENCE},
    typography={"type": "array", "items": WORDS, "description": "kinds of printers’ marks that differ"},
    passages={"type": "array", "items": PASSAGE},
    others={**COUNT, "description": "at least this many other speeches have the same words"},
    edition={**WORDS, "description": "whose earlier wording has these words; empty for today’s"},
)
