"""Export and import as a user calls them."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from click.testing import CliRunner, Result

from annotations.__main__ import cli
from annotations.exchange.bundle import ExchangeError, FileItem, RefusedItem
from annotations.exchange.formats import FORMATS

Run = Callable[..., Result]


def read_whole(read: Callable[..., Sequence[FileItem]], *given: object) -> Sequence[FileItem]:
    """Read the items of a file, none of which may be refused. Raises ExchangeError for the first that is."""
    items = read(*given)
    for item in items:
        if isinstance(item, RefusedItem):
            raise ExchangeError(f"{item.where}: {item.fault}")
    return items


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)], env={"USER": "ada"}, catch_exceptions=False)


def load_folder(folder: Path, statements: Path, quotes: Path, *options: object) -> Path:
    shutil.copy(statements, folder / "statements.db")
    done = run("load", "--db-dir", folder, "--quotes", quotes, *options)
    assert done.exit_code == 0, done.output
    return folder


def export(folder: Path, form: str, to: Path, *options: object) -> Path:
    file = to / f"x{FORMATS[form].endings[0]}"
    done = run("export", "--format", form, "--out", file, "--db-dir", folder, *options)
    assert done.exit_code == 0, done.output
    return file
