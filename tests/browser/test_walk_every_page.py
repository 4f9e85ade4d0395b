"""A stranger's walk through the site in a real browser: every state of whoever signed in, and all by keyboard."""

import shutil

import pytest
from playwright.sync_api import expect

from annotations.commands import journal_writer as writer
from annotations.commands.archive_paths import ArchivePaths
from annotations.suggesters.rule_files import RULES_FOLDER
from db.journal.entries import EntryDraft
from tests.support.addresses import DEBATE
from tests.support.browser import ONE_LOOK, choose_pages, find_flaws, fits_every_width, serving, sign_in, watch_pages
from tests.support.cli import ROOT
from tests.support.journal_drafts import AUTHOR, annotate
from tests.support.profiles import NIGHTLY
from tests.support.users import PASSWORD, make_accounts

SPEECH, TAKEN = "d-2008-06-22c-101-5", "d-2008-06-22c-106-1"
FORM = f"/annotate?speech={SPEECH}"
FILM = {"source": "https://media.example/sitting.webm", "start": 62.5, "note": "From the gallery."}
STATES = {
    "Ada": [
        *(
            DEBATE,
            f"{DEBATE}?notes=end",
            f"/speech/{SPEECH}",
            "/q/ada-1",
            "/q/ada-2",
            "/q/ada-1/edit",
            "/q/specimen-1/reply",
        ),
        *(FORM, f"{FORM}&exact=that+it+be+civil&note=a+*b*", f"{FORM}&exact=zebra", "/log", "/", f"{DEBATE}/blind"),
        *(
            "/annotate?speech=d-2008-06-22c-103-3&exact=That+is+how+it+should+be+done.",
            "/review",
            f"{DEBATE}?as_of=2008-07",
        ),
        f"/speech/{SPEECH}/moment?source={FILM['source']}",
    ],
    "Bob": [f"/debate/{TAKEN}", f"/debate/{TAKEN}/blind", f"/agreement/{TAKEN}"],
    "Rex": [
        "/review",
        "/review/batch?suggester=rules",
        "/review/changed",
        "/review/queues",
        "/review/hidden?why=unlikely",
        "/review/done",
        "/q/ada-2",
    ],
}
OUTLINED = """() => {
  const [focused, marked] = [document.activeElement, "body, main, .sentence"];
  const box = focused.getBoundingClientRect();
  const ring = getComputedStyle(focused.closest(".note > summary")?.parentElement ?? focused); // or the whole note
  const drawn = focused.matches(marked) || (parseFloat(ring.outlineWidth) >= 1 && ring.outlineStyle !== "none");
  const seen = focused.matches("body, main") || (box.bottom > 0 && box.top < innerHeight);
  return drawn && seen ? null : focused.outerHTML.slice(0, 200);
}"""


@pytest.fixture(scope="module")
def address(suggested, tmp_path_factory):
    folder = shutil.copytree(suggested, tmp_path_factory.mktemp("walk"), dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTES", str(folder / "quotes"))
        make_accounts(folder, Bob="annotator")
        writer.enter_drafts(
            ArchivePaths(ROOT / "annotations" / "guidance", folder / "quotes", RULES_FOLDER, folder), drafts()
        )
        with serving(folder / "statements.db") as address:
            yield address


def drafts():
    own = {**AUTHOR, "creator": "Ada"}
    return [
        annotate("ada-1", "Ada", "at the outset", creator="Ada", note="Said *shortly*.\n\n- one\n- two"),
        annotate("ada-2", "Ada", creator="Ada"),
        EntryDraft("Bob", "reply", {"id": "r1", "annotation": "ada-1", "stance": "disputes", "text": "Not so.", **own}),
        EntryDraft(
            "Ada", "moment", {"id": "m1", "target": "uk.org.publicwhip/debate/2008-06-22c.101.5", **own, **FILM}
        ),
        EntryDraft("Ada", "withdraw", {"annotation": "ada-2", "reason": "Read again."}),
        EntryDraft("Bob", "begin", {"debate": TAKEN}),
    ]


@pytest.fixture
def opened(browser, address):
    """A function that opens a page as somebody; afterwards no error may have been logged but of answers that refuse."""
    with watch_pages(browser, address, "403 (Forbidden)", "410 (Gone)") as new_page:

        def open_page(name="", path="/", width=1440, **settings):
            page = new_page(width, bypass_csp=True, **settings)
            if name:
                sign_in(page, name)
            page.goto(path)
            return page

        yield open_page


@pytest.mark.parametrize(("scheme", "width"), ONE_LOOK)
@pytest.mark.parametrize("name", ["Ada", "Bob", pytest.param("Rex", marks=pytest.mark.nightly)])
def test_every_state_of_somebody_signed_in_fits_its_window_and_axe_finds_nothing(opened, name, scheme, width):
    page = opened(name, width=width, color_scheme=scheme)
    for path in choose_pages(STATES[name], scheme):
        page.goto(path)
        assert find_flaws(page) == [], path
        assert fits_every_width(page), path


@pytest.mark.parametrize(
    "settings",
    [
        {"color_scheme": "dark"},
        pytest.param({"forced_colors": "active"}, marks=pytest.mark.nightly),
        pytest.param({"reduced_motion": "reduce"}, marks=pytest.mark.nightly),
    ],
)
def test_panels_fit_a_phone_and_axe_finds_nothing_in_them(opened, settings):
    page = opened("Ada", DEBATE, 320, **settings)
    page.locator("#annotating[data-ready]").wait_for()
    page.locator(".menu > summary").click()
    page.locator("#show-keys").click()
    expect(page.locator("#keys-panel")).to_be_visible()
    assert not NIGHTLY or find_flaws(page) == []  # by day, test_annotate looks at it
    page.keyboard.press("Escape")
    expect(page.locator("#show-keys")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".menu > summary")).to_be_focused()
    page.locator("#by-sentence").click()
    expect(page.locator("button.sentence:focus")).to_have_count(1)
    assert not NIGHTLY or find_flaws(page) == []
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#annotate-problem")).to_have_text("Choose a point of guidance from the list.")
    assert find_flaws(page) == []
    page.goto("/sign-in")
    assert not NIGHTLY or find_flaws(page) == []


def tab(page, selector, most=200):
    """Press Tab until what has the focus is that; on the way, focus is always seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINED) is None
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab on {page.url}")


@pytest.mark.parametrize(("name", "path"), [("Ada", DEBATE), ("Ada", FORM), ("Ada", "/q/ada-1"), ("Rex", "/review")])
def test_tab_goes_through_a_whole_page_and_shows_where_it_is(opened, name, path):
    page = opened(name, path)
    tab(page, ".skip", 1)
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    tab(page, ".colophon p :last-child")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.colophon') !== null")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_signing_in_by_keyboard_with_a_wrong_and_then_the_right_password(opened, scripts):
    page = opened("", "/guidance", java_script_enabled=scripts)
    tab(page, ".account-in") if scripts else page.locator(".account-in").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in?to=*")
    for password in ("not that", PASSWORD):
        page.locator("#name").focus()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type("Ada")
        page.keyboard.press("Tab")
        page.keyboard.type(password)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if password != PASSWORD:
            expect(page.get_by_role("alert")).to_contain_text("Not signed in.")
            assert page.locator("#name").input_value() == "Ada"
    assert page.url.endswith("/guidance")
    expect(page.locator(".account-out")).to_contain_text("Ada")


def test_annotating_changing_replying_and_undoing_by_keyboard_alone(opened):
    page = opened("Ada", DEBATE)
    page.locator("#annotating[data-ready]").wait_for()
    tab(page, "#by-sentence")
    page.keyboard.press("Enter")
    page.locator("button.sentence").first.wait_for(state="attached")
    page.keyboard.press("Enter")
    expect(page.locator("#annotate-point")).to_be_focused()
    page.keyboard.type("credible")
    page.locator("#annotate-points li").first.wait_for()
    for key in ("Enter", "Alt+2"):
        page.keyboard.press(key)
    expect(page.locator("#annotate-panel [name=reading]").nth(1)).to_be_checked()
    tab(page, "#annotate-note")
    page.keyboard.type("Walked here.")
    with page.expect_event("load"):
        page.keyboard.press("Control+Enter")
    page.locator(".saved-message").wait_for()
    note = page.locator("details.note", has_text="Walked here.")
    made = note.locator(".permalink a[href^='/q/']").first.get_attribute("href")
    tab(page, "#undo")
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    expect(page.locator("details.note", has_text="Walked here.")).to_have_count(0)
    page.goto(made)
    expect(page.locator("h1")).to_have_text("A note that was undone")


def test_changing_replying_and_signing_out_by_keyboard_alone(opened):
    page = opened("Ada", "/q/ada-1")
    tab(page, "a[href$='/edit']")
    page.keyboard.press("Enter")
    expect(page.locator(".in-place #note")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Changed by keys.")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".saved-message")).to_contain_text("Change saved.")
    expect(page.locator("main")).to_contain_text("Changed by keys.")
    tab(page, ".note-actions a[href$='/reply']")
    page.keyboard.press("Enter")
    expect(page.locator(".in-place #text")).to_be_focused()
    page.keyboard.type("So it is.")
    tab(page, ".in-place button[value=agrees]")
    page.keyboard.press("Enter")
    expect(page.locator(".replies")).to_contain_text("So it is.")
    tab(page, ".account-out button")
    page.keyboard.press("Enter")
    expect(page.locator(".account-in")).to_be_visible()


def test_reviewing_three_suggestions_and_a_blind_pass_by_keyboard_alone(opened):
    page = opened("Rex", "/review")
    for decided, key in enumerate(("[name=reading]", "[data-key=reject]", "[name=reading]"), 1):
        tab(page, key)
        page.keyboard.press("Enter")
        expect(page.locator(".review-progress strong")).to_contain_text(f"{decided} of ")
        expect(page.locator(".review-title")).to_be_focused()
    page = opened("Bob", f"/debate/{TAKEN}/blind")
    tab(page, ".step button")
    page.keyboard.press("Enter")
    expect(page.locator(".lead")).to_contain_text("You finished on")


@pytest.mark.parametrize("name", ["", "Ada"])
def test_no_visitor_sees_a_button_that_would_refuse_them(opened, name):
    page = opened(name, "/review")
    assert page.locator(".review-buttons").count() == 0
    page.goto("/review/changed")
    assert page.locator(".review-buttons").count() == 0
    page.goto(f"{DEBATE}/blind")
    assert page.get_by_role("button", name="Annotate blind").count() == bool(name)
