"""Databases made from folders of files, for tests."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from db.archive import responses as archive
from db.records.hansard import Day, Document
from db.records.source import Provenance, Response
from db.statements import people, store
from scrapers.load import load_people as register
from scrapers.scope import kinds as folders
from scrapers.scope.topics import find_mentions, read_topics
from scrapers.sources import theyworkforyou

SOURCE = {"id": "theyworkforyou", "title": "TheyWorkForYou", "url": "https://www.theyworkforyou.com/", "licence": "OPL"}
Unit = tuple[str, str]
LOST_ANNOTATION = """
[[annotation]]
id = "lost-1"
target = "uk.org.publicwhip/debate/2008-06-22c.101.5"
exact = "words that nobody ever said in any House"
point = "participation-online/be-credible"
reading = "said"
note = "A quote that is not there."
creator = "A. Specimen"
created = "2008-06-23"
"""


def response(name: str, body: bytes) -> Response:
    return Response("theyworkforyou", name, f"file:///{name}", "2026-11-22T06:00:00Z", 200, {}, body)


def parse_units(parldata: Path) -> dict[Unit, list[Document]]:
    """Every file under a parldata folder, parsed, by the day it belongs to."""
    found: dict[Unit, list[Document]] = defaultdict(list)
    for path in sorted(parldata.glob("scrapedxml/*/*.xml")):
        name = path.relative_to(parldata).as_posix()
        unit = folders.parse_document_name(name)
        assert unit, name
        found[unit].append(theyworkforyou.parse(response(name, path.read_bytes())))
    return found


def save(conn: sqlite3.Connection, *days: Day) -> None:
    """Save days, with their mentions, in one transaction."""
    topics = list(read_topics().values())
    with store.open_write_transaction(conn) as saved:
        for each in days:
            store.save_day(conn, saved, add_provenance(each), find_mentions(topics, each), [], "mark")


def add_provenance(each: Day) -> Day:
    """A day of TheyWorkForYou's files with the responses that brought them."""
    came = ("a", 1, "0" * 64, "2026-11-22T06:00:00Z")
    return each._replace(provenance={d.gid: Provenance(SOURCE["id"], d.name, *came) for d in each.debates})


def load_register(conn: sqlite3.Connection, parldata: Path) -> None:
    """Load the register of a parldata folder, and look every speaker up in it."""
    received = archive.open_archive(Path(":memory:"))
    for path in sorted(parldata.glob("*.json")):
        archive.store_response(received, response(path.name, path.read_bytes())._replace(source="people"))
    assert register.load_people(received, conn)
    people.resolve_all_speakers(conn)


def open_new_store(path: Path) -> sqlite3.Connection:
    """A new statements.db that holds the topics and the source, and no day."""
    if not path.exists():
        path.write_bytes(_make_new_store())
    return store.open_store(path)


@cache
def _make_new_store() -> bytes:
    """The bytes of one, since making the tables takes longer than most tests."""
    with TemporaryDirectory() as folder:
        with closing(store.open_store(Path(folder) / "statements.db")) as conn:
            store.save_sources_and_topics(conn, [SOURCE], read_topics().values())
        return (Path(folder) / "statements.db").read_bytes()
