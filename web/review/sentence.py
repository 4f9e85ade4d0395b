"""The page of one sentence in review: the queue, the sentence with its points, and what a person decided last."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from db.sqlite import Row
from web.annotate.fields import READINGS
from web.guidance import queries as guidance
from web.http.auth import may_act
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, render_page
from web.http.reading import read_today
from web.review import queries
from web.review.filters import describe_filters, read_filters, split_ends
from web.review.queue import FILTERS, STATES, UNDECIDED_STATES, ReviewQueue, make_parameters, read_queue
from web.review.view import describe_last, name_points, prepare_point, prepare_sentence

ADDRESS_FIELDS = (*FILTERS, "at", "done", "from", "to")
NO_TEXTS: Mapping[str, str] = {}


class SentenceRequest(NamedTuple):
    """The request for a page of review: filters, the key of a suggestion, and the person.

    `ends` are the first and the last entry of the decision before; `moved` are other offsets of the words, or None.
    """

    narrowed: dict[str, str]
    at: str
    actor: str
    ends: list[str]
    moved: tuple[int, int] | None


def read_request(request: Request, fields: Mapping[str, object]) -> SentenceRequest:
    """Read the request for a page from the fields of its address, or of the form that was refused."""
    at = str(fields.get("at") or fields.get("key") or "")[:64]
    ends, actor = split_ends(str(fields.get("done") or "")), (request.actor or {}).get("id", "")
    return SentenceRequest(narrowed=read_filters(fields), at=at, actor=actor, ends=ends, moved=read_offsets(fields))


def read_offsets(fields: Mapping[str, object]) -> tuple[int, int] | None:
    """Read a start and an end in code points; None unless both are whole numbers."""
    start, end = (str(fields.get(key) or "") for key in ("from", "to"))
    whole = all(text.isascii() and text.isdigit() and len(text) < 9 for text in (start, end))
    return (int(start), int(end)) if whole else None


async def render_sentence(
    datasette: Datasette,
    request: Request,
    asked: SentenceRequest,
    typed: Mapping[str, str] = NO_TEXTS,
    problem: str = "",
    status: int = 200,
) -> Response:
    """Render the page of a sentence; with `problem`, as the answer to a form that was refused, with what was typed."""
    context = await read_today(datasette, lambda conn: read_sentence_page(conn, asked))
    context |= {"may_decide": may_act(datasette, request.actor, "review"), "readings": READINGS}
    left = parse_page_number(request.args.get("left"), queries.BATCH_SIZE) if request.args.get("left") else 0
    context |= {"narrowed": asked.narrowed, "typed": typed, "problem": problem, "left_out": left}
    return await render_page(datasette, request, "review/one.html", context, status)


def read_sentence_page(conn: sqlite3.Connection, asked: SentenceRequest) -> dict[str, object]:
    """Read the context of the page: the queue, the sentence with its points, and what the person did last."""
    values = make_parameters(conn, asked.narrowed, asked.actor)
    one = queries.read_by_key(conn, asked.at) if asked.at else None
    queue = read_queue(conn, values, one["exact"] if one else "")
    if not asked.at and queue.first:
        one, queue = queries.read_by_row(conn, queue.first), queue.start()
    choices, points = queries.list_filter_choices(conn), guidance.read_points(conn)
    context: dict[str, object] = {
        "queue": queue,
        "one": None,
        "missing": asked.at if asked.at and not one else "",
        "choices": choices,
    }
    context |= {"any": bool(conn.execute("SELECT 1 FROM suggestions LIMIT 1").fetchone()), "threshold": values["score"]}
    context |= {"only": describe_filters(asked.narrowed, choices), "ends": ".".join(asked.ends)}
    if asked.ends and asked.actor:
        context |= _read_last(conn, asked)
    if not one:
        return context
    titles = {id: point["title"] for id, point in points.items()}
    return {
        **context,
        **_read_one(conn, one, asked, values, queue),
        **_read_settled(conn, one, titles),
        "points": points,
    }


def _read_last(conn: sqlite3.Connection, asked: SentenceRequest) -> dict[str, object]:
    """Read what the person decided last: a message, the entries to undo, and the suggestion to go back to."""
    did = queries.read_entries_between(conn, asked.ends, asked.actor)
    own = [each["id"] for each in did if not each["undone"]]
    sentences = {each["exact"]: each["suggestion"] for each in did if each["suggestion"]}
    undone_at = next(iter(sentences.values())) if len(sentences) == 1 else ""
    return {"told": describe_last(did), "undo": " ".join(own) if len(own) == len(did) else "", "undone_at": undone_at}


def _read_settled(conn: sqlite3.Connection, one: Row, titles: Mapping[str, str]) -> dict[str, object]:
    """Read what is decided of a sentence and noted on its words, with the names of points."""
    details = queries.read_details(conn, one)
    named = [
        {**each, "point_title": titles.get(each["point_id"], ""), "reason": name_points(each["reason"], titles)}
        for each in details["decisions"]
    ]
    return {**details, "decisions": named, "decision": next((d for d in named if d["suggestion"] == one["key"]), None)}


def _read_one(
    conn: sqlite3.Connection, one: Row, asked: SentenceRequest, values: Mapping[str, object], queue: ReviewQueue
) -> dict[str, object]:
    """Read a sentence: the points that can be chosen, the point that is ticked at first, and where to go from it."""
    points = [prepare_point(each) for each in queries.read_points_of_sentence(conn, values, one)]
    state = next(each["state"] for each in points if each["point_id"] == one["point_id"])
    wanted = {*UNDECIDED_STATES, *({"silent"} if state == "silent" else ())}
    choosable = [] if state in STATES[:2] else [each for each in points if each["state"] in wanted]
    is_meant = state != "open" or {"point", "document", "rule"} & asked.narrowed.keys()
    first = one if is_meant else next(iter(choosable), one)
    return {
        "one": prepare_sentence(one, asked.moved),
        "choosable": choosable,
        "ticked": [first["point_id"]],
        "state": state,
        "taking_back": queries.list_own_entries(conn, one["exact"], asked.actor) if asked.actor else [],
        "following": queries.find_key(conn, queue.next or queue.first),
        "before": queries.find_key(conn, queue.previous),
    }
