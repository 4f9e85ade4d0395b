"""Recognition of a file: the source that it came from, and the name that its document has in the archive."""

import json
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import click

from db.archive.responses import format_now
from db.records.source import Response
from scrapers.scope.kinds import find_document_name
from scrapers.sources import hansard, people, publications, theyworkforyou, theyworkforyou_api
from scrapers.sources.hansard import document_names
from scrapers.sources.publications import page_addresses
from scrapers.sources.registry import REGISTRY, SpeechSource

PAGE_ADDRESS = re.compile(rb"""<page url=["']([^"'<>]+)""")
PAGE_PATH = re.compile(r"(?:cm|ld)\d{6}/.+")
EXAMPLES = {  # a document's name, for the advice on how to name one
    hansard.SOURCE: "debates/2008-06-18/08061894000015",
    theyworkforyou_api.SOURCE: "debates/2008-06-18/2008-06-18d.929.4",
    theyworkforyou.SOURCE: "scrapedxml/debates/debates2008-06-18d.xml",
    publications.SOURCE: "debates/2008-06-18/cm200708/cmhansrd/cm080618/debtext/80618-0001.htm",
    people.SOURCE: "people.json",
}


class UnknownFileError(click.ClickException):
    """A file whose source, or the name of whose document, is not known; the message says how to name it."""

    exit_code = 2


def recognise_file(path: str, body: bytes, source: str | None = None, name: str | None = None) -> Response:
    """Return a file as the response of its source. Raises UnknownFileError.

    `source` and `name` are what the user says; what is not said is told by the file's name and its first bytes.
    """
    for id in [source] if source else NAMERS:
        found = name or NAMERS[id](path, body)
        if found and _is_document_name(id, found):
            return Response(source=id, name=found, url=path, fetched_at=format_now(), status=200, headers={}, body=body)
    if source:
        raise UnknownFileError(
            f"{path}: the name of its document in {source} is not known: add --name, such as --name {EXAMPLES[source]}"
        )
    raise UnknownFileError(
        f"{path} is not recognised as a document of any source: add --source ({', '.join(NAMERS)}), and --name if the "
        f"file does not tell it, such as --source {theyworkforyou.SOURCE} --name {EXAMPLES[theyworkforyou.SOURCE]}"
    )


def _is_document_name(id: str, name: str) -> bool:
    source = REGISTRY[id]
    parse = source.parse_document_name if isinstance(source, SpeechSource) else people.parse_document_name
    return parse(name) is not None


def _name_xml(path: str, _: bytes) -> str | None:
    return find_document_name(PurePath(path).name)


def _name_debate(_: str, body: bytes) -> str | None:
    debate = _read_json(body)
    if isinstance(debate, dict) and "AyeMembers" in debate:
        return _name_division(debate)
    overview = debate.get("Overview") if isinstance(debate, dict) else None
    if not isinstance(overview, dict):
        return None
    kind = document_names.find_kind(str(overview.get("Location")), str(overview.get("House")))
    date = str(overview.get("Date"))[:10]
    return document_names.make_document_name(kind or document_names.UNKNOWN, date, str(overview.get("ExtId")))


def _name_division(division: dict[str, Any]) -> str:
    kind = "lordspages" if str(division.get("House")).lower() == "lords" else "debates"
    return document_names.make_division_name(kind, str(division.get("Date"))[:10], str(division.get("ExternalId")))


def _name_api_page(_: str, body: bytes) -> str | None:
    rows = _read_json(body)
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "gid" in row for row in rows):
        return None
    row = next((row for row in rows if str(row.get("htype")) == "11"), rows[0] if rows else {})
    gid = str(row.get("gid"))
    kind = theyworkforyou_api.MAJORS.get(str(row.get("major")), "")
    lords = theyworkforyou_api.LORDS_GID.get(kind)
    kind = f"lords{kind}" if lords and lords.fullmatch(gid.partition(".")[2]) else kind
    return f"{kind}/{row.get('hdate') or gid[:10]}/{gid}"


def _name_page(path: str, body: bytes) -> str | None:
    if address := PAGE_ADDRESS.search(body):
        page = page_addresses.parse_page_address(address[1].decode("ascii", "replace"))
        return page.name if page else None
    below = PAGE_PATH.search(PurePath(path).as_posix())
    page = page_addresses.parse_page_address(f"{page_addresses.SITE}/pa/{below[0]}") if below else None
    return page.name if page else None


def _name_register(path: str, body: bytes) -> str | None:
    if found := people.parse_document_name(PurePath(path).name):
        return found
    file = _read_json(body)
    if not isinstance(file, dict) or not isinstance(file.get("memberships"), list):
        return None
    return "people.json" if "persons" in file else "ministers.json"


def _read_json(body: bytes) -> Any:
    if body.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


NAMERS: dict[str, Callable[[str, bytes], str | None]] = {
    theyworkforyou.SOURCE: _name_xml,
    people.SOURCE: _name_register,
    hansard.SOURCE: _name_debate,
    theyworkforyou_api.SOURCE: _name_api_page,
    publications.SOURCE: _name_page,
}
