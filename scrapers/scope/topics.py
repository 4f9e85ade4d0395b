"""Topics, read strictly from topics.toml, and their mentions in the text of a day."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from db.gid import make_short_id
from db.records.hansard import Day, Debate, Speech
from db.records.topic import Mention, PhraseSet, Topic
from scrapers.scope.kinds import KINDS

TOPICS_FILE = Path(__file__).parents[1] / "topics.toml"
DASHES = "\\-\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d"
WORD_GAP = rf"(?:[^\S\n]|\n(?!\n)|[{DASHES}\u200b\u2060\ufeff])+"
TOPIC_KEYS = {"id", "title", "note", "from", "to", "kinds", "phrases", "expect"}


class TopicError(ValueError):
    """Raised when a topics file is invalid; the message names the file, the topic and the fault."""


def read_topics(path: Path = TOPICS_FILE) -> dict[str, Topic]:
    """Read the topics of a file, by id, in the order of the file. Raises TopicError."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("topic", [])
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TopicError(f"{path}: {error}") from error
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise TopicError(f"{path}: there is no [[topic]]")
    topics = [_read_topic(path, table) for table in tables]
    if len({t.id for t in topics}) < len(topics):
        raise TopicError(f"{path}: two topics have the same id")
    return {t.id: t for t in topics}


def _read_topic(path: Path, table: dict[str, object]) -> Topic:
    where = f"{path}: topic {table.get('id', '(no id)')!s}"
    if unknown := table.keys() - TOPIC_KEYS:
        raise TopicError(f"{where}: unknown key {sorted(unknown)[0]}; the keys are {', '.join(sorted(TOPIC_KEYS))}")
    kinds = table.get("kinds", list(KINDS))
    phrases = table.get("phrases")
    if not isinstance(kinds, list) or not kinds or not all(kind in list(KINDS) for kind in kinds):
        raise TopicError(f"{where}: kinds must be among {', '.join(KINDS)}")
    if not isinstance(phrases, dict) or not phrases or not all(_is_phrase_list(words) for words in phrases.values()):
        raise TopicError(f"{where}: phrases must be a table of named lists of phrases")
    id, title = str(table.get("id", "")), str(table.get("title", ""))
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", id):
        raise TopicError(f"{where}: the id must be small letters, digits and hyphens")
    start, end = (_check_date(where, str(table.get(key, ""))) for key in ("from", "to"))
    if start > end:
        raise TopicError(f"{where}: from {start} is after to {end}")
    expect = table.get("expect", 0)
    if not isinstance(expect, int) or isinstance(expect, bool) or expect < 0:
        raise TopicError(f"{where}: expect must be a number of mentions, not {expect!r}")
    sets = tuple(PhraseSet(name, tuple(words)) for name, words in phrases.items())
    return Topic(
        id=id,
        title=title or id,
        note=str(table.get("note", "")),
        start=start,
        end=end,
        kinds=tuple(kinds),
        phrases=sets,
        expect=expect,
    )


def _check_date(where: str, text: str) -> str:
    try:
        if str(date.fromisoformat(text)) == text:
            return text
    except ValueError:
        pass
    raise TopicError(f"{where}: from and to must be dates like 2008-06-18, not {text!r}")


def _is_phrase_list(words: object) -> bool:
    return isinstance(words, list) and bool(words) and all(isinstance(w, str) and re.search(r"\w", w) for w in words)


@cache
def compile_phrases(phrases: PhraseSet) -> re.Pattern[str]:
    """Compile a pattern that finds any phrase of a set, longest first."""
    alternatives = sorted(map(_make_phrase_pattern, phrases.phrases), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


def _make_phrase_pattern(phrase: str) -> str:
    return WORD_GAP.join(map(re.escape, _split_words(phrase)))


def _split_words(phrase: str) -> list[str]:
    return [word for word in re.split(rf"[\s{DASHES}]+", phrase.lower()) if word]


def has_mention(topics: Iterable[Topic], kind: str, date: str, text: str) -> bool:
    """Return True if a text of this kind and date mentions any of the topics."""
    return any(
        compile_phrases(phrases).search(text)
        for topic in topics
        if kind in topic.kinds and topic.start <= date <= topic.end
        for phrases in topic.phrases
    )


def find_mentions(topics: Sequence[Topic], day: Day) -> list[Mention]:
    """Find every mention of the topics in a day, in reading order: each title before the speeches under it."""
    wanted = [
        (topic.id, phrases)
        for topic in topics
        if day.kind in topic.kinds and topic.start <= day.date <= topic.end
        for phrases in topic.phrases
    ]
    found: list[Mention] = []
    for debate in _find_debates(wanted, day.debates):
        found += _find_mentions_in(wanted, debate.title, debate_id=debate.id)
        for _, item in debate.speeches:
            if isinstance(item, Speech):
                found += _find_mentions_in(wanted, item.text, speech_id=make_short_id(item.gid))
    return found


def _find_debates(wanted: Sequence[tuple[str, PhraseSet]], debates: Sequence[Debate]) -> Iterator[Debate]:
    """Yield the debates that mention a topic.

    For speed, test first for the words that all phrases share, then for each phrase, in lower case.
    """
    phrases = [phrase for _, each in wanted for phrase in each.phrases]
    shared = set.intersection(*(set(_split_words(phrase)) for phrase in phrases)) if phrases else set()
    spaced = [re.compile(_make_phrase_pattern(phrase)).search for phrase in phrases]
    for debate in debates:
        text = "\n\n".join([debate.title, *(s.text for _, s in debate.speeches if isinstance(s, Speech))]).lower()
        if all(word in text for word in shared) and any(search(text) for search in spaced):
            yield debate


def _find_mentions_in(
    wanted: Sequence[tuple[str, PhraseSet]], text: str, speech_id: str | None = None, debate_id: str | None = None
) -> Iterator[Mention]:
    for topic, phrases in wanted:
        for match in compile_phrases(phrases).finditer(text):
            yield Mention(
                speech_id=speech_id,
                debate_id=debate_id,
                topic=topic,
                phrases=phrases.name,
                start=match.start(),
                end=match.end(),
                exact=match[0],
            )
