"""Answers of the two APIs as pieces: rows of TheyWorkForYou's, and debates of Parliament's Hansard API."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from scrapers.audit.pieces import Piece, UnreadableError, list_words, read_fragment

COLUMN_MARK = re.compile(r"<span[^<>]*column-number[^<>]*>([^<>]*)</span\s*>")
LIST_NUMBER = re.compile(r"\s*[A-Z]?\d{1,3}\.\s+(?:\[\d{4,7}\])?")  # "3. [234797]" before an oral question
TOTALS = re.compile(r"(?:Ayes|Contents)\W+(\d+)\W+(?:Noes|Not[-\s]Contents)\W+(\d+)")
QUESTION = re.compile(r"<question(?=[\s>])", re.IGNORECASE)
Fields = dict[str, Any]


def read_api_pieces(text: str, left_out: Counter[str]) -> Iterator[Piece]:
    """Yield a piece for each row of an answer of TheyWorkForYou's API, keyed by its gid. Raises UnreadableError."""
    section, seen = "", set[tuple[str, str]]()
    for number, row in enumerate(_read_json(text, list), 1):
        fields = row if isinstance(row, dict) else {"body": str(row)}
        key, body = str(fields.get("gid") or ""), str(fields.get("body") or "")
        if (key, body) in seen:
            continue
        seen.add((key, body))
        section = key if str(fields.get("htype")) in ("10", "11") else section
        speaker = fields.get("speaker")
        name = speaker.get("name") or "" if isinstance(speaker, dict) else ""
        words, is_raised = read_fragment(body, left_out)
        yield Piece(text=f"{name} {words}", place=f"row {number}", key=key, section=section, is_raised=is_raised)


def read_debate_pieces(text: str, left_out: Counter[str]) -> Iterator[Piece]:
    """Yield the pieces of a debate of the Hansard API and of the debates inside it, or of a division.

    Raises UnreadableError.
    """
    answer = _read_json(text, dict)
    if "AyeMembers" in answer:
        yield from _read_votes(answer, left_out)
    else:
        yield from _read_debate(answer, left_out, set(), ())


def _read_votes(division: Fields, left_out: Counter[str]) -> Iterator[Piece]:
    around = (str(division.get(key) or "") for key in ("DebateSection", "TextBeforeVote", "TextAfterVote"))
    left_out["navigation"] += sum(len(list_words(read_fragment(words, left_out)[0])) for words in around)
    yield Piece(text=f"{division['AyesCount']} {division['NoesCount']}", place="the totals")
    for key in ("AyeMembers", "NoeMembers"):
        for number, member in enumerate(division[key]):
            yield Piece(text=str(member.get("ListAs") or member.get("DisplayAs")), place=f"{key}[{number}]")


def _read_json(text: str, kind: type) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"it is no JSON: {error}") from error
    if not isinstance(found, kind):
        raise UnreadableError(f"it is {type(found).__name__}, not {kind.__name__}")
    return found


def _read_debate(debate: Fields, left_out: Counter[str], shown: set[str], around: tuple[str, ...]) -> Iterator[Piece]:
    """Yield the pieces of a debate; `around` are the places of the debates that it is inside of."""
    overview, section = debate["Overview"], str(debate["Overview"]["ExtId"])
    location = str(overview["Location"]).lower()
    is_shown_below = debate["ChildDebates"] and not debate["Items"]  # each debate inside it has all headings above
    for entry in () if is_shown_below else _list_headings(debate["Navigator"], section):
        key, title = str(entry["ExternalId"]).lower(), str(entry.get("Title") or "")
        is_shown = key in shown or title.lower() == location
        left_out["navigation"] += len(list_words(title)) if is_shown else 0
        if not is_shown:
            shown.add(key)
            yield Piece(text=title, place=f"Navigator of {section}", key=key, section=section, around=around)
    for number, item in sorted(enumerate(debate["Items"]), key=_read_order):
        for piece in _read_item(item, f"Items[{number}] of {section}", section, left_out):
            yield piece._replace(around=around)
    for number, child in enumerate(debate["ChildDebates"]):
        yield from _read_child(child, left_out, shown, (*around, f"ChildDebates[{number}] of {section}"))


def _read_order(numbered: tuple[int, Any]) -> int:
    """Return the place that an item gives itself; one without any is refused by the parser, wherever it is."""
    order = numbered[1].get("OrderInSection") if isinstance(numbered[1], dict) else None
    return order if isinstance(order, int) else 0


def _read_child(child: Any, left_out: Counter[str], shown: set[str], around: tuple[str, ...]) -> list[Piece]:
    """Return the pieces of a debate inside another one, or all of it as one piece if it has not the fields of one."""
    inside, counted = set(shown), Counter(left_out)
    try:
        pieces = list(_read_debate(child, counted, inside, around))
    except (LookupError, TypeError, ValueError, AttributeError):
        return [Piece(text=json.dumps(child), place=around[-1], around=around)]
    shown |= inside
    left_out.update(counted - left_out)
    return pieces


def _list_headings(entries: list[Fields], section: str) -> list[Fields]:
    """List the headings above a debate and its own, outermost first."""
    above = {entry["Id"]: entry for entry in entries}
    current = next((entry for entry in entries if str(entry["ExternalId"]).lower() == section.lower()), None)
    chain: list[Fields] = []
    while current and len(chain) < len(entries):
        chain.append(current)
        current = above.get(current.get("ParentId"))
    return chain[::-1]


def _read_item(item: Any, place: str, section: str, left_out: Counter[str]) -> Iterator[Piece]:
    if not isinstance(item, dict):
        yield Piece(text=json.dumps(item), place=place, section=section)
        return
    value, speaker, type = str(item.get("Value") or ""), str(item.get("AttributedTo") or ""), item.get("ItemType")
    marks = COLUMN_MARK.findall(value)
    left_out["column"] += len(marks)
    words, is_raised = read_fragment(COLUMN_MARK.sub("", value), left_out)
    key = str(item.get("ExternalId") or "").lower()
    piece = Piece(text=words, place=place, key=key, section=section, is_raised=is_raised)
    if type == "Timestamp":
        yield piece._replace(rule="time")
    elif type == "Division" and (totals := TOTALS.search(words)):
        left_out["division list"] += len(list_words(words)) - 2
        yield piece._replace(text=f"{totals[1]} {totals[2]}")
    elif "question" in str(item.get("HRSTag") or "").lower() or QUESTION.search(value):
        number = LIST_NUMBER.match(words)
        yield piece._replace(text=speaker)
        yield piece._replace(text=number[0] if number else "", rule="question number")
        yield piece._replace(text=words[number.end() :] if number else words)
    else:
        yield piece._replace(text=f"{speaker} {words}")
