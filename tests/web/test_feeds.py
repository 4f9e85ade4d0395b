"""The feeds as readers take them: valid Atom, ids that last, words escaped, and nothing sent twice."""

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import feedparser
import pytest
from bs4 import BeautifulSoup
from lxml import etree

from db.statements.store import compute_first_rowid
from tests.support.sites import open_site
from web.feeds.queries import find_first_ids
from web.feeds.xml_writer import NAMESPACE, Feed, FeedEntry, format_time, write_feed

FEEDS = [f"/feeds/{name}.atom" for name in ("mentions", "annotations", "changes", "log")] + [
    "/feeds/person/990002.atom",
    "/feeds/search.atom?q=forum",
]
TIME = re.compile(r"(?!19)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")  # the validator doubts what is before 1990
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}:\S+")
HOSTILE = "\0\x01]]><script>alert(1)</script>&amp;\ud800"
SITE = "http://localhost"
SPEECH = "d-2008-06-22c-101-5"


def elements(root, name):
    return root.findall(f".//{{{NAMESPACE}}}{name}")


@pytest.fixture
def copy(site, site_db, tmp_path, root):
    """A copy of the site's database in which a speech has another wording, and the site over it."""
    path = tmp_path / "statements.db"
    shutil.copy(site_db, path)
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(
            "INSERT INTO wordings SELECT 1, id, source, 'z', response_id, '2026-11-23T06:00:00Z', gid, speaker, "
            "office, column, replace(text, 'civil', 'polite <i>'), 1.0, 'a test', 0, '2026-11-23T06:00:00Z' "
            "FROM speeches WHERE id = ?",
            (SPEECH,),
        )
        told = [("withdraw", "withdrew it (<b>No</b>.)", "specimen-1"), ("restore", "restored it", None)]
        rows = [(f"{n}", "2026-11-24T00:00:00Z", "Rex", *each[:1], each[2], each[1]) for n, each in enumerate(told)]
        conn.executemany(
            "INSERT INTO annotation_history VALUES (?, ?, ?, ?, ?, ?, 0, '', NULL, NULL, 1, '<b>No</b>.', '')", rows
        )
    return open_site(path)


@pytest.mark.parametrize("path", FEEDS)
async def test_a_feed_has_what_the_validator_asks_for(copy, path):
    answer = await copy.client.get(path)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert root.tag == f"{{{NAMESPACE}}}feed"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{{{NAMESPACE}}}link")}
    assert links["self"] == f"{SITE}{path}"
    assert (await copy.client.get(links["alternate"].removeprefix(SITE))).status_code == 200
    assert elements(root, "entry")
    for parent in [root, *elements(root, "entry")]:
        for name in ("id", "title", "updated"):
            (one,) = parent.findall(f"{{{NAMESPACE}}}{name}")
            assert one.text
    ids = [one.text for one in elements(root, "id")]
    assert len(set(ids)) == len(ids)
    assert all(TAG.fullmatch(id) for id in ids)
    assert all(TIME.fullmatch(one.text) for name in ("updated", "published") for one in elements(root, name))
    assert all(one.find(f"{{{NAMESPACE}}}author") is not None for one in [root, *elements(root, "entry")])
    times = [one.findtext(f"{{{NAMESPACE}}}updated") for one in elements(root, "entry")]
    assert len(set(times)) == len(times)
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("path", FEEDS)
async def test_a_feed_reader_reads_it_and_its_links_lead_to_the_words(copy, path):
    read = feedparser.parse((await copy.client.get(path)).content)
    assert not read.bozo
    assert read.version == "atom10"
    for entry in read.entries:
        page = BeautifulSoup(
            (await copy.client.get(entry.link.partition("#")[0].removeprefix(SITE))).text, "html.parser"
        )
        end = entry.link.partition("#")[2]
        assert not end or page.find(id=end), entry.link
        assert entry.author
        assert entry.content[0].type == "text/html"
        assert entry.content[0].value


async def test_every_speech_and_title_that_names_a_topic_is_an_entry(site, site_db):
    with closing(sqlite3.connect(site_db)) as conn:
        (named,) = conn.execute(
            "SELECT count(*) FROM (SELECT DISTINCT topic, debate_id, speech_id FROM named)"
        ).fetchone()
    read = feedparser.parse((await site.client.get("/feeds/mentions.atom")).content)
    assert len(read.entries) == named
    texts = [re.sub(r"\W", "", BeautifulSoup(entry.content[0].value, "html.parser").text) for entry in read.entries]
    assert all(re.search("powerofinformation(taskforce|review|report)", text.lower()) for text in texts)


async def test_a_quote_that_is_lost_is_in_no_feed(site):
    assert "nobody ever said" not in (await site.client.get("/feeds/annotations.atom")).text


async def test_a_changed_text_shows_both_wordings_where_they_part(copy):
    (entry,) = feedparser.parse((await copy.client.get("/feeds/changes.atom")).content, sanitize_html=False).entries
    assert "that it be civil" in entry.content[0].value
    assert "that it be polite &lt;i&gt;" in entry.content[0].value
    assert entry.updated.startswith("2026-11-23T06:00:00.")


async def test_ids_survive_a_rebuild(site, site_db, tmp_path, root):
    shutil.copy(site_db, tmp_path / "statements.db")
    with closing(sqlite3.connect(tmp_path / "statements.db")) as conn, conn:
        conn.execute("UPDATE mentions SET id = id + 1000000, start = start")
        conn.execute("UPDATE speeches SET received = '2027-01-01T00:00:00Z'")
    rebuilt = open_site(tmp_path / "statements.db")
    for path in FEEDS:
        before, after = [feedparser.parse((await one.client.get(path)).content) for one in (site, rebuilt)]
        assert {entry.id for entry in before.entries} == {entry.id for entry in after.entries}


@pytest.mark.parametrize("matchtype", ["perfectmatch", "changes"])
async def test_ids_stay_when_a_new_letter_moves_a_speech(site, site_db, tmp_path, matchtype):
    shutil.copy(site_db, tmp_path / "statements.db")
    old, new = "uk.org.publicwhip/debate/2008-06-22c.101.5", "uk.org.publicwhip/debate/2008-06-22d.101.5"
    with closing(sqlite3.connect(tmp_path / "statements.db")) as conn, conn:
        conn.execute("UPDATE redirects SET gid = ? WHERE gid = ?", (new, old))
        conn.execute("INSERT INTO redirects VALUES (?, ?, ?)", (old, new, matchtype))
        for table, id in (("speeches", "id"), ("mentions", "speech_id")):
            conn.execute(f"UPDATE {table} SET {id} = 'd-2008-06-22d-101-5' WHERE {id} = ?", (SPEECH,))
        conn.execute("UPDATE speeches SET gid = ? WHERE gid = ?", (new, old))
    moved = open_site(tmp_path / "statements.db")
    ids = [
        {entry.id for entry in feedparser.parse((await one.client.get("/feeds/mentions.atom")).content).entries}
        for one in (site, moved)
    ]
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("redirects", "id"),
    [
        ([], None),
        ([("2008-06-22c.1.2", "perfectmatch")], "d-2008-06-22c-1-2"),
        ([("2008-06-22c.1.2", "changes"), ("2008-06-22a.1.9", "minormatch")], "d-2008-06-22a-1-9"),
        ([("2008-06-22c.1.2", "changes"), ("2008-06-22.1.2", "perfectmatch")], "d-2008-06-22-1-2"),
        ([("2008-06-22b.1.2", "changes"), ("2008-06-22aa.1.2", "changes")], "d-2008-06-22b-1-2"),
        ([("2008-06-22c.1.3", "perfectmatch"), ("2008-06-22c.1.2", "changes")], "d-2008-06-22c-1-2"),
        ([("2008-06-22a.1.2", "missing")], None),
        ([("2008-06-22a.1.2", "removed"), ("2008-06-22c.1.2", "perfectmatch")], "d-2008-06-22c-1-2"),
        ([("2008-06-22a.1.2", "multiplecover")], None),
        ([("2008-06-22.col.7", "oldstyleid")], None),
        ([("2008-06-22a.1.1", "heading")], None),
    ],
)
def test_the_first_id_is_that_of_the_first_letter_with_the_same_words(redirects, id):
    gid, today = "uk.org.publicwhip/debate/2008-06-22d.1.2", "d-2008-06-22d-1-2"
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE TABLE redirects (old_gid, gid, matchtype)")
        rows = [(f"uk.org.publicwhip/debate/{old}", gid, matchtype) for old, matchtype in redirects]
        rows = [(n, *row) for n, row in enumerate(rows, compute_first_rowid("debates", "2008-06-22"))]
        conn.executemany("INSERT INTO redirects (rowid, old_gid, gid, matchtype) VALUES (?, ?, ?, ?)", rows)
        assert find_first_ids(conn, [today, None, today]) == ({today: id} if id else {})


async def test_the_authority_of_feed_ids_can_be_configured(site_db, root):
    authority = {"plugins": {"dispatch-box": {"authority": "example.org"}}}
    answer = await open_site(site_db, metadata=authority).client.get("/feeds/mentions.atom")
    assert "tag:example.org,2026:mention/power-of-information/" in answer.text


@pytest.mark.parametrize("path", FEEDS)
async def test_nothing_is_sent_twice(copy, path):
    whole = await copy.client.get(path)
    tag, time = whole.headers["etag"], whole.headers["last-modified"]
    second = timedelta(seconds=1)
    had = datetime.strptime(time, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    for headers, status in (
        ({"If-None-Match": tag}, 304),
        ({"If-None-Match": f'"other", W/{tag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": time}, 200),
        ({"If-Modified-Since": time}, 304),
        ({"If-Modified-Since": format_datetime(had - second, usegmt=True)}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
    ):
        answer = await copy.client.get(path, headers=headers)
        assert answer.status_code == status, headers
        assert answer.headers["etag"] == tag
        assert (answer.content == b"") == (status == 304)


async def test_a_saved_search_has_what_the_search_finds(site):
    found = BeautifulSoup((await site.client.get("/search?q=forum&house=lords")).text, "html.parser")
    read = feedparser.parse((await site.client.get("/feeds/search.atom?q=forum&house=lords")).content)
    assert {entry.link.partition("#")[2] for entry in read.entries} == {
        a["href"].partition("#")[2] for a in found.select(".hit a.marks")
    }
    assert read.entries
    link = found.find("link", title="This search")
    assert feedparser.parse((await site.client.get(link["href"])).content).feed.id == read.feed.id


@pytest.mark.parametrize("typed", ["", "%22", "-x", "%00", "%01%3Cscript%3E", "x" * 9000, "%F0%9F%8E%89"])
async def test_a_question_with_nothing_to_look_for_is_a_feed_without_entries(site, typed):
    answer = await site.client.get(f"/feeds/search.atom?q={typed}", follow_redirects=True)
    assert answer.status_code == 200
    assert not feedparser.parse(answer.content).bozo
    assert b"<script>" not in answer.content


def test_no_words_can_break_a_feed():
    entry = FeedEntry(
        "tag:x,2026:1", HOSTILE, HOSTILE, HOSTILE, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", HOSTILE
    )
    root = etree.fromstring(write_feed(Feed("tag:x,2026:f", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, [entry])))
    assert not root.findall(".//{*}script")
    assert elements(root, "content")[0].text == HOSTILE.replace("\0", "\ufffd").replace("\x01", "\ufffd").replace(
        "\ud800", "\ufffd"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2008", "2008-01-01"),
        ("2008-06", "2008-06-01"),
        ("2008-06-18", "2008-06-18"),
        ("2008-06-18T00:00:00+00:00", "2008-06-18"),
    ],
)
def test_a_time_is_in_utc(text, expected):
    assert format_time(text) == f"{expected}T00:00:00Z"


async def test_pages_link_to_the_feeds(site):
    for path in ("/", "/debates", "/guidance", "/debate/d-2008-06-22c-101-3", "/feeds"):
        page = BeautifulSoup((await site.client.get(path)).text, "html.parser")
        assert [link["href"] for link in page.select("link[type='application/atom+xml']")] == FEEDS[:4]
