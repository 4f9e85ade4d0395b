"""`make serve-production`: two workers share one journal, one list of accounts and one secret."""

import http.client
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from tests.support.cli import await_port, free_port
from tests.support.users import PASSWORD, copy_site

POINT = "participation-online/be-credible"


@pytest.fixture
def folder(tmp_path, site_db):
    if not shutil.which("make"):
        pytest.skip("make is missing: apt install make")
    return copy_site(site_db, tmp_path, Ada="annotator")


@contextmanager
def production(folder, root):
    """Start the server through make with an existing environment, and yield its port."""
    port = free_port()
    command = ["make", "-o", "setup", f"PY={sys.executable}", f"DB_DIR={folder}", f"PORT={port}", "serve-production"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    clean["BASE_URL"] = f"http://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=root, env=clean, start_new_session=True, **quiet)
    try:
        await_port(port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def ask(port, path, cookies, fields=None, **headers):
    """Send a request over a new connection, so that either worker may answer; store its cookies."""
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    if fields is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    if cookies:
        headers |= {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    body = None if fields is None else urlencode(fields)
    try:
        conn.request("GET" if fields is None else "POST", path, body, headers)
        response = conn.getresponse()
        for cookie in response.headers.get_all("set-cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            cookies[name] = value
        return response.status, response.read().decode(), response.headers
    finally:
        conn.close()


def token(text):
    return BeautifulSoup(text, "html.parser").find("input", attrs={"name": "csrftoken"})["value"]


def words(port):
    speeches = json.loads(ask(port, "/statements/speeches.json?_shape=array&kind=speech&_size=1", {})[1])
    return speeches[0]["id"], speeches[0]["text"][:60].rpartition(" ")[0]  # whole words


def test_two_workers_share_accounts_sessions_forms_and_annotations_across_a_restart(folder, root):
    cookies = {}
    with production(folder, root) as port:
        form = token(ask(port, "/sign-in", cookies)[1])
        sent = {"csrftoken": form, "name": "Ada", "password": PASSWORD}
        assert ask(port, "/sign-in", cookies, sent)[0] == 303
        speech, said = words(port)
        for number in range(6):  # any worker may have made the form, and any may receive it
            form = token(ask(port, f"/annotate?speech={speech}", cookies)[1])
            sent = {"csrftoken": form, "speech": speech, "exact": said, "point": POINT, "reading": "said"}
            status, text, headers = ask(port, "/annotate", cookies, {**sent, "note": f"Note {number}."})
            assert status == 303, text
            for _ in range(6):
                status, text, _ = ask(port, headers["location"], {})
                assert (status, f"Note {number}." in text) == (200, True)
        assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    with production(folder, root) as port:
        for _ in range(6):
            page = ask(port, headers["location"], cookies)[1]
            assert "Ada" in BeautifulSoup(page, "html.parser").select_one("form.account-out").text
            assert "Note 5." in page
        sent = {"csrftoken": form, "speech": speech, "exact": said, "point": POINT, "reading": "implied"}
        assert ask(port, "/annotate", cookies, sent)[0] == 303  # a form that was open during the restart
        assert ask(port, "/sign-out", cookies, {"csrftoken": form})[0] == 303
        for _ in range(6):
            assert ask(port, f"/annotate?speech={speech}", cookies)[0] == 303  # to the sign-in page


@pytest.mark.parametrize(
    ("address", "missing"),
    [("https://box.example", "dispatch-box scrape"), ("", "BASE_URL"), ("box.example", "BASE_URL")],
)
def test_what_is_missing_is_reported(tmp_path, root, address, missing):
    command = ["make", "-o", "setup", f"PY={sys.executable}", f"DB_DIR={tmp_path}", "serve-production"]
    env = {**os.environ, "BASE_URL": address}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, missing in done.stderr) == (2, True)
