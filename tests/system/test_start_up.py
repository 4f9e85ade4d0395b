"""What each verb imports: help needs click alone, and a verb loads no heavy package that it does not use.

One process forks for each command, so that each begins with click alone, and the interpreter starts once.
"""

import json
import shutil
import subprocess
import sys

import pytest

from tests.support.cli import ROOT

pytestmark = pytest.mark.slow

HEAVY = {
    *("asyncio", "bs4", "datasette", "jinja2", "jsonschema", "lxml", "numpy", "onnxruntime", "pydantic", "rapidfuzz"),
    *("requests", "tokenizers", "urllib3"),
}
LOADED = {  # by command, the heavy packages that it loads
    "--help": set(),
    "runs": set(),
    "gaps": set(),
    "people": set(),
    "census": set(),
    "show d-2008-06-22c-101-5": set(),
    "load --help": set(),
    "scrape --help": set(),
    "verify words": {"rapidfuzz"},
    "check": {"rapidfuzz"},
    "suggest --help": {"rapidfuzz"},
    "agreement --help": {"rapidfuzz"},
    "journal log": {"rapidfuzz"},
    "journal verify": {"rapidfuzz"},
    "notes annotate --help": {"rapidfuzz"},
    "notes anchor --help": {"rapidfuzz"},
    "notes export --help": {"lxml", "rapidfuzz"},
    "suggestions accept --help": {"rapidfuzz"},
    "suggestions ledger": {"rapidfuzz"},
    "user list": set(),
    "serve --help": set(),
    "export --help": set(),
}
FORK = """
import contextlib, io, json, os, sys
from click import ClickException
from dispatch_box.cli import cli

def run(command):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            cli(command.split(), standalone_mode=False)
        except (ClickException, SystemExit):
            pass
    return sorted({name.partition(".")[0] for name in sys.modules} & set(json.loads(sys.argv[2])))

for command in json.loads(sys.argv[1]):
    if not os.fork():
        print(json.dumps([command, run(command)]), flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def loaded(site_db, tmp_path_factory):
    """Return the heavy packages that each command loads, by command."""
    folder = tmp_path_factory.mktemp("db")
    shutil.copy(site_db, folder)
    arguments = [sys.executable, "-c", FORK, json.dumps(list(LOADED)), json.dumps(sorted(HEAVY))]
    env = {"DB_DIR": str(folder), "PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(arguments, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return {command: set(packages) for command, packages in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("command", LOADED)
def test_a_verb_loads_only_what_it_uses(loaded, command):
    assert loaded[command] == LOADED[command]
