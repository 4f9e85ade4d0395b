"""From sign-in to the export in a real browser: three people, every part that writes, and the folder taken away."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import serving, sign_in, watch_pages
from tests.support.cli import call_process
from tests.support.users import make_accounts

DEBATE, SPEECH = "d-2008-06-22c-101-3", "d-2008-06-22c-101-5"
OTHER = "d-2008-06-22c-106-1"
POINT = "participation-online/be-credible"


@pytest.fixture
def folder(review_folder):
    """The specimens with suggestions, and people of each role."""
    make_accounts(review_folder, Bob="annotator")
    return review_folder


def annotated(page):
    """Sentence by sentence, with the keyboard alone; the permalink of the annotation."""
    page.locator("#annotating[data-ready]").wait_for()
    page.locator(f"#{SPEECH} .speaker").click()
    page.keyboard.press("s")
    page.wait_for_selector("button.sentence:focus", state="attached")
    for key in ("j", "Enter"):
        page.keyboard.press(key)
    page.locator("#annotate-panel[open]").wait_for()
    page.get_by_role("combobox").fill("credible")
    page.locator("#annotate-points li").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("#annotate-panel [name=reading][value=implied]").check()
    page.locator("#annotate-panel textarea").fill("From the *journey*.")
    page.keyboard.press("Control+Enter")
    page.locator("details.note", has_text="From the journey.").wait_for()
    link = page.locator("details.note", has_text="From the journey.").locator(".permalink a[href^='/q/']").first
    return link.get_attribute("href")


def test_from_signing_in_to_the_folder_that_is_taken_away(browser, root, folder):
    with serving(folder / "statements.db") as address, watch_pages(browser, address, "410 (Gone)") as new_page:
        ada, bob, rex = new_page(), new_page(), new_page()
        sign_in(ada, "Ada", f"/debate/{DEBATE}")
        quote = annotated(ada)

        sign_in(bob, "Bob", f"{quote}/reply")
        bob.locator("main textarea").fill("Not as I read it.")
        bob.get_by_role("button", name="I dispute it").click()
        expect(bob.locator(".replies")).to_contain_text("Not as I read it.")

        sign_in(rex, "Rex", "/review")
        rex.locator(".review-tabs button").wait_for()  # the keys are there
        rex.keyboard.press("1")
        expect(rex.locator(".review-told")).to_contain_text("Accepted")

        ada.goto(f"/speech/{SPEECH}/moment?source=https://media.example/1.webm&start=1:02")
        ada.locator("main form button", has_text="Save").first.click()
        expect(ada.locator(f"#{SPEECH}")).to_contain_text("1:02")

        bob.goto(f"/debate/{OTHER}/blind")
        bob.get_by_role("button", name="Annotate blind").click()
        bob.wait_for_url(f"**/debate/{OTHER}")
        bob.goto(f"/debate/{OTHER}/blind")
        bob.get_by_role("button", name="Finish").click()
        expect(bob.locator(".lead")).to_contain_text("You finished on")

        ada.goto(quote)
        ada.locator(".acts").get_by_role("button", name="Withdraw").click()
        ada.locator(".saved-message").get_by_role("button", name="Undo").click()
        ada.locator(".saved-message", has_text="Undone.").wait_for()
        ada.goto("/log")
        told = ada.locator(".log").inner_text()
        for what in ("withdrew it", "undid", "linked it to", "finished annotating", "disputes: Not as I read it."):
            assert what in told
        ada.get_by_role("button", name="Sign out").click()
        expect(ada.get_by_role("link", name="Sign in")).to_be_visible()

    run = call_process("export", "--db-dir", folder, "--to", folder / "site")
    assert run.returncode == 0, run.stderr
    with watch_pages(browser, "file:") as new_page:
        page = new_page()
        page.goto((folder / "site" / "index.html").as_uri())
        page.goto((folder / "site" / quote.strip("/") / "index.html").as_uri())
        assert "From the journey." in page.locator("main").inner_text()
        assert "Not as I read it." in page.locator("main").inner_text()
        page.get_by_role("link", name="Read in the debate").click()
        expect(page.locator("details.note", has_text="From the journey.")).to_have_count(1)
