"""REFI-QDA as other programs write it: a selection for each coding, new GUIDs, and several points on one span."""

import io
import zipfile

import pytest

from annotations.exchange import refi_write as refi
from annotations.exchange.bundle import ATTRIBUTION, Bundle, ExchangeError, ExportedAnnotation, join_replies
from annotations.exchange.refi_read import read_items
from db.records.annotation import Anchor, Annotation
from tests.support.bundles import BASE, MADE, PART, POINT, RULES, make_selector, speech
from tests.support.exchange import read_whole

WORDS = "Be civil, always."
TEXT = speech(WORDS)
CODES = {
    "be-civil": f"1 Be civil ({POINT.id})",
    "be-fair": f"1.1 Be fair ({PART.id})",
    **{name: name for name in ("said", "implied", "contradicts")},
    "said be-civil": f"said: 1 Be civil ({POINT.id})",
    "implied be-civil": f"implied: 1 Be civil ({POINT.id})",
    "contradicts be-fair": f"contradicts: 1.1 Be fair ({PART.id})",
    "theme": "Reading",
}
CIVIL_SAID, FAIR_SAID = (POINT.id, "said"), (PART.id, "said")


def select(codes: str, start: int = 3, end: int = 8, user: str = "u1", note: str = "So.") -> str:
    """Return a selection with codings: names of CODES, separated by commas."""
    names = [name.strip() for name in codes.split(",")]
    codings = "".join(f'<Coding guid="c"><CodeRef targetGUID="{list(CODES).index(n)}"/></Coding>' for n in names)
    place = f'startPosition="{start}" endPosition="{end}" creatingUser="{user}"'
    when = 'creationDateTime="2008-06-23T00:00:00Z"'
    guid = refi.make_guid(codes, note, user)
    inside = f"<Description>{note}</Description>{codings}"
    return f'<PlainTextSelection guid="{guid}" {place} {when}>{inside}</PlainTextSelection>'


def read(*selections: str, origin: str = "QualCoder 3") -> list[Annotation]:
    codes = "".join(f'<Code guid="{n}" name="{name}" isCodable="true"/>' for n, name in enumerate(CODES.values()))
    users = '<User guid="u1" name="A. Specimen"/><User guid="u2" name="B. Specimen"/>'
    project = (
        f'<Project xmlns="{refi.PROJECT}" origin="{origin}"><Users>{users}</Users><CodeBook><Codes>{codes}</Codes>'
        f'</CodeBook><Sources><TextSource name="Rules ({TEXT.id})"><PlainTextContent>{WORDS}</PlainTextContent>'
        f"{''.join(selections)}</TextSource></Sources></Project>"
    )
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as out:
        out.writestr("project.qde", project)
    return join_replies(read_whole(read_items, body.getvalue()))


@pytest.mark.parametrize(
    ("selections", "expected"),
    [
        ([select("be-civil, said")], [CIVIL_SAID]),
        ([select("be-civil"), select("said")], [CIVIL_SAID]),
        ([select("said"), select("be-civil")], [CIVIL_SAID]),
        ([select("be-civil"), select("said"), select("be-fair")], [CIVIL_SAID, FAIR_SAID]),
        ([select("be-civil, be-fair, said")], [CIVIL_SAID, FAIR_SAID]),
        ([select("be-civil, said"), select("be-fair, implied")], [CIVIL_SAID, (PART.id, "implied")]),
        ([select("said be-civil")], [CIVIL_SAID]),
        ([select("said be-civil"), select("contradicts be-fair")], [CIVIL_SAID, (PART.id, "contradicts")]),
        ([select("said be-civil, contradicts be-fair")], [CIVIL_SAID, (PART.id, "contradicts")]),
        ([select("said be-civil"), select("implied be-civil")], [CIVIL_SAID, (POINT.id, "implied")]),
        ([select("said be-civil"), select("be-fair"), select("implied")], [CIVIL_SAID, (PART.id, "implied")]),
        ([select("be-civil"), select("said"), select("be-fair, said", user="u2")], [CIVIL_SAID, FAIR_SAID]),
        ([select("be-civil, said"), select("be-fair, said", start=0)], [CIVIL_SAID, FAIR_SAID]),
    ],
)
def test_selections_of_one_place_user_and_note_are_joined(
    selections: list[str], expected: list[tuple[str, str]]
) -> None:
    found = read(*selections)
    assert [(each.point_id, each.reading) for each in found] == expected
    assert len({each.id for each in found}) == len(found)


@pytest.mark.parametrize(
    "selections",
    [
        [select("be-civil")],
        [select("said")],
        [select("be-civil"), select("be-fair"), select("said"), select("implied")],
        [select("be-civil"), select("said", user="u2")],
        [select("be-civil"), select("said", start=4)],
        [select("be-civil"), select("said", note="Another.")],
        [select("said be-civil, implied")],
        [select("be-civil, said, implied")],
        [select("theme")],
    ],
)
def test_a_reading_is_never_guessed(selections: list[str]) -> None:
    with pytest.raises(
        ExchangeError, match=r"project\.qde line 1: it must be coded with guidance points and with said"
    ):
        read(*selections)


def test_a_new_export_of_the_same_codings_has_the_same_ids() -> None:
    [first] = read(select("be-civil"), select("said"))
    [again] = read(select("said"), select("be-civil"))
    assert first.id == again.id
    [kept] = read(select("said be-civil"), origin="NVivo")
    assert kept.id == refi.make_guid("said be-civil", "So.", "u1")


def make_annotation(id: str, point: str, reading: str) -> ExportedAnnotation:
    annotation = Annotation(
        id=id,
        target=TEXT.gid,
        selector=make_selector(TEXT, 3, 8),
        point_id=point,
        reading=reading,  # type: ignore[arg-type]
        note="So.",
        creator="A. Specimen",
        created="2008-06-23",
        via=None,
        origin="journal",
    )
    return ExportedAnnotation(annotation, Anchor("exact", 3, 8, 1.0, ""), TEXT)


def test_one_span_on_two_points_survives_a_program_that_keeps_each_coding_apart() -> None:
    noted = (make_annotation("a-1", POINT.id, "said"), make_annotation("a-2", PART.id, "contradicts"))
    body = refi.write_project(Bundle(noted, (RULES,), ATTRIBUTION, MADE), BASE)
    with zipfile.ZipFile(io.BytesIO(body)) as opened:
        project = opened.read("project.qde").decode()
    assert project.count("<Coding ") == project.count("<PlainTextSelection ") == 2
    assert join_replies(read_items(body)) == [each.annotation for each in noted]
