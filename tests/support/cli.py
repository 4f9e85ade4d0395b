"""The command lines as a user calls them, for tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPECIMENS = ROOT / "tests" / "specimens"
FILES = len(list((SPECIMENS / "parldata").glob("scrapedxml/*/*200[7-9]-??-???.xml")))  # within the topic's dates
XML = ("--source", "theyworkforyou", "--sweep")  # every file, and nobody else is asked
CONF = """use chroot = no
[parldata]
path = {folder}
read only = yes
[elsewhere]
path = {elsewhere}
read only = yes
"""


def call(module: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE ...` from the project's root; returns what it printed and its exit code."""
    clean = {
        k: v
        for k, v in os.environ.items()
        if k not in ("PARLDATA", "DB_DIR", "TOPICS", "QUOTES", "GUIDANCE", "RULES", "EVERYTHING", "SWEEP", "HANSARD")
    }
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, check=False)


def start(module: str, *arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    """Start `python -m MODULE ...` in a process group of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, start_new_session=True, **quiet)


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def rsync_daemon(folder: Path, work: Path) -> Iterator[str]:
    """A real rsync daemon on loopback that serves a folder as the module parldata; yields its address."""
    if not shutil.which("rsync"):
        if os.environ.get("CI") == "true":
            pytest.fail("rsync is missing: apt install rsync")
        pytest.skip("rsync is missing: apt install rsync, or brew install rsync")
    (work / "nothing").mkdir()
    (work / "rsyncd.conf").write_text(CONF.format(folder=folder, elsewhere=work / "nothing"))
    port = free_port()
    command = [
        "rsync",
        "--daemon",
        "--no-detach",
        "--address=127.0.0.1",
        f"--port={port}",
        f"--config={work / 'rsyncd.conf'}",
    ]
    daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port(port)
        yield f"rsync://127.0.0.1:{port}"
    finally:
        daemon.terminate()
        daemon.wait(10)


def await_port(port: int, seconds: float = 5) -> None:
    """Wait until something listens on a loopback port."""
    for _ in range(int(seconds * 20)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
