"""The page /review/hidden: the pairs that the queue hides, with the reason of each, and why one pair is hidden."""

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from annotations.commands.archive_paths import find_archive_paths
from annotations.curated.toml_files import CuratedError
from annotations.projection.capture import find_speech_id
from annotations.suggesters.rule_files import read_rules
from annotations.suggesters.rules import suggest_by_rules
from db.citation import format_date
from db.sqlite import Row, read_first_row, read_rows
from db.statements.suggestions import read_speech_texts
from web.guidance import queries as guidance
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, read_arguments, render_page
from web.http.reading import read_today
from web.rendering.filters import READINGS
from web.review import queries
from web.review.filters import describe_filters, read_filters
from web.review.queue import (
    FILTERS,
    HIDDEN_STATES,
    PAGE_SIZE,
    STATES,
    list_silent_rules,
    make_parameters,
    read_pair_states,
    read_queue,
)

DECISION = """
SELECT d.*, p.title AS chosen FROM decisions d JOIN suggestions g ON g.key = d.suggestion
  LEFT JOIN guidance_points p ON d.reason = 'Another point: ' || p.id
 WHERE g.exact = :exact AND g.point_id = :point_id ORDER BY d.entry DESC LIMIT 1
"""
EARLIER_DECISIONS = """
SELECT d.*, p.title AS chosen FROM decisions d LEFT JOIN guidance_points p ON d.reason = 'Another point: ' || p.id
 WHERE d.target = (SELECT gid FROM speeches WHERE id = :speech) AND d.point_id = :point
   AND d.suggestion NOT IN (SELECT key FROM suggestions) ORDER BY d.entry
"""
NOTES = (
    "SELECT creator, reading, exact FROM passages WHERE speech_id = :speech AND point_id = :point ORDER BY start, id"
)
NOTES_ON_WORDS = """
SELECT creator, reading FROM passages
 WHERE speech_id = :speech_id AND point_id = :point_id AND start < :end AND :start < end ORDER BY start, id
"""
SUGGESTIONS = "SELECT * FROM suggestions WHERE speech_id = :speech AND point_id = :point ORDER BY start, score DESC"
IN_QUEUE = "It is in the queue"
NOTHING = "No suggester has found words on this point in this speech"
SILENT_RULE = "is silent: people rejected most of what it suggested"
WITHOUT_SUGGESTION = (
    "matches, but no suggestion of it is kept: it was too unlikely, or the rule is newer than the suggestions"
)


async def show_hidden(datasette: Datasette, request: Request) -> Response:
    """Show the hidden pairs of one reason (?why=), or explain the pair of a speech and a point."""
    narrowed, actor = read_filters(read_arguments(request, FILTERS, 300)), (request.actor or {}).get("id", "")
    asked = read_arguments(request, ("why", "speech", "of"), 300)
    why = asked["why"] if asked["why"] in HIDDEN_STATES else ""
    at = parse_page_number(request.args.get("page"), 10_000)
    rules = find_archive_paths(datasette).rules

    def read(conn: sqlite3.Connection) -> dict[str, object]:
        values, choices = make_parameters(conn, narrowed, actor), queries.list_filter_choices(conn)
        context: dict[str, object] = {
            "queue": read_queue(conn, values),
            "only": describe_filters(narrowed, choices),
            "list": [],
        }
        if why:
            rows = queries.read_pairs(conn, values, (why,), PAGE_SIZE + 1, (at - 1) * PAGE_SIZE)
            found = [{**row, "reason": describe_reason(conn, row, why, values)} for row in rows[:PAGE_SIZE]]
            context |= {"list": found, "more": len(rows) > PAGE_SIZE}
        if asked["speech"] and asked["of"]:
            context |= {"explained": explain_pair(conn, asked["speech"], asked["of"], values, rules)}
        return {**context, "points": guidance.read_points(conn), "threshold": values["score"]}

    context = {**await read_today(datasette, read), "narrowed": narrowed, "why": why, "asked": asked, "page": at}
    return await render_page(datasette, request, "review/hidden.html", context)


def describe_reason(conn: sqlite3.Connection, row: Row, state: str, values: Mapping[str, object]) -> str:
    """Say in a sentence why the pair of a suggestion is in its state."""
    if state in STATES[:2]:
        decision = read_first_row(conn, DECISION, row)
        return _describe_decision(decision) if decision else "It was decided already"
    if state == "noted":
        notes = read_rows(conn, NOTES_ON_WORDS, row)
        return "; ".join(_describe_note(note) for note in notes) or "The same words have a note elsewhere"
    if state == "skipped":
        return "You skipped it"
    if state == "silent":
        return f"The rule {row['rule']} {SILENT_RULE}"
    if state == "unlikely":
        return f"It is {row['score']:.0%} likely; the queue shows from {values['score']:.0%}"
    return IN_QUEUE


def _describe_decision(decision: Row) -> str:
    """Say who decided and when, and why; another point is named by its title."""
    reason = f": {decision['reason']}" if decision["reason"] else ""
    if decision["chosen"]:
        reason = f": another point, “{decision['chosen']}”, was chosen"
    return f"{decision['status'].capitalize()} by {decision['actor']} on {format_date(decision['time'])}{reason}"


def _describe_note(note: Row) -> str:
    return f"Noted by {note['creator']} as {READINGS[note['reading']]}"


def explain_pair(
    conn: sqlite3.Connection, speech: str, point: str, values: Mapping[str, object], rules: Path
) -> list[Row]:
    """Explain what became of each place of a speech that may be about a point: words, reason, and a key if it has one.

    `speech` is an id, a gid or an address of it.
    """
    id, problem = find_speech_id(conn, speech)
    if id is None:
        return [{"words": "", "reason": problem[:1].upper() + problem[1:], "key": ""}]
    found = [*_explain_held(conn, id, point, values), *_explain_matches(conn, id, point, rules)]
    return found or [{"words": "", "reason": NOTHING, "key": ""}]


def _explain_held(conn: sqlite3.Connection, speech: str, point: str, values: Mapping[str, object]) -> Iterator[Row]:
    """Explain the suggestions of a speech for a point, and yield the notes and decisions without a suggestion."""
    asked = {"speech": speech, "point": point}
    for row in read_rows(conn, SUGGESTIONS, asked):
        state = read_pair_states(conn, values, row["exact"])[point]
        yield {"words": row["exact"], "reason": describe_reason(conn, row, state, values), "key": row["key"]}
    for decision in read_rows(conn, EARLIER_DECISIONS, asked):
        yield {"words": decision["exact"], "reason": _describe_decision(decision), "key": ""}
    for note in read_rows(conn, NOTES, asked):
        yield {"words": note["exact"], "reason": _describe_note(note), "key": ""}


def _explain_matches(conn: sqlite3.Connection, speech: str, point: str, rules: Path) -> Iterator[Row]:
    """Explain the sentences that a rule of the point matches, and of which no suggestion is kept."""
    debate = conn.execute("SELECT debate_id FROM speeches WHERE id = ?", (speech,)).fetchone()[0]
    text = next((each for each in read_speech_texts(conn, debate) if each.speech_id == speech), None)
    if not text:
        yield {"words": "", "reason": "Its debate mentions no topic, so no suggester reads it", "key": ""}
        return
    kept = {row["start"] for row in read_rows(conn, SUGGESTIONS, {"speech": speech, "point": point})}
    try:
        known = [rule for rule in read_rules(rules, None) if rule.point_id == point]
    except CuratedError as error:
        yield {"words": "", "reason": f"The rules cannot be read, so that none was tried: {error}", "key": ""}
        return
    silent = list_silent_rules(conn)
    for one in suggest_by_rules(text.text, known, text.context):
        if one.start not in kept:
            why = SILENT_RULE if f"{one.rule} {one.version}" in silent else WITHOUT_SUGGESTION
            yield {"words": text.text[one.start : one.end], "reason": f"The rule {one.rule} {why}", "key": ""}
