"""Parts shared by the command lines: the folder of databases, and the exit code and sentence of an error."""

import sqlite3
import sys
from pathlib import Path
from typing import NoReturn

import click

from db.exit_codes import EXIT_SET_UP, EXIT_TRY_LATER
from db.records.source import ParseError, Unavailable
from db.references import RedirectLoopError

OTHER_VERSION = (
    "statements.db was made by another version of this program; bring it up to date with "
    "python -m scrapers load, then python -m annotations load"
)
FOLDER_TYPE = click.Path(path_type=Path, file_okay=False)

db_dir_option = click.option(
    "--db-dir",
    envvar="DB_DIR",
    default="db",
    type=FOLDER_TYPE,
    show_default=True,
    help="Folder of the databases (or DB_DIR).",
)


def run_command_line(cli: click.Command, name: str, *mistakes: type[Exception]) -> None:
    """Run a command line, and end with one sentence and an exit code on an error that the user can put right.

    `mistakes` are the caller's own error classes, whose messages say what is wrong in a file or option.
    """
    try:
        cli(prog_name=f"python -m {name}")
    except Unavailable as error:
        _exit_with_error(str(error), error.exit_code)
    except mistakes as error:
        _exit_with_error(str(error), EXIT_SET_UP)
    except (ParseError, RedirectLoopError) as error:
        _exit_with_error(str(error), EXIT_SET_UP)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            copies = "or put archive.db back from a copy (journal.db: python -m annotations journal restore)"
            _exit_with_error(f"{error}: delete statements.db and load again, {copies}", EXIT_SET_UP)
        if str(error).startswith("no such table: "):
            _exit_with_error(f"{error}: {OTHER_VERSION}", EXIT_SET_UP)
        _exit_with_error(
            f"{error}: make room on the disk, or end what holds the database, and try again", EXIT_TRY_LATER
        )
    except OSError as error:
        _exit_with_error(f"{error.filename}: {error.strerror}" if error.filename else str(error), EXIT_TRY_LATER)


def _exit_with_error(message: str, code: int) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    sys.exit(code)
