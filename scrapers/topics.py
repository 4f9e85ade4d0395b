"""Topics: what is looked for, read from topics.toml, and where a day's words name it."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

from db.gid import id_of
from db.records import Day, Mention, Phrases, Speech, Topic
from scrapers.folders import KINDS

FILE = Path(__file__).with_name("topics.toml")
DASHES = "\\-\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d"
GAP = rf"(?:[^\S\n]|\n(?!\n)|[{DASHES}\u200b\u2060\ufeff])+"
KEYS = {"id", "title", "note", "from", "to", "kinds", "phrases"}


class TopicError(ValueError):
    """A topics file that cannot be used; the message names the file, the topic and what is wrong."""


def read_topics(path: Path = FILE) -> dict[str, Topic]:
    """The topics of a file, by id, in its order. Raises TopicError."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("topic", [])
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TopicError(f"{path}: {error}") from error
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise TopicError(f"{path}: there is no [[topic]]")
    topics = [_topic(path, table) for table in tables]
    if len({t.id for t in topics}) < len(topics):
        raise TopicError(f"{path}: two topics have the same id")
    return {t.id: t for t in topics}


def _topic(path: Path, table: dict[str, object]) -> Topic:
    where = f"{path}: topic {table.get('id', '(no id)')!s}"
    if unknown := table.keys() - KEYS:
        raise TopicError(f"{where}: unknown key {sorted(unknown)[0]}; the keys are {', '.join(sorted(KEYS))}")
    kinds = table.get("kinds", list(KINDS))
    phrases = table.get("phrases")
    if not isinstance(kinds, list) or not kinds or not all(kind in list(KINDS) for kind in kinds):
        raise TopicError(f"{where}: kinds must be among {', '.join(KINDS)}")
    if not isinstance(phrases, dict) or not phrases or not all(_is_words(words) for words in phrases.values()):
        raise TopicError(f"{where}: phrases must be a table of named lists of phrases")
    id, title = str(table.get("id", "")), str(table.get("title", ""))
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", id):
        raise TopicError(f"{where}: the id must be small letters, digits and hyphens")
    start, end = (_date(where, str(table.get(key, ""))) for key in ("from", "to"))
    if start > end:
        raise TopicError(f"{where}: from {start} is after to {end}")
    sets = tuple(Phrases(name, tuple(words)) for name, words in phrases.items())
    return Topic(id, title or id, str(table.get("note", "")), start, end, tuple(kinds), sets)


def _date(where: str, text: str) -> str:
    try:
        if str(date.fromisoformat(text)) == text:
            return text
    except ValueError:
        pass
    raise TopicError(f"{where}: from and to must be dates like 2008-06-18, not {text!r}")


def _is_words(words: object) -> bool:
    return isinstance(words, list) and bool(words) and all(isinstance(w, str) and re.search(r"\w", w) for w in words)


@cache
def pattern(phrases: Phrases) -> tuple[re.Pattern[str], tuple[tuple[str, ...], ...]]:
    """A pattern that finds any phrase of a set, longest first; and the words of each phrase, in small letters."""
    split = [[w for w in re.split(rf"[\s{DASHES}]+", phrase.lower()) if w] for phrase in phrases.phrases]
    alternatives = sorted((GAP.join(map(re.escape, words)) for words in split), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE), tuple(map(tuple, split))


Wanted = tuple[str, str, re.Pattern[str], tuple[tuple[str, ...], ...]]


def mentions(topics: Sequence[Topic], day: Day) -> list[Mention]:
    """Every mention of topics in a day, in the order of the record: titles before what is said under them."""
    wanted = [
        (topic.id, phrases.name, *pattern(phrases))
        for topic in topics
        if day.kind in topic.kinds and topic.start <= day.date <= topic.end
        for phrases in topic.phrases
    ]
    if not wanted:
        return []
    common = set.intersection(*(set(words) for *_, phrases in wanted for words in phrases))
    rarest = max(common, key=len, default="")
    found = []
    for debate in day.debates:
        found += [Mention(None, debate.id, *rest) for rest in _found(wanted, debate.title)]
        for _, item in debate.speeches:
            if isinstance(item, Speech) and rarest in item.text.lower():
                found += [Mention(id_of(item.gid), None, *rest) for rest in _found(wanted, item.text)]
    return found


def _found(wanted: Sequence[Wanted], text: str) -> list[tuple[str, str, int, int, str]]:
    lower = text.lower()
    return [
        (topic, name, *match.span(), match[0])
        for topic, name, whole, phrases in wanted
        if any(map(partial(_all_in, lower), phrases))  # ten times as fast as looking for whole phrases everywhere
        for match in whole.finditer(text)
    ]


def _all_in(text: str, words: tuple[str, ...]) -> bool:
    return all(word in text for word in words)
