"""A speech that was dropped and a speaker who was corrected, told alike by pages, feeds, citations and exports."""

import re
from pathlib import Path
from typing import Any

import feedparser
import pytest
from bs4 import BeautifulSoup

from tests.support.letters import AMBROSE, DOROTHEA, LetterFolder, gid, speech_id, write_letter, write_quote
from tests.support.reading_rooms import CLOSURE, HEDGES, THANKS, receive_first, receive_second, receive_third
from tests.support.sites import open_site

WITHDRAWN = "withdrawn by TheyWorkForYou on 10 January 2026"
FEEDS = ("/feeds/changes.atom", "/feeds/search.atom?q=valley")


async def read_entries(made: LetterFolder, path: str) -> list[Any]:
    read = feedparser.parse((await open_site(made.statements).client.get(path)).content)
    assert not read.bozo
    return list(read.entries)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> LetterFolder:
    made = receive_first(tmp_path_factory.mktemp("letters"))
    receive_second(made)
    made.load()
    return made


@pytest.fixture(scope="module")
def client(letters: LetterFolder) -> Any:
    return open_site(letters.statements).client


async def test_the_feed_of_changes_tells_of_both(letters: LetterFolder, client: Any) -> None:
    entries = {entry.title: entry for entry in await read_entries(letters, "/feeds/changes.atom")}
    assert set(entries) == {"Withdrawn: Reading Rooms", "Another speaker: Reading Rooms"}
    gone, renamed = entries["Withdrawn: Reading Rooms"], entries["Another speaker: Reading Rooms"]
    assert (gone.author, WITHDRAWN in gone.summary, CLOSURE in gone.summary) == (DOROTHEA[1], True, True)
    assert gone.link.endswith(f"/speech/{speech_id('a', 3)}")
    assert (await client.get(f"/speech/{speech_id('a', 3)}")).status_code == 410
    told = f"theyworkforyou a names {AMBROSE[1]} as the speaker, theyworkforyou b names {DOROTHEA[1]}."
    assert (told in renamed.summary, HEDGES in renamed.summary) == (True, True)


async def test_no_id_or_date_changes_with_a_later_letter_of_the_same_words(
    letters: LetterFolder, tmp_path: Path
) -> None:
    later = receive_first(tmp_path)
    receive_second(later)
    receive_third(later)
    later.load()
    for path in FEEDS:
        before, after = [{(e.id, e.updated[:10]) for e in await read_entries(each, path)} for each in (letters, later)]
        assert before == after, path
        assert before, path


async def test_the_debate_and_its_changes_tell_of_both(client: Any) -> None:
    debate = BeautifulSoup((await client.get(f"/debate/{speech_id('b', 0)}")).text, "lxml")
    assert "1 speech of this debate was withdrawn" in debate.main.text
    assert debate.find("a", href=f"/speech/{speech_id('a', 3)}")
    renamed = debate.find(id=speech_id("b", 5)).select_one(".beneath a")
    assert renamed.text == f"Another version names {AMBROSE[1]} as the speaker"
    changes = BeautifulSoup((await client.get(f"/debate/{speech_id('b', 0)}/changes")).text, "lxml")
    assert changes.select_one(".lead").text.endswith("1 speech was withdrawn.")
    data = (await client.get(f"/debate/{speech_id('b', 0)}/changes?format=json")).json()
    assert [(each["speaker"], each["withdrawal"]) for each in data["withdrawn"]] == [(DOROTHEA[1], WITHDRAWN)]
    assert [each["speaker"] for each in data["other_speakers"]] == [AMBROSE[1]]
    rows = (await client.get("/statements/what_changed_lately.json?_shape=array")).json()
    assert sorted(row["change"] for row in rows) == ["speaker", "withdrawn"]


async def test_quotes_lead_to_the_last_words_and_cite_who_was_named(client: Any) -> None:
    dropped = BeautifulSoup((await client.get("/q/dropped")).text, "lxml")
    assert dropped.find("a", href=f"/speech/{speech_id('a', 3)}").text == DOROTHEA[1]
    assert (await client.get("/q/dropped.txt")).text.startswith(
        f"{DOROTHEA[1]}, Reading Rooms, HC Deb 24 June 2008 c1, {WITHDRAWN}, "
    )
    assert (await client.get("/q/corrected.json")).json()[0]["author"] == [{"literal": AMBROSE[1]}]
    assert f"{AMBROSE[1]} was named as the speaker" in (await client.get("/q/corrected")).text
    node = (await client.get("/q/corrected.jsonld")).json()
    assert node["target"]["dcterms:bibliographicCitation"] == f"{AMBROSE[1]}, HC Deb 24 June 2008 c1"
    node = (await client.get("/q/dropped.jsonld")).json()
    assert node["target"]["source"].endswith(f"/speech/{speech_id('a', 3)}")
    assert WITHDRAWN in node["target"]["dcterms:bibliographicCitation"]


async def test_a_withdrawn_speech_whose_address_is_used_again_is_told_with_its_debate(tmp_path: Path) -> None:
    made = LetterFolder(tmp_path, write_quote("x", gid("a", 3), "close every reading room"))
    made.receive("2026-01-01", "a", write_letter("a", [(2, THANKS, AMBROSE), (3, CLOSURE, DOROTHEA)]))
    made.receive("2026-01-10", "a", write_letter("a", [(2, THANKS, AMBROSE), (3, HEDGES, AMBROSE)]))
    made.load()
    client = open_site(made.statements).client
    page, anchor = f"/debate/{speech_id('a', 0)}/changes", f"withdrawn-{speech_id('a', 3)}"
    assert CLOSURE in BeautifulSoup((await client.get(page)).text, "lxml").find(id=anchor).text
    [entry] = await read_entries(made, "/feeds/changes.atom")
    assert re.sub("https?://[^/]*", "", entry.link) == f"{page}#{anchor}"
    quote = (await client.get("/q/x")).text
    assert f'href="{page}#{anchor}"' in quote
    assert f"The speech was {WITHDRAWN}, and its address is another’s now" in quote
    verdict = (await client.get(f"/verify?quote={CLOSURE}&format=json")).json()
    assert (verdict["answer"], verdict["passages"][0]["address"]) == (
        "withdrawn",
        f"{page}#withdrawn-{speech_id('a', 3)}",
    )
