"""The state of a journal: a total and pure function of its entries, in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.state.model import HIDDEN_SUMMARY, find_quote
from annotations.state.reducer import reduce_entries
from db.journal.entries import EntryDraft
from db.journal.payload_schemas import find_problem
from db.records.annotation import Annotation, Reply, Selector
from tests.support.journal_drafts import AUTHOR, IDS, SUGGESTION, annotate, journals, make_entries

CURATED = Annotation("c", "t", Selector("in a file"), "doc/p", "said", "n", "C", "2008", None, "c.toml", ())


def state(*drafts, known=()):
    return reduce_entries(make_entries(drafts), known)


def reply(id="r", to="a", actor="bob"):
    return EntryDraft(actor, "reply", {"id": id, "annotation": to, "stance": "disputes", "text": "No.", **AUTHOR})


def undo(number, actor="ada"):
    return EntryDraft(actor, "undo", {"entry": f"{number:026}"})


# --- each kind of entry


def test_an_annotation_is_as_it_was_entered():
    [found] = state(
        annotate(selector={"exact": "x", "start": 3, "end": 4}, via="https://e.example")
    ).annotations.values()
    assert found.selector == Selector("x", "", "", 3, 4)
    assert (found.actor, found.creator, found.origin, found.status) == ("ada", "A. Specimen", "journal", "active")
    assert (found.via, found.modified) == ("https://e.example", None)


def test_an_annotator_edits_an_annotation():
    found = state(
        annotate(), EntryDraft("ada", "edit", {"annotation": "a", "reading": "implied", "point": "d/q"})
    ).annotations
    assert (found["a"].reading, found["a"].point_id, found["a"].note) == ("implied", "d/q", "")
    assert found["a"].modified == "2026-11-01T00:00:01Z"


def test_a_reply_belongs_to_its_annotation():
    found = state(annotate(), reply()).annotations["a"]
    assert found.replies == (Reply("r", "disputes", "No.", *AUTHOR.values(), None, "bob"),)


def test_a_confirmation_changes_the_selector_and_keeps_the_annotated_words():
    drafts = (annotate(exact="old"), EntryDraft("bob", "confirm", {"annotation": "a", "selector": {"exact": "new"}}))
    found = state(*drafts).annotations["a"]
    assert (found.selector.exact, find_quote(found), found.confirmed_by) == ("new", "old", "bob")
    later = state(
        *drafts, EntryDraft("bob", "confirm", {"annotation": "a", "selector": {"exact": "newer"}})
    ).annotations["a"]
    assert (later.selector.exact, find_quote(later)) == ("newer", "old")


def test_a_repair_changes_the_words_and_ends_a_confirmation():
    put = {"annotation": "a", "selector": {"exact": "new"}}
    again = {"annotation": "a", "selector": {"exact": "other"}, "target": "t2"}
    found = state(
        annotate(exact="old"), EntryDraft("bob", "confirm", put), EntryDraft("bob", "repair", again)
    ).annotations["a"]
    assert (found.selector.exact, found.target, find_quote(found)) == ("other", "t2", "old")
    assert found.confirmed_by is found.confirmed is None


def test_an_edit_of_the_words_replaces_the_annotated_words():
    put = {"annotation": "a", "selector": {"exact": "new"}}
    found = state(annotate(exact="old"), EntryDraft("bob", "confirm", put), EntryDraft("ada", "edit", put)).annotations[
        "a"
    ]
    assert (find_quote(found), found.confirmed_by) == ("new", None)


def test_a_withdrawn_annotation_can_be_restored():
    gone = state(annotate(), EntryDraft("bob", "withdraw", {"annotation": "a"}))
    assert gone.annotations["a"].status == "withdrawn"
    back = state(
        annotate(),
        EntryDraft("bob", "withdraw", {"annotation": "a"}),
        EntryDraft("ada", "restore", {"annotation": "a"}),
    )
    assert back.annotations["a"].status == "active"


def test_the_last_decision_about_a_suggestion_holds():
    reject = EntryDraft("ada", "reject", {"suggestion": "k", **SUGGESTION, "reason": "no"})
    accept = EntryDraft("bob", "confirm", {"suggestion": "k", **SUGGESTION, "annotation": "a"})
    assert state(reject, accept).decisions["k"].status == "accepted"
    found = state(accept, reject).decisions["k"]
    assert (found.status, found.suggester, found.point_id, found.actor, found.reason) == (
        *("rejected", "rules", "doc/point", "ada", "no"),
    )
    assert state(accept, reject, undo(1)).decisions["k"].status == "accepted"


def test_a_skip_is_that_persons_alone_until_it_is_undone():
    skip = {"suggestion": "k", **SUGGESTION}
    found = state(EntryDraft("ada", "skip", skip), EntryDraft("bob", "skip", skip), undo(0))
    assert (found.decisions, [(each.actor, each.suggestion) for each in found.skips.values()]) == ({}, [("bob", "k")])


def test_a_moment_is_added():
    fields = {"id": "m", "target": "t", "source": "https://v.example/1", "start": 12.5, "annotation": "a", **AUTHOR}
    found = state(annotate(), EntryDraft("ada", "moment", fields)).moments["m"]
    assert (found.source, found.start, found.end, found.annotation_id) == ("https://v.example/1", 12.5, None, "a")


def test_a_pass_belongs_to_its_creator_until_it_is_undone():
    bob = EntryDraft("bob", "done", {"debate": "d", "creator": "C. Specimen"})
    found = state(EntryDraft("ada", "done", {"debate": "d"}), bob)
    assert found.passes.keys() == {("ada", "d"), ("C. Specimen", "d")}
    assert not state(EntryDraft("ada", "done", {"debate": "d"}), undo(0)).passes


def test_a_curated_annotation_can_be_answered_and_withdrawn_but_not_edited():
    edit = EntryDraft("ada", "edit", {"annotation": "c", "note": "mine"})
    found = state(reply(to="c"), EntryDraft("ada", "withdraw", {"annotation": "c"}), edit, known=[CURATED])
    assert (len(found.annotations["c"].replies), found.annotations["c"].status) == (1, "withdrawn")
    assert [event.problem for event in found.problems] == ["only c.toml can edit c"]


def test_the_history_hides_the_words_of_a_reply_while_it_is_withdrawn():
    away, back = (
        EntryDraft("ada", "withdraw", {"reply": "r", "reason": "No."}),
        EntryDraft("ada", "restore", {"reply": "r"}),
    )
    found = state(annotate(), reply(), away)
    assert (found.find_reply("r").status, found.find_reply("r").text) == ("withdrawn", "No.")
    said, told = found.history[1:]
    assert (said.summary, said.annotation_id, told.annotation_id) == (HIDDEN_SUMMARY, "a", "a")
    assert (told.summary, told.reply_id, told.reason) == ("withdrew the reply of A. Specimen (No.)", "r", "No.")
    for after in (back, undo(2, "ada")):
        again = state(annotate(), reply(), away, after)
        assert (again.find_reply("r").status, again.history[1].summary) == ("active", "disputes: No.")
        assert [event.moderates for event in again.history] == [False, False, True, True]
    own = state(
        annotate(), reply(), away._replace(actor="bob"), EntryDraft("bob", "edit", {"reply": "r", "text": "Yes."})
    )
    assert not any(event.moderates for event in own.history)
    assert own.find_reply("r").text == "Yes."


# --- entries that count for nothing


@pytest.mark.parametrize(
    ("drafts", "what"),
    [
        ([annotate(), annotate()], "there is an annotation a already"),
        ([annotate(id="c")], "there is an annotation c already"),
        ([reply()], "there is no annotation a"),
        ([annotate(), annotate("b"), reply(), reply(to="b")], "there is a reply r already"),
        ([annotate(), EntryDraft("bob", "edit", {"annotation": "a", "note": "x"})], "only ada can edit a"),
        ([EntryDraft("bob", "withdraw", {"annotation": "a"})], "there is no annotation a"),
        ([EntryDraft("bob", "repair", {"annotation": "a", "selector": {"exact": "x"}})], "there is no annotation a"),
        ([annotate(), undo(0, "bob")], "only one's own entries can be undone"),
        ([undo(7)], "there is no such entry before it"),
        ([undo(1), annotate()], "there is no such entry before it"),
        ([annotate(), reply(), undo(0)], "there is no annotation a"),
        ([EntryDraft("bob", "withdraw", {"reply": "r"})], "there is no reply r"),
        (
            [annotate(), reply(), EntryDraft("ada", "edit", {"reply": "r", "text": "x"})],
            "only bob can edit the reply r",
        ),
        ([annotate(), reply(), undo(1, "bob"), EntryDraft("ada", "restore", {"reply": "r"})], "there is no reply r"),
        ([EntryDraft("ada", "shout", {})], "no such kind"),
    ],
)
def test_an_entry_about_a_missing_thing_or_another_persons_is_a_problem(drafts, what):
    assert [event.problem for event in state(*drafts, known=[CURATED]).problems] == [what]


# --- properties


@given(journals())
def test_any_journal_reduces_and_its_payloads_are_valid(entries):
    assert [find_problem(entry.actor, entry.kind, entry.payload) for entry in entries] == [None] * len(entries)
    assert [event.id for event in reduce_entries(entries).history] == [entry.id for entry in entries]


@given(journals())
def test_the_same_entries_give_the_same_state(entries):
    assert reduce_entries(entries, [CURATED]) == reduce_entries(list(entries), [CURATED])


@given(journals())
def test_undoing_an_undo_restores_the_state(entries):
    for at, entry in enumerate(entries):
        more = [
            entry._replace(id=f"{n:026}", kind="undo", payload={"entry": of})
            for n, of in ((90, entry.id), (91, f"{90:026}"))
        ]
        before, after = reduce_entries(entries), reduce_entries([*entries, *more])
        assert after[:-2] == before[:-2], at


@given(journals())
def test_an_undone_entry_has_no_effect(entries):
    for entry in entries:
        if not any(e.kind == "undo" for e in entries):
            gone = entry._replace(id=f"{90:026}", kind="undo", payload={"entry": entry.id})
            without = [each for each in entries if each.id != entry.id]
            assert reduce_entries([*entries, gone])[:-2] == reduce_entries(without)[:-2]  # but for history


@given(journals(), st.integers(0, 12))
def test_history_only_grows(entries, length):
    """Later entries only mark earlier ones as undone or wrong, and hide or show again what a reply or moment says."""
    grown = reduce_entries(entries).history[:length]
    earlier = reduce_entries(entries[:length]).history
    for now, then in zip(grown, earlier, strict=True):
        shown = {"undone": False, "problem": ""}
        if HIDDEN_SUMMARY in (now.summary, then.summary):
            shown |= {"summary": HIDDEN_SUMMARY}
        assert now._replace(**shown) == then._replace(**shown)


@given(st.lists(st.sampled_from(IDS), max_size=15), st.data())
def test_entries_about_different_annotations_may_come_in_any_order(order, data):
    """The entries of one annotation keep their order; those of several may be interleaved."""
    rest = {id: iter(range(order.count(id))) for id in IDS}
    made = {
        id: [annotate(id)] + [EntryDraft("ada", "edit", {"annotation": id, "note": str(n)}) for n in rest[id]]
        for id in IDS
    }

    def in_order(ids):
        steps = {id: iter(made[id]) for id in IDS}
        return state(*(next(steps[id]) for id in ids))

    every = [id for id in IDS for _ in made[id]]
    one, other = in_order(every), in_order(data.draw(st.permutations(every)))
    untimed = [{k: a._replace(modified=None) for k, a in each.annotations.items()} for each in (one, other)]
    assert untimed[0] == untimed[1]
