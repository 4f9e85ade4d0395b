"""Hold docs/architecture.md to the code: every file that it names exists, and so does every function."""

import ast
import re
import subprocess
from pathlib import Path

from tests.support.sources import ROOT, parse

QUOTED = re.findall(r"`([^`\n]+)`", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
FILE = re.compile(r"[\w/]+\.(?:py|sql|html|toml|js|dtd)")


def list_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    files = listed.splitlines() or [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.is_file()]
    return [f"/{name}" for name in files]


def list_names() -> set[str]:
    names = set()
    for name in list_files():
        if name.endswith(".py") and not name.startswith(("/tests/", "/.venv/")):
            for node in ast.walk(parse(ROOT / name[1:])):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    names.add(node.name)
                elif isinstance(node, ast.arg):
                    names.add(node.arg)
                elif isinstance(node, ast.Name):
                    names.add(node.id)
    return names


def test_every_file_that_it_names_exists():
    named, files = [text for text in QUOTED if FILE.fullmatch(text)], list_files()
    assert len(named) > 30
    assert [text for text in named if not any(file.endswith(f"/{text}") for file in files)] == []


def test_every_function_and_class_that_it_names_exists():
    modules = {Path(name).stem for name in list_files()}
    named = {
        text.partition("(")[0] for text in QUOTED if re.fullmatch(r"[a-z]+(_[a-z]+)+(\(.*\))?|[A-Z][a-z]\w+", text)
    }
    assert len(named) > 30
    assert named - list_names() - modules == set()
