"""What annotating in the browser asks for: /points.json, /sentences/<debate>.json, and who may."""

from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Response

from annotations.text.sentences import sentences
from web.annotate.queries import words
from web.guidance.queries import points
from web.http.auth import may
from web.http.pages import CACHED, reading


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at /points.json and /sentences/."""
    return [(r"^/points\.json$", offered), (r"^/sentences/(?P<debate>[\w-]+)\.json$", spoken)]


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """`may_annotate`: whether this visitor may, on pages of words as they are now."""
    actor = getattr(request, "actor", None)
    return {"may_annotate": bool(actor) and not request.args.get("as_of") and may(datasette, actor, "annotate")}


async def offered(datasette: Any, request: Any) -> Any:
    """Every point of guidance."""
    return Response.json(list((await reading(datasette, points)).values()), headers=CACHED)


async def spoken(datasette: Any, request: Any) -> Any:
    """Each speech of a debate, or the one asked for: its text, and start and end (code points) of its sentences."""
    debate, speech = request.url_vars["debate"], request.args.get("speech") or ""
    found = await reading(datasette, lambda conn: words(conn, debate, speech))
    if not found:
        sentence = f"There are no words of a debate {debate} in this archive."
        return Response.json({"ok": False, "error": sentence}, status=404)
    return Response.json([{**one, "sentences": list(sentences(one["text"]))} for one in found], headers=CACHED)
