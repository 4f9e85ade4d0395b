"""The line of who speaks: what it says, and the colours of parties."""

import re

import pytest
from jinja2 import Environment, FileSystemLoader

from web.rendering.filters import prepare_templates
from web.rendering.parties import NEUTRAL, PARTIES
from web.urls import STATIC

MEMBER = {"speaker": "Tom Watson", "person_id": "person/11309", "party": "Lab", "constituency": "West Bromwich East"}
OFFICE = "The Parliamentary Secretary, Cabinet Office"
CASES = [
    (MEMBER, "Tom Watson,  Labour, West Bromwich East"),
    ({**MEMBER, "office": OFFICE}, "Tom Watson,  Labour, West Bromwich East · Parliamentary Secretary, Cabinet Office"),
    ({"speaker": "Mr. Ash", "kind": "question", "question_number": "1 2"}, "Mr. Ash,  Questions\u00a01, 2"),
    ({"speaker": "Mr. Speaker", "party": "Speaker", "constituency": "Mere"}, "Mr. Speaker,  Mere"),
    ({"speaker": "<b>Ash", "party": "<i>"}, "&lt;b&gt;Ash,  &lt;i&gt;"),
    ({"speaker": None, "party": None}, "In the proceedings"),
]


def render(call: str, one: object) -> str:
    env = Environment(autoescape=True, loader=FileSystemLoader([]))
    prepare_templates(env)
    source = '{% from "_speaker.html" import line, short %}{{ ' + call + "(one) }}"
    return env.from_string(source).render(one=one)


@pytest.mark.parametrize(("one", "text"), CASES)
def test_line_names_party_seat_office_and_question(one: dict[str, str], text: str) -> None:
    line = render("line", one)
    assert re.sub(r"<[^>]+>", "", line) == text
    assert ('href="/people/11309"' in line) == ("person_id" in one)


def test_short_form_has_the_name_and_the_party() -> None:
    short = render("short", {**MEMBER, "office": OFFICE})
    assert "party-labour" in short
    assert re.sub(r"<[^>]+>", "", short) == "Tom Watson,  Labour"


def test_every_mark_stands_out_in_both_schemes() -> None:
    css = (STATIC / "dispatchbox.css").read_text()
    papers = re.findall(r"--(?:paper|tint): (#\w{6})", css)
    colours = dict(re.findall(r"\.party-([\w-]+) \{ --party: (#\w{6})", css))
    colours[NEUTRAL] = re.findall(r"var\(--party, (#\w{6})\)", css)[0]
    assert colours.keys() == {mark for mark, _ in PARTIES.values()}
    assert len(papers) >= 4
    assert {mark for mark, colour in colours.items() if min(contrast(colour, paper) for paper in papers) < 3} == set()


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
