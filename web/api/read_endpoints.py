"""The addresses at which a program reads data, each with its parameters and a working example."""

import re
import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from db.sqlite import Row, read_first_row
from web.http.datasette_types import Datasette
from web.http.reading import read_today
from web.urls import add_prefix, path_for

EXAMPLE_IDS = """
SELECT d.id AS debate, s.id AS speech,
       (SELECT substr(person_id, 8) FROM speeches WHERE person_id GLOB 'person/[0-9]*' LIMIT 1) AS person,
       (SELECT id FROM annotations WHERE status = 'active' AND speech_id IS NOT NULL ORDER BY id LIMIT 1) AS annotation,
       (SELECT id FROM moments WHERE status = 'active' ORDER BY id LIMIT 1) AS moment
  FROM speeches s JOIN debates d ON d.id = s.debate_id ORDER BY s.rowid LIMIT 1
"""
JSON, CSV, TEXT = "application/json", "text/csv", "text/plain"
LD, CSL, JSON_QUERY = "application/ld+json", "application/vnd.citationstyles.csl+json", {"format": "json"}
ATOM, XML = "application/atom+xml", "application/xml"


class ReadEndpoint(NamedTuple):
    """An address to read, with {names} in its path: its data, media type, query parameters and an example.

    `query` maps each query parameter to its meaning; {speech} or {debate} in an example stands for an existing id.
    `answer_schema` names the schema of the answer among the components; "" where none is published.
    """

    path: str
    about: str
    example: str
    media_type: str = JSON
    query: Mapping[str, str] = {}
    answer_schema: str = ""


SHAPE = {"_shape": "array: rows alone; objects: rows with what is about them", "_size": "rows at most, or max"}
SEARCH_QUERY = {"house": "commons or lords", "kind": "of the debate", "year": "YYYY", "speaker": "a name as printed"}
COVERAGE_QUERY = {"by": "month or speaker", "document": "id of a document of guidance", "year": "YYYY"}
AS_OF_QUERY = {"as_of": "the day as it then stood: YYYY-MM-DD, or a month or year"}
DEBATES_QUERY = {"house": "commons or lords", "kind": "of the debate", "date": "YYYY-MM-DD", "year": "YYYY"}
DEBATES_QUERY |= {"topic": "id of a topic"}
LOG_QUERY = {"actor": "who", "kind": "of entry", "period": "YYYY or YYYY-MM", "moderation": "1"}
LOG_QUERY |= {"annotation": "what it is about, by id", "entry": "one entry alone, by its id", "before": "an entry's id"}
READ_ENDPOINTS = (
    ReadEndpoint(path="/points.json", about="Every point of guidance, with our paraphrase", example="/points.json"),
    ReadEndpoint(
        path="/sentences/{debate}.json",
        about="Texts of a debate, with offsets of their sentences",
        query={"speech": "id of the only speech wanted"},
        example="/sentences/{debate}.json",
    ),
    ReadEndpoint(
        path="/text/{speech}",
        about="The plain text in which every offset counts",
        media_type=TEXT,
        example="/text/{speech}",
    ),
    ReadEndpoint(path="/statements.json", about="Tables and ready questions, by name", example="/statements.json"),
    ReadEndpoint(
        path="/statements/{table}.json",
        about="Rows of a table",
        query={**SHAPE, "_search": "words, where it has a search"},
        example="/statements/debates.json?_shape=objects&_size=5",
    ),
    ReadEndpoint(
        path="/statements/{table}.csv",
        about="Rows of a table as CSV",
        media_type=CSV,
        query={"_size": "rows at most, or max", "_dl": "1, to be sent as a file"},
        example="/statements/guidance_points.csv?_size=max&_dl=1",
    ),
    ReadEndpoint(
        path="/statements/{table}/{id}.json",
        about="One row of a table",
        query={"_shape": SHAPE["_shape"]},
        example="/statements/debates/{debate}.json?_shape=objects",
    ),
    ReadEndpoint(
        path="/coverage.csv",
        about="Points of guidance by month or speaker, counted",
        media_type=CSV,
        query=COVERAGE_QUERY,
        example="/coverage.csv?by=speaker",
    ),
    ReadEndpoint(
        path="/log.json",
        about="The log of everything people entered, newest first",
        query=LOG_QUERY,
        example="/log.json",
    ),
    ReadEndpoint(
        path="/annotations/",
        about="Every annotation (W3C protocol)",
        media_type=LD,
        query={"page": "number from 0", "iris": "1"},
        example="/annotations/",
    ),
    ReadEndpoint(
        path="/annotations/{id}",
        about="One annotation or reply (W3C)",
        media_type=LD,
        example="/annotations/{annotation}",
    ),
    ReadEndpoint(path="/q/{id}.jsonld", about="The same, as a file", media_type=LD, example="/q/{annotation}.jsonld"),
    ReadEndpoint(
        path="/q/{id}.json",
        about="A citation of it as CSL-JSON; also as .bib, .ris and .txt, and as .csv, which can be imported",
        media_type=CSL,
        example="/q/{annotation}.json",
    ),
    ReadEndpoint(
        path="/debate/{id}.json",
        about="A debate with its speeches, mentions and notes; .csv has a row for each speech, .bib and .ris cite it",
        query=AS_OF_QUERY,
        example="/debate/{debate}.json",
        answer_schema="Debate",
    ),
    ReadEndpoint(
        path="/speech/{id}.json",
        about="A speech with its mentions and notes; .csv, .bib and .ris likewise",
        query=AS_OF_QUERY,
        example="/speech/{speech}.json",
        answer_schema="Speech",
    ),
    ReadEndpoint(
        path="/people/{id}.json",
        about="A person: names, seats, offices, quotes and newest mentions; .csv, .bib and .ris likewise",
        query=AS_OF_QUERY,
        example="/people/{person}.json",
        answer_schema="Person",
    ),
    ReadEndpoint(
        path="/people.json",
        about="Everyone who spoke where a topic is mentioned or words are quoted; .csv likewise",
        query=AS_OF_QUERY,
        example="/people.json",
        answer_schema="People",
    ),
    ReadEndpoint(
        path="/search.json",
        about="Speeches that a search finds, 100 at a time; .csv, .bib and .ris likewise",
        query={"q": "what to look for", **SEARCH_QUERY, "page": "number from 1"},
        example="/search.json?q=information",
        answer_schema="Found",
    ),
    ReadEndpoint(
        path="/debates.json",
        about="Debates, newest first, 5,000 at a time; .csv likewise",
        query={**DEBATES_QUERY, "page": "number from 1"},
        example="/debates.json",
        answer_schema="Debates",
    ),
    ReadEndpoint(
        path="/moment/{id}.jsonld",
        about="The seconds of a video in which it is said (W3C)",
        media_type=LD,
        example="/moment/{moment}.jsonld",
    ),
    ReadEndpoint(
        path="/verify.json",
        about="Checks a quote: the verdict, its grade, every difference, and what dots and brackets hide",
        query={"quote": "the words", "speaker": "a name", "date": "YYYY-MM-DD"},
        example="/verify.json?quote=it",
        answer_schema="Verdict",
    ),
    ReadEndpoint(
        path="/speech/{speech}/editions",
        about="Every wording of a speech",
        query=JSON_QUERY,
        example="/speech/{speech}/editions?format=json",
    ),
    ReadEndpoint(
        path="/debate/{debate}/changes",
        about="What changed in a debate",
        query=JSON_QUERY,
        example="/debate/{debate}/changes?format=json",
    ),
    ReadEndpoint(
        path="/agreement.csv",
        about="Agreement between people who annotated blind, by point and pair",
        media_type=CSV,
        example="/agreement.csv",
    ),
    ReadEndpoint(
        path="/agreement.json", about="The same with every sentence, for all debates", example="/agreement.json"
    ),
    ReadEndpoint(
        path="/agreement/{debate}.json",
        about="The same for one debate; also as .csv",
        example="/agreement/{debate}.json",
    ),
    ReadEndpoint(
        path="/feeds/{feed}.atom",
        about="mentions, annotations, changes or log, newest first",
        media_type=ATOM,
        example="/feeds/mentions.atom",
    ),
    ReadEndpoint(
        path="/feeds/search.atom",
        about="What a search finds, newest first",
        media_type=ATOM,
        query={"q": "the question", **SEARCH_QUERY},
        example="/feeds/search.atom?q=information",
    ),
    ReadEndpoint(
        path="/feeds/person/{id}.atom",
        about="Quotes of a person, newest first",
        media_type=ATOM,
        example="/feeds/person/{person}.atom",
    ),
    ReadEndpoint(
        path="/sitemap.xml",
        about="Every page of the record, of guidance and of people",
        media_type=XML,
        example="/sitemap.xml",
    ),
    ReadEndpoint(path="/api/openapi.json", about="This description", example="/api/openapi.json"),
)


async def read_endpoints(datasette: Datasette) -> list[ReadEndpoint]:
    """Return READ_ENDPOINTS and the canned queries with examples filled in; "" if the archive has nothing to show."""
    ids = await read_today(datasette, _read_example_ids)
    ready = [
        _describe_canned_query(name, query)
        for name, query in (await datasette.get_canned_queries("statements", None)).items()
    ]
    return [each._replace(example=_fill_example(each.example, ids)) for each in (*READ_ENDPOINTS, *ready)]


def _fill_example(example: str, ids: Row) -> str:
    """Fill ids into an example, and add the prefix of the site; "" if one is missing."""
    needed = re.findall(r"{(\w+)}", example)
    known = {key: quote(ids[key], safe="") for key in needed if ids.get(key)}
    return add_prefix(example.format_map(known)) if len(known) == len({*needed}) else ""


def _describe_canned_query(name: str, query: dict[str, Any]) -> ReadEndpoint:
    """Describe the address of a canned query of metadata.json."""
    return ReadEndpoint(
        path=f"{path_for('table', name=name)}.json",
        about=query["title"],
        query={**dict.fromkeys(query.get("params", ()), "empty for all"), "_shape": SHAPE["_shape"]},
        example=f"{path_for('table', name=name)}.json?_shape=array",
    )


def _read_example_ids(conn: sqlite3.Connection) -> Row:
    """Read ids for the examples; {} for an empty archive."""
    return read_first_row(conn, EXAMPLE_IDS) or {}
