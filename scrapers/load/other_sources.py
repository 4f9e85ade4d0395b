"""Debates in the documents of secondary sources: every source except TheyWorkForYou's XML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from db.records.hansard import Debate, Document, Item, Speech
from db.records.source import Provenance
from scrapers.load.assemble_day import build_document_debates
from scrapers.load.division_votes import collect_vote_lists, fill_divisions

PAGES = "publications"
NUMBERED_PAGE = re.compile(r"(.*\D)(\d{4})\.htm")


class ParsedVersion(NamedTuple):
    """One version of one document, parsed; `newest` is True for the newest that can be read."""

    document: Document
    provenance: Provenance
    newest: bool


class SourceDebate(NamedTuple):
    """One debate in a document of a secondary source; `where` has the provenance of each item by gid."""

    debate: Debate
    provenance: Provenance
    newest: bool
    where: Mapping[str, Provenance] = {}


def read_source_debates(source: str, kind: str, date: str, versions: Sequence[ParsedVersion]) -> Iterator[SourceDebate]:
    """Yield every debate in the documents of one source on one day, in every version of them."""
    versions = _fill_versions(versions)
    for run in _group_pages(versions) if source == PAGES else [[version] for version in versions]:
        document, where = _join_pages(run)
        for debate in build_document_debates(kind, date, document):
            provenance = _find_provenance(debate, where, run[0].provenance)
            yield SourceDebate(debate=debate, provenance=provenance, newest=run[0].newest, where=where)


def _fill_versions(versions: Sequence[ParsedVersion]) -> list[ParsedVersion]:
    """Return the versions of debates, with the votes of the newest documents that only list votes."""
    lists = collect_vote_lists(version.document for version in versions if version.newest)
    debates = [version for version in versions if not version.document.is_vote_list]
    filled = (fill_divisions(version.document, lists) for version in debates)
    return [v._replace(document=d) for v, d in zip(debates, filled, strict=True)] if lists else debates


def _find_provenance(debate: Debate, where: Mapping[str, Provenance], first: Provenance) -> Provenance:
    gids = (debate.gid, *(item.gid for _, item in debate.speeches))
    return next((where[gid] for gid in gids if gid in where), first)


def _group_pages(versions: Sequence[ParsedVersion]) -> list[list[ParsedVersion]]:
    """Group the newest pages into runs of consecutive pages; each older version is a group of one."""
    runs: list[list[ParsedVersion]] = []
    for version in sorted(
        (version for version in versions if version.newest), key=lambda version: version.provenance.name
    ):
        if runs and _is_next_page(runs[-1][-1].provenance.name, version.provenance.name):
            runs[-1].append(version)
        else:
            runs.append([version])
    return runs + [[version] for version in versions if not version.newest]


def _is_next_page(before: str, after: str) -> bool:
    first, second = NUMBERED_PAGE.fullmatch(before), NUMBERED_PAGE.fullmatch(after)
    return bool(first and second and first[1] == second[1] and int(first[2]) + 1 == int(second[2]))


def _join_pages(run: Sequence[ParsedVersion]) -> tuple[Document, dict[str, Provenance]]:
    """Join consecutive pages into one document; return it, and by gid the page on which each item begins."""
    items: list[Item] = []
    where: dict[str, Provenance] = {}
    column: str | None = None
    for version in run:
        document = version.document
        new = _carry_column(document.items, column)
        column = document.last_column or column
        if items and document.continued and isinstance(last := items[-1], Speech) and isinstance(new[0], Speech):
            joint = "\n\n" if document.begins_paragraph else " "
            items[-1] = last._replace(text=f"{last.text}{joint}{new[0].text}", markup=None)
            new = new[1:]
        items += new
        where.update((item.gid, version.provenance) for item in new)
    return run[0].document._replace(items=tuple(items)), where


def _carry_column(items: Sequence[Item], column: str | None) -> list[Item]:
    """Give the items before the first marked column of a page the column in which the page before ends."""
    found = list(items)
    for n, item in enumerate(found):
        if item.column:
            break
        found[n] = item._replace(column=column)
    return found
