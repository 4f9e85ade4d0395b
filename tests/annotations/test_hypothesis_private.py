"""What not everybody may read in a file of Hypothesis is left out of an import, counted and listed."""

import json
from pathlib import Path

import pytest

from annotations.exchange import hypothesis
from annotations.exchange.bundle import ImportedAnnotation, ImportedReply, LeftOutItem
from db.journal.entries import read_journal
from tests.support.exchange import Run

WORLD = "group:__world__"
MISSING = object()
UNSAID, RESTRICTED = "it does not say that everybody may read it", "not everybody may read it"
GROUP, HIDDEN, UNAPPROVED = "it belongs to a group", "moderators have hidden it", "moderators have not approved it"


def write_file(specimens: Path, *changes: dict[str, object]) -> bytes:
    """Return the specimen, an annotation and its reply, with fields replaced or removed in each."""
    document = json.loads((specimens / "exchange" / "hypothesis.json").read_text(encoding="utf-8"))
    for node, fields in zip(document["annotations"], changes, strict=False):
        merged = {**node, **fields}
        node.clear()
        node.update({key: value for key, value in merged.items() if value is not MISSING})
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"permissions": {"read": [WORLD, "acct:d.specimen@annotations.example.org"]}},
        {"permissions": {"read": WORLD}},
        {"permissions": {"read": [WORLD], "update": []}},
        {"group": MISSING},
        {"group": None},
        {"hidden": MISSING},
        {"hidden": None},
        {"moderation_status": MISSING},
        {"moderation_status": None},
        {"flagged": True},
        {"text": "My private thoughts, in public."},
    ],
)
def test_what_everybody_may_read_is_read(fields: dict[str, object], specimens: Path) -> None:
    note, reply = hypothesis.read_items(write_file(specimens, fields))
    assert isinstance(note, ImportedAnnotation)
    assert isinstance(reply, ImportedReply)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"permissions": {"read": ["acct:d.specimen@annotations.example.org"]}}, RESTRICTED),
        ({"permissions": {"read": ["group:abcd1234"]}, "group": "abcd1234"}, RESTRICTED),
        ({"permissions": {"read": ["group:__world__ "]}}, RESTRICTED),
        ({"permissions": {"read": []}}, UNSAID),
        ({"permissions": {"read": {WORLD: True}}}, UNSAID),
        ({"permissions": {"update": [WORLD]}}, UNSAID),
        ({"permissions": WORLD}, UNSAID),
        ({"permissions": MISSING}, UNSAID),
        ({"group": "abcd1234"}, GROUP),
        ({"group": ["__world__"]}, GROUP),
        ({"hidden": True}, HIDDEN),
        ({"hidden": "no"}, HIDDEN),
        ({"moderation_status": "PENDING"}, UNAPPROVED),
        ({"moderation_status": "DENIED"}, UNAPPROVED),
        ({"moderation_status": "SPAM"}, UNAPPROVED),
        ({"moderation_status": "A later status"}, UNAPPROVED),
    ],
)
def test_what_is_not_public_and_approved_is_left_out_with_its_replies(
    fields: dict[str, object], reason: str, specimens: Path
) -> None:
    note, reply = hypothesis.read_items(write_file(specimens, {**fields, "tags": ["a fault that nobody may see"]}))
    assert note == LeftOutItem("annotation 1 (specimen0hypothesis0001)", reason)
    assert reply == LeftOutItem("annotation 2 (specimen0hypothesis0002)", "it answers one that is left out")


def make_reply(id: str, *references: str, **fields: object) -> dict[str, object]:
    public = {"permissions": {"read": [WORLD]}, "tags": ["stance:agrees"], "user": "acct:x@y", "created": "2008"}
    return {"id": id, "references": references, "text": "So.", **public, **fields}


NOTE = "specimen0hypothesis0001"
PRIVATE: dict[str, object] = {"permissions": {"read": ["acct:x@y"]}}
UNTAGGED: dict[str, object] = {"tags": []}
PAGE: dict[str, object] = {"target": [{"source": "https://archive.example.org/"}], "tags": []}


@pytest.mark.parametrize(
    ("note", "replies", "left_out"),
    [
        (PAGE, [make_reply("b", NOTE)], "1 b"),
        (PAGE, [make_reply("b", NOTE, **UNTAGGED), make_reply("c", NOTE, "b")], "1 b c"),
        (PAGE, [make_reply("c", "b"), make_reply("b", NOTE)], "1 b c"),
        (PRIVATE, [make_reply("c", "b"), make_reply("b", NOTE), make_reply("d", "c")], "1 b c d"),
        ({}, [make_reply("b", NOTE, **UNTAGGED), make_reply("c", NOTE, "b")], "b c"),
        ({}, [make_reply("b", NOTE, **PRIVATE), make_reply("c", NOTE, "b"), make_reply("d", NOTE, "b", "c")], "b c d"),
        ({}, [make_reply("b", NOTE, **UNTAGGED), make_reply("c", "b"), make_reply("d", NOTE)], "b c"),
        # what stays
        ({}, [make_reply("b", NOTE), make_reply("c", NOTE, "b")], ""),
        ({}, [make_reply("b", NOTE, "away")], ""),
        ({}, [make_reply("b", NOTE), make_reply("c", NOTE, **UNTAGGED)], "c"),
        ({}, [make_reply("b", NOTE), make_reply("c", NOTE, "b", **PRIVATE)], "c"),
    ],
)
def test_the_replies_to_what_is_left_out_are_left_out_to_the_last(
    note: dict[str, object], replies: list[dict[str, object]], left_out: str, specimens: Path
) -> None:
    document = json.loads(write_file(specimens, note))
    document["annotations"][1:] = replies
    found = hypothesis.read_items(json.dumps(document).encode())
    names = {item.where.split("(")[1][:-1] for item in found if isinstance(item, LeftOutItem)}
    assert names == {name.replace("1", NOTE) for name in left_out.split()}


def test_a_private_reply_to_a_public_note_is_left_out(specimens: Path) -> None:
    note, reply = hypothesis.read_items(write_file(specimens, {}, {"permissions": {"read": ["acct:x@y"]}}))
    assert isinstance(note, ImportedAnnotation)
    assert isinstance(reply, LeftOutItem)


def test_an_import_counts_and_lists_what_it_leaves_out(specimens: Path, bare: Path, enter: Run) -> None:
    file = bare / "x.json"
    file.write_bytes(write_file(specimens, {}, {"hidden": True}))
    done = enter(file)
    assert (done.exit_code, done.stdout) == (0, "1 new, 0 duplicates, 1 left out\n")
    assert done.stderr == f"x.json: annotation 2 (specimen0hypothesis0002): left out: {HIDDEN}\n"
    assert [entry.kind for entry in read_journal(bare / "journal.db")] == ["annotate"]
