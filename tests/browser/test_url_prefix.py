"""The scripts of the site under a path prefix, in a real browser: what they ask for stays below it."""

from urllib.parse import urlencode

import pytest

from tests.support.addresses import DEBATE
from tests.support.browser import serving, watch_pages
from tests.support.users import PASSWORD, copy_site

PREFIX = "/archive"
SPEECH = "d-2008-06-22c-101-5"
SELECT = "id => getSelection().selectAllChildren(document.querySelector(`#${id} .words p`))"


@pytest.fixture
def page(browser, tmp_path, site_db, specimens, monkeypatch):
    """A page at the address of the site, from which nothing above the prefix may be asked."""
    monkeypatch.setenv("QUOTES", str(specimens / "quotes"))
    folder = copy_site(site_db, tmp_path, Ada="annotator")
    with (
        serving(folder / "statements.db", base_url=f"{PREFIX}/") as host,
        watch_pages(browser, f"{host}{PREFIX}/") as new_page,
    ):
        yield new_page()


def test_words_are_annotated_and_that_is_undone_under_a_prefix(page):
    page.goto(f"sign-in?{urlencode({'to': PREFIX + DEBATE})}")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_selector("#annotating[data-ready]", state="attached")
    page.evaluate(SELECT, SPEECH)
    page.get_by_role("button", name="Annotate these words").click()
    page.get_by_role("combobox").fill("credible")
    page.locator("#annotate-points li").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+1")
    page.get_by_label("Your note").fill("A note below a path.")
    with page.expect_event("load"):
        page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector(".saved-message")
    assert page.get_by_text("A note below a path.").count() > 0
    page.locator("#undo").click()
    page.locator(".saved-message", has_text="Undone.").wait_for()
