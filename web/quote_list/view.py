"""Quotes and mentions of a list in their sentences, with the notes on the same words together."""

from collections.abc import Iterable
from itertools import groupby

from db.sqlite import Row
from web.rendering.speech_blocks import mark_in_short_sentence


def group_quotes(rows: Iterable[Row]) -> list[Row]:
    """Group the notes on the same words, which follow one another: `words` is their sentence, `notes` the rows."""
    groups = (list(group) for _, group in groupby(rows, key=lambda row: (row["speech_id"], row["start"], row["end"])))
    return [{**add_sentence(group[0], group[0]["reading"]), "notes": group} for group in groups]


def add_sentence(row: Row, reading: str = "") -> Row:
    """Add `words`: the quote or mention in its sentence."""
    return {**row, "words": mark_in_short_sentence(row["text"], row["start"], row["end"], reading)}
