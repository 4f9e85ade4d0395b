"""The export of a withdrawn speech: its last words at its old address, to which feed, quotes and pages lead."""

import json
from pathlib import Path

import pytest
from lxml import html

from tests.support.cli import call
from tests.support.export_folders import find_broken_links
from tests.support.letters import speech_id
from tests.support.reading_rooms import CLOSURE, receive_first, receive_second

PAGE = f"speech/{speech_id('a', 3)}/index.html"
BASE = "https://archive.example/record"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of a debate of which a speech was dropped."""
    made = receive_first(tmp_path_factory.mktemp("letters"))
    receive_second(made)
    made.load()
    to = made.folder.parent / "published"
    done = call("export", "--db-dir", made.folder, "--to", to, "--base-url", BASE, BASE_URL="", QUOTES=str(made.quotes))
    assert done.returncode == 0, done.stderr
    return to


def test_the_old_address_has_the_last_words_and_the_date(published: Path) -> None:
    text = html.document_fromstring((published / PAGE).read_bytes()).text_content()
    assert CLOSURE in text
    assert "withdrawn by TheyWorkForYou on 10 January 2026" in text


@pytest.mark.parametrize(
    "file",
    [
        "q/dropped/index.html",
        f"debate/{speech_id('b', 0)}/index.html",
        f"debate/{speech_id('b', 0)}/changes/index.html",
    ],
)
def test_pages_lead_there(published: Path, file: str) -> None:
    links = html.document_fromstring((published / file).read_bytes()).xpath("//a/@href")
    assert [link for link in links if link.endswith(PAGE)]


def test_feed_and_exchange_files_lead_there(published: Path) -> None:
    address = f"{BASE}/{PAGE.removesuffix('index.html')}"
    assert address in (published / "feeds" / "changes.atom").read_text(encoding="utf-8")
    items = json.loads((published / "exchange" / "annotations.jsonld").read_text(encoding="utf-8"))["first"]["items"]
    assert address in [item["target"]["source"] for item in items]


def test_no_link_is_broken(published: Path) -> None:
    assert list(find_broken_links(published)) == []
