"""The terms of Web Annotation, for a JSON-LD processor that may not ask W3C for them."""

from typing import Any

from annotations.exchange import w3c_write as w3c

TYPES = ("Annotation", "TextualBody", "SpecificResource", "TextQuoteSelector", "TextPositionSelector", "TimeState")
MOTIVES = ("linking", "classifying", "assessing", "commenting", "replying")
IRIS = {"source": "oa:hasSource", "selector": "oa:hasSelector", "state": "oa:hasState", "cached": "oa:cachedSource"}

IRIS |= {"body": "oa:hasBody", "target": "oa:hasTarget", "via": "oa:via", "canonical": "oa:canonical"}

IRIS |= {"creator": "dcterms:creator", "generator": "as:generator", "rights": "dcterms:rights"}

IRIS |= {term: f"as:{term}" for term in ("first", "last", "next", "prev", "partOf")}
TIMES = {"created": "dcterms:created", "modified": "dcterms:modified", "sourceDate": "oa:sourceDate"}
TERMS: dict[str, Any] = {
    "oa": "http://www.w3.org/ns/oa#",
    "as": "http://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    **{term: f"oa:{term}" for term in (*TYPES, *MOTIVES, "exact", "prefix", "suffix")},
    **{term: f"as:{term}" for term in ("total", "startIndex")},
    "AnnotationPage": "as:OrderedCollectionPage",
    "AnnotationCollection": "as:OrderedCollection",
    "Person": "http://xmlns.com/foaf/0.1/Person",
    "Software": "as:Application",
    "name": "http://xmlns.com/foaf/0.1/name",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "format": "dc:format",
    "language": "dc:language",
    **{term: {"@id": iri, "@type": "@id"} for term, iri in IRIS.items()},
    **{
        term: {"@id": iri, "@type": "@vocab"}
        for term, iri in (("motivation", "oa:motivatedBy"), ("purpose", "oa:hasPurpose"))
    },
    **{term: {"@id": iri, "@type": "xsd:dateTime"} for term, iri in TIMES.items()},
    **{term: {"@id": f"oa:{term}", "@type": "xsd:nonNegativeInteger"} for term in ("start", "end")},
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
}


def load_context(url: str, _: Any) -> dict[str, Any]:
    """A context of our own, of the terms that we write: W3C's is not ours to keep here."""
    assert url == w3c.CONTEXT
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": TERMS}}
