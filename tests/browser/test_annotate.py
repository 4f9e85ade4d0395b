"""Annotating on the page in a real browser: by mouse, by finger and by keyboard, by those who may."""

import json
import re
import shutil
import time
from contextlib import closing

import pytest
from datasette.utils.sqlite import sqlite3
from playwright.sync_api import expect

from tests.support.addresses import DEBATE
from tests.support.browser import ONE_LOOK, TIMEOUT, find_flaws, fits_window, serving, sign_in, watch_pages
from tests.support.users import make_accounts

FIRST, SECOND, THIRD = ("d-2008-06-22c-101-5", "d-2008-06-22c-101-7", "d-2008-06-22c-102-0")
ODD = "d-2008-06-22c-102-2"  # "Hear, hear.", given other words here
ODD_WORDS = "Hear 🏛️ the cafe\u0301 👩‍👩‍👧 speak. It ends 𝔥ere, surely."
SELECT = """
([first, from, last, to]) => {
  const at = (id, words, after) => {
    const walker = document.createTreeWalker(document.querySelector(`#${id} .words`), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const found = walker.currentNode.data.indexOf(words);
      if (found >= 0) return [walker.currentNode, found + (after ? words.length : 0)];
    }
  };
  getSelection().setBaseAndExtent(...at(first, from, false), ...at(last, to, true));
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, site_db):
    made = tmp_path_factory.mktemp("select")
    shutil.copy(site_db, made / "statements.db")
    with closing(sqlite3.connect(made / "statements.db")) as conn, conn:
        conn.execute("UPDATE speeches SET text = ?, markup = NULL WHERE id = ?", (ODD_WORDS, ODD))
    make_accounts(made, Ada="annotator", Una="reader")
    return made


@pytest.fixture(scope="module")
def address(folder, specimens):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTES", str(specimens / "quotes"))
        with serving(folder / "statements.db") as address:
            yield address


@pytest.fixture(scope="module")
def states(browser, address):
    """What a browser keeps of who signed in, by name."""
    kept = {}
    for name in ("Ada", "Una"):
        with browser.new_context(base_url=address) as context:
            context.set_default_timeout(TIMEOUT)
            page = context.new_page()
            sign_in(page, name)
            page.wait_for_selector(".account-out")
            kept[name] = context.storage_state()
    return kept


@pytest.fixture
def opened(browser, address, states):
    """A function that opens a page as Ada; afterwards no error was logged and nothing asked of another host."""
    with watch_pages(browser, address) as new_page:

        def open_page(path=DEBATE, width=1440, name="Ada", **settings):
            page = new_page(width, storage_state=states[name], **settings)
            page.goto(path)
            if name == "Ada":
                page.wait_for_selector("#annotating[data-ready]", state="attached")
            return page

        open_page.wrong = new_page.wrong
        yield open_page


def select(page, first, words, last=None, to=None):
    page.evaluate(SELECT, [first, words, last or first, to or words])


def bar(page):
    return page.get_by_role("button", name="Annotate these words")


def quote(page):
    page.wait_for_selector("#annotate-panel[open]")
    return page.locator("#annotate-quote").text_content()


def fill(page, note="A note.", point="credible", reading=1):
    page.get_by_role("combobox").fill(point)
    page.keyboard.press("Enter")
    page.keyboard.press(f"Alt+{reading}")
    expect(page.locator("#annotate-panel [name=reading]:checked")).to_have_count(1)
    page.get_by_label("Your note").fill(note)


def save(page):
    with page.expect_event("load"):
        page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector(".saved-message")


def covers_words(page):
    """Tell whether the panel lies over the words that it is about, or they are out of sight."""
    return page.evaluate("""() => {
      const panel = document.querySelector("#annotate-panel").getBoundingClientRect();
      const words = [...CSS.highlights.get("annotating")][0].getBoundingClientRect();
      const unseen = words.top < 0 || words.bottom > innerHeight;
      return unseen || (words.right > panel.left && words.bottom > panel.top && words.top < panel.bottom);
    }""")


def answering(status, body):
    return lambda route: route.fulfill(status=status, body=body)


def entered(folder, exact):
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        return conn.execute("SELECT * FROM annotations WHERE exact = ? AND status = 'active'", (exact,)).fetchall()


def test_words_dragged_over_with_the_mouse_become_a_note_on_the_page(opened, folder):
    page = opened()
    page.locator(f"#{THIRD} .words p").first.scroll_into_view_if_needed()
    block = page.locator(f"#{THIRD} .words p").first.bounding_box()
    page.mouse.move(block["x"] + 2, block["y"] + 12)
    page.mouse.down()
    page.mouse.move(block["x"] + 195, block["y"] + 12, steps=4)
    page.mouse.up()
    page.locator(".annotate-bar span", has_text="words: “I do not").wait_for()
    selected = page.evaluate("getSelection().toString()")
    bar(page).click()
    words = quote(page)
    assert words == selected == "I do not share the Minister's"
    assert not covers_words(page)
    fill(page, "Dragged <img src=x onerror=alert(1)> [x](javascript:alert(1))")
    before = block["y"]
    save(page)
    page.wait_for_function("document.activeElement.matches('details.note > summary')")
    assert abs(page.locator(f"#{THIRD} .words p").first.bounding_box()["y"] - before) < 2
    note = page.locator(".note:focus-within")
    page.locator(".saved-message", has_text="Saved.").wait_for()
    assert note.locator("img, script, a[href^='javascript']").count() == 0
    assert len(entered(folder, words)) == 1
    assert page.locator(f"#{THIRD} mark").first.text_content() in words
    select(page, THIRD, "not share")
    bar(page).click()
    page.locator("#annotate-same", has_text="Some of these words are already on this point: note").wait_for()
    expect(page.get_by_role("combobox")).to_have_value("1 Be credible")
    expect(page.get_by_label("said")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#unsaved")).not_to_be_visible()  # what was filled in from last time is no draft


def test_one_replies_edits_withdraws_and_undoes_without_leaving_the_place(opened, folder):
    page = opened()
    for act, field, button, message in (
        ("Reply", "Not so.", "Reply: I dispute it", "Reply saved."),
        ("Edit your reply", "Not *quite* so.", "Save changes", "Change saved."),
    ):
        note = page.locator("details.note").first
        note.evaluate("one => { one.open = true; }")
        link = note.get_by_role("link", name=act).first
        link.click()
        page.locator(".in-place textarea").fill(field)
        with page.expect_event("load"):
            page.locator(".in-place").get_by_role("button", name=button).click()
        page.locator(".saved-message", has_text=message).wait_for()
        page.wait_for_function("document.activeElement.matches('details.note > summary')")
    page.locator("details.note").first.evaluate("one => { one.open = true; }")
    page.locator(".replies em", has_text="quite").first.wait_for()
    with page.expect_event("load"):
        page.get_by_role("button", name="Withdraw your reply").click()
    page.locator(".saved-message", has_text="Withdrawn.").wait_for()
    assert page.locator(".notes .replies .prose", has_text="quite so").count() == 0
    page.locator("main").focus()
    with page.expect_event("load"):
        page.keyboard.press("u")
    page.locator(".saved-message", has_text="Undone.").wait_for()
    assert page.locator(".notes .replies .prose", has_text="quite so").count() == 1


def test_what_is_typed_in_place_outlives_escape_a_reload_and_the_end_of_the_session(opened):
    page, typed = opened(), "Halfathought" * 20

    def reply():
        page.locator("details.note").first.evaluate("one => { one.open = true; }")
        page.locator("details.note").first.get_by_role("link", name="Reply to").first.click()
        page.locator(".in-place textarea").wait_for()
        return page.locator(".in-place textarea")

    reply().fill(typed)
    page.keyboard.press("Escape")
    expect(reply()).to_have_value(typed)
    page.reload()
    expect(reply()).to_have_value(typed)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Reply: I agree").click()
    page.get_by_role("alert").filter(has_text="Sign in first").get_by_role("link", name="in another tab").wait_for()
    page.context.add_cookies(cookies)
    with page.expect_event("load"):
        page.get_by_role("button", name="Reply: I agree").dblclick()
    page.locator(".saved-message", has_text="Reply saved.").wait_for()
    expect(reply()).to_have_value("")
    page.locator(".in-place textarea").fill("No more")
    page.get_by_role("button", name="Cancel").click()
    expect(reply()).to_have_value("")
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/me")
    assert typed[:100] in page.locator("#my-replies").inner_text()
    assert fits_window(page)
    opened.wrong[:] = [what for what in opened.wrong if "Failed to load resource" not in what]


def test_eleven_keys_save_a_note_even_while_the_sentences_load(opened, folder):
    page = opened()
    page.route("**/sentences/*", lambda route: (time.sleep(0.3), route.continue_()))
    page.locator("main").focus()
    for key in ("s", "j", "j", "Enter", "r", "e", "s", "p"):
        page.keyboard.press(key)
    expect(page.locator("#annotate-points li").first).to_contain_text("responsive")
    for key in ("Enter", "Alt+1"):
        page.keyboard.press(key)
    page.wait_for_selector("#annotate-panel[open] [name=reading]:checked")
    with page.expect_event("load"):
        page.keyboard.press("Control+Enter")
    page.locator(".saved-message", has_text="Saved.").wait_for()
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        found = conn.execute("SELECT point_id, reading FROM annotations WHERE actor = 'Ada' ORDER BY id").fetchall()
    assert found[-1] == ("participation-online/be-responsive", "said")


def test_a_quote_may_run_over_paragraphs_through_marks_and_note_numbers(opened, folder):
    page = opened()
    select(page, FIRST, "she serves", FIRST, "where it was")
    bar(page).click()
    words = "she serves.\n\nThey leave the civil service code where it was"
    assert quote(page) == words
    fill(page)
    save(page)
    assert len(entered(folder, words)) == 1


def test_nested_and_overlapping_quotes_are_found_and_entered(opened, folder):
    page = opened()
    for first, last in (("fair and", "it be civil"), ("answer be right", "answer be right")):
        select(page, FIRST, first, FIRST, last)
        bar(page).click()
        words = quote(page)
        assert (words.startswith(first), words.endswith(last)) == (True, True)
        fill(page)
        save(page)
        assert len(entered(folder, words)) == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("🏛️", "cafe\u0301"),
        pytest.param("𝔥ere", "surely", marks=pytest.mark.nightly),
        pytest.param("👩‍👩‍👧", "speak.", marks=pytest.mark.nightly),
    ],
)
def test_offsets_of_astral_and_combining_characters_are_code_points(opened, folder, first, last):
    page = opened()
    select(page, ODD, first, ODD, last)
    bar(page).click()
    words = quote(page)
    fill(page)
    with page.expect_request("**/annotate") as sent:
        save(page)
    body = json.loads(sent.value.post_data)
    assert ODD_WORDS[body["start"] : body["end"]] == body["exact"] == words
    assert (body["prefix"], body["suffix"]) == (ODD_WORDS[: body["start"]][-32:], ODD_WORDS[body["end"] :][:32])
    assert len(entered(folder, words)) == 1


def test_half_a_character_or_word_is_taken_whole(opened):
    page = opened()
    page.evaluate(f"""() => {{
      const walker = document.createTreeWalker(document.querySelector("#{ODD} .words"), NodeFilter.SHOW_TEXT);
      do walker.nextNode(); while (!walker.currentNode.data.includes("𝔥"));
      const at = walker.currentNode.data.indexOf("𝔥");
      getSelection().setBaseAndExtent(walker.currentNode, at + 1, walker.currentNode, at + 3);
    }}""")
    bar(page).click()
    assert quote(page) == "𝔥ere"


def test_a_selection_that_leaves_its_speech_is_cut_to_it_and_this_is_said(opened):
    page = opened()
    select(page, SECOND, "I ask officials", THIRD, "I do not share")
    bar(page).wait_for()
    expect(page.get_by_role("status").filter(has_text="Cut to one speech")).to_have_count(1)
    bar(page).click()
    assert quote(page) == "I ask officials to write accordingly."
    expect(page.locator("#annotate-cut")).to_contain_text("Cut to the words of Dorothea Quillfeather")


def test_from_tab_to_saved_note_and_undo_with_the_keyboard_alone(opened, folder):
    page = opened()
    while page.evaluate("document.activeElement.id") != "by-sentence":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("button.sentence:focus", state="attached")
    while "A reply that takes nine" not in page.evaluate("document.activeElement.ariaLabel"):
        page.keyboard.press("j")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("[")
    page.keyboard.press("]")
    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("Enter")
    words = "reply that takes nine days is not a reply but an"
    assert quote(page) == words
    page.keyboard.type("credible")
    page.wait_for_selector("#annotate-points li")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("2")
    page.keyboard.press("Tab")
    page.keyboard.type("By keys, 123 ?")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".saved-message")
    page.wait_for_function("document.activeElement.tagName === 'SUMMARY'")
    assert len(entered(folder, words)) == 1
    while page.evaluate("document.activeElement.id") != "undo":
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert entered(folder, words) == []
    page.locator(".saved-message", has_text="Undone.").wait_for()


def test_a_sentence_is_stepped_extended_and_left_and_the_page_is_as_before(opened):
    page = opened()
    text = page.locator(".debate").inner_html()
    page.locator(".menu > summary").focus()
    page.keyboard.press("s")
    page.wait_for_selector("button.sentence:focus", state="attached")
    sentence = page.locator("button.sentence:focus")
    first = sentence.get_attribute("aria-label")
    page.keyboard.press("ArrowDown")
    expect(sentence).not_to_have_attribute("aria-label", first)
    one = sentence.get_attribute("aria-label")
    page.keyboard.press("k")
    expect(sentence).to_have_attribute("aria-label", first)
    page.keyboard.press("j")
    expect(sentence).to_have_attribute("aria-label", one)
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    assert quote(page).startswith(one.partition(": ")[2] + " An official who")
    page.keyboard.press("Escape")
    expect(sentence).to_have_attribute("aria-label", one)
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.menu > summary')")
    page.evaluate("document.getElementById('annotating').before(document.getElementById('annotate-bar'))")
    assert page.locator(".debate").inner_html() == text


def test_nothing_moves_when_sentences_come(opened):
    page = opened()
    boxes = "[...document.querySelectorAll('.words > *, mark')].map(e => e.getBoundingClientRect().toJSON())"
    page.evaluate("scrollTo(0, 300)")
    before = page.evaluate(f"(() => {{ const t = scrollY; return [t, {boxes}.map(b => b.y + t + ' ' + b.width)] }})()")
    page.keyboard.press("s")
    page.wait_for_selector("button.sentence:focus", state="attached")
    hide = "document.getElementById('annotating').before(document.getElementById('annotate-bar'))"
    page.evaluate(hide)
    after = page.evaluate(f"(() => {{ const t = scrollY; return [t, {boxes}.map(b => b.y + t + ' ' + b.width)] }})()")
    assert after[1] == before[1]


def test_a_click_selects_a_sentence_and_buttons_adjust_it_without_dragging(opened):
    page = opened()
    page.locator("#by-sentence").click()
    page.wait_for_selector("button.sentence:focus", state="attached")
    page.locator(f"#{THIRD} .words p").first.click(position={"x": 300, "y": 12})
    bar(page).click()
    words = quote(page)
    page.locator(".adjust summary").click()
    for name in ("Begin a word later", "End a word earlier", "End a word later", "Add the next sentence"):
        page.get_by_role("button", name=name).click()
    assert quote(page).startswith(words.split(" ", 1)[1])
    assert len(quote(page)) > len(words)


def test_keys_can_be_turned_off_and_reassigned(opened):
    page = opened()
    page.locator("main").focus()
    page.keyboard.press("?")
    page.get_by_label("Go sentence by sentence, or stop").fill("q")
    page.get_by_label("Next sentence or suggestion").fill("q")
    page.locator("#keys-save").click()
    expect(page.locator("#keys-problem")).to_contain_text("q is used twice")
    page.get_by_label("Next sentence or suggestion").fill("z")
    page.locator("#keys-save").click()
    expect(page.locator("#keys-panel")).not_to_be_visible()
    page.reload()
    page.wait_for_selector("#annotating[data-ready]", state="attached")
    page.locator("main").focus()
    page.keyboard.press("s")
    expect(page.locator("button.sentence")).to_have_count(0)
    page.keyboard.press("q")
    page.wait_for_selector("button.sentence:focus", state="attached")
    page.keyboard.press("Escape")
    page.locator(".menu > summary").click()
    page.locator("#show-keys").click()
    page.get_by_label("Turn on single-key shortcuts").uncheck()
    page.locator("#keys-save").click()
    page.locator("main").focus()
    page.keyboard.press("q")
    page.keyboard.press("?")
    expect(page.locator("button.sentence")).to_have_count(0)
    expect(page.locator("#keys-panel")).not_to_be_visible()


def test_keys_do_nothing_in_the_search_box_or_with_ctrl(opened):
    page = opened()
    page.locator("#finder").fill("")
    page.keyboard.type("sj?")
    page.locator("main").focus()
    page.keyboard.press("Control+s")
    expect(page.locator("#finder")).to_have_value("sj?")
    expect(page.locator("button.sentence")).to_have_count(0)


def test_escape_closes_the_list_and_then_the_panel_and_the_draft_outlives_the_page(opened):
    page = opened()
    select(page, SECOND, "one caution")
    bar(page).click()
    fill(page, "Half a thought")
    page.get_by_role("combobox").click()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#annotate-panel")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(page.locator("#annotate-panel")).not_to_be_visible()
    page.wait_for_function(
        "document.activeElement.textContent === 'Annotate these words'"
    )  # a dialog closes, then tells
    page.reload()
    page.get_by_role("button", name="Open your draft").click()
    assert quote(page) == "one caution"
    expect(page.get_by_label("Your note")).to_have_value("Half a thought")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#annotate-panel")).not_to_be_visible()
    page.reload()
    page.wait_for_selector("#annotating[data-ready]", state="attached")
    expect(page.locator("#unsaved")).not_to_be_visible()


def test_an_error_keeps_everything_typed_whether_the_site_or_the_network_or_the_session_fails(opened):
    page = opened()
    select(page, SECOND, "grandchildren")
    bar(page).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose a point")
    fill(page, "Kept")
    click = page.get_by_role("button", name="Save", exact=True).click
    problem = page.locator("#annotate-problem")
    senseless = '{"ok": false, "error": "That makes no <b>sense</b>."}'
    for status, body, told in ((409, senseless, "no <b>sense</b>"), (500, "<html>", "error (500)")):
        page.route("**/annotate", answering(status, body), times=1)
        click()
        page.get_by_text(told).wait_for()
        expect(problem).to_contain_text("Nothing that you typed is lost")
    page.route("**/annotate", lambda route: route.abort(), times=1)
    click()
    problem.get_by_text("reached").wait_for()
    cookies = page.context.cookies()
    page.context.clear_cookies(name="session")
    click()
    page.wait_for_selector("#annotate-problem a")
    expect(problem).to_contain_text("Sign in first")
    expect(problem.get_by_role("link")).to_have_attribute("target", "_blank")
    assert page.get_by_label("Your note").input_value() == "Kept"
    page.context.add_cookies(cookies)
    save(page)
    opened.wrong[:] = [what for what in opened.wrong if "Failed to load resource" not in what]


def test_after_a_lost_answer_saving_again_enters_one_annotation(opened, folder):
    page = opened()
    select(page, SECOND, "notice board")
    bar(page).click()
    fill(page)
    page.route("**/annotate", lambda route: (route.fetch(), route.abort()), times=1)
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("#annotate-problem").get_by_text("reached").wait_for()
    save(page)
    assert len(entered(folder, "notice board")) == 1
    opened.wrong[:] = [what for what in opened.wrong if "Failed to load resource" not in what]


def test_a_page_as_of_a_day_or_without_notes_offers_what_it_can(opened, folder):
    page = opened(f"{DEBATE}?notes=off")
    select(page, SECOND, "carried back")
    bar(page).click()
    fill(page)
    save(page)
    page.wait_for_function("document.activeElement.id === 'undo'")
    page.goto(f"{DEBATE}?as_of=2026-01-01")
    assert page.locator("#annotating").count() == 0


def test_on_a_touch_screen_the_button_keeps_clear_of_the_handles_and_saves(opened, folder):
    page = opened(width=320, has_touch=True, is_mobile=True)
    select(page, SECOND, "by Christmas")
    bar(page).wait_for()
    end = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().bottom")
    assert bar(page).bounding_box()["y"] >= end + 30
    assert fits_window(page)
    bar(page).tap()
    quote(page)
    assert not covers_words(page)
    page.get_by_role("combobox").focus()
    fill(page)
    page.get_by_role("button", name="Save", exact=True).tap()
    page.wait_for_selector(".saved-message")
    assert len(entered(folder, "by Christmas")) == 1


@pytest.mark.parametrize(("scheme", "width"), ONE_LOOK)
def test_axe_finds_nothing_with_sentences_on_or_a_panel_open_and_everything_fits(opened, scheme, width):
    page = opened(width=width, color_scheme=scheme, bypass_csp=True)
    page.locator("main").focus()
    page.keyboard.press("s")
    page.wait_for_selector("button.sentence:focus", state="attached")
    assert find_flaws(page, sizes=False) == []  # for as long as the floating button is there, it lies over what follows
    page.keyboard.press("Enter")
    page.get_by_role("combobox").fill("be")
    page.wait_for_selector("#annotate-points li")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-activedescendant", re.compile("annotate-point"))
    assert find_flaws(page) == []
    assert page.evaluate("[...document.querySelectorAll('dialog')].every(d => d.scrollWidth <= d.clientWidth)")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys-panel")).to_be_visible()
    assert find_flaws(page) == []
    assert page.evaluate("[...document.querySelectorAll('dialog')].every(d => d.scrollWidth <= d.clientWidth)")


def test_a_single_match_waits_in_the_list_until_it_is_taken(opened):
    page = opened(f"/speech/{FIRST}")
    select(page, FIRST, "newest clerk")
    bar(page).click()
    box, options = page.get_by_role("combobox"), page.locator("#annotate-points li")
    box.fill("credible-accurate")
    expect(options).to_have_count(1)
    expect(box).to_have_value("credible-accurate")
    page.keyboard.press("ArrowDown")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_have_value(re.compile("Accurate"))
    page.keyboard.press("ArrowDown")  # all points, from the chosen one on
    expect(page.locator("#annotate-points li.active")).to_contain_text("Accurate")


def test_a_speech_alone_can_be_annotated(opened, folder):
    page = opened(f"/speech/{FIRST}")
    select(page, FIRST, "newest clerk")
    bar(page).click()
    fill(page)
    save(page)
    assert len(entered(folder, "newest clerk")) == 1


def test_readers_never_get_the_script(opened):
    page = opened(name="Una")
    assert page.locator("script[src*=annotate], #annotating, [data-csrftoken]").count() == 0
    assert "/annotate" not in page.content()


def test_the_page_stays_light(opened):
    page = opened("/debate/d-2008-06-22c-106-1")
    sizes = page.evaluate("performance.getEntriesByType('resource').map(e => [e.name, e.encodedBodySize])")
    assert sum(size for name, size in sizes if "annotate" in name) < 45_000
    assert len(page.content().encode()) < 50_000
