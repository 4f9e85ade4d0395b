"""References to debates and speeches, in any form that people use, resolved to the one address that each has here."""

from typing import Any

from db.references import Found, Loop, find
from web.http.pages import missing, page, redirect
from web.http.reading import reading

NOT_HELD = "Only debates that name a topic are kept here, unless everything was loaded."
SITES = ("https://www.theyworkforyou.com/", "https://hansard.parliament.uk/")
EDITION_PAGES = {"debate": "/changes", "speech": "/editions"}  # the page about the editions of each


async def resolve_reference(
    datasette: Any, request: Any, reference: str, kind: str = "debate", editions: bool = False
) -> Any:
    """Return the one Found that a reference means if it is its id already, else the answer that leads there.

    `kind` is debate or speech: which page is wanted; `editions` asks for the page about its editions.
    """
    try:
        found = await reading(datasette, lambda conn: find(conn, reference))
    except Loop as error:
        return await missing(
            datasette, request, reference, f"Its addresses in the record go round in a circle: {error}."
        )
    if len(found) > 1:
        return await page(datasette, request, "several.html", {"reference": reference, "found": found}, 300)
    if not found:
        return await missing(datasette, request, reference, NOT_HELD, reference if reference.startswith(SITES) else "")
    if kind == "debate" and reference == found[0].debate_id:  # without a heading, its first speech has the same id
        return found[0]._replace(speech_id=None)
    address = build_address(found[0], kind, editions)
    here = f"/{kind}/{reference}{EDITION_PAGES[kind] if editions else ''}"
    return found[0] if address == here else redirect(address)


def build_address(found: Found, kind: str = "debate", editions: bool = False) -> str:
    """Return our address of a debate, a speech in its debate, or a speech alone (`kind` speech), or of its editions."""
    kind = "speech" if found.speech_id and kind == "speech" else "debate"
    tail = EDITION_PAGES[kind] if editions else ""
    if kind == "speech":
        return f"/speech/{found.speech_id}{tail}"
    return f"/debate/{found.debate_id}{tail}{f'#{found.speech_id}' if found.speech_id else ''}"
