"""An invented day in several letters, as TheyWorkForYou publishes it again and again, for tests."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from html import escape
from pathlib import Path

from click.testing import CliRunner

from annotations.__main__ import cli as annotations
from db.archive import responses as archive
from db.records.source import Response
from scrapers.__main__ import cli as scrapers

DAY = "2008-06-24"
DOROTHEA, AMBROSE = ("9002", "Dorothea Quillfeather"), ("9003", "Ambrose Tolliver")
Turn = tuple[int, str, tuple[str, str] | None]  # number, words, and who speaks: membership and name
Link = tuple[str, str, str]  # old and new address, each a letter and a number, and the matchtype
NAME = f"scrapedxml/debates/debates{DAY}{{}}.xml"


def gid(letter: str, number: object) -> str:
    """The address of an item, under the heading 1.0."""
    return f"uk.org.publicwhip/debate/{DAY}{letter}.1.{number}"


def speech_id(letter: str, number: object) -> str:
    """The id of a speech."""
    return f"d-{DAY}{letter}-1-{number}"


def write_letter(letter: str, turns: Iterable[Turn], title: str = "Reading Rooms") -> bytes:
    """Write a file of one debate."""
    speeches = [
        f'<speech id="{gid(letter, n)}" {_name_speaker(who)} colnum="1" time="11:30:00" url=""><p>{escape(words)}</p>'
        "</speech>"
        for n, words, who in turns
    ]
    heading = f'<minor-heading id="{gid(letter, 0)}" nospeaker="true" colnum="1" time="11:30:00" url="">{title}'
    return _wrap(letter, "yes", [f"{heading}</minor-heading>", *speeches])


def write_emptied(letter: str, links: Iterable[Link], turns: Iterable[Turn] = ()) -> bytes:
    """Write a superseded file: its redirects, and old words that it still holds."""
    items = [
        f'<gidredirect oldgid="{gid(old[0], old[1:])}" newgid="{gid(new[0], new[1:])}" matchtype="{how}"/>'
        for old, new, how in links
    ]
    items += [
        f'<speech id="{gid(letter, n)}" {_name_speaker(who)} colnum="1" time="11:30:00" url=""><p>{escape(words)}</p>'
        "</speech>"
        for n, words, who in turns
    ]
    return _wrap(letter, "no", items)


def _name_speaker(who: tuple[str, str] | None) -> str:
    return f'speakerid="uk.org.publicwhip/member/{who[0]}" speakername="{who[1]}"' if who else 'nospeaker="true"'


def _wrap(letter: str, latest: str, items: Iterable[str]) -> bytes:
    head = f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<publicwhip scrapeversion="{letter}" latest="{latest}">\n'
    return (head + "\n".join(items) + "\n</publicwhip>\n").encode("ascii", "xmlcharrefreplace")


class LetterFolder:
    """A folder of databases into which files are received on days of one's choice."""

    def __init__(self, folder: Path, quotes: str = "") -> None:
        self.folder = folder
        self.statements = folder / "statements.db"
        self.quotes = folder / "quotes"
        self.quotes.mkdir(parents=True, exist_ok=True)
        if quotes:
            (self.quotes / "one.toml").write_text(quotes, encoding="utf-8")

    def receive(self, day: str, letter: str, body: bytes) -> None:
        """Receive a file on a day, in the morning."""
        name = NAME.format(letter)
        came = Response("theyworkforyou", name, f"file:///{name}", f"{day}T06:00:00Z", 200, {}, body)
        with closing(archive.open_archive(self.folder / "archive.db")) as received:
            archive.store_response(received, came)

    def load(self, annotate: bool = True) -> Path:
        """Load everything, or all but the annotations; return the path of statements.db."""
        verbs = ((scrapers, "--everything"), (annotations, "--quotes", str(self.quotes)))
        for cli, *options in verbs if annotate else verbs[:1]:
            arguments = ["load", "--db-dir", str(self.folder), *options]
            done = CliRunner(env={"QUOTES": str(self.quotes)}).invoke(cli, arguments, catch_exceptions=False)
            assert done.exit_code == 0 or "fewer than before" in done.output, done.output  # a fall is told
        return self.statements

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Rows of statements.db."""
        with closing(sqlite3.connect(self.statements)) as conn:
            return conn.execute(query, values).fetchall()


def write_quote(id: str, target: str, exact: str, created: str = "2026-01-02") -> str:
    """Write a quote as TOML."""
    return (
        f'[[annotation]]\nid = "{id}"\ntarget = "{target}"\nexact = "{exact}"\n'
        'point = "participation-online/be-credible"\nreading = "said"\nnote = "n"\ncreator = "Ada"\n'
        f'created = "{created}"\n'
    )
