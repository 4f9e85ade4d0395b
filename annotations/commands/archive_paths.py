"""The paths of an archive (curated files and databases), and its curated annotations, read from them."""

import os
from pathlib import Path
from typing import Any, NamedTuple

from annotations.curated.folders import find_curated_folder
from annotations.curated.toml_files import CuratedError, read_guidance, read_quotes
from annotations.suggesters.rule_files import read_rules
from db.records.annotation import Annotation
from db.records.guidance import Guidance, Rule


class ArchivePaths(NamedTuple):
    """The folders of curated files (guidance, quotes, rules) and the folder of the databases."""

    guidance: Path
    quotes: Path
    rules: Path
    db_dir: Path

    @property
    def statements(self) -> Path:
        """The path of statements.db, which is derived."""
        return self.db_dir / "statements.db"

    @property
    def journal(self) -> Path:
        """The path of journal.db, the log of what people did."""
        return self.db_dir / "journal.db"

    @property
    def journal_index(self) -> Path:
        """The path of journal_index.db, which is derived from the journal."""
        return self.db_dir / "journal_index.db"


def find_archive_paths(datasette: Any) -> ArchivePaths:
    """Return a server's paths: the folder of its statements.db, and the folders of files that the environment names."""
    db_dir = Path(datasette.get_database("statements").path).parent
    guidance, quotes, rules = (
        Path(os.environ.get(name.upper()) or find_curated_folder(name, db_dir))
        for name in ("guidance", "quotes", "rules")
    )
    return ArchivePaths(guidance=guidance, quotes=quotes, rules=rules, db_dir=db_dir)


class CuratedFiles(NamedTuple):
    """Everything that is kept in files: guidance, annotations and rules."""

    guidance: list[Guidance]
    quotes: list[Annotation]
    rules: list[Rule]


def read_curated_files(paths: ArchivePaths) -> CuratedFiles:
    """Read guidance, annotations and rules. Raises CuratedError with the faults of all files of the three folders."""
    faults: list[str] = []
    found = CuratedFiles([], [], [])
    points: set[str] | None = None
    try:
        found.guidance.extend(read_guidance(paths.guidance))
        points = {point.id for document in found.guidance for point in document.points}
    except CuratedError as error:
        faults.extend(error.faults)
    try:
        found.quotes.extend(read_quotes(paths.quotes, points))
    except CuratedError as error:
        faults.extend(error.faults)
    try:
        found.rules.extend(read_rules(paths.rules, points))
    except CuratedError as error:
        faults.extend(error.faults)
    if faults:
        raise CuratedError(faults)
    return found


def read_curated(paths: ArchivePaths) -> list[Annotation]:
    """Read the annotations that are kept in files. Raises CuratedError."""
    points = {point.id for document in read_guidance(paths.guidance) for point in document.points}
    return read_quotes(paths.quotes, points)


def list_file_states(paths: ArchivePaths) -> tuple[tuple[str, int, int, int], ...]:
    """List the files of guidance and quotes with inode, time of change (ns) and size (bytes)."""
    found = (path for folder in (paths.guidance, paths.quotes) for path in sorted(folder.glob("*.toml")))
    states = ((str(path), path.stat()) for path in found)
    return tuple((path, state.st_ino, state.st_ctime_ns, state.st_size) for path, state in states)
