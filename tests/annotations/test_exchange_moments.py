"""Moments of videos as W3C annotations: in the container, in exports, read again, and posted by programs."""

import json
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle import ATTRIBUTION, Bundle, ExchangeError, Filmed
from annotations.exchange.w3c_read import read
from db.journal.entries import Draft, append, open_journal
from db.records.annotation import Moment
from tests.accounts.test_accounts import cheap, folder  # noqa: F401
from tests.annotations.test_exchange_cli import bare, enter, export, loaded, nothing, run  # noqa: F401
from tests.support.bundles import BASE, DATES, IDS, MADE, NAMES, RULES, WORDS
from tests.support.journal_drafts import AUTHOR, annotate
from tests.web.test_moments import AT, FILM, SPEECH
from tests.web.test_protocol_writing import ROOT, answer, ask, at, client, note, total  # noqa: F401
from web.protocol import container as shelf

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
def test_what_is_written_of_videos_is_read_as_it_was(found):
    bundle = Bundle((), (RULES,), ATTRIBUTION, MADE, None, tuple((each, None) for each in found))
    assert [each.moment for each in read(w3c.write(bundle, BASE)) if isinstance(each, Filmed)] == found


def film(value="t=62,70", **other):
    body = {"type": "SpecificResource", "source": f"http://localhost/speech/{SPEECH}", "purpose": "linking"}
    selector = {"type": "FragmentSelector", "conformsTo": w3c.MEDIA, "value": value}
    made = {"@context": w3c.CONTEXT, "type": "Annotation", "motivation": "linking", "body": [body]}
    return {**made, "target": {"source": FILM, "selector": selector}, **other}


@pytest.mark.parametrize("value", ["t=", "t=a", "t=-1", "t=9,8", "t=9,x", "t=1e9", "t=nan", "xywh=1,2,3,4", "t=9,", ""])
def test_seconds_that_are_none_are_refused(value):
    with pytest.raises(ExchangeError, match=r"seconds of a video|missing"):
        read(json.dumps(film(value, id="https://a.example/1", creator="A", created="2008")).encode())


async def test_a_tagged_moment_is_in_the_container_under_one_id(ask, monkeypatch):  # noqa: F811
    before, found = await total(ask), []
    for start in ("62", "63"):
        found.append(
            (await ask("POST", AT, 201, {"source": FILM, "start": start}, Content_Type="application/json")).json()
        )
    first, second = (each["id"] for each in found)
    shown = (await ask("GET", ROOT, 200)).json()
    assert shown["total"] == before + 2
    items = shown["first"]["items"][-2:]
    assert [each["id"] for each in items] == [f"http://localhost/annotations/{id}" for id in (first, second)]
    for path in (f"/annotations/{first}", f"/moment/{first}.jsonld"):
        alone = (await ask("GET", path, 200)).json()
        assert alone.pop("@context") == w3c.CONTEXT
        assert alone == items[0]
    assert items[0]["target"]["selector"] == {"type": "FragmentSelector", "conformsTo": w3c.MEDIA, "value": "t=62"}
    assert (await ask("GET", f"/q/{first}", 301)).headers["location"] == f"/speech/{SPEECH}"
    monkeypatch.setattr(shelf, "A_PAGE", 4)
    last = (await ask("GET", f"/annotations/?page={(before + 1) // 4}&iris=1", 200)).json()
    assert last["items"][-1].endswith(second)
    await ask("DELETE", f"/annotations/{first}", 204)
    await ask("GET", f"/annotations/{first}", 410)
    assert await total(ask) == before + 1


async def test_a_program_posts_a_moment_and_takes_it_back(ask):  # noqa: F811
    before = await total(ask)
    made = await ask("POST", ROOT, 201, film())
    assert made.json()["target"]["selector"]["value"] == "t=62,70"
    assert made.json()["body"][0]["dc:identifier"] == GID
    assert await total(ask) == before + 1
    await ask("PUT", at(made), 405, film("t=9"))
    await ask("POST", ROOT, 422, answer(made.json()["id"]))
    await ask("DELETE", at(made), 403, by="Bea")
    await ask("DELETE", at(made), 204)
    await ask("GET", at(made), 410)


async def test_of_words_that_are_noted_a_moment_is_posted_and_goes_with_them(ask):  # noqa: F811
    noted = (await ask("POST", ROOT, 201, note())).json()["id"]
    linked = {"type": "SpecificResource", "source": noted, "purpose": "linking"}
    made = await ask("POST", ROOT, 201, film(body=[*film()["body"], linked]))
    assert made.json()["body"][1]["source"] == noted
    await ask("DELETE", noted.removeprefix("http://localhost"), 204)
    await ask("GET", at(made), 410)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (film("t=9,8"), 422),
        (film(target={**film()["target"], "source": "javascript:alert(1)"}), 422),
        (film(target={**film()["target"], "source": "https://u:p@h.example/a.mp4"}), 422),
        (film(body=[]), 422),
        (film(body=[{**film()["body"][0], "source": "http://localhost/speech/nothing"}]), 422),
        (film(body=[*film()["body"], {"source": "http://localhost/annotations/nobody", "purpose": "linking"}]), 422),
        (film(creator={"name": "Bea"}), 422),
    ],
)
async def test_what_will_not_do_is_refused_and_told(ask, sent, status):  # noqa: F811
    before = await total(ask)
    assert (await ask("POST", ROOT, status, sent)).json()["error"]
    assert await total(ask) == before


@pytest.mark.parametrize("form", ["w3c", "refi"])
def test_moments_go_out_and_come_in_once(form, bare, enter, nothing, tmp_path_factory, specimen_db):  # noqa: F811
    there = loaded(tmp_path_factory.mktemp("filmed"), specimen_db, nothing)
    film = {"id": "m", "target": GID, "source": FILM, "start": 62.5, **AUTHOR}
    with closing(open_journal(there / "journal.db")) as journal:
        append(journal, [annotate("a"), Draft("ada", "moment", {**film, "end": 70, "annotation": "a", "note": "Here"})])
        append(journal, [Draft("ada", "moment", {**film, "id": "n"})])
    assert run("load", "--db-dir", there, "--quotes", nothing).exit_code == 0
    file = export(there, form, bare)
    assert enter(file).output == "1 new, 2 new moments, 0 duplicates\n"
    assert enter(file).output == "0 new, 3 duplicates\n"
    first, second = (read(export(where, "w3c", where).read_bytes()) for where in (there, bare))
    assert first == second
    assert run("withdraw", "a", "--db-dir", bare, "--quotes", nothing).exit_code == 0
    assert enter(file).output == "0 new, 1 restored, 2 duplicates\n"
    for wrong, what in ((b"t=62.5,70", b"t=63,70"), (b'"value": "Here"', b'"value": "There"')):
        if form == "w3c":
            changed = bare / "changed.jsonld"
            changed.write_bytes(file.read_bytes().replace(wrong, what))
            assert "1 in conflict" in enter(changed).output
