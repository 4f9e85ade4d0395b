"""The command line `dispatch-box`: it has every verb of the packages, and imports only what is used."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from accounts.__main__ import cli as accounts_cli
from annotations.__main__ import cli as annotations_cli
from dispatch_box import scrape as scrape_module
from dispatch_box.cli import cli
from export.__main__ import cli as export_cli
from scrapers.__main__ import cli as scrapers_cli
from tests.support.cli import ROOT, SPECIMENS
from tests.support.sources import PACKAGES

GROUPS = "notes|suggestions|user|journal"
NAMED = rf"dispatch-box ((?:{GROUPS}) [a-z]+|(?!(?:{GROUPS}|has)\b)[a-z]+)(?=[ `\"'\n.,;:)<])"
HEAVY = {"numpy", "datasette", "lxml", "bs4", "requests", "sqlite_utils", "onnxruntime", "jsonschema"}
MODULES_LOADED = "import sys, {module}; print(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"


def walk_commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from walk_commands(command, *path, name)


COMMANDS = dict(walk_commands(cli))


def test_every_verb_of_the_packages_is_there():
    ours = set(COMMANDS.values())
    combined = {"load", "scrape"}  # these do more than the verbs that they are made of
    old = [scrapers_cli, annotations_cli, accounts_cli]
    missing = [
        path for group in old for path, each in walk_commands(group) if each not in ours and path[-1] not in combined
    ]
    assert missing == []
    assert export_cli in ours


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(path):
    shown = CliRunner().invoke(cli, [*path, "--help"], prog_name="dispatch-box")
    assert shown.exit_code == 0
    assert f"Usage: dispatch-box {' '.join(path)} " in shown.output
    assert len(shown.output.splitlines()) > 4


def list_texts() -> list[Path]:
    """List the files whose messages and examples name commands: code, pages, and documents for users."""
    code = [path for package in PACKAGES for kind in ("*.py", "*.html") for path in (ROOT / package).rglob(kind)]
    return [*code, ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]


def read_joined(path: Path) -> str:
    """Read a file, with each message that code writes in several pieces as one."""
    return re.sub(r'"\n\s*f?"', "", path.read_text(encoding="utf-8"))


def test_every_command_that_a_text_names_is_there():
    named = {tuple(found[1].split()) for path in list_texts() for found in re.finditer(NAMED, read_joined(path))}
    assert len(named) > 25
    assert sorted(path for path in named if path not in COMMANDS) == []


def test_messages_name_commands_by_the_one_command_line():
    lines = ((path, line) for path in list_texts() for line in read_joined(path).splitlines())
    other = re.compile(r"(?<!Run `)(?<!starts `)python -m (scrapers|annotations|accounts|web) [a-z]")
    assert [f"{path.name}: {line}" for path, line in lines if other.search(line)] == []


def list_examples() -> list[str]:
    texts = ((command.epilog or "").replace("\\\n", " ") for command in COMMANDS.values())
    lines = (line for text in texts for line in text.splitlines())
    return [line.partition("dispatch-box ")[2] for line in lines if "dispatch-box " in line]


@pytest.mark.parametrize("example", list_examples())
def test_examples_in_help_can_be_typed(example):
    command, arguments = cli, shlex.split(example)
    while isinstance(command, click.Group):
        _, command, arguments = command.resolve_command(click.Context(command), arguments)
    with click.Context(command) as context:
        command.make_parser(context).parse_args(arguments)


@pytest.mark.parametrize(
    ("typed", "meant"), [("annotate", "'notes annotate'"), ("verfy", "'verify'"), ("notes anotate", "'annotate'")]
)
def test_a_slip_is_answered_with_what_is_meant(typed, meant):
    shown = CliRunner().invoke(cli, typed.split(), prog_name="dispatch-box")
    assert shown.exit_code == 2
    assert meant in shown.output


@pytest.mark.parametrize("group", [scrapers_cli, annotations_cli, accounts_cli, export_cli])
def test_every_command_line_tells_the_version(group):
    assert CliRunner().invoke(group, ["--version"]).output.startswith("dispatch-box ")


def test_the_version_is_that_of_the_project():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert CliRunner().invoke(cli, ["--version"]).output == f"dispatch-box {version}\n"


def test_an_unknown_command_is_named_with_what_to_do():
    shown = CliRunner().invoke(cli, ["scrap"], prog_name="dispatch-box")
    assert shown.exit_code == 2
    assert "No such command 'scrap'" in shown.output
    assert "dispatch-box --help" in shown.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_completes_commands(shell):
    shown = CliRunner().invoke(cli, ["completion", shell])
    assert "_DISPATCH_BOX_COMPLETE" in shown.output


@pytest.mark.slow
def test_help_imports_no_database_server_or_parser():
    code = MODULES_LOADED.format(module="dispatch_box.cli")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()


@pytest.fixture
def archive(tmp_path):
    """Return a folder with an archive of one specimen day."""
    parldata = (SPECIMENS / "parldata").as_uri()
    options = ["--from", "2009-03-08", "--to", "2009-03-08", "--source", "theyworkforyou", "--parldata", parldata]
    done = CliRunner().invoke(cli, ["fetch", *options, "--db-dir", str(tmp_path)])
    assert done.exit_code == 0, done.output
    return tmp_path


def test_load_does_both_halves(archive):
    options = ["--db-dir", str(archive), "--quotes", str(SPECIMENS / "quotes")]
    shown = CliRunner().invoke(cli, ["load", *options], env={"DB_DIR": ""})
    assert shown.exit_code in (0, 1), shown.output
    assert "mentions" in shown.output
    assert "annotations" in shown.output


def test_scraping_at_an_interval_goes_on_whatever_a_run_comes_to(monkeypatch):
    runs, waits = [], []

    def run(command, check):
        runs.append(command[3:])
        return subprocess.CompletedProcess(command, 75 if len(runs) == 1 else 0)

    def sleep(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(scrape_module.subprocess, "run", run)
    monkeypatch.setattr(scrape_module.time, "sleep", sleep)
    monkeypatch.setattr(scrape_module.signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["dispatch-box", "scrape", "--every", "24h", "--json"])
    shown = CliRunner().invoke(cli, sys.argv[1:])
    assert runs == [["scrape", "--json"]] * 3
    assert all(86_390 < wait <= 86_400 for wait in waits)
    assert "finished with exit code 75; the next run begins in" in shown.output


def test_programs_read_json(archive):
    shown = CliRunner().invoke(cli, ["load", "--json", "--db-dir", str(archive), "--quotes", str(SPECIMENS / "quotes")])
    events = [json.loads(line) for line in shown.output.splitlines() if line.startswith("{")]
    assert events[-1]["event"] == "end"
