"""The writer of Akoma Ntoso: the words of one debate, each speech with its speaker, without annotations."""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from lxml import etree
from lxml.builder import ElementMaker

from annotations.exchange.bundle import Bundle, ExchangeError
from annotations.exchange.refi_write import clean_xml_text
from db.records.source import LICENCE_URL
from db.sqlite import Row
from db.statements.debates import DebateRecord

AKN, TERMS = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0", "http://purl.org/dc/terms/"
SPOKEN = ("speech", "question", "answer")  # kinds that are elements of that name
A = ElementMaker(namespace=AKN, nsmap={None: AKN, "dcterms": TERMS})
T = ElementMaker(namespace=TERMS, nsmap={"dcterms": TERMS})
Element = etree._Element


def write_debate(bundle: Bundle, base_url: str) -> bytes:
    """Write the debate of a bundle. Raises ExchangeError where the bundle has none."""
    if bundle.debate is None:
        raise ExchangeError("Akoma Ntoso holds one debate: say which, as --debate ID")
    record, person_ids = bundle.debate, _number_speakers(bundle.debate.speeches)
    section = A.debateSection(
        A.heading(clean_xml_text(record.debate["title"])), name="debate", eId=f"debate-{record.debate['id']}"
    )
    section.extend(_make_speech(row, person_ids) for row in record.speeches)
    body = A.debateBody(section)
    root = A.akomaNtoso(
        A.debate(_make_meta(bundle, record, person_ids, base_url), body, name="hansard", contains="originalVersion")
    )
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _make_meta(bundle: Bundle, record: DebateRecord, person_ids: Mapping[str, str], base_url: str) -> Element:
    debate = record.debate
    uri = f"/akn/gb/debate/{debate['date']}/{debate['id']}"
    identification = A.identification(
        A.FRBRWork(*_make_frbr(uri, debate["date"], "#parliament"), A.FRBRcountry(value="gb")),
        A.FRBRExpression(*_make_frbr(f"{uri}/eng@", debate["date"], "#parliament"), A.FRBRlanguage(language="eng")),
        A.FRBRManifestation(*_make_frbr(f"{uri}/eng@.xml", bundle.exported[:10], "#dispatch-box")),
        source="#dispatch-box",
    )
    references = A.references(
        A.TLCOrganization(eId="parliament", href="/ontology/organization/gb/parliament", showAs="UK Parliament"),
        A.TLCOrganization(eId="dispatch-box", href=f"{base_url}/", showAs="Dispatch Box"),
        *_make_people(person_ids),
        source="#dispatch-box",
    )
    cited = [
        T.bibliographicCitation(debate["citation"]),
        T.source(debate["url"] or debate["hansard_url"] or debate["gid"]),
    ]
    rights = [T.rights(line) for line in bundle.attribution]
    return A.meta(
        identification, references, A.proprietary(*cited, *rights, T.license(LICENCE_URL), source="#dispatch-box")
    )


def _make_frbr(uri: str, date: str, author: str) -> tuple[Element, ...]:
    return A.FRBRthis(value=uri), A.FRBRuri(value=uri), A.FRBRdate(date=date, name="debate"), A.FRBRauthor(href=author)


def _make_people(person_ids: Mapping[str, str]) -> Iterator[Element]:
    for name, key in person_ids.items():
        slug = "-".join(re.findall(r"\w+", name.lower()))
        yield A.TLCPerson(eId=key, href=f"/ontology/person/gb/{quote(slug)}", showAs=clean_xml_text(name))


def _number_speakers(speeches: Sequence[Row]) -> dict[str, str]:
    """Give every speaker an XML id, in the order in which they first speak."""
    names = dict.fromkeys(row["speaker"] for row in speeches if row["speaker"])
    return {name: f"person-{number}" for number, name in enumerate(names, 1)}


def _make_speech(row: Row, person_ids: Mapping[str, str]) -> Element:
    """Make the element of a speech, with its speaker and paragraphs; words without a speaker are a narrative."""
    words = clean_xml_text(row["text"])
    if row["kind"] not in SPOKEN or not row["speaker"]:
        return A.narrative(words, eId=row["id"])
    name = f"{row['speaker']} ({row['office']})" if row["office"] else row["speaker"]
    found = A(row["kind"], A("from", clean_xml_text(name)), by=f"#{person_ids[row['speaker']]}", eId=row["id"])
    found.extend(A.p(*_make_lines(paragraph)) for paragraph in words.split("\n\n"))
    return found


def _make_lines(paragraph: str) -> Iterator[str | Element]:
    first, *rest = paragraph.split("\n")
    yield first
    for line in rest:
        yield A.eol()
        yield line
