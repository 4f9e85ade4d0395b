"""The JSON schemas of debates, speeches and people as files, made from the names that the files are made of."""

from typing import get_args

from db.records.annotation import Stance
from db.records.guidance import Reading
from web.api.write_endpoints import OFFSET, Schema
from web.files import view

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
PAGE: Schema = {**TEXT, "description": "the page of this archive, which keeps its address"}
OFFICIAL: Schema = {**MAYBE, "description": "the page of the official report, else of TheyWorkForYou"}
AS_OF: Schema = {**MAYBE, "description": "the day of ?as_of; null for today"}
COUNTS = ("speeches", "words", "mentions", "quotes", "turns", "debates")
ALWAYS = ("id", "title", "house", "kind", "date", "section", "citation", "received", "name", "first", "last")


def _make_object(about: str, **properties: Schema) -> Schema:
    """Make the schema of an object with these properties, all of them there; others may come."""
    return {"type": "object", "description": about, "properties": properties, "required": list(properties)}


def _name_texts(*keys: str) -> dict[str, Schema]:
    return {key: COUNT if key in COUNTS else TEXT if key in ALWAYS else MAYBE for key in keys}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


PLACED = {"start": {**OFFSET, "type": ["integer", "null"]}, "end": {**OFFSET, "type": ["integer", "null"]}}
REPLY = _make_object(
    "A reply to a note", stance={"enum": list(get_args(Stance))}, text=TEXT, creator=TEXT, created=TEXT
)
NOTE = _make_object(
    "A note on words of a speech",
    **_name_texts("id", "point_id", "point_title", "document_title"),
    reading={"enum": list(get_args(Reading))},
    anchor={"enum": ["exact", "moved", "changed", "lost"]},
    **PLACED,
    exact={**MAYBE, "description": "the words, where they surely are the speaker’s; else null"},
    quote={**TEXT, "description": "the words as they were noted"},
    note={**TEXT, "description": "the explanation, in Markdown"},
    creator=TEXT,
    created=TEXT,
    url=PAGE,
    replies=_list_of(REPLY),
)
MENTION = _make_object("A mention of a topic", topic=TEXT, start=OFFSET, end=OFFSET, exact=TEXT)
SPEECH_PARTS: dict[str, Schema] = {
    **_name_texts(*view.SPEECH_KEYS, *view.PLACE_KEYS),
    "url": PAGE,
    "official": OFFICIAL,
    "words": {**COUNT, "description": "how many"},
    "text": {**TEXT, "description": "what was said; offsets count its Unicode code points"},
    "mentions": _list_of(MENTION),
    "notes": _list_of(NOTE),
}
SOURCE = _make_object("Where it comes from", **_name_texts("title", "url", "attribution", "licence", "licence_url"))
DEBATE_PARTS: dict[str, Schema] = {
    **_name_texts(*view.DEBATE_KEYS),
    "url": PAGE,
    "official": OFFICIAL,
    "source": {**SOURCE, "properties": dict.fromkeys(SOURCE["required"], MAYBE)},
}
SAID: dict[str, Schema] = {
    **dict.fromkeys(("words", "date", "citation", "debate_id", "debate_title", "speech_id"), TEXT),
    "speech_url": PAGE,
}
RECORD_SCHEMAS: dict[str, Schema] = {
    "Debate": _make_object(
        "A debate", **DEBATE_PARTS, speeches=_list_of(_make_object("A speech", **SPEECH_PARTS)), as_of=AS_OF
    ),
    "Speech": _make_object("A speech", **SPEECH_PARTS, debate=_make_object("Its debate", **DEBATE_PARTS), as_of=AS_OF),
    "Person": _make_object(
        "A person",
        id=TEXT,
        name=MAYBE,
        url=PAGE,
        names=_list_of(_make_object("A name", **_name_texts("name", "note", "first", "last"))),
        memberships=_list_of(_make_object("A seat", **_name_texts("house", "party", "constituency", "start", "end"))),
        offices=_list_of(_make_object("An office", **_name_texts("role", "department", "start", "end"))),
        quotes=_list_of(
            _make_object(
                "Words that a note is on",
                **SAID,
                **_name_texts("point_id", "point_title", "document_title", "creator"),
                reading={"enum": list(get_args(Reading))},
            )
        ),
        mentions=_list_of(_make_object("A mention, newest first", **SAID)),
        mention_count=COUNT,
        debates=_list_of(
            _make_object(
                "A debate", **_name_texts("id", "title", "house", "date", "citation", "turns", "words"), url=PAGE
            )
        ),
        as_of=AS_OF,
    ),
    "People": _make_object(
        "Speakers", people=_list_of(_make_object("One", **_name_texts(*view.SPEAKER_KEYS), url=PAGE)), as_of=AS_OF
    ),
    "Found": _make_object(
        "Speeches that a search finds",
        query=TEXT,
        total={**COUNT, "description": "how many there are; counting stops at 1,001"},
        checked={
            **COUNT,
            "description": "not 0 if only so many, the newest, were checked for words in quotation marks",
        },
        page=COUNT,
        more={"type": "boolean", "description": "whether another page follows"},
        results=_list_of(
            _make_object(
                "One",
                **_name_texts(*view.SPEECH_KEYS, *view.PLACE_KEYS),
                url=PAGE,
                official=OFFICIAL,
                debate_id=TEXT,
                debate_title=TEXT,
                snippet={**TEXT, "description": "the sentence that has the words"},
            )
        ),
    ),
    "Debates": _make_object(
        "Debates",
        total=COUNT,
        page=COUNT,
        more={"type": "boolean", "description": "whether another page follows"},
        debates=_list_of(_make_object("One", **_name_texts(*view.LISTED_KEYS), url=PAGE)),
    ),
}
