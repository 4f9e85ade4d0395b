"""The files of a day in every letter and version, and which speech of today an earlier one is, if it is one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from db.gid import MAX_REDIRECTS
from db.records.hansard import UNPROVEN_MATCHTYPES, Day, Heading, Redirect, Speech
from db.records.refusal import list_refused_gids
from db.records.source import Provenance
from scrapers.load.other_sources import ParsedVersion
from scrapers.load.same_turn import (
    SAME_ADDRESS,
    SHORT_TEXT,
    FindPerson,
    compare_speakers,
    compare_words,
    fold_first_words,
    fold_words,
    is_other_speech,
    judge_same_turn,
)
from scrapers.scope.kinds import parse_document_name
from scrapers.sources.theyworkforyou.schema_check import has_parliament_html


class DayFiles:
    """The files of a day in every version, with what their redirects and the record of today say of each address."""

    def __init__(self, day: Day, versions: Sequence[ParsedVersion], find_person: FindPerson) -> None:
        self.day = day
        self.find_person = find_person
        self.versions = sorted(versions, key=lambda each: (each.provenance.received, each.provenance.response_id))
        self.redirects = {redirect.old_gid: redirect for redirect in day.redirects}
        self.speeches = {item.gid: item for d in day.debates for _, item in d.speeches if isinstance(item, Speech)}
        self.debates = {gid: d.id for d in day.debates for gid in (d.gid, *(item.gid for _, item in d.speeches))}
        self.links: dict[str, list[Redirect]] = {}
        self.headings: dict[str, str] = {}
        self.items: dict[str, Speech] = {}
        self.same_words: dict[tuple[str, ...], list[Speech]] | None = None  # by their first words
        self.found: dict[Speech, tuple[Speech, str] | None] = {}
        self.refused = {gid for v in self.versions if v.newest for gid in list_refused_gids(v.document.refused)}
        for version in reversed(self.versions):
            for redirect in version.document.redirects:
                if redirect not in self.links.setdefault(redirect.old_gid, []):
                    self.links[redirect.old_gid].append(redirect)
            self._note_items(version)

    def _note_items(self, version: ParsedVersion) -> None:
        heading = ""
        for item in version.document.items:
            if isinstance(item, Heading):
                heading = item.gid
            elif heading:
                self.headings.setdefault(item.gid, heading)
        for item in (*version.document.items, *version.document.obsolete):
            if isinstance(item, Speech):
                self.items.setdefault(item.gid, item)

    def follow_chain(self, link: Redirect) -> tuple[str, Redirect]:
        """Follow a redirect to the end; return that gid, and the redirect on the way that proves least."""
        weakest, end = link, link.gid
        for _ in range(MAX_REDIRECTS):
            if end not in self.links:
                break
            step = self.links[end][0]
            if weakest.matchtype not in UNPROVEN_MATCHTYPES and step.matchtype in UNPROVEN_MATCHTYPES:
                weakest = step
            end = step.gid
        return end, weakest

    def list_targets(self, gid: str) -> Iterator[tuple[Speech, str]]:
        """Yield the speeches of today to which an address leads, each with the matchtype that proves least."""
        if gid in self.links:
            chains = [self.follow_chain(link) for link in self.links[gid]]
            ends = [(end, weakest.matchtype) for end, weakest in chains]
        else:
            known = self.redirects.get(gid)
            ends = [(gid, SAME_ADDRESS), *([(known.gid, known.matchtype)] if known else [])]
        for end, matchtype in ends:
            if end in self.speeches:
                yield self.speeches[end], matchtype

    def find_same_words(self, item: Speech) -> Speech | None:
        """Find the one speech of today with the very words of an earlier one, by the same speaker."""
        if self.same_words is None:
            self.same_words = defaultdict(list)
            for speech in self.speeches.values():
                self.same_words[fold_first_words(speech.text)].append(speech)
        alike = self.same_words.get(fold_first_words(item.text))
        if not alike or len(words := fold_words(item.text)) < SHORT_TEXT:
            return None
        same = [each for each in alike if fold_words(each.text) == words]
        found = [each for each in same if compare_speakers(item, each, self.find_person) == "same"]
        return found[0] if len(found) == 1 else None

    def find_withdrawal(self, gid: str, held: Provenance) -> tuple[str, str] | None:
        """Find when and how a speech was dropped; None if nothing says that upstream dropped it.

        What was refused in the newest file was not dropped: the source has it.
        """
        if gid in self.links:
            end, weakest = self.follow_chain(self.links[gid][0])
            if end in self.refused or (weakest.matchtype not in UNPROVEN_MATCHTYPES and end not in self.speeches):
                return None
            received = next(v.provenance.received for v in self.versions if weakest in v.document.redirects)
            return received, f"its address led on to {weakest.gid} ({weakest.matchtype}), which has other words"
        later = [v for v in self.versions if v.provenance.name == held.name and v.provenance.received > held.received]
        last_with = max((n for n, version in enumerate(later, 1) if _may_hold(version, gid)), default=0)
        later = later[last_with:]
        return (later[0].provenance.received, "the next version of its file is without it") if later else None

    def is_of_day(self, version: ParsedVersion, gid: str) -> bool:
        """Return False for an item that a later day's file brings for that day itself."""
        day = parse_document_name(version.provenance.name)
        return gid in self.speeches or bool(day and day[1] == self.day.date)

    def find_debate(self, gid: str) -> str | None:
        """Find the id of the debate of today in which a speech stood; None if that is gone too."""
        heading = self.headings.get(gid, "")
        ends = [self.redirects[each].gid for each in (heading, gid) if each in self.redirects]
        return next((self.debates[each] for each in (heading, *ends) if each in self.debates), None)

    def find_speech(self, item: Speech) -> tuple[Speech, str] | None:
        """Find the speech of today that an earlier one is, and the evidence in words: by its address and its words."""
        if item not in self.found:
            self.found[item] = None  # for addresses that go round in a circle
            self.found[item] = self._find_speech(item) or self._find_through_next(item)
        return self.found[item]

    def _find_through_next(self, item: Speech) -> tuple[Speech, str] | None:
        """Find the speech of today that the next version of a speech is, which its address leads to, if it is one."""
        for link in self.links.get(item.gid, ()):
            following = self.items.get(link.gid)
            if following and following.text and judge_same_turn(item, following, link.matchtype, self.find_person):
                return self.find_speech(following)
        return None

    def _find_speech(self, item: Speech) -> tuple[Speech, str] | None:
        targets = sorted(self.list_targets(item.gid), key=lambda each: -compare_words(item.text, each[0].text))
        sure = targets and compare_words(item.text, targets[0][0].text) == 1
        if not sure and (same := self.find_same_words(item)):
            return same, "the same words by the same speaker"
        for speech, matchtype in targets:
            by_number = matchtype == SAME_ADDRESS and has_parliament_html(self.day.kind, self.day.date)
            by_number = by_number and not is_other_speech(item, speech, self.find_person)
            if by_number or judge_same_turn(item, speech, matchtype, self.find_person):
                return speech, matchtype if matchtype == SAME_ADDRESS else f"its address leads here ({matchtype})"
        return None


def _may_hold(version: ParsedVersion, gid: str) -> bool:
    """Return True if something was refused in a version that has this address, or no address that was read."""
    refused = version.document.refused
    return gid in list_refused_gids(refused) or any(not unit.gid and not unit.within for unit in refused)
