"""A campaign of mutated documents: the same seed makes the same cases, and every crash is saved with its traceback."""

import re
import signal
import traceback
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NamedTuple

from tests.fuzz.documents import Loader, ProgramFaultError, Specimen, parse_specimen, read_specimens
from tests.fuzz.imports import Importer, ImportFile, read_import_files
from tests.fuzz.mutations import mutate

BATCH = 25  # mutated documents in one load
DOCUMENTS = 0.7  # the share of cases that are documents of sources, not files of imports
SECONDS = 30  # after which a case hangs
SAVED = 3  # crash files of one kind
Batch = Mapping[str, tuple[str, Specimen]]  # by name, with the case

FRAME = re.compile(r'File "([^"]+)", line (\d+)')


class Crash(NamedTuple):
    """An exception that nothing foresaw, or a good document lost: what it was, and in which case."""

    what: str
    case: str
    body: bytes
    trace: str


class Campaign:
    """All cases of one seed. `crashes` are those found so far, `counts` the cases by what became of them.

    `report` is called every thousand cases.
    """

    def __init__(self, seed: int, folder: Path, report: Callable[[str], None] = lambda _: None) -> None:
        self.seed = seed
        self.folder = folder
        self.report = report
        self.crashes: list[Crash] = []
        self.counts: Counter[str] = Counter()
        self.specimens = read_specimens()
        self.by_name: dict[str, list[Specimen]] = defaultdict(list)  # a load takes one document of a name
        self.files = read_import_files()
        self.batches: list[dict[str, tuple[str, Specimen]]] = []  # each of documents of different names

    def run(self, count: int, statements: Path, with_crash_files: bool = True) -> None:
        """Run the crash files as they are, then `count` mutated cases; imports are compared with `statements`."""
        with TemporaryDirectory(prefix="fuzz-") as name, warnings.catch_warnings(action="ignore"):
            loader = Loader([each for each in self.specimens if each.is_good], Path(name))
            importer = Importer(statements, Path(name))
            bad = [each for each in self.specimens if not each.is_good] if with_crash_files else []
            for number, specimen in enumerate(bad):
                self._try_document(f"as-it-is-{number}", specimen, loader)
            for specimen in self.specimens:
                self.by_name[specimen.name].append(specimen)
            for number in range(count):
                if number % 1000 == 999:
                    kinds = ", ".join(sorted({crash.what for crash in self.crashes})) or "none"
                    self.report(f"{number + 1:,} cases, crashes so far: {kinds}")
                chance = Random(f"{self.seed}/{number}")
                if chance.random() < DOCUMENTS:
                    specimen = chance.choice(self.by_name[chance.choice(list(self.by_name))])
                    mutated = specimen._replace(body=mutate(chance, specimen.body))
                    self._try_document(str(number), mutated, loader)
                else:
                    file = chance.choice(self.files)
                    self._try_import(str(number), file._replace(body=mutate(chance, file.body)), importer)
            for batch in self.batches:
                self._load_batch(batch, loader)

    def _try_document(self, case: str, specimen: Specimen, loader: Loader) -> None:
        with watch(self.crashes, f"{case}-parse-{specimen.source}", specimen.body):
            self.counts["parsed" if parse_specimen(specimen) else "refused"] += 1
        batch = next((each for each in self.batches if specimen.name not in each), None)
        if batch is None:
            batch = {}
            self.batches.append(batch)
        batch[specimen.name] = case, specimen
        if len(batch) == BATCH:
            self.batches.remove(batch)
            self._load_batch(batch, loader)

    def _try_import(self, case: str, file: ImportFile, importer: Importer) -> None:
        with watch(self.crashes, f"{case}-import-{file.target}", file.body):
            self.counts["imported" if importer.import_file(file) else "not imported"] += 1

    def _load_batch(self, batch: Batch, loader: Loader) -> None:
        """Load the documents of a batch together; where that goes wrong, each alone, to find which it was."""
        self.counts["loads"] += 1
        found = load_documents(batch, loader)
        alone = [crash for name, one in batch.items() for crash in load_documents({name: one}, loader)] if found else []
        self.crashes += alone or found

    def save_crashes(self, write: Callable[[str], None]) -> None:
        """Save the first crash files of each kind, and write a line for each kind."""
        kinds = Counter(crash.what for crash in self.crashes)
        for what, count in kinds.most_common():
            some = [crash for crash in self.crashes if crash.what == what][:SAVED]
            write(f"{count:5} {what}: {', '.join(crash.case for crash in some)}")
            for crash in some:
                self.folder.mkdir(parents=True, exist_ok=True)
                (self.folder / f"{crash.case}.bin").write_bytes(crash.body)
                (self.folder / f"{crash.case}.txt").write_text(f"{what}\n{crash.trace}", "utf-8", "backslashreplace")


def load_documents(batch: Batch, loader: Loader) -> list[Crash]:
    """Load some documents beside all good ones; return the crash, or the loss of a good one."""
    crashes: list[Crash] = []
    first = next(iter(batch.values()))[1]
    case = f"{'-'.join(case for case, _ in batch.values())[:60]}-load-{first.source}"
    with watch(crashes, case, first.body):
        for lost in loader.load({name: specimen for name, (_, specimen) in batch.items()})[:1]:
            crashes.append(Crash(f"a good document is lost: {lost}", case, first.body, ""))
    return crashes


@contextmanager
def watch(crashes: list[Crash], case: str, body: bytes) -> Iterator[None]:
    """Enter a crash for any exception, and for what takes too long."""
    try:
        with _limit_time():
            yield
    except Exception as error:  # noqa: BLE001 - any exception at all is what a fuzzer looks for
        frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        kind = type(error).__name__
        if isinstance(error, ProgramFaultError):
            kind, frames = "program fault", FRAME.findall(str(error))
        path, line = frames[-1]
        trace = "".join(traceback.format_exception(error))
        crashes.append(Crash(f"{kind} at {Path(path).name}:{line}", case, body, trace))


@contextmanager
def _limit_time() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"it takes longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
