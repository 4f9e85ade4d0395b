"""Two people in a real browser, from signing in through their blind passes to the page of agreement."""

import pytest
from playwright.sync_api import expect

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import ArchivePaths
from annotations.suggesters.rule_files import RULES_FOLDER
from tests.support.browser import ONE_LOOK, choose_pages, find_flaws, fits_every_width, serving, sign_in, watch_pages
from tests.support.journal_drafts import annotate
from tests.support.profiles import NIGHTLY
from tests.support.users import copy_site

DEBATE = "/debate/d-2008-06-22c-101-3"
PAGES = [  # of each state of a pass two: before it, during it and after it
    *("/coverage", f"{DEBATE}/blind"),
    *(DEBATE, "/q/specimen-1"),
    *("/agreement", "/agreement/d-2008-06-22c-101-3"),
]


@pytest.fixture
def folder(tmp_path, site_db):
    return copy_site(site_db, tmp_path, Ada="annotator", Bob="annotator")


@pytest.fixture
def address(folder, specimens, monkeypatch):
    monkeypatch.setenv("QUOTES", str(specimens / "quotes"))
    with serving(folder / "statements.db") as address:
        yield address


@pytest.fixture
def signed_in(browser, address):
    """A function that opens a page as somebody who has signed in; afterwards no error may have been logged."""
    with watch_pages(browser, address, "404 (Not Found)", "403 (Forbidden)") as new_page:

        def open_as(name, path=DEBATE, width=1440, **settings):
            page = new_page(width, **settings)
            sign_in(page, name, path)
            return page

        yield open_as


def begun(page):
    page.goto(DEBATE)
    page.locator(".menu > summary").click()
    page.locator(".pass a").click()
    page.get_by_role("button", name="Annotate blind").click()
    page.wait_for_url(f"**{DEBATE}")


def finished(page):
    page.goto(DEBATE)
    page.locator(".menu > summary").click()
    page.locator(".pass a").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator(".lead")).to_contain_text("You finished on")


@pytest.mark.parametrize(
    "scripts", [True, pytest.param(False, marks=pytest.mark.nightly)], ids=["with scripts", "without scripts"]
)
def test_two_people_go_through_their_blind_passes_to_the_page_of_agreement(signed_in, root, specimens, folder, scripts):
    ada, bob = (signed_in(name, java_script_enabled=scripts) for name in ("Ada", "Bob"))
    assert ada.locator("details.note").count() > 0
    for page in (ada, bob):
        begun(page)
        assert page.locator("details.note").count() == 0
        assert "You are annotating blind." in page.locator(".blinded").inner_text()
    places = ArchivePaths(root / "annotations" / "guidance", specimens / "quotes", RULES_FOLDER, folder)
    for name, exact in (("Ada", "which office"), ("Bob", "which office"), ("Bob", "at the outset")):
        writer.enter_drafts(places, [annotate(f"{name}-{len(exact)}", name, exact, creator=name)])
    ada.goto(DEBATE)
    bob.goto(DEBATE)
    assert [page.locator("details.note").count() for page in (ada, bob)] == [1, 2]
    ada.goto("/statements/annotations")
    assert ada.locator("h1").inner_text() == "Closed for now"
    finished(ada)
    ada.get_by_role("link", name="Read the debate with every note").click()
    expect(ada.locator("details.note").nth(3)).to_be_attached()
    expect(ada.locator(".blinded")).to_have_count(0)
    bob.goto("/agreement/d-2008-06-22c-101-3")
    assert "other people’s notes on it are hidden from you" in bob.locator("main").inner_text()
    finished(bob)
    bob.get_by_role("link", name="see how far people agree").click()
    expect(bob.locator("h1")).to_have_text("Agreement: Civil Servants (Village Web Forums)")
    expect(bob.locator("section.compared")).to_contain_text("Ada")
    expect(bob.locator("section.compared")).to_have_count(1)
    bob.get_by_role("link", name="Agreement", exact=True).first.click()
    expect(bob.locator(".agreement tbody tr")).to_have_count(1)


def test_finishing_too_soon_is_undone_with_one_button(signed_in):
    page = signed_in("Ada")
    begun(page)
    finished(page)
    page.get_by_role("button", name="Reopen my pass").click()
    page.wait_for_url(f"**{DEBATE}")
    expect(page.locator("details.note")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "width"), ONE_LOOK)
def test_pages_fit_their_window_and_axe_finds_nothing(signed_in, root, specimens, folder, scheme, width):
    page = signed_in("Ada", width=width, color_scheme=scheme, bypass_csp=True)
    places = ArchivePaths(root / "annotations" / "guidance", specimens / "quotes", RULES_FOLDER, folder)
    checked(page, scheme, 0)
    begun(page)
    checked(page, scheme, 1)
    writer.enter_drafts(places, [annotate("ada-1", "Ada", "which office", creator="Ada")])
    finished(page)
    bob = signed_in("Bob", width=width, color_scheme=scheme)
    begun(bob)
    writer.enter_drafts(places, [annotate("bob-1", "Bob", "at the outset", creator="Bob")])
    finished(bob)
    checked(page, scheme, 2)


def checked(page, scheme, state):
    """Check the pages in one of the three states of a pass: by day those that are listed for it, at night all."""
    pages = choose_pages(PAGES, scheme)
    for path in pages if NIGHTLY else [pages[state]]:
        page.goto(path)
        assert find_flaws(page) == [], path
        assert fits_every_width(page), path
