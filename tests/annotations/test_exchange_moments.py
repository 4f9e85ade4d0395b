"""Moments of videos as W3C annotations: in the container, in exports, read again."""

import json
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle import ATTRIBUTION, Bundle, ExchangeError, ImportedMoment
from annotations.exchange.w3c_read import read_items
from db.journal.entries import EntryDraft, append_entries, open_journal
from db.records.annotation import Moment
from tests.support.addresses import FILM
from tests.support.bundles import BASE, DATES, IDS, MADE, NAMES, RULES, WORDS
from tests.support.exchange import export, load_folder, read_whole, run
from tests.support.journal_drafts import AUTHOR, annotate
from tests.support.protocol import film

GID = "uk.org.publicwhip/debate/2008-06-22c.101.5"
SECONDS = st.integers(0, 359_999_998).map(lambda n: n / 1000)
SOURCES = st.sampled_from([FILM, "https://parliamentlive.tv/event/index/1b57", "https://www.youtube.com/watch?v=a1"])


@st.composite
def moments(draw):
    start = draw(SECONDS)
    end = draw(st.none() | st.integers(1, 9999).map(lambda n: round(start + n / 1000, 3)).filter(lambda n: n < 360_000))
    place = (draw(IDS), draw(IDS), draw(SOURCES), start, end, draw(st.none() | IDS), draw(WORDS))
    return Moment(*place, draw(NAMES), draw(DATES), "")


@given(st.lists(moments(), max_size=3))
def test_exported_moments_are_read_back_unchanged(found):
    bundle = Bundle((), (RULES,), ATTRIBUTION, MADE, None, tuple((each, None) for each in found))
    assert [
        each.moment for each in read_items(w3c.write_bundle(bundle, BASE)) if isinstance(each, ImportedMoment)
    ] == found


@pytest.mark.parametrize("value", ["t=", "t=a", "t=-1", "t=9,8", "t=9,x", "t=1e9", "t=nan", "xywh=1,2,3,4", "t=9,", ""])
def test_invalid_seconds_are_refused(value):
    with pytest.raises(ExchangeError, match=r"seconds of a video|missing"):
        read_whole(read_items, json.dumps(film(value, id="https://a.example/1", creator="A", created="2008")).encode())


@pytest.mark.parametrize("form", ["w3c", "refi"])
def test_moments_are_exported_and_imported_once(form, bare, enter, nothing, tmp_path_factory, specimen_db):
    there = load_folder(tmp_path_factory.mktemp("filmed"), specimen_db, nothing)
    film = {"id": "m", "target": GID, "source": FILM, "start": 62.5, **AUTHOR}
    with closing(open_journal(there / "journal.db")) as journal:
        append_entries(
            journal,
            [annotate("a"), EntryDraft("ada", "moment", {**film, "end": 70, "annotation": "a", "note": "Here"})],
        )
        append_entries(journal, [EntryDraft("ada", "moment", {**film, "id": "n"})])
    assert run("load", "--db-dir", there, "--quotes", nothing).exit_code == 0
    file = export(there, form, bare)
    assert enter(file).output == "1 new, 2 new moments, 0 duplicates\n"
    assert enter(file).output == "0 new, 3 duplicates\n"
    first, second = (read_items(export(where, "w3c", where).read_bytes()) for where in (there, bare))
    assert first == second
    assert run("withdraw", "a", "--db-dir", bare, "--quotes", nothing).exit_code == 0
    assert enter(file).output == "0 new, 1 restored, 2 duplicates\n"
    for wrong, what in ((b"t=62.5,70", b"t=63,70"), (b'"value": "Here"', b'"value": "There"')):
        if form == "w3c":
            changed = bare / "changed.jsonld"
            changed.write_bytes(file.read_bytes().replace(wrong, what))
            assert "1 in conflict" in enter(changed).output
