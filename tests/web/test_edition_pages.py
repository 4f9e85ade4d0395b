"""The pages of editions and changes, over what several sources tell together."""

import sqlite3

import pytest
from bs4 import BeautifulSoup

from tests.support.markup import SCRIPT
from tests.support.page_checks import check_page
from tests.support.sites import open_site

DEBATE, SPEECH, ALONE = "d-2008-06-22c-101-3", "d-2008-06-22c-102-1", "d-2009-03-08a-301-3"
PAGES = [
    *(f"/debate/{DEBATE}", f"/debate/{DEBATE}/changes", f"/debate/{DEBATE}/changes?whole=1", f"/speech/{SPEECH}"),
    *(f"/speech/{SPEECH}/editions", f"/speech/{ALONE}/editions", "/debate/d-2009-03-08a-301-2/changes"),
]


async def soup(site, path, status=200):
    response = await site.client.get(path)
    assert response.status_code == status, path
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def copied(told_db, tmp_path, root, told_site):
    """A function that changes a copy of the database and gives the site over it."""

    def change(*statements):
        path = tmp_path / "statements.db"
        path.write_bytes(told_db.read_bytes())
        with sqlite3.connect(path) as conn:
            for statement, values in statements:
                assert conn.execute(statement, values).rowcount > 0
        return open_site(path)

    return change


@pytest.mark.parametrize("path", PAGES)
async def test_the_pages_are_well_formed(told_site, path):
    check_page(await soup(told_site, path), path)


async def test_every_debate_and_every_speech_has_a_page_of_its_wordings(told_site, told_db):
    conn, titles = sqlite3.connect(told_db), set()
    paths = [f"/speech/{id}/editions" for (id,) in conn.execute("SELECT id FROM speeches")]
    paths += [f"/debate/{id}/changes" for (id,) in conn.execute("SELECT id FROM debates")]
    for path in paths:
        page = await soup(told_site, path)
        check_page(page, path)
        titles.add(page.title.text)
    assert len(titles) == len(paths)


async def test_a_speech_s_page_of_editions_begins_with_what_changed(told_site):
    page = await soup(told_site, f"/speech/{SPEECH}/editions")
    assert page.select_one(".lead").text == "1 word changed and 3 removed since it was first published."
    [first, *_] = page.select("section.edition")
    assert first.h2.text == "Then and now"
    assert [tag.get_text(" ", strip=True) for tag in first.select("del, ins")] == [
        "[removed: two and a half ]",
        "[added: 2½ ]",
    ]


async def test_every_edition_has_its_source_and_evidence(told_site):
    page = await soup(told_site, f"/speech/{SPEECH}/editions")
    held = page.select("section.edition:has(h3)")
    assert [each.h3.text for each in held] == [
        "Parliament’s page, as first published (source)",
        "TheyWorkForYou, revision b (source)",
        "TheyWorkForYou, revision c (source)",
        "Parliament’s API (source)",
    ]
    assert all(each.a["href"].startswith("http") for each in held)
    assert all("in archive.db" in each.select_one("p.by")["title"] for each in held)
    assert "its address leads here (changes) (score 1.0 of 1)" in held[1].text
    assert "This is the version shown." in held[2].text


async def test_one_edition_alone_is_explained(told_site):
    page = await soup(told_site, f"/speech/{ALONE}/editions")
    assert "Only one version" in page.select_one(".lead").text
    assert "scrape --source publications" in page.select_one(".empty").text
    assert not page.find(["del", "ins"])


async def test_a_debate_s_page_of_changes_has_only_the_speeches_that_changed(told_site):
    page = await soup(told_site, f"/debate/{DEBATE}/changes")
    assert [section["id"] for section in page.select("section.edition")] == [SPEECH]
    assert [link["href"] for link in page.select(".list a")] == [
        f"/speech/d-2008-06-22c-102-{n}/editions" for n in (1, 4, 5)
    ]


async def test_a_debate_and_its_speeches_lead_to_what_changed(told_site):
    debate = await soup(told_site, f"/debate/{DEBATE}")
    assert debate.find("a", href=f"/debate/{DEBATE}/changes").text == "1 change"
    beneath = debate.find(id=SPEECH).select_one(".beneath a")
    assert (beneath["href"], beneath.text) == (f"/speech/{SPEECH}/editions", "3 other versions differ")
    assert len(debate.select(".beneath a[href$=editions]")) == 3
    speech = await soup(told_site, f"/speech/{SPEECH}")
    assert speech.find("a", href=f"/speech/{SPEECH}/editions").text == "1 change"


async def test_hansard_is_linked_where_its_address_is_known(told_site):
    page = await soup(told_site, f"/debate/{DEBATE}")
    [link] = page.select(".facts a[href^='https://hansard.parliament.uk/Commons/2008-06-22/debates/']")
    assert link.text == "Hansard"


async def test_problems_of_the_source_are_noted_below_the_speech(copied):
    site = copied(("UPDATE speeches SET damage = 'Its end is cut off.' WHERE id = ?", (SPEECH,)))
    turn = (await soup(site, f"/debate/{DEBATE}")).find(id=SPEECH)
    assert turn.select_one(".beneath").text == "In the source: Its end is cut off."


async def test_a_turn_of_another_source_than_its_debate_is_attributed(copied):
    site = copied(
        ("UPDATE speeches SET source = 'hansard' WHERE id = ?", (SPEECH,)),
        ("UPDATE sources SET attribution = 'By leave of the House.' WHERE id = 'hansard'", ()),
    )
    page = await soup(site, f"/debate/{DEBATE}")
    assert "From Hansard (Parliament's API)" in page.find(id=SPEECH).text
    assert "Hansard (Parliament's API): By leave of the House." in page.select_one(".provenance").text


async def test_a_doubtful_turn_is_listed_with_what_it_may_be(copied):
    other = "d-2008-06-22c-102-4"
    site = copied(("INSERT INTO doubts VALUES (1, ?, ?, 'hansard', 0.5, 'in order')", (other, SPEECH)))
    for path in (f"/debate/{DEBATE}/changes", f"/speech/{SPEECH}/editions", f"/speech/{other}/editions"):
        page = await soup(site, path)
        check_page(page, path)
        links = [link["href"] for link in page.select(".doubts a")]
        assert links == [f"/speech/{other}", f"/speech/{SPEECH}"]
        assert "Why: in order (score 0.5 of 1)" in page.select_one(".doubts").text
    rows = (await site.client.get("/statements/doubtful_matches.json?_shape=array&source=hansard")).json()
    assert [(row["speech_id"], row["candidate_id"]) for row in rows] == [(other, SPEECH)]
    assert (await site.client.get("/statements/doubtful_matches.json?_shape=array&source=x")).json() == []


async def test_recent_changes_are_a_canned_query(told_site, told_db):
    rows = (await told_site.client.get("/statements/what_changed_lately.json?_shape=array")).json()
    [(count,)] = sqlite3.connect(told_db).execute(
        "SELECT count(*) FROM wordings w JOIN speeches s ON s.id = w.speech_id WHERE w.text <> s.text"
    )
    assert len(rows) == count > 0
    assert [row["updated"] for row in rows] == sorted((row["updated"] for row in rows), reverse=True)
    page = await soup(told_site, "/statements/what_changed_lately")
    assert page.find("a", href=rows[0]["page"])


# --- as data


async def test_a_speech_s_editions_are_served_as_json(told_site):
    data = (await told_site.client.get(f"/speech/{SPEECH}/editions?format=json")).json()
    assert (data["speech_id"], data["debate_id"]) == (SPEECH, DEBATE)
    assert data["told"] == "1 word changed and 3 removed since it was first published."
    first, *_ = data["editions"]
    assert first["counts"] == {"places": 1, "changed": 1, "added": 0, "removed": 3, "marks": 0}
    newer = "".join(run["text"] for run in first["differences"] if run["kind"] != "removed")
    assert newer == next(each["text"] for each in data["editions"] if each["best"])


async def test_a_debate_s_changes_are_served_as_json(told_site):
    data = (await told_site.client.get(f"/debate/{DEBATE}/changes?format=json")).json()
    assert (data["places"], data["punctuation"], [each["speech_id"] for each in data["changed"]]) == (1, 0, [SPEECH])


# --- addresses and hostile words


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/speech/2008-06-22b.102.1/editions", f"/speech/{SPEECH}/editions"),
        ("/debate/2008-06-22a.101.3/changes", f"/debate/{DEBATE}/changes"),
        ("/debate/2008-06-22b.102.1/changes", f"/debate/{DEBATE}/changes#{SPEECH}"),
        (f"/speech/{DEBATE}/editions", f"/debate/{DEBATE}/changes"),
    ],
)
async def test_any_address_of_a_speech_or_debate_leads_to_its_editions(told_site, path, location):
    response = await told_site.client.get(path)
    assert (response.status_code, response.headers["location"]) == (301, location)


@pytest.mark.parametrize("path", ["/speech/x/editions", "/debate/nothing/changes", "/speech/%3Cscript%3E/editions"])
async def test_editions_of_unknown_speeches_and_debates_are_missing(told_site, path):
    check_page(await soup(told_site, path, 404), path)


async def test_hostile_words_in_an_edition_never_run(copied):
    hostile = "text = ?1, speaker = ?1, office = ?1, evidence = ?1, edition = ?1, source_gid = ?1"
    site = copied(
        (f"UPDATE wordings SET {hostile} WHERE speech_id = ?2", (SCRIPT, SPEECH)),
        (
            "UPDATE speeches SET damage = ?1, hansard_address = ?2, hansard_url = ?2, url = ?2 WHERE id = ?3",
            (SCRIPT, "javascript:alert(1)", SPEECH),
        ),
        ("INSERT INTO doubts VALUES (1, ?2, ?2, ?1, 0.5, ?1)", (SCRIPT, SPEECH)),
        ("UPDATE sources SET title = ?1, attribution = ?1", (SCRIPT,)),
    )
    paths = [f"/speech/{SPEECH}/editions", f"/debate/{DEBATE}/changes", f"/debate/{DEBATE}", f"/speech/{SPEECH}"]
    paths += ["/statements/doubtful_matches", "/statements/what_changed_lately"]
    for path in paths:
        text = (await site.client.get(path)).text
        assert "<script>alert" not in text, path
        assert 'href="javascript:' not in text, path
        assert "script&gt;alert(1)" in text, path
    data = await site.client.get(f"/speech/{SPEECH}/editions?format=json")
    assert data.headers["content-type"].startswith("application/json")


OLD_GID = "uk.org.publicwhip/debate/2008-06-22b.999.1"
WITHDRAWN = {
    "gid": OLD_GID,
    "debate_id": DEBATE,
    "kind": "debates",
    "date": "2008-06-22",
    "speaker": "Tilda Marsh",
    "citation": "HC Deb 22 June 2008 c101",
    "text": "We shall close every reading room.",
    "edition": "b",
    "source": "theyworkforyou",
    "response_id": 1,
    "received": "2008-06-23T06:00:00Z",
    "evidence": "it is gone",
    "withdrawn": "2008-06-30T06:00:00Z",
}


async def test_the_old_address_of_a_withdrawn_speech_has_its_last_words_and_the_date(copied):
    marks = ", ".join("?" * len(WITHDRAWN))
    insert = f"INSERT INTO withdrawn_speeches ({', '.join(WITHDRAWN)}) VALUES ({marks})"
    site = copied((insert, tuple(WITHDRAWN.values())))
    page = await soup(site, "/speech/d-2008-06-22b-999-1", 410)
    check_page(page, "/speech/d-2008-06-22b-999-1")
    assert page.h1.text == "This speech was withdrawn by TheyWorkForYou on 30 June 2008"
    assert (page.blockquote.text.strip(), "Tilda Marsh" in page.text) == (WITHDRAWN["text"], True)
    changes = await soup(site, f"/debate/{DEBATE}/changes")
    assert changes.find("a", href="/speech/d-2008-06-22b-999-1").text == "Tilda Marsh, HC Deb 22 June 2008 c101"
    verified = await soup(site, "/verify?quote=We+shall+close+every+reading+room.")
    assert verified.select_one(".verdict").text.startswith("Withdrawn. Words that were withdrawn by TheyWorkForYou on")
    told = (await site.client.get(f"/debate/{DEBATE}/changes?format=json")).json()
    assert [each["withdrawn"] for each in told["withdrawn"]] == ["2008-06-30T06:00:00Z"]


async def test_an_edition_that_names_another_speaker_is_told(copied):
    values = "speech_id, source, '', 1, received, ?, 'Tilda Marsh', text, 1.0, 'the same address', 1"
    site = copied(
        (
            "INSERT INTO wordings (speech_id, source, edition, response_id, received, source_gid, speaker, text, score,"
            f" evidence, other_speaker) SELECT {values} FROM (SELECT *, id AS speech_id FROM speeches WHERE id = ?)",
            (OLD_GID, ALONE),
        )
    )
    page = await soup(site, f"/speech/{ALONE}/editions")
    assert "Tilda Marsh’s: the speaker has been corrected" in page.select_one(".lead").text
    assert "It names Tilda Marsh as the speaker" in page.text
    changes = await soup(site, "/debate/d-2009-03-08a-301-2/changes")
    assert changes.select_one(".lead").text.startswith("The speaker of 1 speech has been corrected")
    assert "names Tilda Marsh" in changes.select_one(".list").text
