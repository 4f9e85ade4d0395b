"""Options that several verbs share: the folders of files and databases, a date, and who acts."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from annotations.commands.places import Places
from annotations.curated.files import GUIDANCE, QUOTES
from annotations.suggesters.rule_files import RULES
from db.cli import FOLDER, db_dir_option

Verb = Callable[..., None]
DATE = r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\dZ?)?)?)?)?"


def where(name: str, default: Path) -> Callable[[Verb], Verb]:
    """The option for a folder of the project's own files, named as its environment variable."""
    text = f"Folder of {name} (or {name.upper()}); annotations/{name} where left out."
    return click.option(f"--{name}", envvar=name.upper(), default=default, type=FOLDER, help=text)


def folders(verb: Verb) -> Verb:
    """Give a verb the options that say where its files and its databases are."""
    return where("guidance", GUIDANCE)(where("quotes", QUOTES)(where("rules", RULES)(db_dir_option(verb))))


def places_of(given: Mapping[str, Any]) -> Places:
    """The folders among the options of a verb."""
    return Places(given["guidance"], given["quotes"], given["rules"], given["db_dir"])


def as_of(verb: Verb) -> Verb:
    """Give a verb the option to see things as they stood."""
    text = "As people had left it at the end of this date (UTC): 2026-11-24; a year, month or time will do."
    return click.option("--as-of", metavar="DATE", callback=_date, help=text)(verb)


def actor(verb: Verb) -> Verb:
    """Give a verb the option to say who acts."""
    return click.option("--actor", envvar="USER", required=True, help="Who does it (or USER).")(verb)


def _date(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(DATE, value):
        raise click.BadParameter(f"{value!r} is no date: write it as 2026-11-24, or 2026-11-24T09:30:00Z")
    return value
