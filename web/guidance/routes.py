"""/guidance: documents, a document's points, and the quotes that bear on a point."""

from typing import Any
from urllib.parse import unquote

from web.guidance import queries as guidance
from web.http.as_of import serve_as_of
from web.http.pages import missing, number, page
from web.http.reading import read
from web.rendering.speech_blocks import in_sentence

DEEPEST = 1_000  # pages


@serve_as_of
async def documents(datasette: Any, request: Any) -> Any:
    """List every document, by date."""
    found = await read(datasette, request, guidance.documents)
    return await page(datasette, request, "guidance/guidance.html", {"documents": found})


@serve_as_of
async def document(datasette: Any, request: Any) -> Any:
    """Show one document with its points."""
    id = unquote(request.url_vars["document"])
    found = await read(datasette, request, lambda conn: guidance.document(conn, id))
    if not found:
        return await missing(datasette, request, f"guidance document {id}", "All documents are listed under Guidance.")
    return await page(datasette, request, "guidance/document.html", {"document": found})


@serve_as_of
async def point(datasette: Any, request: Any) -> Any:
    """Show one point with every quote that bears on it."""
    id = "/".join(unquote(request.url_vars[part]) for part in ("document", "point"))
    at = number(request.args.get("page"), DEEPEST)
    found = await read(datasette, request, lambda conn: guidance.point(conn, id, at))
    if not found:
        return await missing(datasette, request, f"guidance point {id}", "All documents are listed under Guidance.")
    for passages in found["passages"].values():
        for passage in passages:
            passage["quote"] = in_sentence(passage["text"], passage["start"], passage["end"], passage["reading"])
    for suggestion in found["suggestions"]:
        suggestion["quote"] = in_sentence(suggestion["text"], suggestion["start"], suggestion["end"])
    return await page(datasette, request, "guidance/point.html", {"point": found})
