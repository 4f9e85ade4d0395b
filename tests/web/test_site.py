import json
import re
import sqlite3
from collections import Counter
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from bs4 import BeautifulSoup

from db.references import find_references
from db.statements import store
from tests.support.databases import SOURCE
from tests.support.markup import HOSTILE, insert_hostile_rows
from tests.support.page_checks import check_page
from tests.support.sites import open_site

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
QUERIES = json.loads((ROOT / "metadata.json").read_text(encoding="utf-8"))["databases"]["statements"]["queries"]
TABLES = [
    *("debates", "speeches", "mentions", "named", "divisions", "votes", "redirects", "topics", "sources", "quarantine"),
    *(
        "runs",
        "gaps",
        "guidance_documents",
        "guidance_points",
        "point_readings",
        "annotations",
        "replies",
        "suggestions",
    ),
]
OURS = [
    *("/", "/debates", "/guidance", "/guidance/participation-online", "/guidance/participation-online/be-credible"),
    *(
        "/search",
        "/search?q=forum",
        "/search?q=forum&sort=best",
        "/search?q=zebra",
        "/search?q=%22",
        "/search?q=the&page=2",
    ),
    *("/debates?year=2008", "/debates?kind=wrans&house=commons", "/debates?date=2008-06-22", "/debates?topic=nothing"),
    *("/speech/d-2008-06-22c-101-5/editions", "/debate/d-2008-06-22c-101-3/changes"),
    *("/timeline", "/timeline?topic=power-of-information", "/coverage", "/coverage?by=speaker", "/coverage?year=2008"),
    *("/coverage?document=participation-online&by=speaker", "/people", "/people?page=2", "/people/990002"),
    *(
        "/people/990014",
        "/runs",
        "/debate/d-2008-06-22c-101-3",
        "/speech/d-2008-06-22c-101-5",
        "/debate/d-2008-06-22c-106-1",
    ),
    *("/verify", "/verify?quote=the+official+say+at+the+outset", "/q/specimen-1", "/q/lost-1"),
]


@pytest.fixture
def get(site):
    async def get(path, status=200, follow=False):
        response = await site.client.get(path, follow_redirects=follow)
        assert response.status_code == status, f"{path}: {response.status_code}: {response.text[:300]}"
        return response

    return get


@pytest.fixture
def conn(site_db):
    return sqlite3.connect(site_db)


async def soup(get, path, status=200):
    return BeautifulSoup((await get(path, status)).text, "html.parser")


# --- our pages


@pytest.mark.parametrize("path", OURS)
async def test_our_pages_are_well_formed(get, path):
    check_page(await soup(get, path), path)


async def test_every_debate_and_every_speech_has_a_page(get, conn):
    titles = []
    for table, kind in (("debates", "debate"), ("speeches", "speech")):
        for (id,) in conn.execute(f"SELECT id FROM {table}"):
            page = await soup(get, f"/{kind}/{id}")
            check_page(page, id)
            titles.append(page.title.text)
    titles += [(await soup(get, path)).title.text for path in OURS if not path.startswith(("/debate/", "/speech/"))]
    assert [title for title, n in Counter(titles).items() if n > 1] == []


async def test_every_point_and_document_of_guidance_has_a_page(get, conn):
    for (id,) in conn.execute("SELECT id FROM guidance_documents UNION SELECT id FROM guidance_points"):
        check_page(await soup(get, f"/guidance/{id}"), id)


async def test_a_debate_shows_its_speeches_in_order_with_every_word(get, conn):
    id = "d-2008-06-22c-101-3"
    page = await soup(get, f"/debate/{id}")
    shown = page.select("article.speech")
    rows = conn.execute(
        "SELECT id, speaker, text FROM speeches WHERE debate_id = ? ORDER BY position", (id,)
    ).fetchall()
    assert [article["id"] for article in shown] == [row[0] for row in rows]
    for article, (_, speaker, text) in zip(shown, rows, strict=True):
        assert speaker in article.h2.text
        for aside in article.select("aside.notes"):
            aside.decompose()
        assert "".join(article.select_one(".words").text.split()) == "".join(text.split())


async def test_notes_stand_beside_the_paragraph_in_which_their_quote_ends(get):
    page = await soup(get, "/debate/d-2008-06-22c-101-3")
    for note in page.select(".notes .body"):
        number = note["id"].removeprefix("note-")
        assert note.find_parent(class_="noted").find(id=f"reference-{number}", string=None)
        assert page.select(f'mark[aria-details~="note-{number}"]')
        assert note.select_one(".point a")["href"].startswith("/guidance/")
    assert not page.select(".endnotes")
    page = await soup(get, "/debate/d-2008-06-22c-101-3?notes=end")
    assert [li["value"] for li in page.select(".endnotes li[value]")] == ["1", "2", "3", "4", "5", "6"]
    assert not page.select(".notes")


async def test_replies_stand_under_their_note(get):
    page = await soup(get, "/debate/d-2008-06-22c-101-3")
    reply = page.find(id="note-3").select_one(".replies .disputes")
    assert "does not reach one who writes on an evening off" in reply.text
    assert "B. Specimen, 24 June 2008" in reply.text
    assert reply.a["href"] == "https://example.org/notes/1#c1"


async def test_a_mention_in_a_title_is_marked(get):
    page = await soup(get, "/debate/d-2008-06-22c-103-0")
    assert page.h1.mark.text == "Power of Information Taskforce"


async def test_a_division_shows_totals_and_folds_votes(get):
    division = (await soup(get, "/debate/d-2008-06-22c-106-1")).select_one("article.division")
    assert division.select_one(".totals").text == "Ayes 4, Noes 7"
    assert [s.text for s in division.select("details summary")] == ["Ayes: 6 names", "Noes: 9 names"]


async def test_a_lost_quote_is_never_shown_as_the_speaker_s_words(get):
    point = await soup(get, "/guidance/participation-online/be-credible")
    assert "words that nobody ever said" in point.find(id="lost-1").text
    assert not [quote for quote in point.select("blockquote") if "nobody ever said" in quote.text]
    debate = await soup(get, "/debate/d-2008-06-22c-101-3")
    debate.select_one(".lost-quotes").extract()  # beneath the debate, where it says that the words are not there
    assert "nobody ever said" not in debate.text


async def test_suggestions_stand_apart_and_only_with_guidance(get, conn):
    page = await soup(get, "/guidance/participation-online/code")
    apart = page.select_one("section.proposed")
    assert apart.h2.text == "Suggested: found by a program, not yet reviewed"
    assert "Found by rules: " in apart.text
    assert "roposed" not in (await get("/debate/d-2008-06-22c-101-3")).text


async def test_a_document_counts_the_points_discussed_and_leads_from_each_to_the_next(get, conn):
    page = await soup(get, "/guidance/participation-online")
    points = page.select(".points > li > div > p > a")
    (covered,) = conn.execute(
        "SELECT count(DISTINCT point_id) FROM passages WHERE point_id LIKE 'participation-online/%'"
    ).fetchone()
    assert page.h2.text == f"{covered} of {len(points)} points discussed in Parliament"
    assert len(page.select(".points > li > div:not(.quiet)")) == len(page.select(".strip .on")) == covered
    first = await soup(get, points[0]["href"])
    assert first.select_one("a[rel=next]")["href"] == points[1]["href"]
    assert not first.select_one("a[rel=prev]")
    assert first.select_one(".passages .who a")["href"].startswith("/people/")


async def test_a_point_without_a_quote_says_so(get):
    assert "Not discussed yet" in (await get("/guidance/bbc-personal-blogs/disrepute")).text


async def test_home_begins_with_a_quote_its_speaker_and_the_guidance_and_says_what_is_there(get, conn):
    page = await soup(get, "/")
    assert page.h1.text == "What Parliament said about the Power of Information Taskforce"
    (first,) = page.select(".first-quote")
    assert first.mark.text.startswith("The rules ask only that the answer be right")
    said = " ".join(first.text.split())
    for words in (
        "Dorothea Quillfeather",
        "22 June 2008",
        "1. Be credible",
        "Read as said by A. Specimen",
        "Not disputed",
    ):
        assert words in said
    mentions, debates = conn.execute("SELECT count(*), count(DISTINCT debate_id) FROM named").fetchone()
    doors = [" ".join(door.text.split()) for door in page.select(".doors > li")]
    assert f"{mentions} mentions in {debates} debates" in doors[0]
    assert "7 of 72 points discussed" in doors[1]
    assert "Not updated yet" in page.select_one(".fresh").text


CHANGED = "UPDATE annotations SET anchor = 'changed' WHERE anchor <> 'lost'; DELETE FROM quote_counts;"
CHANGED += "DELETE FROM repair_list;"
REPAIRS = """
INSERT INTO repair_list SELECT id, 'changed', exact, exact, '[]', '', '' FROM annotations WHERE anchor = 'changed';
"""
STATES = [
    ("UPDATE replies SET annotation_id = 'specimen-2', stance = 'disputes';", "Disputed by "),
    (f"{CHANGED} {REPAIRS}", "10 quotes no longer match Hansard: the wording has changed. No quote is shown here"),
    (f"{CHANGED} DELETE FROM annotations;", "Nothing is quoted yet."),
    (f"{CHANGED} DELETE FROM guidance_points; DELETE FROM guidance_documents;", "No guidance is loaded"),
    (f"{CHANGED} DELETE FROM mentions;", "No debate that is loaded mentions the Power of Information Taskforce."),
    ("INSERT INTO runs VALUES {run}'2026-11-22T06:05:00Z', 'x', 'x', 9, 2, 1, 6, 0, 5, 0, '' {end}",
     "Updated 22 November 2026, 06:05 UTC."),
    ("INSERT INTO runs VALUES {run}'2026-11-22T06:05:00Z', 'x', 'x', 9, 2, 1, 5, 1, 5, 1, 'One failed.' {end}",
     "Update incomplete on 22 November 2026, 06:05 UTC: One failed. 1 document or part of one could not be read"),
    ("INSERT INTO runs VALUES {run}NULL, 'x', 'x', 9, 0, 0, 0, 0, 0, NULL, '' {end}",
     "An update that began on 22 November 2026, 06:00 UTC is running, or was stopped."),
]  # fmt: skip


async def test_home_explains_what_it_lacks_and_how_fresh_it_is(site_db, tmp_path):
    run, end = "(1, '2026-11-22T06:00:00Z', ", ", '', 0, 0, 0, 0, 0, '');"
    end += "INSERT INTO quarantine VALUES (1, 'x', 'b.xml', '0', '2026-11-22', 'line 1', 'document', '', '', NULL);"
    for number, (change, told) in enumerate(STATES):
        copy = tmp_path / f"{number}" / "statements.db"
        copy.parent.mkdir()
        copy.write_bytes(site_db.read_bytes())
        with sqlite3.connect(copy) as conn:
            conn.executescript(change.format(run=run, end=end) if "{run}" in change else change)
        page = BeautifulSoup((await open_site(copy).client.get("/")).text, "lxml")
        assert told in " ".join(page.main.text.split()), change


async def test_plain_text_is_the_text(get, conn):
    for id, text in conn.execute("SELECT id, text FROM speeches"):
        response = await get(f"/text/{id}")
        assert response.content.decode("utf-8") == text
        assert response.headers["content-type"] == "text/plain; charset=utf-8"


async def test_search_marks_what_it_finds_and_explains_the_question(get):
    page = await soup(get, "/search?q=forum* -pamphlet")
    explained = page.select_one(".explained").text
    assert re.match(r"\d+ speeches with “forum…”, without “pamphlet”\. forum\* finds forum, forums\.", explained)
    assert all("forum" in mark.text.lower() for mark in page.select(".snippet mark"))
    assert page.select(".hit a[href^='/debate/']")


async def test_an_address_typed_into_the_search_box_is_understood(get):
    page = await soup(get, "/search?q=" + quote("https://www.theyworkforyou.com/debates/?id=2008-06-22a.101.3"))
    assert page.select_one(".places a")["href"] == "/debate/d-2008-06-22c-101-3"


async def test_a_search_shows_people_points_and_notes_above_and_can_be_undone(get):
    page = await soup(get, "/search?q=quillfeather civil")
    assert "by Dorothea Quillfeather" in page.select_one(".explained").text
    undone = await soup(get, page.select_one(".explained a")["href"])
    assert undone.select_one("#q")["value"] == '"quillfeather" civil'
    assert page.select_one(".found-people a")["href"] == "/people/990002"
    assert page.select(".above a[href^='/guidance/']")
    assert page.select(".above a[href^='/q/'] mark")
    holders = await soup(get, "/search?q=minister for notice boards")
    assert "Ambrose Tolliver" in holders.select_one(".found-people").text


@pytest.mark.parametrize(
    ("asked", "text", "leads"),
    [
        ("fourm", "Did you mean forum?", "q=forum"),
        ("quilfeather forum", "Did you mean quillfeather forum?", "q=quillfeather+forum"),
        ("forum zebra", "Search without “zebra”", "q=forum"),
        ("forum&year=1999", "Search in any year", "q=forum"),
        ("the official said at the outset of zebras", "Check it against the record", "/verify?quote="),
    ],
)
async def test_an_empty_search_says_what_to_try(get, asked, text, leads):
    page = await soup(get, f"/search?q={asked}")
    [tried] = [each for each in page.select(".nothing li") if text in each.text]
    assert leads in tried.a["href"]


# --- addresses


@pytest.mark.parametrize(
    "path",
    [
        "/text/d-2008-06-22a-999-9",
        "/statements/speeches/d-2008-06-22a-101-3",
        "/statements/debates/d-2008-06-22a-101-5",
    ],
)
async def test_an_id_of_nothing_of_the_kind_is_not_found(get, path):
    await get(path, 404)


async def test_every_old_address_leads_to_its_speech_or_debate_of_today(get, conn):
    old = conn.execute("SELECT old_gid FROM redirects").fetchall() + conn.execute("SELECT gid FROM speeches").fetchall()
    for (gid,) in old:
        found = find_references(conn, gid)
        if len(found) == 1:
            end = f"#{found[0].speech_id}" if found[0].speech_id else ""
            assert (await get(f"/debate/{gid}", 301)).headers["location"] == f"/debate/{found[0].debate_id}{end}"
            page = f"/speech/{found[0].speech_id}" if end else f"/debate/{found[0].debate_id}"
            assert (await get(f"/speech/{gid}", 301)).headers["location"] == page


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/debates/?id=2008-06-22a.101.3", "/debate/d-2008-06-22c-101-3"),
        ("/debates/?id=2008-06-22c.101.3&s=forum", "/debate/d-2008-06-22c-101-3"),
        ("/debate/?id=2008-06-22c.101.3", "/debate/d-2008-06-22c-101-3"),
        ("/debate/", "/debates"),
        ("/debate/d-2008-06-22c-101-3/", "/debate/d-2008-06-22c-101-3"),
        ("/speech/d-2008-06-22c-101-5/", "/speech/d-2008-06-22c-101-5"),
        ("/text/d-2008-06-22a-101-5", "/text/d-2008-06-22c-101-5"),
        ("/statements/speeches/d-2008-06-22a-101-5", "/statements/speeches/d-2008-06-22c-101-5"),
        ("/statements/speeches/d-2008-06-22a-101-5.json?x=1", "/statements/speeches/d-2008-06-22c-101-5.json?x=1"),
        ("/statements/debates/d-2008-06-22a-101-3", "/statements/debates/d-2008-06-22c-101-3"),
        ("/debates/?gid=2008-06-22c.101.5", "/debate/d-2008-06-22c-101-3#d-2008-06-22c-101-5"),
        ("/debate/2008-06-22c.103.1", "/debate/d-2008-06-22c-103-0#d-2008-06-22c-103-1"),
        ("/whall/?id=2008-06-29a.51.0", "/debate/h-2008-06-29a-51-0"),
        ("/lords/?gid=2008-06-29a.201.0", "/debate/l-2008-06-29a-201-0"),
        ("/wrans/?id=2008-06-22b.990201.h", "/debate/w-2008-06-22b-990201-h"),
        ("/wms/?id=2008-06-29a.1WS.1", "/debate/s-2008-06-29a-1WS-1"),
        ("/pbc/2008-09/Pamphlets_Bill/02-0_2009-03-08a.2.0", "/debate/p-2009-03-01_PAMPHLET_02-0_2009-03-08a-2-0"),
        ("/debate/https://www.theyworkforyou.com/debates/?id=2008-06-22c.101.3", "/debate/d-2008-06-22c-101-3"),
        (
            "/debate/https%3A%2F%2Fwww.theyworkforyou.com%2Fdebates%2F%3Fid=2008-06-22c.101.3",
            "/debate/d-2008-06-22c-101-3",
        ),
        ("/debate/d-2008-06-22c-101-5", "/debate/d-2008-06-22c-101-3#d-2008-06-22c-101-5"),
        ("/speech/d-2008-06-22c-101-3", "/debate/d-2008-06-22c-101-3"),
        ("/whall", "/debates?kind=westminhall"),
        ("/lords/", "/debates?kind=lordspages"),
    ],
)
async def test_addresses_of_theyworkforyou_lead_to_ours(get, path, location):
    assert (await get(path, 301)).headers["location"] == location
    await get(location)


@pytest.mark.parametrize(
    "path", ["/debate/nothing", "/speech/x", "/guidance/x", "/guidance/x/y", "/nothing", "/debates?id=9"]
)
async def test_missing_pages_say_what_to_do(get, path):
    page = await soup(get, path, 404)
    check_page(page, path)
    assert page.main.find("a")


async def test_an_address_with_several_meanings_lists_them(site, site_db, tmp_path, root):
    copy = tmp_path / "statements.db"
    copy.write_bytes(site_db.read_bytes())
    with sqlite3.connect(copy) as conn:
        target = "uk.org.publicwhip/wrans/2008-06-22b.990201.h"
        conn.execute("INSERT INTO redirects VALUES ('uk.org.publicwhip/wrans/2008-06-22c.101.3', ?, 'x')", (target,))
    response = await open_site(copy).client.get("/debate/2008-06-22c.101.3")
    assert response.status_code == 300
    assert len(BeautifulSoup(response.text, "html.parser").main.select("li a")) == 2


# --- hostile input, and safety


PLACES = [
    *(f"/search?{key}={{}}" for key in ("q", "page", "sort")),
    *(f"/search?q=the&{key}={{}}" for key in ("house", "kind", "year", "speaker", "page", "sort")),
    *(f"/debates?{key}={{}}" for key in ("house", "kind", "date", "year", "topic", "page", "id", "gid")),
    *(f"/coverage?{key}={{}}" for key in ("by", "document", "year")),
    *(f"/coverage.csv?{key}={{}}" for key in ("by", "document", "year")),
    *(f"/debate/d-2008-06-22c-101-3?{key}={{}}" for key in ("notes", "point", "reading", "creator")),
    *("/timeline?topic={}", "/people?page={}", "/people/{}"),
    *(f"/{page}/{{}}" for page in ("debate", "speech", "text", "guidance", "guidance/x", "wrans", "pbc")),
    *("/speech/{}/editions", "/debate/{}/changes"),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_no_input_is_an_error_or_comes_back_as_markup(site, place, text):
    response = await site.client.get(place.format(quote(text, safe="")))
    assert response.status_code in (200, 301, 302, 404)
    assert "<script>alert" not in response.text


async def test_words_from_the_record_are_never_markup(site, tmp_path, root):
    path = tmp_path / "statements.db"
    conn = store.open_store(path)
    store.save_sources_and_topics(conn, [SOURCE], [])
    insert_hostile_rows(conn)
    client = open_site(path).client
    pages = ["/", "/debates", "/debate/d-2008-01-01a-1-1", "/speech/d-2008-01-01a-1-2", "/search?q=alert", "/guidance"]
    pages += ["/coverage", "/coverage?by=speaker", "/timeline", "/people"]
    pages += ["/guidance/doc", "/guidance/doc/point", *(f"/statements/{table}" for table in TABLES)]
    for page in [*pages, "/statements/debates/d-2008-01-01a-1-1", "/statements/speakers_by_mentions"]:
        response = await client.get(page)
        assert response.status_code == 200, page
        assert "<script>alert" not in response.text, page
        assert "javascript:alert" not in "".join(re.findall(r'(?:href|src)="[^"]*"', response.text)), page


@pytest.mark.parametrize(
    "path",
    ["/", "/debates", "/guidance", "/search?q=forum", "/coverage", "/timeline", "/people", "/statements"],
)
async def test_an_empty_archive_says_what_would_fill_it(site, tmp_path, root, path):
    store.open_store(tmp_path / "statements.db").close()
    response = await open_site(tmp_path / "statements.db").client.get(path)
    assert response.status_code == 200
    assert path.startswith("/statements") or re.search("dispatch-box (scrape|load)|Nothing found", response.text)


@pytest.mark.parametrize(
    "path", ["/", "/debate/d-2008-06-22c-101-3", "/nothing", "/static/dispatchbox.css", "/statements/debates"]
)
async def test_every_answer_has_security_headers(site, path):
    headers = (await site.client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


async def test_pages_are_cached_for_a_minute_and_have_no_inline_script_or_style(get):
    for path in OURS:
        response = await get(path)
        assert response.headers["cache-control"] == "public, max-age=60"
        page = BeautifulSoup(response.text, "html.parser")
        assert not page.find("style")
        assert not page.find(style=True)
        inline = [script for script in page.find_all("script") if not script.get("src")]
        assert {script["type"] for script in inline} <= {"application/ld+json"}  # data, which no browser runs


# --- Datasette's own pages


@pytest.mark.parametrize("name", QUERIES)
async def test_every_ready_question_has_an_answer(get, name):
    for values in ("", "?topic=power-of-information", "?topic='&speaker='&title='&division='&document='"):
        page = await soup(get, f"/statements/{name}{values}")
        assert not page.select(".message-error"), name
        assert page.html["lang"] == "en-GB"
        assert QUERIES[name]["title"] in page.h1.text
    await get(f"/statements/{name}.csv?_size=max")
    rows = (await get(f"/statements/{name}.json?_shape=objects")).json()["rows"]
    assert rows or name in ("documents_in_quarantine", "what_changed_lately", "doubtful_matches")  # one source tells


def test_there_are_enough_ready_questions_and_each_is_explained():
    assert len(QUERIES) >= 10
    assert all(query["title"] and query["description_html"] for query in QUERIES.values())


@pytest.mark.parametrize("table", TABLES)
async def test_every_table_is_described_and_so_are_its_rows(get, conn, table):
    page = await soup(get, f"/statements/{table}")
    assert page.select_one(".metadata-description")
    assert len(page.find_all("main")) == 1
    if link := page.select_one("td.type-pk a, td.col-id a"):
        await get(urljoin(f"/statements/{table}", link["href"]), follow=True)


def test_metadata_names_only_columns_that_are_there(conn):
    metadata = json.loads((ROOT / "metadata.json").read_text(encoding="utf-8"))
    for table, about in metadata["databases"]["statements"]["tables"].items():
        columns = {row[0] for row in conn.execute("SELECT name FROM pragma_table_info(?)", (table,))}
        assert columns, table
        named = {
            *about.get("first_columns", ()),
            *about.get("facets", ()),
            about.get("label_column"),
            about.get("sort"),
        }
        assert {*named, about.get("sort_desc")} - {None} <= columns, table


async def test_cells_lead_to_our_pages(get):
    page = await soup(get, "/statements/debates/d-2008-06-22c-101-3")
    links = {a["href"] for a in page.select("dl.row a")}
    assert {"/debate/d-2008-06-22c-101-3", "https://www.theyworkforyou.com/debates/?id=2008-06-22c.101.3"} <= links
    page = await soup(get, "/statements/annotations")
    assert page.select("a[href='/guidance/participation-online/be-credible']")


# --- from link to link


@pytest.mark.nightly
async def test_every_link_within_the_site_leads_somewhere(site):
    waiting, seen = ["/"], set()
    while waiting:
        path = waiting.pop()
        address = path.partition("#")[0]
        if address in seen:
            continue
        seen.add(address)
        response = await site.client.get(address)
        assert response.status_code in (200, 301, 302), path
        if response.status_code != 200:
            waiting.append(urljoin(address, response.headers["location"]))
        elif "text/html" in response.headers["content-type"]:
            waiting += links(response.text, address)
    assert len(seen) > 250


def links(html, address):
    """What a page links to within the site; of Datasette's pages, only those without a question in their address."""
    page = BeautifulSoup(html, "html.parser")
    for tag, key in [
        *((a, "href") for a in page.find_all(["a", "link"], href=True)),
        *((s, "src") for s in page.find_all(src=True)),
    ]:
        found = urljoin(address, tag[key])
        if found.startswith("/") and not (found.startswith("/statements") and "?" in found) and found.count("=") < 4:
            yield found


@pytest.mark.parametrize(
    ("old", "new"), [("about", "relevant_debates"), ("counted", "quote_counts"), ("heard", "speaker_counts")]
)
async def test_the_address_of_a_row_by_the_old_name_of_its_table_leads_to_the_row(site, old, new):
    answer = await site.client.get(f"/statements/{old}/a~2Fb%20c.json?_shape=objects")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"/statements/{new}/a~2Fb%20c.json?_shape=objects"
