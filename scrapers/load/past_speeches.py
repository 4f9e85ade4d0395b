"""The speeches of a day as they were held on earlier days, where that is not as they are held today.

For each day on which a file came, the files of then are assembled as they were then, and compared with today's record.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from db.records.hansard import Debate, PastSpeech, Speech
from db.records.source import Provenance
from scrapers.load.apply_corrections import apply_corrections
from scrapers.load.assemble_day import assemble_day
from scrapers.load.day_files import DayFiles
from scrapers.load.earlier_speeches import EarlierRecord
from scrapers.load.other_sources import ParsedVersion
from scrapers.sources.theyworkforyou.schema_check import has_parliament_html


class HeldSpeech(NamedTuple):
    """A speech as it was held on a day.

    One that stood elsewhere than today, or is not there today, has its place: `order` turns after one of today's
    (`after`) or its heading. `after` is None for others.
    """

    item: Speech
    provenance: Provenance
    after: str | None
    order: int


class PastRecord(NamedTuple):
    """The past speeches of a day, and by gid the file that brought today's words of a speech first."""

    past: list[PastSpeech]
    since: dict[str, Provenance]


def read_past_speeches(files: DayFiles, record: EarlierRecord) -> PastRecord:
    """Read how each speech was held on every day from the first on which a file came until today's files came."""
    days = sorted({version.provenance.received[:10] for version in files.versions})
    states = [_read_state(files, record, day) for day in days[:-1]]
    past: list[PastSpeech] = []
    since: dict[str, Provenance] = {}
    held_once = [gid for state in states for gid in state]
    for gid in dict.fromkeys([*held_once, *files.speeches]) if states else ():
        held = [state.get(gid) for state in states]
        past += _list_periods(gid, held, files.speeches.get(gid), days)
        if first := _find_first_file(held, files.speeches.get(gid)):
            since[gid] = first
    return PastRecord(past, since)


def _read_state(files: DayFiles, record: EarlierRecord, day: str) -> dict[str, HeldSpeech]:
    """Read the speeches held at the end of a day, by their gid of today, or, if they have none, by their last one."""
    newest = {v.provenance.name: v for v in files.versions if v.provenance.received[:10] <= day}
    found: dict[str, HeldSpeech] = {}
    others: list[HeldSpeech] = []
    for held, speech in _list_held(files, newest):
        if speech and speech.gid not in found:
            found[speech.gid] = held
        else:
            others.append(held)
    for held in others:
        redirect = record.redirects.get(held.item.gid)
        gid = redirect.gid if redirect and redirect.gid not in files.speeches else held.item.gid
        while gid in found:
            gid = f"{gid}.withdrawn"
        found[gid] = held
    return found


def _list_held(files: DayFiles, newest: Mapping[str, ParsedVersion]) -> Iterator[tuple[HeldSpeech, Speech | None]]:
    """Yield the speeches of the day that these files make, in order, each with the speech of today that it is."""
    debates = [
        (debate, [(item, _find_speech(files, item)) for _, item in debate.speeches if isinstance(item, Speech)])
        for debate in _assemble_day(files, newest)
    ]
    places = {gid: place for place, gid in enumerate(files.debates)}
    found = [speech.gid for _, items in debates for _, speech in items if speech]
    in_place = {found[n] for n in find_rising([places[gid] for gid in found])}
    for debate, items in debates:
        heading = files.redirects.get(debate.gid)
        after, order = heading.gid if heading else debate.gid, 0
        for item, speech in items:
            stands = bool(speech and speech.gid in in_place)
            after, order = (speech.gid, 0) if speech and stands else (after, order + 1)
            yield HeldSpeech(item, newest[debate.name].provenance, None if stands else after, order), speech


def _assemble_day(files: DayFiles, newest: Mapping[str, ParsedVersion]) -> tuple[Debate, ...]:
    documents = [version.document for version in newest.values()]
    if has_parliament_html(files.day.kind, files.day.date):
        documents, _ = apply_corrections(files.day.date, documents)
    return assemble_day(files.day.kind, files.day.date, documents)[0].debates


def _find_speech(files: DayFiles, item: Speech) -> Speech | None:
    if files.speeches.get(item.gid) == item:
        return item
    found = files.find_speech(item) if item.text else None
    return found[0] if found else None


def find_rising(numbers: Sequence[int]) -> list[int]:
    """Find the places of a longest rising series among numbers.

    >>> find_rising([4, 1, 2, 5, 3])
    [1, 2, 4]
    """
    ends: list[int] = []  # of the best series of each length, the place of its last number
    before: dict[int, int | None] = {}
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number, key=numbers.__getitem__)
        before[place] = ends[length - 1] if length else None
        ends[length:] = [place, *ends[length + 1 :]]
    found = []
    last = ends[-1] if ends else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]


def _list_periods(
    gid: str, held: list[HeldSpeech | None], today: Speech | None, days: list[str]
) -> Iterator[PastSpeech]:
    """Yield a row for each period in which a speech was held in one way, but for the last if it is as today."""
    runs = [list(run) for _, run in groupby(zip(days, held, strict=False), key=lambda each: _get_content(each[1]))]
    starts = [run[0][0] for run in runs]
    if runs and _get_content(runs[-1][0][1]) == _get_words(today):
        runs.pop()
    place = next((each.after for each in held if each), None)
    for run, end in zip(runs, [*starts[1:], days[-1]], strict=False):
        day, first = run[0]
        yield PastSpeech(
            gid=gid,
            from_day=day,
            to_day=end,
            item=first.item if first else None,
            provenance=first.provenance if first else None,
            after=first.after if first else place,
            order=first.order if first else 0,
        )


def _find_first_file(held: list[HeldSpeech | None], today: Speech | None) -> Provenance | None:
    """Find the file that brought the words and the speaker of today, to stay; None for the newest file."""
    first = None
    for each in reversed(held):
        if _get_content(each) is None or _get_content(each) != _get_words(today):
            break
        first = each.provenance if each else None
    return first


def _get_content(held: HeldSpeech | None) -> tuple[object, ...] | None:
    words = _get_words(held.item) if held else None
    return (*words, held.after, held.order) if words and held and held.after else words


def _get_words(item: Speech | None) -> tuple[object, ...] | None:
    """Return what makes a speech another one than before: its words, and who speaks."""
    if not item:
        return None
    return (item.text, item.speaker, item.office, item.member_id, item.person_id, item.kind, item.question_number)
