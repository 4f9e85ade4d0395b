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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from accounts import store
from benchmarks.measures import ROOT
from benchmarks.pages import UNCACHED, add_annotations, add_suggestions, list_pages, measure_pages

ANNOTATIONS = 10_000
CLIENTS, SECONDS = 8, 8
UNCACHED_EVERY = 4  # one request in this many has a cookie, so that its page is not cached
STALE = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('UPDATE loaded SET fingerprint = 0'); c.commit()"
)
HEADING = re.compile(rb"<h1[^>]*>(.*?)</h1>", re.DOTALL)
Status = tuple[int, bytes]


class TimedAnswer(NamedTuple):
    """An answer: the path, its status (0 if none came) and heading, and the seconds it took."""

    path: str
    result: Status
    seconds: float


def main(folder: Path, topics: Path) -> None:
    """Fill a folder of databases with annotations, print the cost of pages, and put load on a server."""
    add_annotations(folder, ANNOTATIONS)
    started = time.perf_counter()
    run_python("-m", "annotations", "load", "--db-dir", folder)
    add_suggestions(folder, ANNOTATIONS)
    print(f"{ANNOTATIONS:,} annotations placed by annotations load in {time.perf_counter() - started:.1f} s")
    for measure in measure_pages(folder):
        print(measure)
    paths = [page for page in list_pages(folder) if not re.search(r"^\*|as_of|\.atom|no-such|healthz|/runs", page)]
    with store.open_accounts(folder / "accounts.db") as conn:
        store.save_user(conn, "Ada", "seven quiet pamphlets", "annotator", 0)
        token = store.make_token(conn, "Ada", 0)
    with serve(folder) as port:
        right = {
            path: get_page(http.client.HTTPConnection("127.0.0.1", port, timeout=60), path, {}).result for path in paths
        }
        speech = next(path.removeprefix("/text/") for path in paths if path.startswith("/text/"))
        print_answers("alone", right, put_under_load(port, paths))
        print_answers(
            "while the record is loaded",
            right,
            put_under_load(port, paths, lambda stop: reload_record(folder, topics, stop)),
        )
        print_answers(
            "while someone annotates",
            right,
            put_under_load(port, paths, lambda stop: post_annotations(port, token, speech, stop)),
        )


def run_python(*command: object) -> None:
    """Run a Python command to its end."""
    subprocess.run([sys.executable, *map(str, command)], cwd=ROOT, check=True, capture_output=True)


@contextmanager
def serve(folder: Path) -> Iterator[int]:
    """Serve the site by `make serve-production` until the block ends; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = ["make", "-o", "setup", f"PY={sys.executable}", f"DB_DIR={folder}", f"PORT={port}", "serve-production"]
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


def reload_record(folder: Path, topics: Path, stop: Event) -> None:
    """Load every day of the record into the served database again, and then the annotations."""
    started = time.perf_counter()
    run_python("-c", STALE, folder / "statements.db")
    run_python("-m", "scrapers", "load", "--everything", "--db-dir", folder, "--topics", topics)
    run_python("-m", "annotations", "load", "--db-dir", folder)
    print(f"the record and its annotations were loaded in {time.perf_counter() - started:.1f} s beside it")


def post_annotations(port: int, token: str, speech: str, stop: Event) -> None:
    """Annotate once a second, and read each annotation back; print the maximum time and the number of failures."""
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    words = read_quote(conn, speech)
    seconds, wrong = [], []
    while not stop.wait(1):
        sent = {"speech": speech, "exact": words, "point": "participation-online/be-responsive", "reading": "said"}
        started = time.perf_counter()
        conn.request("POST", "/annotate", json.dumps(sent), headers)
        response = conn.getresponse()
        answer = json.loads(response.read())
        seconds.append(time.perf_counter() - started)
        if response.status != 201 or not answer["shown"] or get_page(conn, answer["address"], {}).result[0] != 200:
            wrong.append(answer)
    print(f"{len(seconds)} annotations posted, {max(seconds) * 1000:.0f} ms at most; not shown at once: {len(wrong)}")


def read_quote(conn: http.client.HTTPConnection, speech: str) -> str:
    """Return 80 characters from the middle of a speech."""
    conn.request("GET", f"/text/{speech}")
    text = conn.getresponse().read().decode()
    return text[len(text) // 2 :][:80]


def print_answers(what: str, right: dict[str, Status], answers: Sequence[TimedAnswer]) -> None:
    """Print the number of requests a second, the times, and the number of wrong answers."""
    times = sorted(each.seconds * 1000 for each in answers)
    wrong = [each for each in answers if each.result != right[each.path]]
    most = times[len(times) * 99 // 100]
    speed = f"{len(answers) / SECONDS:.0f} requests a second, p50 {times[len(times) // 2]:.0f} ms, p99 {most:.0f} ms"
    print(f"{CLIENTS} clients, {what}: {speed}; {len(wrong)} of {len(answers)} failed or wrong")
    for each in wrong[:3]:
        print(f"  {each.result[0]} {each.path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
