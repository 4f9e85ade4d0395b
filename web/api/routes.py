"""/api: every address that answers with data, each with an example that works; the same as OpenAPI."""

import re
import sqlite3
from typing import Any, NamedTuple
from urllib.parse import quote

from datasette import hookimpl
from datasette.utils.asgi import Response

from db.records.source import LICENCE_URL
from db.rows import Row, first
from web.api.openapi_operation import COMPONENTS, operation
from web.api.write_endpoints import WRITTEN
from web.http.pages import CACHED, page
from web.http.reading import reading
from web.http.site_url import base_url

EXAMPLE = """
SELECT d.id AS debate, s.id AS speech,
       (SELECT id FROM annotations WHERE status = 'active' AND speech_id IS NOT NULL ORDER BY id LIMIT 1) AS annotation,
       (SELECT id FROM moments WHERE status = 'active' ORDER BY id LIMIT 1) AS moment
  FROM speeches s JOIN debates d ON d.id = s.debate_id ORDER BY s.rowid LIMIT 1
"""
JSON, CSV, TEXT = "application/json", "text/csv", "text/plain"
LD, CSL, AS = "application/ld+json", "application/vnd.citationstyles.csl+json", {"format": "json"}
ATOM, XML = "application/atom+xml", "application/xml"


class Address(NamedTuple):
    """An address with {names} in it, what it answers, in which media type, its questions, and an example.

    `asks` is each question (after the ?) with what it means; an example with {speech} or {debate} needs one to be held.
    """

    path: str
    about: str
    media_type: str
    asks: dict[str, str]
    example: str


SHAPE = {"_shape": "array: rows alone; objects: rows with what is about them", "_size": "rows at most, or max"}
FILTERS = {"house": "commons or lords", "kind": "of the debate", "year": "YYYY", "speaker": "a name as printed"}
GRID = {"by": "month or speaker", "document": "id of a document of guidance", "year": "YYYY"}
LOG = {"actor": "who", "kind": "of entry", "period": "YYYY or YYYY-MM", "moderation": "1"}
LOG |= {"annotation": "what it is about, by id", "entry": "one entry alone, by its id", "before": "an entry's id"}
ADDRESSES = (
    Address("/points.json", "Every point of guidance, with our paraphrase", JSON, {}, "/points.json"),
    Address(
        *("/sentences/{debate}.json", "Texts of a debate, with offsets of their sentences", JSON),
        *({"speech": "id of the only speech wanted"}, "/sentences/{debate}.json"),
    ),
    Address("/text/{speech}", "The plain text in which every offset counts", TEXT, {}, "/text/{speech}"),
    Address(
        *("/statements.json", "Tables and ready questions, by name", JSON, {}),
        "/statements.json",
    ),
    Address(
        *("/statements/{table}.json", "Rows of a table", JSON, {**SHAPE, "_search": "words, where it has a search"}),
        "/statements/debates.json?_shape=objects&_size=5",
    ),
    Address(
        *(
            "/statements/{table}.csv",
            "Rows of a table as CSV",
            CSV,
            {"_size": "rows at most, or max", "_dl": "1, to be sent as a file"},
        ),
        "/statements/guidance_points.csv?_size=max&_dl=1",
    ),
    Address(
        *("/statements/{table}/{id}.json", "One row of a table", JSON, {"_shape": SHAPE["_shape"]}),
        "/statements/debates/{debate}.json?_shape=objects",
    ),
    Address("/coverage.csv", "Points of guidance by month or speaker, counted", CSV, GRID, "/coverage.csv?by=speaker"),
    Address("/log.json", "What people did, newest first", JSON, LOG, "/log.json"),
    Address(
        *("/annotations/", "Every annotation (W3C protocol)", LD, {"page": "number from 0", "iris": "1"}),
        "/annotations/",
    ),
    Address("/annotations/{id}", "One annotation or reply (W3C)", LD, {}, "/annotations/{annotation}"),
    Address("/q/{id}.jsonld", "The same, as a file", LD, {}, "/q/{annotation}.jsonld"),
    Address(
        "/q/{id}.json", "A citation of it as CSL-JSON; .bib, .ris and .txt likewise", CSL, {}, "/q/{annotation}.json"
    ),
    Address(
        "/moment/{id}.jsonld", "The seconds of a video in which it is said (W3C)", LD, {}, "/moment/{moment}.jsonld"
    ),
    Address(
        *("/verify", "Whether somebody said it, with every difference", JSON),
        *({"quote": "the words", "speaker": "a name", "date": "YYYY-MM-DD", "format": "json"},),
        "/verify?quote=it&format=json",
    ),
    Address(
        "/speech/{speech}/editions", "Every wording of a speech", JSON, AS, "/speech/{speech}/editions?format=json"
    ),
    Address("/debate/{debate}/changes", "What changed in a debate", JSON, AS, "/debate/{debate}/changes?format=json"),
    Address("/agreement.csv", "Agreement of those who annotated blind, by point and pair", CSV, {}, "/agreement.csv"),
    Address("/agreement.json", "The same with every sentence; of all debates", JSON, {}, "/agreement.json"),
    Address("/agreement/{debate}.json", "The same of one debate; .csv likewise", JSON, {}, "/agreement/{debate}.json"),
    Address(
        "/feeds/{feed}.atom", "mentions, annotations, changes or log, newest first", ATOM, {}, "/feeds/mentions.atom"
    ),
    Address(
        *("/feeds/search.atom", "What a search finds, newest first", ATOM, {"q": "the question", **FILTERS}),
        "/feeds/search.atom?q=information",
    ),
    Address("/sitemap.xml", "Every page of the record, of guidance and of people", XML, {}, "/sitemap.xml"),
    Address("/api/openapi.json", "This description", JSON, {}, "/api/openapi.json"),
)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /api and /api/openapi.json."""
    return [(r"^/api/?$", about), (r"^/api/openapi\.json$", described)]


async def about(datasette: Any, request: Any) -> Any:
    """The page that people read."""
    return await page(
        datasette, request, "api/api.html", {"addresses": await _addresses(datasette), "written": WRITTEN}
    )


async def described(datasette: Any, request: Any) -> Any:
    """OpenAPI 3.1."""
    found = await _addresses(datasette)
    return Response.json(_openapi(found, base_url(request)), headers=CACHED)


async def _addresses(datasette: Any) -> list[Address]:
    """Ours and a ready question each, with examples of what is held; none where nothing is held that it needs."""
    held = await reading(datasette, _held)
    ready = [_ready(name, query) for name, query in (await datasette.get_canned_queries("statements", None)).items()]
    return [each._replace(example=_filled(each.example, held)) for each in (*ADDRESSES, *ready)]


def _held(conn: sqlite3.Connection) -> Row:
    return first(conn, EXAMPLE) or {}


def _filled(example: str, held: Row) -> str:
    """An example of what is held; none where nothing is that it needs."""
    needed = re.findall(r"{(\w+)}", example)
    return example.format_map({key: quote(held[key], safe="") for key in needed}) if all(map(held.get, needed)) else ""


def _ready(name: str, query: dict[str, Any]) -> Address:
    asks = dict.fromkeys(query.get("params", ()), "empty for all")
    path = f"/statements/{name}.json"
    return Address(path, query["title"], JSON, {**asks, "_shape": SHAPE["_shape"]}, f"{path}?_shape=array")


def _openapi(addresses: list[Address], base: str) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dispatch Box",
            "version": "1",
            "description": "Offsets count Unicode code points, the end not included. Anybody may read; a token writes.",
            "license": {"name": "Open Parliament Licence v3.0", "url": LICENCE_URL},
        },
        "servers": [{"url": base.rstrip("/") or "/"}],
        "components": COMPONENTS,
        "paths": _paths(addresses),
    }


def _paths(addresses: list[Address]) -> dict[str, dict[str, Any]]:
    """What is read and what is written at each address."""
    paths: dict[str, dict[str, Any]] = {each.path: {"get": _operation(each)} for each in addresses}
    for one in WRITTEN:
        paths.setdefault(one.path, {})[one.method] = operation(one)
    return paths


def _operation(each: Address) -> dict[str, Any]:
    """One address: its names and questions as parameters, what it answers, and what it answers to what is not there."""
    names = [part.partition("}")[0] for part in each.path.split("{")[1:]]
    text = {"type": "string"}
    inside = [{"name": name, "in": "path", "required": True, "schema": text} for name in names]
    asks = [_asked(name, about) for name, about in each.asks.items()]
    return {
        "summary": each.about,
        "description": f"Example: {each.example}" if each.example else "Nothing is held yet to give an example of.",
        "parameters": [*inside, *asks],
        "responses": {
            "200": {"description": each.about, "content": {each.media_type: {}}},
            **({"400": {"description": "What is asked cannot be answered"}} if names or asks else {}),
            **({"404": {"description": "There is no such thing here"}} if names or asks else {}),
        },
    }


def _asked(name: str, about: str) -> dict[str, Any]:
    """A question of an address; one that must be asked just so is told by its value."""
    number = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    schema = number if about.startswith("number") else {"const": "json"} if about == "json" else {"type": "string"}
    return {"name": name, "in": "query", "required": about == "json", "description": about, "schema": schema}
