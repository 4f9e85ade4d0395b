"""The output folder of an export: written beside the wanted one, and moved into its place when complete."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from filecmp import cmp
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

from db.records.source import UserMistake

MARKER = "dispatch-box-export.json"  # a folder without it is not taken for an export
SUMS = "SHA256SUMS"


class ExportError(UserMistake):
    """Raised if an export cannot be made; the message says why, and what to do."""


class WrittenFile(NamedTuple):
    """A file of an export: SHA-256 sum, bytes, and whether it is a link to that of the last export."""

    sum: str
    size: int
    linked: bool


class OutputFolder:
    """A folder of files; those that are as in the last export are links to its files, and keep their time."""

    def __init__(self, path: Path, last: Path | None = None) -> None:
        self.path, self.last = path, last
        self.files: dict[str, WrittenFile] = {}
        self._folder = ""  # that exists

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files.values())

    def write_file(self, name: str, body: bytes) -> None:
        """Write a file; `name` has slashes between folders."""
        at, linked = self.reserve_path(name), self._is_unchanged(name, body) and self._link(name)
        if not linked:
            at.write_bytes(body)
        self.files[name] = WrittenFile(sha256(body).hexdigest(), len(body), linked)

    def reserve_path(self, name: str) -> Path:
        """Return the path of a file to write in parts; then call record_file. Raises ExportError on a bad name."""
        if ".." in name.split("/") or name.startswith("/") or name in self.files:
            raise ExportError(f"{name} would be written twice, or outside the export: please report this")
        folder = name.rpartition("/")[0]
        if folder != self._folder:
            (self.path / folder).mkdir(parents=True, exist_ok=True)
            self._folder = folder
        return self.path / name

    def record_file(self, name: str) -> None:
        """Record a file that was written to its place."""
        at, linked = self.path / name, False
        with at.open("rb") as file:
            digest, size = file_digest(file, "sha256").hexdigest(), at.stat().st_size
        if (last := self._find_last(name)) and cmp(at, last, shallow=False):
            new = at.rename(at.with_name(f".{at.name}.new"))
            linked = self._link(name)
            new.unlink() if linked else new.rename(at)
        self.files[name] = WrittenFile(digest, size, linked)

    def add_files(self, files: Mapping[str, WrittenFile]) -> None:
        """Add files that another process has written. Raises ExportError if two have one name."""
        for name, file in files.items():
            if self.files.setdefault(name, file) is not file:
                raise ExportError(f"{name} was written twice: please report this")

    def finish(self, seconds: int) -> None:
        """Write the sums of all files like sha256sum, and set the time of every new file (seconds since 1970)."""
        self.write_file(SUMS, "".join(f"{self.files[name].sum}  {name}\n" for name in sorted(self.files)).encode())
        for name, file in self.files.items():
            if not file.linked:
                os.utime(self.path / name, (seconds, seconds))

    def _find_last(self, name: str) -> Path | None:
        """Find a file of the last export; None where it has none, or something else of that name."""
        at = self.last and self.last / name
        return at if at and at.is_file() and not at.is_symlink() else None

    def _is_unchanged(self, name: str, body: bytes) -> bool:
        """Return True if the last export has this file with this content."""
        last = self._find_last(name)
        return bool(last and last.stat().st_size == len(body) and last.read_bytes() == body)

    def _link(self, name: str) -> bool:
        """Link a file to that of the last export; return False where the file system cannot."""
        assert self.last
        try:
            os.link(self.last / name, self.path / name)
        except OSError:
            return False
        return True


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
        folder = OutputFolder(part, to if to.exists() else None)
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
