"""Make the pictures of README and docs from a new demo, light and dark, with the Chromium that is installed.

The same program, browser and fonts give the same bytes: the one time that pages show is fixed.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import click
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from demo_servers.demo_folder import NAME, PASSWORD, SPECIMENS, make_demo

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
MOST_BYTES = 150_000
COLOURS = 64  # of a picture: text and lines need no more
DEBATE = "/debate/d-2008-06-22c-101-3"
NOW = "1 December 2026"
FIX_TIMES = """now => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const stamp = /\\b\\d{1,2} [A-Z][a-z]+ 20[2-9]\\d(, \\d{2}:\\d{2})?/g;
  while (walk.nextNode())
    walk.currentNode.data = walk.currentNode.data.replace(stamp, (all, clock) => now + (clock ? ", 09:15" : ""));
}"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
  <match target="pattern">
    <test name="family"><string>Charter</string></test>
    <edit name="family" mode="assign" binding="same"><string>Source Serif 4</string></edit>
  </match>
</fontconfig>
"""


def show_page(page: Page) -> None:
    """Show a page as it is opened."""


def open_note(page: Page) -> None:
    """Open the note that someone disputes."""
    page.locator("summary", has_text="1 disputes").first.click()


def open_panel(page: Page) -> None:
    """Sign in, open a debate, and choose a sentence to annotate by keys."""
    page.goto("/sign-in?to=" + DEBATE)
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_selector("#annotating[data-ready]", state="attached")
    page.locator("#by-sentence").click()
    page.wait_for_selector("button.sentence:focus", state="attached")
    while "No official may" not in page.evaluate("document.activeElement.ariaLabel || ''"):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#annotate-panel[open]")
    page.keyboard.type("authority")
    page.wait_for_timeout(500)


class Picture(NamedTuple):
    """A picture to make: its file, the address of the page, the height of the window, and what to do in the page."""

    name: str
    address: str
    height: int
    act: Callable[[Page], None] = show_page


PICTURES = (
    Picture("debate", DEBATE, 900, open_note),
    Picture("home", "/", 800),
    Picture("coverage", "/coverage", 760),
    Picture("annotating", DEBATE, 860, open_panel),
)


@contextmanager
def serving_demo() -> Iterator[str]:
    """Make a demo in a folder of its own and serve it; yield its address."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        make_demo(folder)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "web", "serve", "--db-dir", str(folder), "--port", str(port)]
        environment = {"PATH": "/usr/bin:/bin", "QUOTES": str(SPECIMENS / "quotes")}
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_port(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def await_port(port: int) -> None:
    """Wait up to a minute until something listens at a port."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise click.ClickException("the demo did not start within a minute")


def compress(taken: bytes) -> bytes:
    """Write a screenshot with few colours and without metadata."""
    image = Image.open(io.BytesIO(taken)).convert("RGB")
    written = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


@click.command(help=__doc__)
@click.argument("names", nargs=-1)
def main(names: tuple[str, ...]) -> None:
    """Make every picture, or those that are named."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not executable:
        raise click.ClickException("no Chromium is installed: apt-get install chromium, or set PATH to one")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serving_demo() as address, tempfile.NamedTemporaryFile("w", suffix=".conf") as fonts:
        fonts.write(FONTS.format(folder=files("fontpkg_source_serif_4")))
        fonts.flush()
        take_pictures(address, executable, {**os.environ, "FONTCONFIG_FILE": fonts.name}, names)


def take_pictures(address: str, executable: str, environment: dict[str, str], names: tuple[str, ...]) -> None:
    """Take the pictures of those names, or all, in each scheme, and write them into docs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"], env=dict(environment))
        for picture in PICTURES:
            for scheme in ("light", "dark") if picture.name in (names or (picture.name,)) else ():
                context = browser.new_context(
                    base_url=address,
                    color_scheme="dark" if scheme == "dark" else "light",
                    viewport={"width": 1280, "height": picture.height},
                    device_scale_factor=1.5,
                    locale="en-GB",
                    reduced_motion="reduce",
                )
                page = context.new_page()
                page.goto(picture.address)
                picture.act(page)
                page.evaluate(FIX_TIMES, NOW)
                path = FOLDER / f"{picture.name}-{scheme}.png"
                path.write_bytes(compress(page.screenshot()))
                size = path.stat().st_size
                click.echo(f"{path.name}: {size:,} bytes{' - too large' if size > MOST_BYTES else ''}")
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
