"""What a reader makes of the whole: coverage, the timeline and people, each figure held to the rows behind it."""

import csv
import io
import re
import shutil
import sqlite3
from contextlib import closing

import pytest
from bs4 import BeautifulSoup

from tests.support.sites import open_site
from web.coverage import queries as coverage
from web.guidance.queries import PAGE_SIZE
from web.people import queries as speakers
from web.people.routes import REASONS
from web.people.speaker_list import merge_memberships
from web.rendering import periods
from web.timeline import queries as timeline

COUNTED = "annotations a JOIN speeches s ON s.id = a.speech_id WHERE a.anchor IN ('exact', 'moved')"
MINISTER = "person/990002"
NAMES = ("Party and seat", "Offices")


@pytest.fixture
def conn(site_db):
    return sqlite3.connect(site_db)


@pytest.fixture
def changing(site, site_db, tmp_path, root):
    """A copy of the site's database to change, and a way to get a page over what it has become."""
    shutil.copy(site_db, tmp_path / "statements.db")

    def change(statement, *values):
        with closing(sqlite3.connect(tmp_path / "statements.db")) as conn, conn:
            conn.execute(statement, values)

    async def get(path, **headers):
        return await open_site(tmp_path / "statements.db").client.get(path, headers=headers)

    return change, get


async def soup(site, path):
    return BeautifulSoup((await site.client.get(path)).text, "lxml")


def read_cells(row):
    """The figures of a row of the heat map, "" where there is none."""
    return [(re.match(r"[\d,]+", cell.get_text(strip=True)) or [""])[0] for cell in row.select(":scope > td")]


def read_map(page):
    """The figures of the points by title, and of the documents."""
    shown = {"points": page.select(".heat .folded tbody tr"), "documents": page.select(".heat tr.document")}
    return {kind: {row.th.a.text: read_cells(row) for row in rows} for kind, rows in shown.items()}


# --- coverage


async def test_a_heat_map_has_a_row_for_each_discussed_document_and_point_and_folds_the_others(site, conn):
    page = await soup(site, "/coverage")
    heads = [head.get_text(" ", strip=True) for head in page.select(".heat > table > thead th")]
    assert heads == ["Guidance", "Jun 2008", "⋯ July 2008 to February 2009: none", "Mar 2009", "All"]
    shown = read_map(page)
    assert shown["documents"]["Principles for participation online"] == ["9", "", "", "9"]
    (points,) = conn.execute("SELECT count(*) FROM guidance_points").fetchone()
    (covered,) = conn.execute(f"SELECT count(DISTINCT a.point_id) FROM {COUNTED}").fetchone()
    assert len(shown["points"]) == covered
    assert f"{covered} of {points} points" in page.select_one(".lead").text
    folded = [int(re.search(r"\d+", each.text)[0]) for each in page.select(".heat .silent > summary")]
    documents = page.select("main > .silent li")
    rest = sum(int(re.search(r"(\d+) points?$", each.text)[1]) for each in documents)
    assert sum(folded) + rest == points - covered
    assert {row.th.get_text(" ", strip=True): read_cells(row) for row in page.select(".mentions-row")} == {
        "Mentions of the topic": ["19", "", "2", "21"]
    }
    assert page.select_one(".heat tr.document td.shade-4").a["href"] == (
        "/quotes?document=participation-online&month=2008-06"
    )


@pytest.mark.parametrize("by", ["month", "speaker"])
def test_rows_columns_and_totals_add_up_to_the_counted_quotes(conn, by):
    found = coverage.count_quotes_by_point(conn, by)
    (passages,) = conn.execute(f"SELECT count(*) FROM {COUNTED}").fetchone()
    assert found.total == sum(found.totals) == sum(sum(line.all.values()) for line in found.points) == passages > 0
    for line in [*found.points, *found.documents]:
        assert coverage.add_up_readings(line.cells) == line.all


@pytest.mark.parametrize(
    "path", ["/coverage", "/coverage?by=speaker", "/coverage?as_of=2026-10", "/timeline", "/timeline?as_of=2026-10"]
)
async def test_every_figure_leads_to_as_many_quotes_or_to_debates_with_as_many_mentions(site, path):
    links = (await soup(site, path)).select(".heat td > a, svg a, td.n a[href^='/quotes']")
    assert links
    for link in links:
        listed = await soup(site, link["href"])
        quotes = [each.text for each in listed.select(".notes-of > li")]
        mentions = [int(re.search(r"(\d+) mention|$", each.text)[1] or 0) for each in listed.select(".figures-of")]
        figure = re.search(r"^\d+|\d+(?= mention| quote)", link.get("aria-label") or link.get_text(strip=True))[0]
        assert int(figure) == len(quotes) + sum(mentions), link["href"]
        assert ("as_of=" in path) == ("as_of=2026-10" in link["href"])


async def test_a_cell_names_its_readings_in_letters_and_words(site):
    cell = (await soup(site, "/coverage?by=speaker")).find("a", string="2. Be consistent").find_parent("tr").td
    assert cell.select_one(".readings").get_text(strip=True).replace("\xa0", "") == "S1I1"
    assert cell.select_one(".unseen").text == " quotes, Be consistent, Dorothea Quillfeather: 1 said, 1 implied"


async def test_quotes_are_listed_with_what_they_are_about(site):
    page = await soup(site, "/quotes?point=participation-online/code-disclose-position&reading=said")
    assert page.h1.text == "Quotes on Say whom you represent, said"
    (quote,) = page.select(".quotes > li")
    assert quote.mark.text == "that the official say at the outset who he or she is and which office he or she serves"
    assert "disputed by" in quote.text
    assert quote.select("a[href='/people/990002'], a[href='/q/specimen-1']")[1]
    for address in ("/quotes?month=2008-13", "/quotes?house=x", "/quotes?page=9", "/debates?date=2008-13"):
        assert (await soup(site, address)).select(".empty"), address


@pytest.mark.parametrize("state", ["changed", "lost"])
async def test_changed_and_lost_quotes_are_never_counted(changing, conn, state):
    change, get = changing
    nowhere = "start = NULL, end = NULL, " if state == "lost" else ""
    change(f"UPDATE annotations SET {nowhere}anchor = ? WHERE id = 'specimen-1'", state)
    change("DELETE FROM quote_counts WHERE annotation_id NOT IN (SELECT id FROM passages)")
    before, after = (
        coverage.count_quotes_by_point(conn).total,
        read_map(BeautifulSoup((await get("/coverage")).text, "lxml"))["documents"],
    )
    assert sum(int(row[-1]) for row in after.values()) == before - 1
    shown = BeautifulSoup((await get(f"/people/{MINISTER.removeprefix('person/')}")).text, "lxml")
    assert "Name and office" not in shown.text
    assert len(shown.select(".passages mark")) < 9


async def test_a_point_shows_each_quote_once_page_by_page(changing, conn):
    change, get = changing
    names = ", ".join(name for _, name, *_ in conn.execute("PRAGMA table_info(annotations)") if name != "id")
    many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) INSERT INTO annotations"
    change(f"{many} (id, {names}) SELECT id || '-' || i, {names} FROM annotations, n WHERE id = 'specimen-1'")
    (point,) = conn.execute("SELECT point_id FROM annotations WHERE id = 'specimen-1'").fetchone()
    pages = [BeautifulSoup((await get(f"/guidance/{point}{ask}")).text, "lxml") for ask in ("", "?page=2", "?page=9")]
    shown = [[one["id"] for one in page.select(".passages .passage[id]")] for page in pages]
    assert len(shown[0]) == PAGE_SIZE
    assert len({*shown[0], *shown[1]}) == len(shown[0]) + len(shown[1]) > 30
    assert shown[2] == shown[1]
    assert [bool(page.select_one(".pager a[rel=next]")) for page in pages] == [True, False, False]
    assert pages[1].select_one(".pager a[rel=prev]")["href"] == f"/guidance/{point}?"


async def test_the_csv_and_the_text_to_copy_are_the_heat_map_with_every_point(site, conn):
    asked = "by=speaker&document=participation-online"
    page = await soup(site, f"/coverage?{asked}")
    rows = list(csv.reader(io.StringIO((await site.client.get(f"/coverage.csv?{asked}")).text)))
    shown = [[cell or "0" for cell in cells] for cells in read_map(page)["points"].values()]
    assert [row[3:] for row in rows[1:-1] if row[-1] != "0"] == shown
    assert len(rows) == 23 + 2
    assert list(csv.reader(io.StringIO(page.textarea.text.strip()), "excel-tab")) == rows
    answer = await site.client.get("/coverage.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.splitlines()[0] == "document,point,title,June 2008,March 2009,all"


def test_over_a_long_time_columns_are_years(site_db, tmp_path, monkeypatch):
    shutil.copy(site_db, tmp_path / "statements.db")
    monkeypatch.setattr(periods.list_periods, "__defaults__", (2,))
    with closing(sqlite3.connect(tmp_path / "statements.db")) as conn:
        conn.execute("UPDATE debates SET date = '2011-03-08' WHERE date = '2009-03-08'")
        found = coverage.count_quotes_by_point(conn)
        assert [(column.key, column.left_out) for column in found.columns] == [("2008", 0), ("2009", 2), ("2011", 0)]
        assert coverage.count_quotes_by_point(conn, year="2008").total == found.totals[0]
        monkeypatch.undo()
        months = coverage.count_quotes_by_point(conn, year="2008")
        assert [column.key for column in months.columns] == ["2008-06"]


def test_speakers_beyond_the_limit_share_a_column(conn, monkeypatch):
    every = coverage.count_quotes_by_point(conn, "speaker")
    monkeypatch.setattr(coverage, "MAX_SPEAKERS", 1)
    found = coverage.count_quotes_by_point(conn, "speaker")
    assert [column.title for column in found.columns] == [every.columns[0].title, f"{len(every.columns) - 1} others"]
    assert found.total == every.total


# --- the timeline


async def test_the_timeline_s_table_has_the_figures_of_its_bars(site, conn):
    page = await soup(site, "/timeline")
    drawn = [re.match(r"(.*): (\d+) (mention|quote)", bar.title.text).groups() for bar in page.select("svg a")]
    rows = {row.th.text: [cell.text for cell in row("td")] for row in page.select(".month-figures tbody tr")}
    figures = [
        (month, re.match(r"\d*", cells[n])[0], kind)
        for n, kind in ((2, "mention"), (6, "quote"))
        for month, cells in rows.items()
        if len(cells) > 1
    ]
    assert drawn == [each for each in figures if each[1]]
    assert rows["July 2008 to February 2009"] == ["none"]
    (mentions,) = conn.execute("SELECT count(*) FROM mentions").fetchone()
    assert sum(sum(month.mentions.values()) for month in timeline.count_by_month(conn)) == mentions
    stacked = page.select_one("svg a").select("rect[class]:not(.target)")
    assert [bar["class"] for bar in stacked] == [["commons"], ["lords"]]


async def test_every_figure_of_the_timeline_leads_to_as_many_rows(site):
    for path in ("/timeline", "/timeline?topic=power-of-information"):
        for link in (await soup(site, path)).select("tbody a[href*=named]"):
            address = link["href"].replace("?", ".json?_shape=array&_size=max&", 1)
            assert len((await site.client.get(address)).json()) == int(re.match(r"\d+", link.text)[0]), address


def test_an_unmentioned_topic_has_no_mentions(conn):
    assert not any(month.mentions for month in timeline.count_by_month(conn, "nothing"))


# --- people


async def test_people_are_counted_where_a_topic_is_named_or_words_are_quoted(site, conn):
    about = (
        "(SELECT debate_id FROM named UNION SELECT s.debate_id FROM passages a JOIN speeches s ON s.id = a.speech_id)"
    )
    for one in speakers.read_speakers(conn):
        turns, mentions = conn.execute(
            f"SELECT count(DISTINCT s.id), count(m.id) FROM speeches s LEFT JOIN mentions m ON m.speech_id = s.id "
            f"WHERE s.person_id = ? AND s.debate_id IN {about}",
            (one["id"],),
        ).fetchone()
        assert (one["turns"], one["mentions"]) == (turns, mentions), one["name"]
    links = [a["href"] for a in (await soup(site, "/people")).select(".people a")]
    assert links[0] == "/people/990002"
    for link in links:
        assert (await site.client.get(link)).status_code == 200


async def test_speakers_who_are_not_identified_are_listed_apart_with_the_reason(site, conn):
    page = await soup(site, "/people")
    shown = {line.a.text: line.select_one(".by").text for line in page.select(".unidentified li")}
    assert "the register has no such membership" in shown["Viscount Orrin"]
    assert len(page.select(".unidentified li")) == len(speakers.read_unidentified_speakers(conn)[0])
    reasons = "SELECT DISTINCT unresolved FROM speeches WHERE unresolved IS NOT NULL"
    assert {reason for (reason,) in conn.execute(reasons)} <= {*REASONS, "the source gives no id"}


async def test_people_are_narrowed_by_name_house_and_party(site):
    async def find(query):
        page = await soup(site, f"/people?{query}")
        return [one.text for one in page.select(".people .speaker-name")], page.select("main")[0].text

    assert (await find("name=sian"))[0] == ["Siân Ffrydwen"]
    lords = (await find("house=lords&order=name"))[0]
    assert lords[0] == "Lord Carrowmoor"
    assert set((await find("house=lords&party=Inkwell"))[0]) < set(lords)
    assert (await find("order=turns"))[0][0] == "Dorothea Quillfeather"
    names, text = await find("name=%3Cb%3E")
    assert not names
    assert "No one here matches “<b>”" in text
    assert "Speakers we could not identify" not in text


async def test_a_person_s_page_has_their_seats_offices_and_quotes(site):
    page = await soup(site, "/people/990002")
    assert page.h1.text == "Dorothea Quillfeather"
    assert page.select(".passages h3 a[href='/guidance/participation-online/be-responsive']")
    assert page.select(".passages .by a[href='/debate/d-2008-06-22c-101-3#d-2008-06-22c-101-7']")
    seats, offices = ([line.text for line in page.find("h2", string=name).find_next("ul")("li")] for name in NAMES)
    assert (seats, offices) == (
        ["Broadsheet, Lower Fennimore 5 May 2005 to 12 April 2010"],
        ["Minister for Public Pamphlets, Office of Public Pamphlets 28 June 2007 to 5 June 2009"],
    )
    assert page.select("a[href='https://www.theyworkforyou.com/p/990002']")


def test_memberships_that_follow_one_another_are_one_spell():
    def hold(first, last, party="Labour"):
        return {"house": "commons", "party": party, "constituency": "Mere", "start": first, "end": last} | {
            "first": first or "0000-01-01",
            "last": last or "9999-12-31",
        }

    held = [
        hold("", "2001-05-14"),
        hold("2001-06-07", "2005-04-11"),
        hold("2005-05-05", "2007-01-01"),
        hold("2007-01-01", "2010-04-12", "Independent"),
        hold("2015-05-07", "", "Independent"),
    ]
    spells = [(one["start"], one["end"]) for one in merge_memberships(held)]
    assert spells == [("2015-05-07", ""), ("2007-01-01", "2010-04-12"), ("", "2007-01-01")]


async def test_portraits_come_from_one_host_and_only_where_a_setting_allows_them(site, monkeypatch):
    async def fetch():
        answer = await site.client.get("/people/990002", headers={"Cookie": "unknown=1"})  # no page of the cache
        images = [image["src"] for image in BeautifulSoup(answer.text, "lxml").select(".face img")]
        (policy,) = re.findall(r"img-src ([^;]*)", answer.headers["content-security-policy"])
        return images, policy

    own = "'self' data:"
    assert await fetch() == ([], own)
    monkeypatch.setenv("PORTRAITS", "theyworkforyou")
    host = "https://www.theyworkforyou.com"
    assert await fetch() == ([f"{host}/people-images/mpsL/990002.jpg"], f"{own} {host}")
    monkeypatch.setenv("PORTRAITS", "parliament")
    host = "https://members-api.parliament.uk"
    assert await fetch() == ([f"{host}/api/Members/90002/Thumbnail"], f"{own} {host}")


async def test_every_person_of_the_record_and_of_the_register_has_a_page(site, conn):
    known = "SELECT id FROM persons UNION SELECT person_id FROM speeches WHERE person_id IS NOT NULL"
    for (id,) in conn.execute(known):
        page = await soup(site, f"/people/{id.removeprefix('person/')}")
        assert page.h1.text not in ("", "Not in this archive"), id


async def test_a_superseded_id_redirects_to_the_person(site, conn):
    moved = "SELECT old_id, id FROM people_redirects WHERE old_id LIKE 'person/%' AND id LIKE 'person/%'"
    pairs = conn.execute(moved).fetchall()
    assert pairs
    for old, new in pairs:
        answer = await site.client.get(f"/people/{old.removeprefix('person/')}")
        assert (answer.status_code, answer.headers["location"]) == (301, f"/people/{new.removeprefix('person/')}")


async def test_the_tables_lead_to_people(site):
    page = await soup(site, "/statements/speeches?person_id=person/990002")
    assert (
        await site.client.get(page.select_one("td.col-person_id a")["href"], follow_redirects=True)
    ).status_code == 200
