"""Options that several verbs share: the folders of files and databases, a date, and the actor."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from db.cli import EXISTING_FOLDER_TYPE, existing_db_dir_option

if TYPE_CHECKING:
    from annotations.commands.archive_paths import ArchivePaths

PACKAGE = Path(__file__).parents[1]
VerbFunction = Callable[..., None]
DATE_PATTERN = r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\dZ?)?)?)?)?"


def _make_folder_option(name: str) -> Callable[[VerbFunction], VerbFunction]:
    """Make the option for a folder of curated files, with the name of its environment variable in lower case."""
    text = f"Folder of {name} (or {name.upper()}). Default: {name} beside the databases, else the program's."
    return click.option(f"--{name}", envvar=name.upper(), type=EXISTING_FOLDER_TYPE, help=text)


def add_folder_options(verb: VerbFunction) -> VerbFunction:
    """Give a verb the options for the folders of files and databases."""
    for name in ("rules", "quotes", "guidance"):
        verb = _make_folder_option(name)(verb)
    return existing_db_dir_option(verb)


def add_judge_option(verb: VerbFunction) -> VerbFunction:
    """Give a verb the option for the file of the judge's weights."""
    text = "File of the judge's weights (or JUDGE), as `suggestions train` writes it. Default: that of the program."
    file_type = click.Path(path_type=Path, exists=True, dir_okay=False)
    return click.option("--judge", envvar="JUDGE", default=PACKAGE / "judge_weights.json", type=file_type, help=text)(
        verb
    )


def read_archive_paths(given: Mapping[str, Any]) -> "ArchivePaths":
    """Return the paths that the options of a verb give."""
    from annotations.commands.archive_paths import ArchivePaths  # with the readers of all files
    from annotations.curated.folders import find_curated_folder

    db_dir = given["db_dir"]
    folders = {name: given[name] or find_curated_folder(name, db_dir) for name in ("guidance", "quotes", "rules")}
    return ArchivePaths(**folders, db_dir=db_dir)


def add_as_of_option(verb: VerbFunction) -> VerbFunction:
    """Give a verb the option to show the state at the end of a date."""
    text = "Show the state at the end of this date (UTC), such as 2026-11-24; a year, month or time also works."
    return click.option("--as-of", metavar="DATE", callback=_check_date, help=text)(verb)


def add_actor_option(verb: VerbFunction) -> VerbFunction:
    """Give a verb the option for the actor."""
    return click.option("--actor", envvar="USER", required=True, help="Your name, for the record (or USER).")(verb)


def _check_date(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(DATE_PATTERN, value):
        raise click.BadParameter(f"{value!r} is not a date: write 2026-11-24, or 2026-11-24T09:30:00Z")
    return value
