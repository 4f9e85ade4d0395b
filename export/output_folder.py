"""The output folder of an export: written beside the wanted one, and moved into its place when complete."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path

from db.records.source import UserMistake

MARKER = "dispatch-box-export.json"  # a folder without it is not taken for an export
SUMS = "SHA256SUMS"


class ExportError(UserMistake):
    """Raised if an export cannot be made; the message says why, and what to do."""


class OutputFolder:
    """A folder of files with the SHA-256 sum of each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sums: dict[str, str] = {}
        self.size = 0

    def write_file(self, name: str, body: bytes) -> None:
        """Write a file; `name` has slashes between folders."""
        at = self.reserve_path(name)
        at.write_bytes(body)
        self._record(name, sha256(body).hexdigest(), len(body))

    def reserve_path(self, name: str) -> Path:
        """Return the path of a file to write in parts; then call record_file. Raises ExportError on a bad name."""
        at = self.path / name
        if ".." in Path(name).parts or not at.is_relative_to(self.path) or name in self.sums:
            raise ExportError(f"{name} would be written twice, or outside the export: please report this")
        at.parent.mkdir(parents=True, exist_ok=True)
        return at

    def record_file(self, name: str) -> None:
        """Record the sum of a file that was written to its place."""
        at = self.path / name
        with at.open("rb") as file:
            self._record(name, file_digest(file, "sha256").hexdigest(), at.stat().st_size)

    def finish(self, seconds: int) -> None:
        """Write the sums of all files like sha256sum, and set the time of every file (seconds since 1970)."""
        lines = (f"{self.sums[name]}  {name}\n" for name in sorted(self.sums))
        (self.path / SUMS).write_text("".join(lines), encoding="utf-8")
        for at in (self.path / name for name in (*self.sums, SUMS)):
            os.utime(at, (seconds, seconds))

    def _record(self, name: str, digest: str, size: int) -> None:
        """Record the sum and the size of a file."""
        self.sums[name] = digest
        self.size += size


@contextmanager
def open_output_folder(to: Path) -> Iterator[OutputFolder]:
    """Open a new folder that replaces `to` at the end; on failure, `to` stays as it was.

    Raises ExportError if `to` is not an export, or another export into it is under way.
    """
    to = to.resolve()
    part, old = (to.with_name(f".{to.name}.{ending}") for ending in ("part", "old"))
    to.parent.mkdir(parents=True, exist_ok=True)
    part.mkdir(exist_ok=True)
    handle = os.open(part, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _check_replaceable(part)
    except BlockingIOError:
        os.close(handle)
        raise ExportError(f"another export into {to} is under way: wait for its end") from None
    try:
        _restore(to, old)
        _check_replaceable(to)
        _empty_folder(part)
        folder = OutputFolder(part)
        folder.write_file(MARKER, json.dumps({"made by": "Dispatch Box", "form": 1}).encode() + b"\n")
        yield folder
        _replace_folder(part, to, old)
    finally:
        shutil.rmtree(part, ignore_errors=True)  # after a failure; the next export empties that of a killed one
        os.close(handle)


def _restore(to: Path, old: Path) -> None:
    """Restore the last export if a run was killed between two renames."""
    if old.exists() and not to.exists():
        old.rename(to)
    elif old.exists():
        _check_replaceable(old)
        shutil.rmtree(old)


def _check_replaceable(folder: Path) -> None:
    """Raise ExportError unless a folder may be replaced: missing, empty, or an export with nothing added."""
    if folder.is_file():
        raise ExportError(f"{folder} is a file: name a folder")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MARKER).is_file():
        raise ExportError(f"{folder} holds something else than an export: name another folder, or empty it yourself")
    if not (folder / SUMS).is_file():
        return  # an export that was stopped
    known = {line.partition("  ")[2] for line in (folder / SUMS).read_text(encoding="utf-8").splitlines()} | {SUMS}
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    if added := next((name for name in found if name not in known), None):
        raise ExportError(f"{folder} holds {added}, which no export made: take it out, for the folder is replaced")


def _empty_folder(part: Path) -> None:
    """Delete everything in a folder."""
    for each in part.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


def _replace_folder(part: Path, to: Path, old: Path) -> None:
    """Move the new folder into the place of the old one, and delete that."""
    if to.exists():
        to.rename(old)
    part.rename(to)
    if old.exists():
        shutil.rmtree(old)
