"""Resolve guidance, curated quotes and machine suggestions into db/statements.db, and check that every quote stands."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click

from annotations.curated import GUIDANCE, QUOTES, CuratedError, read_guidance, read_quotes
from annotations.resolve import place, propose
from db import command
from db.command import FAILED, FOLDER, db_dir_option
from db.notes import Placed, save_notes
from db.records import Guidance
from db.store import open_store, stamp


def where(name: str, default: Path) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option for a folder of the project's own files, named as its environment variable."""
    text = f"Folder of {name} (or {name.upper()}); annotations/{name} where left out."
    return click.option(f"--{name}", envvar=name.upper(), default=default, type=FOLDER, help=text)


def folders(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options that say where its files and its databases are."""
    return where("guidance", GUIDANCE)(where("quotes", QUOTES)(db_dir_option(verb)))


@click.group(help=__doc__)
def cli() -> None:
    """Hold the verbs."""


@cli.command("load")
@folders
def load_command(guidance: Path, quotes: Path, db_dir: Path) -> None:
    """Find where every curated quote stands today, let the suggesters propose, and put all of it into statements.db."""
    with closing(open_store(db_dir / "statements.db")) as conn:
        documents, placed = _placed(conn, guidance, quotes)
        proposed = list(propose(conn, documents))
        save_notes(conn, documents, placed, proposed)
        stamp(conn, 2)
    lost = sum(each.anchor.state == "lost" for each in placed)
    points = sum(len(document.points) for document in documents)
    counts = {"documents": len(documents), "points": points, "annotations": len(placed), "lost": lost}
    click.echo(", ".join(f"{name} {count}" for name, count in {**counts, "suggestions": len(proposed)}.items()))
    if lost:
        click.echo("see which are lost, and why: python -m annotations check", err=True)


@cli.command("check")
@folders
def check_command(guidance: Path, quotes: Path, db_dir: Path) -> None:
    """List the curated quotes whose words are not found, with what to do; exit 1 where there is one."""
    with closing(open_store(db_dir / "statements.db")) as conn:
        _, placed = _placed(conn, guidance, quotes)
    lost = [each for each in placed if each.anchor.state == "lost"]
    for each in lost:
        click.echo(f"{each.annotation.origin}: {each.annotation.id}: {each.anchor.evidence}. {_advice(each)}")
        click.echo(f"    quote: {each.exact}")
    click.echo(f"{len(placed)} annotations, {len(lost)} lost")
    sys.exit(FAILED if lost else 0)


def _advice(placed: Placed) -> str:
    if not placed.speech_id:
        return "Fetch and load that day (python -m scrapers scrape), or mend target."
    if "places" in placed.anchor.evidence:
        return "Give prefix or suffix, the words before or after it."
    return f"Mend the quote: python -m scrapers show {placed.speech_id} prints the words."


def _placed(conn: sqlite3.Connection, guidance: Path, quotes: Path) -> tuple[list[Guidance], list[Placed]]:
    documents = read_guidance(guidance)
    points = [point.id for document in documents for point in document.points]
    return documents, [place(conn, curated) for curated in read_quotes(quotes, points)]


def main() -> None:
    """Run the command line."""
    command.run(cli, "annotations", CuratedError)


if __name__ == "__main__":
    main()
