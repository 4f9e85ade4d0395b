"""View of review: a sentence and its points prepared for their page, and messages about what was decided."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from markupsafe import Markup

from annotations.suggesters.precision import PrecisionLine
from db.sqlite import Row
from web.rendering.filters import READINGS
from web.rendering.highlight import write_speech
from web.rendering.html_writer import MarkedSpan

WORD = re.compile(r"\S+")
POINT_ID = re.compile(r"[\w.-]+/[\w./-]*\w")
MAX_PARAGRAPH = 6000  # characters of a paragraph that are shown


def prepare_sentence(one: Row, moved: tuple[int, int] | None) -> Row:
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


def prepare_point(point: Row) -> Row:
    """Add to a point of a sentence how likely it is in per cent, and how often its rule was right so far."""
    evidence = f"{point['evidence'][:1].upper()}{point['evidence'][1:]}"
    evidence += "" if evidence.endswith((".", ".”")) else "."
    return {
        **point,
        "evidence": evidence,
        "likely": min(99, max(1, round(point["score"] * 100))),  # nothing is certain
        "precision": describe_precision(point, point["so_far"]),
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


def describe_precision(one: Row, so_far: Row) -> str:
    """Describe in words how people have decided so far on suggestions of the same rule."""
    line = PrecisionLine(
        suggester=one["suggester"],
        version="",
        rule=one["rule"],
        point="",
        accepted=so_far["accepted"] or 0,
        rejected=so_far["rejected"] or 0,
        undecided=0,
    )
    counted = f"{line.accepted} of {line.decided} accepted; " if line.decided else ""
    return counted + line.says


def describe_last(did: list[Row]) -> str:
    """Describe in a sentence what a person did last; "" if it has no decision."""
    decided = [each for each in did if each["kind"] in ("confirm", "reject", "skip", "repair", "withdraw")]
    if not decided:
        return ""
    if all(each["undone"] for each in did):
        return "You took that back."
    if any(each["undone"] for each in did):
        return "You took a part of that back."
    if len({each["exact"] for each in decided}) > 1:
        verdicts = [(kind, sum(each["kind"] == kind for each in decided)) for kind in ("confirm", "reject")]
        verbs = {"confirm": "accepted", "reject": "rejected"}
        return f"You {' and '.join(f'{verbs[kind]} {count}' for kind, count in verdicts if count)} suggestions."
    if decided[0]["kind"] in ("repair", "withdraw") or decided[0]["suggestion"] is None:
        return f"You {decided[0]['summary']}."
    return _describe_sentence([each for each in did if each["kind"] == "annotate" and each["reading"]], decided)


def _describe_sentence(notes: list[Row], decided: list[Row]) -> str:
    """Describe the decision on one sentence, by the names of its points."""
    rejected = _join_titles(each for each in decided if each["kind"] == "reject")
    confirmed = _join_titles(each for each in decided if each["kind"] == "confirm")
    if notes or confirmed:
        reading = f", {READINGS[notes[0]['reading']]}" if notes else ""  # none where the note was withdrawn since
        accepted = f"Accepted for {_join_titles(notes) or confirmed}{reading}"
        return f"{accepted}; not for {rejected}." if rejected else f"{accepted}."
    if rejected:
        return f"Rejected for {rejected}."
    return f"Skipped {_join_titles(decided)}, for you alone."


def _join_titles(rows: Iterable[Row]) -> str:
    titles = list(dict.fromkeys(f"“{each['point_title']}”" for each in rows if each["point_title"]))
    return " and ".join(filter(None, (", ".join(titles[:-1]), *titles[-1:])))


def name_points(text: str, titles: Mapping[str, str]) -> str:
    """Put the titles of points in the place of their ids.

    >>> name_points("rejected a suggestion of rules on code/civil", {"code/civil": "Be civil"})
    'rejected a suggestion of rules on “Be civil”'
    """
    return POINT_ID.sub(lambda found: f"“{titles[found[0]]}”" if found[0] in titles else found[0], text)
