"""Assembly of a day from all letters of its files: the current debates, and the redirects from old gids."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from db.citation import format_citation
from db.gid import GID_PREFIX, get_site_form, make_short_id, parse_old_page_id
from db.records.hansard import Day, Debate, Division, Document, Heading, Speech
from db.records.source import ParseError
from scrapers.load.redirects import collect_targets, find_unaccounted, follow_chains
from scrapers.parsing.headings import DASH, recase_heading
from scrapers.scope.kinds import KINDS

SITE = "https://www.theyworkforyou.com"
NO_HEADING = "(No heading)"
ANSWERS = ("wrans", "lordswrans")  # their headings have the number of the first question, not of the section


class _Section:
    """A heading, the headings above it, and the turns between it and the next one, some of which may be refused."""

    def __init__(
        self, heading: Heading | None, above: list[Heading], document: Document, has_refused: bool = False
    ) -> None:
        self.heading = heading
        self.above = above
        self.document = document
        self.has_refused = has_refused
        self.items: list[Speech | Division] = []


def assemble_day(kind: str, date: str, documents: Sequence[Document]) -> tuple[Day, list[ParseError]]:
    """Assemble one day of one kind from all its files; return it with the problems that did not stop it.

    The words come only from the highest letter; the redirects of every letter are followed to their current end.
    """
    targets, problems = collect_targets(documents)
    sections: list[_Section] = []
    containers: dict[str, _Section] = {}
    for document, older in _find_current_documents(documents):
        empty, filled = _split_containers(_read_sections(document, targets))
        containers.update(empty)
        sections += filled
        problems += [problem for old in older if (problem := find_unaccounted(old, targets))]
    debates = _build_debates(kind, date, sections)
    targets.update({gid: (_get_section_gid(section), "heading") for gid, section in containers.items()})
    redirects, loops = follow_chains(targets, documents)
    return Day(kind=kind, date=date, debates=debates, redirects=redirects), problems + loops


def build_document_debates(kind: str, date: str, document: Document) -> tuple[Debate, ...]:
    """Build the debates in one document of another source, in its order."""
    _, sections = _split_containers(_read_sections(document, {}))
    return _build_debates(kind, date, sections)


def _find_current_documents(documents: Sequence[Document]) -> Iterator[tuple[Document, list[Document]]]:
    """Yield the file with the highest letter of each series (z before aa), and the older ones."""
    series = defaultdict(list)
    for document in documents:
        series[document.series].append(document)
    for name in sorted(series):
        *older, current = sorted(series[name], key=lambda d: (len(d.letter), d.letter))
        yield current, older


def _read_sections(document: Document, targets: Mapping[str, object]) -> list[_Section]:
    sections: list[_Section] = []
    above: list[Heading] = []
    refused = {unit.debate_gid for unit in document.refused if unit.debate_gid}
    for item in document.items:
        if item.gid in targets:
            continue
        if isinstance(item, Heading):
            above = [heading for heading in above if heading.level < item.level]
            sections.append(_Section(item, above, document, item.gid in refused))
            above = [*above, item]
        else:
            if not sections:
                sections.append(_Section(None, [], document))
            sections[-1].items.append(item)
    _end_oral_answers(sections)
    return sections


def _end_oral_answers(sections: list[_Section]) -> None:
    """Remove "Oral Answers to Questions" above departments without oral questions: the source never closes it."""
    answering = {_find_department(s) for s in sections if s.has_refused or any(map(_is_oral, s.items))}
    for section in sections:
        if section.above and section.above[0].level == 1 and _find_department(section) not in answering:
            section.above = section.above[1:]


def _find_department(section: _Section) -> str | None:
    return next((h.gid for h in [*section.above, section.heading] if h and h.level == 2), None)


def _is_oral(item: Speech | Division) -> bool:
    return isinstance(item, Speech) and item.kind == "question" and item.question_number is not None


def _split_containers(sections: list[_Section]) -> tuple[dict[str, _Section], list[_Section]]:
    """Split off headings with only headings below: return the first section below each, by gid, and other sections."""
    containers: dict[str, _Section] = {}
    filled: list[_Section] = []
    waiting: list[Heading] = []
    for section, after in zip_longest(sections, sections[1:]):
        heading = section.heading
        is_empty = not section.items and not section.has_refused
        if heading and is_empty and after and after.heading and after.heading.level > heading.level:
            waiting.append(heading)
            continue
        containers.update({container.gid: section for container in waiting})
        waiting = []
        filled.append(section)
    return containers, filled


def _build_debates(kind: str, date: str, sections: list[_Section]) -> tuple[Debate, ...]:
    debates, position = [], 1
    for section in sections:
        debates.append(_build_debate(kind, date, section, position))
        position += 1 + len(section.items)
    return tuple(debates)


def _get_section_gid(section: _Section) -> str:
    return section.heading.gid if section.heading else section.items[0].gid


def _build_debate(kind: str, date: str, section: _Section, position: int) -> Debate:
    heading, first = section.heading, section.items[0] if section.items else None
    gid = _get_section_gid(section)
    column = (heading and heading.column) or (first and first.column) or None
    above = [recase_heading(h.text) for h in section.above]
    return Debate(
        id=make_short_id(gid),
        gid=gid,
        house=KINDS[kind].house,
        kind=kind,
        date=date,
        position=position,
        title=recase_heading(heading.text) if heading and heading.text else NO_HEADING,
        heading=heading.text if heading else "",
        section=DASH.join([section.document.bill[0], *above] if section.document.bill else above),
        column=column,
        time=(heading and heading.time) or (first and first.time) or None,
        url=build_site_url(kind, gid, section.document.bill),
        hansard_url=heading.hansard_url if heading else first and first.hansard_url,
        citation=format_citation(kind, date, column, section.document.volume),
        name=section.document.name,
        speeches=tuple(enumerate(section.items, position + 1)),
        section_id=heading
        and (heading.section_id or (None if kind in ANSWERS else parse_old_page_id(heading.hansard_url))),
        volume=section.document.volume,
    )


def build_site_url(kind: str, gid: str, bill: tuple[str, str] | None) -> str | None:
    """Return TheyWorkForYou's address of a debate; None if there is none, or a committee's file names no bill."""
    site = get_site_form(gid)
    if not gid.startswith(GID_PREFIX):
        return None
    if kind != "standing":
        return f"{SITE}/{KINDS[kind].path}/?id={site}"
    if not bill or not all(bill):
        return None
    title, session = bill
    return f"{SITE}/pbc/{session}/{title.replace(' ', '_')}/{site.split('_', 2)[2]}"
