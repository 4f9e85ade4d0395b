"""Notes on the pages of debates and speeches: chosen by status, from one to the next, with their history; in print."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from bs4 import BeautifulSoup
from datasette.utils.sqlite import sqlite3 as served_sqlite
from playwright.sync_api import expect

from tests.support.addresses import DEBATE
from tests.support.browser import ONE_LOOK, find_flaws, serving, watch_pages
from tests.support.sites import open_site
from web.debates.queries import read_debate_page
from web.debates.view import find_neighbours, group_stances

SPEECH = "/speech/d-2008-06-22c-101-5"
NAMES = ("specimen-1", "specimen-3")  # what is made disputed twice and moved here
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def noted_db(tmp_path_factory, site_db):
    """The specimens with one note moved, one changed, one with two supporters, and entries of a journal."""
    path = tmp_path_factory.mktemp("notes") / "statements.db"
    shutil.copy(site_db, path)
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("UPDATE annotations SET anchor = 'moved' WHERE id = 'specimen-3'")
        conn.execute("UPDATE annotations SET anchor = 'changed' WHERE id = 'specimen-4'")
        difference = json.dumps([["gone", "old"], ["new", "new"]])
        conn.execute(
            "INSERT INTO repair_list (annotation_id, anchor, old, new, difference, evidence, advice)"
            " VALUES ('specimen-4', 'changed', 'old', 'new', ?, '', '')",
            (difference,),
        )
        for n, (who, stance) in enumerate([("Ada", "agrees"), (EVIL, "agrees"), ("Ada", "agrees")], 7):
            conn.execute(
                "INSERT INTO replies (id, annotation_id, position, stance, text, creator, created, actor, status)"
                " VALUES (?, 'specimen-1', ?, ?, 'So it is.', ?, '2026-11-01', '', 'active')",
                (f"x{n}", n, stance, who),
            )
        for n, undone in enumerate((0, 1)):
            conn.execute(
                "INSERT INTO annotation_history (id, time, actor, kind, annotation_id, summary, undone, problem,"
                " moderates, reason, hash)"
                " VALUES (?, '2026-11-02T10:00:00Z', 'Ada', 'reply', 'specimen-1', ?, ?, '', 0, '', '')",
                (f"entry-{n}", f"agrees: {EVIL}", undone),
            )
    return path


@pytest.fixture(scope="module")
def noted_site(root, noted_db, site):
    return open_site(noted_db)


async def read(site, path):
    answer = await site.client.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.text, "html.parser")


def numbers(page):
    return [int(number.text) for number in page.select(".note .number")]


@pytest.mark.parametrize(
    ("status", "left"), [("exact", 4), ("moved", 1), ("changed", 1), ("disputed", 1), ("zebra", 0), ("%00", 6), ("", 6)]
)
async def test_notes_are_chosen_by_status(noted_site, status, left):
    page = await read(noted_site, f"{DEBATE}?status={status}")
    assert len(numbers(page)) == left


async def test_a_status_goes_with_the_other_choices_and_stays_in_the_form(noted_site):
    page = await read(noted_site, f"{DEBATE}?status=exact&creator=A.+Specimen&notes=end")
    assert page.select_one("#only-status [selected]")["value"] == "exact"
    assert f"{DEBATE}?notes=off&creator=A.+Specimen&status=exact" in {link["href"] for link in page.select(".switch a")}
    assert [option["value"] for option in page.select("#only-status option")] == [
        "",
        "exact",
        "moved",
        "changed",
        "disputed",
    ]


async def test_each_note_leads_to_those_before_and_after_it_that_are_shown(noted_site):
    page = await read(noted_site, f"{DEBATE}?status=exact")
    shown = numbers(page)
    links = [[a["href"] for a in note.select(".steps [aria-label^=Next]")] for note in page.select("details.note")]
    assert links == [[f"#note-{number}"] for number in shown[1:]] + [[]]
    assert all(page.select_one(a["href"]) for a in page.select(".steps a[href^='#']"))


async def test_each_speech_that_names_the_topic_leads_to_the_mentions_around_it(noted_site):
    page = await read(noted_site, DEBATE)
    links = page.select(".mentioned a")
    assert links
    assert all(page.select_one(link["href"]) for link in links)
    alone = await read(noted_site, SPEECH)
    assert all(alone.select_one(link["href"]) for link in alone.select(".mentioned a"))


async def test_each_note_describes_its_anchor_and_its_replies_in_words(noted_site):
    page = await read(noted_site, DEBATE)
    told = {
        link["href"].rpartition("/")[2]: note.text
        for note in page.select("details.note")
        for link in note.select(".permalink a[href^='/q/']")
    }
    assert "matches the record" in told["specimen-1"]
    assert "Moved: " in told["specimen-3"]
    assert "Wording changed: " in told["specimen-4"]
    assert f"2 agree: Ada, {EVIL}; 1 disputes: B. Specimen" in told["specimen-1"]
    assert page.select("img, [onerror]") == []


async def test_a_note_folds_its_history_and_a_note_of_a_file_has_none(noted_site):
    page = await read(noted_site, DEBATE)
    folded = page.select(".note-history")
    assert [one.summary.text for one in folded] == ["2 events"]
    assert [one.text for one in folded[0].select("li")] == [
        f"2 November 2026, Ada: agrees: {EVIL}",
        f"2 November 2026, Ada: agrees: {EVIL} (undone)",
    ]


async def test_lost_quotes_are_listed_below_the_debate_with_links(noted_site):
    for path in (DEBATE, SPEECH):
        page = await read(noted_site, path)
        assert page.select_one(".lost-quotes summary").text == "Words no longer found: 1"
        assert [link["href"] for link in page.select(".lost-quotes a")] == ["/q/lost-1"]
    assert not (await read(noted_site, "/debate/d-2008-06-22c-106-1")).select(".lost-quotes")
    assert not (await read(noted_site, "/speech/d-2008-06-22c-101-7")).select(".lost-quotes")


def test_histories_are_read_by_one_query_a_debate(noted_db):
    asked = []
    with closing(served_sqlite.connect(noted_db)) as conn:
        conn.set_trace_callback(asked.append)
        page = read_debate_page(conn, DEBATE.removeprefix("/debate/"))
    assert [len(events) for events in page.history.values()] == [2]
    assert len([sql for sql in asked if "annotation_history" in sql]) == 1


async def test_the_page_of_a_debate_stays_small(noted_site):
    answer = await noted_site.client.get(DEBATE)
    assert len(answer.content) < 50_000


def test_neighbours_at_the_ends_are_none():
    assert find_neighbours([2, 5]) == {2: {"previous": None, "next": 5}, 5: {"previous": 2, "next": None}}
    assert find_neighbours([]) == {}


def test_a_person_counts_once_a_side():
    replies = [
        {"stance": stance, "creator": who} for stance, who in (("agrees", "A"), ("disputes", "A"), ("agrees", "A"))
    ]
    assert group_stances(replies) == {"agrees": ["A"], "disputes": ["A"]}


@pytest.fixture(scope="module")
def address(noted_db):
    with serving(noted_db) as address:
        yield address


@pytest.fixture
def opened(browser, address):
    """A function that opens a page; afterwards no error was logged."""
    with watch_pages(browser, address) as new_page:

        def open_page(path=DEBATE, width=1440, **settings):
            page = new_page(width, **settings)
            page.goto(path)
            return page

        yield open_page


NOTE = ".note > summary:focus-visible"


def expect_focus(page, number):
    """Wait until a note has the focus, by its number."""
    expect(page.locator(f"{NOTE} .number")).to_have_text(number)


@pytest.mark.parametrize("width", [320, 1440])
def test_n_and_p_go_from_note_to_note_with_the_focus_in_view(opened, width):
    page = opened(width=width)
    for key, number in zip("nnnpn", "12323", strict=True):
        page.keyboard.press(key)
        expect_focus(page, number)
        expect(page.locator(NOTE)).to_be_in_viewport(ratio=1)
    page.wait_for_url("**#note-3")
    expect(page.locator("#note-3")).to_be_visible()


def test_m_and_shift_m_go_from_mention_to_mention(opened):
    page = opened("/debate/d-2008-06-22c-106-1")
    for key, number in (("m", 1), ("m", 2), ("Shift+M", 1), ("m", 2)):
        page.keyboard.press(key)
        expect(page.locator(f"#mention-{number} + :focus")).to_be_visible()


def test_after_the_last_note_a_key_reports_the_end_and_nothing_moves(opened):
    page = opened(f"{DEBATE}#note-6")
    page.keyboard.press("n")
    page.get_by_text("There is no note after this.").wait_for()
    page.keyboard.press("p")
    expect_focus(page, "5")


def test_keys_report_that_notes_are_off(opened):
    page = opened(f"{DEBATE}?notes=off")
    page.keyboard.press("n")
    page.get_by_text("No notes are shown.").wait_for()


def turn(page, on):
    """Turn single keys on or off, in the panel of keys."""
    page.locator(".menu > summary").click()
    page.locator(".menu [data-keys]").click()
    page.get_by_label("Turn on single-key shortcuts").set_checked(on)
    page.keyboard.press("Enter")
    expect(page.locator("#keys-panel")).not_to_be_visible()


def test_keys_can_be_turned_off_and_stay_off(opened):
    page = opened()
    turn(page, False)
    page.locator("main").focus()
    page.keyboard.press("n")
    expect(page.locator(NOTE)).to_have_count(0)
    page.reload()
    page.keyboard.press("n")
    expect(page.locator(NOTE)).to_have_count(0)
    turn(page, True)
    page.keyboard.press("n")
    expect_focus(page, "1")


def test_keys_do_nothing_in_a_field_with_ctrl_or_with_foreign_data_in_storage(opened):
    page = opened()
    page.evaluate("localStorage.setItem('single-keys', '[[[')")
    page.locator("#finder").focus()
    page.keyboard.type("npm")
    expect(page.locator("#finder")).to_have_value("npm")
    page.evaluate("localStorage.setItem('single-keys', '7')")
    page.locator("main").focus()
    page.keyboard.press("Alt+n")
    expect(page.locator(NOTE)).to_have_count(0)
    page.keyboard.press("n")
    expect_focus(page, "1")


def test_links_lead_from_note_to_note_and_the_form_chooses_without_a_script(opened):
    page = opened(width=320, java_script_enabled=False)
    page.locator("#reference-1").click()
    for number in (2, 3):
        page.get_by_role("link", name=f"Next note, {number}").click()
        page.wait_for_url(f"**#note-{number}")
        expect(page.locator(f"#note-{number}")).to_be_visible()
    page.locator(".menu > summary").click()
    page.get_by_text("Which notes").click()
    page.get_by_label("Status").select_option("disputed")
    page.get_by_role("button", name="Show these").click()
    page.locator(".menu > summary").click()
    page.get_by_text("Which notes: 1 of").wait_for()
    expect(page.locator("details.note")).to_have_count(1)


def test_in_print_each_note_stands_open_below_its_paragraph_without_any_frame(opened):
    page = opened()
    page.emulate_media(media="print")
    words = page.locator("body").inner_text()
    assert "2 agree: Ada" in words
    for number in range(1, 7):
        note, words_above = (
            page.locator(f"#note-{number}").bounding_box(),
            page.locator(f"#reference-{number}").bounding_box(),
        )
        assert note["y"] > words_above["y"]
        assert note["height"] > 20
    chrome = page.locator("nav:visible, form:visible, button:visible, input:visible, .menu:visible, .steps:visible")
    assert chrome.count() == 0
    for text in ("Sign in", "Search", "Annotate", "earlier version", "Feeds", "Back to the words"):
        assert text not in words


@pytest.mark.parametrize(("scheme", "width"), ONE_LOOK)
def test_axe_finds_nothing_and_everything_fits(opened, scheme, width):
    page = opened(DEBATE, width, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.keyboard.press("n")
    expect_focus(page, "1")
    assert find_flaws(page) == []
