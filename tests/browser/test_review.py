"""Review in a real browser: by keys alone, with undo, in batches, without scripts, on a phone, and for everybody."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import ONE_LOOK, choose_pages, find_flaws, fits_every_width, serving, sign_in, watch_pages
from tests.support.rows import read_all_rows
from tests.support.suggestions import suggest_more


@pytest.fixture
def folder(review_folder):
    return review_folder


@pytest.fixture
def address(folder):
    """The site over a folder of its own."""
    with serving(folder / "statements.db") as address:
        yield address


@pytest.fixture
def opened(browser, address):
    """A function that opens a page as a reviewer, or as nobody; afterwards no error may have been logged."""
    with watch_pages(browser, address, "409 (Conflict)", "401 (Unauthorized)") as new_page:

        def open_page(path="/review", width=1280, reviewer=True, **settings):
            page = new_page(width, **settings)
            if reviewer:
                sign_in(page, "Rex")
            page.goto(path)
            return page

        yield open_page


def press(page, key):
    """Press a key, and wait until the page has answered."""
    page.keyboard.press(key)
    page.locator("main:not([aria-busy])").wait_for()


def progress(page):
    return page.locator(".review-progress strong").inner_text()


def test_a_reviewer_goes_through_suggestions_by_keys_alone(opened, folder):
    page = opened()
    key, strong = page.locator(".review-form [name=key]"), page.locator(".review-progress strong")
    total, first = progress(page).split()[2], key.get_attribute("value")
    press(page, "j")
    expect(key).not_to_have_value(first)
    press(page, "k")
    expect(key).to_have_value(first)
    press(page, "a")
    expect(page.locator("[name=reading]").first).to_be_focused()
    press(page, "1")
    expect(strong).to_have_text(f"1 of {total} decided")
    press(page, "x")
    expect(strong).to_have_text(f"2 of {total} decided")
    expect(page.locator("[role=status]")).to_contain_text("Sentence")
    expect(page.locator("[role=status]")).to_contain_text("Rejected for “")
    expect(page.locator(".review-title")).to_be_focused()
    press(page, "u")
    expect(strong).to_have_text(f"1 of {total} decided")
    press(page, "Space")
    expect(page.locator(".review-told")).to_contain_text("Skipped")
    press(page, "Backspace")
    expect(page.locator(".review-told")).to_contain_text("You took that back")
    assert read_all_rows(folder, "SELECT status FROM decisions") == [("accepted",)]
    assert read_all_rows(folder, "SELECT * FROM skips") == []
    page.go_back()
    page.wait_for_load_state()


def test_words_are_adjusted_and_points_chosen_by_keys(opened, folder):
    page = opened()
    first = page.locator(".review-form [name=key]").get_attribute("value")
    more = suggest_more(folder, first, b=0.3)
    page.reload()
    boxes = page.locator(".review-choice input")
    press(page, "]")
    expect(boxes.nth(1)).to_be_checked()
    expect(boxes.nth(0)).not_to_be_checked()
    press(page, "}")
    expect(boxes.nth(0)).to_be_checked()
    press(page, "]")
    press(page, "]")
    title = boxes.nth(1).get_attribute("data-title")
    expect(page.locator("#review-saves")).to_have_text(f"Accept for “{title}” as")
    press(page, "e")
    expect(page.locator("#review-exact")).to_be_focused()
    words = page.locator("#review-exact").input_value()
    page.locator("#review-exact").fill(words.rsplit(" ", 1)[0])
    page.keyboard.press("1")
    expect(page.locator("#review-exact")).to_have_value(re.compile("1$"))
    page.keyboard.press("Backspace")
    page.keyboard.press("Alt+2")
    page.locator(".review-told").wait_for()
    made = read_all_rows(folder, "SELECT point_id, reading, exact FROM annotations WHERE origin = 'journal'")
    assert made == [(more["b"], "implied", words.rsplit(" ", 1)[0])]


def test_a_session_that_ended_loses_nothing(opened, folder):
    page = opened()
    context = page.context
    cookies = context.cookies()
    page.locator("summary", has_text="Add a note").click()
    expect(page.locator("#review-note")).to_be_visible()
    page.locator("#review-note").fill("Typed.")
    context.clear_cookies()
    page.locator("[name=reading]").first.click()
    expect(page.locator(".review-problem")).to_contain_text("no longer signed in")
    expect(page.locator("#review-note")).to_have_value("Typed.")
    context.add_cookies(cookies)
    page.locator("[name=reading]").first.click()
    page.locator(".review-told").wait_for()
    assert read_all_rows(folder, "SELECT note FROM annotations WHERE origin = 'journal'") == [("Typed.",)]


def test_keys_can_be_changed_and_switched_off_and_stay_so(opened, folder):
    page = opened()
    assert page.locator("[data-key=reject]").get_attribute("aria-keyshortcuts") == "x"
    page.keyboard.press("?")
    page.get_by_label("Reject", exact=True).fill("j")
    page.keyboard.press("Enter")
    expect(page.locator("#keys-problem")).to_contain_text("j is used twice")
    page.get_by_label("Reject", exact=True).fill("7")
    page.keyboard.press("Enter")
    expect(page.locator("#keys-problem")).to_contain_text("7 is not allowed")
    page.get_by_label("Reject", exact=True).fill("y")
    page.keyboard.press("Enter")
    expect(page.locator("#keys-panel")).not_to_be_visible()
    page.reload()
    expect(page.locator("[data-key=reject]")).to_have_attribute("aria-keyshortcuts", "y")
    page.get_by_role("button", name="Keyboard shortcuts").first.click()
    expect(page.locator("#keys-panel")).to_be_visible()
    assert find_flaws(page) == []
    page.get_by_label("Turn on single-key shortcuts").uncheck()
    page.locator("#keys-save").click()
    for key in ("1", "y", "x", "Space", "j"):
        press(page, key)
    expect(page.locator("[data-key=reject]")).not_to_have_attribute("aria-keyshortcuts", re.compile(""))
    assert read_all_rows(folder, "SELECT * FROM decisions") == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_batch_is_confirmed_done_and_taken_back_at_once(opened, folder, scripts):
    page = opened("/review?suggester=rules", java_script_enabled=scripts)
    page.get_by_role("link", name="Decide several at once").click()
    page.get_by_role("button", name="Reject these").wait_for()
    for box in page.locator("[name=key]").all()[1:]:
        box.check()
    page.get_by_role("button", name="Reject these").click()
    page.get_by_role("heading", name="This will happen").wait_for()
    page.locator(".review-form button").click()
    page.locator(".review-told").wait_for()
    assert len(read_all_rows(folder, "SELECT * FROM decisions")) > 1
    page.locator(".review-told button").click()
    expect(page.locator(".review-progress strong")).to_have_text(re.compile("^0 of"))
    assert read_all_rows(folder, "SELECT * FROM decisions") == []


def test_without_scripts_every_step_is_a_form_or_a_link(opened, folder):
    page = opened(java_script_enabled=False)
    first = page.locator(".review-form [name=key]").get_attribute("value")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".review-form [name=key]")).not_to_have_attribute("value", first)
    page.locator(".review-told button").click()
    expect(page.locator(".review-told")).to_contain_text("You took that back")
    page.locator("summary", has_text="Change the words").click()
    page.get_by_role("link", name="End a word earlier").click()
    page.get_by_role("button", name="Implied").click()
    expect(page.locator(".review-told")).to_contain_text("Accepted for “")
    page.locator(".review-told button").click()
    expect(page.locator(".review-progress strong")).to_have_text(re.compile("^0 of"))
    assert read_all_rows(folder, "SELECT * FROM decisions") == []


HIDDEN = "/review/hidden?why=rejected&speech=nothing&of=nothing"
STATES = ("/review", "/review?at=nothing", "/review?rule=nothing", "/review/changed", "/review/queues", HIDDEN)
BATCHES = ("/review/batch", "/review/batch?suggester=rules", "/review/done")


@pytest.mark.parametrize(("scheme", "width"), ONE_LOOK)
def test_no_state_has_a_fault_of_accessibility_or_scrolls_sideways(opened, scheme, width):
    page = opened(width=width, color_scheme=scheme, bypass_csp=True)
    press(page, "x")
    page.locator(".review-told").wait_for()
    addresses = [page.url, *STATES, *BATCHES]
    for address in choose_pages(addresses, scheme):
        page.goto(address)
        for details in page.locator("main details").all():
            details.evaluate("element => { element.open = true }")
        assert find_flaws(page) == [], address
        assert fits_every_width(page), address
