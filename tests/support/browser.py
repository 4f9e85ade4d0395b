"""What tests in a real browser share: the browser, the site as it is served, a page that is watched, signing in."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.support.cli import await_port, free_port
from tests.support.users import PASSWORD

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
INSTALL = "no Chromium is installed: apt-get install chromium (Debian), or set PATH to one"
LOUD = ("error", "warning")
LOOKS = [("light", 320), ("dark", 1440)]  # each scheme and the least and most room, but not each with each
AXE = Axe().axe_script
FIND = """options => axe.run(document, options)
  .then(found => found.violations.map(each => [each.id, each.nodes[0].html.slice(0, 200)]))"""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(INSTALL)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


def serving(root, path):
    """The site over a database, as `make serve` starts it, on a port of its own; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "datasette", "serve", str(path), "-p", str(port), "-m", "metadata.json"]
    command += ["--plugins-dir", "plugins", "--template-dir", "web/layout", "--static", "static:web/static"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*command, "--setting", "suggest_facets", "off"], cwd=root, **quiet) as server:
        try:
            await_port(port, seconds=20)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@contextmanager
def watched(browser, host, *meant):
    """A function that opens an empty page, `wrong` of which holds what went wrong; in the end nothing may have.

    That is: an error was logged, a script failed, a dialog opened, or anything was asked but of addresses that begin as
    `host`. What says one of `meant` was meant to happen.
    """
    contexts, wrong = [], []

    def new_page(width=1440, **settings):
        base = {} if host == "file:" else {"base_url": host}
        contexts.append(browser.new_context(**{"viewport": {"width": width, "height": 900}, **base, **settings}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: wrong.append(message.text) if message.type in LOUD else None)
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


def fits(page):
    """Whether a page is no wider than its window, so that nobody scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def flaws(page, sizes=True):
    """What axe finds wrong with a page, rule and element of each; or that it is wider than its window.

    The page is opened with `bypass_csp`, since axe writes styles of its own. `sizes` says whether targets have 24 px.
    """
    page.evaluate(AXE)
    rules = {"target-size": {"enabled": sizes}}
    found = page.evaluate(FIND, {"preload": False, "resultTypes": ["violations"], "rules": rules})
    return found if fits(page) else [*found, "wider than its window"]


def sign_in(page, name, to="/"):
    """Sign in by the form, and go on to an address of the site."""
    page.goto(f"/sign-in?{urlencode({'to': to})}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
