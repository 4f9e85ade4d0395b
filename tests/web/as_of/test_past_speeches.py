"""What a day's record held at the end of each day stays what ?as_of shows, whatever letters come later."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from db.statements import as_of_tables as past
from scrapers.load.past_speeches import find_rising
from tests.support.letters import (
    AMBROSE,
    DOROTHEA,
    LetterFolder,
    Turn,
    gid,
    speech_id,
    write_emptied,
    write_letter,
)
from tests.support.reading_rooms import CLOSURE, HEDGES, QUESTION, THANKS, receive_first, receive_second, receive_third
from tests.support.sites import open_site

OTHER = CLOSURE.replace("next spring", "this very autumn")
Q, C, T, H = (2, QUESTION, AMBROSE), (3, CLOSURE, DOROTHEA), (4, THANKS, AMBROSE), (5, HEDGES, AMBROSE)
FIRST = [Q, C, T, H]
LATER: dict[str, list[list[Turn]]] = {  # what each next letter has
    "dropped": [[Q, T, H]],
    "dropped, and back": [[Q, T, H], [Q, C, T, H]],
    "dropped, and back in other words": [[Q, T, H], [Q, (3, OTHER, DOROTHEA), T, H]],
    "dropped, back, and dropped again": [[Q, T, H], [Q, C, T, H], [Q, T, H]],
    "other words, and the first again": [[Q, (3, OTHER, DOROTHEA), T, H], [Q, C, T, H]],
    "the speaker corrected twice": [[Q, (3, CLOSURE, AMBROSE), T, H], [Q, C, T, H]],
    "moved": [[C, T, H, (9, QUESTION, AMBROSE)]],
    "moved, and its speaker corrected": [[Q, T, H, (9, CLOSURE, AMBROSE)]],
    "added": [[Q, C, T, H, (6, OTHER, AMBROSE)]],
    "added, and dropped": [[Q, C, T, H, (6, "A bridge will be built across the river.", AMBROSE)], [Q, C, T, H]],
    "all in another order": [
        [(6, HEDGES, AMBROSE), (7, THANKS, AMBROSE), (8, CLOSURE, DOROTHEA), (9, QUESTION, AMBROSE)]
    ],
    "all dropped but one": [[T]],
}


def read_record(path: Path, day: str = "") -> tuple[list[tuple[str, str]], list[str]]:
    """Read speakers and words in order, and the words of what was withdrawn, today or as of a day."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        if day:
            conn.execute("BEGIN")
            past.shadow_guidance_and_register(conn, day)
            past.copy_annotations(conn)
            past.shadow_wordings(conn, day)
        held = conn.execute("SELECT speaker, text FROM speeches ORDER BY position").fetchall()
        return held, [text for (text,) in conn.execute("SELECT text FROM withdrawn_speeches ORDER BY text")]


def receive_letter(made: LetterFolder, number: int, before: list[Turn], turns: list[Turn], new_file: bool) -> None:
    """Receive the next letter, or the same file in another version; what is gone is sent on to the heading."""
    day, old, new = f"2026-01-{10 * number + 1}", "abcd"[number - 1], "abcd"[number]
    if not new_file:
        made.receive(day, "a", write_letter("a", turns))
        return
    places = {words: n for n, words, _ in turns}
    there = {n for n, _, _ in turns}
    links = [(f"{old}0", f"{new}0", "perfectmatch")]
    for n, words, _ in before:
        to = places.get(words, n if n in there else 0)
        links.append((f"{old}{n}", f"{new}{to}", "changes" if to else "missing"))
    made.receive(day, old, write_emptied(old, links, before))
    made.receive(day, new, write_letter(new, turns))


@pytest.mark.parametrize("new_file", [True, False], ids=["letters", "one file"])
@pytest.mark.parametrize("what", LATER)
def test_the_record_of_a_day_stays_as_it_was_held(tmp_path: Path, what: str, new_file: bool) -> None:
    made = LetterFolder(tmp_path)
    made.receive("2026-01-01", "a", write_letter("a", FIRST))
    held = {"2026-01-01": read_record(made.load(annotate=False))}
    steps = [FIRST, *LATER[what]]
    for number, turns in enumerate(steps[1:], 1):
        receive_letter(made, number, steps[number - 1], turns, new_file)
        held[f"2026-01-{10 * number + 1}"] = read_record(made.load(annotate=False))
    for day, record in held.items():
        assert read_record(made.statements, day) == record, day
    assert read_record(made.statements, "2025-12-31") == held["2026-01-01"]  # as received first
    assert read_record(made.statements, "2026-01") == list(held.values())[-1]


async def test_pages_show_a_speech_and_a_speaker_as_they_stood_before(tmp_path: Path, monkeypatch) -> None:
    made = receive_first(tmp_path)
    receive_second(made)
    receive_third(made)
    made.load()
    monkeypatch.setenv("QUOTES", str(made.quotes))
    client = open_site(made.statements).client
    debate, dropped, corrected = (speech_id(letter, n) for letter, n in (("c", 0), ("a", 3), ("c", 5)))
    page = BeautifulSoup((await client.get(f"/debate/{debate}?as_of=2026-01-05")).text, "lxml")
    spoken = [(each.select_one(".speaker").text, each.select_one(".words p").text) for each in page.select(".speech")]
    assert [who.split()[0] for who, _ in spoken] == ["Ambrose", "Dorothea", "Ambrose", "Ambrose"]
    assert "they are no part of the record today" in page.find(id=dropped).text
    assert "another speaker is named today" in page.find(id=corrected).text
    assert len(page.select(f"#{dropped} mark, #{corrected} mark")) == 2  # the notes on both
    assert (await client.get(f"/speech/{dropped}?as_of=2026-01-05")).status_code == 200
    assert (await client.get(f"/speech/{dropped}?as_of=2026-01-15")).status_code == 410
    assert "named another speaker" not in (await client.get(f"/debate/{debate}/changes?as_of=2026-01-05")).text
    for quote in ("dropped", "corrected"):
        text = (await client.get(f"/q/{quote}?as_of=2026-01-05")).text
        assert "Matches Hansard word for word" in text
    cited = (await client.get("/q/dropped.txt?as_of=2026-01-05")).text
    assert cited.startswith(f"“close every reading room” {DOROTHEA[1]}, Reading Rooms, ")


async def test_a_speech_that_came_later_is_said_not_to_have_been_held(tmp_path: Path) -> None:
    made = LetterFolder(tmp_path)
    made.receive("2026-01-01", "a", write_letter("a", [Q, T]))
    made.receive("2026-01-11", "a", write_letter("a", [Q, C, T]))
    client = open_site(made.load()).client
    address = f"/speech/{speech_id('a', 3)}"
    answer = await client.get(f"{address}?as_of=2026-01-05")
    assert answer.status_code == 404
    assert "The record held here had no such words then" in answer.text
    assert (await client.get(f"{address}?as_of=2026-01-11")).status_code == 200
    assert (await client.get(f"/debate/{gid('a', 0)}?as_of=2026-01-05", follow_redirects=True)).status_code == 200


@pytest.mark.parametrize(
    ("numbers", "places"),
    [([], []), ([1], [0]), ([3, 2, 1], [2]), ([1, 5, 2, 3], [0, 2, 3]), ([2, 9, 3, 4, 1], [0, 2, 3])],
)
def test_what_stands_in_place_is_a_longest_rising_series(numbers: list[int], places: list[int]) -> None:
    assert find_rising(numbers) == places
