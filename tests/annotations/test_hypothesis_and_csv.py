"""Hypothesis JSON and CSV: exports are read back unchanged, and faults are named with their place."""

import csv as stdlib_csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange import csv_format as csv
from annotations.exchange import hypothesis
from annotations.exchange.bundle import Bundle, ExchangeError, join_replies
from db.csv_cells import guard_cell, unguard_cell
from tests.support.bundles import BASE, WORDS, annotations, bundles
from tests.support.exchange import read_whole

FIELDS = {
    *("id", "created", "updated", "user", "uri", "text", "tags", "group", "permissions", "references", "target"),
    *("document", "links", "hidden", "flagged", "moderation_status"),
}
HEAD = "id,target,exact,point,reading,creator,created,start\r\n"


def public(**fields: object) -> bytes:
    return json.dumps([{"permissions": {"read": ["group:__world__"]}, **fields}]).encode()


@pytest.mark.parametrize("form", [csv, hypothesis])
@given(bundle=bundles())
def test_an_export_is_read_back_unchanged(form, bundle: Bundle) -> None:
    assert join_replies(form.read_items(form.write_bundle(bundle, BASE))) == annotations(bundle)


@given(bundles())
def test_an_export_has_the_fields_of_hypothesis(bundle: Bundle) -> None:
    whole = json.loads(hypothesis.write_bundle(bundle, BASE))
    assert whole.keys() == {"export_date", "export_userid", "client_version", "annotations"}
    for node in whole["annotations"]:
        assert node.keys() == FIELDS
        assert re.fullmatch(r"acct:[!-~]+@archive\.example\.org", node["user"])
        assert set(bundle.attribution) <= set(node["document"]["dc"]["rights"])
        assert bool(node["references"]) == ("selector" not in node["target"][0])


@given(bundles())
def test_no_cell_begins_as_a_formula(bundle: Bundle) -> None:
    rows = list(stdlib_csv.reader(io.StringIO(csv.write_bundle(bundle, BASE).decode(), newline="")))
    assert all(not cell.startswith(("\t", "\r")) for row in rows for cell in row)
    assert all(not cell.lstrip().startswith(tuple("=+-@＝＋－＠")) for row in rows for cell in row)
    assert all(bundle.attribution[0] in row[-2] for row in rows[1:])


@given(st.one_of(WORDS, st.from_regex(r"'{0,3}[=+@-].?")))
def test_reading_removes_the_guard_of_a_cell(cell: str) -> None:
    assert unguard_cell(guard_cell(cell)) == cell


def test_a_byte_order_mark_is_read_and_not_written() -> None:
    body = csv.write_bundle(Bundle((), (), (), ""), BASE)
    assert body.startswith(b"id,parent,")
    assert csv.read_items(b"\xef\xbb\xbf" + body) == []


@pytest.mark.parametrize(
    "body",
    [
        f"{HEAD}a,t,e,p,said,c,2008,\r\n",
        f"{HEAD}a,t,e,p,said,c,2008,\r\n\r\n",
        f"{HEAD}a,t,e,p,said,c,2008,\r\n,,,,,,,\r\n,,,,,,,\r\n",
        f"{HEAD},,,,,,,\r\na,t,e,p,said,c,2008,\r\n",
        f"\ufeff{HEAD}a,t,e,p,said,c,2008,\n",
        f"{HEAD}a,t,e,p,said,c,2008,\r\n".replace(",", ";"),
        f"\ufeff{HEAD}a,t,e,p,said,c,2008,\r\n,,,,,,,\r\n".replace(",", ";"),
        f"{HEAD}a,t,e,p,said,c,2008,\r\n".replace(",", "\t"),
        HEAD.replace(",", ";") + '"a";"t";"e";"p";"said";"c";"2008";""\r\n',
        f"{HEAD.rstrip()},,\r\na,t,e,p,said,c,2008,,,\r\n",
        f"{HEAD.rstrip()},Exact\r\na,t,e,p,said,c,2008,,f\r\n",
        f"sep=;\r\n{HEAD}a,t,e,p,said,c,2008,\r\n".replace(",", ";"),
    ],
)
def test_csv_as_spreadsheets_save_it_is_read(body: str) -> None:
    [made] = join_replies(csv.read_items(body.encode()))
    assert (made.id, made.selector.exact, made.created) == ("a", "e", "2008")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"\xff", "byte 0: this is not UTF-8"),
        (b"id,target\r\n", "line 1: there is no column exact"),
        (
            f'{HEAD}a,t,"two\r\nlines",p,said,c,2008,\r\nb,t,e,p,perhaps,c,2008,\r\n'.encode(),
            "line 4: reading must be one",
        ),
        (f"{HEAD}a,t,e,p,said,c,2008\r\n".encode(), "line 2: it has more or fewer cells than line 1"),
        (f"{HEAD}a,t,e,p,said,c,2008,x\r\n".encode(), "line 2: start must be a whole number"),
        *((f"{HEAD}a,t,e,p,said,c,2008,{n}\r\n".encode(), "start must be a whole") for n in ("1_0", "\u0661", "+1")),
        (f"{HEAD.rstrip()},exact\r\na,t,e,p,said,c,2008,,f\r\n".encode(), "line 1: the column exact is there twice"),
        (f"{HEAD.rstrip()},x,x\r\na,t,e,p,said,c,2008,,1,2\r\n".encode(), "line 1: the column x is there twice"),
        (f"{HEAD}a,t,,p,said,c,2008,\r\n".encode(), "line 2: exact is missing"),
        (f'{HEAD}a,t,"e'.encode(), "this is not CSV"),
    ],
)
def test_an_unreadable_csv_is_refused_with_the_place_of_the_fault(body: bytes, what: str) -> None:
    with pytest.raises(ExchangeError, match=re.escape(what)):
        read_whole(csv.read_items, body)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"{}", "no export of Hypothesis"),
        (b'{"annotations": [], "annotations": []}', "an object has the key 'annotations' twice"),
        (public(id="a").replace(b"{", b'{"permissions": {}, ', 1), "an object has the key 'permissions' twice"),
        (public(id="a").replace(b'"read"', b'"read": [], "read"'), "an object has the key 'read' twice"),
        (b'{"annotations": {}}', "must be an array"),
        (public(id="a", user="acct:x@y", created="2008", tags=["reading:said"]), "annotation 1 (a): uri is missing"),
        (
            public(id="a", user="acct:x@y", created="2008", uri="u", tags=["point:p"]),
            "the tag reading: must be one of said",
        ),
        (public(id="a", user=3, created="2008", tags=["point:p"]), "annotation 1 (a): user must be text"),
    ],
)
def test_an_unreadable_hypothesis_file_is_refused_with_the_place_of_the_fault(body: bytes, what: str) -> None:
    with pytest.raises(ExchangeError, match=re.escape(what)):
        read_whole(hypothesis.read_items, body)
