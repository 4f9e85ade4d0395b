"""Topics, read strictly from topics.toml, and their mentions in the text of a day."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from db.gid import make_short_id
from db.records.hansard import Day, Debate, Speech
from db.records.source import UserMistake
from db.records.topic import Mention, PhraseSet, Topic
from db.toml.entries import TomlEntry, find_note_problem
from db.toml.field_checks import MAX_NAME, MAX_TITLE, find_date_problem, find_id_problem, find_text_problem
from db.toml.files import TomlError, read_toml
from scrapers.scope.kinds import KINDS

TOPICS_FILE = Path(__file__).parents[1] / "topics.toml"
DASHES = "\\-\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d"
WORD_GAP = rf"(?:[^\S\n]|\n(?!\n)|[{DASHES}\u200b\u2060\ufeff])+"
TOPIC_KEYS = ("id", "title", "note", "from", "to", "kinds", "phrases", "expect")
MAX_EXPECTED = 1_000_000_000  # mentions


class TopicError(UserMistake):
    """A topics file that cannot be used: a line for each fault, with file, line, topic and field."""


def read_topics(path: Path = TOPICS_FILE) -> dict[str, Topic]:
    """Read the topics of a file, by id, in the order of the file. Raises TopicError with every fault of the file."""
    faults: list[str] = []
    try:
        file = TomlEntry(read_toml(path, str(path)), faults)
    except TomlError as error:
        raise TopicError(str(error)) from error
    file.refuse_other_keys("topic")
    topics: dict[str, Topic] = {}
    for entry in file.read_entries("topic", "topic", needed=True):
        topic = _read_topic(entry)
        if topic.id and topic.id in topics:
            entry.refuse(f"another topic has the id {topic.id} already", "id")
        topics[topic.id] = topic
    if faults:
        raise TopicError("\n".join(faults))
    return topics


def _read_topic(entry: TomlEntry) -> Topic:
    entry.refuse_other_keys(*TOPIC_KEYS)
    start, end = (entry.read_text(key, _find_day_problem) for key in ("from", "to"))
    if start and end and start > end:
        entry.refuse(f"{start} is after to {end}", "from")
    id = entry.read_text("id", find_id_problem)
    return Topic(
        id=id,
        title=entry.read_line("title", MAX_TITLE, "") or id,
        note=entry.read_text("note", find_note_problem, ""),
        start=start,
        end=end,
        kinds=_read_kinds(entry),
        phrases=_read_phrases(entry),
        expect=int(entry.read_number("expect", 0, 0, MAX_EXPECTED, "a number of mentions")),
    )


def _find_day_problem(text: str) -> str:
    is_day = len(text) == len("2008-06-18") and not find_date_problem(text, with_time=False)
    return "" if is_day else f"must be a date like 2008-06-18, not {text[:50]!r}"


def _read_kinds(entry: TomlEntry) -> tuple[str, ...]:
    kinds = entry.table.get("kinds", list(KINDS))
    if isinstance(kinds, list) and kinds and all(kind in list(KINDS) for kind in kinds):
        return tuple(dict.fromkeys(kinds))
    entry.refuse(f"must be among {', '.join(KINDS)}", "kinds")
    return ()


def _read_phrases(entry: TomlEntry) -> tuple[PhraseSet, ...]:
    phrases = entry.table.get("phrases")
    if isinstance(phrases, dict) and phrases and all(map(_is_phrase_list, phrases.values())):
        for problem in filter(None, (find_text_problem(name, MAX_NAME, one_line=True) for name in phrases)):
            entry.refuse(f"has a name that {problem}", "phrases")
        return tuple(PhraseSet(name, tuple(words)) for name, words in phrases.items())
    entry.refuse("must be a table of named lists of phrases", "phrases")
    return ()


def _is_phrase_list(words: object) -> bool:
    return isinstance(words, list) and bool(words) and all(isinstance(each, str) and _is_phrase(each) for each in words)


def _is_phrase(text: str) -> bool:
    return bool(re.search(r"\w", text)) and not find_text_problem(text, MAX_NAME)


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
