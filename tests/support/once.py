"""Folders that one worker makes and every worker reads."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder of the whole run, filled by the first worker that asks for it; to be read only.

    Others wait until it is whole. Where making it fails, the next tries again and fails as well.
    """
    base = factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base  # so pytest-xdist names what is a worker's own
    folder, whole = shared / f"once-{name}", shared / f"once-{name}.whole"
    with (shared / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            whole.touch()
    return folder
