"""Documents of the sources, and two ways to try mutated ones: their parser alone, and a load beside good ones."""

import gc
import re
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, redirect_stderr
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from db.archive import responses as archive
from db.records.source import ParseError, Response
from scrapers.fetch.progress import Progress
from scrapers.run import DatabaseFolder, RunRequest, update_statements
from scrapers.sources import people
from scrapers.sources.registry import SOURCES

ROOT = Path(__file__).resolve().parents[2]
SPECIMENS = ROOT / "tests" / "specimens"
CRASHES = ROOT.parent / "shared" / "faults" / "inputs"
LETTER = re.compile(r"[a-z]*\.xml$")
LONG_WORD = re.compile(rb"[\w.-]{8,}")
RECEIVED = "2026-11-29T10:00:00Z"


class Specimen(NamedTuple):
    """A document of a source, by the name that it has in the archive; `is_good` if all of it can be loaded."""

    source: str
    name: str
    body: bytes
    is_good: bool = True


def read_specimens() -> list[Specimen]:
    """Read the documents of tests/specimens, those that must be refused, and the crash files, if they are there."""
    parldata = SPECIMENS / "parldata"
    found = [
        Specimen("theyworkforyou", path.relative_to(parldata).as_posix(), path.read_bytes())
        for path in sorted(parldata.glob("scrapedxml/*/*.xml"))
    ]
    found += [Specimen("people", path.name, path.read_bytes()) for path in sorted(parldata.glob("*.json"))]
    for source, ending in (("hansard", ".json"), ("theyworkforyou_api", ".json"), ("publications", ".htm")):
        for path in sorted((SPECIMENS / source).rglob(f"*{ending}")):
            name = path.relative_to(SPECIMENS / source).as_posix()
            found.append(Specimen(source, name if ending == ".htm" else name.removesuffix(ending), path.read_bytes()))
    broken = sorted((SPECIMENS / "broken").glob("*.xml"))
    name = "scrapedxml/debates/debates2008-06-22a.xml"
    bad = [Specimen("theyworkforyou", name, path.read_bytes(), False) for path in broken]
    return [*found, *bad, *_read_crash_files(found)]


def _read_crash_files(specimens: list[Specimen]) -> list[Specimen]:
    """Read the crash files, each under the name of the specimen that it was made from."""
    found = []
    for path in sorted(CRASHES.glob("fuzz-crash-*.bin")) if CRASHES.is_dir() else ():
        source, body = path.name.split("-")[2], path.read_bytes()
        kin = [specimen for specimen in specimens if specimen.source == source]
        words = set(LONG_WORD.findall(body))
        name = max(kin, key=lambda specimen: len(words & set(LONG_WORD.findall(specimen.body)))).name
        found.append(Specimen(source, name, body, False))
    return found


def make_response(specimen: Specimen) -> Response:
    """Make the response that brings a document."""
    return Response(
        source=specimen.source,
        name=specimen.name,
        url="https://example.org/",
        fetched_at=RECEIVED,
        status=200,
        headers={},
        body=specimen.body,
    )


def parse_specimen(specimen: Specimen) -> bool:
    """Parse a document; return False if its parser refuses all of it. Any other exception is a crash."""
    try:
        parse = people.parse if specimen.source == people.SOURCE else SOURCES[specimen.source].parse
        parse(make_response(specimen))
    except ParseError:
        return False
    return True


class ProgramFaultError(Exception):
    """Raised where a load went on after a fault of the program; the message has its traceback."""


class Loader:
    """A loader of mutated documents beside good ones, each time into a new folder."""

    def __init__(self, good: Iterable[Specimen], folder: Path) -> None:
        self.folder = folder
        self.template = folder / "archive.db"
        self.names: dict[int, str] = {}  # of the good documents, by the id of their response
        with closing(archive.open_archive(self.template)) as conn:
            for specimen in good:
                archive.store_response(conn, make_response(specimen))
            self.names = dict(conn.execute("SELECT id, name FROM responses"))
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.expected = self._load({})

    def load(self, mutated: Mapping[str, Specimen]) -> list[str]:
        """Load mutated documents, by their names, over those of the same names; return the good ones that are lost.

        The older letters of a file are no document of their own: a newer one decides which of their words are current.
        """
        lost = {self.names[id] for id in self.expected - self._load(mutated)}
        letters = {LETTER.sub("", name) for name in mutated}
        return sorted(name for name in lost if LETTER.sub("", name) not in letters)

    def _load(self, mutated: Mapping[str, Specimen]) -> set[int]:
        """Return the ids of all responses that have brought rows."""
        with TemporaryDirectory(dir=self.folder) as name:
            folder = DatabaseFolder(Path(name))
            shutil.copy(self.template, folder.archive)
            with closing(archive.open_archive(folder.archive)) as conn:
                for specimen in mutated.values():
                    archive.store_response(conn, make_response(specimen))
            with redirect_stderr(StringIO()) as told:
                counts = update_statements(folder, RunRequest([], [], True), Progress(None), lambda _: None)
            gc.enable()
            if counts["faults"]:
                raise ProgramFaultError(told.getvalue())
            with closing(sqlite3.connect(folder.statements)) as conn:
                tables = ("speeches", "wordings", "debates")
                return {id for table in tables for (id,) in conn.execute(f"SELECT response_id FROM {table}")}
