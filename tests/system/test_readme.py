"""The README is true: its commands exist, and its examples work."""

import re
import subprocess
import tomllib
from pathlib import Path

import click
import pytest

from annotations.curated.toml_files import read_guidance, read_quotes
from dispatch_box.cli import cli
from scrapers.scope.topics import read_topics
from tests.support.cli import ROOT

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
SHELL = [
    line.split("#")[0].split() for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.strip()
]


@pytest.mark.parametrize("words", [words for words in SHELL if words[0] == "make"], ids=" ".join)
def test_every_make_target_of_the_readme_exists(words: list[str]) -> None:
    targets = re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert words[1] in targets


@pytest.mark.parametrize("words", [words for words in SHELL if words[0] == "dispatch-box"], ids=" ".join)
def test_every_command_of_the_readme_has_its_options(words: list[str]) -> None:
    command, arguments = cli, words[1:]
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        _, command, arguments = command.resolve_command(click.Context(command), arguments)
    with click.Context(command) as context:
        command.make_parser(context).parse_args(arguments)


def test_make_without_a_target_lists_the_targets() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in listed.splitlines()} >= {
        "setup",
        "scrape",
        "serve",
        "demo",
        "test",
        "check",
        "bench",
    }


def test_the_example_files_of_the_readme_are_valid(tmp_path: Path) -> None:
    topic, quote = (block for kind, block in BLOCKS if kind == "toml")
    (tmp_path / "topics.toml").write_text(topic)
    (tmp_path / "quote.toml").write_text(quote)
    (tmp_path / "quotes").mkdir()
    (tmp_path / "quotes" / "quote.toml").write_text(quote)
    assert list(read_topics(tmp_path / "topics.toml")) == ["show-us-a-better-way"]
    assert len(read_quotes(tmp_path / "quotes", [p.id for d in read_guidance() for p in d.points])) == 1
    assert tomllib.loads(quote)


def test_every_file_that_the_readme_links_exists() -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / link).is_file(), link
