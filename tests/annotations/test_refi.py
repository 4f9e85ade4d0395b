"""REFI-QDA: valid against the official schema, read back unchanged, and safe with zip files of others."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from annotations.exchange import refi_write as refi
from annotations.exchange import safe_zip as zipped
from annotations.exchange.bundle import ATTRIBUTION, Bundle, ExchangeError, ExportedAnnotation, join_replies
from annotations.exchange.refi_read import read_items
from db.records.annotation import Anchor, Annotation, Reply
from tests.support.bundles import (
    BASE,
    MADE,
    POINT,
    RULES,
    annotations,
    bundles,
    make_selector,
    read_package_files,
    speech,
)
from tests.support.exchange import read_whole

Q = f"{{{refi.PROJECT}}}"
IMPLIED = refi.make_guid("reading", POINT.id, "implied")
USER = refi.make_guid("user", "A. Specimen")
NO_OFFSETS = ("x", "1_8", "\u0661\u0668", "-1", "+18", "18.0", "")
REPLY = Reply("r-1", "disputes", "Not so.", "B. Specimen", "2008-06-24", None)


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    """Return the official schema, from a package that has it."""
    [schema] = read_package_files("qualitative-coding", "qualitative_coding/refi_qda/schema.xsd")
    return etree.XMLSchema(etree.fromstring(schema))


def one(words: str = "Be civil 😀, always.", exact: str = "😀, always") -> Bundle:
    """Make one annotation with a reply, on words after an astral character."""
    text = speech(words)
    at = make_selector(text, words.index(exact), words.index(exact) + len(exact))
    made = Annotation(
        "a-1", text.gid, at, POINT.id, "implied", "Nearly so.", "A. Specimen", "2008-06", None, "journal", (REPLY,)
    )
    anchor = Anchor("exact", at.start, at.end, 1.0, "")
    return Bundle((ExportedAnnotation(made, anchor, text),), (RULES,), ATTRIBUTION, MADE)


def members(bundle: Bundle) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(refi.write_project(bundle, BASE))) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def changed(bundle: Bundle, change: Callable[[dict[str, bytes]], None]) -> bytes:
    files = members(bundle)
    change(files)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return body.getvalue()


def in_project(old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        text = files["project.qde"].decode()
        assert old in text
        files["project.qde"] = text.replace(old, new).encode()

    return change


def without_records(files: dict[str, bytes]) -> None:
    """Remove our note of records, as another program does."""
    in_project(refi.RECORDS_NOTE, "A note")(files)


@given(bundle=bundles())
def test_a_project_is_valid_against_the_official_schema(bundle: Bundle, schema: etree.XMLSchema) -> None:
    project = etree.fromstring(members(bundle)["project.qde"])
    assert schema.validate(project), schema.error_log


@given(bundle=bundles())
def test_a_codebook_is_valid_as_in_the_project_schema(bundle: Bundle, schema: etree.XMLSchema) -> None:
    book = refi.write_codebook(bundle, BASE)
    root = etree.fromstring(book)
    assert (root.tag, root.get("origin")) == (f"{{{refi.CODEBOOK}}}CodeBook", "Dispatch Box")
    inner = book.decode().partition("?>")[2].replace(refi.CODEBOOK, refi.PROJECT).replace(' origin="Dispatch Box"', "")
    assert schema.validate(etree.fromstring(f'<Project xmlns="{refi.PROJECT}" name="x">{inner}</Project>'))


@given(bundle=bundles())
def test_an_export_is_read_back_unchanged(bundle: Bundle) -> None:
    assert join_replies(read_items(refi.write_project(bundle, BASE))) == annotations(bundle)


@given(bundle=bundles())
def test_positions_count_code_points_of_the_source_file(bundle: Bundle) -> None:
    files = members(bundle)
    for source in etree.fromstring(files["project.qde"]).iter(f"{Q}TextSource"):
        body = files["sources/" + source.get("plainTextPath", "").removeprefix("internal://")]
        assert b"\r" not in body
        for at in source.iter(f"{Q}PlainTextSelection"):
            words = body.decode()[int(at.get("startPosition", "")) : int(at.get("endPosition", ""))]
            assert words in {a.selector.exact for a in annotations(bundle)}


def test_every_note_and_coding_has_a_time_and_an_author() -> None:
    project = etree.fromstring(members(one())["project.qde"])
    made = [*project.iter(f"{Q}Note", f"{Q}Coding")]
    assert len(made) == 3
    assert all(each.get("creationDateTime") and each.get("creatingUser") for each in made)  # QualCoder takes none else


def test_the_same_annotations_make_the_same_zip() -> None:
    assert refi.write_project(one(), BASE) == refi.write_project(one(), BASE)


def test_a_quote_without_our_records_is_read_from_its_codes() -> None:
    [made] = join_replies(read_items(changed(one(), without_records)))
    old = one().annotations[0].annotation
    assert made.id == refi.make_guid("selection", "a-1")
    assert (made.selector, made.point_id, made.note) == (old.selector, old.point_id, old.note)
    assert (made.target, made.creator, made.created) == (old.target, old.creator, "2008-06-01T00:00:00Z")


def test_a_quote_under_another_guid_is_recognised_by_its_content() -> None:
    renamed = changed(one(), in_project(f'"{refi.make_guid("selection", "a-1")}"', f'"{refi.make_guid("another")}"'))
    assert join_replies(read_items(renamed)) == annotations(one())


def test_a_quote_removed_in_another_program_is_not_read() -> None:
    def away(files: dict[str, bytes]) -> None:
        text = files["project.qde"].decode()
        files["project.qde"] = re.sub(r"<PlainTextSelection.*</PlainTextSelection>", "", text, flags=re.DOTALL).encode()

    assert read_items(changed(one(), away)) == []


@pytest.mark.parametrize(
    ("start", "end", "words"), [(13, 15, "always"), (4, 9, "civil "), (12, 18, "always"), (1, 8, "Be civil")]
)
def test_a_shifted_selection_is_widened_to_whole_words(start: int, end: int, words: str) -> None:
    def shift(files: dict[str, bytes]) -> None:
        without_records(files)
        in_project('startPosition="9" endPosition="18"', f'startPosition="{start}" endPosition="{end}"')(files)

    [made] = join_replies(read_items(changed(one(), shift)))
    assert made.selector.exact == words


def test_a_note_changed_in_another_program_is_read_as_changed() -> None:
    [made] = join_replies(read_items(changed(one(), in_project("Nearly so.", "Quite so."))))
    assert (made.id, made.note, made.replies) == ("a-1", "Quite so.", (REPLY,))


def test_the_folder_of_sources_may_have_a_capital() -> None:
    def capital(files: dict[str, bytes]) -> None:
        for name in list(files):
            files[name.replace("sources/", "Sources/")] = files.pop(name)

    assert join_replies(read_items(changed(one(), capital))) == annotations(one())


def test_a_text_may_be_in_the_project_itself() -> None:
    def inline(files: dict[str, bytes]) -> None:
        without_records(files)
        [path] = [name for name in files if files[name] == b"Be civil \xf0\x9f\x98\x80, always."]
        name = path.removeprefix("sources/")
        in_project(f' plainTextPath="internal://{name}"', "")(files)
        in_project(
            "<PlainTextSelection", f"<PlainTextContent>{files.pop(path).decode()}</PlainTextContent><PlainTextSelection"
        )(files)

    assert join_replies(read_items(changed(one(), inline)))[0].selector.exact == "😀, always"


def test_texts_with_a_byte_order_mark_are_read() -> None:
    def mark(files: dict[str, bytes]) -> None:
        without_records(files)
        for name in files:
            files[name] = b"\xef\xbb\xbf" + files[name] if name.endswith(".txt") else files[name]

    assert join_replies(read_items(changed(one(), mark)))[0].selector.exact == "😀, always"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('endPosition="18"', 'endPosition="9999"', "is no place in its text"),
        *(('endPosition="18"', f'endPosition="{end}"', "must be whole numbers from 0") for end in NO_OFFSETS),
        ("<Users>", f'<Users><User guid="{USER}" name="X"/>', "another User has the GUID"),
        ("internal://", "internal://../../../../etc/", "the zip has no such file"),
        ("internal://", "absolute:///etc/", "is outside the file"),
        (
            f'CodeRef targetGUID="{IMPLIED}"',
            f'CodeRef targetGUID="{refi.make_guid("x")}"',
            "no such code",
        ),
        (
            f'CodeRef targetGUID="{IMPLIED}"',
            f'CodeRef targetGUID="{refi.make_guid("reading")}"',
            "coded with",
        ),
        ("?>", '?><!DOCTYPE Project [<!ENTITY x "y">]>', "it has a DTD"),
        ("<Users>", "<Users", "this is not XML"),
        (refi.PROJECT, "urn:another", "not with a Project of REFI-QDA"),
    ],
)
def test_an_unreadable_project_is_refused_with_the_place_of_the_fault(old: str, new: str, what: str) -> None:
    with pytest.raises(ExchangeError, match=re.escape(what)):
        read_whole(read_items, changed(one(), in_project(old, new)))


def test_a_file_that_is_no_project_is_refused() -> None:
    with pytest.raises(ExchangeError, match="the zip cannot be unpacked"):
        read_items(b"PK no zip")
    with pytest.raises(ExchangeError, match=re.escape("the zip has no project.qde")):
        read_items(changed(one(), lambda files: files.pop("project.qde") and None))


@pytest.mark.parametrize(("places", "words"), [((" 9 ", "18"), "😀, always"), (("0009", "0018"), "😀, always")])
def test_offsets_may_have_white_space_and_leading_zeros(places: tuple[str, str], words: str) -> None:
    def rewrite(files: dict[str, bytes]) -> None:
        without_records(files)
        in_project('startPosition="9" endPosition="18"', f'startPosition="{places[0]}" endPosition="{places[1]}"')(
            files
        )

    assert join_replies(read_items(changed(one(), rewrite)))[0].selector.exact == words


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_one_name_twice_is_refused() -> None:
    body = io.BytesIO(refi.write_project(one(), BASE))
    with zipfile.ZipFile(body, "a") as out:
        out.writestr("project.qde", b"<Project/>")
    with pytest.raises(ExchangeError, match=re.escape("the zip has two files called project.qde")):
        read_items(body.getvalue())


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = changed(one(), lambda files: files.update({"project.qde": files["project.qde"] + b" " * (2 << 20)}))
    assert len(bomb) < 1 << 14
    for limit, what in (("MAX_MEMBER", "project.qde unpacks"), ("MAX_UNPACKED", "the zip unpacks")):
        with monkeypatch.context() as patch:
            patch.setattr(zipped, limit, 1 << 20)
            with pytest.raises(ExchangeError, match=f"{what} to more than 1 MiB"):
                read_items(bomb)


ATTRIBUTES = " ".join(f'a{number}="1"' for number in range(250_001))


@pytest.mark.parametrize(
    "part", ["<p/>" * 250_001, "<p>" * 300, f"<p {ATTRIBUTES}/>"], ids=["tags", "depth", "attributes"]
)
def test_too_many_tags_or_attributes_or_too_deep_a_tree_is_refused(part: str) -> None:
    with pytest.raises(ExchangeError, match=r"tags or attributes, and may have|Excessive depth"):
        read_items(changed(one(), in_project("<Users>", f"{part}<Users>")))


def test_a_zip_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_FILES", 2)
    with pytest.raises(ExchangeError, match="the zip has 3 files, and may have 2"):
        read_items(refi.write_project(one(), BASE))


def test_names_of_codes_differ(tmp_path: Path) -> None:
    names = [code.get("name") for code in etree.fromstring(members(one())["project.qde"]).iter(f"{Q}Code")]
    assert len(names) == len(set(names)) == 13
    assert "1 Be civil (specimen-rules/be-civil)" in names
