"""View of review: a suggestion prepared for its page, and messages about what was decided."""

import json
import re
from collections.abc import Iterator, Mapping

from markupsafe import Markup

from annotations.suggesters.precision import PrecisionLine
from db.sqlite import Row
from web.rendering.highlight import write_speech
from web.rendering.html_writer import MarkedSpan

WORD = re.compile(r"\S+")
MAX_PARAGRAPH = 6000  # characters of a paragraph that are shown


def prepare_suggestion(one: Row, moved: tuple[int, int] | None) -> Row:
    """Add to a suggestion its words in their paragraph, and steps to make them longer or shorter.

    `moved` is another start and end, chosen by the visitor; None for those suggested.
    """
    text = one["text"]
    start, end = moved if moved and 0 <= moved[0] < moved[1] <= len(text) else (one["start"], one["end"])
    place = {"from": start, "to": end, "words": text[start:end], "adjusted": (start, end) != (one["start"], one["end"])}
    return {
        **one,
        **place,
        "html": render_paragraph(text, start, end, json.loads(one["triggers"])),
        "steps": list_steps(text, start, end),
    }


def render_paragraph(text: str, start: int, end: int, triggers: list[str]) -> Markup:
    """Render the paragraphs around words as HTML, with the words and, within them, the triggers marked."""
    first = max(text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0, start - MAX_PARAGRAPH)
    last = text.find("\n\n", end)
    last = min(len(text) if last < 0 else last, end + MAX_PARAGRAPH)
    spans = [MarkedSpan(start=a, end=b, kind="mention") for a, b in _find_triggers(text[start:end], triggers)]
    offset = start - first
    marks = [MarkedSpan(start=offset, end=end - first, kind="quote", number=0, reading="said")]
    marks += [span._replace(start=span.start + offset, end=span.end + offset) for span in spans]
    return write_speech(text[first:last], None, marks)


def _find_triggers(words: str, triggers: list[str]) -> Iterator[tuple[int, int]]:
    """Find each trigger in words, in any case: start and end."""
    for trigger in filter(None, dict.fromkeys(triggers)):
        yield from (match.span() for match in re.finditer(re.escape(trigger), words, re.IGNORECASE))


def list_steps(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """List the ways to make words one word longer or shorter, each with the new start and end."""
    inside = [match.span() for match in WORD.finditer(text, start, end)]
    before = next(reversed([match.start() for match in WORD.finditer(text, max(0, start - 200), start)]), None)
    after = WORD.search(text, end)
    found: list[tuple[str, int | None, int | None]] = [("Begin a word earlier", before, end)]
    if len(inside) > 1:
        found += [("Begin a word later", inside[1][0], end), ("End a word earlier", start, inside[-2][1])]
    found.append(("End a word later", start, after.end() if after else None))
    return [(what, a, b) for what, a, b in found if a is not None and b is not None]


def describe_precision(one: Row, so_far: Mapping[str, int]) -> str:
    """Describe in words how people have decided so far on suggestions of the same rule."""
    line = PrecisionLine(
        suggester=one["suggester"],
        version="",
        rule=one["rule"],
        point="",
        accepted=so_far.get("accepted", 0),
        rejected=so_far.get("rejected", 0),
        undecided=0,
    )
    counted = f"{line.accepted} of {line.decided} accepted; " if line.decided else ""
    return counted + line.says


def describe_last(did: list[Row]) -> str:
    """Describe in a sentence what a person did last; "" if it has no decision."""
    decided = [each for each in did if each["kind"] in ("confirm", "reject", "repair", "withdraw")]
    undone = [each for each in did if each["undone"]]
    if not decided:
        return ""
    if len(decided) == 1 or len(did) <= 3:
        instead = [each for each in did if each["kind"] == "annotate" and decided[0]["kind"] == "reject"]
        words = f"You {', and '.join(each['summary'] for each in (*instead, decided[0]))}."
    else:
        verdicts = [(kind, sum(each["kind"] == kind for each in decided)) for kind in ("confirm", "reject")]
        verbs = {"confirm": "accepted", "reject": "rejected"}
        counts = " and ".join(f"{verbs[kind]} {count}" for kind, count in verdicts if count)
        words = f"You {counts} suggestions."
    return f"{words} Since then you took it back." if len(undone) == len(did) else words
