"""Folders of databases from which annotations go out, and into which they come."""

from pathlib import Path

import pytest

from tests.support.exchange import Run, load_folder, run


@pytest.fixture(scope="session")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of quotes in which there are none."""
    return tmp_path_factory.mktemp("none")


@pytest.fixture(scope="session")
def noted(tmp_path_factory: pytest.TempPathFactory, specimen_db: Path, specimens: Path) -> Path:
    """A folder of databases with the specimens' quotes; to be read only."""
    return load_folder(tmp_path_factory.mktemp("noted"), specimen_db, specimens / "quotes")


@pytest.fixture
def bare(tmp_path: Path, specimen_db: Path, nothing: Path) -> Path:
    """A folder of databases with guidance and no annotation."""
    return load_folder(tmp_path, specimen_db, nothing)


@pytest.fixture
def enter(bare: Path, nothing: Path) -> Run:
    """Import a file into the folder without annotations."""
    return lambda file, *options: run("import", file, "--db-dir", bare, "--quotes", nothing, *options)
