"""Documents of secondary sources, grouped into debates: every source but TheyWorkForYou's XML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from db.records.hansard import Debate, Document, Item, Speech
from db.records.source import Provenance
from scrapers.load.assemble_day import debates_of_document

PAGES = "publications"
NUMBERED = re.compile(r"(.*\D)(\d{4})\.htm")


class ParsedVersion(NamedTuple):
    """One version of one document, parsed; `newest` of those that can be read."""

    document: Document
    provenance: Provenance
    newest: bool


class SourceDebate(NamedTuple):
    """One debate in one document of a secondary source; `where` has the items that came in others of its pages."""

    debate: Debate
    provenance: Provenance
    newest: bool
    where: Mapping[str, Provenance] = {}


def read_source_debates(source: str, kind: str, date: str, reads: Sequence[ParsedVersion]) -> Iterator[SourceDebate]:
    """Yield every debate in the documents of one source on one day, in every version of them."""
    for run in _group_pages(reads) if source == PAGES else [[read] for read in reads]:
        document, where = _join_pages(run)
        for debate in debates_of_document(kind, date, document):
            provenance = _find_provenance(debate, where, run[0].provenance)
            yield SourceDebate(debate=debate, provenance=provenance, newest=run[0].newest, where=where)


def _find_provenance(debate: Debate, where: Mapping[str, Provenance], first: Provenance) -> Provenance:
    gids = (debate.gid, *(item.gid for _, item in debate.speeches))
    return next((where[gid] for gid in gids if gid in where), first)


def _group_pages(reads: Sequence[ParsedVersion]) -> list[list[ParsedVersion]]:
    """Group the newest pages into runs without a gap, and older versions of pages each alone."""
    runs: list[list[ParsedVersion]] = []
    for read in sorted((read for read in reads if read.newest), key=lambda read: read.provenance.name):
        if runs and _is_next_page(runs[-1][-1].provenance.name, read.provenance.name):
            runs[-1].append(read)
        else:
            runs.append([read])
    return runs + [[read] for read in reads if not read.newest]


def _is_next_page(before: str, after: str) -> bool:
    one, other = NUMBERED.fullmatch(before), NUMBERED.fullmatch(after)
    return bool(one and other and one[1] == other[1] and int(one[2]) + 1 == int(other[2]))


def _join_pages(run: Sequence[ParsedVersion]) -> tuple[Document, dict[str, Provenance]]:
    """Join pages that follow each other into one document; return it, and the page in which each item begins."""
    items: list[Item] = []
    where: dict[str, Provenance] = {}
    for read in run:
        new = list(read.document.items)
        if items and read.document.continued and isinstance(last := items[-1], Speech) and isinstance(new[0], Speech):
            items[-1] = last._replace(text=f"{last.text} {new[0].text}", markup=None)
            new = new[1:]
        items += new
        where.update((item.gid, read.provenance) for item in new)
    return run[0].document._replace(items=tuple(items)), where
