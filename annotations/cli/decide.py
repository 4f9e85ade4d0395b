"""The verbs by which a person decides about a suggestion: `accept` and `reject`."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any, cast, get_args

import click

from annotations.cli.options import actor, folders, places_of
from annotations.cli.write import enter_all
from annotations.commands.decide import Acceptance, accepted, rejected
from annotations.projection.capture import capture
from db.journal.entries import JournalError
from db.records.annotation import Selector, Verdict
from db.records.guidance import Reading
from db.rows import Row
from db.statements.store import open_store
from db.statements.suggestions import by_key

Verb = Callable[..., None]


def about_one(verb: Verb) -> Verb:
    """Give a verb what says which suggestion is meant, and who decides."""
    text = "The speech, by its id, where the same words stand in several."
    return click.argument("key")(click.option("--speech", help=text)(actor(folders(verb))))


@click.command("accept")
@about_one
@click.option("--reading", type=click.Choice(get_args(Reading)), default="said", show_default=True)
@click.option("--note", default="", help="Why: the evidence.")
def accept(key: str, speech: str | None, reading: str, note: str, actor: str, **given: Any) -> None:
    """Make an annotation of the suggestion KEY (its first letters will do), and record that it was right."""
    places = places_of(given)
    with closing(open_store(places.statements)) as conn:
        one = _one(conn, key, speech, "accepted")
        words = Selector(one["exact"], one["prefix"], one["suffix"], one["start"], one["end"])
        captured = capture(conn, one["gid"], words)
    enter_all(accepted(one, captured, actor, Acceptance(cast(Reading, reading), note)), places)


@click.command("reject")
@about_one
@click.option("--why", default="", help="Why it is wrong.")
def reject(key: str, speech: str | None, why: str, actor: str, **given: Any) -> None:
    """Record that the suggestion KEY (its first letters will do) is wrong; it never comes back."""
    places = places_of(given)
    with closing(open_store(places.statements)) as conn:
        one = _one(conn, key, speech or "", "rejected")
    enter_all(rejected(one, actor, why), places)
    if one["status"] == "accepted":
        click.echo("the annotation that was made of it stays: python -m annotations withdraw takes it back", err=True)


def _one(conn: sqlite3.Connection, key: str, speech: str | None, verdict: Verdict) -> Row:
    """The suggestion that is meant, with its speech; "" as speech: any of those it stands in. Raises JournalError."""
    found = by_key(conn, key)
    if len({one["key"] for one in found}) != 1:
        what = f"{key} begins {len(found)} suggestions: give more of it" if found else f"there is no suggestion {key}"
        raise JournalError(f"{what}; nothing was entered")
    if found[0]["status"] == verdict:
        raise JournalError(f"{key} is {verdict} already; nothing was entered")
    meant = [one for one in found if not speech or one["speech_id"] == speech]
    if not meant or (len(meant) > 1 and speech is None):
        where = ", ".join(one["speech_id"] for one in found)
        raise JournalError(f"its words stand in {where}: name one with --speech; nothing was entered")
    return meant[0]
