"""The earlier speeches of a day's files, in older letters and versions: which speech of today each is, if it is one.

One that upstream dropped is no edition of another: it is kept with the date on which it was withdrawn.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from db.gid import MAX_REDIRECTS
from db.records.hansard import UNPROVEN_MATCHTYPES, Redirect, Speech, WithdrawnSpeech
from db.records.source import Provenance
from scrapers.load.day_files import DayFiles
from scrapers.load.same_turn import SHORT_TEXT, compare_speakers, fold_words, judge_same_turn


class EarlierSpeech(NamedTuple):
    """A speech as an older letter or version has it, the speech of today that it is, and why."""

    item: Speech
    provenance: Provenance
    speech: Speech
    evidence: str


class EarlierRecord(NamedTuple):
    """The earlier speeches of a day that stand today, those that were withdrawn, and the redirects that follow."""

    editions: list[EarlierSpeech]
    withdrawn: list[WithdrawnSpeech]
    redirects: dict[str, Redirect]


def read_earlier_record(files: DayFiles) -> EarlierRecord:
    """Read every older letter and version of a day's files: editions of today's speeches, and withdrawn speeches."""
    editions: list[EarlierSpeech] = []
    redirects: dict[str, Redirect] = {}
    lost: dict[str, tuple[Speech, Provenance]] = {}
    for version in files.versions:
        for item in (*version.document.obsolete, *version.document.items):
            if not isinstance(item, Speech) or not item.text or files.speeches.get(item.gid) == item:
                continue
            if not files.is_of_day(version, item.gid):
                continue
            found = files.find_speech(item)
            if found:
                speech, evidence = found
                lost.pop(item.gid, None)
                editions.append(EarlierSpeech(item, version.provenance, speech, evidence))
                redirects |= _redirect_to_speech(files, item, speech)
            else:
                lost[item.gid] = item, version.provenance
    returned = _find_returned(files, lost)
    withdrawn = list(_list_withdrawn(files, {gid: each for gid, each in lost.items() if gid not in returned}))
    return EarlierRecord(editions, withdrawn, redirects | _redirect_to_withdrawn(files, withdrawn, returned))


def _redirect_to_speech(files: DayFiles, item: Speech, speech: Speech) -> dict[str, Redirect]:
    """Redirect the address of an earlier speech to the one that it is, unless it leads there or is in use today.

    A redirect that proves nothing by itself is proven by the words here, and says so.
    """
    known = files.redirects.get(item.gid)
    proven = known and known.matchtype not in UNPROVEN_MATCHTYPES
    if item.gid in files.speeches or (known and proven and known.gid == speech.gid):
        return {}
    return {item.gid: Redirect(item.gid, speech.gid, known.matchtype if known and proven else "the same words")}


def _list_withdrawn(files: DayFiles, lost: Mapping[str, tuple[Speech, Provenance]]) -> Iterator[WithdrawnSpeech]:
    """Yield each speech that was dropped, once: by its last address, with its last words."""
    for gid, (item, provenance) in lost.items():
        link = files.links.get(gid, [None])[0]
        later = lost.get(link.gid) if link else None
        if link and later and judge_same_turn(item, later[0], link.matchtype, files.find_person):
            continue
        if found := files.find_withdrawal(gid, provenance):
            yield WithdrawnSpeech(
                item=item,
                provenance=provenance,
                debate_id=files.find_debate(gid),
                withdrawn=found[0],
                evidence=found[1],
            )


def _find_returned(files: DayFiles, lost: Mapping[str, tuple[Speech, Provenance]]) -> dict[str, str]:
    """Find speeches that were dropped, came back at another address, and were dropped there too: by gid, the last."""
    same: dict[str, list[tuple[str, Speech, Provenance]]] = defaultdict(list)
    for gid, (item, provenance) in lost.items():
        if len(item.text) >= SHORT_TEXT:
            same[fold_words(item.text)].append((gid, item, provenance))
    found: dict[str, str] = {}
    for each in same.values():
        *earlier, (last, item, held) = sorted(each, key=lambda one: (one[2].received, one[2].response_id))
        for gid, before, provenance in earlier:
            leads_on = gid in files.speeches or (gid in files.links and files.links[gid][0].gid in lost)
            is_same = compare_speakers(before, item, files.find_person) == "same"
            if provenance.received < held.received and is_same and not leads_on:
                found[gid] = last
    return found


def _redirect_to_withdrawn(
    files: DayFiles, withdrawn: Sequence[WithdrawnSpeech], returned: Mapping[str, str]
) -> dict[str, Redirect]:
    """Redirect each old address whose chain passes through a withdrawn speech to the last of them."""
    if not withdrawn and not returned:
        return {}
    gone = {each.item.gid for each in withdrawn if each.item.gid not in files.speeches}
    found: dict[str, Redirect] = {}
    for old, redirect in files.redirects.items():
        gid, end = old, None
        for _ in range(MAX_REDIRECTS):
            end = gid if gid in gone else returned.get(gid, end)
            if gid not in files.links:
                break
            gid = files.links[gid][0].gid
        if end:
            found[old] = redirect._replace(gid=end)
    for each in withdrawn:
        if (oldstyle := each.item.oldstyle_gid) and each.item.gid in gone and oldstyle not in files.speeches:
            found.setdefault(oldstyle, Redirect(oldstyle, each.item.gid, "oldstyleid"))
    return found
