"""Falls of counts: fewer mentions, debates, speeches or people than a load made before, each a gap until explained.

A day whose file comes back empty must not look like a day without news: it is reported like one that did not come.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256

from db.archive import gaps
from db.archive.counts import COUNTS_SOURCE, CountFall, compare_counts
from db.citation import format_date
from db.records.source import Gap
from db.records.topic import Topic
from db.sqlite import begin_write
from db.statements.runs import read_load_counts
from scrapers.sources.registry import PRIMARY_SOURCE


def record_counts(
    received: sqlite3.Connection,
    derived: sqlite3.Connection,
    topics: Sequence[Topic],
    everything: bool,
    run: int | None = None,
) -> int:
    """Compare a load with those before; open a gap for what fell (a day, a topic, the register), close what rose again.

    A day whose file corrects an earlier day may have fewer than before: an answer stays with the day that had it first,
    in whatever order their files came. Return how many days, topics and registers are below what they were.
    """
    scope = [[(t.id, t.start, t.end, t.kinds, t.phrases) for t in topics], everything]
    digest = sha256(json.dumps(scope).encode()).hexdigest()
    by_id = {topic.id: topic for topic in topics}
    falls: dict[str, list[CountFall]] = defaultdict(list)
    amending = {f"day/{kind}/{date}" for kind, date in derived.execute("SELECT kind, date FROM amended")}
    with begin_write(received):
        for fall in compare_counts(received, digest, read_load_counts(derived, PRIMARY_SOURCE)):
            if (subject := fall.subject.rpartition("/")[0]) not in amending:
                falls[subject].append(fall)
        for name, each in falls.items():
            gaps.open_gap(received, _make_gap(by_id, name, each), run, renew=any(fall.fell_now for fall in each))
        for row in gaps.read_gaps(received):
            if row["source"] == COUNTS_SOURCE and row["name"] not in falls:
                gaps.close_gap(received, row["id"])
    return len(falls)


def _make_gap(topics: dict[str, Topic], name: str, falls: Sequence[CountFall]) -> Gap:
    if name.startswith("day/"):
        return _make_day_gap(name, falls)
    if name.startswith("topic/"):
        return _make_topic_gap(topics, name, falls)
    reason = _describe_falls(falls)
    return Gap(source=COUNTS_SOURCE, name=name, what="the register of people", start="", end="", reason=reason)


def _make_day_gap(name: str, falls: Sequence[CountFall]) -> Gap:
    _, kind, date = name.split("/")
    what = f"{kind} of {format_date(date)}"
    return Gap(source=COUNTS_SOURCE, name=name, what=what, start=date, end=date, reason=_describe_falls(falls))


def _make_topic_gap(topics: dict[str, Topic], name: str, falls: Sequence[CountFall]) -> Gap:
    topic = topics[name.partition("/")[2]]
    reason = _describe_falls(falls)
    return Gap(source=COUNTS_SOURCE, name=name, what=topic.title, start=topic.start, end=topic.end, reason=reason)


def _describe_falls(falls: Sequence[CountFall]) -> str:
    """Describe what fell in words.

    >>> _describe_falls([CountFall("day/wms/2008-06-22/debates", 2, 0, True)])
    'fewer than before: 2 debates, now 0'
    """
    parts = (f"{fall.most:,} {fall.subject.rpartition('/')[2]}, now {fall.now:,}" for fall in falls)
    return f"fewer than before: {'; '.join(parts)}"
