"""The writer of REFI-QDA: a codebook (.qdc) of guidance, and a project (.qdpx) of texts, codes, selections, notes.

A guidance point is a code, and below it is a code for each reading of it; a quote is a selection with the latter. One
code says both, because some programs (QualCoder) keep each coding apart. The selection's description is the note; a
reply is a note beside it. Speaker, date and the like are variables of the text. Positions count code points of the text
file in `sources/`, end exclusive. QDA programs have no place for a date without a time, the publication of a
reading, and a lost quote: these are in one more note, as W3C Web Annotation.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import get_args
from uuid import NAMESPACE_URL, uuid5

from lxml import etree
from lxml.builder import ElementMaker

from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle import Bundle, ExportedAnnotation, SpeechText
from annotations.exchange.field_readers import format_time
from db.records.annotation import Annotation, Reply
from db.records.guidance import Guidance, Point, Reading
from db.records.source import LICENCE_URL

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
ORIGIN = "Dispatch Box"
RECORDS_NOTE = "Dispatch Box: the annotations as W3C Web Annotation"
VARIABLES = ("gid", "speaker", "office", "date", "citation", "url", "hansard_url")
ILLEGAL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same annotations make the same zip
P = ElementMaker(namespace=PROJECT, nsmap={None: PROJECT})
Element = etree._Element


def make_guid(*parts: str) -> str:
    """Make the GUID of a thing from its name: it is the same in every export."""
    return str(uuid5(NAMESPACE_URL, "dispatch-box:" + "\n".join(parts)))


def clean_xml_text(text: str) -> str:
    """Make a text fit for XML: line ends become LF, and characters that XML forbids become U+FFFD."""
    return ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def write_codebook(bundle: Bundle, base_url: str) -> bytes:
    """Write the guidance of a bundle as a codebook; the description of the code `Reading` has the licence."""
    maker = ElementMaker(namespace=CODEBOOK, nsmap={None: CODEBOOK})
    book = maker.CodeBook(maker.Codes(*_make_codes(maker, bundle)), origin=ORIGIN)
    return etree.tostring(book, xml_declaration=True, encoding="utf-8", pretty_print=True)


def write_project(bundle: Bundle, base_url: str) -> bytes:
    """Write a project: a zip of project.qde and the texts."""
    records = make_guid("note", RECORDS_NOTE)
    texts = {p.text.id: p.text for p in bundle.annotations if p.text}
    files = {f"sources/{make_guid('text', text.gid)}.txt": text.text.encode() for text in texts.values()}
    files[f"sources/{records}.txt"] = w3c.write_bundle(bundle, base_url)
    project = _make_project(bundle, list(texts.values()), records)
    files["project.qde"] = etree.tostring(project, xml_declaration=True, encoding="utf-8", pretty_print=True)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            out.writestr(info, files[name])
    return zipped.getvalue()


def _make_project(bundle: Bundle, texts: list[SpeechText], records: str) -> Element:
    replies = [reply for exported in bundle.annotations for reply in exported.annotation.replies]
    people = {p.annotation.creator for p in bundle.annotations} | {reply.creator for reply in replies}
    project = P.Project(
        P.Users(
            *(P.User(guid=make_guid("user", name), name=clean_xml_text(name)) for name in sorted({ORIGIN, *people}))
        ),
        P.CodeBook(P.Codes(*_make_codes(P, bundle))),
        P.Variables(*(P.Variable(guid=make_guid("variable", v), name=v, typeOfVariable="Text") for v in VARIABLES)),
        name="Dispatch Box",
        origin=ORIGIN,
        creatingUserGUID=make_guid("user", ORIGIN),
        creationDateTime=format_time(bundle.exported) or bundle.exported,
    )
    if texts:
        project.append(P.Sources(*(_make_source(text, bundle) for text in texts)))
    whole = P.Note(
        guid=records,
        name=RECORDS_NOTE,
        plainTextPath=f"internal://{records}.txt",
        **_make_dates(ORIGIN, bundle.exported),
    )  # QualCoder rejects a note without a time
    project.append(P.Notes(whole, *map(_make_reply_note, replies)))
    project.append(P.Description(clean_xml_text("\n".join((*bundle.attribution, LICENCE_URL)))))
    return project


def _make_codes(maker: ElementMaker, bundle: Bundle) -> Iterator[Element]:
    """Make a code per document with its points below it, and the readings; an id makes each name unique."""
    for document in bundle.guidance:
        found = _make_code(
            maker, f"{document.title} ({document.id})", document.note, make_guid("document", document.id), False
        )
        found.extend(_make_point_codes(maker, document, None))
        yield found
    readings = _make_code(maker, "Reading", "\n".join((*bundle.attribution, LICENCE_URL)), make_guid("reading"), False)
    readings.extend(_make_code(maker, name, "", make_guid("reading", name)) for name in get_args(Reading))
    yield readings


def _make_point_codes(maker: ElementMaker, document: Guidance, parent: str | None) -> Iterator[Element]:
    for point in (point for point in document.points if point.parent_id == parent):
        found = _make_code(maker, name_point(point), point.paraphrase, make_guid("point", point.id))
        for reading in get_args(Reading):
            name = f"{reading}: {name_point(point)}"
            found.append(_make_code(maker, name, "", _make_reading_guid(point.id, reading)))
        found.extend(_make_point_codes(maker, document, point.id))
        yield found


def _make_reading_guid(point: str, reading: str) -> str:
    return make_guid("reading", point, reading)


def name_point(point: Point) -> str:
    """Name the code of a point; the name ends in the point's id."""
    return f"{point.number} {point.title} ({point.id})" if point.number else f"{point.title} ({point.id})"


def _make_code(maker: ElementMaker, name: str, description: str, id: str, codable: bool = True) -> Element:
    inside = [maker.Description(clean_xml_text(description))] if description else []
    return maker.Code(*inside, guid=id, name=clean_xml_text(name), isCodable=str(codable).lower())


def _make_source(text: SpeechText, bundle: Bundle) -> Element:
    id = make_guid("text", text.gid)
    values = [(name, getattr(text, name)) for name in VARIABLES if getattr(text, name)]
    return P.TextSource(
        P.Description(clean_xml_text("\n".join((*bundle.attribution, LICENCE_URL)))),
        *_make_selections(text, bundle.annotations),
        *(
            P.VariableValue(P.VariableRef(targetGUID=make_guid("variable", v)), P.TextValue(clean_xml_text(t)))
            for v, t in values
        ),
        guid=id,
        name=clean_xml_text(f"{text.citation} {text.speaker or ''} ({text.id})"),
        plainTextPath=f"internal://{id}.txt",
    )


def _make_selections(text: SpeechText, annotations: Iterable[ExportedAnnotation]) -> Iterator[Element]:
    for exported in annotations:
        annotation, selector = exported.annotation, exported.annotation.selector
        if exported.text != text or selector.start is None or selector.end is None:
            continue
        yield P.PlainTextSelection(
            P.Description(clean_xml_text(annotation.note)),
            _make_coding(annotation, _make_reading_guid(annotation.point_id, annotation.reading)),
            *(P.NoteRef(targetGUID=make_guid("note", reply.id)) for reply in annotation.replies),
            guid=make_guid("selection", annotation.id),
            name=clean_xml_text(annotation.id),
            startPosition=str(selector.start),
            endPosition=str(selector.end),
            **_make_dates(annotation.creator, annotation.created),
        )


def _make_coding(made: Annotation, code: str) -> Element:
    return P.Coding(
        P.CodeRef(targetGUID=code), guid=make_guid("coding", made.id, code), **_make_dates(made.creator, made.created)
    )


def _make_reply_note(reply: Reply) -> Element:
    name = clean_xml_text(f"{reply.creator} {reply.stance}")
    words = P.PlainTextContent(clean_xml_text(reply.text))
    return P.Note(words, guid=make_guid("note", reply.id), name=name, **_make_dates(reply.creator, reply.created))


def _make_dates(creator: str, created: str) -> dict[str, str]:
    time = format_time(created)
    return {"creatingUser": make_guid("user", creator), **({"creationDateTime": time} if time else {})}
