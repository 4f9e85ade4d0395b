"""Moments of videos: addresses and times, tagging, withdrawing, and the page in a browser."""

import shutil

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from db.video_urls import VideoError, build_watch_address, format_time, parse_seconds, parse_video_address
from tests.support.addresses import AT, FILM, SPEECH
from tests.support.sites import open_site
from tests.support.users import make_accounts

BAD = [
    *(
        "javascript:alert(1)",
        "data:video/mp4,x",
        "ftp://h.example/a.mp4",
        "//h.example/a.mp4",
        "https://u:p@h.example/a",
    ),
    *("https://h.example;script-src/x", "https://h.example\\@evil.example/", "java\nscript:alert(1)", "https://[::1/a"),
    *("file:///a.mp4", "blob:https://h.example/1", "https://h.example:99999/a.mp4", "https://u@h.example/a.mp4"),
    "https://" + "é" * 80 + ".example/a.mp4",
    *("https://h.example/\ud800", "https://h.example/?" + "a" * 400, 'https://h.example/"onload=x', ""),
]


@pytest.mark.parametrize("address", BAD)
def test_an_address_that_could_do_more_than_lead_to_a_video_is_refused(address):
    with pytest.raises(VideoError):
        parse_video_address(address)
    assert not build_watch_address(address, 5) or len(address) > 300


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("https://parliamentlive.tv/event/index/1b57", "https://parliamentlive.tv/event/index/1b57?in=01:02:03"),
        ("https://www.youtube.com/watch?v=a1", "https://www.youtube.com/watch?v=a1&t=3723s"),
        ("https://youtu.be/a1", "https://youtu.be/a1?t=3723s"),
        ("https://vimeo.com/1", "https://vimeo.com/1#t=3723s"),
        ("https://archive.org/details/x", "https://archive.org/details/x?start=3723"),
        (FILM, f"{FILM}#t=3723"),
    ],
)
def test_an_address_with_a_time_is_read_back(source, shown):
    assert build_watch_address(source, 3723) == shown
    assert parse_video_address(shown)[:2] == (source, 3723)


@pytest.mark.parametrize(
    ("given", "source", "start", "end"),
    [
        ("https://parliamentlive.tv/Event/Index/1b?in=10%3A00%3A00&out=10:00:09", "/Event/Index/1b", 36000, 36009),
        ("https://www.youtube.com/embed/a1?start=5&end=9", "/embed/a1", 5, 9),
        ("https://www.youtube.com/live/a1?t=1h2m3s", "/live/a1", 3723, None),
        ("https://youtu.be/a1?si=x&t=62", "/a1?si=x", 62, None),
        ("https://m.youtube.com/watch?t=62&v=a1", "/watch?v=a1", 62, None),
        ("https://h.example/1.webm?t=5#t=npt:62%2C70", "/1.webm?t=5", 62, 70),
        ("https://h.example/1.webm#t=-1", "/1.webm", None, None),
        ("https://bücher.example/1.webm#t=1e9", "https://xn--bcher-kva.example/1.webm", None, None),
    ],
)
def test_an_address_is_taken_apart_as_its_site_writes_it(given, source, start, end):
    found = parse_video_address(given)
    assert found.source.endswith(source)
    assert found[1:] == (start, end)


@given(st.integers(0, 359_999_999).map(lambda n: n / 1000))
def test_every_formatted_time_can_be_parsed(told):
    assert parse_seconds(format_time(told)) == told


@pytest.mark.parametrize(
    "time",
    [
        "",
        "1:60:00",
        "1:02:60",
        "h",
        "-1",
        "1e3",
        "nan",
        "62,5",
        "100:00:00",
        "１２",
        "1e9",
        "9999999",
        "inf",
        "1:2:3:4",
    ],
)
def test_invalid_times_are_refused(time):
    with pytest.raises(VideoError, match="no time"):
        parse_seconds(time)


@pytest.fixture
def folder(tmp_path, site_db):
    shutil.copy(site_db, tmp_path / "statements.db")
    return tmp_path, make_accounts(tmp_path, Ada="annotator", Bo="annotator", Rex="reviewer")


@pytest.fixture
def send(site, folder, root, monkeypatch, specimens):
    monkeypatch.setenv("QUOTES", str(specimens / "quotes"))
    client = open_site(folder[0] / "statements.db").client

    async def sent(path, fields=None, name="Ada"):
        headers = {"Authorization": f"Bearer {folder[1][name]}"} if name else {}
        return await (
            client.get(path, headers=headers) if fields is None else client.post(path, json=fields, headers=headers)
        )

    return sent


async def test_a_moment_is_tagged_shown_withdrawn_by_a_moderator_with_a_reason_and_logged(send):
    made = await send(AT, {"source": f"{FILM}#t=62", "end": "1:10", "note": "<script>x</script>"})
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    for path in ("/debate/d-2008-06-22c-101-3", f"/speech/{SPEECH}", "/q/specimen-1"):
        link = BeautifulSoup((await send(path)).text, "html.parser").select_one(".watch a")
        assert link["href"] == f"{FILM}#t=62,70", path
        assert link.text == "Watch from 1:02 to 1:10 at media.example"
    page = await send(AT)
    assert "<script>x" not in page.text
    assert "media-src 'self';" in (await send("/log")).headers["content-security-policy"]
    for plain in ("http://media.example/1.webm", "https://parliamentlive.tv/event/index/1b57"):
        alone = await send(f"{AT}?source={plain}")
        assert "media-src 'self';" in alone.headers["content-security-policy"]
        assert "<video" not in alone.text
    assert "media-src 'self' https://media.example;" in page.headers["content-security-policy"]
    assert BeautifulSoup(page.text, "html.parser").select_one("video").get("src") is None
    node = (await send(f"/moment/{id}.jsonld", name=None)).json()
    assert node["target"]["source"] == FILM
    assert node["target"]["selector"]["value"] == "t=62,70"
    assert (await send(f"/moment/{id}/withdraw", {}, "Bo")).status_code == 403
    assert (await send(f"/moment/{id}/withdraw", {}, "Rex")).status_code == 400
    assert (await send(f"/moment/{id}/withdraw", {"reason": "another film"}, "Rex")).status_code == 200
    assert 'class="beneath watch"' not in (await send(f"/speech/{SPEECH}")).text
    log = (await send("/log.json?moderation=1", name=None)).json()["entries"]
    assert [(one["actor"], one["summary"]) for one in log] == [("Rex", "withdrew the moment of a video (another film)")]
    assert len(log[0]["hash"]) == 64
    assert (await send(f"/moment/{id}/restore", {}, "Ada")).status_code == 403
    assert (await send(f"/moment/{id}/restore", {"reason": "the film after all"}, "Rex")).status_code == 200
    assert 'class="beneath watch"' in (await send(f"/speech/{SPEECH}")).text


@pytest.mark.parametrize(
    "fields",
    [
        {"source": BAD[0], "start": "1"},
        {"source": FILM},
        {"source": FILM, "start": "9", "end": "8"},
        {"source": FILM, "start": "9", "annotation": "nobody"},
        {"source": FILM, "start": "9", "note": "x" * 2001},
    ],
)
async def test_invalid_moments_are_refused_and_not_entered(send, folder, fields):
    answer = await send(AT, fields)
    assert answer.status_code == 400
    assert not (folder[0] / "journal.db").exists()


async def test_tagging_needs_signing_in(send):
    assert (await send(AT, {"source": FILM, "start": "1"}, None)).status_code == 401
    page = (await send(f"{AT}?source={FILM}&start=1:02", name=None)).text
    assert "csrftoken" not in page
    assert "Sign in" in page


async def test_an_old_address_of_a_speech_leads_to_its_moment(send):
    answer = await send("/speech/uk.org.publicwhip/debate/2008-06-22c.101.5/moment")
    assert answer.headers["location"] == AT
    assert (await send("/speech/nothing/moment")).status_code == 404


async def test_the_log_lists_every_entry_newest_first_and_filters_them(send):
    for start in ("1", "2"):
        await send(AT, {"source": FILM, "start": start})
    await send(AT, {"source": FILM, "start": "3"}, "Bo")
    page = BeautifulSoup((await send("/log")).text, "html.parser")
    assert [one.select_one("strong").text for one in page.select(".log > li")] == ["Bo", "Ada", "Ada"]
    assert len(page.select("form[action='/undo']")) == 2
    assert "2" in page.select_one(".facets a[href='/log?actor=Ada']").find_next("span").text
    narrowed = (await send("/log.json?actor=Ada&kind=moment&period=2026")).json()
    assert (narrowed["total"], narrowed["next"]) in [(2, None), (0, None)]
    assert (await send("/log.json?actor=Bo")).json()["total"] == 1
    assert (await send("/log?period=%00&kind='&page=x&actor=%00")).status_code == 200
