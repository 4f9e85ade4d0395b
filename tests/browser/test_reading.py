"""The reading path in a real browser, with what only a browser can tell."""

import itertools

import pytest
from playwright.sync_api import expect

from tests.support.addresses import DEBATE
from tests.support.browser import (
    LOOKS,
    ONE_LOOK,
    TIMEOUT,
    WIDTHS,
    choose_pages,
    find_flaws,
    fits_every_width,
    serving,
    watch_pages,
)
from tests.support.profiles import NIGHTLY

MISQUOTED = "that the officer say at the outset who he or she is"
PAGES = [
    *("/", "/debates", DEBATE, "/debate/d-2008-06-22c-106-1", "/debate/w-2008-06-22b-990207-h"),
    *("/speech/d-2008-06-22c-101-5", "/runs", "/guidance", "/guidance/participation-online"),
    *("/guidance/participation-online/be-credible", "/guidance/participation-online/code"),
    *("/agreement", f"{DEBATE}/blind", "/timeline", "/quotes", "/coverage", "/coverage?by=speaker", "/people"),
    "/people/990002",
    *("/people/990014", "/log", "/review", "/review/changed", "/review/queues", "/review/done"),
    *("/speech/d-2008-06-22c-101-5/moment", "/sign-in"),
    *("/feeds", "/api", f"{DEBATE}?notes=end", f"{DEBATE}?notes=off", f"{DEBATE}?reading=said"),
    *(f"{DEBATE}?as_of=2008-07", "/guidance?as_of=2008-07", "/coverage?as_of=2008-07"),
    *("/search", "/search?q=forum", "/search?q=zebra", "/search?q=%22", "/nothing", "/debate/nothing"),
    *("/verify", f"/verify?quote={MISQUOTED.replace(' ', '+')}", "/verify?quote=zebra+quagga"),
    *("/q/specimen-1", "/q/specimen-4", "/q/specimen-6", "/q/lost-1", "/q/nothing"),
]
ALSO_SIGNED_IN = {  # by day, test_walk_every_page looks at them, with more on them
    *("/speech/d-2008-06-22c-101-5", "/speech/d-2008-06-22c-101-5/moment", f"{DEBATE}/blind", "/review"),
}
WORDINGS = [f"{DEBATE}/changes", f"{DEBATE}/changes?whole=1", DEBATE, "/speech/w-2008-06-22b-990207-r0/editions"]
MOVED = """new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.moved = (window.moved ?? 0) + entry.value;
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture(scope="module")
def told_address(root, told_db):
    """The same over what several sources tell."""
    with serving(told_db) as address:
        yield address


@pytest.fixture
def opened(browser, address):
    """A function that opens a page; afterwards nothing may have been asked of another host, nor any error logged."""
    with watch_pages(browser, address, "404 (Not Found)") as new_page:

        def open_page(path="/", width=1440, **settings):
            page = new_page(width, **settings)
            page.goto(path)
            return page

        yield open_page


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_goes_from_home_to_a_debate_a_note_its_guidance_and_back(opened, scripts):
    page = opened("/", java_script_enabled=scripts)
    page.locator("main").get_by_label("Search speeches").fill('"plain question"')
    page.locator("main").get_by_role("button", name="Search").click()
    expect(page.locator(".explained")).to_contain_text("“plain question”")
    page.locator(".hit a.marks").first.click()
    page.wait_for_url("**#d-2008-06-22c-101-7")
    page.locator("#reference-5").click()
    page.wait_for_url("**#note-5")
    page.locator("#note-5 .point a").click()
    expect(page.locator("h1")).to_have_text("3. Be responsive")
    page.locator(".passage blockquote + .by a").first.click()
    page.wait_for_url(f"**{DEBATE}#d-2008-06-22c-101-7")


def test_on_a_phone_notes_are_folded_below_their_paragraph_and_a_number_opens_its_note(opened):
    page = opened(DEBATE, 320)
    note = page.locator("#note-5")
    assert not note.is_visible()
    page.locator("#reference-5").click()
    expect(note).to_be_visible()
    block = page.locator(".noted:has(#note-5) > p").bounding_box()
    assert note.bounding_box()["y"] >= block["y"] + block["height"]


MEASURE_NOTES = """() => [...document.querySelectorAll("details.note:not(.folded)")].map(note => {
  const row = note.querySelector("summary").getBoundingClientRect(), middle = (row.top + row.bottom) / 2;
  const words = [...document.querySelectorAll(`mark[aria-details="${note.querySelector(".body").id}"]`)];
  const boxes = words.flatMap(mark => [...mark.getClientRects()]);
  const distances = boxes.map(box => Math.abs((box.top + box.bottom) / 2 - middle));
  return [Math.min(...distances), row.left - Math.max(...boxes.map(box => box.right))];
})"""


def test_on_a_wide_page_notes_are_lines_in_the_margin_level_with_their_words_and_open_there(opened):
    page = opened(DEBATE, 1440)
    measured = page.evaluate(MEASURE_NOTES)
    assert len(measured) == 6
    assert max(distance for distance, _ in measured) <= 40
    assert min(beside for _, beside in measured) > 0
    words = page.locator('mark[aria-details="note-6"]').last
    words.click()
    expect(page.locator("#note-6")).to_be_visible()
    assert page.evaluate(MEASURE_NOTES) == measured
    page.keyboard.press("p")
    expect(page.locator("#note-5")).to_be_visible()
    expect(page.locator("#note-6")).not_to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#reference-5")).to_be_focused()
    expect(page.locator("#note-5")).not_to_be_visible()


def test_notes_never_lie_over_each_other_or_push_the_words_apart(opened):
    page = opened(DEBATE, 1440)
    notes = [note.bounding_box() for note in page.locator("details.note > summary").all()]
    assert all(above["y"] + above["height"] <= below["y"] + 1 for above, below in itertools.pairwise(notes))
    turns = [turn.bounding_box() for turn in page.locator("article.speech").all()]
    gaps = [below["y"] - above["y"] - above["height"] for above, below in itertools.pairwise(turns)]
    assert max(gaps) < 40


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_notes_stand_beside_the_words_at_the_end_or_nowhere_and_the_address_says_which(opened, scripts):
    page = opened(DEBATE, 1440, java_script_enabled=scripts)
    for name, way in (("off", "off"), ("beside the words", "on"), ("at the end", "end")):
        page.locator(".menu > summary").click()
        page.locator(".switch").get_by_role("link", name=name).click()
        page.wait_for_selector(f".notes-{way}")
        assert page.locator("details.note > summary").first.is_visible() == (way == "on")
        assert page.locator(".endnotes #note-5").count() == (way == "end")
        assert page.locator(".reference").first.is_visible() == (way != "off")
        assert page.url.endswith(DEBATE + ("?" if way == "on" else f"?notes={way}"))
        if scripts and way != "end":
            page.locator(".menu > summary").click()


def test_the_citation_can_be_copied(opened):
    page = opened(DEBATE, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_text("Cite", exact=True).click()
    page.get_by_role("button", name="Copy OSCOLA").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text === 'HC Deb 22 June 2008, col 101')")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_checks_a_quotation_and_follows_it_to_the_speech_and_its_note(opened, scripts):
    page = opened("/", java_script_enabled=scripts)
    page.get_by_role("link", name="Check a quote").click()
    page.get_by_label("Quotation to check").fill(f"“{MISQUOTED}”")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".verdict")).to_contain_text("Altered: “officer” for “official” (1 word changed): ")
    assert [page.locator(f".text {tag}").inner_text() for tag in ("del", "ins")] == ["officer", "official"]
    page.locator(".verified .list a").first.click()
    page.wait_for_url(f"**{DEBATE}#*")
    page.goto(f"{DEBATE}#note-1")
    page.locator("#note-1 .permalink a").first.click()
    expect(page.locator("blockquote mark").first).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_when_a_page_has_come_and_its_scripts_start(opened, width):
    page = opened("/runs", width)
    page.add_init_script(MOVED)
    for path in (DEBATE, "/debate/w-2008-06-22b-990207-h", "/speech/d-2008-06-22c-101-5", "/q/specimen-1"):
        page.goto(path)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate("window.moved ?? 0") < 0.01, path


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_pages_fit_their_window_and_axe_finds_nothing(opened, scheme, width):
    page = opened("/", width, color_scheme=scheme, bypass_csp=True)
    for path in choose_pages([each for each in PAGES if NIGHTLY or each not in ALSO_SIGNED_IN], scheme):
        page.goto(path)
        assert find_flaws(page) == [], path
        assert fits_every_width(page), path


@pytest.mark.parametrize(("scheme", "width"), ONE_LOOK)
def test_pages_of_wordings_fit_their_window_and_axe_finds_nothing(browser, told_address, scheme, width):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page.set_default_timeout(TIMEOUT)
    for path in choose_pages(WORDINGS, scheme):
        page.goto(told_address + path)
        assert page.locator("h1").count() == 1, path
        assert find_flaws(page) == [], path
        assert fits_every_width(page), path
    page.close()
