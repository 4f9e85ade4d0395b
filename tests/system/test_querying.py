"""The recipes of docs/querying.md, each run on the specimens' database."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import ROOT

TEXT = (ROOT / "docs/querying.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
COMMANDS = [line for language, block in BLOCKS if language == "sh" for line in block.splitlines()]
ADDRESSES = [line for language, block in BLOCKS if not language for line in block.splitlines()]
PYTHON = [block for language, block in BLOCKS if language == "python"]


@pytest.fixture(scope="module")
def folder(site_db, tmp_path_factory):
    made = tmp_path_factory.mktemp("querying")
    (made / "db").mkdir()
    shutil.copy(site_db, made / "db" / "statements.db")
    return made


def test_there_are_recipes_of_each_kind():
    assert (len(COMMANDS) > 8, len(ADDRESSES) > 5, len(PYTHON)) == (True, True, 1)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split('"')[0][:60])
def test_a_command_finds_something(folder, command):
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    shell = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(shell, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if "insert quotes.db" in command:
        assert (folder / "quotes.db").stat().st_size > 0
    elif "quarantine" not in command and "gaps" not in command:
        assert done.stdout.startswith('[{"') or len(done.stdout.splitlines()) > 1, command


@pytest.mark.parametrize("address", ADDRESSES)
async def test_an_address_answers(site, address):
    answer = await site.client.get(address)
    assert answer.status_code == 200
    if "shape=array" in address and "quarantine" not in address:
        assert answer.json()


@pytest.mark.parametrize("code", PYTHON)
def test_the_python_prints_speeches(folder, code):
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 5), done.stderr
