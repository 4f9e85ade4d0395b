"""Folders of databases for exports and imports."""

import shutil
from pathlib import Path

import pytest

from tests.support.exchange import Run, load_folder, run


@pytest.fixture(scope="session")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty folder of quotes."""
    return tmp_path_factory.mktemp("none")


@pytest.fixture(scope="session")
def noted(tmp_path_factory: pytest.TempPathFactory, specimen_db: Path, specimens: Path) -> Path:
    """Return a folder of databases with the specimens' quotes; do not write to it."""
    return load_folder(tmp_path_factory.mktemp("noted"), specimen_db, specimens / "quotes")


@pytest.fixture(scope="session")
def guided(tmp_path_factory: pytest.TempPathFactory, specimen_db: Path, nothing: Path) -> Path:
    """Return a folder of databases with guidance and no annotation; do not write to it."""
    return load_folder(tmp_path_factory.mktemp("guided"), specimen_db, nothing)


@pytest.fixture
def bare(tmp_path: Path, guided: Path) -> Path:
    """Return a copy of that folder, to be written to."""
    return shutil.copytree(guided, tmp_path, dirs_exist_ok=True)


@pytest.fixture
def enter(bare: Path, nothing: Path) -> Run:
    """Import a file into the folder without annotations."""
    return lambda file, *options: run("import", file, "--db-dir", bare, "--quotes", nothing, *options)
