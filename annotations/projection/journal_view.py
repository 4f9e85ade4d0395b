"""The view of the journal about a few things: their entries and their state, without reading all others.

What is worked out from the entries about some things is what a replay of the whole journal gives for them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from annotations.state.handlers import get_pass_key
from annotations.state.model import State
from annotations.state.reducer import reduce_entries
from db.journal.entries import JournalEntry
from db.journal.entry_index import PASS_KINDS, EntryIndex, make_pass_key
from db.records.annotation import Annotation, HistoryEntry


class PastView(NamedTuple):
    """The state of some things at the end of a date, and all entries related to them, of later days too.

    `later_curated` are annotations of files that were made or answered later, `people` those of the passes among them.
    """

    related: list[JournalEntry]
    state: State
    later_curated: set[str]
    people: set[str]


class JournalView:
    """The journal by its index, and the annotations of files by their ids and those of their replies.

    Keys are ids of annotations, replies and moments, keys of suggestions, and passes (`make_pass_key`).
    """

    def __init__(self, index: EntryIndex, curated: Mapping[str, Annotation]) -> None:
        """Read the journal by this index."""
        self.index, self._curated = index, curated

    def read_entries(self, keys: Iterable[str]) -> list[JournalEntry]:
        """Read the entries about some things and about what those name, in order."""
        return self.index.read_related(keys, self._find_links)

    def read_state(self, keys: Iterable[str]) -> State:
        """Work out the state of some things and of what their entries name."""
        wanted = set(keys)
        return self._reduce(wanted, self.read_entries(wanted))

    def read_around(
        self, entries: Iterable[JournalEntry], more: Iterable[str] = ()
    ) -> tuple[list[JournalEntry], State]:
        """Read the entries related to some entries, these among them, and work out the state of all that they name."""
        keys = {*more, *self._list_keys(entries)}
        related = self.read_entries(keys)
        return related, self._reduce(keys, related)

    def read_history(self, ids: Iterable[str]) -> list[HistoryEntry]:
        """Read the history of some entries and of all that is related to them."""
        return self.read_around(self.index.read_entries(ids))[1].history

    def read_whole_state(self) -> State:
        """Work out the state of everything."""
        known = {each.id: each for each in self._curated.values()}
        return reduce_entries(self.index.read_after(""), known.values())

    def read_past(self, until: str, keys: Iterable[str]) -> PastView:
        """Read how some things, and all that was changed later, stood at the end of a date (YYYY, YYYY-MM, ...)."""
        last = self.index.find_last_id(until)
        later = {id for id, each in self._curated.items() if _find_last_date(each)[: len(until)] > until}
        wanted = {*keys, *later, *self._list_keys(self.index.read_after(last))}
        people = {get_pass_key(entry)[0] for entry in self.read_entries(wanted) if entry.kind in PASS_KINDS}
        wanted |= {make_pass_key(*get_pass_key(entry)) for one in people for entry in self.index.read_passes(one)}
        related = self.read_entries(wanted)
        then = {id: each for id in {*wanted, *self._list_keys(related)} if (each := self._find_curated(id, until))}
        state = reduce_entries([entry for entry in related if entry.id <= last], then.values())
        return PastView(related, state, {self._curated[id].id for id in later}, people)

    def _reduce(self, keys: Iterable[str], entries: Collection[JournalEntry]) -> State:
        known = {each.id: each for key in {*keys, *self._list_keys(entries)} if (each := self._curated.get(key))}
        return reduce_entries(entries, known.values())

    def _list_keys(self, entries: Iterable[JournalEntry]) -> Iterator[str]:
        return chain.from_iterable(map(self.index.list_keys, entries))

    def _find_curated(self, id: str, until: str) -> Annotation | None:
        """Find the annotation of a file as it was at the end of a date; None where it was made later."""
        found = self._curated.get(id)
        if not found or found.created[: len(until)] > until:
            return None
        return found._replace(replies=tuple(each for each in found.replies if each.created[: len(until)] <= until))

    def _find_links(self, keys: Collection[str]) -> Iterator[str]:
        """Yield the ids of an annotation of a file, and of its replies, where one of them is among the keys."""
        for key in keys:
            if annotation := self._curated.get(key):
                yield from list_curated_ids(annotation)


def _find_last_date(annotation: Annotation) -> str:
    return max(annotation.created, *(reply.created for reply in annotation.replies), "")


def list_curated_ids(annotation: Annotation) -> Iterator[str]:
    """Yield the ids of an annotation and of its replies."""
    yield annotation.id
    yield from (reply.id for reply in annotation.replies)
