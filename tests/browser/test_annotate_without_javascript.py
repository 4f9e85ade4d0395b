"""Annotating in a real browser without JavaScript, and what axe and a narrow window say of the forms."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import ONE_LOOK, choose_pages, find_flaws, fits_every_width, serving, sign_in, watch_pages
from tests.support.users import copy_site

SPEECH = "d-2008-06-22c-101-5"
NOTE = "The first *paragraph*.\n\n- one\n- two\n\nThe last, with [a link](https://example.org/)."


@pytest.fixture(scope="module")
def address(site_db, specimens, tmp_path_factory):
    folder = tmp_path_factory.mktemp("annotating")
    copy_site(site_db, folder, Ada="annotator")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTES", str(specimens / "quotes"))
        with serving(folder / "statements.db") as address:
            yield address


@pytest.fixture
def signed_in(browser, address):
    """A function that opens a window and signs in on the way to a page; afterwards no error was logged."""
    with watch_pages(browser, address, "400 (Bad Request)", "409 (Conflict)", "410 (Gone)") as new_page:

        def open_page(path, **settings):
            page = new_page(**{"bypass_csp": True, **settings})
            sign_in(page, "Ada", path)
            return page

        yield open_page


def test_without_javascript_from_signing_in_to_annotating_editing_replying_withdrawing_and_undoing(signed_in):
    page = signed_in("/debate/d-2008-06-22c-101-3", java_script_enabled=False, bypass_csp=False)
    page.locator(f'a[href="/annotate?speech={SPEECH}"]').click()
    page.get_by_label("Your note").fill(NOTE)
    page.locator(".spoken button").nth(1).click()
    expect(page.get_by_label("Your note")).to_have_value(NOTE)
    page.get_by_label("Point of guidance").select_option("participation-online/be-credible")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Please correct 1 thing")
    page.get_by_label("implied").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Annotated.")
    expect(page.locator("main .prose li")).to_have_count(2)
    here = page.url.partition("?")[0]
    page.get_by_role("link", name="Edit this note").click()
    page.get_by_label("Your note").fill("Said *shortly*.")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("main .prose em")).to_have_text("shortly")
    page.get_by_role("link", name="Reply to this note").click()
    page.get_by_label("Your reply").fill("Not so.")
    page.get_by_role("button", name="I dispute it").click()
    expect(page.locator(".replies")).to_contain_text("Not so.")
    page.get_by_role("button", name="Withdraw this note").click()
    expect(page.locator("h1")).to_have_text("A quote that was withdrawn")
    page.locator("form.inline").first.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"{here}**")
    expect(page.locator("blockquote mark").first).to_be_visible()


STATES = {
    "empty": f"/annotate?speech={SPEECH}",
    "found": f"/annotate?speech={SPEECH}&exact=that+it+be+civil&point=participation-online/be-credible&note=a+*b*",
    "mistaken": f"/annotate?speech={SPEECH}&exact=zebra",
    "several": "/annotate?speech=d-2008-06-22c-103-3&exact=That+is+how+it+should+be+done.",
    "reply": "/q/specimen-1/reply",
    "quote": "/q/specimen-1",
    "debate": "/debate/d-2008-06-22c-101-3",
}


@pytest.mark.parametrize(("scheme", "width"), ONE_LOOK)
def test_axe_finds_nothing_in_any_state_and_no_page_is_wider_than_its_window(signed_in, scheme, width):
    page = signed_in(STATES["empty"], color_scheme=scheme, viewport={"width": width, "height": 900})
    for name, path in choose_pages(STATES.items(), scheme):
        page.goto(path)
        sound(page, name)
    for path, button in (
        (STATES["empty"], "#annotation .deciding button"),
        (STATES["reply"], ".annotation-form button"),
    ):
        page.goto(path)
        page.locator(button).first.click()
        expect(page.locator(".mistakes")).to_be_focused()
        sound(page, f"{path} sent empty")


def sound(page, name):
    page.evaluate("document.querySelectorAll('.acts details').forEach(each => each.open = true)")
    assert find_flaws(page) == [], name
    assert fits_every_width(page), name
