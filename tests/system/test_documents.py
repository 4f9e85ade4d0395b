"""README, CONTRIBUTING and docs are true: their links lead somewhere, and their commands and examples work."""

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from annotations.curated.toml_files import read_guidance, read_quotes
from demo_servers import hansard, theyworkforyou
from demo_servers.demo_folder import make_demo
from dispatch_box.cli import cli
from scrapers.scope.topics import read_topics
from tests.support.cli import ROOT, SPECIMENS

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?:\]\(|src(?:set)?=\")(?!https?:)([^)#\"]*)(?:#([^)\"]+))?[)\"]")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
MOST_LINES = 105  # of README
# Commands that no test runs, and why
NOT_RUN = {
    r"scrape --every": "goes on until it is stopped",
    r"scrape --source publications": "asks Parliament's old pages",
    r"suggestions (train|accept|reject|score)|JUDGE=": "needs keys, files or a hundred decisions of the reader's own",
    r"notes (reply|withdraw|restore|confirm|repair)|undo ENTRY|gaps (acknowledge|undo)": "needs an id",
    r"journal (add|restore|verify --head)|notes import|FILE\.xml|--archived|user (add|token)": "needs a file or a name",
    r"d-2008-06-18d": "names a debate of the real record",
    r"my_suggester": "needs a program",
    r"^BASE_URL": "serves until it is stopped",
}
# Exit codes other than 0 that are meant
MEANT = {r"verify \"silence is an answer, and": 1, r"^scrape|^fetch|^load|^gaps|^runs|^people|^check": (0, 1)}


class Example(NamedTuple):
    """A block of code of a document, and its language."""

    document: str
    language: str
    text: str


def read_examples() -> Iterator[Example]:
    for path in DOCUMENTS:
        for indent, language, text in BLOCK.findall(path.read_text(encoding="utf-8")):
            yield Example(path.name, language, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))


EXAMPLES = list(read_examples())


def list_lines(first: str) -> list[tuple[str, str]]:
    """List the lines of shell that begin with a word, each once, with the document that has it first."""
    found: dict[str, str] = {}
    for example in EXAMPLES:
        for line in example.text.replace("\\\n", " ").splitlines():
            if example.language in ("", "sh") and line.startswith(f"{first} "):
                found.setdefault(line.split("  #")[0].split(" > ")[0].strip(), example.document)
    return [(document, line) for line, document in found.items()]


COMMANDS = list_lines("dispatch-box")


def test_every_make_target_exists() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = {line.split()[1] for _, line in list_lines("make")}
    assert len(named) > 8
    assert named - set(targets) == set()
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert [line.split()[1] for line in listed.splitlines()] == ["help", *(name for name in targets if name != "help")]


def test_every_command_has_its_options() -> None:
    assert len(COMMANDS) > 40
    for document, line in COMMANDS:
        command, arguments = cli, shlex.split(line)[1:]
        try:
            while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
                _, command, arguments = command.resolve_command(click.Context(command), arguments)
            with click.Context(command) as context:
                command.make_parser(context).parse_args([each for each in arguments if each != "--help"])
        except click.ClickException as error:
            pytest.fail(f"{document}: {line}: {error}")


def test_every_example_file_is_valid(tmp_path: Path) -> None:
    topic, guidance, quote = (each.text for each in EXAMPLES if each.language == "toml")
    for name, text in (("topics", topic), ("guidance/ordnance-survey-code", guidance), ("quotes/quote", quote)):
        path = tmp_path / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert list(read_topics(tmp_path / "topics.toml")) == ["show-us-a-better-way"]
    assert [len(each.points) for each in read_guidance(tmp_path / "guidance")] == [2]
    known = [point.id for document in read_guidance() for point in document.points]
    assert len(read_quotes(tmp_path / "quotes", known)) == 1


def list_anchors(path: Path) -> set[str]:
    """List the anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", [*DOCUMENTS, ROOT / "GLOSSARY.md"], ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for name, anchor in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
        target = path.parent / name if name else path
        assert target.exists(), f"{path.name} links {name}"
        assert not anchor or anchor in list_anchors(target), f"{path.name} links {name}#{anchor}"


def test_the_index_leads_to_every_document() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in DOCUMENTS[2:] if path.name != "README.md" and f"({path.name})" not in index] == []
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_every_picture_is_small_and_shown() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert [path.name for path in pictures if f"pictures/{path.name}" not in text] == []
    assert [path.name for path in pictures if path.stat().st_size > 150_000] == []


async def test_every_address_of_the_api_document_answers(site) -> None:
    (text,) = (each.text for each in EXAMPLES if each.document == "api.md" and not each.language)
    for address in text.splitlines():
        assert (await site.client.get(address)).status_code == 200, address


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder)
    return folder


@pytest.mark.nightly
@pytest.mark.parametrize("document", sorted({document for document, _ in COMMANDS}))
def test_every_command_runs_on_the_demo(demo: Path, tmp_path: Path, document: str) -> None:
    shutil.copytree(demo, tmp_path / "demo")
    with (
        hansard.serving(hansard.HansardService()) as hansard_address,
        theyworkforyou.serving(theyworkforyou.TheyWorkForYouService()) as api_address,
    ):
        settings = {
            "HANSARD": hansard_address,
            "TWFY_API": api_address,
            "TWFY_API_KEY": theyworkforyou.KEY,
            "PARLDATA": (SPECIMENS / "parldata").as_uri(),
            "QUOTES": str(SPECIMENS / "quotes"),
            "DB_DIR": str(tmp_path / "demo"),
            "PYTHONPATH": str(ROOT),
            "USER": "ada",
        }
        for _, line in [each for each in COMMANDS if each[0] == document]:
            if not any(re.search(pattern, line.removeprefix("dispatch-box ")) for pattern in NOT_RUN):
                check_run(line, tmp_path, settings)


def check_run(line: str, folder: Path, settings: dict[str, str]) -> None:
    """Run a line as a reader would type it, and compare its exit code with what is meant."""
    typed = line.removeprefix("dispatch-box ")
    words = shlex.split(typed.replace("file:///srv/parldata", settings["PARLDATA"]))
    words = [word for word in words if word not in ("--db-dir", "demo")]
    command, environment = [sys.executable, "-m", "dispatch_box", *words], {**os.environ, **settings}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    meant = next((code for pattern, code in MEANT.items() if re.search(pattern, typed)), 0)
    assert done.returncode in (meant if isinstance(meant, tuple) else (meant,)), f"{line}\n{done.stdout}\n{done.stderr}"
    with closing(sqlite3.connect(folder / "demo" / "statements.db")) as conn:
        assert conn.execute("SELECT count(*) FROM debates").fetchone()[0] > 0, line
