"""The page of a search: what was understood in one sentence, how to undo it, and links that narrow."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from web.rendering.filters import HOUSES, KINDS
from web.rendering.wording import format_count, format_number
from web.search.queries import SearchResults
from web.search.query_parser import join_words, list_terms
from web.search.understanding import Understanding

MAX_NAMES = 3  # of several speakers of one name that are listed
MAX_FORMS = 4  # words that a beginning finds, as examples


class OtherReading(NamedTuple):
    """Another way to understand a search: what a link says, and what is typed then."""

    label: str
    typed: str


def explain_results(understood: Understanding, results: SearchResults, filters: Mapping[str, str]) -> str:
    """Explain in one sentence what was found: how many speeches, with which words, by whom, where."""
    many = results.total > results.counted
    count = (
        f"More than {format_number(results.counted)} speeches"
        if many
        else format_count(results.total, "speech", "speeches")
        if results.total
        else "No speech"
    )
    parts = [count, f"with {understood.words.explained}" if understood.node else "", *_explain_narrowing(understood)]
    parts += _explain_filters(filters)
    if results.checked:
        parts.append(f"among the newest {format_number(results.checked)} with any form of them")
    return " ".join(filter(None, parts))


def _explain_narrowing(understood: Understanding) -> Iterator[str]:
    if understood.speaker:
        names = understood.speaker.names or (understood.speaker.typed.title(),)
        more = [f"{len(names) - MAX_NAMES} others"] if len(names) > MAX_NAMES else []
        yield f"by {join_words([*names[:MAX_NAMES], *more], 'or')}"
    if understood.office:
        yield f"by holders of the office “{understood.office.typed}”"


def _explain_filters(filters: Mapping[str, str]) -> Iterator[str]:
    """Explain the filters, whatever a visitor wrote into the address."""
    if filters["speaker"]:
        yield f"by {filters['speaker']}"
    if filters["house"]:
        yield f"in the {HOUSES.get(filters['house'], filters['house'])}"
    if filters["kind"]:
        yield f"in {KINDS.get(filters['kind'], filters['kind'])}"
    if filters["year"]:
        yield f"in {filters['year']}"


def explain_beginnings(understood: Understanding, results: SearchResults) -> str:
    """Name the words that a beginning (blog*) found on this page; "" if there is none."""
    begun = [term.words.lower() for term in list_terms(understood.node) if term.prefix]
    forms = {form.lower() for speech in results.speeches for form in speech["forms"]}
    told = [f"{word}* finds {', '.join(found)}" for word in begun if (found := _choose_forms(word, forms))]
    return f"{'; '.join(told)}." if told else ""


def _choose_forms(word: str, forms: Iterable[str]) -> list[str]:
    return sorted(
        (form for form in forms if form.startswith(word) and " " not in form), key=lambda form: (len(form), form)
    )[:MAX_FORMS]


def list_other_readings(understood: Understanding) -> list[OtherReading]:
    """List how a search can be understood otherwise: names, offices and places as words."""
    words = [each.typed for each in (understood.office, understood.speaker) if each]
    readings = [_make_reading(understood.typed, each) for each in words]
    if understood.places.kind and understood.places.kind != "question" and len(understood.typed) < 100:
        readings.append(_make_reading(understood.typed, understood.typed))
    return readings


def _make_reading(typed: str, words: str) -> OtherReading:
    """Make the reading of words as words: in quotation marks they are no name."""
    plain = words.replace('"', " ").strip()
    pattern = r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", plain)))
    instead, changed = re.subn(rf"(?<!\w){pattern}(?!\w)", f'"{plain}"', typed, count=1, flags=re.IGNORECASE)
    label = f"the word{'s' if ' ' in plain else ''} “{plain}”"
    return OtherReading(label, instead if changed else f'"{plain}"')
