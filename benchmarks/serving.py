"""How the site holds with two workers while many ask, while the record is loaded anew, and while somebody annotates."""

import asyncio
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
from benchmarks.pages import OWN, ROOT, annotated, costs, suggested

ANNOTATIONS = 10_000
CLIENTS, SECONDS = 8, 8
AFRESH = 4  # one request in so many is of somebody with a cookie, for whom the page is worked out anew
STALE = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('UPDATE loaded SET fingerprint = 0'); c.commit()"
)
HEADING = re.compile(rb"<h1[^>]*>(.*?)</h1>", re.DOTALL)
Status = tuple[int, bytes]


class Heard(NamedTuple):
    """An answer: the address, its status and heading (0 where none came), and seconds."""

    path: str
    told: Status
    seconds: float


def main(folder: Path, topics: Path) -> None:
    """Fill a folder of databases with annotations, print what pages cost, and put load on a server of it."""
    debate = annotated(folder, ANNOTATIONS)
    started = time.perf_counter()
    run("-m", "annotations", "load", "--db-dir", folder)
    suggested(folder, ANNOTATIONS)
    print(f"{ANNOTATIONS:,} annotations placed by annotations load in {time.perf_counter() - started:.1f} s")
    paths = asyncio.run(costs(folder / "statements.db", debate))
    with store.opened(folder / "accounts.db") as conn:
        store.save_user(conn, "Ada", "seven quiet pamphlets", "annotator", 0)
        token = store.make_token(conn, "Ada", 0)
    with served(folder) as port:
        right = {path: ask(http.client.HTTPConnection("127.0.0.1", port, timeout=60), path, {}).told for path in paths}
        speech = next(path.removeprefix("/text/") for path in paths if path.startswith("/text/"))
        told("alone", right, loaded(port, paths))
        told("while the record is loaded", right, loaded(port, paths, lambda stop: reload(folder, topics, stop)))
        told("while somebody annotates", right, loaded(port, paths, lambda stop: annotate(port, token, speech, stop)))


def run(*command: object) -> None:
    """Run a Python command to its end."""
    subprocess.run([sys.executable, *map(str, command)], cwd=ROOT, check=True, capture_output=True)


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The site as `make serve-production` starts it, until the block ends; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = ["make", "-o", "setup", f"PY={sys.executable}", f"DB_DIR={folder}", f"PORT={port}", "serve-production"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    server = subprocess.Popen(
        command, cwd=ROOT, env=clean, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while ask(http.client.HTTPConnection("127.0.0.1", port), "/healthz", {}).told[0] == 0:
            if server.poll() is not None:
                raise RuntimeError(f"make serve-production ended with {server.returncode}")
            time.sleep(0.1)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def ask(conn: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> Heard:
    """One request over a connection that is kept."""
    started = time.perf_counter()
    try:
        conn.request("GET", path, headers=headers)
        response = conn.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        conn.close()
        return Heard(path, (0, b""), time.perf_counter() - started)
    heading = HEADING.search(body)
    return Heard(path, (response.status, heading[1] if heading else b""), time.perf_counter() - started)


def loaded(port: int, paths: Sequence[str], beside: Callable[[Event], None] | None = None) -> list[Heard]:
    """What many clients hear, who ask for pages in an order of their own, while something is done beside."""
    heard: list[Heard] = []
    stop = Event()

    def client(number: int) -> None:
        chance, conn = random.Random(number), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not stop.is_set():
            heard.append(ask(conn, chance.choice(paths), {} if chance.randrange(AFRESH) else OWN))

    threads = [Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    threads += [Thread(target=beside, args=(stop,))] if beside else []
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    return heard


def reload(folder: Path, topics: Path, stop: Event) -> None:
    """Load every day of the record anew into the database that is served, and the annotations, once."""
    started = time.perf_counter()
    run("-c", STALE, folder / "statements.db")
    run("-m", "scrapers", "load", "--everything", "--db-dir", folder, "--topics", topics)
    run("-m", "annotations", "load", "--db-dir", folder)
    print(f"the record and its annotations were loaded in {time.perf_counter() - started:.1f} s beside it")


def annotate(port: int, token: str, speech: str, stop: Event) -> None:
    """Annotate once a second, and look each annotation up; prints how long that took, and what went wrong."""
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    words = text_of(conn, speech)
    seconds, wrong = [], []
    while not stop.wait(1):
        sent = {"speech": speech, "exact": words, "point": "participation-online/be-responsive", "reading": "said"}
        started = time.perf_counter()
        conn.request("POST", "/annotate", json.dumps(sent), headers)
        response = conn.getresponse()
        answer = json.loads(response.read())
        seconds.append(time.perf_counter() - started)
        if response.status != 201 or not answer["shown"] or ask(conn, answer["address"], {}).told[0] != 200:
            wrong.append(answer)
    print(f"{len(seconds)} annotations posted, {max(seconds) * 1000:.0f} ms at most; not shown at once: {len(wrong)}")


def text_of(conn: http.client.HTTPConnection, speech: str) -> str:
    """Words from the middle of a speech that stand there once."""
    conn.request("GET", f"/text/{speech}")
    text = conn.getresponse().read().decode()
    return text[len(text) // 2 :][:80]


def told(what: str, right: dict[str, Status], heard: Sequence[Heard]) -> None:
    """Print how many answers came, how fast, and how many were not as they should be."""
    times = sorted(each.seconds * 1000 for each in heard)
    wrong = [each for each in heard if each.told != right[each.path]]
    most = times[len(times) * 99 // 100]
    speed = f"{len(heard) / SECONDS:.0f} requests a second, p50 {times[len(times) // 2]:.0f} ms, p99 {most:.0f} ms"
    print(f"{CLIENTS} clients, {what}: {speed}; {len(wrong)} of {len(heard)} failed or wrong")
    for each in wrong[:3]:
        print(f"  {each.told[0]} {each.path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
