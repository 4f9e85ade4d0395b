"""Datasette's own pages in a real browser: read, narrowed and sorted, by keyboard and on a phone, without a script."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from db.statements import store
from tests.support.browser import ONE_LOOK, TIMEOUT, choose_pages, find_flaws, fits_every_width, serving, watch_pages
from tests.support.databases import SOURCE
from tests.support.markup import insert_hostile_rows

TABLE = "/statements/speeches?_facet=house&_facet=kind&_sort_desc=words&kind__exact=speech&_search=forum&_size=20"
PAGES = [
    *(
        "/statements",
        TABLE,
        "/statements/debates?house=lords&_size=20",
        "/statements/annotations?_nocol=note&_size=20",
        "/-/versions",
    ),
    *("/statements/debates?title__contains=nowhere", "/statements/debates/d-2008-06-22c-101-3", "/statements?sql=x"),
    *("/statements/quotes_of_a_speaker", "/statements?sql=select+id,+house+from+debates", "/statements/nothing"),
]
FOCUSED = "target => document.activeElement.matches(target)"
SCRIPT = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>"
HOSTILE = quote(SCRIPT, safe="")

REFUSAL = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture
def opened(browser, address):
    """A function that opens a page; afterwards nothing may have run, been asked of another host, or gone wrong."""
    with watch_pages(browser, address, REFUSAL) as new_page:

        def open_page(path="/", width=1440, **settings):
            page = new_page(width, **settings)
            page.goto(path)
            return page

        yield open_page


@pytest.mark.parametrize(("scheme", "width"), ONE_LOOK)
def test_axe_finds_nothing_at_all_on_datasette_s_own_pages(opened, scheme, width):
    page = opened("/", width, color_scheme=scheme, bypass_csp=True)
    for path in choose_pages(PAGES, scheme):
        page.goto(path)
        assert find_flaws(page) == [], path
        assert fits_every_width(page), path


def test_a_table_is_sorted_counted_narrowed_and_a_column_hidden_by_keyboard_alone(opened):
    page = opened("/statements/debates")
    reach(page, "th.col-date a")
    assert "aria-sort" in page.locator("th.col-date").evaluate("th => th.outerHTML")
    reach(page, ".columns-menu summary")
    reach(page, "[aria-label='Count values of date']")
    assert page.locator("#facet-date li").count() > 2
    reach(page, "#facet-house li a")
    assert re.search(r"where house = ", page.locator("h2").first.inner_text())
    reach(page, ".columns-menu summary")
    reach(page, "[aria-label='Hide gid']")
    assert page.locator("th.col-gid").count() == 0
    reach(page, "#facet-house a.cross")
    assert "where house" not in page.locator("main").inner_text()


def reach(page, target):
    """Press Tab until the focus, which shows, is on what is meant, then Enter."""
    page.evaluate("document.activeElement.blur(); document.body.focus()")
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED, target):
            break
    assert page.evaluate(FOCUSED, target), target
    style = "s => [getComputedStyle(s).outlineStyle, getComputedStyle(s).outlineWidth]"
    assert page.locator(":focus").evaluate(style) == ["solid", "3px"], target
    if target.endswith("summary"):
        page.keyboard.press("Enter")
    else:
        with page.expect_navigation():
            page.keyboard.press("Enter")


def test_an_sql_query_works_without_scripts(opened):
    page = opened("/statements", java_script_enabled=False)
    page.get_by_label("SQL (reads only").fill("select house, count(*) as n from debates group by 1 order by 1")
    page.get_by_role("button", name="Run SQL").click()
    expect(page.locator("td").first).to_have_text("commons")
    page.get_by_role("link", name="JSON", exact=True).click()
    expect(page.locator("body")).to_contain_text('"columns": ["house", "n"]')


def test_on_a_phone_each_cell_says_its_column(opened):
    page = opened("/statements/debates", 320)
    label = "td => getComputedStyle(td, '::before').content"
    assert page.locator("td.col-house").first.evaluate(label) == '"house:"'


PLACES = [
    *(f"/statements/debates?{key}={HOSTILE}" for key in ("_sort", "_facet", "_where", "_nocol", "_col", "_next")),
    *(f"/statements/speeches?{key}={HOSTILE}" for key in ("_search", "speaker", "text__contains", "_size", "_json")),
    *(f"/statements/speeches?_facet=house&{HOSTILE}={HOSTILE}", f"/statements/{HOSTILE}"),
    *(f"/statements/debates/{HOSTILE}", f"/statements?sql=select+:p+as+%22{HOSTILE}%22&p={HOSTILE}"),
    *(f"/statements?sql={HOSTILE}", f"/statements/quotes_of_a_speaker?speaker={HOSTILE}", f"/search?q={HOSTILE}"),
    *(f"/debates?topic={HOSTILE}", f"/sign-in?to={HOSTILE}", f"/-/{HOSTILE}", f"/{HOSTILE}"),
]


def test_input_of_a_visitor_never_runs_as_script(opened):
    page = opened("/")
    for path in PLACES:
        answer = page.goto(path)
        assert answer.status < 500, path
        assert page.locator("img[src=x]").count() == 0, path


STORED = [
    *(
        "/",
        "/debates",
        "/debate/d-2008-01-01a-1-1",
        "/speech/d-2008-01-01a-1-2",
        "/search?q=alert",
        "/guidance/doc/point",
    ),
    *(f"/statements/{table}?_facet=id" for table in ("debates", "speeches", "annotations", "replies", "suggestions")),
    *("/statements/speeches/d-2008-01-01a-1-2", "/statements/quotes_of_a_speaker", "/statements/mentions_by_month"),
    "/statements?sql=select+*+from+speeches",
]


def test_text_of_sources_and_readers_never_runs_as_script(browser, tmp_path):
    conn = store.open_store(tmp_path / "statements.db")
    store.save_sources_and_topics(conn, [SOURCE], [])
    insert_hostile_rows(conn)
    conn.close()
    ran = []
    with serving(tmp_path / "statements.db") as address:
        page = browser.new_page(base_url=address)
        page.set_default_timeout(TIMEOUT)
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: ran.append(message.text) if message.type == "error" else None)
        for path in STORED:
            assert page.goto(path).ok, path
            assert not page.evaluate(
                "[...document.querySelectorAll('script:not([src], [type*=ld]), [onerror]')].length"
            ), path
        page.close()
    assert ran == []
