"""One run: fetch, load and resolve, alone in a folder of databases, and entered in its table of runs."""

import fcntl
import gc
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from db.archive import responses as archive
from db.archive import runs
from db.cli import FAILED
from db.records.errors import LATER, Unavailable
from db.records.hansard import Speech
from db.records.topic import Topic
from db.statements import people, store
from db.statements import runs as ledger
from db.statements import speaker_counts as heard
from db.statements.row_builders import Quarantined
from scrapers.fetch import hints as leads
from scrapers.fetch.crawl_sources import Round, Settings, ask
from scrapers.fetch.progress import Progress
from scrapers.load.incremental import load
from scrapers.load.load_people import load_people
from scrapers.reports.health import shortfall
from scrapers.sources.registry import described

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


class Wanted(NamedTuple):
    """What a run is for: the topics to ask about, narrowed, and all topics and the scope that are loaded."""

    topics: Sequence[Topic]
    loaded: Sequence[Topic]
    everything: bool
    debates: Sequence[str] = ()  # references to those whose pages are asked for; all that name a topic where empty


class Outcome(NamedTuple):
    """How a run ended: what it counted, what could not be asked, and what else is to be said."""

    counts: Counter[str]
    problems: list[Unavailable]
    said: list[str]

    @property
    def code(self) -> int:
        """The exit code: the gravest of what went wrong."""
        codes = {problem.exit_code for problem in self.problems}
        return next((code for code in (2, LATER) if code in codes), FAILED if self.counts["failed"] else 0)


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


def fetch(
    folder: Folder,
    settings: Settings,
    wanted: Wanted,
    progress: Progress,
    run: int | None = None,
    since: str | None = None,
    between: Callable[[], object] = lambda: None,
) -> Outcome:
    """Store what the sources have that is new or changed. `between` is called where what came leads to the next."""
    outcome = Outcome(Counter(), [], [])
    with closing(archive.open_archive(folder.archive)) as received:
        here = Round(received, folder.path, settings, run, since or archive.now(), *outcome, progress)
        for source in ("people", "hansard", "theyworkforyou_api"):
            ask(here, source, wanted.topics, leads.none())
        if settings.led:
            between()
        days = leads.days(folder.statements, received) if settings.led else None
        ask(here, "theyworkforyou", wanted.topics, days)
        if "publications" in settings.sources:
            between()
            ask(here, "publications", wanted.topics, leads.pages(folder.statements, wanted.debates))
    return outcome


def load_all(folder: Folder, wanted: Wanted, progress: Progress, bad: Bad) -> Counter[str]:
    """Bring statements.db up to date; returns how many days were loaded, and what it holds and lacks now."""
    with (
        closing(archive.open_archive(folder.archive)) as received,
        closing(store.open_store(folder.statements)) as derived,
    ):
        gc.disable()  # records hold no cycles, and to look for some among a million costs a twentieth of the time
        store.save_lists(derived, described(), wanted.loaded)
        anew = load_people(received, derived, bad)
        register, find = people.mark(derived), people.finder(derived)
        counts: Counter[str] = Counter()

        def done(number: int, of: int, name: str) -> None:
            counts["days"] += 1
            progress("loading", number, of, name)

        def person(speech: Speech) -> str | None:
            return find(speech.member_id, speech.person_id)

        scope = (wanted.loaded, wanted.everything)
        for quarantined in load(received, derived, scope, person, register, done):
            bad(quarantined)
        if anew:
            people.resolve(derived, None)
        if anew or counts["days"]:
            derived.execute("BEGIN IMMEDIATE")
            with derived:
                heard.count(derived)
        store.copy_runs(derived, folder.archive)
        store.stamp(derived, 1)
        return counts + Counter(store.totals(derived))


def scrape(folder: Folder, settings: Settings, wanted: Wanted, progress: Progress, bad: Bad) -> tuple[Outcome, int]:
    """Fetch what is wanted, load all topics, resolve, and enter the run; returns its outcome, and that of resolving."""
    with closing(archive.open_archive(folder.archive)) as received:
        names = [topic.id for topic in wanted.topics]
        since = ledger.unfinished(received, archive.now(days_ago=1))
        run = runs.start_run(received, names, settings.parldata, settings.sources)
        counts: Counter[str] = Counter()
        code, message = LATER, "stopped before its end"
        told: set[Quarantined] = set()

        def once(quarantined: Quarantined) -> None:
            if quarantined not in told:
                bad(quarantined)
            told.add(quarantined)

        def between() -> None:
            counts.update(load_all(folder, wanted, progress, once) - counts)

        try:
            outcome = fetch(folder, settings, wanted, progress, run, since, between)
            totals = load_all(folder, wanted, progress, once)
            outcome.counts.update(totals)
            counts = outcome.counts
            resolved = _resolve(folder)
            code = max(outcome.code, resolved)
            message = "; ".join(map(str, outcome.problems))
        finally:
            with closing(store.open_store(folder.statements)) as derived:
                expected = shortfall(ledger.topics(derived))
                runs.finish_run(received, run, counts, code, message, expected)
                store.copy_runs(derived, folder.archive)
    return outcome, resolved


def _resolve(folder: Folder) -> int:
    """Run `python -m annotations load`: the two packages meet in statements.db alone."""
    command = [sys.executable, "-m", "annotations", "load", "--db-dir", str(folder.path)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
