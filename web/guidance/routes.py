"""/guidance: documents, their points, and the quotes linked to a point."""

from urllib.parse import unquote

from web.guidance import queries as guidance
from web.http.as_of_date import serve_as_of
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import parse_page_number, render_missing, render_page
from web.http.reading import read_page
from web.rendering.speech_blocks import mark_in_sentence

MAX_PAGE = 1_000  # pages


@serve_as_of
async def show_documents(datasette: Datasette, request: Request) -> Response:
    """List every document, by date."""
    found = await read_page(datasette, guidance.read_documents)
    return await render_page(datasette, request, "guidance/guidance.html", {"documents": found})


@serve_as_of
async def show_document(datasette: Datasette, request: Request) -> Response:
    """Show one document with its points."""
    id = unquote(request.url_vars["id"])
    found = await read_page(datasette, lambda conn: guidance.read_document(conn, id))
    if not found:
        return await render_missing(
            datasette, request, f"guidance document {id}", "All documents are listed under Guidance."
        )
    return await render_page(datasette, request, "guidance/document.html", {"document": found})


@serve_as_of
async def show_point(datasette: Datasette, request: Request) -> Response:
    """Show one point with its quotes."""
    id = unquote(request.url_vars["id"])
    at = parse_page_number(request.args.get("page"), MAX_PAGE)
    found = await read_page(datasette, lambda conn: guidance.read_point(conn, id, at))
    if not found:
        return await render_missing(
            datasette, request, f"guidance point {id}", "All documents are listed under Guidance."
        )
    for passages in found["passages"].values():
        for passage in passages:
            passage["quote"] = mark_in_sentence(passage["text"], passage["start"], passage["end"], passage["reading"])
    for suggestion in found["suggestions"]:
        suggestion["quote"] = mark_in_sentence(suggestion["text"], suggestion["start"], suggestion["end"])
    return await render_page(datasette, request, "guidance/point.html", {"point": found})
