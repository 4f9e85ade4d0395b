"""References to debates and speeches, in any form that people use, resolved to the one address that each has here."""

from typing import Any

from db.references import RedirectLoopError, ResolvedReference, find_references
from web.http.pages import redirect_permanently, render_missing, render_page
from web.http.reading import read_today

NOT_HELD = "Only debates that name a topic are kept here, unless everything was loaded."
SITES = ("https://www.theyworkforyou.com/", "https://hansard.parliament.uk/")
EDITION_PAGES = {"debate": "/changes", "speech": "/editions"}  # the page about the editions of each


async def resolve_reference(
    datasette: Any, request: Any, reference: str, kind: str = "debate", editions: bool = False
) -> Any:
    """Return the ResolvedReference of a reference that is its id already, else the answer that leads to its address.

    `kind` is debate or speech: which page is wanted; `editions` asks for the page about its editions.
    """
    try:
        found = await read_today(datasette, lambda conn: find_references(conn, reference))
    except RedirectLoopError as error:
        return await render_missing(
            datasette, request, reference, f"Its addresses in the record go round in a circle: {error}."
        )
    if len(found) > 1:
        return await render_page(datasette, request, "several.html", {"reference": reference, "found": found}, 300)
    if not found:
        return await render_missing(
            datasette, request, reference, NOT_HELD, reference if reference.startswith(SITES) else ""
        )
    if kind == "debate" and reference == found[0].debate_id:  # without a heading, its first speech has the same id
        return found[0]._replace(speech_id=None)
    address = build_address(found[0], kind, editions)
    here = f"/{kind}/{reference}{EDITION_PAGES[kind] if editions else ''}"
    return found[0] if address == here else redirect_permanently(address)


def build_address(found: ResolvedReference, kind: str = "debate", editions: bool = False) -> str:
    """Return our address of a debate, a speech in its debate, or a speech alone (`kind` speech), or of its editions."""
    kind = "speech" if found.speech_id and kind == "speech" else "debate"
    tail = EDITION_PAGES[kind] if editions else ""
    if kind == "speech":
        return f"/speech/{found.speech_id}{tail}"
    return f"/debate/{found.debate_id}{tail}{f'#{found.speech_id}' if found.speech_id else ''}"
