"""A campaign of mutated documents: the same seed makes the same cases, and every crash is saved with its traceback."""

import re
import signal
import traceback
import warnings
from collections import Counter
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


FRAME = re.compile(r'File "([^"]+)", line (\d+)')


class Crash(NamedTuple):
    """An exception that nothing foresaw, or a good document lost: what it was, and in which case."""

    what: str
    case: str
    body: bytes
    trace: str


class Campaign:
    """All cases of one seed. `crashes` are those found so far, `counts` the cases by what became of them."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.folder = folder
        self.crashes: list[Crash] = []
        self.counts: Counter[str] = Counter()
        self.specimens = read_specimens()
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
            for number in range(count):
                chance = Random(f"{self.seed}/{number}")
                if chance.random() < DOCUMENTS:
                    specimen = chance.choice(self.specimens)
                    mutated = specimen._replace(body=mutate(chance, specimen.body))
                    self._try_document(str(number), mutated, loader)
                else:
                    file = chance.choice(self.files)
                    self._try_import(str(number), file._replace(body=mutate(chance, file.body)), importer)
            for batch in self.batches:
                self._load_batch(batch, loader)

    def _try_document(self, case: str, specimen: Specimen, loader: Loader) -> None:
        with self._watch(f"{case}-parse-{specimen.source}", specimen.body):
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
        with self._watch(f"{case}-import-{file.target}", file.body):
            self.counts["imported" if importer.import_file(file) else "not imported"] += 1

    def _load_batch(self, batch: Mapping[str, tuple[str, Specimen]], loader: Loader) -> None:
        """Load the documents of a batch together; where that goes wrong, each alone, to find which it was."""
        probe = Campaign.__new__(Campaign)
        probe.seed, probe.folder, probe.crashes, probe.counts = self.seed, self.folder, [], Counter()
        probe.load(batch, loader)
        found = list(probe.crashes)
        if found and len(batch) > 1:
            probe.crashes.clear()
            for name, one in batch.items():
                probe.load({name: one}, loader)
        self.crashes += probe.crashes or found
        self.counts["loads"] += 1

    def load(self, batch: Mapping[str, tuple[str, Specimen]], loader: Loader) -> None:
        """Load some documents beside all good ones."""
        cases = "-".join(case for case, _ in batch.values())[:60]
        first = next((specimen for _, specimen in batch.values()), None)
        source, body = (first.source, first.body) if first else ("none", b"")
        with self._watch(f"{cases}-load-{source}", body):
            lost = loader.load({name: specimen for name, (_, specimen) in batch.items()})
            if lost:
                self.crashes.append(Crash(f"good documents lost: {lost[0]}", f"{cases}-load-{source}", body, ""))

    @contextmanager
    def _watch(self, case: str, body: bytes) -> Iterator[None]:
        """Enter a crash for any exception, and for what takes too long."""
        try:
            with _limit_time():
                yield
        except Exception as error:  # noqa: BLE001 - any exception at all is what a fuzzer looks for
            frames = traceback.extract_tb(error.__traceback__)
            what = f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"
            if isinstance(error, ProgramFaultError):
                places = FRAME.findall(str(error))
                what = f"program fault at {Path(places[-1][0]).name}:{places[-1][1]}"
            self.crashes.append(Crash(what, case, body, "".join(traceback.format_exception(error))))

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
