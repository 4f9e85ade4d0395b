"""Moments of videos in the container of annotations: posted by programs, answered and taken back."""

import pytest

from annotations.exchange import w3c_write as w3c
from tests.support.addresses import AT, FILM, SPEECH
from tests.support.protocol import ROOT, answer, count_total, film, get_location_path, note
from web.protocol import container as shelf

GID = "uk.org.publicwhip/debate/2008-06-22c.101.5"


async def test_a_tagged_moment_is_in_the_container_under_one_id(ask, monkeypatch):
    before, found = await count_total(ask), []
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
    monkeypatch.setattr(shelf, "PAGE_SIZE", 4)
    last = (await ask("GET", f"/annotations/?page={(before + 1) // 4}&iris=1", 200)).json()
    assert last["items"][-1].endswith(second)
    await ask("DELETE", f"/annotations/{first}", 204)
    await ask("GET", f"/annotations/{first}", 410)
    assert await count_total(ask) == before + 1


async def test_a_program_posts_a_moment_and_takes_it_back(ask):
    before = await count_total(ask)
    made = await ask("POST", ROOT, 201, film())
    assert made.json()["target"]["selector"]["value"] == "t=62,70"
    assert made.json()["body"][0]["dc:identifier"] == GID
    assert await count_total(ask) == before + 1
    await ask("PUT", get_location_path(made), 405, film("t=9"))
    await ask("POST", ROOT, 422, answer(made.json()["id"]))
    await ask("DELETE", get_location_path(made), 403, by="Bea")
    await ask("DELETE", get_location_path(made), 204)
    await ask("GET", get_location_path(made), 410)


async def test_a_moment_of_an_annotation_is_posted_and_listed_with_it(ask):
    noted = (await ask("POST", ROOT, 201, note())).json()["id"]
    linked = {"type": "SpecificResource", "source": noted, "purpose": "linking"}
    made = await ask("POST", ROOT, 201, film(body=[*film()["body"], linked]))
    assert made.json()["body"][1]["source"] == noted
    await ask("DELETE", noted.removeprefix("http://localhost"), 204)
    await ask("GET", get_location_path(made), 410)


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
async def test_an_invalid_moment_is_refused_with_a_reason(ask, sent, status):
    before = await count_total(ask)
    assert (await ask("POST", ROOT, status, sent)).json()["error"]
    assert await count_total(ask) == before
