"""The command lines as a user calls them, for tests."""

import contextlib
import gc
import importlib
import io
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from annotations.__main__ import cli as annotations_cli
from annotations.curated.toml_files import CuratedError
from db.exit_codes import EXIT_SET_UP

ROOT = Path(__file__).resolve().parents[2]
SPECIMENS = ROOT / "tests" / "specimens"
FILES = len(list((SPECIMENS / "parldata").glob("scrapedxml/*/*200[7-9]-??-???.xml")))  # within the topic's dates
XML = ("--source", "theyworkforyou", "--sweep")  # every file, and nobody else is asked
SETTINGS = ("PARLDATA", "DB_DIR", "TOPICS", "QUOTES", "GUIDANCE", "RULES", "EVERYTHING", "SWEEP", "HANSARD")
CONF = """use chroot = no
[parldata]
path = {folder}
read only = yes
[elsewhere]
path = {elsewhere}
read only = yes
"""


def call(module: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE ...` from the project's root, in this process: what it printed, and its exit code.

    What a process of its own would do otherwise (start, end, be killed) is tested with `call_process` and `start`. So
    is a command that writes to databases which a site in this process has open: the two may use different SQLite
    libraries, and two libraries in one process do not see each other's locks.
    """
    outputs = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(outputs[0]),
        contextlib.redirect_stderr(outputs[1]),
    ):
        for name in SETTINGS:
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", [module, *map(str, arguments)])
        patch.setattr(subprocess, "run", run_annotations_here(subprocess.run))
        code = exit_code(importlib.import_module(f"{module}.__main__").main)
    said, complained = (output.buffer.getvalue().decode() for output in outputs)
    return subprocess.CompletedProcess([module, *map(str, arguments)], code, said, complained)


def exit_code(main: Callable[[], None]) -> int:
    """Run the main function of a command line; returns the exit code that its process would have."""
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        gc.enable()  # a run does without
    return 0


def run_annotations_here(run: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `subprocess.run` that runs `python -m annotations`, as a scrape does, in this process."""

    def run_here(command: list[str], **options: object) -> Any:
        if command[:3] != [sys.executable, "-m", "annotations"]:
            return run(command, **options)
        outcome = CliRunner().invoke(annotations_cli, command[3:])
        code = EXIT_SET_UP if isinstance(outcome.exception, CuratedError) else outcome.exit_code
        return subprocess.CompletedProcess(command, code, outcome.output, outcome.stderr_bytes)

    return run_here


def call_process(module: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE ...` from the project's root as a process; returns what it printed and its exit code."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, check=False)


def start(module: str, *arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    """Start `python -m MODULE ...` in a process group of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, start_new_session=True, **quiet)


def free_port() -> int:
    """A loopback port that nobody listens on, none of those that a system gives to whoever asks for any."""
    while True:
        port = random.SystemRandom().randrange(15_000, 30_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


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
        daemon.wait(60)


def await_port(port: int, seconds: float = 60) -> None:
    """Wait until something listens on a loopback port."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")
