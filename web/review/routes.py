"""The pages /review (decide sentence by sentence), /review/queues (open suggestions) and /review/done (decisions)."""

import sqlite3

from annotations.suggesters.precision import count_decisions, find_silent_rules
from db.statements.suggestions import count_quotes, read_confusions, read_decisions
from web.guidance import queries as guidance
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, read_arguments, render_page
from web.http.reading import read_today
from web.review import queries
from web.review.sentence import ADDRESS_FIELDS, read_request, render_sentence
from web.review.view import name_points
from web.urls import url_for


async def show_suggestion(datasette: Datasette, request: Request) -> Response:
    """Show one sentence of the queue: the first, or that of the suggestion that ?at= names."""
    if request.args.get("kind") == "changed":
        return Response.redirect(url_for("review_changed"))
    asked = read_arguments(request, ADDRESS_FIELDS, 300)
    return await render_sentence(datasette, request, read_request(request, asked))


async def show_queues(datasette: Datasette, request: Request) -> Response:
    """Show counts of undecided suggestions by suggester, version, rule and point, with the precision so far."""

    def read(conn: sqlite3.Connection) -> dict[str, object]:
        open_ = [made for made, count in queries.count_undecided(conn) for _ in range(count)]
        decisions, quotes = read_decisions(conn), count_quotes(conn)
        lines = count_decisions(decisions, open_, quotes=quotes)
        return {
            "suggesters": count_decisions(decisions, open_, ["suggester"], quotes),
            "lines": sorted(lines, key=lambda line: (-line.undecided, line)),
            "confused": read_confusions(conn),
            "silent": list(find_silent_rules(decisions).values()),
            "titles": {id: point["title"] for id, point in guidance.read_points(conn).items()},
        }

    return await render_page(datasette, request, "review/queues.html", await read_today(datasette, read))


async def show_done(datasette: Datasette, request: Request) -> Response:
    """Show the decisions of review, newest first, and counts by person."""
    person, suggester = read_arguments(request, ("person", "suggester"), 200).values()
    at = parse_page_number(request.args.get("page"), 10_000)
    skip = (at - 1) * queries.PAGE_SIZE

    def read(conn: sqlite3.Connection) -> dict[str, object]:
        last = queries.read_last_decisions(conn, person, suggester, skip)
        titles = {id: point["title"] for id, point in guidance.read_points(conn).items()}
        named = [{**each, "summary": name_points(each["summary"], titles)} for each in last[: queries.PAGE_SIZE]]
        found = {"people": queries.count_by_person(conn), "suggesters": queries.list_suggesters(conn)}
        return {**found, "last": named, "more": len(last) > queries.PAGE_SIZE}

    context = {**await read_today(datasette, read), "asked": {"person": person, "suggester": suggester}, "page": at}
    return await render_page(datasette, request, "review/done.html", context)
