"""What `scrapers show` makes of a file of each source, as text and as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from db.records.hansard import Document
from db.records.source import RefusedUnit
from scrapers.reports import show
from scrapers.reports.file_recognition import UnknownFileError, recognise_file
from tests.support.cli import call

PAGE = "debates/2008-06-22/cm200708/cmhansrd/cm080622/debtext/80622-0004.htm"
FILES = [  # a specimen of each source, the name that its document has in the archive, and a line of its text
    (
        "parldata/scrapedxml/debates/debates2018-03-11b.xml",
        "scrapedxml/debates/debates2018-03-11b.xml",
        "  Ambrose Tolliver, answer (column 402): £2,750, or £2,400 without the roof.",
    ),
    (
        "hansard/debates/2008-06-22/08062294000010.json",
        "debates/2008-06-22/08062294000010",
        "  Division 901: 4 to 7 (column 108, 18:44:00); listed: no names",
    ),
    (
        "theyworkforyou_api/debates/2008-06-22/2008-06-22c.101.3.json",
        "debates/2008-06-22/2008-06-22c.101.3",
        "  Hon. Members, speech (column 102, 11:30:00): Hear, hear.",
    ),
    (
        "theyworkforyou_api/lordswrans/2008-06-29/2008-06-29a.31.0.json",
        "lordswrans/2008-06-29/2008-06-29a.31.0",
        "lordswrans/2008-06-29/2008-06-29a.31.0 (theyworkforyou_api): heading 1, question 1, answer 1",
    ),
    (f"publications/{PAGE}", PAGE, "### Village Web Forums — Conduct of Officials (column 106)"),
    ("parldata/people.json", "people.json", "people.json (people): person 28, membership 37"),
    ("parldata/ministers-2010.json", "ministers-2010.json", None),
]


@pytest.mark.parametrize(("file", "name", "line"), FILES)
def test_a_file_of_any_source_is_recognised_and_shown(file: str, name: str, line: str | None, specimens: Path) -> None:
    response = recognise_file(str(specimens / file), (specimens / file).read_bytes())
    parsed = show.parse_response(response)
    lines = [line.strip("\n") for line in show.describe_document(response.source, parsed)]
    assert response.name == name
    assert lines[0].startswith(f"{name} ({response.source}): ")
    assert line is None or line in lines
    assert json.loads(json.dumps(list(show.make_record_rows(parsed))))[0].popitem()[1]["name"] == name


def test_a_page_without_an_address_is_named_by_the_user(specimens: Path) -> None:
    body = (specimens / "publications" / PAGE).read_bytes()
    with pytest.raises(UnknownFileError, match=r"add --source .* and --name"):
        recognise_file("page.htm", body)
    with pytest.raises(UnknownFileError, match=rf"--name {PAGE[:10]}.*htm"):
        recognise_file("page.htm", body, "publications")
    assert recognise_file("page.htm", body, "publications", PAGE).name == PAGE
    assert recognise_file("page.htm", body, None, PAGE).source == "publications"
    with_address = b'<page url="http://www.publications.parliament.uk/pa/' + PAGE.split("/", 2)[2].encode() + b'"/>'
    assert recognise_file("page.htm", with_address + body).name == PAGE


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b'[{"gid": []}]', b'{"Overview": 5}', b"\xff\xfe"])
def test_a_file_of_no_source_is_not_guessed(body: bytes) -> None:
    with pytest.raises(UnknownFileError):
        recognise_file("a-file", body)


def test_show_ends_with_one_where_something_is_refused(
    specimens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, broken = specimens / FILES[0][0], specimens / "broken" / "unknown-element.xml"
    assert call("scrapers", "show", whole).returncode == 0
    refused = call("scrapers", "show", broken, "--name", "scrapedxml/debates/debates2008-06-22a.xml")
    assert (refused.returncode, "REFUSED" in refused.stdout) == (1, True)
    assert call("scrapers", "show", broken).returncode == 2
    assert call("scrapers", "show", "debates/2001-01-01/1", "--archived", "--db-dir", tmp_path).returncode == 1

    unit = RefusedUnit(
        unit="item",
        place="line 12",
        reason="unknown element <aside>",
        gid="uk.org.publicwhip/debate/2018-03-11b.1.1",
    )
    document = show.parse_response(recognise_file(str(whole), whole.read_bytes()))
    assert isinstance(document, Document)
    monkeypatch.setattr(show, "parse_response", lambda _: document._replace(refused=(unit,)))
    shown = call("scrapers", "show", whole)
    assert shown.returncode == 1
    assert shown.stdout.splitlines()[-1] == f"REFUSED item, line 12: unknown element <aside> [{unit.gid}]"
    assert _read_last_row(call("scrapers", "show", whole, "--json").stdout.splitlines()) == {
        **unit._asdict(),
        "within": [],
    }


def _read_last_row(lines: Sequence[str]) -> object:
    return json.loads(lines[-1])["refused"]
