"""The layers of annotations: a folder imports only folders of a lower layer, and the state knows no database."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BELOW: dict[str, set[str]] = {
    "text": set(),
    "state": set(),
    "curated": set(),
    "anchoring": {"text"},
    "verification": {"anchoring", "text"},
    "suggesters": {"anchoring", "curated", "text"},
    "projection": {"anchoring", "state", "text"},
    "agreement": {"projection", "state", "text"},
    "exchange": {"projection", "state"},
    "commands": {"curated", "projection", "state", "suggesters"},
}
BELOW["cli"] = set(BELOW)


def list_imports(folder: str) -> Iterator[str]:
    for path in sorted((ROOT / "annotations" / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)


def test_every_folder_of_code_has_its_layer() -> None:
    folders = {path.parent.name for path in (ROOT / "annotations").glob("*/__init__.py")}
    assert folders == set(BELOW)


def test_the_layers_have_no_circle() -> None:
    assert len(list(TopologicalSorter(BELOW).static_order())) == len(BELOW)


@pytest.mark.parametrize("folder", BELOW)
def test_a_folder_imports_only_lower_layers(folder: str) -> None:
    ours = [name.split(".") for name in list_imports(folder) if name.startswith("annotations.")]
    assert {parts[1] for parts in ours} <= {folder, *BELOW[folder]}


def test_the_state_knows_no_database_clock_or_file() -> None:
    imports = set(list_imports("state"))
    assert not {name.partition(".")[0] for name in imports} & {"sqlite3", "time", "datetime", "random", "pathlib"}
    ours = {name for name in imports if name.startswith("db.")}
    assert {name for name in ours if not name.startswith("db.records.")} == {"db.journal.entries.Entry"}
