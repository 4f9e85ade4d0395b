"""Damaged or malicious files: each is read, or refused with one error; one bad entry stops no other."""

import io
import json
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.exchange import field_readers as fields
from annotations.exchange.bundle import (
    ATTRIBUTION,
    Bundle,
    ExchangeError,
    ExportedAnnotation,
    ImportedAnnotation,
    RefusedItem,
)
from annotations.exchange.formats import FORMATS
from db.records.annotation import Anchor, Annotation, Reply
from tests.support.bundles import BASE, MADE, POINT, RULES, make_selector, speech
from tests.support.cli import ROOT
from tests.support.exchange import read_whole

READ = {name: format.read for name, format in FORMATS.items() if format.read}
JSON = {"w3c": READ["w3c"], "hypothesis": READ["hypothesis"]}
TEXT = speech("Be civil, be fair.")
REPLY = Reply("r-1", "agrees", "So.", "B. Specimen", "2008", None)
NOTED = Annotation(
    "a-1", TEXT.gid, make_selector(TEXT, 3, 8), POINT.id, "said", "N", "A. Specimen", "2008", None, "journal", (REPLY,)
)
BUNDLE = Bundle((ExportedAnnotation(NOTED, Anchor("exact", 3, 8, 1.0, ""), TEXT),), (RULES,), ATTRIBUTION, MADE)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "value", "x"]), inner),
    max_leaves=5,
)
each_format = pytest.mark.parametrize("form", READ)


@each_format
@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(form: str, body: bytes) -> None:
    with suppress(ExchangeError):
        READ[form](body)


@each_format
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(form: str, data: st.DataObject) -> None:
    body = bytearray(FORMATS[form].write(BUNDLE, BASE))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    with suppress(ExchangeError):
        READ[form](bytes(body))


@pytest.mark.parametrize("form", JSON)
@given(data=st.data(), value=VALUES)
def test_any_value_in_any_place_is_read_or_refused(form: str, data: st.DataObject, value: Any) -> None:
    document = json.loads(FORMATS[form].write(BUNDLE, BASE))
    holder, key = data.draw(st.sampled_from(list(list_places(document))))
    holder[key] = value
    with suppress(ExchangeError):
        JSON[form](json.dumps(document).encode())


@pytest.mark.parametrize("form", READ)
def test_one_bad_entry_is_refused_with_its_place_and_the_others_are_read(form: str) -> None:
    other = NOTED._replace(id="a-2", creator="" if form in ("csv", "refi") else "C", replies=(), note="Other")
    body = FORMATS[form].write(BUNDLE._replace(annotations=(*BUNDLE.annotations, noted(other))), BASE)
    if form in JSON:
        document = json.loads(body)
        nodes = document["annotations"] if form == "hypothesis" else document["first"]["items"]
        nodes[-1] = {
            "id": "a-2",
            "permissions": {"read": ["group:__world__"]},
            "target": [{"selector": [{"type": []}]}],
        }
        nodes[1:1] = [None, [], {"tags": 3}, "\ud800"]
        body = json.dumps(document).encode()
    items = READ[form](body)
    assert [item.annotation.id for item in items if isinstance(item, ImportedAnnotation)] == ["a-1"]
    assert [item.where for item in items if isinstance(item, RefusedItem)]


def noted(annotation: Annotation) -> ExportedAnnotation:
    return ExportedAnnotation(annotation, Anchor("exact", 3, 8, 1.0, ""), TEXT)


HEAD = b"id,target,exact,point,reading,creator,created\n"


def zip_project(project: str, **sources: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("project.qde", f'<Project xmlns="urn:QDA-XML:project:1.0">{project}</Project>')
        for name, text in sources.items():
            zipped.writestr(f"sources/{name}.txt", text)
    return file.getvalue()


HOSTILE = {
    "rows.csv": lambda: HEAD + (b"a,t," + b"e" * 280 + b",p/q,said,c,2008\n") * 49_000,
    "empty.csv": lambda: HEAD + b",,,,,,\n" * 2_000_000,
    "columns.csv": lambda: b"," * (15 << 20),
    "lists.json": lambda: b"[" + b"[]," * 290_000 + b"1]",
    "objects.json": lambda: b"[" + b'{"a":{"b":12345}},' * 149_000 + b"1]",
    "text.json": lambda: b'["' + "\U0001f600".encode() + b"a" * (15 << 20) + b'"]',
    "deep.jsonld": lambda: b"[" * (15 << 20),
    "tags.qdpx": lambda: zip_project('<p a="1"/>' * 240_000),
    "more-tags.qdpx": lambda: zip_project("<p/>" * 1_000_000),
    "blank.qdpx": lambda: zip_project(" " * (200 << 20)),
    "bomb.qdpx": lambda: zip_project("", a="0" * (300 << 20)),
    "source.qdpx": lambda: zip_project(
        '<Sources><TextSource plainTextPath="internal://a.txt"><PlainTextSelection><Coding/></PlainTextSelection>'
        "</TextSource></Sources>",
        a="\U0001f600" + "a " * (5 << 20),
    ),
    "entities.qdpx": lambda: zip_project("<!DOCTYPE p [<!ENTITY a 'aaaaaaaaaa'>]>" + "&a;" * 100_000),
    "files.qdpx": lambda: zip_project("", **{f"{number:x}" + "e" * 900: "" for number in range(30_000)}),
}
MEASURED = """
import re, sys
from contextlib import suppress
from pathlib import Path
from annotations.cli import exchange
from annotations.exchange.bundle import ExchangeError
with suppress(ExchangeError):
    exchange._read_file(Path(sys.argv[1]), None, "", "")
print(int(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]) >> 10)
"""


@pytest.mark.nightly
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the memory of one process")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_little_memory(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name]())
    command = [sys.executable, "-c", MEASURED, str(tmp_path / name)]
    megabytes = int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout)
    assert megabytes < 150


def list_places(value: Any) -> Any:
    """Yield the container and the key of every value in a document."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from list_places(value[key])


@pytest.mark.parametrize("form", JSON)
def test_a_number_of_too_many_digits_is_refused(form: str) -> None:
    with pytest.raises(ExchangeError, match="this is not JSON: Exceeds the limit"):
        JSON[form](b"[" + b"9" * 10_000 + b"]")


@pytest.mark.parametrize("form", JSON)
def test_half_a_character_is_refused(form: str) -> None:
    body = FORMATS[form].write(BUNDLE, BASE).replace(b'"N"', b'"\\ud83d"')
    with pytest.raises(ExchangeError, match="holds half a character at 0"):
        read_whole(JSON[form], body)


@each_format
def test_a_field_that_is_too_long_is_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "MAX_LENGTH", 4)
    with pytest.raises(ExchangeError, match="characters, and may have 4"):
        read_whole(READ[form], FORMATS[form].write(BUNDLE, BASE))


@each_format
def test_a_file_with_too_many_entries_is_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "MAX_ENTRIES", 0)
    with pytest.raises(ExchangeError, match="and a file may have 0: split it"):
        READ[form](FORMATS[form].write(BUNDLE, BASE))
