"""TheyWorkForYou's own forms of address lead to ours: /debates/?id=2008-06-18d.929.4 and its like."""

from typing import Any

from datasette import hookimpl

from web.http.pages import meant, redirect

KINDS = {"whall": "westminhall", "lords": "lordspages", "wrans": "wrans", "wms": "wms", "pbc": "standing"}


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Answer at each area that TheyWorkForYou has, but /debates, which is a page of ours too."""
    return [(r"^/(?P<area>whall|lords|wrans|wms|pbc)(?P<rest>/.*)?$", area)]


async def area(datasette: Any, request: Any) -> Any:
    """To the debate or speech that is meant; without one, to the list of that kind."""
    name, rest = request.url_vars["area"], (request.url_vars["rest"] or "").strip("/")
    if rest or request.args.get("id") or request.args.get("gid"):
        return await meant(datasette, request, f"https://www.theyworkforyou.com/{name}/{rest}?{request.query_string}")
    return redirect(f"/debates?kind={KINDS[name]}")
