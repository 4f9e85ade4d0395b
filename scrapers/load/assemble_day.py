"""A day, assembled from all letters of its files: what is current, in which debates, and where old addresses lead."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from db.citation import cite
from db.gid import HOPS, PREFIX, id_of, number_of, site_form
from db.records.errors import ParseError
from db.records.hansard import Day, Debate, Division, Document, Heading, Redirect, Speech
from scrapers.parsing.headings import DASH, recase
from scrapers.scope.kinds import KINDS

SITE = "https://www.theyworkforyou.com"
NO_HEADING = "(No heading)"
ANSWERS = ("wrans", "lordswrans")  # whose headings carry the number of the first question, not of the section


class _Section:
    """A heading, the headings above it, and what stands below it before the next one."""

    def __init__(self, heading: Heading | None, above: list[Heading], document: Document) -> None:
        self.heading = heading
        self.above = above
        self.document = document
        self.items: list[Speech | Division] = []


def assemble(kind: str, date: str, documents: Sequence[Document]) -> tuple[Day, list[ParseError]]:
    """One day of one kind from all its files, with what was wrong but did not stop it.

    The words come from the highest letter alone; every letter's redirects are followed to where they end today.
    """
    moved, problems = _moved(documents)
    sections: list[_Section] = []
    containers: dict[str, _Section] = {}
    for document, older in _current(documents):
        inside, kept = _containers(_sections(document, moved))
        containers.update(inside)
        sections += kept
        problems += [problem for old in older if (problem := _unaccounted(old, moved))]
    debates = tuple(_debate(kind, date, section, position) for position, section in _positions(sections))
    moved.update({gid: (_gid(target), "heading") for gid, target in containers.items()})
    redirects, loops = _follow(moved, documents)
    return Day(kind, date, debates, redirects), problems + loops


def told_by(kind: str, date: str, document: Document) -> tuple[Debate, ...]:
    """The debates that one document of another source tells, in its order."""
    _, sections = _containers(_sections(document, {}))
    return tuple(_debate(kind, date, section, position) for position, section in _positions(sections))


def _current(documents: Sequence[Document]) -> Iterator[tuple[Document, list[Document]]]:
    """The file with the highest letter of each series (z before aa), and the older ones."""
    series = defaultdict(list)
    for document in documents:
        series[document.series].append(document)
    for name in sorted(series):
        *older, current = sorted(series[name], key=lambda d: (len(d.letter), d.letter))
        yield current, older


def _moved(documents: Iterable[Document]) -> tuple[dict[str, tuple[str, str]], list[ParseError]]:
    moved: dict[str, tuple[str, str]] = {}
    problems = []
    for document in documents:
        for redirect in document.redirects:
            known = moved.setdefault(redirect.old_gid, (redirect.gid, redirect.matchtype))
            if known[0] != redirect.gid:
                problems.append(
                    ParseError(document.name, f"{redirect.old_gid} leads to two places: {known[0]} and {redirect.gid}")
                )
        for item in document.items:
            if not isinstance(item, Division) and item.oldstyle_gid and item.oldstyle_gid != item.gid:
                moved.setdefault(item.oldstyle_gid, (item.gid, "oldstyleid"))
    return moved, problems


def _unaccounted(document: Document, moved: dict[str, tuple[str, str]]) -> ParseError | None:
    lost = [item.gid for item in document.items if item.gid not in moved]
    if document.latest or not lost:
        return None
    return ParseError(
        document.name, f"superseded, but {len(lost)} of its items have no redirect; the first is {lost[0]}"
    )


def _sections(document: Document, moved: dict[str, tuple[str, str]]) -> list[_Section]:
    sections: list[_Section] = []
    above: list[Heading] = []
    for item in document.items:
        if item.gid in moved:
            continue
        if isinstance(item, Heading):
            above = [heading for heading in above if heading.level < item.level]
            sections.append(_Section(item, above, document))
            above = [*above, item]
        else:
            if not sections:
                sections.append(_Section(None, [], document))
            sections[-1].items.append(item)
    _end_oral_answers(sections)
    return sections


def _end_oral_answers(sections: list[_Section]) -> None:
    """Take "Oral Answers to Questions" off the departments under it that answer none: the source never closes it."""
    answering = {_department(s) for s in sections if any(_is_oral(item) for item in s.items)}
    for section in sections:
        if section.above and section.above[0].level == 1 and _department(section) not in answering:
            section.above = section.above[1:]


def _department(section: _Section) -> str | None:
    return next((h.gid for h in [*section.above, section.heading] if h and h.level == 2), None)


def _is_oral(item: Speech | Division) -> bool:
    return isinstance(item, Speech) and item.kind == "question" and item.question_number is not None


def _containers(sections: list[_Section]) -> tuple[dict[str, _Section], list[_Section]]:
    """Headings with nothing but headings below, each with the first section below it; and the other sections."""
    containers: dict[str, _Section] = {}
    kept: list[_Section] = []
    waiting: list[Heading] = []
    for section, after in zip_longest(sections, sections[1:]):
        heading = section.heading
        if heading and not section.items and after and after.heading and after.heading.level > heading.level:
            waiting.append(heading)
            continue
        containers.update({container.gid: section for container in waiting})
        waiting = []
        kept.append(section)
    return containers, kept


def _positions(sections: list[_Section]) -> Iterator[tuple[int, _Section]]:
    position = 1
    for section in sections:
        yield position, section
        position += 1 + len(section.items)


def _gid(section: _Section) -> str:
    return section.heading.gid if section.heading else section.items[0].gid


def _debate(kind: str, date: str, section: _Section, position: int) -> Debate:
    heading, first = section.heading, section.items[0] if section.items else None
    gid = _gid(section)
    column = (heading and heading.column) or (first and first.column) or None
    above = [recase(h.text) for h in section.above]
    return Debate(
        id=id_of(gid),
        gid=gid,
        house=KINDS[kind].house,
        kind=kind,
        date=date,
        position=position,
        title=recase(heading.text) if heading and heading.text else NO_HEADING,
        heading=heading.text if heading else "",
        section=DASH.join([section.document.bill[0], *above] if section.document.bill else above),
        column=column,
        time=(heading and heading.time) or (first and first.time) or None,
        url=site_url(kind, gid, section.document.bill),
        hansard_url=heading.hansard_url if heading else first and first.hansard_url,
        citation=cite(kind, date, column, section.document.volume),
        name=section.document.name,
        speeches=tuple(enumerate(section.items, position + 1)),
        section_id=heading and (heading.section_id or (None if kind in ANSWERS else number_of(heading.hansard_url))),
        volume=section.document.volume,
    )


def site_url(kind: str, gid: str, bill: tuple[str, str] | None) -> str | None:
    """TheyWorkForYou's address of a debate; None where there is none, or a committee's file names no bill."""
    site = site_form(gid)
    if not gid.startswith(PREFIX):
        return None
    if kind != "standing":
        return f"{SITE}/{KINDS[kind].path}/?id={site}"
    if not bill or not all(bill):
        return None
    title, session = bill
    return f"{SITE}/pbc/{session}/{title.replace(' ', '_')}/{site.split('_', 2)[2]}"


def _follow(
    moved: dict[str, tuple[str, str]], documents: Sequence[Document]
) -> tuple[tuple[Redirect, ...], list[ParseError]]:
    """Every old address with where it ends; one in a loop, or with too many hops, is left out and reported."""
    redirects, problems = [], []
    for old, (gid, matchtype) in moved.items():
        hops = 1
        while gid in moved and hops <= HOPS:
            gid = moved[gid][0]
            hops += 1
        if hops <= HOPS:
            redirects.append(Redirect(old, gid, matchtype))
        else:
            name = next((d.name for d in documents if any(r.old_gid == old for r in d.redirects)), documents[0].name)
            problems.append(ParseError(name, f"{old} leads round in a loop, or through more than {HOPS} redirects"))
    return tuple(redirects), problems
