"""W3C Web Annotation: exports follow the model and its terms, and are read back unchanged."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from pyld import jsonld

from annotations.exchange import w3c_write as w3c
from annotations.exchange.bundle import Bundle, ExchangeError, join_replies
from annotations.exchange.w3c_read import read_items
from db.records.annotation import Reply
from tests.support.bundles import BASE, RULES, annotations, bundles
from tests.support.exchange import read_whole
from tests.support.json_ld import TERMS, load_context

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
IRI = re.compile(r"(https?://|urn:)[^\x00-\x20<>\"{}|\\^`\x7f-\U0010ffff]+")


def written(bundle: Bundle) -> dict[str, Any]:
    return json.loads(w3c.write_bundle(bundle, BASE))


def nodes(bundle: Bundle) -> list[dict[str, Any]]:
    return json.loads(json.dumps(list(w3c.make_nodes(bundle, BASE))))


@given(bundles())
def test_an_export_is_read_back_unchanged(bundle: Bundle) -> None:
    assert join_replies(read_items(w3c.write_bundle(bundle, BASE))) == annotations(bundle)


@given(bundles())
def test_every_annotation_has_the_required_fields_of_the_model(bundle: Bundle) -> None:
    for node in nodes(bundle):
        assert node["@context"] == w3c.CONTEXT
        assert node["type"] == "Annotation"
        assert "bodyValue" not in node
        for key in ("id", "canonical", "rights", *(["via"] if "via" in node else [])):
            assert IRI.fullmatch(node[key]), key
        assert all(MOMENT.fullmatch(node[key]) for key in ("created", "modified") if key in node)
        assert isinstance(node["creator"]["name"], str)
        assert all(body["type"] in ("TextualBody", "SpecificResource") for body in node["body"])
        assert all(isinstance(body["value"], str) for body in node["body"] if body["type"] == "TextualBody")
        sources = [body["source"] for body in node["body"] if body["type"] == "SpecificResource"]
        assert all(map(IRI.fullmatch, sources))


@given(bundles())
def test_every_target_selects_words_of_a_source(bundle: Bundle) -> None:
    for node in (node for node in nodes(bundle) if node["motivation"] != "replying"):
        assert IRI.fullmatch(node["target"]["source"])
        quoted, *placed = node["target"]["selector"]
        assert quoted["type"] == "TextQuoteSelector"
        for at in placed:
            assert at["type"] == "TextPositionSelector"
            assert at["end"] - at["start"] == len(quoted["exact"])
        assert ("state" in node["target"]) == ("dcterms:bibliographicCitation" in node["target"])
        if "state" in node["target"]:
            assert MOMENT.fullmatch(node["target"]["state"]["sourceDate"])
            assert IRI.fullmatch(node["target"]["state"]["cached"])


def test_via_is_an_address_only_if_it_is_an_iri() -> None:
    via = [
        w3c.make_reply_node(Reply("r", "agrees", "x", "c", "2008", each), "a", BASE, ())
        for each in ("https://é.org", BASE)
    ]
    assert [each.get("via") for each in via] == [None, BASE]
    assert via[0]["dc:source"] == "https://é.org"


def test_a_canonical_name_is_the_uuid_that_an_annotation_came_with() -> None:
    assert (
        w3c.make_canonical_name("6fa459ea-ee8a-3ca4-894e-db77e160355e")
        == "urn:uuid:6fa459ea-ee8a-3ca4-894e-db77e160355e"
    )
    assert (
        w3c.make_canonical_name("specimen-1")
        == w3c.make_canonical_name("specimen-1")
        != w3c.make_canonical_name("specimen-2")
    )


@given(bundles())
def test_a_reply_has_the_annotation_that_it_answers_as_target(bundle: Bundle) -> None:
    ids = {node["id"] for node in nodes(bundle) if node["motivation"] != "replying"}
    assert {node["target"] for node in nodes(bundle) if node["motivation"] == "replying"} <= ids


@given(bundles())
def test_no_term_is_lost_in_a_json_ld_processor(bundle: Bundle) -> None:
    document = written(bundle)
    graph = jsonld.expand(document, {"documentLoader": load_context})
    again = jsonld.compact(graph, {"@context": TERMS}, {"documentLoader": load_context})
    assert sorted(terms(again)) == sorted(terms(document))


def terms(value: Any) -> Iterator[str]:
    """Yield every key of a document at any depth, except those of the context."""
    if isinstance(value, dict):
        for key in value.keys() - {"@context"}:
            yield key
            yield from terms(value[key])
    elif isinstance(value, list):
        for each in value:
            yield from terms(each)


def test_licence_and_attribution_are_in_the_collection_and_in_each_annotation() -> None:
    empty = written(Bundle((), (RULES,), ("Whose words",), "2026-11-24T06:00:00Z"))
    assert empty["total"] == 0
    assert "first" not in empty
    assert empty["dc:rights"] == ["Whose words"]


def test_pages_of_a_collection_lead_to_each_other() -> None:
    url = f"{BASE}/annotations/"
    whole = w3c.make_collection("L", 3, 2, url, ())
    pages = [w3c.make_page([{"id": "x"}], number, 2, 1, whole) for number in range(3)]
    described = {"id": url, "type": "AnnotationCollection", "label": "L", "total": 3}
    assert [page["partOf"] for page in pages] == [described] * 3
    assert [page.get("prev") for page in pages] == [None, f"{url}?page=0", f"{url}?page=1"]
    assert [page.get("next") for page in pages] == [f"{url}?page=1", f"{url}?page=2", None]
    assert [page["startIndex"] for page in pages] == [0, 1, 2]
    assert whole["last"] == f"{url}?page=2"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"{", "line 1: this is not JSON"),
        (b"\xff", "byte 0: this is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"3", "the file: here must be an object, not int"),
        (b'{"type": "Person"}', "the file is no Annotation"),
        (b'{"type": "AnnotationCollection", "first": "https://example.org/p1"}', "page 1 is not in this file"),
        (b'[{"type": "Annotation", "id": "urn:x:1"}]', "annotation 1 (urn:x:1): it must have one target"),
        (b'[{"id": "urn:x:1", "target": {"source": "urn:y"}}]', "annotation 1 (urn:x:1): its target has no TextQuote"),
    ],
)
def test_what_cannot_be_read_is_named(body: bytes, what: str) -> None:
    with pytest.raises(ExchangeError, match=re.escape(what)):
        read_whole(read_items, body)
