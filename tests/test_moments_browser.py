"""Tagging a moment in a real browser: the clock beside the fields, and no other host asked unbidden."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts import store
from tests.test_browser import browser, serving
from tests.test_moments import AT, FILM

PASSWORD = "seven quiet pamphlets"
__all__ = ["browser"]


@pytest.fixture(scope="module")
def address(root, site_db, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tagged")
    shutil.copy(site_db, folder / "statements.db")
    with store.opened(folder / "accounts.db") as conn:
        store.save_user(conn, "Ada", PASSWORD, "annotator", 0)
    yield from serving(root, folder / "statements.db")


@pytest.fixture
def page(browser, address, request):
    context = browser.new_context(
        base_url=address, viewport={"width": 320, "height": 800}, **getattr(request, "param", {})
    )
    page, wrong = context.new_page(), []
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(address) else wrong.append(asked.url))
    page.goto(f"/sign-in?to={AT}")
    page.get_by_label("Name").fill("Ada")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").first.click()
    yield page
    context.close()
    assert wrong == []


def check(page):
    found = [each["id"] for each in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("page", [{}, {"java_script_enabled": False}], indirect=True, ids=["scripts", "no scripts"])
def test_a_moment_is_tagged_and_the_next_speech_begins_with_its_video(page):
    page.get_by_label("Address of the video").fill(f"{FILM}#t=1h2m3s")
    page.get_by_role("button", name="Use this video").click()
    assert page.get_by_label("Start (").input_value() == "1:02:03"
    page.get_by_label("End,").fill("1:03:00")
    page.get_by_role("button", name="Save, and on").click()
    assert page.get_by_label("Start (").input_value() == "1:03:00"
    assert page.get_by_label("Address of the video").input_value() == FILM
    page.goto("/log")
    assert "Ada" in page.locator(".log > li").first.inner_text()


def test_the_clock_of_the_video_fills_the_fields_and_its_key_can_be_turned_off(page):
    page.goto(f"{AT}?source={FILM}")
    page.evaluate(
        "Object.defineProperty(document.querySelector('video'), 'currentTime', {value: 62.5, writable: true})"
    )
    page.get_by_role("button", name="Now, as start").click()
    assert page.get_by_label("Start (").input_value() == "1:02.5"
    assert page.locator("#told").inner_text() == "Start 1:02.5"
    page.get_by_role("button", name="Start 1 second later").click()
    assert page.get_by_label("Start (").input_value() == "1:03.5"
    page.locator("h1").click()
    page.keyboard.press("n")
    assert page.get_by_label("Start (").input_value() == "1:02.5"
    page.get_by_label("Start (").fill("")
    page.keyboard.press("n")
    assert page.get_by_label("Start (").input_value() == "n"
    page.get_by_label("Key n").uncheck()
    page.locator("h1").click()
    page.keyboard.press("n")
    assert page.get_by_label("Start (").input_value() == "n"
    check(page)


def test_the_log_fits_a_phone_and_axe_finds_nothing(page):
    page.goto("/log")
    check(page)
