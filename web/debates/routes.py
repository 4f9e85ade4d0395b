"""/debates, /debate/, /speech/ and /text/, and redirects from TheyWorkForYou's forms of address."""

from urllib.parse import unquote

from db.references import ResolvedReference, find_new_id
from web.debates.queries import FILTERS, SORTS, list_debates, list_topics, read_debate_page, read_text
from web.debates.view import build_context
from web.http.as_of_date import AS_OF, render_if_too_early, render_not_held, serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import (
    CACHE_MINUTE,
    parse_page_number,
    read_arguments,
    redirect_permanently,
    render_page,
)
from web.http.reading import read_page, read_today
from web.http.references import redirect_foreign_address, resolve_reference
from web.rendering.periods import describe_date
from web.urls import url_for

MAX_PAGE = 10_000  # pages
TWFY_KINDS = {"whall": "westminhall", "lords": "lordspages", "wrans": "wrans", "wms": "wms", "pbc": "standing"}


@serve_as_of
async def show_debates(datasette: Datasette, request: Request) -> Response:
    """List debates; redirect TheyWorkForYou's ?id= or ?gid= to its debate or speech, and /debate here."""
    if request.args.get("id") or request.args.get("gid"):
        address = f"https://www.theyworkforyou.com/debates/?{request.query_string}"
        return await redirect_foreign_address(datasette, request, address)
    if request.path.strip("/") == "debate":
        return redirect_permanently(url_for("debates"))
    filters = read_arguments(request, FILTERS)
    at = parse_page_number(request.args.get("page"), MAX_PAGE)
    asked, day = request.args.get("sort"), AS_OF.get()
    sort = asked if asked in SORTS else next(iter(SORTS))
    until = day.date if day else ""
    found, topics = await read_page(
        datasette, lambda conn: (list_debates(conn, filters, at, sort=sort, until=until), list_topics(conn))
    )
    context: dict[str, object] = {"listed": found, "topics": topics, "filters": filters, "at": at}
    context |= {"sort": sort, "sorts": list(SORTS), "when": describe_date(filters["date"])}
    return await render_page(datasette, request, "debates/list.html", context)


@serve_as_of
async def show_debate(datasette: Datasette, request: Request) -> Response:
    """Show a debate; redirect from any other form of its address."""
    return await _show_reference(datasette, request, "debate")


@serve_as_of
async def show_speech(datasette: Datasette, request: Request) -> Response:
    """Show a speech alone; redirect from any other form of its address."""
    return await _show_reference(datasette, request, "speech")


async def _show_reference(datasette: Datasette, request: Request, kind: str) -> Response:
    reference = unquote(request.url_vars["id"])
    if "://" in reference and request.query_string:
        reference += f"?{request.query_string}"
    found = await resolve_reference(datasette, request, reference, kind)
    if not isinstance(found, ResolvedReference):
        return found
    model = await read_page(datasette, lambda conn: read_debate_page(conn, found.debate_id))
    if model and (early := await render_if_too_early(datasette, request, reference, model.record.debate["date"])):
        return early
    if not model or not model.is_held(found.speech_id):
        return await render_not_held(datasette, request, reference)
    context = build_context(model, found.speech_id, request.args, AS_OF.get())
    return await render_page(datasette, request, "debates/debate.html", context)


async def send_text(datasette: Datasette, request: Request) -> Response:
    """Send the plain text of a speech, in which offsets count code points; redirect from an id that it had before."""
    id = request.url_vars["id"]
    text = await read_today(datasette, lambda conn: read_text(conn, id))
    if text is None:
        if new := await read_today(datasette, lambda conn: find_new_id(conn, id, "speeches")):
            return redirect_permanently(url_for("text", id=new))
        return Response.text(f"There is no speech {id} in this archive.\n", status=404)
    return Response(text, headers=CACHE_MINUTE, content_type="text/plain; charset=utf-8")


async def redirect_twfy_address(datasette: Datasette, request: Request) -> Response:
    """Redirect one of TheyWorkForYou's addresses to its debate or speech, or to the list of its kind.

    /debates is not redirected: this site has it too.
    """
    area, rest = request.url_vars["area"], request.url_vars["rest"].strip("/")
    if rest or request.args.get("id") or request.args.get("gid"):
        address = f"https://www.theyworkforyou.com/{area}/{rest}?{request.query_string}"
        return await redirect_foreign_address(datasette, request, address)
    return redirect_permanently(f"{url_for('debates')}?kind={TWFY_KINDS[area]}")
