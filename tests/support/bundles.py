"""What the tests of exchange share: bundles of invented annotations, with every character that may give trouble."""

import os
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from annotations.anchoring.locate import cut_context
from annotations.exchange.bundle import ATTRIBUTION, Bundle, ExportedAnnotation, SpeechText
from db.records.annotation import Anchor, Annotation, Reply, Selector
from db.records.guidance import Guidance, Point

BASE = "https://archive.example.org"
MADE = "2026-11-24T06:00:00Z"
PARTS = (
    "=1+1",
    "@SUM",
    "'",
    '"',
    ",",
    "\n",
    "\n\n",
    "\t",
    "😀",
    "é",
    "\u00a0",
    "\u2028",
    "<b>&amp;",
    "]]>",
    "-",
    " ",
    "; ",
)
LETTERS = st.characters(exclude_categories=["Cs"])
PLAIN = st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff")
WORDS = st.lists(st.one_of(st.sampled_from(PARTS), st.text(LETTERS, max_size=8)), max_size=6).map("".join)
SPEECH = st.lists(st.one_of(st.sampled_from(PARTS), st.text(PLAIN, max_size=8)), max_size=9).map("".join)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
IDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=12)
DATES = st.sampled_from(
    ["2008", "2008-06", "2008-06-23", "2008-06-23T10:30Z", "2008-06-23T10:30:00+01:00", "2008-06-23T10:30:00.5Z"]
)
VIAS = st.one_of(st.none(), st.just("https://example.org/notes/1#c1"), st.text(LETTERS, min_size=1, max_size=9))
READINGS = st.sampled_from(["said", "implied", "contradicts"])
POINT = Point("specimen-rules/be-civil", "specimen-rules", None, "1", "Be civil", "Be polite & <fair>.", None, ())
PART = Point("specimen-rules/be-fair", "specimen-rules", POINT.id, "1.1", "Be fair", "To all.", None, ())
RULES = Guidance("specimen-rules", "Specimen rules", "A. Specimen", "2008-06", None, "Invented.", (POINT, PART))


def speech(words: str, number: int = 1) -> SpeechText:
    """An invented speech."""
    return SpeechText(
        *(f"d-2008-06-22c-101-{number}", f"uk.org.publicwhip/debate/2008-06-22c.101.{number}", "d-2008-06-22c-101-0"),
        *("Rules", "Una Specimen", "Minister for Specimens", "2008-06-22", "HC Deb 22 June 2008 c101", words),
        *("https://www.theyworkforyou.com/debates/?id=2008-06-22c.101.1", None, "2026-11-22T06:00:00Z"),
    )


def make_selector(text: SpeechText, start: int, end: int) -> Selector:
    return Selector(text.text[start:end], *cut_context(text.text, start, end), start, end)


@st.composite
def replies(draw: Any, ids: list[str]) -> tuple[Reply, ...]:
    stance = st.sampled_from(["agrees", "disputes"])
    words = WORDS.filter(str.strip)
    return tuple(Reply(id, draw(stance), draw(words), draw(NAMES), draw(DATES), draw(VIAS)) for id in ids)


@st.composite
def exported_annotations(draw: Any, ids: list[str]) -> ExportedAnnotation:
    """One standing, found in its speech or lost, with a reply for every id but the first."""
    before, exact, after = draw(SPEECH), draw(SPEECH.filter(str.strip)), draw(SPEECH)
    text = speech(before + exact + after, draw(st.integers(1, 3)))
    found = draw(st.booleans())
    at = make_selector(text, len(before), len(before) + len(exact)) if found else Selector(exact, before, after)
    anchor = Anchor("exact", at.start, at.end, 1.0, "") if found else Anchor("lost", None, None, 0.0, "")
    target = draw(st.one_of(st.just(text.gid), IDS))
    point = draw(st.sampled_from([POINT.id, PART.id]))
    made = (draw(READINGS), draw(WORDS), draw(NAMES), draw(DATES), draw(VIAS), "journal", draw(replies(ids[1:])))
    known = text if found or draw(st.booleans()) else None
    return ExportedAnnotation(Annotation(ids[0], target, at, point, *made), anchor, known)


@st.composite
def bundles(draw: Any) -> Bundle:
    """A bundle of up to three standings: each speech has one text, and no id is there twice."""
    ids = draw(st.lists(st.lists(IDS, min_size=1, max_size=3), max_size=3).filter(_unlike))
    found = [draw(exported_annotations(each)) for each in ids]
    texts = {p.text.id: p.text for p in found if p.text}
    kept = [p for p in found if not p.text or texts[p.text.id] == p.text]
    return Bundle(tuple(kept), (RULES,), ATTRIBUTION, MADE)


def _unlike(groups: list[list[str]]) -> bool:
    flat = [id for group in groups for id in group]
    return len(flat) == len(set(flat))


def annotations(bundle: Bundle) -> list[Annotation]:
    return [standing.annotation for standing in bundle.annotations]


def read_package_files(package: str, *names: str) -> list[bytes]:
    """Files of a package that carries a schema (requirements-schemas.txt); skips where it is not installed."""
    try:
        found = distribution(package)
    except PackageNotFoundError:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{package}, which carries the schema, is missing: make setup")
        pytest.skip(f"{package}, which carries the schema, is not installed: make setup")
    return [Path(str(found.locate_file(name))).read_bytes() for name in names]
