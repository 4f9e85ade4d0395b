"""What tests in a real browser share: the browser, the site as it is served, a page that is watched, signing in."""

import asyncio
import os
import shutil
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from tests.support.profiles import NIGHTLY
from tests.support.sites import open_site
from tests.support.users import PASSWORD

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first costs half the CPU
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
INSTALL = "no Chromium is installed: apt-get install chromium-headless-shell or chromium (Debian), or set PATH to one"
BAD_LOG_TYPES = ("error", "warning")
LOOKS = [("light", 320), ("dark", 1440)]  # each scheme and the least and most room, but not each with each
ONE_LOOK = [LOOKS[0], pytest.param(*LOOKS[1], marks=pytest.mark.nightly)]  # for templates that other tests see too
WIDTHS = (320, 768, 1440)
TIMEOUT = 60_000  # milliseconds that a page may take, on a machine that does much besides
AXE = Axe().axe_script
FIND_VIOLATIONS = """options => axe.run(document, options)
  .then(found => found.violations.map(each => [each.id, each.nodes[0].html.slice(0, 200)]))"""
ARGUMENTS = [
    "--no-sandbox",
    "--process-per-site",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]


@pytest.fixture(scope="session")
def chromium():
    """The one browser of a worker, and the event loop by which Playwright drives it."""
    if not CHROMIUM:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(INSTALL)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        expect.set_options(timeout=TIMEOUT)
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield launched, loop
        asyncio._set_running_loop(loop)
        launched.close()


@pytest.fixture(scope="module")
def browser(chromium):
    """The browser. While a module has it, Playwright's loop is the running one; then others may run loops again."""
    launched, loop = chromium
    asyncio._set_running_loop(loop)
    yield launched
    asyncio._set_running_loop(None)


@contextmanager
def serving(path, **settings):
    """Serve the site over a database on a port of its own, set up as `make serve` does; yields its address."""
    datasette = open_site(path, **settings)
    config = uvicorn.Config(datasette.app(), host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        await_start(server, thread)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        datasette.executor.shutdown(wait=False)


def await_start(server, thread, seconds=60):
    """Wait until a server in a thread answers."""
    last = time.monotonic() + seconds
    while not server.started:
        assert thread.is_alive(), "the server ended"
        assert time.monotonic() < last, f"no server after {seconds} seconds"
        time.sleep(0.01)


@contextmanager
def watch_pages(browser, host, *meant):
    """A function that opens an empty page, `wrong` of which holds what went wrong; in the end nothing may have.

    That is: an error was logged, a script failed, a dialog opened, or anything was asked but of addresses that begin as
    `host`. What says one of `meant` was meant to happen.
    """
    contexts, wrong = [], []

    def new_page(width=1440, **settings):
        base = {} if host == "file:" else {"base_url": host}
        contexts.append(browser.new_context(**{"viewport": {"width": width, "height": 900}, **base, **settings}))
        contexts[-1].set_default_timeout(TIMEOUT)
        page = contexts[-1].new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type in BAD_LOG_TYPES else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(host) else None)
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        return page

    new_page.wrong = wrong
    try:
        yield new_page
    finally:
        for context in contexts:
            context.close()
    unmeant = [what for what in wrong if not any(told in what for told in meant)]
    assert unmeant == [], unmeant


def get_template_key(page):
    """Tell pages of one template by their address: by its first part, how many parts it has, and any part of ours."""
    if not isinstance(page, str):
        return page
    first, *others = urlsplit(page).path.strip("/").split("/")
    return first, len(others), *others[0 if first == "review" else 1 :]


def choose_pages(pages, scheme):
    """Choose the pages that axe checks in a look: by day one of each template, in either look in turn; all at night."""
    pages = list(pages)
    if NIGHTLY:
        return pages
    chosen = list({get_template_key(page): page for page in reversed(pages)}.values())[::-1]
    return chosen[[name for name, _ in LOOKS].index(scheme) :: len(LOOKS)]


def fits_window(page):
    """Tell whether a page is no wider than its window, so that nobody scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def fits_every_width(page):
    """Tell whether a page fits a phone, at night also wider windows; its window stays as it was."""
    before, found = page.viewport_size, []
    for width in WIDTHS if NIGHTLY else {min(WIDTHS)} - {before["width"]}:  # find_flaws sees to the page's own
        page.set_viewport_size({"width": width, "height": 900})
        found.append(fits_window(page))
    page.set_viewport_size(before)
    return all(found)


def find_flaws(page, sizes=True):
    """What axe finds wrong with a page, rule and element of each; or that it is wider than its window.

    The page is opened with `bypass_csp`, since axe writes styles of its own. `sizes` says whether targets have 24 px.
    """
    page.evaluate(AXE)
    rules = {"target-size": {"enabled": sizes}}
    options = {"preload": False, "resultTypes": ["violations"], "reporter": "no-passes", "rules": rules}
    found = page.evaluate(FIND_VIOLATIONS, options)
    return found if fits_window(page) else [*found, "wider than its window"]


def sign_in(page, name, to="/"):
    """Sign in by the form, and go on to an address of the site."""
    page.goto(f"/sign-in?{urlencode({'to': to})}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Sign in").click()
