"""Pages of a day in the past: what was entered later is nowhere on them, and they lead to others of that day."""

import random
import re
from contextlib import closing

import pytest
from bs4 import BeautifulSoup
from datasette.utils.sqlite import sqlite3

from db.journal.entries import EntryDraft
from tests.support.journal_drafts import annotate
from tests.support.past import DEBATE, POINT, enter_drafts
from tests.support.sites import open_site

OWN = {"Cookie": "x=1"}  # an answer worked out for this visitor alone
SPEECH = "uk.org.publicwhip/debate/2008-06-22c.101.5"
PAGES = (
    *(DEBATE, f"{DEBATE}?notes=end", f"{DEBATE}/changes", "/speech/d-2008-06-22c-101-5", POINT, "/guidance"),
    *("/guidance/participation-online", "/coverage", "/coverage?by=speaker", "/coverage.csv", "/timeline", "/people"),
    *(
        "/",
        "/debates",
        "/quotes",
        "/people/990002",
        "/q/specimen-1",
        "/q/specimen-1.jsonld",
        "/q/specimen-2",
        "/q/a",
        "/q/b",
        "/q/c",
        "/q/r3",
    ),
)
ANYBODYS = tuple(page for page in PAGES if not re.search(r"csv|jsonld|/q/.{1,2}$", page))
WORDS = ("which office", "at the outset", "that the official say at the outset who he or she is", "gone")


def anything(chance, number):
    """Something that somebody does, whether it makes sense or not."""
    who, one = chance.choice(["ada", "bob"]), chance.choice(["a", "b", "c", "specimen-1", "specimen-2", "specimen-5"])
    about, selector = {"annotation": one}, {"exact": chance.choice(WORDS)}
    author = {"creator": who, "created": chance.choice(["2008", "2026-01-03", "2026-12"])}
    film = {"id": f"m{number}", "target": SPEECH, "source": "https://v.example/1.webm", "start": number, **author}
    made = annotate(chance.choice("abc"), who, chance.choice(WORDS[:3]), note=f"<b>{number}</b>", **author)
    answer = {**about, "id": f"r{number}", "stance": chance.choice(["agrees", "disputes"]), "text": f"No {number}."}
    every = (
        ("annotate", made.payload),
        ("edit", {**about, "note": f"Otherwise {number}.", "reading": chance.choice(["said", "implied"])}),
        ("reply", {**answer, **author}),
        ("withdraw", about),
        ("restore", about),
        ("confirm", {**about, "selector": selector}),
        ("repair", {**about, "selector": selector, "reason": f"because {number}"}),
        ("moment", {**film, **chance.choice([{}, about])}),
        ("withdraw", {"moment": f"m{chance.randrange(number + 1)}"}),
        ("done", {"debate": "d-2008-06-22c-101-3"}),
        ("begin", {"debate": "d-2008-06-22c-101-3"}),
    )
    return EntryDraft(who, *chance.choice(every), f"2026-01-{number + 1:02}T10:00:00Z")


def on(path, day):
    return f"{path}{'&' if '?' in path else '?'}as_of={day}"


async def shown(client, day):
    found = {path: await client.get(on(path, day), headers=OWN) for path in PAGES}
    assert {answer.status_code for answer in found.values()} <= {200, 301, 404, 410}
    return {path: (one.headers.get("location"), one.text) for path, one in found.items() if one.status_code != 404}


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.nightly)])
async def test_a_day_is_shown_as_it_was_whatever_is_entered_later(places, root, site, seed):
    client, chance = open_site(places.statements).client, random.Random(seed)
    drafts = [anything(chance, number) for number in range(28)]
    then = {}
    for first, last in ((0, 8), (8, 18), (18, 28)):
        enter_drafts(places, *drafts[first:last])
        then[last] = await shown(client, f"2026-01-{last:02}")
    for last in (8, 18):
        again = await shown(client, f"2026-01-{last:02}")
        assert [path for path in PAGES if then[last].get(path) != again.get(path)] == []
    assert len({str(pages[DEBATE]) for pages in then.values()}) == len(then)


async def test_a_quote_is_shown_as_it_stood(client):
    def ask(id, day):
        return client.get(f"/q/{id}?as_of={day}", headers=OWN)

    january, april, june = [(await ask("new", f"2026-0{month}")) for month in (1, 4, 6)]
    assert (january.status_code, april.status_code, june.status_code) == (200, 410, 200)
    assert "Not so." not in january.text
    assert "Not so." in june.text
    assert "Otherwise." in june.text
    early = await ask("new", "2025-12-31")
    assert early.status_code == 404
    assert "That was made on 1 January 2026, which was later." in early.text
    assert (await ask("new.bib", "2025")).status_code == 404
    assert (await ask("new.bib", "2026-01")).headers["x-robots-tag"] == "noindex"
    assert (await ask("r", "2026-01")).status_code == 404
    assert (await ask("r", "2026-02")).headers["location"] == "/q/new?as_of=2026-02#r"
    assert "was made on" not in (await ask("nobodys", "2025")).text


async def test_every_page_of_the_past_says_so_once_and_leads_to_its_day_and_to_today(client):
    for path in ANYBODYS:
        answer = await client.get(on(path, "2026-02"), headers=OWN)
        page = BeautifulSoup(answer.text, "lxml")
        assert answer.headers["x-robots-tag"] == "noindex"
        assert len(page.find_all("meta", attrs={"name": "robots", "content": "noindex"})) == 1
        assert page.find("link", rel="canonical")["href"] == (path if "?by=" in path else path.partition("?")[0])
        assert page.select_one("div.asof label").text == "As of February 2026"
        assert page.find("a", class_="today")["href"].removesuffix("?by=month") == path
        links = [a["href"] for a in page.select("main a[href^='/']") if a.get("class") != ["today"]]
        assert all("as_of=2026-02" in at for at in links if re.match(r"/(debate|speech|q|guidance|people)/", at)), path
        assert not page.select("main form[method=post]")


@pytest.mark.parametrize("day", ["yesterday", "2008-02-30", "<script>", "2008-06-18' OR 1", "9999999", "2008-06-18T10"])
async def test_an_invalid_date_is_refused_on_every_page(client, day):
    for path in ("/timeline", "/people", "/people/990002", "/q/specimen-1", "/q/specimen-1.bib"):
        answer = await client.get(path, params={"as_of": day})
        assert answer.status_code == 400
        assert "is no date" in answer.text
        assert "<script>" not in answer.text or answer.headers["content-type"].startswith("text/plain")


async def test_later_offices_and_future_end_dates_are_hidden(client, journal):
    with closing(sqlite3.connect(journal.statements)) as conn:
        held = "('{}', 'person/990002', '{}', NULL, '{}', '{}', '{}', '{}')"
        early = held.format("o1", "Keeper of Seals", "2008-01-01", "2009-01-01", "2008-01-01", "2009-01-01")
        late = held.format("o2", "Keeper of Bees", "2009-02-01", "", "2009-02-01", "9999-12-31")
        conn.execute(f"INSERT INTO offices VALUES {early}, {late}")
        name = "(99, 'person/990002', 'Main', 'Lord X', '2010-01-01', '9999-12-31')"
        conn.execute(f"INSERT INTO person_names VALUES {name}")
        conn.execute("UPDATE persons SET name = 'Lord X' WHERE id = 'person/990002'")
        conn.commit()
    then, now = [(await client.get(f"/people/990002{asked}", headers=OWN)).text for asked in ("?as_of=2008-12", "")]
    assert 'Keeper of Seals <span class="by">since 1 January 2008<' in then
    assert 'Keeper of Seals <span class="by">1 January 2008 to 1 January 2009<' in now
    for words in ("Keeper of Bees", "Lord X"):
        assert words in now
        assert words not in then


async def test_words_received_later_are_counted_nowhere(client, journal):
    pages = (DEBATE, f"{DEBATE}/changes", "/speech/d-2008-06-22c-101-5/editions")
    before = [(await client.get(on(path, "2026-11-23"), headers=OWN)).text for path in pages]
    with closing(sqlite3.connect(journal.statements)) as conn:
        names = "speech_id, source, edition, response_id, received, source_gid, text, score, evidence"
        row = ("d-2008-06-22c-101-5", "theyworkforyou", "b", 9, "2026-11-24T00:00:00Z", "g", "Quite other.", 1.0, "")
        conn.execute(f"INSERT INTO wordings ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        conn.commit()
    assert [(await client.get(on(path, "2026-11-23"), headers=OWN)).text for path in pages] == before
    assert "1 other version differs" in (await client.get(DEBATE, headers=OWN)).text


async def test_home_and_debates_show_that_day(client):
    page = BeautifulSoup((await client.get("/?as_of=2008-06-23", headers=OWN)).text, "lxml")
    assert "As of 23 June 2008" in " ".join(page.main.text.split())
    assert "22 June 2008" in page.select_one(".first-quote").text
    assert {link.text for link in page.select(".mentions .where a[href^='/debate/']")} == {"22 June 2008"}
    assert page.find("a", string="Read the debates")["href"] == "/debates?as_of=2008-06-23"
    listed = BeautifulSoup((await client.get("/debates?as_of=2008-06-23&sort=oldest", headers=OWN)).text, "lxml")
    assert {day.text for day in listed.select(".debates .day")} == {"22 June 2008"}
    assert not BeautifulSoup((await client.get("/?as_of=2008-06-21", headers=OWN)).text, "lxml").select(".first-quote")


async def test_the_timeline_ends_with_its_day(client):
    page = BeautifulSoup((await client.get("/timeline?as_of=2008-06-21", headers=OWN)).text, "lxml")
    assert not page.select("main a[href^='/statements']")
    months = [each.text for each in page.select("tbody th")]
    assert "June 2008" not in months or "22" not in page.select_one(".lead").text
    later = BeautifulSoup((await client.get("/timeline?as_of=2008-06-22", headers=OWN)).text, "lxml")
    assert "June 2008" in [each.text for each in later.select("tbody th")]
    assert "/timeline?as_of=" not in (await client.get("/sitemap.xml")).text
