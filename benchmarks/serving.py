"""Benchmark of the site with two workers under load: alone, during a reload of the record, and during annotating."""

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from accounts import store
from benchmarks.bench_folder import list_options
from benchmarks.measures import ROOT, BenchFolder, Measure, find_percentile, report_progress, run_python
from benchmarks.pages import UNCACHED, list_pages

CLIENTS, SECONDS = 8, 8
UNCACHED_EVERY = 4  # one request in this many has a cookie, so that its page is not cached
STALE = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('UPDATE loaded SET fingerprint = 0'); c.commit()"
)
WHOLE_WORDS = re.compile(r"\s(\S.{60,}?)\s", re.DOTALL)
HEADING = re.compile(rb"<h1[^>]*>(.*?)</h1>", re.DOTALL)
Status = tuple[int, bytes]


class TimedPost(NamedTuple):
    """A note that was sent: the seconds until it was entered, and whether it was shown at once."""

    seconds: float
    shown: bool


class TimedAnswer(NamedTuple):
    """An answer: the path, its status (0 if none came) and heading, and the seconds it took."""

    path: str
    result: Status
    seconds: float


def measure_serving(folder: BenchFolder) -> Iterator[Measure]:
    """Measure a site with two workers and many visitors: alone, while the record is loaded, while someone annotates."""
    pages = list_pages(folder.db)
    paths = [page for page in pages if not re.search(r"^\*|as_of|\.atom|no-such|healthz|/runs", page)]
    with store.open_accounts(folder.db / "accounts.db") as conn:
        store.save_user(conn, "Ada", "seven quiet pamphlets", "annotator", 0)
        token = store.make_token(conn, "Ada", 0)
    with serve(folder.db) as port:
        report_progress(f"serve {len(paths)} pages to {CLIENTS} visitors for {SECONDS} seconds, several times")
        right = {
            path: get_page(http.client.HTTPConnection("127.0.0.1", port, timeout=60), path, {}).result for path in paths
        }
        alone = put_under_load(port, paths)
        yield Measure(
            name=f"pages a second for {CLIENTS} visitors", value=len(alone) / SECONDS, unit="pages", better="higher"
        )
        yield from judge_answers("alone", right, alone, alone)
        if folder.is_small:
            beside = put_under_load(port, paths, lambda stop: reload_record(folder))
            yield from judge_answers("while the record is loaded", right, beside, alone)
        speech = next(path.removeprefix("/text/") for path in paths if path.startswith("/text/"))
        posted: list[TimedPost] = []
        beside = put_under_load(port, paths, lambda stop: post_annotations(port, token, speech, stop, posted))
        yield from judge_answers("while someone annotates", right, beside, alone)
        yield Measure(
            name="the slowest note to be entered meanwhile",
            value=max(each.seconds for each in posted) * 1000,
            unit="ms",
            goal=500,
            limit=2000,
        )
        yield Measure(
            name="notes not shown at once", value=sum(not each.shown for each in posted), unit="wrong", goal=0, limit=0
        )


def judge_answers(
    what: str, right: Mapping[str, Status], answers: Sequence[TimedAnswer], alone: Sequence[TimedAnswer]
) -> Iterator[Measure]:
    """Yield the wrong answers, and the time that 99 of 100 did not pass, beside that of visitors alone."""
    wrong = [each for each in answers if each.result != right[each.path] or not 200 <= each.result[0] < 500]
    for each in wrong[:3]:
        report_progress(f"{what}: {each.result[0]} {each.path}")
    yield Measure(
        name=f"{what}: failed or wrong, of {len(answers):,} pages", value=len(wrong), unit="wrong", goal=0, limit=0
    )
    slow, slow_alone = (find_percentile([one.seconds * 1000 for one in each], 99) for each in (answers, alone))
    yield Measure(name=f"{what}: 99 of 100 pages within", value=slow, unit="ms", goal=500, limit=2000)
    if answers is not alone:
        yield Measure(
            name=f"{what}: that, beside the same alone", value=slow / slow_alone, unit="times", goal=3, limit=10
        )


@contextmanager
def serve(folder: Path) -> Iterator[int]:
    """Serve the site by `make serve-production` until the block ends; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        "make",
        "-o",
        "setup",
        f"PY={sys.executable}",
        f"DB_DIR={folder}",
        f"PORT={port}",
        f"BASE_URL=http://127.0.0.1:{port}",
    ]
    command.append("serve-production")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    server = subprocess.Popen(
        command, cwd=ROOT, env=clean, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while get_page(http.client.HTTPConnection("127.0.0.1", port), "/healthz", {}).result[0] == 0:
            if server.poll() is not None:
                raise RuntimeError(f"make serve-production ended with {server.returncode}")
            time.sleep(0.1)
        yield port
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(60)


def get_page(conn: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> TimedAnswer:
    """Get one page over a connection that stays open."""
    started = time.perf_counter()
    try:
        conn.request("GET", path, headers=headers)
        response = conn.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        conn.close()
        return TimedAnswer(path, (0, b""), time.perf_counter() - started)
    heading = HEADING.search(body)
    return TimedAnswer(path, (response.status, heading[1] if heading else b""), time.perf_counter() - started)


def put_under_load(
    port: int, paths: Sequence[str], background: Callable[[Event], None] | None = None
) -> list[TimedAnswer]:
    """Return the answers to many clients, each with its own order of pages, while `background` runs in a thread."""
    answers: list[TimedAnswer] = []
    stop = Event()

    def client(number: int) -> None:
        chance, conn = random.Random(number), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not stop.is_set():
            answers.append(get_page(conn, chance.choice(paths), {} if chance.randrange(UNCACHED_EVERY) else UNCACHED))

    threads = [Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    threads += [Thread(target=background, args=(stop,))] if background else []
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    return answers


def reload_record(folder: BenchFolder) -> None:
    """Load every day of the record into the served database again, and then the annotations."""
    run_python("-c", STALE, folder.statements)
    run_python("-m", "scrapers", "load", "--everything", *list_options(folder))
    run_python("-m", "annotations", "load", "--db-dir", folder.db)


def post_annotations(port: int, token: str, speech: str, stop: Event, posted: list[TimedPost]) -> None:
    """Annotate once a second until stopped, and read each note back."""
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    words = read_quote(conn, speech)
    while not stop.wait(1):
        sent = {"speech": speech, "exact": words, "point": "participation-online/be-responsive", "reading": "said"}
        started = time.perf_counter()
        conn.request("POST", "/annotate", json.dumps(sent), headers)
        response = conn.getresponse()
        answer = json.loads(response.read())
        seconds = time.perf_counter() - started
        entered = response.status == 201 and answer["shown"]
        page = get_page(conn, answer["address"], {}).result[0] if response.status == 201 else 0
        posted.append(TimedPost(seconds, entered and page == 200))
        if not posted[-1].shown:
            report_progress(f"a note: {response.status}, {answer}; its page: {page}")


def read_quote(conn: http.client.HTTPConnection, speech: str) -> str:
    """Return whole words from the middle of a speech, as a quote of half a word is refused."""
    conn.request("GET", f"/text/{speech}")
    text = conn.getresponse().read().decode()
    found = WHOLE_WORDS.search(text, len(text) // 2)
    return found[1] if found else text
