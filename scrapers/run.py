"""One run: fetch, load and resolve, alone in a folder of databases, and entered in its table of runs."""

import fcntl
import gc
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from db import archive, store
from db.command import FAILED, LATER
from db.records import Listed, Location, Topic, Unavailable
from db.tables import Quarantined
from scrapers import theyworkforyou
from scrapers.fetch import open_location
from scrapers.load import load
from scrapers.match import nobody
from scrapers.sources import described

Tell = Callable[[str], None]
Bad = Callable[[Quarantined], None]


class Folder(NamedTuple):
    """A folder of databases."""

    path: Path

    @property
    def archive(self) -> Path:
        """Where what was received is."""
        return self.path / "archive.db"

    @property
    def statements(self) -> Path:
        """Where what was derived is."""
        return self.path / "statements.db"


@contextmanager
def alone(folder: Folder) -> Iterator[None]:
    """Hold the lock of a folder, which ends with the process. Raises Unavailable where another process holds it."""
    folder.path.mkdir(parents=True, exist_ok=True)
    with open(folder.path / "scrape.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            message = f"{folder.path} is in use by {holder}: wait until it has ended, then try again"
            raise Unavailable(message, LATER) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {archive.now()}")
        lock.flush()
        yield


def fetch(folder: Folder, parldata: str, topics: Iterable[Topic], tell: Tell) -> Counter[str]:
    """Store what a location has that is new or changed; returns how many files were asked, new, changed, unchanged."""
    location = open_location(theyworkforyou.SOURCE, parldata, folder.path / "incoming")
    counts: Counter[str] = Counter()
    with closing(archive.open_archive(folder.archive)) as received:
        for topic in topics:
            tell(f"{topic.id}: asking {location.url}")
            counts.update(_fetch(received, location, topic, tell))
    return counts


def _fetch(received: sqlite3.Connection, location: Location, topic: Topic, tell: Tell) -> Counter[str]:
    counts: Counter[str] = Counter()
    unseen: dict[str, Listed] = {}

    def fresh(patterns: Sequence[str]) -> Iterable[Listed]:
        listed = list(location.list(patterns))
        found = archive.unseen(received, theyworkforyou.SOURCE, listed)
        counts.update(asked=len(listed), unchanged=len(listed) - len(found))
        unseen.update((file.name, file) for file in found)
        return found

    for number, response in enumerate(theyworkforyou.crawl(location._replace(list=fresh), topic), 1):
        counts[archive.keep(received, response, unseen[response.name])] += 1
        tell(f"{topic.id}: {number} of {len(unseen)} files read")
    return counts


def load_all(folder: Folder, topics: Sequence[Topic], everything: bool, tell: Tell, bad: Bad) -> Counter[str]:
    """Bring statements.db up to date; returns how many days were loaded, and what it holds and lacks now."""
    with (
        closing(archive.open_archive(folder.archive)) as received,
        closing(store.open_store(folder.statements)) as derived,
    ):
        gc.disable()  # records hold no cycles, and to look for some among a million costs a twentieth of the time
        store.save_lists(derived, described(), topics)
        counts: Counter[str] = Counter()

        def done(number: int, of: int, name: str) -> None:
            counts["days"] += 1
            tell(f"loading: {number} of {of} days, {name}")

        for quarantined in load(received, derived, (topics, everything), nobody, "", done):
            bad(quarantined)
        store.copy_runs(derived, folder.archive)
        return counts + Counter(store.totals(derived))


def scrape(
    folder: Folder,
    parldata: str,
    wanted: Sequence[Topic],
    topics: Sequence[Topic],
    everything: bool,
    tell: Tell,
    bad: Bad,
) -> tuple[int, Counter[str]]:
    """Fetch what is wanted, load all topics, resolve, and enter the run; returns exit code and counts."""
    with closing(archive.open_archive(folder.archive)) as received:
        run = archive.start_run(received, [topic.id for topic in wanted], parldata)
        counts: Counter[str] = Counter()
        code, message = LATER, "stopped before its end"
        try:
            counts.update(fetch(folder, parldata, wanted, tell))
            counts.update(load_all(folder, topics, everything, tell, bad))
            code, message = max(FAILED if counts["failed"] else 0, _resolve(folder)), ""
        except Unavailable as error:
            code, message = error.exit_code, str(error)
            raise
        finally:
            archive.finish_run(received, run, counts, code, message)
            with closing(store.open_store(folder.statements)) as derived:
                store.copy_runs(derived, folder.archive)
    return code, counts


def _resolve(folder: Folder) -> int:
    """Run `python -m annotations load`: the two packages meet in statements.db alone."""
    command = [sys.executable, "-m", "annotations", "load", "--db-dir", str(folder.path)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
