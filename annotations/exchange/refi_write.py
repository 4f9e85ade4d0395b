"""REFI-QDA, written: a codebook (.qdc) of guidance, and a project (.qdpx) of texts, codes, selections and notes.

A guidance point is a code, and so is each reading; a quote is a selection with both. Its description is the note; a
reply is a note beside it. Speaker, date and the like are variables of the text. Positions count code points of the text
file in `sources/`, end exclusive. What QDA programs have no place for (a date that is no time, where a reading was
published, a quote that is lost) stands in one more note, as W3C Web Annotation.
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
from annotations.exchange.bundle import Bundle, Standing, Text
from annotations.exchange.fields import moment
from db.records.annotation import Annotation, Reply
from db.records.guidance import Guidance, Point, Reading
from db.records.source import LICENCE_URL

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
ORIGIN = "Dispatch Box"
RECORDS = "Dispatch Box: the annotations as W3C Web Annotation"
VARIABLES = ("gid", "speaker", "office", "date", "citation", "url", "hansard_url")
ILLEGAL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same annotations make the same zip
P = ElementMaker(namespace=PROJECT, nsmap={None: PROJECT})
Element = etree._Element


def guid(*parts: str) -> str:
    """Make the GUID of a thing from its name, so that it is the same in every export."""
    return str(uuid5(NAMESPACE_URL, "dispatch-box:" + "\n".join(parts)))


def shown(text: str) -> str:
    """Make a text fit for XML: line ends become LF, and characters that XML forbids become U+FFFD."""
    return ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def write_codebook(bundle: Bundle, base_url: str) -> bytes:
    """Write the guidance of a bundle as a codebook; the description of the code `Reading` has the licence."""
    maker = ElementMaker(namespace=CODEBOOK, nsmap={None: CODEBOOK})
    book = maker.CodeBook(maker.Codes(*_make_codes(maker, bundle)), origin=ORIGIN)
    return etree.tostring(book, xml_declaration=True, encoding="utf-8", pretty_print=True)


def write_project(bundle: Bundle, base_url: str) -> bytes:
    """Write a project: a zip of project.qde and the texts."""
    records = guid("note", RECORDS)
    texts = {p.text.id: p.text for p in bundle.standings if p.text}
    files = {f"sources/{guid('text', text.gid)}.txt": text.text.encode() for text in texts.values()}
    files[f"sources/{records}.txt"] = w3c.write(bundle, base_url)
    project = _make_project(bundle, list(texts.values()), records)
    files["project.qde"] = etree.tostring(project, xml_declaration=True, encoding="utf-8", pretty_print=True)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            out.writestr(info, files[name])
    return zipped.getvalue()


def _make_project(bundle: Bundle, texts: list[Text], records: str) -> Element:
    replies = [reply for standing in bundle.standings for reply in standing.annotation.replies]
    people = {p.annotation.creator for p in bundle.standings} | {reply.creator for reply in replies}
    project = P.Project(
        P.Users(*(P.User(guid=guid("user", name), name=shown(name)) for name in sorted({ORIGIN, *people}))),
        P.CodeBook(P.Codes(*_make_codes(P, bundle))),
        P.Variables(*(P.Variable(guid=guid("variable", v), name=v, typeOfVariable="Text") for v in VARIABLES)),
        name="Dispatch Box",
        origin=ORIGIN,
        creatingUserGUID=guid("user", ORIGIN),
        creationDateTime=moment(bundle.made) or bundle.made,
    )
    if texts:
        project.append(P.Sources(*(_make_source(text, bundle) for text in texts)))
    whole = P.Note(
        guid=records, name=RECORDS, plainTextPath=f"internal://{records}.txt", **_make_dates(ORIGIN, bundle.made)
    )  # QualCoder takes no note without a time
    project.append(P.Notes(whole, *map(_make_reply_note, replies)))
    project.append(P.Description(shown("\n".join((*bundle.attribution, LICENCE_URL)))))
    return project


def _make_codes(maker: ElementMaker, bundle: Bundle) -> Iterator[Element]:
    """Make a code per document with its points below it, and the readings; an id makes each name unique."""
    for document in bundle.guidance:
        found = _make_code(
            maker, f"{document.title} ({document.id})", document.note, guid("document", document.id), False
        )
        found.extend(_make_point_codes(maker, document, None))
        yield found
    readings = _make_code(maker, "Reading", "\n".join((*bundle.attribution, LICENCE_URL)), guid("reading"), False)
    readings.extend(_make_code(maker, name, "", guid("reading", name)) for name in get_args(Reading))
    yield readings


def _make_point_codes(maker: ElementMaker, document: Guidance, parent: str | None) -> Iterator[Element]:
    for point in (point for point in document.points if point.parent_id == parent):
        found = _make_code(maker, point_name(point), point.paraphrase, guid("point", point.id))
        found.extend(_make_point_codes(maker, document, point.id))
        yield found


def point_name(point: Point) -> str:
    """Name the code of a point; the name ends in the point's id."""
    return f"{point.number} {point.title} ({point.id})" if point.number else f"{point.title} ({point.id})"


def _make_code(maker: ElementMaker, name: str, description: str, id: str, codable: bool = True) -> Element:
    inside = [maker.Description(shown(description))] if description else []
    return maker.Code(*inside, guid=id, name=shown(name), isCodable=str(codable).lower())


def _make_source(text: Text, bundle: Bundle) -> Element:
    id = guid("text", text.gid)
    values = [(name, getattr(text, name)) for name in VARIABLES if getattr(text, name)]
    return P.TextSource(
        P.Description(shown("\n".join((*bundle.attribution, LICENCE_URL)))),
        *_make_selections(text, bundle.standings),
        *(P.VariableValue(P.VariableRef(targetGUID=guid("variable", v)), P.TextValue(shown(t))) for v, t in values),
        guid=id,
        name=shown(f"{text.citation} {text.speaker or ''} ({text.id})"),
        plainTextPath=f"internal://{id}.txt",
    )


def _make_selections(text: Text, standings: Iterable[Standing]) -> Iterator[Element]:
    for standing in standings:
        made, at = standing.annotation, standing.annotation.selector
        if standing.text != text or at.start is None or at.end is None:
            continue
        yield P.PlainTextSelection(
            P.Description(shown(made.note)),
            _make_coding(made, guid("point", made.point_id)),
            _make_coding(made, guid("reading", made.reading)),
            *(P.NoteRef(targetGUID=guid("note", reply.id)) for reply in made.replies),
            guid=guid("selection", made.id),
            name=shown(made.id),
            startPosition=str(at.start),
            endPosition=str(at.end),
            **_make_dates(made.creator, made.created),
        )


def _make_coding(made: Annotation, code: str) -> Element:
    return P.Coding(
        P.CodeRef(targetGUID=code), guid=guid("coding", made.id, code), **_make_dates(made.creator, made.created)
    )


def _make_reply_note(reply: Reply) -> Element:
    name = shown(f"{reply.creator} {reply.stance}")
    words = P.PlainTextContent(shown(reply.text))
    return P.Note(words, guid=guid("note", reply.id), name=name, **_make_dates(reply.creator, reply.created))


def _make_dates(creator: str, created: str) -> dict[str, str]:
    time = moment(created)
    return {"creatingUser": guid("user", creator), **({"creationDateTime": time} if time else {})}
