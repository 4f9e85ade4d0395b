"""From the documents of other sources than TheyWorkForYou's XML to the debates that each tells."""

import re
from collections.abc import Iterator, Mapping, Sequence

from db.records.hansard import Debate, Document, Item, Speech
from db.records.source import Told
from scrapers.load.assemble_day import debates_of_document
from scrapers.load.merge_sources import Read, Telling

PAGES = "publications"
NUMBERED = re.compile(r"(.*\D)(\d{4})\.htm")


def tellings(source: str, kind: str, date: str, reads: Sequence[Read]) -> Iterator[Telling]:
    """Every debate that the documents of one source tell on one day, in every version of them."""
    for run in _runs(reads) if source == PAGES else [[read] for read in reads]:
        document, where = _joined(run)
        for debate in debates_of_document(kind, date, document):
            yield Telling(debate, _told(debate, where, run[0].told), run[0].newest, where)


def _told(debate: Debate, where: Mapping[str, Told], first: Told) -> Told:
    gids = (debate.gid, *(item.gid for _, item in debate.speeches))
    return next((where[gid] for gid in gids if gid in where), first)


def _runs(reads: Sequence[Read]) -> list[list[Read]]:
    """The newest pages in runs without a gap, and older versions of pages each alone."""
    runs: list[list[Read]] = []
    for read in sorted((read for read in reads if read.newest), key=lambda read: read.told.name):
        if runs and _follows(runs[-1][-1].told.name, read.told.name):
            runs[-1].append(read)
        else:
            runs.append([read])
    return runs + [[read] for read in reads if not read.newest]


def _follows(before: str, after: str) -> bool:
    one, other = NUMBERED.fullmatch(before), NUMBERED.fullmatch(after)
    return bool(one and other and one[1] == other[1] and int(one[2]) + 1 == int(other[2]))


def _joined(run: Sequence[Read]) -> tuple[Document, dict[str, Told]]:
    """Documents that follow each other as one, and which of them each item begins in."""
    items: list[Item] = []
    where: dict[str, Told] = {}
    for read in run:
        new = list(read.document.items)
        if items and read.document.continued and isinstance(last := items[-1], Speech) and isinstance(new[0], Speech):
            items[-1] = last._replace(text=f"{last.text} {new[0].text}", markup=None)
            new = new[1:]
        items += new
        where.update((item.gid, read.told) for item in new)
    return run[0].document._replace(items=tuple(items)), where
