"""Tagging a moment in a real browser: the clock beside the fields, and no other host asked unbidden."""

import pytest
from playwright.sync_api import expect

from tests.support.addresses import AT, FILM
from tests.support.browser import find_flaws, serving, sign_in, watch_pages
from tests.support.users import copy_site


@pytest.fixture(scope="module")
def address(site_db, tmp_path_factory):
    folder = copy_site(site_db, tmp_path_factory.mktemp("tagged"), Ada="annotator")
    with serving(folder / "statements.db") as address:
        yield address


@pytest.fixture
def page(browser, address, request):
    with watch_pages(browser, address) as new_page:
        page = new_page(320, **getattr(request, "param", {}))
        sign_in(page, "Ada", AT)
        yield page


@pytest.mark.parametrize("page", [{}, {"java_script_enabled": False}], indirect=True, ids=["scripts", "no scripts"])
def test_a_moment_is_tagged_and_the_next_speech_begins_with_its_video(page):
    page.get_by_label("Address of the video").fill(f"{FILM}#t=1h2m3s")
    page.get_by_role("button", name="Use this video").click()
    expect(page.get_by_label("Start (")).to_have_value("1:02:03")
    page.get_by_label("End,").fill("1:03:00")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_label("Start (")).to_have_value("1:03:00")
    expect(page.get_by_label("Address of the video")).to_have_value(FILM)
    page.goto("/log")
    assert "Ada" in page.locator(".log > li").first.inner_text()


def test_the_clock_of_the_video_fills_the_fields_by_buttons_and_by_its_key(page):
    page.goto(f"{AT}?source={FILM}")
    page.evaluate(
        "Object.defineProperty(document.querySelector('video'), 'currentTime', {value: 62.5, writable: true})"
    )
    page.get_by_role("button", name="Use the current time as the start").click()
    expect(page.get_by_label("Start (")).to_have_value("1:02.5")
    expect(page.locator("#told")).to_have_text("Start 1:02.5")
    page.get_by_role("button", name="Start 1 second later").click()
    expect(page.get_by_label("Start (")).to_have_value("1:03.5")
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.get_by_label("Start (")).to_have_value("1:02.5")
    page.get_by_label("Start (").fill("")
    page.keyboard.press("n")
    expect(page.get_by_label("Start (")).to_have_value("n")
    assert find_flaws(page) == []


def test_the_log_fits_a_phone_and_axe_finds_nothing(page):
    page.goto("/log")
    assert find_flaws(page) == []


def test_keys_turned_off_on_a_debate_are_off_here(page):
    page.goto("/debate/d-2008-06-22c-101-3")
    page.keyboard.press("?")
    page.get_by_label("Turn on single-key shortcuts").uncheck()
    page.locator("#keys-save").click()
    expect(page.locator("#keys-panel")).not_to_be_visible()
    page.goto(f"{AT}?source={FILM}")
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.get_by_label("Start (")).to_have_value("")
