"""The demo: `make demo` serves a fictional House, keeps what people made in it, and deletes nothing else."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from db.records.source import Unavailable
from demo_servers.__main__ import check_port
from demo_servers.demo_folder import NOTICE, remove_demo
from tests.support.cli import ROOT, SETTINGS, await_port, free_port

NOT_PASSED_ON = {*SETTINGS, "MFLAGS", "MAKEFLAGS", "MAKELEVEL", "BASE_URL"}


def test_make_demo_serves_a_fictional_house_with_an_account(tmp_path: Path) -> None:
    port, log, folder = free_port(), tmp_path / "log", tmp_path / "demo"
    clean = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    command = ["make", "demo", f"PORT={port}", f"DEMO={folder}"]
    with open(log, "w") as printed:
        demo = subprocess.Popen(command, cwd=ROOT, env=clean, stdout=printed, stderr=printed, start_new_session=True)
    try:
        await_port(port, seconds=180)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
            page = answer.read().decode()
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(60)
    said = log.read_text()
    assert NOTICE in page, said
    assert f"at http://127.0.0.1:{port}/" in said
    assert "sign in as ada" in said
    assert f"The demo has stopped. What you made is kept in {folder}." in said
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        assert conn.execute("SELECT count(*) FROM annotations WHERE anchor = 'lost'").fetchone() == (0,)
    with closing(sqlite3.connect(folder / "accounts.db")) as conn:
        assert conn.execute("SELECT name, role FROM users").fetchall() == [("ada", "reviewer")]


def test_a_port_that_is_taken_is_named_with_another_to_choose() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"^port {port} is taken .* make demo PORT={port + 1}$"):
            check_port(port)


def test_what_the_demo_runs_ends_with_it() -> None:
    port = free_port()
    code = f"from demo_servers.demo_folder import run; run('http.server', {port}, '--bind', '127.0.0.1')"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL) as demo:
        await_port(port, seconds=60)
        demo.terminate()
    assert demo.returncode == 128 + signal.SIGTERM
    check_port(port)


def test_only_a_demo_is_deleted(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="is not a demo"):
        remove_demo(tmp_path)
    (tmp_path / "notice.txt").write_text(f"{NOTICE}\n")
    remove_demo(tmp_path)
    assert not tmp_path.exists()
