"""Parts shared by the command lines: the folder of databases, and the exit code and sentence of an error."""

import errno
import os
import sqlite3
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

import click

from db.exit_codes import EXIT_NOT_WRITABLE, EXIT_PROGRAM_FAULT, EXIT_SET_UP, EXIT_TRY_LATER
from db.records.source import Unavailable, UserMistake
from db.sqlite import DATABASE_ERRORS

VerbFunction = Callable[..., Any]
OTHER_VERSION = "statements.db was made by another version of this program; bring it up to date with dispatch-box load"
COPIES = "or put archive.db back from a copy (journal.db: dispatch-box journal restore)"
MAKE_ROOM = "make room on the disk, or make the file and its folder writable, and run the same command again"
SQLITE_CODES = {  # primary result codes of SQLite, with the exit code and advice
    **dict.fromkeys((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB), EXIT_SET_UP),
    **dict.fromkeys((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), EXIT_TRY_LATER),
    **dict.fromkeys(
        (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_PERM,
        ),
        EXIT_NOT_WRITABLE,
    ),
}
SQLITE_ADVICE = {
    EXIT_SET_UP: f"delete statements.db and load again, {COPIES}",
    EXIT_NOT_WRITABLE: MAKE_ROOM,
    EXIT_TRY_LATER: "stop the program that is using the database, or try again later",
}
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
MISSING = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP)
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO)
FOLDER_TYPE = click.Path(path_type=Path, file_okay=False)
EXISTING_FOLDER_TYPE = click.Path(path_type=Path, file_okay=False, exists=True)


class _DatabaseFolder(click.Path):
    """A folder of databases that must be there: a command that only reads makes none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the folder. Raises Unavailable."""
        folder = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not folder.is_dir():
            advice = "run dispatch-box scrape, or make demo, or choose another folder with --db-dir or DB_DIR"
            raise Unavailable(f"{folder} does not exist yet: {advice}", EXIT_SET_UP)
        return folder


def _make_db_dir_option(type: click.Path) -> Callable[[VerbFunction], VerbFunction]:
    text = "Folder of the databases (or DB_DIR)."
    return click.option("--db-dir", envvar="DB_DIR", default="db", type=type, show_default=True, help=text)


db_dir_option = _make_db_dir_option(FOLDER_TYPE)
DATABASE_FOLDER_TYPE = _DatabaseFolder(path_type=Path, file_okay=False)
existing_db_dir_option = _make_db_dir_option(DATABASE_FOLDER_TYPE)  # for commands that do not create it


def run_command_line(cli: click.Command, name: str) -> None:
    """Run a command line, and end with one sentence and an exit code on an error that the user can put right.

    An error that nobody foresaw is a fault of the program: its traceback goes to stderr.
    """
    _write_utf_8()
    try:
        cli(prog_name=name)
    except Exception as error:  # noqa: BLE001 - every error has an exit code and a message
        code, message = explain_error(error)
        if code == EXIT_PROGRAM_FAULT:
            traceback.print_exception(error)
        _exit_with_error(message, code)


def explain_error(error: Exception) -> tuple[int, str]:
    """Return the exit code of an error, and a sentence that says what to do."""
    if isinstance(error, Unavailable):
        return error.exit_code, str(error)
    if isinstance(error, UserMistake):
        return EXIT_SET_UP, str(error)
    if isinstance(error, DATABASE_ERRORS):
        code = SQLITE_CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if code:
            return code, f"{error}: {SQLITE_ADVICE[code]}"
        if str(error).startswith("no such table: "):
            return EXIT_SET_UP, f"{error}: {OTHER_VERSION}"
    elif isinstance(error, OSError):
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        if error.errno in UNWRITABLE and not _is_unreadable(error.filename):
            return EXIT_NOT_WRITABLE, f"{what}: {MAKE_ROOM}"
        return EXIT_SET_UP if error.errno in (*MISSING, *UNWRITABLE) else EXIT_TRY_LATER, what
    return EXIT_PROGRAM_FAULT, f"a bug in this program, {type(error).__name__}: {error}. Please report what is above"


def read_argument(text: str) -> str:
    """Return an argument of the command line as text, whatever the locale; bytes that are no UTF-8 percent-encoded.

    >>> read_argument("file:///srv/d\u00e9")
    'file:///srv/d\u00e9'
    """
    data = os.fsencode(text)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return quote(data, safe=PRINTABLE)


def _is_unreadable(name: object) -> bool:
    """Return True for a file that is there but may not be read: whoever wants it read must permit it."""
    return isinstance(name, str | bytes) and os.path.isfile(name) and not os.access(name, os.R_OK)


def _write_utf_8() -> None:
    """Write UTF-8 whatever the locale, since what Parliament says is not ASCII; names of files as they are."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def _exit_with_error(message: str, code: int) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    sys.exit(code)
