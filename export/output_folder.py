"""The folder that an export is written into: beside the one that is wanted, and in its place when it is whole."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path

MARKER = "dispatch-box-export.json"  # without it no folder is taken for an export of ours
SUMS = "SHA256SUMS"


class ExportError(ValueError):
    """An export that cannot be made; the message says why, and what to do."""


class Folder:
    """Files as they are written, each with its hash."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sums: dict[str, str] = {}
        self.size = 0

    def write(self, name: str, body: bytes) -> None:
        """Write a file; `name` has slashes between folders."""
        at = self.place(name)
        at.write_bytes(body)
        self._hashed(name, sha256(body).hexdigest(), len(body))

    def place(self, name: str) -> Path:
        """Where a file goes that is written bit by bit; call `written` afterwards. Raises ExportError on a bad name."""
        at = self.path / name
        if ".." in Path(name).parts or not at.is_relative_to(self.path) or name in self.sums:
            raise ExportError(f"{name} would be written twice, or outside the export: please report this")
        at.parent.mkdir(parents=True, exist_ok=True)
        return at

    def written(self, name: str) -> None:
        """Take note of a file that is there."""
        at = self.path / name
        with at.open("rb") as file:
            self._hashed(name, file_digest(file, "sha256").hexdigest(), at.stat().st_size)

    def close(self, seconds: int) -> None:
        """Write the sums of all files, as sha256sum does; every file is of that time, in seconds since 1970."""
        lines = (f"{self.sums[name]}  {name}\n" for name in sorted(self.sums))
        (self.path / SUMS).write_text("".join(lines), encoding="utf-8")
        for at in (self.path / name for name in (*self.sums, SUMS)):
            os.utime(at, (seconds, seconds))

    def _hashed(self, name: str, digest: str, size: int) -> None:
        self.sums[name] = digest
        self.size += size


@contextmanager
def begun(to: Path) -> Iterator[Folder]:
    """A new folder, which takes the place of `to` at the end; where anything fails, `to` stays as it was.

    Raises ExportError where `to` is something else than an export, or another export of it is under way.
    """
    to = to.resolve()
    part, old = (to.with_name(f".{to.name}.{ending}") for ending in ("part", "old"))
    to.parent.mkdir(parents=True, exist_ok=True)
    part.mkdir(exist_ok=True)
    handle = os.open(part, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _ours(part)
    except BlockingIOError:
        os.close(handle)
        raise ExportError(f"another export into {to} is under way: wait for its end") from None
    try:
        _mend(to, old)
        _ours(to)
        _emptied(part)
        folder = Folder(part)
        folder.write(MARKER, json.dumps({"made by": "Dispatch Box", "form": 1}).encode() + b"\n")
        yield folder
        _swap(part, to, old)
    finally:
        shutil.rmtree(part, ignore_errors=True)  # where anything failed; a killed one's is emptied by the next
        os.close(handle)


def _mend(to: Path, old: Path) -> None:
    """Put the last export back, where one was ended in the moment between two renames."""
    if old.exists() and not to.exists():
        old.rename(to)
    elif old.exists():
        _ours(old)
        shutil.rmtree(old)


def _ours(folder: Path) -> None:
    """Raise ExportError unless a folder may be given up: it is not there, empty, or an export with nothing added."""
    if folder.is_file():
        raise ExportError(f"{folder} is a file: name a folder")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MARKER).is_file():
        raise ExportError(f"{folder} holds something else than an export: name another folder, or empty it yourself")
    if not (folder / SUMS).is_file():
        return  # one that was stopped
    known = {line.partition("  ")[2] for line in (folder / SUMS).read_text(encoding="utf-8").splitlines()} | {SUMS}
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    if added := next((name for name in found if name not in known), None):
        raise ExportError(f"{folder} holds {added}, which no export made: take it out, for the folder is replaced")


def _emptied(part: Path) -> None:
    for each in part.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


def _swap(part: Path, to: Path, old: Path) -> None:
    if to.exists():
        to.rename(old)
    part.rename(to)
    if old.exists():
        shutil.rmtree(old)
