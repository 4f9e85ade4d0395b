"""References to debates and speeches in any form, resolved to their one address on this site."""

from db.references import RedirectLoopError, ResolvedReference, find_references
from db.statements.quarantine import is_unread
from db.statements.withdrawn_speeches import find_withdrawn_speech
from web.http.as_of_date import AS_OF
from web.http.datasette_types import Datasette, Request, Response
from web.http.error_forms import answer_error_as_data
from web.http.pages import CACHE_MINUTE, redirect_permanently, render_missing, render_page
from web.http.reading import read_page, read_today
from web.urls import url_for

MISSING_ADVICE = "This archive keeps debates that mention a topic, unless everything was loaded."
UNREAD_ADVICE = "It came from its source, but could not be read: it is listed in the table quarantine, with the reason."
SOURCE_SITES = ("https://www.theyworkforyou.com/", "https://hansard.parliament.uk/")
EDITION_PAGES = {"debate": "changes", "speech": "editions"}  # names of the pages about editions


async def resolve_reference(
    datasette: Datasette, request: Request, reference: str, kind: str = "debate", editions: bool = False
) -> ResolvedReference | Response:
    """Return the ResolvedReference if the reference is the page's own id, else an answer: a redirect, a choice, a
    withdrawn speech (410) or 404.

    `kind` is debate or speech, the page that was requested; `editions` means its page about editions.
    """
    try:
        found = await read_today(datasette, lambda conn: find_references(conn, reference.rstrip("/")))
        if not found and AS_OF.get():  # a speech that was withdrawn later
            found = await read_page(datasette, lambda conn: find_references(conn, reference.rstrip("/")))
    except RedirectLoopError as error:
        return await render_missing(
            datasette, request, reference, f"Its addresses in the record go round in a circle: {error}."
        )
    if len(found) > 1:
        return await render_page(datasette, request, "several.html", {"reference": reference, "found": found}, 300)
    if not found and (withdrawn := await read_today(datasette, lambda conn: find_withdrawn_speech(conn, reference))):
        if plain := answer_error_as_data(request, 410, f"This speech was {withdrawn['withdrawal']}.", CACHE_MINUTE):
            return plain
        return await render_page(datasette, request, "withdrawn_speech.html", {"speech": withdrawn}, 410)
    if not found:
        unread = await read_today(datasette, lambda conn: is_unread(conn, reference))
        advice = UNREAD_ADVICE if unread else MISSING_ADVICE
        return await render_missing(
            datasette, request, reference, advice, reference if reference.startswith(SOURCE_SITES) else ""
        )
    if kind == "debate" and reference == found[0].debate_id:  # without a heading, its first speech has the same id
        return found[0]._replace(speech_id=None)
    address = build_address(found[0], kind, editions)
    here = url_for(EDITION_PAGES[kind] if editions else kind, id=reference)
    return found[0] if address == here else redirect_permanently(address)


async def redirect_foreign_address(datasette: Datasette, request: Request, address: str) -> Response:
    """Redirect from an address of a source's site to the debate or speech here, or answer as resolve_reference does."""
    found = await resolve_reference(datasette, request, address)
    return redirect_permanently(build_address(found)) if isinstance(found, ResolvedReference) else found


def build_address(found: ResolvedReference, kind: str = "debate", editions: bool = False) -> str:
    """Build the address of a debate, a speech in its debate, or a speech alone (`kind` speech), or of its editions."""
    kind = "speech" if found.speech_id and kind == "speech" else "debate"
    page = EDITION_PAGES[kind] if editions else kind
    if kind == "speech":
        return url_for(page, id=found.speech_id)
    return url_for(page, id=found.debate_id) + (f"#{found.speech_id}" if found.speech_id else "")
