"""The view of the journal about a few things: their entries and their state, without reading all others.

What is worked out from the entries about some things is what a replay of the whole journal gives for them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from annotations.state.model import State
from annotations.state.reducer import reduce_entries
from db.journal.entries import JournalEntry
from db.journal.entry_index import EntryIndex
from db.records.annotation import Annotation, HistoryEntry


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
        keys = {*more, *chain.from_iterable(map(self.index.list_keys, entries))}
        related = self.read_entries(keys)
        return related, self._reduce(keys, related)

    def read_history(self, ids: Iterable[str]) -> list[HistoryEntry]:
        """Read the history of some entries and of all that is related to them."""
        return self.read_around(self.index.read_entries(ids))[1].history

    def read_whole_state(self) -> State:
        """Work out the state of everything."""
        known = {each.id: each for each in self._curated.values()}
        return reduce_entries(self.index.read_after(""), known.values())

    def _reduce(self, keys: Iterable[str], entries: Collection[JournalEntry]) -> State:
        named = {*keys, *chain.from_iterable(map(self.index.list_keys, entries))}
        known = {each.id: each for key in named if (each := self._curated.get(key))}
        return reduce_entries(entries, known.values())

    def _find_links(self, keys: Collection[str]) -> Iterator[str]:
        """Yield the ids of an annotation of a file, and of its replies, where one of them is among the keys."""
        for key in keys:
            if annotation := self._curated.get(key):
                yield from list_curated_ids(annotation)


def list_curated_ids(annotation: Annotation) -> Iterator[str]:
    """Yield the ids of an annotation and of its replies."""
    yield annotation.id
    yield from (reply.id for reply in annotation.replies)
