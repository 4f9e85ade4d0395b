"""Entries of a journal for tests: drafts by hand, and any drafts at all for properties."""

from hypothesis import strategies as st

from db.journal.entries import EntryDraft, JournalEntry, append_entries, read_entries

PEOPLE = ("ada", "bob")
IDS = ("a", "b", "c")
AUTHOR = {"creator": "A. Specimen", "created": "2008-06-23"}
SUGGESTION = {"suggester": "rules", "version": "1", "point": "doc/point"}


def annotate(id="a", actor="ada", exact="which office", **fields):
    base = {"id": id, "target": "uk.org.publicwhip/debate/2008-06-22c.101.5", "selector": {"exact": exact}}
    rest = {"point": "participation-online/be-credible", "reading": "said", "note": "", **AUTHOR}
    return EntryDraft(actor, "annotate", {**base, **rest, **fields})


def make_entries(drafts):
    """Entries of drafts, as a journal would make them, with ids that tell their place."""
    return [
        JournalEntry(f"{n:026}", f"2026-11-{n // 20 + 1:02}T00:00:{n % 60:02}Z", *d[:3], "")
        for n, d in enumerate(drafts)
    ]


def enter_made(journal, entries, dated=False):
    """Enter what was made for another journal, each in its month; an undo names the entry at the same place."""
    for number, entry in enumerate(entries):
        made = [each.id for each in read_entries(journal)]
        payload, at = entry.payload, f"2026-{number + 1:02}-01T10:00:00Z" if dated else None
        if entry.kind == "undo" and int(payload["entry"]) < len(made):
            payload = {"entry": made[int(payload["entry"])]}
        append_entries(journal, [EntryDraft(entry.actor, entry.kind, payload, at)])


def payloads(number):
    """Any kind and payload that a journal takes; what it names may or may not be there."""
    one, text = st.sampled_from(IDS), st.sampled_from(["", "why", "because"])
    replied = one.map(lambda id: f"r{id}")
    selector = st.fixed_dictionaries({"exact": st.sampled_from(["which office", "at the outset", "gone"])})
    fields = st.fixed_dictionaries({"annotation": one}, optional={"reason": text})
    kinds = {
        "annotate": one.map(lambda id: annotate(id).payload),
        "edit": st.one_of(
            st.fixed_dictionaries({"annotation": one, "note": text}, optional={"selector": selector}),
            replied.map(lambda id: {"reply": id, "text": "no"}),
        ),
        "reply": st.builds(
            lambda id, to: {"id": f"r{id}", "annotation": to, "stance": "agrees", "text": "yes", **AUTHOR}, one, one
        ),
        "confirm": st.one_of(
            st.fixed_dictionaries({"annotation": one, "selector": selector}),
            one.map(lambda key: {"suggestion": key, **SUGGESTION}),
        ),
        "reject": one.map(lambda key: {"suggestion": key, **SUGGESTION}),
        "skip": one.map(lambda key: {"suggestion": key, **SUGGESTION}),
        "repair": st.fixed_dictionaries({"annotation": one, "selector": selector}),
        "withdraw": fields | st.fixed_dictionaries({"reply": replied}, optional={"reason": text}),
        "restore": fields | st.fixed_dictionaries({"reply": replied}, optional={"reason": text}),
        "undo": st.integers(0, number + 1).map(lambda n: {"entry": f"{n:026}"}),
        "moment": st.builds(
            lambda id, of: (
                {"id": f"m{id}", "target": "t", "source": "https://video.example/1", "start": 1.5, **AUTHOR}
                | ({"annotation": of} if of else {})
            ),
            one,
            st.none() | one,
        ),
        "begin": one.map(lambda debate: {"debate": debate}),
        "done": one.map(lambda debate: {"debate": debate}),
    }
    return st.sampled_from(sorted(kinds)).flatmap(lambda kind: st.tuples(st.just(kind), kinds[kind]))


@st.composite
def journals(draw, most=12):
    """Some entries, in order."""
    number = draw(st.integers(0, most))
    drafts = [EntryDraft(draw(st.sampled_from(PEOPLE)), *draw(payloads(n))) for n in range(number)]
    return make_entries(drafts)
