"""A real video in a real browser: played only when asked, tagged by keyboard alone, and watched from the moment."""

import base64
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.support.addresses import AT
from tests.support.browser import find_flaws, serving, sign_in, watch_pages
from tests.support.users import copy_site

DEBATE = "/debate/d-2008-06-22c-101-3"
DRAWN = """
async () => {
  const canvas = document.createElement("canvas"), parts = [];
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: "video/webm" });
  recorder.ondataavailable = (event) => parts.push(event.data);
  const stopped = new Promise((done) => { recorder.onstop = done; });
  const pen = canvas.getContext("2d"), began = performance.now();
  recorder.start();
  for (let at = 0; at < 1800; at = performance.now() - began) {
    pen.fillStyle = `hsl(${at} 90% 50%)`;
    pen.fillRect(0, 0, 99, 99);
    await new Promise(requestAnimationFrame);
  }
  recorder.stop();
  await stopped;
  return btoa(String.fromCharCode(...new Uint8Array(await new Blob(parts).arrayBuffer())));
}
"""


UNTIL = """
(film, [key, least]) => new Promise((done) => {
  const look = () => (Number(film[key]) >= least ? done(film.currentTime) : requestAnimationFrame(look));
  look();
})
"""


class Shown(BaseHTTPRequestHandler):
    """One film, and the parts of it that are asked for, as hosts of films serve them."""

    def do_GET(self):
        film = self.server.film
        if self.path != "/sitting.webm":
            self.send_error(404)
            return
        asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        first, last = (int(asked[1]), int(asked[2] or len(film) - 1)) if asked else (0, len(film) - 1)
        self.send_response(206 if asked else 200)
        headers = {"Content-Type": "video/webm", "Accept-Ranges": "bytes", "Content-Length": last + 1 - first}
        headers |= {"Content-Range": f"bytes {first}-{last}/{len(film)}"} if asked else {}
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(film[first : last + 1])

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def film(browser):
    """The address of a film of about two seconds, on a host of its own."""
    page = browser.new_page()
    made = base64.b64decode(page.evaluate(DRAWN))
    page.close()
    with ThreadingHTTPServer(("127.0.0.1", 0), Shown) as server:
        server.film = made
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/sitting.webm"
        server.shutdown()


@pytest.fixture(scope="module")
def address(site_db, tmp_path_factory):
    folder = copy_site(site_db, tmp_path_factory.mktemp("filmed"), Ada="annotator")
    with serving(folder / "statements.db") as address:
        yield address


def on(page, wanted):
    """Go on with the keyboard to a control."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"no key leads to {wanted}")


def test_a_video_is_played_tagged_and_watched_from_the_moment_by_keyboard(browser, address, film):
    with watch_pages(browser, address, film) as new_page:
        page = new_page(320)
        sign_in(page, "Ada", AT)
        on(page, page.get_by_label("Address of the video"))
        page.keyboard.type(f"{film}#t=0.2")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        on(page, page.get_by_role("button", name="Play here"))
        assert not [url for url in new_page.wrong if film in url], "asked before anybody said so"
        video, start = page.locator("video"), page.get_by_label("Start (")
        video.evaluate("film => { film.defaultPlaybackRate = 0.1; }")  # so that it does not end before it is stopped
        page.keyboard.press("Enter")
        expect(video).to_be_focused()
        video.evaluate(UNTIL, ["currentTime", 0.3])
        page.keyboard.press("Space")
        page.wait_for_function("document.querySelector('video').paused")
        at = video.evaluate("film => film.currentTime")
        ends = video.evaluate("film => film.duration")
        on(page, page.get_by_role("button", name="Use the current time as the start"))
        page.keyboard.press("Enter")
        expect(page.locator("#told")).to_have_text(re.compile("^Start 0:0"))
        first = start.input_value()
        assert abs(float(first.removeprefix("0:")) - at) < 0.01
        on(page, page.get_by_role("button", name="Start 1 second later"))
        page.keyboard.press("Enter")
        expect(start).not_to_have_value(first)
        assert float(start.input_value().removeprefix("0:")) <= ends + 0.001
        start.fill("0:30")
        assert start.evaluate("field => field.validationMessage").startswith("The video ends at 0:0")
        start.fill("0:00.9")
        assert find_flaws(page) == []
        on(page, page.get_by_role("button", name="Save", exact=True))
        page.keyboard.press("Enter")
        page.wait_for_url("**/speech/*")
        page.goto(DEBATE)
        link = page.get_by_role("link", name="Watch from 0:00.9 at 127.0.0.1")
        assert link.get_attribute("href") == f"{film}#t=0.9"
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{film}#t=0.9")
        assert 0.85 <= video.evaluate(UNTIL, ["readyState", 2]) <= ends


def test_a_video_that_does_not_play_is_reported(browser, address, film):
    with watch_pages(browser, address, "/gone.webm", "Failed to load") as new_page:
        page = new_page()
        page.goto(f"{AT}?source={film.replace('http://', 'http://x.').replace('127.0.0.1', 'localhost')}")
        assert page.locator("video").count() == 0, "by http, of another machine"
        page.goto(f"{AT}?source={film.replace('sitting', 'gone')}")
        page.get_by_role("button", name="Play here").click()
        page.get_by_text("The video cannot be played here").wait_for()
